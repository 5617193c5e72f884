"""However a run ends, it says so in a sentence, loses nothing, and the same command goes on."""

import errno
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import repeat
from pathlib import Path

import pytest

from scraper.archive.check import check
from scraper.archive.disk import Disk
from scraper.archive.files import RECORDS_FILE
from scraper.archive.read import open_to_read
from scraper.archive.repair import repair
from scraper.archive.state import STATE_FILE
from scraper.archive.write import uninterrupted
from scraper.errors import StopError
from scraper.jobs.crawl.job import crawl
from tests.archive.making import NOON, keep_visit, open_archive
from tests.cli.terminal import make_archive, postkeep
from tests.clock import VirtualClock
from tests.commands import command_line, environment
from tests.examples import few_of
from tests.jobs.workplaces import workplace_at
from tests.replica.server import Drip, LoggedRequest, Replica

# Everything is imported before the rights are dropped: whoever is left may not even read the interpreter's files.
UNPRIVILEGED = """
import os, sys
from pathlib import Path
from scraper.archive.archive import Archive
from scraper.archive.check import check
from scraper.archive.read import open_to_read
from scraper.cli.clock import SystemClock
from scraper.errors import StopError

if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
folder = Path(sys.argv[1])
print("check:", len(check(folder)))
with open_to_read(folder) as archive:
    print("read:", len(list(archive.visits())))
try:
    Archive.open(folder, clock=SystemClock(), warcinfo={})
except StopError as error:
    print("write:", type(error).__name__)
    print(error, file=sys.stderr)
"""
TARGETS = ("https://careerly.co.kr/comments/70991", "https://careerly.co.kr/comments/71204")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive in which nothing was kept yet."""
    return make_archive(tmp_path / "archive")


@pytest.fixture(scope="module")
def crawled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that has both targets, to be read only."""
    folder = make_archive(tmp_path_factory.mktemp("crawled") / "archive")
    with Replica() as replica:
        postkeep("crawl", *TARGETS, "--archive", folder, replica=replica, expect=0)
    return folder


@pytest.fixture
def crawled(crawled_once: Path, tmp_path: Path) -> Path:
    """A copy of that archive, to be damaged at will."""
    return Path(shutil.copytree(crawled_once, tmp_path / "crawled"))


