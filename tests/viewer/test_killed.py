"""A run that is killed at any moment leaves whole pages, and the next one ends with what an undisturbed one writes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.viewer.folder import MANIFEST
from scraper.viewer.post import PostView
from tests.conftest import REPOSITORY
from tests.dataset.rows import comment, post
from tests.examples import few_of
from tests.viewer.rows import view_of, write


def views(edition: int) -> Iterator[PostView]:
    """The posts of an archive at one of two times: one in three has changed, and the first ten have gone."""
    for number in range(10 * edition, 90):
        post_id = f"example.org:posts-{number}"
        text = f"{number}번째 글" + (" 고침" if edition and number % 3 == 0 else "")
        yield view_of(post(post_id, text=text), [comment(post_id, 0)])


def killed_after(count: int) -> Iterator[PostView]:
    """The posts of the second time, from a process that is killed after so many."""
    for number, view in enumerate(views(1)):
        if number == count:
            os.kill(os.getpid(), signal.SIGKILL)
        yield view
    if count > number:
        os.kill(os.getpid(), signal.SIGKILL)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a reader but its list of pages."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(MANIFEST))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.thorough
@pytest.mark.parametrize("count", few_of((25, 0, 60, 79, 1_000), 1))
def test_what_a_killed_run_left_is_completed_by_the_next(tmp_path: Path, count: int) -> None:
    folder = tmp_path / "pages"
    write(folder, views(0))
    before = contents(folder)
    killed = [sys.executable, "-m", "tests.viewer.test_killed", str(folder), str(count)]
    done = subprocess.run(killed, check=False, cwd=REPOSITORY)
    assert done.returncode == -signal.SIGKILL
    write(tmp_path / "fresh", views(1))
    after = contents(tmp_path / "fresh")
    for path, content in contents(folder).items():
        assert path.endswith(".part") or content in {before.get(path), after.get(path)}
    write(folder, views(1))
    assert contents(folder) == after
    assert write(folder, views(1))[0] == 0


if __name__ == "__main__":
    write(Path(sys.argv[1]), killed_after(int(sys.argv[2])))
