"""Pseudonyms: keyed ids for people, and for comments that their site gives no id.

The key belongs to one archive and never leaves it. Without it neither the names behind the pseudonyms nor the
texts behind the derived ids can be guessed by trying.
"""

import hmac
import os
import secrets
import stat
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote
from typing import Final

from scraper.errors import ArchiveDamagedError, StopError
from scraper.model.record import AuthorBasis

KEY_BYTES: Final = 32
KEY_MEANS: Final = "With another key every author would get another id."
KEY_REMEDY: Final = "Restore it from a backup: with another key every author would get another id."
_AUTHOR_DIGITS: Final = 32
_COMMENT_DIGITS: Final = 12
_TAKEDOWN_DIGITS: Final = 16
_FINGERPRINT_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """The pseudonyms of one archive, made with its key of 256 bits."""

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) != KEY_BYTES:
            raise ValueError(f"a pseudonym key has {KEY_BYTES} bytes, not {len(self.key)}")

    def author_id(self, site: str, basis: AuthorBasis, native: str) -> str:
        """The pseudonym of a person: HMAC-SHA-256 over site, basis and the NFC form of id or name, as 32 hex."""
        return self._digest("author", site, basis, unicodedata.normalize("NFC", native))[:_AUTHOR_DIGITS]

    def comment_id(self, post_id: str, author_id: str | None, published_text: str, occurrence: int) -> str:
        """The id of a comment without one of its own: ``<post_id>#~<12 hex>-<occurrence>``.

        ``occurrence`` counts, from 1 and in page order, the comments of the post that share author and text.
        There is no date in it: relative dates move from visit to visit.
        """
        digest = self._digest("comment", post_id, author_id or "", published_text)[:_COMMENT_DIGITS]
        return f"{post_id}#~{digest}-{occurrence}"

    def takedown(self, subject: str) -> str:
        """What a publication says of a takedown that it honours: 16 hex, by which nobody else can tell the ``subject``."""
        return self._digest("takedown", subject)[:_TAKEDOWN_DIGITS]

    @property
    def fingerprint(self) -> str:
        """What tells the key from others, and nobody what it is: 16 hex, the same of all archives that share it."""
        return hmac.digest(self.key, b"postkeep archive", "sha256").hex()[:_FINGERPRINT_DIGITS]

    def _digest(self, *parts: str) -> str:
        # Each part is led by its length, so that no two lists of parts give the same message.
        encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
        message = b"".join(len(part).to_bytes(8, "big") + part for part in encoded)
        return hmac.digest(self.key, message, "sha256").hex()


def load_or_create_key(path: Path) -> bytes:
    """The archive's pseudonym key, made on first use; an existing file is never written to.

    Raises:
        ArchiveDamagedError: the file is no key of 256 bits, or others than its owner may read it.
        StopError: there is none, and the folder cannot be written.
    """
    if key := read_key(path):
        return key
    try:
        write_key(path, secrets.token_bytes(KEY_BYTES))
    except OSError as error:
        message = (
            f"{path.parent} has no pseudonym key, and none can be made there: {error.strerror}. If this is a copy, put the "
            f"{path.name} of the archive that it was copied from beside it; else let this user write there. {KEY_MEANS}"
        )
        raise StopError(message) from error
    if key := read_key(path):
        return key
    raise ArchiveDamagedError(f"The pseudonym key {path} is a link that leads nowhere. {KEY_REMEDY}")


def read_key(path: Path) -> bytes | None:
    """The archive's pseudonym key; None where it has none.

    Raises:
        ArchiveDamagedError: the file is no key of 256 bits, or others than its owner may read it.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return None
    if mode & 0o077:
        message = f"The pseudonym key {path} has mode {mode:04o}: others may read it. Run: chmod 600 {quote(str(path))}"
        raise ArchiveDamagedError(message)
    fault = key_fault(path)
    if fault:
        raise ArchiveDamagedError(f"The pseudonym key {path} {fault}. {KEY_REMEDY}")
    return path.read_bytes()


def key_fault(path: Path) -> str | None:
    """What is wrong with the file of a key, as the rest of a sentence about it; None where it holds a key."""
    size = len(path.read_bytes())
    if size == KEY_BYTES:
        return None
    return f"has {size} bytes instead of {KEY_BYTES}"


def write_key(path: Path, key: bytes) -> None:
    """Write a key beside ``path`` and link it into place, if there is none: it appears whole or not at all, and never twice."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
