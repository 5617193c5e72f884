"""What kind of file somebody hands us, by its first bytes rather than by its name."""

import re
import zlib
from enum import Enum, auto
from pathlib import Path
from typing import Final

from scraper.errors import SkippableError
from scraper.page.charset import utf16_without_mark

_HEAD: Final = 65_536
_GZIP: Final = b"\x1f\x8b"
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
    TEXT = auto()


def kind_of(path: Path) -> FileKind:
    """The kind of a file.

    Raises:
        SkippableError: it cannot be read, is empty, or is none of the kinds; the message says which.
    """
    head = _head(path)
    if not head.strip():
        raise SkippableError(f"{path} is empty.")
    if head.startswith(_ZIP):
        return FileKind.WACZ
    if _unzipped(head).startswith(b"WARC/"):
        return FileKind.WARC
    if _is_binary(head):
        raise SkippableError(
            f"{path} is a binary file of a kind that is not read. Give a WARC or WACZ file, saved HTML, or text."
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
            return file.read(_HEAD)
    except OSError as error:
        raise SkippableError(f"{path} cannot be read: {error.strerror or error}.") from error


def _unzipped(head: bytes) -> bytes:
    if not head.startswith(_GZIP):
        return head
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, _HEAD)
    except zlib.error:
        return b""


def _is_binary(head: bytes) -> bool:
    if _utf16(head):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return head.startswith((_GZIP, _PDF)) or b"\0" in head or controls > _BINARY_SHARE * len(head)


def _utf16(head: bytes) -> str | None:
    return "utf-16" if head.startswith(_UTF16) else utf16_without_mark(head)
