"""The stores beside the WARC files: frontier, robots.txt copies, pace, ledger."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import FileIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.disk import Disk
from scraper.archive.ledger import cut_torn_lines, torn_bytes
from scraper.errors import StopError
from scraper.model.stores import HostPace, Ledger, LedgerEntry, PaceStore, RobotsCopy, RobotsStore
from tests.archive.crashing import Crash, FullDisk
from tests.archive.making import NOON, open_archive
from tests.clock import VirtualClock


def test_robots_and_pace_survive_a_restart_and_the_last_one_counts(tmp_path: Path) -> None:
    copy = RobotsCopy("https://careerly.co.kr", NOON, None, b"User-agent: *\xff")
    pace = HostPace("careerly.co.kr", NOON, 2.5, 3)
    with open_archive(tmp_path) as archive:
        robots: RobotsStore = archive.robots
        paces: PaceStore = archive.pace
        assert robots.get_robots(copy.origin) is None
        assert paces.get_pace(pace.host) is None
        robots.put_robots(RobotsCopy(copy.origin, NOON, 200, b""))
        robots.put_robots(copy)
        paces.put_pace(HostPace(pace.host, NOON, 1.0))
        paces.put_pace(pace)
    with open_archive(tmp_path) as archive:
        assert archive.robots.get_robots(copy.origin) == copy
        assert archive.pace.get_pace(pace.host) == pace


def test_the_frontier_remembers_what_became_of_each_target(tmp_path: Path) -> None:
    urls = [f"https://careerly.co.kr/comments/{number}" for number in (3, 1, 2)]
    with open_archive(tmp_path) as archive:
        archive.frontier.add(urls[:2])
        archive.frontier.settle(urls[0], "refused", "careerly:comments-3", "robots.txt forbids it.", NOON)
    with open_archive(tmp_path) as archive:
        archive.frontier.add(urls)
        assert [archive.frontier.settled(url) for url in urls[1:]] == [None, None]
        fate = archive.frontier.settled(urls[0])
        assert fate is not None
        assert (fate.url, fate.outcome, fate.post_id, fate.reason, fate.at) == (
            urls[0], "refused", "careerly:comments-3", "robots.txt forbids it.", NOON,
        )  # fmt: skip
        archive.frontier.clear(posts=urls[:2])
        assert archive.frontier.settled(urls[0]) is None


def test_the_frontier_lets_go_of_what_a_crawl_that_was_given_up_had_settled(tmp_path: Path) -> None:
    old, recent, waiting = (f"https://careerly.co.kr/comments/{number}" for number in (1, 2, 3))
    with open_archive(tmp_path) as archive:
        archive.frontier.add([old, recent, waiting])
        archive.frontier.settle(old, "done", None, None, NOON)
        archive.frontier.settle(recent, "done", None, None, NOON + timedelta(hours=2))
        archive.frontier.forget_settled(before=NOON + timedelta(hours=1))
        assert archive.frontier.settled(old) is None
        assert archive.frontier.settled(recent) is not None
        archive.frontier.settle(waiting, "done", None, None, NOON)
        assert archive.frontier.settled(waiting) is not None


def _entry(url: str = "https://careerly.co.kr/글", at: datetime = NOON) -> LedgerEntry:
    return LedgerEntry(at, "request", "careerly.co.kr", url, "crawl-delay", {"gap_kept": 5.5, "status": None})


def test_the_ledger_has_a_line_an_entry_and_a_file_a_month(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        ledger: Ledger = archive.ledger
        ledger.note(_entry())
        ledger.note(_entry())
        ledger.note(_entry(at=datetime(2026, 2, 1, tzinfo=UTC)))
    january, february = sorted((tmp_path / "ledger").iterdir())
    assert (january.name, february.name) == ("2026-01.jsonl", "2026-02.jsonl")
    lines = [json.loads(line) for line in january.read_text(encoding="utf-8").splitlines()]
    assert lines == 2 * [
        {
            "at": "2026-01-05T12:00:00.123456Z",
            "event": "request",
            "host": "careerly.co.kr",
            "url": "https://careerly.co.kr/글",
            "rule": "crawl-delay",
            "detail": {"gap_kept": 5.5, "status": None},
        }
    ]


def test_a_ledger_on_a_full_disk_stops_the_run_and_its_torn_line_is_cut_on_the_next_start(
    tmp_path: Path,
) -> None:
    with open_archive(tmp_path) as archive:
        archive.ledger.note(_entry())
    with open_archive(tmp_path, disk=FullDisk(10)) as archive:
        full = archive.ledger
        with pytest.raises(StopError, match=r"2026-01\.jsonl cannot be written: No space left"):
            full.note(_entry())
        # No request leaves that the ledger does not tell of, whichever host's it is.
        with pytest.raises(StopError, match="earlier in this run"):
            full.note(_entry())
        full.note(replace(_entry(), event="answer"))
    with open_archive(tmp_path) as archive:
        archive.ledger.note(_entry())
    assert [json.loads(line)["event"] for line in _lines(tmp_path)] == ["request", "request"]


def _lines(folder: Path) -> list[str]:
    return (folder / "ledger" / "2026-01.jsonl").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("kept", [0, 40, 1 << 20])
def test_lines_that_were_committed_outlive_their_file(tmp_path: Path, kept: int) -> None:
    with open_archive(tmp_path) as archive:
        archive.ledger.note(replace(_entry(), event="answer"))
    first = (tmp_path / "ledger" / "2026-01.jsonl").read_bytes()
    archive = open_archive(tmp_path, disk=_DiesWhenLinesAreForgotten())
    for status in (200, 503):
        archive.ledger.note(replace(_entry(), detail={"status": status}))
        archive.ledger.note(replace(_entry(), event="answer", detail={"status": status}))
        archive.commit()
    with pytest.raises(Crash):
        archive.close()
    path = tmp_path / "ledger" / "2026-01.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(first) + kept])
    with open_archive(tmp_path):
        pass
    assert path.read_bytes() == whole


class _DiesWhenLinesAreForgotten(Disk):
    """Dies when the ledger is forced to the medium, as it is before the lines in state.sqlite are let go of."""

    def sync(self, file: FileIO) -> None:
        if Path(str(file.name)).parent.name == "ledger":
            raise Crash
        super().sync(file)


def test_a_host_is_owed_its_delay_again_after_a_run_that_was_cut_off(tmp_path: Path) -> None:
    asked, unasked = HostPace("asked.example", NOON, 2.5, 1, NOON), HostPace("new.example", NOON, 1.0)
    with open_archive(tmp_path, VirtualClock(NOON)) as archive:
        archive.pace.put_pace(asked)
        archive.pace.put_pace(unasked)
    archive = open_archive(tmp_path, disk=_DiesWhenLinesAreForgotten())
    assert archive.pace.get_pace(asked.host) == asked
    archive.ledger.note(_entry())
    with pytest.raises(Crash):
        archive.close()
    later = NOON + timedelta(hours=1)
    with open_archive(tmp_path, VirtualClock(later)) as archive:
        owed = HostPace(asked.host, later + timedelta(seconds=2.5), 2.5, 1, later)
        assert archive.pace.get_pace(asked.host) == owed
        assert archive.pace.get_pace(unasked.host) == unasked
    with open_archive(tmp_path, VirtualClock(later + timedelta(hours=1))) as archive:
        assert archive.pace.get_pace(asked.host) == owed


@given(
    whole=st.lists(st.binary(max_size=3000).map(lambda line: line.replace(b"\n", b"")), max_size=5),
    torn=st.binary(max_size=9000),
)
def test_only_an_unfinished_last_line_is_cut(
    tmp_path_factory: pytest.TempPathFactory, whole: list[bytes], torn: bytes
) -> None:
    archive = tmp_path_factory.mktemp("A")
    (archive / "ledger").mkdir()
    path = archive / "ledger" / "2026-01.jsonl"
    torn = torn.replace(b"\n", b"")
    kept = b"".join(line + b"\n" for line in whole)
    path.write_bytes(kept + torn)
    assert torn_bytes(path) == len(torn)
    assert cut_torn_lines(archive, Disk()) == ([path] if torn else [])
    assert path.read_bytes() == kept
