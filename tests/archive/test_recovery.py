"""A crash at any durable operation: nothing that was kept is lost, nothing is there twice."""

import signal
from collections import Counter
from dataclasses import replace
from io import FileIO
from pathlib import Path

import pytest

from scraper.archive.archive import Archive
from scraper.archive.check import check
from scraper.archive.disk import Disk
from scraper.archive.read import open_to_read
from scraper.archive.repair import repair
from scraper.errors import StopError
from scraper.model.stores import LedgerEntry
from tests.archive.crashing import Crash, CrashingDisk, FullDisk, WatchedDisk, When
from tests.archive.making import NOON, POST, bodies, exchange, keep_visit, open_archive, warc_files
from tests.clock import VirtualClock
from tests.examples import few_of

# Of each post, the pages that its visit needs. Incompressible bodies, so that parts fill up and rotate.
_PAGES = {
    f"https://careerly.co.kr/comments/{post}": {
        f"https://careerly.co.kr/comments/{post}?page={page}": bytes(
            (post * 7 + page * 31 + at * at) % 251 for at in range(700)
        )
        for page in range(1, 3)
    }
    for post in range(1, 4)
}
_PART_SIZE = 2500


def _crawl(folder: Path, disk: Disk) -> None:
    """Bring every post into the archive: what any run of the same command does."""
    clock = VirtualClock()
    Archive.create(folder, disk)
    with open_archive(folder, clock, disk, _PART_SIZE) as archive:
        archive.frontier.add(_PAGES)
        for url in [url for url in _PAGES if archive.frontier.settled(url) is None]:
            _visit(archive, url, clock)


def _visit(archive: Archive, url: str, clock: VirtualClock) -> None:
    unsettled = archive.open_visit(url)
    visit_id = unsettled.visit_id if unsettled else archive.begin_visit(url, "careerly")
    if unsettled is None or not unsettled.ended:
        kept = {capture.url for capture in archive.visit(visit_id).captures}
        for page, body in _PAGES[url].items():
            if page not in kept:
                archive.ledger.note(
                    LedgerEntry(clock.now(), "request", "careerly.co.kr", page, "pace", {"gap": 1})
                )
                archive.keep(exchange(page, body), visit_id)
                archive.commit()
        archive.end_visit(visit_id, whole=True)
    archive.frontier.settle(url, "done", "careerly:comments-1", None, clock.now())


def _contents(folder: Path) -> dict[str, list[tuple[str, bytes]]]:
    with open_to_read(folder) as archive:
        return {
            visit.url: [(capture.url, capture.body) for capture in visit.captures]
            for visit in archive.visits()
        }


def _count_operations(folder: Path) -> int:
    disk = CrashingDisk(0, "before")
    _crawl(folder, disk)
    return disk.operations


def _assert_whole(folder: Path) -> None:
    assert check(folder) == []
    assert _contents(folder) == {url: list(pages.items()) for url, pages in _PAGES.items()}
    with open_to_read(folder) as archive:
        assert Counter(visit.url for visit in archive.visits()) == Counter(list(_PAGES))
    assert not [path for path in warc_files(folder) if path.suffix == ".open"]


@pytest.mark.thorough
@pytest.mark.parametrize("when", few_of(("half", "before", "after"), 1))
def test_a_run_that_died_at_any_operation_is_made_whole_by_the_next(tmp_path: Path, when: When) -> None:
    operations = _count_operations(tmp_path / "undisturbed")
    assert len(warc_files(tmp_path / "undisturbed")) > 2
    for at in range(1, operations + 1):
        folder = tmp_path / str(at)
        with pytest.raises(Crash):
            _crawl(folder, CrashingDisk(at, when))
        _crawl(folder, Disk())
        _assert_whole(folder)


@pytest.mark.parametrize("every", few_of((44, 11), 1))
@pytest.mark.parametrize("when", few_of(("half", "before", "after"), 1))
def test_a_recovery_that_died_too_is_made_whole_by_the_next(tmp_path: Path, when: When, every: int) -> None:
    operations = _count_operations(tmp_path / "undisturbed")
    for at in range(3, operations, every):
        for again in range(1, 12):
            folder = tmp_path / f"{at}-{again}"
            with pytest.raises(Crash):
                _crawl(folder, CrashingDisk(at, "half"))
            with pytest.raises(Crash):
                _crawl(folder, CrashingDisk(again, when))
            _crawl(folder, Disk())
            _assert_whole(folder)


@pytest.mark.parametrize("when", few_of(("half", "before", "after"), 1))
def test_a_repair_that_died_at_any_operation_can_be_run_again(tmp_path: Path, when: When) -> None:
    def break_archive(folder: Path) -> None:
        _crawl(folder, Disk())
        (folder / "state.sqlite").write_bytes(b"not a database at all" * 100)

    break_archive(tmp_path / "undisturbed")
    counting = CrashingDisk(0, "before")
    repair(tmp_path / "undisturbed", NOON, counting)
    for at in range(1, counting.operations + 1):
        folder = tmp_path / str(at)
        break_archive(folder)
        with pytest.raises(Crash):
            repair(folder, NOON, CrashingDisk(at, when))
        repair(folder, NOON)
        _assert_whole(folder)


