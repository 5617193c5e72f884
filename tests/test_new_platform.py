"""The walk that CONTRIBUTING takes through a new platform, taken as it stands there, in a checkout of its own."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.cli.terminal import make_archive
from tests.commands import POSTKEEP
from tests.conftest import REPOSITORY
from tests.replica.server import Replica

WALK: Final = re.compile(r"^## Add a platform.*?(?=^## |^### )", re.MULTILINE | re.DOTALL)
FENCE: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE: Final = re.compile(r"`(scraper/sites/\w+\.py)`")
PARTS: Final = ("scraper", "schema", "tests", "cassettes")


def checkout(folder: Path) -> Path:
    """A copy of what the walk needs of the repository."""
    for part in PARTS:
        shutil.copytree(
            REPOSITORY / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "live")
        )
    for name in ("pyproject.toml", "dataset_card.md", ".gitignore"):
        shutil.copyfile(REPOSITORY / name, folder / name)
    return folder


@pytest.mark.thorough
def test_the_walk_leads_to_a_platform_whose_test_passes(tmp_path: Path, replica: Replica) -> None:
    (walk,) = WALK.findall((REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    folder = checkout(tmp_path / "checkout")
    env = {
        **os.environ,
        "PATH": f"{POSTKEEP.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(folder),
        "POSTKEEP_ARCHIVE": str(make_archive(tmp_path / "archive")),
        "POSTKEEP_CONNECT_TO": " ".join(replica.connect_to),
        "POSTKEEP_CACERT": str(replica.cacert),
    }
    (adapter,) = FILE.findall(walk)[:1]
    said = []
    for language, text in FENCE.findall(walk):
        if language == "python":
            (folder / adapter).write_text(text, encoding="utf-8")
            continue
        for line in text.splitlines():
            done = subprocess.run(
                ["bash", "-c", line], check=False, cwd=folder, env=env, capture_output=True, text=True
            )
            assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
            said.append(done.stdout)
    first, again, _, tested = said
    assert "read by    generic" in first
    assert "read by    plaza" in again
    assert "plaza.example:topics-17" in again
    assert re.search(r"\d+ passed", tested)
    assert (folder / "plaza.html").is_file()
    record = json.loads((folder / "cassettes" / "plaza" / "topic.expected.json").read_text(encoding="utf-8"))
    assert record["layout"] == "plaza.html/1"
    assert len(record["comments"]) == 4
    assert not replica.violations
