"""Is the archive whole? Everything in it is read; what is wrong is said, and nothing is changed."""

import stat
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scraper.archive.files import KEY_FILE, is_archive, left_open, open_path, present_names, present_path
from scraper.archive.index import Index, Place
from scraper.archive.ledger import broken_lines, ledger_files, torn_bytes
from scraper.archive.lock import is_held
from scraper.archive.members import Damage, Member, scan
from scraper.archive.migrate import open_state_to_read
from scraper.archive.state import STATE_FILE, State
from scraper.errors import ArchiveDamagedError, StopError, UsageError
from scraper.settings import SETTINGS_FILE

_REPAIR: Final = "Run `postkeep check --repair`."
_BACKUP: Final = "Restore the file from a backup. Without one, what is said here is lost; all else goes on."


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with what. ``mendable`` says whether ``postkeep check --repair`` puts it right."""

    subject: str
    what: str
    remedy: str
    mendable: bool


def check(archive: Path) -> list[Problem]:
    """Every problem of an archive; empty where it is whole. Writes nothing.

    A file that a run is writing at this moment is looked at as far as it is committed.

    Raises:
        UsageError: the folder is no archive.
    """
    if not is_archive(archive):
        raise UsageError(f"{archive} is no archive. Name one with --archive.")
    return find_problems(archive, held=is_held(archive))


def find_problems(archive: Path, *, held: bool) -> list[Problem]:
    """As ``check``; ``held`` says whether a run is writing at this moment."""
    problems = list(_permission_problems(archive)) + list(_ledger_problems(archive, held=held))
    if not held:
        problems += [_left_open(archive, name) for name in left_open(archive)]
    with ExitStack() as opened:
        index = None
        try:
            if (archive / STATE_FILE).exists() or present_names(archive):
                state = opened.enter_context(open_state_to_read(archive))
                require_sound(state, archive)
                index = Index(state)
        except StopError as error:
            mendable = isinstance(error, ArchiveDamagedError)
            problems.append(Problem(str(archive / STATE_FILE), str(error), _REPAIR, mendable))
        problems += _warc_problems(archive, index)
    return problems


def require_sound(state: State, archive: Path) -> None:
    """Let SQLite look through its own file, and read the rows that steer what is read.

    Raises:
        ArchiveDamagedError: it finds damage.
    """
    found = [str(row[0]) for row in state.rows("PRAGMA integrity_check(1)")]
    if found != ["ok"]:
        raise ArchiveDamagedError(f"{archive / STATE_FILE} is damaged: {found[0]}. {_REPAIR}")
    try:
        Index(state).read_visits()
    except ValueError as error:
        raise ArchiveDamagedError(f"{archive / STATE_FILE} is damaged: {error}. {_REPAIR}") from error


def _warc_problems(archive: Path, index: Index | None) -> Iterator[Problem]:
    present = present_names(archive)
    for name in present:
        path = present_path(archive, name)
        if path is not None:
            yield from _file_problems(path, name, index)
    if index is None:
        return
    for name in sorted(set(index.files()) - set(present)):
        count = len(index.places(name))
        if count:
            yield Problem(name, f"The file is gone, and with it {count} records.", _BACKUP, mendable=False)
    for url, record_id, original in index.orphans():
        what = f"The revisit {record_id} of it has lost the capture with its payload, {original}."
        yield Problem(url, what, _BACKUP, mendable=False)
    for url, record_id in index.dangling():
        yield Problem(url, f"A visit of it has lost its capture {record_id}.", _BACKUP, mendable=False)


def _file_problems(path: Path, name: str, index: Index | None) -> Iterator[Problem]:
    """What is wrong in one file. One that was left open counts as far as it is committed: the rest is mended by
    the next run.
    """
    expected = {place.offset: place for place in index.places(name)} if index else {}
    is_open = path.name != name
    end = index.committed(name) if index and is_open else None
    if index is None and is_open:
        return
    for found in scan(path):
        if end is not None and found.offset >= end:
            break
        if isinstance(found, Damage):
            yield from _damage_problems(path, found, expected)
        else:
            yield from _member_problems(path, found, expected.pop(found.offset, None), index)
    for place in expected.values():
        what = f"The record {place.record_id} is not at byte {place.offset}, where the index has it."
        yield Problem(str(path), what, _BACKUP, mendable=False)


def _damage_problems(path: Path, damage: Damage, expected: dict[int, Place]) -> Iterator[Problem]:
    lost = [at for at in expected if damage.offset <= at < damage.offset + damage.length]
    names = ", ".join(expected.pop(at).record_id for at in lost) or "no record that the index knows"
    what = (
        f"{damage.length} bytes from byte {damage.offset} are damaged: {damage.reason}. Lost there: {names}."
    )
    yield Problem(str(path), what, _BACKUP, mendable=False)


def _member_problems(
    path: Path, member: Member, place: Place | None, index: Index | None
) -> Iterator[Problem]:
    if index is None:
        return
    record_id = member.record.record_id
    where = f"The record {record_id} at byte {member.offset}"
    if place is None:
        elsewhere = index.place(record_id)
        if elsewhere is None:
            yield Problem(str(path), f"{where} is not in the index.", _REPAIR, mendable=True)
        else:
            what = f"{where} lies in {elsewhere.file} too."
            yield Problem(str(path), what, "Remove the file that is a copy.", mendable=False)
    elif (place.record_id, place.sha256) != (record_id, member.sha256):
        yield Problem(str(path), f"{where} is not the one that the index has there.", _REPAIR, mendable=True)


def _left_open(archive: Path, name: str) -> Problem:
    what = "The file was not closed: the run that wrote it was cut off."
    return Problem(str(open_path(archive, name)), what, f"The next run closes it. {_REPAIR}", mendable=True)


def _ledger_problems(archive: Path, *, held: bool) -> Iterator[Problem]:
    for path in ledger_files(archive):
        if torn_bytes(path) and not held:
            yield Problem(str(path), "The last line was cut short by a crash.", _REPAIR, mendable=True)
        for number in broken_lines(path):
            yield Problem(str(path), f"Line {number} is no JSON object.", _BACKUP, mendable=False)


def _permission_problems(archive: Path) -> Iterator[Problem]:
    key, settings = archive / KEY_FILE, archive / SETTINGS_FILE
    if key.is_file() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        what = "Others can read the key, and so find out who is behind a pseudonym."
        yield Problem(str(key), what, f"Run `chmod 600 {key}`, or `postkeep check --repair`.", mendable=True)
    if settings.is_file() and stat.S_IMODE(settings.stat().st_mode) & 0o002:
        what = "Anyone on this machine can change the settings."
        yield Problem(str(settings), what, f"Run `chmod o-w {settings}`.", mendable=False)
