"""The face of the archive: opening it, visits that are gone on with, and one writer at a time."""

import gzip
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from scraper.archive.archive import Archive
from scraper.archive.check import check
from scraper.archive.compose import ImportedFile
from scraper.archive.read import open_to_read
from scraper.archive.warc import RECORD_LIMIT
from scraper.errors import ArchiveDamagedError, ArchiveHeldError, SkippableError, StopError, UsageError
from scraper.model.stores import Recorder
from tests.archive.making import NOON, POST, WARCINFO, bodies, exchange, keep_visit, open_archive, warc_files
from tests.clock import VirtualClock


def _open(folder: Path) -> Archive:
    return Archive.open(folder, clock=VirtualClock(), warcinfo=WARCINFO)


def test_a_folder_that_is_no_archive_is_not_made_one_by_opening_it(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(UsageError, match=r"is no archive.*postkeep init"):
            _open(folder)
        with pytest.raises(UsageError, match=r"is no archive.*postkeep import"):
            open_to_read(folder)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_other_things_is_not_made_an_archive(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="not empty"):
        Archive.create(tmp_path)


def test_a_folder_with_settings_is_an_archive_in_which_nothing_was_kept(tmp_path: Path) -> None:
    (tmp_path / "postkeep.toml").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="postkeep crawl"):
        open_to_read(tmp_path)
    assert check(tmp_path) == []
    with _open(tmp_path) as archive:
        keep_visit(archive)
    assert check(tmp_path) == []


def test_a_run_that_keeps_nothing_leaves_no_file(tmp_path: Path) -> None:
    with open_archive(tmp_path):
        pass
    assert warc_files(tmp_path) == []


def test_an_archive_that_lost_its_index_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        keep_visit(archive)
    (tmp_path / "state.sqlite").unlink()
    for use in (_open, open_to_read):
        with pytest.raises(ArchiveDamagedError, match="postkeep check --repair"):
            use(tmp_path)


