"""Fixtures that every room's tests share."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.clock import VirtualClock

REPOSITORY = Path(__file__).resolve().parent.parent

# The same examples on every machine, so that a red run means a change: few in `make test`, many in `make check`;
# `pytest --hypothesis-profile=explore` draws new ones.
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("explore"), derandomize=True)
settings.register_profile("fixed", settings.get_profile("thorough"), max_examples=20)
settings.load_profile("fixed")

# A file system in memory, where a machine has one: what a test keeps is gone with it, so forcing it to a disk is for nothing.
MEMORY = Path("/dev/shm")


def pytest_configure() -> None:
    """Keep temporary folders in memory, and take Ctrl-C as a shell's foreground hands it on.

    In the background SIGINT comes ignored, and children inherit that.
    """
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The research and testbed folder beside the repository; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("POSTKEEP_SHARED", REPOSITORY.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"needs the testbed folder {folder.name}/ beside the repository, which is not there")
    return folder
