"""A WARC file of a size that is asked for, as a crawl of many sites leaves it, written record by record."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

from scraper.archive.warc import WarcRecord, bracketed, build_member, format_date
from tests.bench.memory_inputs.words import told

PART: Final = 1_000_000
"""About so many bytes come from one part of the crawl: posts, of which one goes over two pages and is met again, what is posted to it, a
redirect, a page that is not there, a list, assets, and pictures that fill them up."""

_POSTS: Final = 3
_ASSETS: Final = 20
_VIDEO_EVERY: Final = 20
_VIDEO: Final = 12_000_000
_PARTS_A_HOST: Final = 4
_COMMENTS: Final = 8
_PAGE: Final = "text/html; charset=utf-8"
# More than any part has.
_RECORDS_A_PART: Final = 1000
_BEGAN: Final = datetime(2024, 5, 1, tzinfo=UTC)


def write(path: Path, size: int, first: int = 0, *, part: int = PART) -> int:
    """Write a file of about so many bytes, all its records packed; gives the number of its posts.

    The larger a part is, the more of it are pictures, and the less is read. Its ``first`` part tells it from others; files that begin with the same one begin with the same bytes.
    """
    crawl, written, parts = _Crawl(first * _RECORDS_A_PART), 0, 0
    with path.open("wb") as file:
        while written < size:
            for member in crawl.part(first + parts, part):
                written += file.write(member)
            parts += 1
    return parts * _POSTS


@dataclass(slots=True)
class _Crawl:
    """Makes records, each with an id and a time of its own."""

    _records: int = 0

    def part(self, number: int, size: int) -> Iterator[bytes]:
        """The records of one part of about so many bytes, packed."""
        random = Random(number)
        host = f"https://board-{number // _PARTS_A_HOST}.example"
        left = size
        for member in self._small(number, host, random):
            left -= len(member)
            yield member
        if number % _VIDEO_EVERY == _VIDEO_EVERY - 1:
            yield self._response(f"{host}/media/{number}.mp4", "video/mp4", random.randbytes(_VIDEO))
        while left > 0:
            picture = random.randbytes(min(left, random.randrange(20_000, 2_000_000)))
            left -= len(picture)
            yield self._response(f"{host}/media/{number}-{left}.jpg", "image/jpeg", picture)

    def _small(self, number: int, host: str, random: Random) -> Iterator[bytes]:
        for post in range(number * _POSTS, (number + 1) * _POSTS):
            url, has_two = f"{host}/topics/{post}", post % _POSTS == 0
            page = _topic(post, random, links=_link("next", f"{url}?page=2") if has_two else "")
            yield self._request(url)
            yield self._response(url, _PAGE, page.encode())
            if has_two:
                yield self._revisit(url, page.encode())
                later = _topic(post, random, first=_COMMENTS, links=_link("prev", url))
                yield self._request(f"{url}?page=2")
                yield self._response(f"{url}?page=2", _PAGE, later.encode())
                yield self._request(url, "POST")
                yield self._response(url, _PAGE, _topic(post, random).encode())
                yield self._response(f"{host}/t/{post}", _PAGE, b"", "301 Moved", f"Location: {url}\r\n")
                yield self._response(f"{host}/topics/{post}/gone", _PAGE, b"<p>404</p>", "404 Not Found")
        listing = "".join(f'<li><a href="/topics/{post}">{told(random, 5)}</a></li>' for post in range(60))
        yield self._response(f"{host}/topics?page={number}", "text/html", f"<ul>{listing}</ul>".encode())
        for asset in range(_ASSETS):
            script = f"/* {told(random, 40)} */".encode()
            yield self._response(f"{host}/assets/{number}-{asset}.js", "text/javascript", script)

    def _request(self, url: str, method: str = "GET") -> bytes:
        """The request of the next record."""
        block = f"{method} {url} HTTP/1.1\r\nHost: example\r\nUser-Agent: crawler\r\n\r\n".encode()
        concurrent = ("WARC-Concurrent-To", bracketed(_id(self._records + 1)))
        return self._member("request", url, "application/http; msgtype=request", block, concurrent)

    def _response(
        self, url: str, media_type: str, body: bytes, status: str = "200 OK", more: str = ""
    ) -> bytes:
        head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
        kind, digest = "application/http; msgtype=response", ("WARC-Payload-Digest", _digest(body))
        return self._member("response", url, kind, head.encode() + body, digest)

    def _revisit(self, url: str, body: bytes) -> bytes:
        """The record before, as it was met again a month later."""
        original = self._records - 1
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        return self._member(
            "revisit",
            url,
            "application/http; msgtype=response",
            head,
            ("WARC-Profile", "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"),
            ("WARC-Payload-Digest", _digest(body)),
            ("WARC-Refers-To", bracketed(_id(original))),
            ("WARC-Refers-To-Target-URI", url),
            ("WARC-Refers-To-Date", format_date(_at(original))),
            later=timedelta(days=30),
        )

    def _member(
        self,
        kind: str,
        url: str,
        media_type: str,
        block: bytes,
        *more: tuple[str, str],
        later: timedelta = timedelta(),
    ) -> bytes:
        number = self._records
        self._records += 1
        fields = (
            ("WARC-Type", kind),
            ("WARC-Record-ID", bracketed(_id(number))),
            ("WARC-Date", format_date(_at(number) + later)),
            ("WARC-Target-URI", url),
            ("Content-Type", media_type),
            *more,
        )
        return build_member(WarcRecord(fields, block))


def _id(number: int) -> str:
    return UUID(int=number).urn


def _at(number: int) -> datetime:
    return _BEGAN + timedelta(seconds=number)


def _digest(body: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def _topic(number: int, random: Random, first: int = 0, links: str = "") -> str:
    """A page of a post with its comments from the ``first`` on, in markup that no platform has."""
    at = _BEGAN - timedelta(hours=number)
    comments = "".join(
        f'<li class="comment" id="c{number * 2 * _COMMENTS + order}"><a class="author" href="/people/{random.randrange(90)}">'
        f'회원 {random.randrange(90)}</a> <time datetime="{at + timedelta(minutes=order + 1):%Y-%m-%dT%H:%M:%SZ}"></time>'
        f'<div class="comment-body"><p>{told(random, 18)}</p></div></li>'
        for order in range(first, first + _COMMENTS)
    )
    title, paragraphs = told(random, 5), "".join(f"<p>{told(random, 60)}</p>" for _ in range(5))
    return (
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f'<article><h1>{title}</h1><a class="author" href="/people/{random.randrange(90)}">회원 1</a> '
        f'<time datetime="{at:%Y-%m-%dT%H:%M:%SZ}"></time><div class="content">{paragraphs}</div></article>'
        f'<section class="comments"><h2>댓글 {_COMMENTS}</h2><ol>{comments}</ol></section>{links}</body></html>'
    )


def _link(relation: str, url: str) -> str:
    return f'<nav class="pagination"><a rel="{relation}" href="{url}">{relation}</a></nav>'
