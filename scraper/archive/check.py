"""Is the archive whole? Everything in it is read; what is wrong is said, and nothing is changed."""

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scraper.archive.files import (
    KEY_FILE,
    left_open,
    open_path,
    present_names,
    present_path,
    require_archive,
    require_captures,
)
from scraper.archive.index import Index, RecordPlace
from scraper.archive.ledger import broken_lines, ledger_files, torn_bytes
from scraper.archive.lock import is_held
from scraper.archive.members import Damage, Member, scan
from scraper.archive.migrate import open_state_to_read
from scraper.archive.pending import is_taking_down
from scraper.archive.rebuilt import Rebuilt, differences, in_order, lost_with_their_visit, rebuilding
from scraper.archive.state import STATE_FILE, State
from scraper.errors import ArchiveDamagedError, StopError
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


def _unwatched(_: int) -> None:
    return


def check(
    archive: Path, read: Callable[[int], None] = _unwatched, *, held: bool | None = None
) -> list[Problem]:
    """Every problem of an archive; empty where it is whole. Writes nothing.

    ``read`` is told of each record of the WARC files how many bytes it takes there. A file that another run is writing at
    this moment, where ``held`` (None: asked of the lock), is looked at as far as it is committed.

    Raises:
        UsageError: the folder is no archive.
    """
    require_archive(archive)
    require_captures(archive)
    held = is_held(archive) if held is None else held
    problems = list(_permission_problems(archive)) + list(_ledger_problems(archive, held=held))
    if not held:
        problems += [_left_open(archive, name) for name in left_open(archive)]
        problems += _takedown_problems(archive)
    if not (archive / STATE_FILE).exists() and not present_names(archive):
        return problems
    of_files: list[Problem] = []
    try:
        # One after the other: what was attached is let go of before its file goes.
        with rebuilding() as rebuilt, open_state_to_read(archive) as state:
            require_sound(state, archive)
            of_files.extend(_kept_problems(_Examined(archive, held, state, Index(state), rebuilt, read)))
    except StopError as error:
        mendable = isinstance(error, ArchiveDamagedError)
        problems.append(Problem(str(archive / STATE_FILE), str(error), _REPAIR, mendable))
        of_files = of_files or list(_damages_without_index(archive))
    problems += of_files
    return problems


@dataclass(frozen=True, slots=True)
class _Examined:
    """An archive with its index, and the one that is rebuilt while its files are read."""

    folder: Path
    held: bool
    state: State
    index: Index
    rebuilt: Rebuilt
    read: Callable[[int], None]


def require_sound(state: State, archive: Path) -> None:
    """Let SQLite look through its own file, and read the rows that steer what is read.

    Raises:
        ArchiveDamagedError: it finds damage.
    """
    answers = [str(row[0]) for row in state.rows("PRAGMA integrity_check(1)")]
    if answers != ["ok"]:
        raise ArchiveDamagedError(f"{archive / STATE_FILE} is damaged: {answers[0]}. {_REPAIR}")
    # SQLite does not look at pages that it has no use for, so a cut through one of them at the end is for us to see.
    ((page_size,),) = state.rows("PRAGMA page_size")
    if (archive / STATE_FILE).stat().st_size % page_size:
        raise ArchiveDamagedError(
            f"{archive / STATE_FILE} is damaged: it was cut off within a page. {_REPAIR}"
        )
    try:
        Index(state).read_visits()
    except ValueError as error:
        raise ArchiveDamagedError(f"{archive / STATE_FILE} is damaged: {error}. {_REPAIR}") from error


