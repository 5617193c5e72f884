"""What a document is that no site knows, where it is no whole page: too large, coded or packed, or a form to sign in."""

from collections.abc import Iterator
from typing import Final

from scraper.model.coding import decode_content
from scraper.page.absence import Notice, said_instead
from scraper.page.document import Document

_LARGE: Final = 64 << 20
_CONTAINERS: Final = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
)
_NOTICES: Final[dict[Notice, str]] = {
    "missing": "it says that there is no such page (any more)",
    "trouble": "it is an error page",
}
SIGN_IN: Final = 'form input[type="password" i]'


def seen_instead(document: Document) -> str | None:
    """What was seen, in words that go on a sentence; None where it is a page like any other."""
    return broken_page(document) or (next(_signs_of_page(document), None) if document.is_markup else None)


def broken_page(document: Document) -> str | None:
    """The same of an answer that is no page, or not the whole of one."""
    return next(_signs(document), None)


def _signs(document: Document) -> Iterator[str]:
    capture = document.capture
    # Its body is decoded as far as its coding is known: what is left over has none that is.
    coding = decode_content(capture.body, capture.headers, len(capture.body)).opaque_coding
    if coding:
        yield f"it came in the content coding {coding}, which cannot be undone"
    yield from (f"it is {name}" for magic, name in _CONTAINERS if capture.body.startswith(magic))
    if capture.truncated == "length" and len(capture.body) >= _LARGE:
        yield f"it is larger than the {_LARGE >> 20} MiB that are read of one"
    if document.is_markup and document.hostility:
        yield document.hostility
    if capture.status not in {200, None}:
        yield f"its answer had HTTP status {capture.status}"
    if capture.truncated:
        yield "it came incomplete"
    if not capture.body or capture.body.isspace():
        yield "it is empty"


def _signs_of_page(document: Document) -> Iterator[str]:
    notice = said_instead(document)
    if notice:
        yield _NOTICES[notice]
    if not document.is_hostile and document.matches(SIGN_IN):
        yield "it asks to sign in"
