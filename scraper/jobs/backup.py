"""``postkeep backup``: a copy of what WARC files cannot rebuild: what a crawl owes, what was decided, and the key of the pseudonyms.

The WARC files are not part of it: they are large, are never changed once they are closed, and any tool copies them.
"""

import json
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from scraper.archive.disk import Disk, explained, sync_file, write_file
from scraper.archive.files import DECISIONS_FILE, KEY_FILE, OUTPUTS_FILE, WARC_FOLDER, require_archive
from scraper.archive.ledger import LEDGER_FOLDER, ledger_files
from scraper.archive.lock import Lock
from scraper.archive.state import STATE_FILE, copy_database
from scraper.errors import UsageError
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.settings import SETTINGS_FILE

MANIFEST: Final = "backup.json"
_SUFFIX: Final = ".part"
_FORMER: Final = ".former"


def backup(target: Path, workplace: Workplace) -> Report:
    """Copy into ``target`` what cannot be rebuilt; an item for each file written, the manifest last.

    The copy is made beside ``target`` and takes its place when it is whole; an earlier backup of the same archive
    is replaced. The archive's lock is held meanwhile, so that the files belong together.

    Raises:
        UsageError: the folder is no archive, ``target`` lies in it, or holds anything but a backup of it.
        ArchiveHeldError: another run holds the archive.
        ArchiveDamagedError: state.sqlite cannot be read.
        StopError: the medium refused; a former backup is as it was.
    """
    archive, disk = workplace.folder, workplace.disk
    require_archive(archive)
    _require_room_for_backup(archive, target)
    with Lock(archive), explained(target):
        part = target.with_name(target.name + _SUFFIX)
        shutil.rmtree(part, ignore_errors=True)
        disk.make_folder(part)
        part.chmod(0o700)
        copied = list(_copy_all(archive, part, disk))
        write_file(part / MANIFEST, _manifest(archive, part, copied), disk)
        disk.sync_folder(part)
        _put_in_place(part, target, disk)
    items = (Item(str(target / name), "done") for name in (*copied, MANIFEST))
    rest = f"The WARC files are not in it: copy {archive / WARC_FOLDER} too, with any tool."
    return Report(items=tuple(items), outputs=(str(target),), summary=(rest,))


def _copy_all(archive: Path, part: Path, disk: Disk) -> Iterator[str]:
    """The names of the files that were there to be copied, relative to the archive."""
    if (archive / STATE_FILE).is_file():
        copy_database(archive / STATE_FILE, part / STATE_FILE, disk)
        yield STATE_FILE
    names = (DECISIONS_FILE, SETTINGS_FILE, KEY_FILE, OUTPUTS_FILE)
    ledger = [f"{LEDGER_FOLDER}/{path.name}" for path in ledger_files(archive)]
    disk.make_folder(part / LEDGER_FOLDER)
    for name in (*names, *ledger):
        if (archive / name).is_file():
            shutil.copyfile(archive / name, part / name)
            disk.restrict(part / name)
            sync_file(part / name, disk)
            yield name
    disk.sync_folder(part / LEDGER_FOLDER)


def _manifest(archive: Path, part: Path, copied: list[str]) -> bytes:
    digests = {name: sha256((part / name).read_bytes()).hexdigest() for name in copied}
    about = {"backup_of": str(archive.resolve()), "sha256": digests}
    return (json.dumps(about, ensure_ascii=False, indent=2) + "\n").encode()


def _require_room_for_backup(archive: Path, target: Path) -> None:
    if target.resolve().is_relative_to(archive.resolve()):
        raise UsageError(
            f"{target} lies in the archive itself. Name a folder elsewhere, best on another disk."
        )
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    try:
        of = json.loads((target / MANIFEST).read_bytes())["backup_of"]
    except (OSError, ValueError, KeyError, TypeError):
        of = None
    if of is None:
        raise UsageError(f"{target} is not empty and no backup, so nothing was changed. Name a new folder.")
    if of != str(archive.resolve()):
        raise UsageError(f"{target} is a backup of {of}, so nothing was changed. Name another folder.")


def _put_in_place(part: Path, target: Path, disk: Disk) -> None:
    """Exchange the folders; a crash between the two renames leaves the former backup whole beside the new one."""
    former = target.with_name(target.name + _FORMER)
    shutil.rmtree(former, ignore_errors=True)
    if target.exists():
        disk.rename(target, former)
    disk.rename(part, target)
    disk.sync_folder(target.parent)
    shutil.rmtree(former, ignore_errors=True)
