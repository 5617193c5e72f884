"""The Hub on loopback, and a process with its real clients, for all tests that a worker runs here."""

from collections.abc import Iterator

import pytest

from tests.hub.server import HubServer
from tests.publish.archives import POSTS, Place
from tests.publish.shell import Shell


@pytest.fixture(scope="session")
def hub_server() -> Iterator[HubServer]:
    with HubServer() as serving:
        yield serving


@pytest.fixture
def hub(hub_server: HubServer) -> HubServer:
    """The Hub without a fault that another test left behind."""
    hub_server.faults.clear()
    return hub_server


@pytest.fixture(scope="session")
def shell(hub_server: HubServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    with Shell(hub_server, tmp_path_factory.mktemp("hf-home")) as process:
        yield process


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """An archive of three posts, to be published as it is."""
    return Place(tmp_path_factory.mktemp("place") / "archive").keep(*POSTS)
