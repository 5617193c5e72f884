"""What the index says is held against what the WARC files say: a value that rotted into another valid one is named and mended."""

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from scraper.archive.check import check
from scraper.archive.compose import ImportedFile
from scraper.archive.repair import repair
from scraper.archive.state import STATE_FILE
from tests.archive.making import NOON, POST, exchange, keep_visit, open_archive, warc_files
from tests.clock import VirtualClock

HTML = ("Content-Type", "text/html; charset=utf-8")
OTHER = "https://careerly.co.kr/comments/2"
# What follows from the WARC files, table by table; of a visit that is open only where and as which it is.
DERIVED = {
    "files": ("name",),
    "records": ("record_id", "offset", "length", "sha256", "type"),
    "captures": ("record_id", "url", "status", "payload_digest", "captured_at", "captured_at_basis"),
    "revisits": ("record_id", "refers_to"),
    "visits": ("visit_id", "sequence", "url", "site", "begun_at", "ended_at", "whole"),
    "visit_captures": ("visit_id", "position", "record_id"),
    "validators": ("url", "etag", "last_modified", "record_id"),
}
CELLS = [(table, column) for table, columns in DERIVED.items() for column in columns]

Rows = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs, the clock set back between them; pages, a revisit, a file, a shared capture, and a visit left open."""
    folder = tmp_path_factory.mktemp("whole") / "archive"
    tagged = (HTML, ("ETag", '"a"'), ("Last-Modified", "Mon, 05 Jan 2026 03:00:00 GMT"))
    with open_archive(folder) as archive:
        first = keep_visit(archive, POST, exchange(headers=tagged))
        visit_id = archive.begin_visit(OTHER, "careerly")
        archive.keep_file(visit_id, ImportedFile(OTHER, b"text", "text/plain"))
        archive.bind(visit_id, archive.visit(first).captures[0].record_id)
        archive.end_visit(visit_id, whole=False)
    with open_archive(folder, VirtualClock(NOON - timedelta(days=400))) as archive:
        again = exchange(body=b"", headers=(("ETag", '"b"'),), status=304, at=NOON + timedelta(days=1))
        keep_visit(archive, POST, again)
        archive.begin_visit(POST + "0", "careerly")
        archive.keep(exchange(POST + "1", b"<p>1</p>"), archive.begin_visit(POST + "1", "careerly"))
    assert min(path.name for path in warc_files(folder)).startswith("postkeep-2024")
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "archive")


def rows(folder: Path) -> Rows:
    """The rows of each table; numbers of files count for nothing, so the names of the files stand for them."""
    with closing(sqlite3.connect(folder / STATE_FILE)) as database:
        return {
            table: sorted(
                database.execute(
                    "SELECT record_id, name, offset, length, sha256, type FROM records JOIN files USING (file_id)"
                    if table == "records"
                    else f"SELECT {', '.join(columns)} FROM {table}"
                ),
                key=repr,
            )
            for table, columns in DERIVED.items()
        }


def other(value: object) -> object:
    """Another value of the same type, as a flipped bit gives it."""
    if isinstance(value, int):
        return value ^ 1
    assert isinstance(value, str)
    at = -2 if value.endswith("Z") else -1
    return value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 or len(value) :] if value else "x"


def alter(folder: Path, table: str, column: str, row: int) -> bool:
    """Let one cell rot; False where there is nothing in it that could."""
    with closing(sqlite3.connect(folder / STATE_FILE)) as database:
        key = "rowid" if table != "visit_captures" else "visit_id || position"
        rows = database.execute(f"SELECT {column}, {key} FROM {table} ORDER BY {key}").fetchall()
        before, place = rows[row]
        if before is None:
            return False
        sql = f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {key} = ?"
        database.execute(sql, (other(before), place))
        changed = database.total_changes > 0
        database.commit()
        return changed


def test_an_index_that_runs_built_says_what_the_warc_files_say(folder: Path) -> None:
    assert check(folder) == []


@pytest.mark.parametrize(("table", "column"), CELLS, ids=lambda value: value)
def test_a_cell_that_rotted_is_named_and_mended(whole: Path, tmp_path: Path, table: str, column: str) -> None:
    before = rows(whole)
    if table == "files":
        # A file without its name counts as the last, so an ETag that a 304 brought anew may be taken for an old one.
        del before["validators"]
    opened = {row[0] for row in before["visits"] if row[5] is None}
    found = None
    for row in range(len(before[table])):
        folder = shutil.copytree(whole, tmp_path / str(row))
        if not alter(folder, table, column, row):
            continue
        changed = {cells[0] for cells in set(rows(folder)[table]) ^ set(before[table])}
        if opened & changed and column != "record_id":
            continue  # What an open visit says of itself is not in the WARC files yet.
        told = check(folder)
        assert told, (table, column, row)
        assert all(problem.mendable for problem in told), told
        found = folder
    assert found
    assert repair(found, NOON).left == ()
    assert {name: cells for name, cells in rows(found).items() if name in before} == before


def test_a_difference_says_which_row_and_both_values(folder: Path) -> None:
    with closing(sqlite3.connect(folder / STATE_FILE)) as database:
        database.execute(
            "UPDATE captures SET url = replace(url, 'comments/1', 'comments/9') WHERE status = 200"
        )
        database.commit()
    said = [problem.what for problem in check(folder)]
    assert len(said) == 2
    assert "url is 'https://careerly.co.kr/comments/9' there" in said[0] + said[1]
    assert "'https://careerly.co.kr/comments/1' in the WARC files" in said[0] + said[1]


def test_an_open_visit_keeps_what_only_the_index_knows_of_it(folder: Path) -> None:
    before = rows(folder)
    alter(folder, "captures", "url", 0)
    assert repair(folder, NOON).left == ()
    assert rows(folder) == before
    assert POST + "0" in {row[2] for row in before["visits"]}


def test_text_that_is_none_is_named_and_mended(folder: Path) -> None:
    before = rows(folder)
    with closing(sqlite3.connect(folder / STATE_FILE)) as database:
        database.execute("UPDATE captures SET url = CAST(x'68ff' AS TEXT)")
        database.commit()
    assert [problem.mendable for problem in check(folder)] == [True]
    assert repair(folder, NOON).left == ()
    assert rows(folder) == before


def test_a_visit_whose_last_record_is_lost_stays_ended_after_a_repair(folder: Path) -> None:
    before = rows(folder)
    path = warc_files(folder)[1]
    data = bytearray(path.read_bytes())
    data[-20] ^= 0xFF  # Within the record that ends the second visit.
    path.write_bytes(bytes(data))
    assert [problem.mendable for problem in check(folder)] == [False]
    alter(folder, "captures", "url", 0)
    repair(folder, NOON)
    assert rows(folder)["visits"] == before["visits"]
    assert [problem.mendable for problem in check(folder)] == [False]
