"""One run at a time: whatever writes is sent away while another run writes, and a dead one holds nobody up."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scraper.archive.files import OUTPUTS_FILE, PENDING_FILE
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


@pytest.mark.thorough
def test_an_export_takes_what_is_committed_while_another_run_writes(archive: Path, tmp_path: Path) -> None:
    alone = postkeep("export", tmp_path / "alone", "--archive", archive, "--json")
    with holder(archive) as process:
        try:
            before = contents(archive)
            beside = postkeep("export", tmp_path / "beside", "--archive", archive, "--json")
            assert contents(archive) == before
        finally:
            process.kill()
    assert beside.exit_code == alone.exit_code
    assert contents(tmp_path / "beside") == contents(tmp_path / "alone")


def test_what_a_takedown_is_taking_out_is_not_exported_meanwhile(archive: Path, tmp_path: Path) -> None:
    (archive / PENDING_FILE).write_text("")
    with holder(archive) as process:
        try:
            ran = postkeep("export", tmp_path / "out", "--archive", archive, "--json")
        finally:
            process.kill()
    assert ran.exit_code == 4
    assert "takes something down" in str(ran.reasons[0])
    assert not (tmp_path / "out").exists()


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of each file in a folder; SQLite's own files beside its databases and the list of outputs are left out."""
    others = ("-wal", "-shm", OUTPUTS_FILE)
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(others))
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def test_a_run_that_was_killed_holds_nobody_up(archive: Path) -> None:
    with holder(archive) as process:
        assert is_held(archive)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (archive / "lock").read_text() == str(process.pid)
    assert not is_held(archive)
    Lock(archive).release()