@pytest.fixture(scope="module")
def exported(crawled_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset of a copy of that archive."""
    place = tmp_path_factory.mktemp("exported")
    shutil.copytree(crawled_once, place / "archive")
    postkeep("export", place / "dataset", "--archive", place / "archive", expect=0)
    return place / "dataset"


def contents(folder: Path) -> list[tuple[str, int]]:
    """Each ended visit with the number of its captures."""
    with open_to_read(folder) as archive:
        return [(visit.url, len(visit.captures)) for visit in archive.visits()]


def signalled_in_second_post(folder: Path, number: int) -> tuple[int, str]:
    """Crawl, and send the signal while the second post comes in; the exit code, and what was said."""
    asked = threading.Event()

    def see(request: LoggedRequest) -> None:
        if request.target == "/comments/71204":
            asked.set()

    with Replica(faults={"/comments/71204": repeat(Drip(0.05, 64))}, on_request=see) as replica:
        command = command_line("crawl", *TARGETS, "--archive", str(folder), replica=replica)
        with subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE, text=True) as run:
            assert asked.wait(600)
            run.send_signal(number)
            _, said = run.communicate()
    return run.returncode, said


@pytest.mark.parametrize(
    ("number", "exit_code", "name"),
    [
        (signal.SIGTERM, 143, "SIGTERM"),
        pytest.param(signal.SIGINT, 130, "Ctrl-C", marks=pytest.mark.thorough),
    ],
)
def test_a_signal_ends_a_crawl_clearly_and_the_same_command_goes_on(
    folder: Path, number: int, exit_code: int, name: str
) -> None:
    code, said = signalled_in_second_post(folder, number)
    assert code == exit_code
    words = " ".join(said.split())
    assert f"Stopped by {name}. All that was kept is safe." in words
    assert f"postkeep crawl {TARGETS[0]}" in words
    assert "Traceback" not in said
    assert not [path for path in (folder / "warc").iterdir() if path.suffix == ".open"]
    assert check(folder) == []
    assert len(contents(folder)) == 1
    with Replica() as replica:
        postkeep("crawl", *TARGETS, "--archive", folder, replica=replica, expect=0)
        assert "/comments/70991" not in [request.target for request in replica.log]
    assert [url for url, _ in contents(folder)] == list(TARGETS)


@pytest.mark.thorough
def test_a_run_that_a_script_told_to_ignore_ctrl_c_ends_by_sigterm_all_the_same(folder: Path) -> None:
    former = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code, said = signalled_in_second_post(folder, signal.SIGTERM)
    finally:
        signal.signal(signal.SIGINT, former)
    assert (code, "Traceback" in said) == (143, False)


def test_ctrl_c_waits_for_the_write_in_hand_and_comes_then() -> None:
    done = []

    def write() -> None:
        with uninterrupted():
            signal.raise_signal(signal.SIGINT)
            done.append("written")

    with pytest.raises(KeyboardInterrupt):
        write()
    assert done == ["written"]


def test_ctrl_c_in_the_middle_of_a_write_leaves_it_whole(
    tmp_path: Path, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Replica() as replica:
        place = workplace_at(tmp_path / "archive", clock, replica)
        append = place.disk.append

        def interrupted(file: object, data: bytes) -> None:
            signal.raise_signal(signal.SIGINT)
            append(file, data)  # type: ignore[arg-type] # only handed on

        monkeypatch.setattr(type(place.disk), "append", lambda _, file, data: interrupted(file, data))
        with pytest.raises(KeyboardInterrupt):
            crawl(TARGETS, place)
        monkeypatch.undo()
        assert check(place.folder) == []
        assert crawl(TARGETS, place).exit_code == 0
    assert len(contents(place.folder)) == len(TARGETS)


class ReadOnlyDisk(Disk):
    """Refuses whatever would change something, as a file system does that was mounted read-only."""

    def __getattribute__(self, name: str) -> object:
        if name.startswith("_"):
            return super().__getattribute__(name)

        def refuse(*_: object) -> None:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))

        return refuse


def test_a_medium_that_is_read_only_is_said_to_be_one(tmp_path: Path, clock: VirtualClock) -> None:
    with Replica() as replica:
        place = workplace_at(tmp_path / "archive", clock, replica, ReadOnlyDisk())
        with pytest.raises(StopError, match=r"Read-only file system\. Nothing.*make the folder writable"):
            crawl(TARGETS, place)
        assert replica.log == ()


def test_a_folder_that_may_not_be_written_is_said_to_be_one_whoever_runs_the_tests() -> None:
    """The real thing: another user's process, since root may write everywhere."""
    # Nobody else may enter the folders that pytest makes.
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "archive"
        with open_archive(folder) as archive:
            keep_visit(archive)
        before = contents(folder)
        Path(place).chmod(0o755)
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        command = [sys.executable, "-c", UNPRIVILEGED, str(folder)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.stdout.splitlines() == ["check: 0", "read: 1", "write: StopError"], done.stderr
        assert "make the folder writable" in done.stderr
        assert contents(folder) == before
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755)


@pytest.mark.parametrize("verb", ["crawl", "extract", "export", "check"])
def test_a_corrupted_state_is_said_and_mended(crawled: Path, tmp_path: Path, verb: str) -> None:
    before = contents(crawled)
    (crawled / STATE_FILE).write_bytes(b"no database " * 1000)
    arguments = {"crawl": list(TARGETS), "export": [str(tmp_path / "out")]}.get(verb, [])
    with Replica() as replica:
        reach = replica if verb == "crawl" else None
        done = postkeep(verb, *arguments, "--archive", crawled, replica=reach, expect=1)
    said = " ".join((done.stdout + done.stderr).split())
    assert "check --repair" in said
    assert "Traceback" not in said
    postkeep("check", "--repair", "--archive", crawled, expect=0)
    assert contents(crawled) == before


@pytest.mark.thorough
@pytest.mark.parametrize(
    "damage", few_of([b"no database " * 1000, b"", b"SQLite format 3\0" + b"\xff" * 5000], 1)
)
def test_a_corrupted_record_store_is_rebuilt_without_a_word(
    crawled: Path, exported: Path, tmp_path: Path, damage: bytes
) -> None:
    (crawled / RECORDS_FILE).write_bytes(damage)
    postkeep("export", tmp_path / "after", "--archive", crawled, expect=0)
    names = [path.relative_to(exported) for path in exported.rglob("*") if path.is_file()]
    assert names
    for name in names:
        assert (tmp_path / "after" / name).read_bytes() == (exported / name).read_bytes()


@pytest.mark.parametrize("time", [b"2026-11-\xf33T16:31:51.907763Z", b"2026-11-q3T16:31:51.907763Z"])
def test_a_visit_whose_row_rotted_is_found_and_mended(tmp_path: Path, time: bytes) -> None:
    folder = tmp_path / "archive"
    with open_archive(folder) as archive:
        keep_visit(archive)
    before = contents(folder)
    with closing(sqlite3.connect(folder / STATE_FILE)) as database:
        database.execute("UPDATE visits SET ended_at = CAST(? AS TEXT)", (time,))
        database.commit()
    assert [problem.mendable for problem in check(folder)] == [True]
    assert repair(folder, NOON).left == ()
    assert contents(folder) == before


@pytest.mark.thorough
def test_a_second_process_is_sent_away_and_the_first_goes_on(folder: Path) -> None:
    with open_archive(folder):
        for verb in (["crawl", *TARGETS], ["check", "--repair"], ["backup", str(folder.parent / "copy")]):
            done = postkeep(*verb, "--archive", folder, expect=4)
            assert "another run" in done.stderr
    with Replica() as replica:
        postkeep("crawl", *TARGETS, "--archive", folder, replica=replica, expect=0)


def test_a_clock_that_jumps_back_between_runs_neither_stops_nor_repeats_a_crawl(tmp_path: Path) -> None:
    late = VirtualClock(datetime(2026, 3, 1, tzinfo=UTC))
    early = VirtualClock(datetime(2026, 3, 1, tzinfo=UTC) - timedelta(days=40))
    with Replica() as replica:
        place = workplace_at(tmp_path / "archive", late, replica)
        assert crawl(TARGETS[:1], place).exit_code == 0
        place = workplace_at(tmp_path / "archive", early, replica)
        assert crawl(TARGETS[1:], place).exit_code == 0
    assert [url for url, _ in contents(place.folder)] == list(TARGETS)
    assert sum(early.slept) < timedelta(days=1).total_seconds()
    assert check(place.folder) == []


@pytest.mark.thorough
def test_a_full_disk_under_the_record_store_is_said_in_a_sentence(crawled: Path) -> None:
    (crawled / RECORDS_FILE).unlink()
    command = command_line("extract", "--archive", str(crawled))
    # 40 blocks of 512 bytes: room for the lock, none for the records.
    limited = ["bash", "-c", 'ulimit -f 40; trap "" XFSZ; exec "$0" "$@"', *command]
    done = subprocess.run(limited, check=False, capture_output=True, text=True, env=environment())
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Free space" in " ".join(done.stderr.split())
    postkeep("extract", "--archive", crawled, expect=0)


def test_state_that_was_never_written_through_is_taken_for_damage_and_not_for_new(crawled: Path) -> None:
    for name in (STATE_FILE, STATE_FILE + "-wal", STATE_FILE + "-shm"):
        (crawled / name).unlink(missing_ok=True)
    sqlite3.connect(crawled / STATE_FILE).close()
    done = postkeep("crawl", *TARGETS, "--archive", crawled, expect=1)
    assert "check --repair" in " ".join(done.stderr.split())
