"""What is wrong with an archive is said, and what can be mended is."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from scraper.archive.check import Problem, check
from scraper.archive.lock import Lock
from scraper.archive.members import Damage, Member, scan
from scraper.archive.read import open_to_read
from scraper.archive.repair import repair
from scraper.archive.tables import MIGRATIONS
from scraper.errors import ArchiveDamagedError, ArchiveHeldError, StopError, UsageError
from scraper.model.capture import Visit
from tests.archive.making import NOON, POST, bodies, exchange, keep_visit, open_archive, warc_files

_POSTS = [f"https://careerly.co.kr/comments/{number}" for number in range(1, 5)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive of four posts in one file; the last visit shares the capture of the first."""
    with open_archive(tmp_path / "A") as archive:
        first = keep_visit(archive, _POSTS[0])
        for url in _POSTS[1:3]:
            keep_visit(archive, url, exchange(url, os.urandom(500)))
        last = archive.begin_visit(_POSTS[3], "careerly")
        archive.bind(last, archive.visit(first).captures[0].record_id)
        archive.end_visit(last, whole=False, run=archive.new_run())
    return tmp_path / "A"


def _visits(folder: Path) -> list[Visit]:
    with open_to_read(folder) as reader:
        return list(reader.visits())


def _members(folder: Path) -> list[Member]:
    found = list(scan(warc_files(folder)[0]))
    assert all(isinstance(item, Member) for item in found)
    return [item for item in found if isinstance(item, Member)]


def _flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(bytes(data))


def _subjects(problems: list[Problem]) -> list[tuple[str, bool]]:
    return [(Path(problem.subject).name, problem.mendable) for problem in problems]


def test_a_whole_archive_has_no_problem_and_repair_leaves_it_alone(folder: Path) -> None:
    before = {path: path.read_bytes() for path in warc_files(folder)}
    assert check(folder) == []
    assert repair(folder, NOON).left == ()
    assert {path: path.read_bytes() for path in warc_files(folder)} == before


