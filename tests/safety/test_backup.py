"""``postkeep backup`` copies what WARC files cannot rebuild; an upgrade copies what it is about to change."""

import json
import shutil
import sqlite3
import stat
from contextlib import closing, suppress
from pathlib import Path

import pytest

from scraper.archive.archive import Archive
from scraper.archive.check import check
from scraper.archive.disk import Disk
from scraper.archive.migrate import open_state, upgrade
from scraper.archive.read import open_to_read
from scraper.archive.repair import repair
from scraper.archive.state import STATE_FILE
from scraper.archive.tables import MIGRATIONS
from scraper.errors import ArchiveDamagedError, ArchiveHeldError, StopError, UsageError
from scraper.jobs.backup import MANIFEST
from scraper.jobs.backup import backup as back_up
from scraper.jobs.workplace import Workplace
from scraper.model.stores import HostPace, LedgerEntry
from scraper.settings import Settings
from tests.archive.crashing import WHENS, Crash, CrashingDisk, When
from tests.archive.making import NOON, bodies, keep_visit, open_archive
from tests.clock import VirtualClock
from tests.commands import postkeep, postkeep_json

PACE = HostPace("careerly.co.kr", NOON, 12.5)
NEXT = (*MIGRATIONS, "CREATE TABLE moons (name TEXT PRIMARY KEY) STRICT")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    with open_archive(folder) as archive:
        keep_visit(archive)
        archive.pace.put_pace(PACE)
        archive.ledger.note(
            LedgerEntry(NOON, "request", "careerly.co.kr", "https://careerly.co.kr/", "pace", {})
        )
    (folder / "postkeep.toml").write_text('contact = "test@example.org"\n', encoding="utf-8")
    (folder / "pseudonym.key").write_bytes(b"k" * 32)
    (folder / "pseudonym.key").chmod(0o600)
    (folder / "decisions.jsonl").write_text("{}\n", encoding="utf-8")
    (folder / "outputs.jsonl").write_text("", encoding="utf-8")
    return folder


def backup(folder: Path, target: Path, disk: Disk | None = None) -> list[Path]:
    """The files that a backup of an archive has written."""
    place = Workplace(folder, Settings(), VirtualClock(NOON), disk=disk or Disk())
    return [Path(item.target) for item in back_up(target, place).items]


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_backup_holds_what_cannot_be_rebuilt_and_nobody_else_can_read_it(
    folder: Path, tmp_path: Path
) -> None:
    written = backup(folder, tmp_path / "copy")
    assert names(tmp_path / "copy") == {
        STATE_FILE, "decisions.jsonl", "outputs.jsonl", "ledger/2026-01.jsonl", "pseudonym.key", "postkeep.toml", MANIFEST,
    }  # fmt: skip
    assert {str(path.relative_to(tmp_path / "copy")) for path in written} == names(tmp_path / "copy")
    for path in written:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 or path.name == MANIFEST
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o700


def test_a_restored_backup_knows_what_the_archive_knew(folder: Path, tmp_path: Path) -> None:
    backup(folder, tmp_path / "copy")
    with open_archive(folder) as archive:
        keep_visit(archive, "https://careerly.co.kr/comments/2")
        expected = bodies(archive)
    for name in names(folder):
        if not name.startswith("warc/"):
            (folder / name).unlink()
    (tmp_path / "copy" / MANIFEST).unlink()
    shutil.copytree(tmp_path / "copy", folder, dirs_exist_ok=True)
    assert repair(folder, NOON).left == ()
    with open_archive(folder) as archive:
        assert bodies(archive) == expected
        assert archive.pace.get_pace(PACE.host) == PACE
    assert (folder / "pseudonym.key").read_bytes() == b"k" * 32


def test_a_later_backup_takes_the_place_of_an_earlier_one(folder: Path, tmp_path: Path) -> None:
    backup(folder, tmp_path / "copy")
    (folder / "decisions.jsonl").write_text("{}\n{}\n", encoding="utf-8")
    backup(folder, tmp_path / "copy")
    assert (tmp_path / "copy" / "decisions.jsonl").read_text(encoding="utf-8") == "{}\n{}\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive", "copy"]


@pytest.mark.parametrize("held", [b"[]", b"{}", b"no json", b'{"backup_of": "/somewhere/else"}'])
def test_what_is_no_backup_of_this_archive_is_not_overwritten(
    folder: Path, tmp_path: Path, held: bytes
) -> None:
    target = tmp_path / "precious"
    target.mkdir()
    (target / MANIFEST).write_bytes(held)
    with pytest.raises(UsageError, match="nothing was changed"):
        backup(folder, target)
    assert names(target) == {MANIFEST}


