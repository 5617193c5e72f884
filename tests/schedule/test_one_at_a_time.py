"""One run at a time: whatever writes is sent away while another run writes, and a dead one holds nobody up."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scraper.archive.lock import Lock, is_held
from tests.archive.making import keep_visit, open_archive
from tests.cli.terminal import make_archive, postkeep

POST = "https://careerly.co.kr/comments/72260"
HOLD = "import sys, pathlib; from scraper.archive.lock import Lock; lock = Lock(pathlib.Path(sys.argv[1])); print('held', flush=True); input()"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = make_archive(tmp_path_factory.mktemp("kept") / "archive")
    with open_archive(archive) as opened:
        keep_visit(opened)
    return archive


@pytest.fixture
def archive(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept, tmp_path / "archive"))


def holder(archive: Path) -> subprocess.Popen[str]:
    """Another process that holds the archive until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(archive)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_every_verb_that_writes_is_sent_away_with_4_and_the_name_of_the_process(
    archive: Path, tmp_path: Path
) -> None:
    saved = tmp_path / "saved.html"
    saved.write_text("<p>x")
    lines: list[tuple[str | Path, ...]] = [
        ("crawl", POST),
        ("refresh",),
        ("import", saved, "--url", POST),
        ("extract",),
        ("export", tmp_path / "out"),
        ("backup", tmp_path / "copy"),
        ("check", "--repair"),
    ]
    with holder(archive) as process:
        try:
            for line in lines:
                ran = postkeep(*line, "--archive", archive, "--json")
                assert ran.exit_code == 4, line
                assert f"another run (process {process.pid})" in str(ran.reasons[0]), line
            assert postkeep("check", "--archive", archive, "--json").exit_code in {0, 1}
        finally:
            process.kill()


def test_a_run_that_was_killed_holds_nobody_up(archive: Path) -> None:
    with holder(archive) as process:
        assert is_held(archive)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (archive / "lock").read_text() == str(process.pid)
    assert not is_held(archive)
    Lock(archive).release()
