"""The pages in one file's bytes, by the kind of the file."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from scraper.jobs.imports.file_kind import FileKind
from scraper.jobs.imports.har import read_har
from scraper.jobs.imports.mhtml import read_mhtml
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
"""The kinds of file that hold pages, and not captures."""


def pages_of(body: bytes, name: str, kind: FileKind) -> Iterator[SavedPage | NotTaken]:
    """The pages in ``body``, which is the whole of a file of a ``kind`` among ``KINDS_OF_PAGES``; ``name`` as in ``SavedPage``."""
    return _READERS[kind](body, name)
