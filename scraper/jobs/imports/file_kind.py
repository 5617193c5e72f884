"""What kind of file somebody hands us, by its first bytes rather than by its name."""

import io
import re
from enum import Enum, auto
from pathlib import Path
from typing import Final

from scraper.archive.foreign_heads import ARC, BOM
from scraper.archive.unpacked import PADDING, BrokenError, Unpacked
from scraper.errors import SkippableError
from scraper.jobs.imports.har import is_har
from scraper.jobs.imports.mhtml import is_mhtml
from scraper.jobs.imports.self_extracting import is_self_extracting
from scraper.model.coding import packed_as
from scraper.page.charset import utf16_without_mark

HEAD: Final = 65_536
"""So many bytes of a file tell what it is."""

_LOOK: Final = 512
# What WARC and ARC files begin with.
_WARC_BEGINNINGS: Final = (b"WARC/", b"filedesc:")
_WARC_NAME: Final = re.compile(r"\.w?arc\b", re.IGNORECASE)
_TAR_AT: Final = 257
_CONTAINERS: Final = (
    (b"\x1f\x8b", "a gzip file of something else"),
    (b"\x28\xb5\x2f\xfd", "a zstd file of something else"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\0", "an xz file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x04\x22\x4d\x18", "an lz4 file"),
    (b"%PDF-", "a PDF document"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"bplist00", "a binary property list, such as a Safari webarchive"),
)
_ZIP: Final = b"PK\x03\x04"
_PDF: Final = b"%PDF-"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|script|div|title)[\s>/]", re.IGNORECASE)
# Tab, line feed, vertical tab, form feed and carriage return are all that text has of the C0 controls.
_CONTROLS: Final = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0B, 0x0C, 0x0D})
# A stray backspace happens in pages people wrote; more than one control in a hundred bytes does not.
_BINARY_SHARE: Final = 0.01


class FileKind(Enum):
    """The kinds of file that can be imported."""

    WARC = auto()
    WACZ = auto()
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
    return kind_by_head(_head(path), str(path))


def kind_by_head(head: bytes, name: str) -> FileKind:
    """The kind of a file, by its first ``HEAD`` bytes or all it has; ``name`` is for sentences, and its ending for damaged files.

    Raises:
        SkippableError: it is empty, or is none of the kinds; the message says which.
    """
    if not head.strip():
        raise SkippableError(f"{name} is empty.")
    if head.startswith(_ZIP):
        return FileKind.WACZ
    start = _unpacked(head).removeprefix(BOM).lstrip(PADDING)
    if start.startswith(_WARC_BEGINNINGS) or ARC.begins(start):
        return FileKind.WARC
    if is_mhtml(head):
        return FileKind.MHTML
    if is_har(head):
        return FileKind.HAR
    if is_self_extracting(head):
        return FileKind.SELF_EXTRACTING
    if _is_binary(head):
        if _WARC_NAME.search(name.rpartition("/")[2]) and packed_as(head):
            # Its beginning is damaged; what can be read of the rest is for its reader to say.
            return FileKind.WARC
        raise SkippableError(
            f"{name} is {_container(head)}. Such files are not read. "
            "Give a WARC, ARC or WACZ file, saved HTML, or text."
        )
    wide = _utf16(head)
    start = head.decode(wide, "ignore").encode("utf-8", "ignore") if wide else head
    return FileKind.HTML if _HTML.search(start) else FileKind.TEXT


def _head(path: Path) -> bytes:
    if path.is_dir():
        raise SkippableError(f"{path} is a folder. Name the files in it.")
    if path.exists() and not path.is_file():
        # A pipe gives its bytes once: what is looked at here would be missing from what is kept.
        raise SkippableError(f"{path} is no file on disk. Save what it gives to a file, and import that.")
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError as error:
        raise SkippableError(f"{path} cannot be read: {error.strerror or error}.") from error


def _unpacked(head: bytes) -> bytes:
    """The beginning of what is packed in a file, or of the file itself."""
    if not packed_as(head):
        return head
    try:
        return Unpacked(io.BytesIO(head)).look(_LOOK)
    except BrokenError:
        return b""


def _container(head: bytes) -> str:
    """What a binary file is by its first bytes, for a sentence."""
    names = (name for magic, name in _CONTAINERS if head.startswith(magic))
    if head[_TAR_AT:].startswith(b"ustar"):
        return "a tar archive"
    return next(names, "a binary file of no kind that is known")


def _is_binary(head: bytes) -> bool:
    # The head of a packed file has zeros where UTF-16 has them too.
    if packed_as(head) is not None or head.startswith(_PDF):
        return True
    if _utf16(head):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return b"\0" in head or controls > _BINARY_SHARE * len(head)


def _utf16(head: bytes) -> str | None:
    return "utf-16" if head.startswith(_UTF16) else utf16_without_mark(head)