def test_visits_come_in_the_order_in_which_they_were_begun_and_only_when_they_ended(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        first, second, third = (archive.begin_visit(f"{POST}?{number}", "careerly") for number in range(3))
        for visit_id in (third, first, second):
            archive.keep(exchange(), visit_id)
        archive.end_visit(third, whole=True)
        archive.end_visit(first, whole=False)
        assert [*archive.visit_ids()] == [first, third]
        assert [visit.sequence for visit in archive.visits()] == [1, 3]
        assert len(archive.visit(second).captures) == 1


def test_readers_see_each_commit_while_a_run_writes(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        keep_visit(archive)
        archive.commit()
        with open_to_read(tmp_path) as reader:
            assert len(bodies(reader)) == 1
            keep_visit(archive)
            assert len(bodies(reader)) == 1
            archive.commit()
            assert len(bodies(reader)) == 2


def test_what_is_kept_is_given_back_as_it_is_read(tmp_path: Path) -> None:
    packed = gzip.compress("<p>두 번째 글입니다.</p>".encode())
    coded = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("ETag", '"2"'))
    exchanges = (
        exchange(),
        exchange(POST + "?두 번째", packed, headers=coded),
        exchange(POST + "?두 번째", b"", headers=(("ETag", '"3"'),), status=304),
        exchange(POST + "?두 번째", packed, headers=coded),
    )
    with open_archive(tmp_path) as archive:
        kept = [archive.keep(each) for each in exchanges]
        kept.append(
            archive.keep_file(archive.begin_visit(POST, "careerly"), ImportedFile(POST, b"t", "text/plain"))
        )
        assert [archive.capture(capture.record_id) for capture in kept] == kept
        assert {capture.body for capture in kept[1:4]} == {"<p>두 번째 글입니다.</p>".encode()}


@contextmanager
def _as_nobody() -> Iterator[None]:
    """Without the right to write: root puts its rights down for a while."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_an_archive_on_a_read_only_medium_is_read() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name) / "A"
        with open_archive(folder) as archive:
            keep_visit(archive)
        Path(name).chmod(0o755)
        folder.chmod(0o555)
        with _as_nobody(), open_to_read(folder) as reader:
            assert len(bodies(reader)) == 1
        assert {path.name for path in folder.iterdir()} == {"ledger", "lock", "state.sqlite", "warc"}
        with _as_nobody(), pytest.raises(StopError, match=r"lock cannot be written: Permission denied"):
            open_archive(folder)
        folder.chmod(0o755)


def test_an_unended_visit_is_gone_on_with(tmp_path: Path) -> None:
    clock = VirtualClock()
    with open_archive(tmp_path, clock) as archive:
        visit_id = archive.begin_visit(POST, "careerly")
        archive.keep(exchange(), visit_id)
    clock.advance(3600)
    with open_archive(tmp_path, clock) as archive:
        found = archive.open_visit(POST)
        assert found is not None
        assert (found.visit_id, found.ended) == (visit_id, False)
        assert (clock.now() - found.begun_at).total_seconds() == 3600
        assert archive.open_visit(POST + "0") is None
        archive.keep(exchange(POST + "?page=2"), visit_id)
        archive.end_visit(visit_id, whole=True)
        assert archive.open_visit(POST) is None
        assert [capture.url for capture in archive.visit(visit_id).captures] == [POST, POST + "?page=2"]


def test_an_ended_visit_whose_target_waits_is_not_made_again(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        keep_visit(archive)
        archive.frontier.add([POST])
        assert archive.open_visit(POST) is None
        visit_id = keep_visit(archive)
        found = archive.open_visit(POST)
        assert found is not None
        assert (found.visit_id, found.ended) == (visit_id, True)
        archive.frontier.settle(POST, "done", None, None, NOON)
        assert archive.open_visit(POST) is None


def test_an_abandoned_visit_is_not_gone_on_with_after_a_later_one_ended(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        archive.begin_visit(POST, "careerly")
        keep_visit(archive)
        assert archive.open_visit(POST) is None


def test_a_visit_that_ended_takes_no_more(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        visit_id = keep_visit(archive)
        with pytest.raises(ValueError, match="is no open visit"):
            archive.keep(exchange(), visit_id)
        with pytest.raises(ValueError, match="is no open visit"):
            archive.bind(visit_id, "urn:uuid:x")
        with pytest.raises(ValueError, match="is no open visit"):
            archive.end_visit(visit_id, whole=True)


def test_two_visits_share_a_capture(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        first = keep_visit(archive)
        (capture,) = archive.visit(first).captures
        second = archive.begin_visit(POST, "careerly")
        archive.bind(second, capture.record_id)
        archive.bind(second, capture.record_id)
        archive.end_visit(second, whole=True)
        assert archive.visit(second).captures == (capture,)
        assert archive.capture(capture.record_id) == capture


def test_what_the_archive_does_not_have_is_said(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        with pytest.raises(UsageError, match="has no visit urn:uuid:x"):
            archive.visit("urn:uuid:x")
        with pytest.raises(UsageError, match="has no record urn:uuid:x"):
            archive.capture("urn:uuid:x")


def test_a_body_too_large_for_a_record_is_skipped_and_the_run_goes_on(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        visit_id = archive.begin_visit(POST, "careerly")
        with pytest.raises(SkippableError, match="too large to keep"):
            archive.keep_file(visit_id, ImportedFile(POST, bytes(RECORD_LIMIT), "text/html"))
        archive.keep(exchange(), visit_id)
        assert len(archive.visit(visit_id).captures) == 1


def test_a_recorder_is_one_of_the_models(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        recorder: Recorder = archive
        recorder.keep(exchange())


def test_a_second_writer_in_another_process_is_refused_with_a_sentence(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from scraper.archive.lock import Lock\n"
        "from scraper.errors import ArchiveHeldError\n"
        "try: Lock(Path(sys.argv[1]))\n"
        "except ArchiveHeldError as error: print(error); sys.exit(error.exit_code)"
    )
    with open_archive(tmp_path):
        second = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=False
        )
    assert second.returncode == 4
    assert f"being written by another run (process {os.getpid()})" in second.stdout
    assert subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False).returncode == 0


def _write_until_killed(folder: Path, started: Event) -> None:
    with open_archive(folder) as archive:
        for number in range(1_000_000):
            keep_visit(archive, f"{POST}?{number}", exchange(f"{POST}?{number}"))
            if number == 3:
                started.set()


def test_a_killed_writer_leaves_a_whole_archive_and_no_lock(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    started = context.Event()
    writer = context.Process(target=_write_until_killed, args=(tmp_path, started))
    writer.start()
    assert started.wait(600)
    with pytest.raises(ArchiveHeldError):
        open_archive(tmp_path)
    assert writer.pid is not None
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    writer.close()
    with open_archive(tmp_path) as archive:
        visits = list(archive.visits())
        assert len(visits) >= 4
        assert all(len(visit.captures) == 1 for visit in visits)
        assert len({visit.url for visit in visits}) == len(visits)
    assert check(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "A").write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(StopError, match="cannot be written"):
        Archive.create(tmp_path / "A")
