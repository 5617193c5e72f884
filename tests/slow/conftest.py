"""Fixtures of the slow tests."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.slow.browser import AddressOf, Opener, pages_of, served, started_browser
from tests.slow.readers import community_reader, community_report, documentation, hostile_reader

if TYPE_CHECKING:
    from playwright.sync_api import Browser


# Of a module, for its driver's event loop runs in the thread of the tests as long as it is there.
@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with started_browser() as browser:
        yield browser


@pytest.fixture
def opened(browser: "Browser") -> Iterator[Opener]:
    with pages_of(browser) as opened:
        yield opened


@pytest.fixture(scope="session")
def community(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reader of the replica's community."""
    return community_reader(tmp_path_factory.mktemp("community"))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reader of pages whose words would like to run."""
    return hostile_reader(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the report on the community's archive, report.html."""
    return community_report(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="session")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation as a site."""
    return documentation(tmp_path_factory.mktemp("docs"))


@pytest.fixture(params=["disk", "web"])
def address_of(request: pytest.FixtureRequest) -> Iterator[AddressOf]:
    """The address of a folder's files, from disk or from a web server on loopback."""
    with ExitStack() as servers:
        if request.param == "disk":
            yield lambda folder: f"{folder.as_uri()}/"
        else:
            yield lambda folder: servers.enter_context(served(folder))
