"""One pseudonym key for several archives, so that a person has the same pseudonym in each and their rows can be joined."""

import hmac
from pathlib import Path
from typing import Final

from scraper.archive.files import KEY_FILE, is_archive, is_used
from scraper.errors import UsageError
from scraper.records.people import KEY_REMEDY, load_or_create_key, read_key, write_key

_NOTHING_CHANGED: Final = "Nothing was changed."


def share_key(folder: Path, other: Path) -> None:
    """Give the archive ``folder``, which may not be there yet, the pseudonym key of ``other``, and nothing else of that.

    An archive in which nothing was ever kept gets its key now, so that shards can be made before the first of them is at work.

    Raises:
        UsageError: ``other`` is no archive or has lost its key, or ``folder`` is the same, has another key, or has lost its own.
        ArchiveDamagedError: a key is damaged, or others may read it.
        StopError: ``other`` has no key, and none can be written there.
        OSError: the key cannot be written.
    """
    if not is_archive(other):
        raise UsageError(f"--key-of {other}: that is no archive. Name the folder of one. {_NOTHING_CHANGED}")
    if folder.resolve() == other.resolve():
        raise UsageError(
            f"--key-of {other}: that is the very archive that is to get the key. {_NOTHING_CHANGED}"
        )
    _require_not_lost(other)
    own = read_key(folder / KEY_FILE)
    if own is None:
        _require_not_lost(folder)
    key = load_or_create_key(other / KEY_FILE)
    if own is None:
        folder.mkdir(parents=True, exist_ok=True)
        write_key(folder / KEY_FILE, key)
        own = load_or_create_key(folder / KEY_FILE)
    if not hmac.compare_digest(own, key):
        raise UsageError(
            f"{folder} has a pseudonym key of its own, and with another every author would get another id. {_NOTHING_CHANGED} "
            f"Name a new folder for an archive that shares the key of {other}."
        )


def _require_not_lost(archive: Path) -> None:
    """Raise UsageError where an archive has no key, and pages that were read under one."""
    if is_used(archive) and not (archive / KEY_FILE).exists():
        raise UsageError(f"{archive} has captures and no {KEY_FILE}. {KEY_REMEDY} {_NOTHING_CHANGED}")