def test_a_whole_exchange_behind_the_committed_offset_is_kept(tmp_path: Path) -> None:
    with pytest.raises(Crash):
        _crawl(tmp_path, _dies_at_commit_of_first_capture(tmp_path))
    with open_archive(tmp_path) as archive:
        (url,) = [url for url in _PAGES if archive.open_visit(url)]
        unsettled = archive.open_visit(url)
        assert unsettled is not None
        assert len(archive.visit(unsettled.visit_id).captures) == 1


def _dies_at_commit_of_first_capture(folder: Path) -> CrashingDisk:
    class DiesAtCommit(CrashingDisk):
        """Dies at the commit after the first append of more than a warcinfo record."""

        def append(self, file: object, data: bytes) -> None:
            super().append(file, data)  # type: ignore[arg-type] # only handed on
            if len(data) > 1000:
                self._at = self.operations + 2

    return DiesAtCommit(0, "before")


def test_a_request_without_its_response_is_cut(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        keep_visit(archive)
    (path,) = warc_files(tmp_path)
    left_open = path.rename(path.with_name(path.name + ".open"))
    whole = left_open.read_bytes()
    members = whole.split(b"\x1f\x8b\x08")
    request = b"\x1f\x8b\x08" + members[2]
    left_open.write_bytes(whole + request)
    with open_archive(tmp_path):
        pass
    assert path.read_bytes() == whole
    assert check(tmp_path) == []


def test_a_file_renamed_by_hand_either_way_is_found(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        keep_visit(archive)
    (path,) = warc_files(tmp_path)
    path.rename(path.with_name(path.name + ".open"))
    with open_to_read(tmp_path) as reader:
        assert len(bodies(reader)) == 1
    with open_archive(tmp_path) as archive:
        assert len(bodies(archive)) == 1
    assert warc_files(tmp_path) == [path]


def test_a_record_is_on_the_medium_before_the_index_knows_of_it(tmp_path: Path) -> None:
    disk = WatchedDisk()
    with open_archive(tmp_path, disk=disk) as archive:
        visit_id = archive.begin_visit("https://careerly.co.kr/comments/1", "careerly")
        archive.keep(exchange(), visit_id)
        archive.ledger.note(
            LedgerEntry(NOON, "request", "careerly.co.kr", "https://careerly.co.kr/", "pace", {})
        )
        disk.noted.clear()
        archive.keep(exchange(), visit_id)
        archive.ledger.note(
            LedgerEntry(NOON, "answer", "careerly.co.kr", "https://careerly.co.kr/", "pace", {})
        )
        archive.commit()
        assert disk.noted == [("append", "warc"), ("sync", "warc"), ("commit", "state"), ("append", "ledger")]


def test_a_full_disk_stops_the_run_in_a_sentence_and_loses_nothing(tmp_path: Path) -> None:
    clock = VirtualClock()
    first, *_, last = _PAGES
    with open_archive(tmp_path, clock, FullDisk(4000)) as archive:
        _visit(archive, first, clock)
        with pytest.raises(StopError, match=r"postkeep-.*cannot be written: No space left.*Free space"):
            _visit(archive, last, clock)
    with open_archive(tmp_path) as archive:
        before = bodies(archive)
        assert before
        keep_visit(archive)
        assert bodies(archive)[:-1] == before
    assert check(tmp_path) == []


def test_after_a_failed_write_the_run_writes_nothing_more(tmp_path: Path) -> None:
    with open_archive(tmp_path, disk=FullDisk(0)) as archive:
        with pytest.raises(StopError, match="No space left"):
            keep_visit(archive)
        with pytest.raises(StopError, match="earlier in this run"):
            archive.keep(exchange())
        # Whoever waits with others for a commit must not take what was undone for kept.
        with pytest.raises(StopError, match="earlier in this run"):
            archive.commit()


def test_what_ctrl_c_let_be_written_is_forced_to_the_medium_before_it_is_indexed(tmp_path: Path) -> None:
    disk = _InterruptedDisk()
    archive = open_archive(tmp_path, disk=disk)
    archive.keep(exchange())
    archive.commit()
    disk.noted.clear()
    disk.interrupts = True
    with pytest.raises(KeyboardInterrupt):
        archive.keep(exchange(f"{POST}0"))
    archive.close()
    assert disk.noted[:3] == [("append", "warc"), ("sync", "warc"), ("commit", "state")]


class _InterruptedDisk(WatchedDisk):
    """Once told to, has Ctrl-C come while it writes."""

    interrupts = False

    def append(self, file: FileIO, data: bytes) -> None:
        super().append(file, data)
        if self.interrupts:
            signal.raise_signal(signal.SIGINT)


def test_the_body_of_a_cut_exchange_is_marked(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        visit_id = keep_visit(archive, "https://careerly.co.kr/", replace(exchange(), truncated="disconnect"))
        assert archive.visit(visit_id).captures[0].truncated == "disconnect"
