"""Pages of WordPress as themes of the field write them, for tests of kinds of trouble."""

from scraper.model.capture import Capture, Visit
from scraper.model.record import Record
from tests.eval.wordpress import capture
from tests.sites.visited import make_wordpress

SITE = make_wordpress()
URL = "https://blog.example/2026/03/a-post/"
GENERATOR = '<meta name="generator" content="WordPress 6.1">'
POST = '<h1 class="entry-title">눈 오는 날</h1><div class="entry-content"><p>첫눈이 내린 날의 기록입니다.</p></div>'


def page(
    body: str,
    *,
    classes: str = "single single-post postid-7",
    head: str = "",
    url: str = URL,
    lang: str = "en",
) -> Capture:
    """A page that says of itself that WordPress made it."""
    text = f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{GENERATOR}{head}</head><body class="{classes}">{body}</body></html>'
    return capture(url, text.encode())


def visit(*captures: Capture) -> Visit:
    """A visit of these captures."""
    return Visit("urn:uuid:1", 1, captures[0].url, captures)


def read(
    body: str, *, classes: str = "single single-post postid-7", head: str = "", url: str = URL
) -> Record:
    """The record of a page; the test fails where there is none."""
    record = SITE.read(visit(page(body, classes=classes, head=head, url=url)))
    assert isinstance(record, Record), record
    return record