@pytest.mark.parametrize("how", ["missing", "empty", "garbage", "torn", "without tables"])
def test_the_index_is_rebuilt_from_the_warc_files_alone(folder: Path, how: str) -> None:
    before = _visits(folder)
    state = folder / "state.sqlite"
    whole = state.read_bytes()
    damaged = {"empty": b"", "garbage": b"no database" * 999, "torn": whole[: len(whole) // 2]}.get(how)
    state.unlink()
    if damaged is not None:
        state.write_bytes(damaged)
    elif how == "without tables":
        with closing(sqlite3.connect(state)) as connection:
            connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    (problem,) = check(folder)
    assert (Path(problem.subject).name, problem.mendable) == ("state.sqlite", True)
    with pytest.raises(ArchiveDamagedError, match="postkeep check --repair"):
        open_archive(folder).close()
    repaired = repair(folder, NOON)
    assert (repaired.mended, repaired.left) == ((problem,), ())
    assert check(folder) == []
    assert _visits(folder) == before
    aside = list(folder.glob("state.sqlite.damaged-20260105120000-0"))
    assert [path.read_bytes() for path in aside if how in {"empty", "garbage", "torn"}] == (
        [] if damaged is None else [damaged]
    )


def test_a_rebuilt_index_knows_open_visits_and_shared_captures(folder: Path) -> None:
    with open_archive(folder) as archive:
        open_id = archive.begin_visit(POST, "careerly")
        archive.keep(exchange(POST + "?page=1"), open_id)
    before = _visits(folder)
    (folder / "state.sqlite").unlink()
    repair(folder, NOON)
    assert _visits(folder) == before
    assert before[3].captures == before[0].captures
    with open_archive(folder) as archive:
        found = archive.open_visit(POST)
        assert found is not None
        assert (found.visit_id, found.ended) == (open_id, False)
        assert archive.visit(open_id).sequence == 5
        assert len(archive.visit(open_id).captures) == 1
        assert archive.visit(archive.begin_visit(POST, "careerly")).sequence == 6


def test_a_flipped_byte_costs_one_record_and_no_more(folder: Path) -> None:
    (path,) = warc_files(folder)
    victim = next(member for member in _members(folder) if member.record.get("WARC-Target-URI") == _POSTS[1])
    _flip(path, victim.offset + victim.length // 2)
    (problem,) = check(folder)
    assert not problem.mendable
    assert victim.record.record_id in problem.what
    assert f"from byte {victim.offset}" in problem.what


def test_a_flipped_byte_in_a_response_is_told_to_the_reader_and_the_rest_is_read(folder: Path) -> None:
    (path,) = warc_files(folder)
    responses = [member for member in _members(folder) if member.record.type == "response"]
    _flip(path, responses[1].offset + responses[1].length // 2)
    with open_to_read(folder) as reader:
        ids = [*reader.visit_ids()]
        with pytest.raises(ArchiveDamagedError, match=f"byte {responses[1].offset} cannot be read"):
            reader.visit(ids[1])
        assert [reader.visit(ids[number]).url for number in (0, 2, 3)] == [_POSTS[0], _POSTS[2], _POSTS[3]]
    (folder / "state.sqlite").unlink()
    left = repair(folder, NOON).left
    assert len(left) == 2
    assert left[1].subject == _POSTS[1]
    assert [len(visit.captures) for visit in _visits(folder)] == [1, 0, 1, 1]


def test_a_cut_tail_is_found_and_the_index_mended(folder: Path) -> None:
    (path,) = warc_files(folder)
    last = _members(folder)[-1]
    path.write_bytes(path.read_bytes()[: last.offset + 20])
    assert _subjects(check(folder)) == [(path.name, False)]
    assert "the file ends within a record" in check(folder)[0].what
    path.write_bytes(path.read_bytes()[: last.offset])
    assert _subjects(check(folder)) == [(path.name, False)]
    assert repair(folder, NOON).left == ()
    assert len(_visits(folder)) == 4


def test_records_that_the_index_lacks_are_indexed(folder: Path) -> None:
    before = _visits(folder)
    with closing(sqlite3.connect(folder / "state.sqlite")) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("DELETE FROM records WHERE type IN ('request', 'response')")
        connection.commit()
    problems = check(folder)
    assert sum("is not in the index" in problem.what for problem in problems) == 6
    assert repair(folder, NOON).left == ()
    assert _visits(folder) == before


def test_rows_that_contradict_the_file_are_replaced(folder: Path) -> None:
    before = _visits(folder)
    with closing(sqlite3.connect(folder / "state.sqlite")) as connection:
        connection.execute("UPDATE records SET sha256 = 'x', offset = offset WHERE type = 'response'")
        connection.commit()
    assert {problem.mendable for problem in check(folder)} == {True}
    assert repair(folder, NOON).left == ()
    assert _visits(folder) == before


def test_bytes_other_than_those_that_were_written_are_not_read(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "state.sqlite")) as connection:
        connection.execute("UPDATE records SET sha256 = 'x' WHERE type = 'response'")
        connection.commit()
    with pytest.raises(ArchiveDamagedError, match="its bytes are not those that were written"):
        _visits(folder)


def test_the_log_of_a_lost_index_is_not_replayed_into_the_new_one(folder: Path) -> None:
    log, state = folder / "state.sqlite-wal", folder / "state.sqlite"
    with open_archive(folder) as archive:
        keep_visit(archive)
        stale = log.read_bytes()
    before = _visits(folder)
    assert stale
    state.unlink()
    log.write_bytes(stale)
    assert repair(folder, NOON).left == ()
    assert _visits(folder) == before
    assert (folder / "state.sqlite.damaged-20260105120000-0-wal").read_bytes() == stale


def test_a_file_that_is_gone_is_named_and_comes_back_with_the_file(folder: Path, tmp_path: Path) -> None:
    before = _visits(folder)
    (path,) = warc_files(folder)
    elsewhere = path.rename(tmp_path / path.name)
    assert (path.name, False) in _subjects(check(folder))
    assert len(repair(folder, NOON).left) == 4
    elsewhere.rename(path)
    assert repair(folder, NOON).left == ()
    assert _visits(folder) == before


def test_a_copy_of_a_file_is_named(folder: Path) -> None:
    (path,) = warc_files(folder)
    path.with_name("postkeep-copy.warc.gz").write_bytes(path.read_bytes())
    problems = check(folder)
    assert problems
    assert all(f"lies in {path.name} too" in problem.what and not problem.mendable for problem in problems)


def test_a_file_left_open_is_closed(folder: Path) -> None:
    (path,) = warc_files(folder)
    path.rename(path.with_name(path.name + ".open"))
    assert _subjects(check(folder)) == [(path.name + ".open", True)]
    assert repair(folder, NOON).left == ()
    assert warc_files(folder) == [path]


def test_a_running_writer_is_no_problem_and_keeps_repair_out(folder: Path) -> None:
    with open_archive(folder) as archive:
        archive.keep(exchange())
        assert check(folder) == []
        with pytest.raises(ArchiveHeldError, match="another run"):
            repair(folder, NOON)


def test_a_torn_and_a_broken_ledger_line_are_told_apart(folder: Path) -> None:
    ledger = folder / "ledger" / "2026-01.jsonl"
    ledger.write_bytes(b'{"event": "request"}\nnot json\n{"event": "ans')
    assert [(p.what, p.mendable) for p in check(folder)] == [
        ("The last line was cut short by a crash.", True),
        ("Line 2 is no JSON object.", False),
    ]
    assert len(repair(folder, NOON).left) == 1
    assert ledger.read_bytes() == b'{"event": "request"}\nnot json\n'


def test_a_key_that_others_can_read_is_restricted(folder: Path) -> None:
    key = folder / "pseudonym.key"
    key.write_bytes(bytes(32))
    key.chmod(0o644)
    assert _subjects(check(folder)) == [("pseudonym.key", True)]
    assert repair(folder, NOON).left == ()
    assert key.stat().st_mode & 0o777 == 0o600


def test_settings_that_anyone_can_change_are_named(folder: Path) -> None:
    settings = folder / "postkeep.toml"
    settings.write_text("", encoding="utf-8")
    settings.chmod(0o666)
    assert _subjects(check(folder)) == [("postkeep.toml", False)]


def test_a_newer_format_is_refused_everywhere_and_nothing_is_moved(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "state.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 99")
    for use in (open_archive, open_to_read, lambda path: repair(path, NOON)):
        with pytest.raises(StopError, match="format 99, made by a newer postkeep"):
            use(folder)
    assert _subjects(check(folder)) == [("state.sqlite", False)]


def test_a_folder_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no archive"):
        check(tmp_path)
    with pytest.raises(UsageError, match="is no archive"):
        repair(tmp_path, NOON)


def test_after_damage_only_our_own_members_are_taken_for_records(tmp_path: Path) -> None:
    with open_archive(tmp_path / "theirs") as archive:
        keep_visit(archive)
    planted = warc_files(tmp_path / "theirs")[0].read_bytes()
    with open_archive(tmp_path / "A") as archive:
        # Incompressible, so deflate stores it as it is, and a scan meets the planted members in the clear.
        keep_visit(archive, POST, exchange(body=os.urandom(70_000) + planted + os.urandom(70_000)))
    (path,) = warc_files(tmp_path / "A")
    whole = [item for item in scan(path) if isinstance(item, Member)]
    assert planted in path.read_bytes()
    _flip(path, whole[2].offset + 1)
    found = list(scan(path))
    assert [item.offset for item in found] == [item.offset for item in whole]
    assert isinstance(found[2], Damage)
    assert found[2].length == whole[2].length


@pytest.mark.thorough
def test_a_file_of_rubbish_is_one_damage(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"\x1f\x8b\x08" * 30_000 + b"\x1f")
    (damage,) = scan(path)
    assert isinstance(damage, Damage)
    assert damage.length == 90_001


def test_the_lock_is_the_archives_and_not_the_process(folder: Path) -> None:
    with Lock(folder), pytest.raises(ArchiveHeldError, match=f"process {os.getpid()}"):
        Lock(folder)
    with Lock(folder), open_to_read(folder) as reader:
        assert len(bodies(reader)) == 4


def test_each_byte_that_is_read_is_shown(folder: Path) -> None:
    read: list[int] = []
    assert check(folder, read.append) == []
    assert sum(read) == sum(path.stat().st_size for path in warc_files(folder))


def test_a_state_cut_off_within_a_page_without_use_is_damaged_and_mended(folder: Path) -> None:
    state = folder / "state.sqlite"
    with closing(sqlite3.connect(state)) as connection:
        connection.execute("CREATE TABLE padding (octets)")
        connection.execute("INSERT INTO padding VALUES (zeroblob(100000))")
        connection.execute("DROP TABLE padding")
        connection.commit()
    os.truncate(state, state.stat().st_size - 100)
    (problem,) = check(folder)
    assert (Path(problem.subject).name, problem.mendable) == ("state.sqlite", True)
    assert repair(folder, NOON).left == ()
    assert check(folder) == []
