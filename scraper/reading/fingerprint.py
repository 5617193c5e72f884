"""What decides how the archive reads: when any of it changes, every record is read again."""

import hashlib
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from scraper.records.contract import schema_folder
from scraper.settings import Settings

READING_ROOMS: Final = ("model", "page", "discussion", "sites", "reading", "records", "drift")
"""The rooms whose code decides what a visit is read as, and whether its reading is held."""


def reading_fingerprint(settings: Settings, key: bytes, package: Traversable | None = None) -> str:
    """A digest over the code that reads, the schema, the settings that shape rows, and the pseudonym key.

    The code itself is digested, not its version: so a corrected reader never leaves old records behind. ``package`` is
    the folder of all rooms, ours unless another is given.
    """
    package = package or resources.files("scraper")
    digest = hashlib.sha256()
    for room in READING_ROOMS:
        _add_folder(digest, package / room, ".py")
    _add_folder(digest, schema_folder(), ".schema.json")
    digest.update(repr(settings.shaping_readings).encode())
    digest.update(hashlib.sha256(b"fingerprint" + key).digest())
    return digest.hexdigest()


def _add_folder(digest: "hashlib._Hash", folder: Traversable, ending: str) -> None:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            _add_folder(digest, item, ending)
        elif item.name.endswith(ending):
            digest.update(item.name.encode() + b"\0" + item.read_bytes())
