"""The archive that takedowns are tried on, made once."""

import shutil
from pathlib import Path

import pytest

from scraper.jobs.workplace import Workplace
from tests.clock import VirtualClock
from tests.jobs.workplaces import workplace_at
from tests.takedown.archives import community_archive


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "archive"
    community_archive(folder)
    return folder


@pytest.fixture
def kept(template: Path, tmp_path: Path) -> Workplace:
    """An archive of every post of the replica's community, of its own for each test."""
    folder = Path(shutil.copytree(template, tmp_path / "archive"))
    return workplace_at(folder, VirtualClock())