def _kept_problems(kept: _Examined) -> Iterator[Problem]:
    """What is wrong with the WARC files, and with what the index says of them."""
    # What a running crawl commits from here on is not seen, so that files and index are of one moment.
    kept.state.execute("BEGIN")
    present = in_order(present_names(kept.folder), kept.index)
    missing: list[tuple[Path, RecordPlace]] = []
    for name in present:
        path = present_path(kept.folder, name)
        if path is not None:
            yield from _file_problems(path, name, kept, missing)
    for path, place in missing:
        if not kept.rebuilt.index.place(place.record_id):
            what = f"The record {place.record_id} is not at byte {place.offset}, where the index has it."
            yield Problem(str(path), what, _BACKUP, mendable=False)
    for name in sorted(set(kept.index.files()) - set(present)):
        count = sum(not kept.rebuilt.index.place(place.record_id) for place in kept.index.places(name))
        if count:
            yield Problem(name, f"The file is gone, and with it {count} records.", _BACKUP, mendable=False)
    for url, record_id, original in kept.rebuilt.index.orphans():
        what = f"The revisit {record_id} of it has lost the capture with its payload, {original}."
        yield Problem(url, what, _BACKUP, mendable=False)
    dangling = kept.rebuilt.index.dangling()
    kept.rebuilt.attach_to(kept.state)
    for url, record_id in (*dangling, *lost_with_their_visit(kept.state)):
        yield Problem(url, f"A visit of it has lost its capture {record_id}.", _BACKUP, mendable=False)
    for what in differences(kept.state):
        yield Problem(str(kept.folder / STATE_FILE), what, _REPAIR, mendable=True)


def _file_problems(
    path: Path, name: str, kept: _Examined, missing: list[tuple[Path, RecordPlace]]
) -> Iterator[Problem]:
    """What is wrong in one file, whose records the rebuilt index takes in; ``missing`` gets those that are not there.

    A file that was left open, or may be written now, counts as far as it is committed: the rest is mended by the next run.
    """
    expected = {place.offset: place for place in kept.index.places(name)}
    is_open = path.name != name
    end = kept.index.committed(name) if is_open or kept.held else None
    for stretch in scan(path):
        if end is not None and stretch.offset >= end:
            break
        kept.read(stretch.length)
        if isinstance(stretch, Damage):
            yield from _damage_problems(path, stretch, expected)
        else:
            yield from _member_problems(path, stretch, expected.pop(stretch.offset, None), kept)
            kept.rebuilt.index.add(name, stretch)
    missing += [(path, place) for place in expected.values()]


def _damages_without_index(archive: Path) -> Iterator[Problem]:
    """What is damaged in closed files, where no index says what they should hold."""
    for name in present_names(archive):
        path = present_path(archive, name)
        if path is not None and path.name == name:
            for stretch in scan(path):
                if isinstance(stretch, Damage):
                    yield from _damage_problems(path, stretch, {})


def _damage_problems(path: Path, damage: Damage, expected: dict[int, RecordPlace]) -> Iterator[Problem]:
    lost = [at for at in expected if damage.offset <= at < damage.offset + damage.length]
    names = ", ".join(expected.pop(at).record_id for at in lost) or "no record that the index knows"
    what = (
        f"{damage.length} bytes from byte {damage.offset} are damaged: {damage.reason}. Lost there: {names}."
    )
    yield Problem(str(path), what, _BACKUP, mendable=False)


def _member_problems(
    path: Path, member: Member, place: RecordPlace | None, kept: _Examined
) -> Iterator[Problem]:
    record_id = member.record.record_id
    where = f"The record {record_id} at byte {member.offset}"
    if place is None:
        elsewhere = kept.index.place(record_id)
        if elsewhere is None:
            yield Problem(str(path), f"{where} is not in the index.", _REPAIR, mendable=True)
        elif kept.rebuilt.index.place(record_id):
            what = f"{where} lies in {elsewhere.file} too."
            yield Problem(str(path), what, "Remove the file that is a copy.", mendable=False)
        else:
            what = f"{where} is in the index at byte {elsewhere.offset} of {elsewhere.file}."
            yield Problem(str(path), what, _REPAIR, mendable=True)
    elif (place.record_id, place.length, place.sha256) != (record_id, member.length, member.sha256):
        yield Problem(str(path), f"{where} is not the one that the index has there.", _REPAIR, mendable=True)


def _left_open(archive: Path, name: str) -> Problem:
    what = "The file was not closed: the run that wrote it was cut off."
    return Problem(str(open_path(archive, name)), what, f"The next run closes it. {_REPAIR}", mendable=True)


def _takedown_problems(archive: Path) -> list[Problem]:
    if not is_taking_down(archive):
        return []
    what = "A takedown was cut off: what is to be forgotten may still be there."
    return [
        Problem(
            str(archive), what, "Any run but `check` completes it, `postkeep extract` say.", mendable=False
        )
    ]


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
