"""records.sqlite: what is put comes out in order, and whatever happens to the file is only a loss of time."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.errors import ArchiveHeldError, UsageError
from scraper.model.site import Claim
from scraper.records.history import merge
from scraper.records.reading import Reading
from scraper.records.store import Records, RecordStore
from tests.records.samples import a_comment, a_post, counts, day, read

VISITS = ("visit-1", "visit-2", "visit-3")


def reading(native: str, number: int, text: str = "첫 글") -> Reading:
    claim = Claim(f"madang:posts-{native}", f"https://madang.example/posts/{native}")
    post = a_post(text, counts=counts(views=number))
    return read(post, [a_comment(str(i)) for i in range(11)], number=number, at=day(number), claim=claim)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[RecordStore]:
    with RecordStore(path, "f") as store:
        yield store


def test_rows_are_those_of_the_merged_readings_in_the_order_of_their_keys(store: RecordStore) -> None:
    readings = [reading("9", 1), reading("10", 2), reading("9", 3, text="고침")]
    for item in reversed(readings):
        assert store.put(item) == ()
    assert tuple(store.post_ids()) == ("madang:posts-10", "madang:posts-9")
    merged = [merge([readings[1]]), merge([readings[0], readings[2]])]
    assert list(store.posts()) == merged
    assert list(store.rows("posts")) == [rows.post for rows in merged]
    for config, key in (
        ("comments", ("post_id", "position")),
        ("metrics", ("post_id", "observed_at")),
        ("revisions", ("item_id", "field", "revision")),
    ):
        rows = list(store.rows(config))
        assert rows == [row for post in merged for row in post.of(config)]
        assert rows == sorted(rows, key=lambda row: [row[name] for name in key])


def test_the_same_visit_put_again_takes_the_place_of_what_it_gave(store: RecordStore) -> None:
    store.put(reading("9", 1))
    store.put(reading("9", 1, text="고쳐 읽음"))
    (row,) = store.rows("posts")
    assert (row["text"], row["revision"]) == ("고쳐 읽음", 1)


def test_a_reading_that_breaks_the_contract_is_rejected_with_all_its_problems(store: RecordStore) -> None:
    good = reading("9", 1)
    broken = replace(
        good,
        post=good.post | {"access": "gated", "views": -1},
        comments=(good.comments[0] | {"position": -1}, *good.comments[1:]),
    )
    problems = store.put(broken)
    assert [problem.partition(" is ")[0] for problem in problems] == [
        "posts.text",
        "posts.views",
        f"{good.comments[0]['comment_id']}: comments.position",
    ]
    assert tuple(store.post_ids()) == ()
    assert not list(store.unread(["visit-1"]))


def test_a_visit_without_a_record_was_read_and_gives_way_to_a_reading(store: RecordStore) -> None:
    store.reject("visit-1", "No post.")
    assert list(store.unread(VISITS)) == ["visit-2", "visit-3"]
    store.put(reading("1", 1))
    assert tuple(store.post_ids()) == ("madang:posts-1",)
    store.reject("visit-1", "No post.")
    assert tuple(store.post_ids()) == ()
    assert list(store.unread(VISITS)) == ["visit-2", "visit-3"]


def test_what_was_put_is_there_when_the_store_is_opened_again(path: Path) -> None:
    with RecordStore(path, "f") as store:
        store.put(reading("9", 1))
        assert list(store.unread(["visit-2"]))
    with RecordStore(path, "f") as store:
        assert not list(store.unread(["visit-1"]))
        assert tuple(store.post_ids()) == ("madang:posts-9",)


def test_another_fingerprint_drops_everything(path: Path) -> None:
    with RecordStore(path, "f") as store:
        store.put(reading("9", 1))
        store.reject("visit-2", "No post.")
    with RecordStore(path, "g") as store:
        assert tuple(store.post_ids()) == ()
        assert list(store.unread(VISITS)) == list(VISITS)
    with RecordStore(path, "f") as store:
        assert list(store.unread(["visit-1"]))


@pytest.mark.parametrize("damage", ["no database", "cut", "overwritten", "empty", "other tables"])
def test_a_damaged_file_is_dropped_and_begun_anew(path: Path, damage: str) -> None:
    with RecordStore(path, "f") as store:
        for number in range(1, 8):
            store.put(reading(str(number), number))
    whole = path.read_bytes()
    if damage == "other tables":
        path.unlink()
        with closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE other (x)")
            database.commit()
    else:
        pages = whole[:4096] + b"\xff" * (len(whole) - 4096)
        path.write_bytes(
            {
                "no database": b"not a database" * 900,
                "cut": whole[: len(whole) // 2],
                "overwritten": pages,
                "empty": b"",
            }[damage]
        )
    with RecordStore(path, "f") as store:
        assert tuple(store.post_ids()) == ()
        store.put(reading("9", 1))
        assert list(store.rows("posts"))


def test_a_file_that_another_program_holds_is_not_dropped(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scraper.records.records_file._BUSY_SECONDS", 0)
    with RecordStore(path, "f") as store:
        store.put(reading("9", 1))
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ArchiveHeldError, match=r"locked.*run the command again"):
            RecordStore(path, "f")
    with RecordStore(path, "f") as store:
        assert not list(store.unread(["visit-1"]))


def test_records_can_be_read_as_they_stand_and_are_not_written(path: Path) -> None:
    with RecordStore(path, "f") as store:
        store.put(reading("9", 1))
    before = path.read_bytes()
    with Records.open_to_read(path) as records:
        assert [row["post_id"] for row in records.rows("posts")] == ["madang:posts-9"]
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [None, b"", b"not a database" * 900])
def test_a_file_without_records_is_named_with_what_to_do(path: Path, content: bytes | None) -> None:
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=r"records\.sqlite holds no records.*postkeep extract"):
        Records.open_to_read(path)


def test_records_of_another_version_are_named_with_what_to_do(path: Path) -> None:
    with RecordStore(path, "f") as store:
        store.put(reading("9", 1))
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 1")
    with pytest.raises(UsageError, match=r"another version of postkeep made them.*postkeep extract"):
        Records.open_to_read(path)
