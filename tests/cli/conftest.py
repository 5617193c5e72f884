"""What the tests of the command line share: the replica, and an archive crawled from it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminal import make_archive, postkeep
from tests.replica.server import Replica


@pytest.fixture(scope="session")
def replica() -> Iterator[Replica]:
    with Replica() as serving:
        yield serving
        assert not serving.violations


@pytest.fixture(scope="session")
def crawled_once(replica: Replica, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a V2 post, a V1 post and a V1 question, in this order; to be read only."""
    archive = make_archive(tmp_path_factory.mktemp("crawled") / "archive")
    paths = ("posts/73002", "comments/72260", "qnas/3107")
    urls = [f"https://careerly.co.kr/{path}" for path in paths]
    assert postkeep("crawl", *urls, "--archive", archive, replica=replica).exit_code == 0
    return archive


@pytest.fixture
def crawled(crawled_once: Path, tmp_path: Path) -> Path:
    """A copy of that archive, to be changed at will."""
    return Path(shutil.copytree(crawled_once, tmp_path / "crawled"))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive in which nothing was kept yet."""
    return make_archive(tmp_path / "archive")
