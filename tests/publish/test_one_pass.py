"""A post is merged once, whatever is asked of its rows."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.hub.server import HubServer
from tests.publish.archives import POSTS, Place


def merges(hub: HubServer, home: Path, *words: str | Path) -> list[int]:
    """How often a command merged each post."""
    command = [sys.executable, "-m", "tests.publish.merging", *map(str, words)]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=REPOSITORY, env=hub.environment(home)
    )
    assert done.returncode == 0, done.stderr
    return sorted(json.loads(done.stderr.splitlines()[-1]).values())


@pytest.mark.thorough
def test_an_export_merges_each_post_once(hub: HubServer, place: Place, tmp_path: Path) -> None:
    folder = tmp_path / "dataset"
    assert merges(hub, tmp_path, "export", folder, "--archive", place.folder) == [1] * len(POSTS)


@pytest.mark.thorough
def test_a_publication_merges_each_post_once(hub: HubServer, place: Place, tmp_path: Path) -> None:
    words = ("publish", "me/one-pass", "--archive", place.folder)
    assert merges(hub, tmp_path, *words) == [1] * len(POSTS)
