"""The pages in one file, by its kind."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from scraper.errors import SkippableError
from scraper.jobs.imports.bounds import Read, limit_of, read_up_to, too_large, unpacked
from scraper.jobs.imports.file_kind import HEAD, FileKind, kind_by_head
from scraper.jobs.imports.har import read_har
from scraper.jobs.imports.member import Member
from scraper.jobs.imports.mhtml import read_mhtml
from scraper.jobs.imports.no_pages import reason_against_kind
from scraper.jobs.imports.other_files import OtherFileError
from scraper.jobs.imports.saved_page import NotTaken, SavedPage
from scraper.jobs.imports.self_extracting import read_self_extracting


def _html(body: bytes, name: str) -> Iterator[SavedPage | NotTaken]:
    yield SavedPage(name, body, "text/html")


def _text(body: bytes, name: str) -> Iterator[SavedPage | NotTaken]:
    yield SavedPage(name, body, "text/plain")


# How the pages of a kind of file are told from its bytes and its name.
_READERS: Final[Mapping[FileKind, Callable[[bytes, str], Iterator[SavedPage | NotTaken]]]] = {
    FileKind.HTML: _html,
    FileKind.TEXT: _text,
    FileKind.MHTML: read_mhtml,
    FileKind.HAR: read_har,
    FileKind.SELF_EXTRACTING: read_self_extracting,
}
KINDS_OF_PAGES: Final = frozenset(_READERS)
"""The kinds of file that hold pages, and neither captures nor other files."""

_WHAT: Final = {
    FileKind.WARC: "a WARC file",
    FileKind.ZIP: "a ZIP file",
    FileKind.TAR: "a tar file",
}


def pages_of(body: bytes, name: str, kind: FileKind) -> Iterator[SavedPage | NotTaken]:
    """The pages in ``body``, which is the whole of a file of a ``kind`` among ``KINDS_OF_PAGES``; ``name`` as in ``SavedPage``."""
    return _READERS[kind](body, name)


def pages_after(head: bytes, read: Read, name: str, kind: FileKind) -> Iterator[SavedPage | NotTaken]:
    """As ``pages_of``, of a file of which ``head`` was read so far; it may be packed with gzip or zstd.

    Raises:
        SkippableError: it cannot be read, is damaged, or larger than pages are.
    """
    limit = limit_of(kind)
    body = head + read_up_to(read, limit + 1 - len(head))
    if len(body) > limit:
        raise too_large(name, limit)
    return pages_of(unpacked(body, name, limit), name, kind)


def pages_in_member(member: Member) -> Iterator[SavedPage | NotTaken]:
    """The pages in a file that lies within another.

    Raises:
        SkippableError: as ``pages_after``; or it is of a kind that is not read there.
    """
    head = read_up_to(member.read, HEAD)
    try:
        kind = kind_by_head(head, member.name)
    except OtherFileError as error:
        if error.in_folder:
            return iter((NotTaken(member.name, "skipped", error.in_folder),))
        raise
    if kind not in KINDS_OF_PAGES:
        raise SkippableError(
            f"{member.name} is {_WHAT[kind]} within another file. Unpack that, and import the folder."
        )
    if reason := reason_against_kind(member.path.rpartition("/")[2], kind):
        return iter((NotTaken(member.name, "skipped", reason),))
    return pages_after(head, member.read, member.name, kind)
