"""A post's summary is that of its merged rows, whatever was put, lost, held back or released since it was kept."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from scraper.errors import ArchiveHeldError, UsageError
from scraper.records.reading import Departure
from scraper.records.store import Records, RecordStore
from scraper.records.summaries import PostSummary, Summaries, summary_of
from tests.records.samples import day
from tests.records.test_store import reading


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[RecordStore]:
    with RecordStore(path, "f") as store:
        yield store


def merged(store: Records) -> list[PostSummary]:
    return [summary_of(rows) for rows in store.posts()]


def departure(native: str, number: int) -> Departure:
    post_id = f"madang:posts-{native}"
    return Departure(
        post_id, f"visit-{number}", number, day(number), "observed", "gone", "urn:x", "sha256:x", "Gone."
    )


def test_a_summary_stays_that_of_the_merged_rows(store: RecordStore) -> None:
    summaries = Summaries(store)
    store.put(reading("9", 1))
    store.put(reading("10", 2))
    assert list(summaries.all()) == merged(store)
    steps = (
        lambda: store.put(reading("9", 3, text="고침")),
        lambda: store.put_departure(departure("10", 4)),
        lambda: store.hold(["visit-3"]),
        lambda: store.hold(["visit-4", "visit-2"]),
        lambda: store.release(["visit-2"]),
        lambda: store.release(["visit-3", "visit-4"]),
        lambda: store.drop(["visit-3"]),
        lambda: store.drop(["visit-4"]),
        lambda: store.reject("visit-1", "No post."),
    )
    for step in steps:
        summaries.bring_up_to_date()
        step()
        assert list(summaries.all()) == merged(store)
    summaries.bring_up_to_date()
    assert list(summaries.all()) == merged(store)


def test_summaries_are_kept_once_they_were_made(
    store: RecordStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put(reading("9", 1))
    store.put(reading("10", 2))
    Summaries(store).bring_up_to_date()
    monkeypatch.delattr(Records, "post")
    with Records.open_to_read(path) as records:
        assert [summary.post_id for summary in Summaries(records).all()] == [
            "madang:posts-10",
            "madang:posts-9",
        ]


def test_records_that_keep_none_give_them_all_the_same(store: RecordStore, path: Path) -> None:
    store.put(reading("9", 1))
    store.database.commit()
    with Records.open_to_read(path) as records:
        assert list(Summaries(records).all()) == merged(store)


def test_more_posts_than_one_batch_come_in_order(store: RecordStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.records.summaries._AT_ONCE", 3)
    for number in range(10):
        store.put(reading(str(number), number + 1))
    Summaries(store).bring_up_to_date()
    assert list(Summaries(store).all()) == merged(store)


def test_whoever_lists_keeps_no_writer_waiting(store: RecordStore, path: Path) -> None:
    store.put(reading("9", 1))
    store.put(reading("10", 2))
    store.database.commit()
    with Records.open_to_read(path) as records, closing(sqlite3.connect(path, timeout=0)) as writer:
        first = next(Summaries(records).all())
        next(records.looks())
        writer.execute("DELETE FROM departures")
        writer.commit()
        assert first.post_id == "madang:posts-10"


def test_looks_are_given_page_by_page(store: RecordStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1, 8):
        store.put(reading(str(number % 3), number))
    whole = list(store.looks())
    monkeypatch.setattr("scraper.records.store._LOOKS_AT_ONCE", 2)
    assert list(store.looks()) == whole
    assert len(whole) == 7


KILLED = """
import os, signal, sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.execute("PRAGMA cache_size = 2")
for number in range(2000):
    database.execute("INSERT INTO rejections VALUES (?, 'x')", (f"{number:0200}",))
os.kill(os.getpid(), signal.SIGKILL)
"""


def killed_while_writing(store: RecordStore, path: Path) -> None:
    store.put(reading("9", 1))
    store.close()
    done = subprocess.run([sys.executable, "-c", KILLED, path], check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.with_name(f"{path.name}-journal").stat().st_size


def test_records_that_a_run_was_writing_when_it_was_killed_are_as_before(path: Path) -> None:
    killed_while_writing(RecordStore(path, "f"), path)
    with Records.open_to_read(path) as records:
        assert tuple(records.post_ids()) == ("madang:posts-9",)
        assert records.rejections() == {}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write whatever the mode says")
def test_such_records_on_a_medium_that_cannot_be_written_say_what_to_do(path: Path) -> None:
    killed_while_writing(RecordStore(path, "f"), path)
    path.chmod(0o400)
    with pytest.raises(UsageError, match="Make it writable"):
        Records.open_to_read(path)


def test_the_first_words_stand_for_a_title_that_is_not_there(store: RecordStore) -> None:
    untitled = reading("9", 1, text="첫 줄\n\n" + "둘째 줄 " * 100)
    store.put(replace(untitled, post={**untitled.post, "title": None}))
    (summary,) = Summaries(store).all()
    assert summary.title is None
    assert summary.opening is not None
    assert summary.opening.startswith("첫 줄 둘째 줄")
    assert len(summary.opening) <= 120


@pytest.mark.thorough
def test_a_long_run_locks_out_nobody_who_reads(store: RecordStore, path: Path) -> None:
    store.put(reading("9", 1))
    store.database.commit()
    words = Random(7)
    for number in range(2, 120):
        text = "".join(chr(words.randrange(0xAC00, 0xD7A4)) for _ in range(10_000))
        store.put(reading(str(number), number, text=text))
    assert store.database.in_transaction
    with Records.open_to_read(path) as records:
        assert "madang:posts-9" in tuple(records.post_ids())
        assert list(Summaries(records).all())


def test_a_visit_is_committed_with_what_is_said_of_it_afterwards(
    store: RecordStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scraper.records.store._PUTS_A_COMMIT", 1)
    store.put(reading("9", 1))
    store.hold(["visit-1"])
    store.put(reading("10", 2))
    with Records.open_to_read(path) as records:
        assert tuple(records.post_ids()) == ()


def test_records_that_stay_locked_are_said_to_be_written(
    store: RecordStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.database.commit()
    monkeypatch.setattr("scraper.records.records_file._BUSY_SECONDS", 0.0)
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ArchiveHeldError, match="another run"):
            Records.open_to_read(path)


def test_a_table_that_could_not_be_made_whole_is_not_made(store: RecordStore, path: Path) -> None:
    store.put(reading("9", 1))
    store.database.execute("CREATE TRIGGER summaries_after_hold AFTER INSERT ON held BEGIN SELECT 1; END")
    store.database.commit()
    with pytest.raises(sqlite3.OperationalError):
        Summaries(store).bring_up_to_date()
    store.database.rollback()
    names = store.database.execute("SELECT name FROM sqlite_schema WHERE name LIKE 'summaries%'").fetchall()
    assert names == [("summaries_after_hold",)]
    assert list(Summaries(store).all()) == merged(store)
