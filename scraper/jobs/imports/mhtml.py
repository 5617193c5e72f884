"""A page out of an MHTML file (RFC 2557), as Chrome, Firefox, Internet Explorer, Opera and UnMHT save it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Final

from scraper.errors import SkippableError
from scraper.jobs.imports.saved_page import SavedPage
from scraper.model.capture import CapturedAtBasis
from scraper.model.url import Base, parse_url, without_credentials

# The first lines of such a file are fields (RFC 5322 section 2.2), among them these.
_FIELD: Final = re.compile(rb"[!-9;-~]+[ \t]*:")
_MIME: Final = re.compile(rb"^mime-version[ \t]*:", re.IGNORECASE | re.MULTILINE)
_OF_PAGES: Final = re.compile(
    rb"^content-type[ \t]*:\s*(?:multipart/(?:related|alternative|mixed)|text/html)\b",
    re.IGNORECASE | re.MULTILINE,
)
_CONTENT_TYPE: Final = re.compile(
    rb"[\r\n]content-type[ \t]*:\s*([a-z]+/?(?:html|xhtml\+xml)?)", re.IGNORECASE
)
_PARTS_OF_PAGES: Final = frozenset((b"text/html", b"application/xhtml+xml", b"multipart/", b"message/"))
# No page has so many pictures, nor so many lines that begin as parts do.
_MOST_PARTS: Final = 100_000
_LONGEST_FIELDS: Final = 65_536
_END_OF_FIELDS: Final = re.compile(rb"\r?\n\r?\n|\r\r")
_BEFORE_FIELDS: Final = b"\xef\xbb\xbf \t\r\n"
_PAGE_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
_CHARSET: Final = re.compile(r"[\w.:-]+", re.ASCII)
# UTC, and nothing about the zone of whoever saved (RFC 5322 section 3.3); Chrome writes it.
_UTC: Final = re.compile(r"-0000\b")
_WHOLE_PAGE: Final = re.compile(rb"</html\s*>\s*\Z", re.IGNORECASE)


def is_mhtml(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is MHTML."""
    start = head.lstrip(_BEFORE_FIELDS)
    if not _FIELD.match(start):
        return False
    end = _END_OF_FIELDS.search(start)
    fields = start[: end.start()] if end else start
    return _MIME.search(fields) is not None and _OF_PAGES.search(fields) is not None


def read_mhtml(data: bytes, name: str) -> Iterator[SavedPage]:
    """The page in the MHTML file ``name``; its frames, styles and pictures are none.

    The page is the part that ``start`` names (RFC 2387 section 3.2), else the one at the address of the whole, else the first of HTML.

    Raises:
        SkippableError: there is no page in it, or the file ends before the page does.
    """
    try:
        whole = BytesParser(policy=compat32).parsebytes(_without_resources(data.lstrip(_BEFORE_FIELDS)))
        page = _page_of(whole)
        if page is None:
            raise SkippableError(f"{name} is MHTML without a page in it.")
        body = _body(page)
    except (LookupError, ValueError, RecursionError) as error:
        raise SkippableError(
            f"{name} is MHTML that cannot be read ({error}). Save the page again."
        ) from error
    if not body.strip():
        raise SkippableError(f"{name} is MHTML, and its page is empty. Save the page again.")
    if _is_cut(whole, page) and not _WHOLE_PAGE.search(body):
        raise SkippableError(f"{name} is MHTML that ends before its page does. Save the page again.")
    saved_at = _saved_at(whole)
    basis: CapturedAtBasis = "asserted" if saved_at else "unknown"
    yield SavedPage(name, body, _media_type(page), _url(whole, page), saved_at, basis)


def _without_resources(data: bytes) -> bytes:
    """The file with nothing in the parts that are no pages: what is parsed costs ten times its size in memory, and most of a file is pictures."""
    boundary = BytesHeaderParser(policy=compat32).parsebytes(data[:_LONGEST_FIELDS]).get_boundary()
    if not boundary:
        return data
    mark = re.compile(rb"(?:\r\n?|\n)--" + re.escape(boundary.encode("ascii", "surrogateescape")))
    begins = [match.start() for match in mark.finditer(data)]
    if len(begins) > _MOST_PARTS:
        raise ValueError(f"it has more than {_MOST_PARTS} parts")
    kept = [data[: begins[0]]] if begins else [data]
    for begin, end in pairwise((*begins, len(data))):
        fields = _END_OF_FIELDS.search(data, begin + len(boundary), min(end, begin + _LONGEST_FIELDS))
        kind = _CONTENT_TYPE.search(data, begin, fields.start()) if fields else None
        is_page = kind is None or kind[1].lower() in _PARTS_OF_PAGES
        kept.append(data[begin:end] if is_page or fields is None else data[begin : fields.end()])
    pages = b"".join(kept)
    if pages.count(b"\n--") > _MOST_PARTS:
        raise ValueError(f"its parts have more than {_MOST_PARTS} parts")
    return pages


def _page_of(whole: Message) -> Message | None:
    pages = [
        part for part in whole.walk() if part.get_content_type() in _PAGE_TYPES and not part.is_multipart()
    ]
    start = _param(whole, "start")
    named = next((part for part in whole.walk() if start and _id(part) == _unbracketed(start)), None)
    within = [] if named is None else [part for part in named.walk() if part in pages]
    address = _field(whole, "Snapshot-Content-Location")
    there = [part for part in pages if address and _field(part, "Content-Location") == address]
    return next(iter((*within, *there, *pages)), None)


def _param(part: Message, name: str) -> str:
    value = part.get_param(name)
    return value if isinstance(value, str) else ""


def _id(part: Message) -> str:
    return _unbracketed(_field(part, "Content-ID"))


def _unbracketed(text: str) -> str:
    return text.strip().removeprefix("<").removesuffix(">")


def _field(part: Message, name: str) -> str:
    """The first value of a field without the white space that folding put into it; empty where there is none."""
    value = next((value for key, value in part.raw_items() if key.lower() == name.lower()), "")
    text = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if "=?" in text:
        try:
            text = str(make_header(decode_header(text)))
        except (HeaderParseError, LookupError, ValueError):
            return "".join(text.split())
    return "".join(text.split())


def _body(page: Message) -> bytes:
    body = page.get_payload(decode=True)
    return body if isinstance(body, bytes) else b""


def _media_type(page: Message) -> str:
    charset = page.get_content_charset()
    kind = page.get_content_type()
    return f"{kind}; charset={charset}" if charset and _CHARSET.fullmatch(charset) else kind


def _url(whole: Message, page: Message) -> str | None:
    """The http(s) address of the page; None where the file has only one of another kind, or none."""
    home = _field(whole, "Content-Location")
    location = _field(page, "Content-Location")
    there = Base(home).resolve(location) if location else None
    stated = (_field(whole, "Snapshot-Content-Location"), location, there or "", home)
    return next((without_credentials(url) for url in stated if parse_url(url)), None)


def _saved_at(whole: Message) -> datetime | None:
    """The moment of the Date field, in UTC; None where there is none, or none that says its zone."""
    raw = str(whole.get("Date", ""))
    try:
        moment = parsedate_to_datetime(raw)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC) if _UTC.search(raw) else None
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None


def _is_cut(whole: Message, page: Message) -> bool:
    """Whether the page is the last part of a file that has no end."""
    if not whole.is_multipart():
        return False
    last = list(whole.walk())[-1]
    return last is page and any(
        type(defect).__name__ == "CloseBoundaryNotFoundDefect" for defect in whole.defects
    )
