"""Fixtures that every room's tests share."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from scraper.jobs.workplace import Workplace
from scraper.settings import Network
from tests.clock import VirtualClock
from tests.jobs.workplaces import workplace_at
from tests.replica.server import Replica

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


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by their parameter: gzip writes the time of packing into them, and each worker packs its own."""
    return argname if isinstance(val, bytes) and not val.isascii() else None


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def replica() -> Iterator[Replica]:
    """Sites on loopback that nobody has visited."""
    with Replica() as serving:
        yield serving


@pytest.fixture
def workplace(tmp_path: Path, clock: VirtualClock) -> Workplace:
    """An archive in which nothing was kept yet, whose jobs reach servers on loopback and nothing else."""
    network = Network(allow_hosts=frozenset({"127.0.0.1"}))
    return replace(workplace_at(tmp_path / "archive", clock), network=network)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The research and testbed folder beside the repository; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("POSTKEEP_SHARED", REPOSITORY.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"needs the testbed folder {folder.name}/ beside the repository, which is not there")
    return folder