@pytest.mark.thorough
def test_that_the_captures_are_not_in_it_is_said_when_it_is_made_and_where_they_lack(
    folder: Path, tmp_path: Path
) -> None:
    ran = postkeep("backup", str(tmp_path / "copy"), "--archive", str(folder))
    assert f"copy {folder / 'warc'} too" in ran.stderr
    lacking = postkeep("check", "--repair", "--archive", str(tmp_path / "copy"), expect=2)
    assert f"Copy the WARC files to {tmp_path / 'copy' / 'warc'}" in " ".join(lacking.stderr.split())


def test_a_backup_into_the_archive_or_of_no_archive_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="lies in the archive itself"):
        backup(folder, folder / "copy")
    with pytest.raises(UsageError, match="is no archive"):
        backup(tmp_path / "nothing", tmp_path / "copy")
    with open_archive(folder), pytest.raises(ArchiveHeldError):
        backup(folder, tmp_path / "copy")


@pytest.mark.thorough
@pytest.mark.parametrize("when", WHENS)
def test_a_backup_that_dies_anywhere_leaves_a_whole_one(folder: Path, tmp_path: Path, when: When) -> None:
    counting = CrashingDisk(0, "before")
    backup(folder, tmp_path / "counted", counting)
    for at in range(1, counting.operations + 1):
        target = tmp_path / f"copy-{at}"
        backup(folder, target)
        with pytest.raises(Crash):
            backup(folder, target, CrashingDisk(at, when))
        candidates = [target, target.with_name(target.name + ".former")]
        assert [place for place in candidates if (place / MANIFEST).is_file()]
        backup(folder, target)
        assert json.loads((target / MANIFEST).read_bytes())["sha256"].keys() == names(target) - {MANIFEST}


def test_a_damaged_state_is_said_and_the_former_backup_stays(folder: Path, tmp_path: Path) -> None:
    backup(folder, tmp_path / "copy")
    (folder / STATE_FILE).write_bytes(b"no database " * 1000)
    with pytest.raises(ArchiveDamagedError, match="cannot be copied"):
        backup(folder, tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "copy" / STATE_FILE)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.thorough
def test_the_command_says_what_it_wrote(folder: Path, tmp_path: Path) -> None:
    answer = postkeep_json("backup", str(tmp_path / "copy"), "--archive", str(folder))
    assert answer["outputs"] == [str(tmp_path / "copy")]
    assert answer["counts"]["done"] == len(names(tmp_path / "copy"))
    (tmp_path / "copy" / MANIFEST).unlink()
    done = postkeep("backup", str(tmp_path / "copy"), "--archive", str(folder), expect=2)
    assert "no backup" in " ".join(done.stderr.split())


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute("PRAGMA user_version").fetchone()[0])


def former(folder: Path) -> Path:
    return folder / f"{STATE_FILE}.format-{len(MIGRATIONS)}"


def test_an_older_format_is_upgraded_after_a_copy_was_made(folder: Path) -> None:
    upgrade(folder, disk=CrashingDisk(0, "before"), migrations=NEXT)
    assert version(folder / STATE_FILE) == len(NEXT)
    assert version(former(folder)) == len(MIGRATIONS)
    with closing(sqlite3.connect(former(folder))) as database:
        assert database.execute("SELECT count(*) FROM visits").fetchone() == (1,)
    before = former(folder).stat().st_mtime_ns
    upgrade(folder, disk=CrashingDisk(0, "before"), migrations=NEXT)
    assert former(folder).stat().st_mtime_ns == before


@pytest.mark.parametrize("when", WHENS)
def test_an_upgrade_that_dies_anywhere_is_finished_by_the_next(
    folder: Path, tmp_path: Path, when: When
) -> None:
    for at in range(1, 7):
        copy = shutil.copytree(folder, tmp_path / f"{at}")
        with suppress(Crash):
            upgrade(copy, CrashingDisk(at, when), NEXT)
        upgrade(copy, CrashingDisk(0, "before"), NEXT)
        assert version(copy / STATE_FILE) == len(NEXT)
        assert version(former(copy)) == len(MIGRATIONS)


def test_a_format_of_the_first_version_opens_as_it_stood(tmp_path: Path, folder: Path) -> None:
    old = tmp_path / "old"
    Archive.create(old)
    open_state(old, CrashingDisk(0, "before"), MIGRATIONS[:1]).close()
    shutil.copytree(folder / "warc", old / "warc", dirs_exist_ok=True)
    assert repair(old, NOON).left == ()
    assert check(old) == []
    assert version(old / STATE_FILE) == len(MIGRATIONS)


def test_a_newer_format_is_refused_and_nothing_is_changed(folder: Path) -> None:
    upgrade(folder, CrashingDisk(0, "before"), NEXT)
    before = (folder / STATE_FILE).read_bytes()
    with pytest.raises(StopError, match="made by a newer postkeep"):
        open_to_read(folder)
    assert (folder / STATE_FILE).read_bytes() == before
