"""examples/ run on a dataset that the product made: a topic about an outage, crawled at two moments."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.terminal import make_archive, postkeep
from tests.conftest import REPOSITORY
from tests.replica import outage
from tests.replica.server import Replica

SCRIPT = REPOSITORY / "examples" / "outage.py"


def run(source: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "HF_HOME": str(folder / "hf"), "HF_HUB_OFFLINE": "1", "MPLCONFIGDIR": str(folder)}
    command = [sys.executable, "-W", "error::FutureWarning", str(SCRIPT), str(source), "outage.png"]
    return subprocess.run(command, check=False, cwd=folder, env=env, capture_output=True, text=True)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    archive = make_archive(folder / "archive")
    with Replica() as replica:
        assert postkeep("crawl", outage.URL, "--archive", archive, replica=replica).exit_code == 0
        replica.deployment = replace(replica.deployment, outage_at="a week later")
        assert postkeep("crawl", outage.URL, "--archive", archive, replica=replica).exit_code == 0
    assert postkeep("export", folder / "dataset", "--archive", archive).exit_code == 0
    return folder / "dataset"


@pytest.mark.thorough
def test_the_question_is_answered_from_the_rows(dataset: Path, tmp_path: Path) -> None:
    done = run(dataset, tmp_path)
    assert done.returncode == 0, done.stderr
    replies = outage.replies("a week later")
    answered = [reply for reply in replies if reply.to]
    by_author = [reply for reply in replies if reply.name == "운영"]
    assert f"{outage.URL}: {len(replies)} comments" in done.stdout
    assert f"{len(answered)} of {len(replies)} comments are replies" in done.stdout
    assert f"{len(by_author)} comments are by whoever began the discussion" in done.stdout
    assert "1 comments were deleted, and 2 texts were edited" in done.stdout
    assert (tmp_path / "outage.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.thorough
def test_a_dataset_without_such_a_discussion_is_a_sentence(dataset: Path, tmp_path: Path) -> None:
    script = tmp_path / "other.py"
    script.write_text(
        SCRIPT.read_text(encoding="utf-8").replace("장애|outage|incident|", "눈사태|"), encoding="utf-8"
    )
    env = {**os.environ, "HF_HOME": str(tmp_path / "hf"), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, str(script), str(dataset)]
    done = subprocess.run(command, check=False, cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 1
    assert "no discussion about an outage" in done.stderr


@pytest.mark.thorough
def test_pages_that_were_handed_in_without_a_time_are_answered_of_too(tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "topic.html").write_text(outage.page("a week later"), encoding="utf-8")
    assert postkeep("import", tmp_path / "saved", "--archive", tmp_path / "archive").exit_code == 0
    assert postkeep("export", tmp_path / "dataset", "--archive", tmp_path / "archive").exit_code == 0
    done = run(tmp_path / "dataset", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "comments, seen at an unknown time" in done.stdout
