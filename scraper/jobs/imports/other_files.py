"""Files that hold no pages which can be read, told by their first bytes: what they are, and what to do instead."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from scraper.errors import SkippableError

_UNPACK: Final = "Unpack it, and import the folder."
_SAVE: Final = "Save the page itself as HTML or MHTML in a browser, or its text as a text file."
_KINDS: Final = (
    "Give a WARC, ARC or WACZ file, saved HTML, MHTML or HAR, text, or a folder, ZIP or tar file of them."
)

PICTURES: Final = "Pictures."
FONTS: Final = "Fonts."
RECORDINGS: Final = "Sound and video."
DOCUMENTS: Final = "Documents that are no web pages, such as PDF and Word files."
DATABASES: Final = "Databases and data files."
PROGRAMS: Final = "Programs."
OF_MIRRORING: Final = "Files of tools that mirror sites, such as their cookies."


@dataclass(frozen=True, slots=True)
class OtherFile:
    """What a file is in a sentence, and what to do with it; in a folder it is passed over for the reason ``in_folder``.

    Where that is None it may hold pages, or be one that is damaged, so that nothing passes over it.
    """

    what: str
    in_folder: str | None = None
    remedy: str = _KINDS


class OtherFileError(SkippableError):
    """A file that is none of the kinds that are read; ``in_folder`` as in ``OtherFile``."""

    def __init__(self, name: str, file: OtherFile, *, is_packed: bool = False) -> None:
        what = f"{file.what}, packed" if is_packed else file.what
        super().__init__(f"{name} is {what}. Such files are not read. {file.remedy}")
        self.in_folder = file.in_folder


UNKNOWN: Final = OtherFile("a binary file of no kind that is known")
_WEBARCHIVE: Final = OtherFile(
    "a binary property list, such as a Safari webarchive",
    remedy="On a Mac `textutil -convert html FILE` makes HTML of a webarchive; or save the page as source in Safari.",
)
_BY_MAGIC: Final[tuple[tuple[re.Pattern[bytes], OtherFile], ...]] = tuple(
    (re.compile(pattern, re.DOTALL), file)
    for pattern, file in (
        (rb"\x1f\x8b", OtherFile("a gzip file", remedy=_UNPACK)),
        (rb"\x28\xb5\x2f\xfd", OtherFile("a zstd file", remedy=_UNPACK)),
        (rb"PK[\x01-\x08][\x02-\x08]", OtherFile("a ZIP file", remedy=_UNPACK)),
        (rb".{257}ustar", OtherFile("a tar archive", remedy=_UNPACK)),
        (rb"BZh[1-9]", OtherFile("a bzip2 file", remedy=_UNPACK)),
        (rb"\xfd7zXZ\0", OtherFile("an xz file", remedy=_UNPACK)),
        (rb"7z\xbc\xaf\x27\x1c", OtherFile("a 7z archive", remedy=_UNPACK)),
        (rb"Rar!\x1a\x07", OtherFile("a RAR archive", remedy=_UNPACK)),
        (rb"MSCF", OtherFile("a Windows cabinet file", remedy=_UNPACK)),
        (rb"EGGA", OtherFile("an EGG archive of ALZip", remedy=_UNPACK)),
        (rb"ALZ\x01", OtherFile("an ALZ archive of ALZip", remedy=_UNPACK)),
        (rb"\x04\x22\x4d\x18", OtherFile("an lz4 file", remedy=_UNPACK)),
        (rb"ITSF", OtherFile("a compiled HTML help file (CHM)", remedy=_UNPACK)),
        (
            rb"ZIM\x04",
            OtherFile("a ZIM file of Kiwix", remedy="Export its pages with zimdump, and import the folder."),
        ),
        (rb"bplist00", _WEBARCHIVE),
        (rb"%PDF-", OtherFile("a PDF document", DOCUMENTS, _SAVE)),
        (rb"\{\\rtf", OtherFile("an RTF document", DOCUMENTS, _SAVE)),
        (
            rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            OtherFile("a document of Office 97 to 2003, or of Hangul (HWP)", DOCUMENTS, _SAVE),
        ),
        (rb"HWP Document File", OtherFile("a Hangul document (HWP)", DOCUMENTS, _SAVE)),
        (rb"SQLite format 3\0", OtherFile("a SQLite database", DATABASES)),
        (rb"PAR1", OtherFile("a Parquet file", DATABASES)),
        (rb"\x89PNG", OtherFile("a PNG picture", PICTURES)),
        (rb"\xff\xd8\xff", OtherFile("a JPEG picture", PICTURES)),
        (rb"GIF8", OtherFile("a GIF picture", PICTURES)),
        (rb"RIFF.{4}WEBP", OtherFile("a WebP picture", PICTURES)),
        (rb".{4}ftyp(?:avif|heic|mif1)", OtherFile("an AVIF or HEIC picture", PICTURES)),
        (rb"BM.{4}\0\0\0\0", OtherFile("a BMP picture", PICTURES)),
        (rb"\0\0[\x01\x02]\0", OtherFile("an icon", PICTURES)),
        (rb"II\*\0|MM\0\*", OtherFile("a TIFF picture", PICTURES)),
        (rb"wOF[F2]|OTTO|\0\x01\0\0\0", OtherFile("a font", FONTS)),
        (
            rb".{4}ftyp|\x1a\x45\xdf\xa3|OggS|ID3|\xff\xfb|fLaC|RIFF.{4}(?:WAVE|AVI )",
            OtherFile("sound or video", RECORDINGS),
        ),
        (rb"\x7fELF|MZ|\xcf\xfa\xed\xfe|\0asm", OtherFile("a program", PROGRAMS)),
    )
)
_WORKBOOK: Final = OtherFile("an Excel workbook", DOCUMENTS, "Save it as CSV, and name it with --from.")
_IWORK: Final = OtherFile("a document of Apple's iWork", DOCUMENTS, _SAVE)
_PACKAGE: Final = OtherFile("a Java or Android package", PROGRAMS)
# ZIP files by a name that is among their members.
_BY_MEMBER: Final = {
    "word/document.xml": OtherFile("a Word document", DOCUMENTS, _SAVE),
    "xl/workbook.xml": _WORKBOOK,
    "xl/workbook.bin": _WORKBOOK,
    "ppt/presentation.xml": OtherFile("a PowerPoint presentation", DOCUMENTS, _SAVE),
    "Contents/section0.xml": OtherFile("a Hangul document (HWPX)", DOCUMENTS, _SAVE),
    "META-INF/container.xml": OtherFile("an EPUB book", DOCUMENTS, _SAVE),
    "META-INF/manifest.xml": OtherFile("an OpenDocument file", DOCUMENTS, _SAVE),
    "Index/Document.iwa": _IWORK,
    "Index.zip": _IWORK,
    "META-INF/MANIFEST.MF": _PACKAGE,
    "AndroidManifest.xml": _PACKAGE,
}
_MBOX: Final = re.compile(rb"From \S+[^\n]*\d{2}:\d{2}:\d{2}[^\n]*\n[!-9;-~]+:[ \t]")
# As browsers' tools, curl, wget and HTTrack write them.
_COOKIES: Final = re.compile(
    rb"\s*#[ \t]*(?:netscape|httrack website copier|http)(?: http)? cookie file\b", re.IGNORECASE
)
_COOKIE_FILE: Final = OtherFile(
    "a file of cookies", OF_MIRRORING, "What tells a site who asks is not kept. Leave it out."
)
_PLIST: Final = re.compile(rb"\s*<\?xml[^>]*>\s*<!DOCTYPE plist")
_MAILBOX: Final = OtherFile(
    "a mailbox (mbox)", remedy="Save its messages one by one as MHTML or HTML, and import their folder."
)
_SPLIT: Final = re.compile(rb"PK\x07\x08")
_IS_ZIP: Final = re.compile(rb"PK(?:\x03\x04|\x05\x06)")


def begins_zip(head: bytes) -> bool:
    """Whether a file that begins so is a ZIP file, an empty one included."""
    return _IS_ZIP.match(head) is not None


def other_file(head: bytes) -> OtherFile | None:
    """What a file is that begins so, where no pages are read out of such files; None where nothing tells."""
    if _SPLIT.match(head):
        return OtherFile("a part of a ZIP file that was split", remedy=_UNPACK)
    return next((file for magic, file in _BY_MAGIC if magic.match(head)), None)


def other_text(head: bytes) -> OtherFile | None:
    """As ``other_file``, of a file that is text."""
    if _MBOX.match(head):
        return _MAILBOX
    if _COOKIES.match(head):
        return _COOKIE_FILE
    return _WEBARCHIVE if _PLIST.match(head) else None


def other_zip(names: Iterable[str]) -> OtherFile | None:
    """What a ZIP file is that has members of these names; None where it may be one of pages."""
    return next((file for name in names if (file := _BY_MEMBER.get(name))), None)
