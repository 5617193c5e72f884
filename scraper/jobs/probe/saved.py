"""One page out of a file: saved HTML, the text of a page, or a capture in a WARC or ARC file."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote
from uuid import uuid4

from scraper.archive.compose import ForeignRecord
from scraper.archive.foreign import read_foreign
from scraper.archive.message import read_message
from scraper.archive.replay import BODY_LIMIT
from scraper.archive.warc import payload_digest
from scraper.archive.warc_file import WarcFile
from scraper.errors import SkippableError, UsageError
from scraper.jobs.imports.bounds import limit_of, unpacked
from scraper.jobs.imports.file_kind import FileKind, kind_of
from scraper.jobs.imports.pages import pages_of
from scraper.jobs.imports.saved_page import NotTaken, SavedPage
from scraper.model.capture import Capture
from scraper.model.coding import decode_content
from scraper.model.exchange import REDIRECT_STATUSES
from scraper.model.url import identity, parse_url, without_credentials
from scraper.page.document import MARKUP_TYPES, Document
from scraper.reading.document_reading import note_origin

# Names under .invalid are nobody's (RFC 2606 section 2).
_NOWHERE: Final = "https://saved.invalid/"


@dataclass(frozen=True, slots=True)
class ProbedPage:
    """A page out of a file, with sentences on how its URL was found out."""

    capture: Capture
    notes: tuple[str, ...] = ()


def read_saved(path: Path, url: str | None, captured_at: datetime | None) -> ProbedPage:
    """The page in a file. ``url`` and ``captured_at`` (aware) are what the user says of it; in a WARC file ``url`` chooses one.

    Raises:
        SkippableError: the file cannot be read, or holds no page, or several to choose from.
        UsageError: ``url`` is none, or a time is said of captures that have their own.
    """
    if url is not None and parse_url(url) is None:
        raise UsageError(f"--url {url}: write it as an http(s) URL, such as https://example.org/post.")
    kind = kind_of(path)
    if kind in {FileKind.ZIP, FileKind.TAR}:
        raise SkippableError(
            f"{path} is a package of files. Unpack it, and name one of them; or take it in with `postkeep import`."
        )
    if kind is FileKind.WARC:
        if captured_at is not None:
            raise UsageError(f"{path} says itself when its pages were. Leave out --captured-at.")
        return ProbedPage(_captured(path, url))
    return _saved(path, _page_in(path, kind, url), url, captured_at)


def _page_in(path: Path, kind: FileKind, url: str | None) -> SavedPage:
    """The one page in a file, or that of its pages which was at ``url``."""
    try:
        found = list(pages_of(unpacked(path.read_bytes(), str(path), limit_of(kind)), str(path), kind))
    except OSError as error:
        raise SkippableError(f"{path} cannot be read: {error.strerror or error}.") from error
    pages = [each for each in found if isinstance(each, SavedPage)]
    if len(pages) > 1 and url:
        pages = [page for page in pages if page.url and identity(page.url) == identity(url)][-1:]
    if len(pages) > 1:
        urls = ", ".join(page.url or page.name for page in pages[:3])
        raise SkippableError(f"{path} holds several pages, {urls} among them. Choose one with --url.")
    if not pages:
        reason = next((each.reason for each in found if isinstance(each, NotTaken)), "")
        raise SkippableError(f"{path} holds no page{f' of {url}' if url else ''}. {reason}".rstrip())
    return pages[0]


def _saved(path: Path, saved: SavedPage, url: str | None, captured_at: datetime | None) -> ProbedPage:
    at = captured_at or saved.captured_at
    page = Capture(
        record_id=uuid4().urn,
        url=without_credentials(url or saved.url or ""),
        status=None,
        headers=(("content-type", saved.media_type),),
        body=saved.body,
        captured_at=at,
        captured_at_basis="asserted" if at else "unknown",
        payload_digest=payload_digest(saved.body),
        asked_with=saved.asked.personal,
    )
    document = Document(page)
    note_origin(document)
    if document.capture.url:
        return ProbedPage(document.capture)
    page = document.capture
    note = "The file does not say where its page was, which tells its site and helps to tell what it is. Say it with --url."
    return ProbedPage(replace(page, url=_NOWHERE + quote(path.name)), (note,))


def _captured(path: Path, url: str | None) -> Capture:
    """The last capture of ``url`` in a WARC file that is no redirect; of None the one page that the file holds."""
    wanted = identity(url) if url else None
    page: Capture | None = None
    for capture in _captures(path, wanted):
        if wanted is None and page is not None and identity(page.url) != identity(capture.url):
            raise SkippableError(
                f"{path} holds several pages, {page.url} and {capture.url} among them. Choose one with --url."
            )
        page = capture
    if page is None:
        which = f"no capture of {url} that is a whole answer" if url else "no page of markup"
        raise SkippableError(f"{path} holds {which}. `postkeep import` lists what is in it.")
    return page


def _captures(path: Path, wanted: str | None) -> Iterator[Capture]:
    records = read_foreign(WarcFile.at(path), wanted=lambda url: wanted is None or identity(url) == wanted)
    for record in records:
        if not isinstance(record, ForeignRecord) or record.refers is not None:
            continue
        capture = _capture_of(record)
        is_page = capture.media_type in MARKUP_TYPES and capture.status in {None, 200}
        if is_page if wanted is None else capture.status not in REDIRECT_STATUSES:
            yield capture


def _capture_of(record: ForeignRecord) -> Capture:
    message = read_message(record.block) if record.is_response else None
    headers = message.headers if message else (("content-type", record.content_type),)
    decoded = decode_content(message.payload if message else record.block, headers, BODY_LIMIT)
    return Capture(
        record_id=uuid4().urn,
        url=record.url,
        status=message.status if message else None,
        headers=headers,
        body=decoded.body,
        captured_at=record.time.at,
        captured_at_basis=record.time.basis,
        payload_digest=record.payload_digest,
        truncated=record.truncated or decoded.truncated,
        asked_with=record.asked_with,
    )
