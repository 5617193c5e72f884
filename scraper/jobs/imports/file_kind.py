"""What kind of file somebody hands us, by its first bytes rather than by its name."""

import io
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path
from typing import BinaryIO, Final

from scraper.archive.foreign_heads import ARC, BOM
from scraper.archive.unpacked import PADDING, BrokenError, Unpacked
from scraper.errors import SkippableError
from scraper.jobs.imports.har import is_har
from scraper.jobs.imports.mhtml import is_mhtml
from scraper.jobs.imports.other_files import UNKNOWN, OtherFileError, begins_zip, other_file, other_text
from scraper.jobs.imports.self_extracting import is_self_extracting
from scraper.model.coding import packed_as
from scraper.page.charset import utf16_without_mark

HEAD: Final = 65_536
"""So many bytes of a file tell what it is."""

# What WARC and ARC files begin with.
_WARC_BEGINNINGS: Final = (b"WARC/", b"FILEDESC:")
_LONGEST_BEGINNING: Final = max(map(len, _WARC_BEGINNINGS))
_WARC_NAME: Final = re.compile(r"\.w?arc\b", re.IGNORECASE)
_TAR_AT: Final = 257
_TAR: Final = b"ustar"
_WITHOUT_CONTROLS: Final = (b"%PDF-", b"{\\rtf")
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|script|div|title)[\s>/]", re.IGNORECASE)
# Tab, line feed, vertical tab, form feed and carriage return are all that text has of the C0 controls.
_CONTROLS: Final = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0B, 0x0C, 0x0D})
# A stray backspace happens in pages people wrote; more than one control in a hundred bytes does not.
_BINARY_SHARE: Final = 0.01


class FileKind(Enum):
    """The kinds of file that can be imported; any but ``ZIP``, which is a WACZ or pages, may be packed with gzip or zstd."""

    WARC = auto()
    ZIP = auto()
    TAR = auto()
    HTML = auto()
    MHTML = auto()
    HAR = auto()
    SELF_EXTRACTING = auto()
    TEXT = auto()


def kind_of(path: Path) -> FileKind:
    """The kind of a file on disk.

    Raises:
        SkippableError: it cannot be read, is empty, or is none of the kinds; the message says which.
    """
    with opened(path) as file:
        try:
            return kind_by_head(file.read(HEAD), str(path))
        except OSError as error:
            raise unreadable(path, error) from error


def kind_by_head(head: bytes, name: str) -> FileKind:
    """The kind of a file, by its first ``HEAD`` bytes or all it has; ``name`` is for sentences, and its ending for damaged files.

    Raises:
        OtherFileError: it is none of the kinds; the message says what it is instead.
        SkippableError: it is empty.
    """
    if not head.strip():
        raise SkippableError(f"{name} is empty.")
    if begins_zip(head):
        return FileKind.ZIP
    is_packed = packed_as(head) is not None
    inner = _unpacked(head) if is_packed else head
    if kind := _kind_of_beginning(inner):
        return kind
    if inner.strip() and not _is_binary(inner):
        return _kind_of_text(inner, name, is_packed=is_packed)
    if is_packed and _WARC_NAME.search(name.rpartition("/")[2]):
        # Its beginning is damaged; what can be read of the rest is for its reader to say.
        return FileKind.WARC
    if not inner.strip():
        raise SkippableError(f"{name} is packed, and there is nothing in it or it does not unpack.")
    raise OtherFileError(name, other_file(inner) or UNKNOWN, is_packed=is_packed)


def _kind_of_beginning(head: bytes) -> FileKind | None:
    """The kind of a file, packed or not, that begins as no other kind does."""
    start = head.removeprefix(BOM).lstrip(PADDING)
    if start[:_LONGEST_BEGINNING].upper().startswith(_WARC_BEGINNINGS) or ARC.begins(start):
        return FileKind.WARC
    if head[_TAR_AT:].startswith(_TAR):
        return FileKind.TAR
    if is_mhtml(head):
        return FileKind.MHTML
    if is_har(head):
        return FileKind.HAR
    return FileKind.SELF_EXTRACTING if is_self_extracting(head) else None


def _kind_of_text(head: bytes, name: str, *, is_packed: bool) -> FileKind:
    if other := other_text(head):
        raise OtherFileError(name, other, is_packed=is_packed)
    wide = _utf16(head)
    start = head.decode(wide, "ignore").encode("utf-8", "ignore") if wide else head
    return FileKind.HTML if _HTML.search(start) else FileKind.TEXT


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file on disk, open for reading.

    Raises:
        SkippableError: it is no file, or cannot be opened.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise SkippableError(f"{path} is a folder. Name the files in it.")
        if not stat.S_ISREG(mode):
            # A pipe gives its bytes once: what is looked at here would be missing from what is kept.
            raise SkippableError(f"{path} is no file on disk. Save what it gives to a file, and import that.")
        file = path.open("rb")
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    with file:
        yield file


def unreadable(path: Path, error: Exception) -> SkippableError:
    """The error for a file or folder that the medium does not give."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return SkippableError(f"{path} cannot be read: {reason}.")


def _unpacked(head: bytes) -> bytes:
    """The beginning of what is packed in a file."""
    try:
        return Unpacked(io.BytesIO(head)).look(HEAD)
    except BrokenError:
        return b""


def _is_binary(head: bytes) -> bool:
    # The head of a packed file has zeros where UTF-16 has them too; the others hold little else than text in their beginnings.
    if packed_as(head) is not None or head.startswith(_WITHOUT_CONTROLS):
        return True
    if _utf16(head):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return b"\0" in head or controls > _BINARY_SHARE * len(head)


def _utf16(head: bytes) -> str | None:
    return "utf-16" if head.startswith(_UTF16) else utf16_without_mark(head)
