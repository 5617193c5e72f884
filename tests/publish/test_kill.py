"""What a publication that was killed leaves in the archive is gone after the next verb that writes to it."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from scraper.archive.files import PUBLICATION_FOLDER
from tests.commands import command_line, postkeep
from tests.hub.server import HubServer
from tests.publish.archives import POSTS, Place

VERBS = (
    ("extract", "--archive", "{archive}"),
    ("export", "{archive}-dataset", "--archive", "{archive}"),
    ("drift", "--archive", "{archive}"),
    ("backup", "{archive}-backup", "--archive", "{archive}"),
    ("check", "--repair", "--archive", "{archive}"),
    ("import", "{page}", "--url", f"https://careerly.co.kr/comments/{POSTS[0]}", "--archive", "{archive}"),
)

pytestmark = pytest.mark.slow


def entries(archive: Path) -> set[str]:
    """What stands in the archive's folder, but for what SQLite keeps beside a database that is open."""
    names = {path.name for path in archive.iterdir()}
    return {name for name in names if not name.endswith(("-wal", "-shm", "-journal"))}


@pytest.fixture(scope="module")
def killed(hub_server: HubServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose publication was killed while it wrote the dataset."""
    home = tmp_path_factory.mktemp("killed")
    place = Place(home / "archive").keep(*POSTS)
    before = entries(place.folder)
    command = command_line("publish", "me/killed", "--archive", str(place.folder))
    with subprocess.Popen(
        command, env=hub_server.environment(home / "hf"), start_new_session=True, stderr=subprocess.DEVNULL
    ) as run:
        while not list(place.folder.glob(f"{PUBLICATION_FOLDER}/**/*.parquet")):
            assert run.poll() is None, "it ended before it could be killed"
            time.sleep(0.001)
        os.killpg(run.pid, signal.SIGKILL)
    assert entries(place.folder) - before == {PUBLICATION_FOLDER}
    return place.folder


@pytest.mark.parametrize("verb", VERBS, ids=[verb[0] for verb in VERBS])
def test_nothing_is_left_of_it_after_the_next_verb(
    verb: tuple[str, ...], killed: Path, tmp_path: Path
) -> None:
    archive = shutil.copytree(killed, tmp_path / "archive")
    page = killed.parent / f"{killed.name}-page.html"
    assert list(archive.rglob("*.parquet"))
    postkeep(*(word.format(archive=archive, page=page) for word in verb))
    assert not (archive / PUBLICATION_FOLDER).exists()
    assert not list(archive.rglob("*.parquet"))
