"""Made-up pages of WordPress in which one thing is odd, and what is read of them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from scraper.model.capture import Capture, Visit
from scraper.model.record import Record
from scraper.page.document import Document
from tests.sites.visited import make_wordpress

URL = "https://gang.example/2024/willow/"
HTML = "text/html; charset=utf-8"
TIME = '<time class="entry-date published" datetime="2024-03-05T14:22:11+09:00">2024년 3월 5일</time>'


@dataclass(frozen=True, slots=True)
class Odd:
    """A page whose head, text, date, heading over the comments, or comments are what a test says."""

    head: str = ""
    text: str = "<p>강가에 버드나무가 있다.</p>"
    time: str = TIME
    heading: str | None = None
    comments: str = ""
    language: str = "ko-KR"

    def __str__(self) -> str:
        heading = f'<h2 class="comments-title">{self.heading}</h2>' if self.heading is not None else ""
        return f"""<!DOCTYPE html>
<html lang="{self.language}"><head><title>버드나무 아래 – 강</title>{self.head}
<link rel="https://api.w.org/" href="https://gang.example/wp-json/"></head>
<body class="single single-post postid-7"><article id="post-7" class="post-7 hentry"><header class="entry-header">
<h1 class="entry-title">버드나무 아래</h1>{self.time}</header><div class="entry-content">{self.text}</div></article>
<div id="comments" class="comments-area">{heading}<ol class="comment-list">{self.comments}</ol></div></body></html>"""


def comment(number: int, text: str, name: str = "모래") -> str:
    """A comment as core's themes write it."""
    return (
        f'<li id="comment-{number}" class="comment depth-1"><article id="div-comment-{number}" class="comment-body">'
        f'<div class="comment-author vcard"><b class="fn">{name}</b></div><div class="comment-content">{text}</div></article></li>'
    )


def capture(body: str | bytes, content_type: str = HTML, url: str = URL) -> Capture:
    """A capture of a page."""
    octets = body.encode() if isinstance(body, str) else body
    at = datetime(2024, 3, 10, tzinfo=UTC)
    return Capture(
        "urn:uuid:1", url, 200, (("Content-Type", content_type),), octets, at, "observed", "sha256:0"
    )


def document(body: str | bytes, content_type: str = HTML, url: str = URL) -> Document:
    """A document to look at."""
    return Document(capture(body, content_type, url))


def read(body: Odd | bytes, content_type: str = HTML) -> Record:
    """The record of a page of WordPress."""
    page = capture(body if isinstance(body, bytes) else str(body), content_type)
    record = make_wordpress().read(Visit("urn:uuid:1", 1, URL, (page,)))
    assert isinstance(record, Record), record
    return record
