"""A WARC file of a size that is asked for, as a crawl of many sites leaves it, written record by record."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

from scraper.archive.warc import WarcRecord, bracketed, build_member, format_date
from tests.bench.memory_inputs.words import told

PART: Final = 1_000_000
"""About so many bytes come from one part of the crawl: posts, lists, revisits, assets, and a picture that fills them up."""

_POSTS: Final = 3
_ASSETS: Final = 20
_VIDEO_EVERY: Final = 20
_VIDEO: Final = 12_000_000
_PARTS_A_HOST: Final = 4
_COMMENTS: Final = 8
# More than any part has.
_RECORDS_A_PART: Final = 1000
_BEGAN: Final = datetime(2024, 5, 1, tzinfo=UTC)


def write(path: Path, size: int, first: int = 0) -> int:
    """Write a file of about so many bytes, all its records packed; gives the number of its posts.

    Its ``first`` part tells it from others; files that begin with the same one begin with the same bytes.
    """
    crawl, written, parts = _Crawl(first * _RECORDS_A_PART), 0, 0
    with path.open("wb") as file:
        while written < size:
            for member in crawl.part(first + parts):
                written += file.write(member)
            parts += 1
    return parts * _POSTS


@dataclass(slots=True)
class _Crawl:
    """Makes records, each with an id and a time of its own."""

    _records: int = 0
    _seen: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def part(self, number: int) -> Iterator[bytes]:
        """The records of one part, packed."""
        random = Random(number)
        host = f"https://board-{number // _PARTS_A_HOST}.example"
        left = PART
        for member in self._small(number, host, random):
            left -= len(member)
            yield member
        if number % _VIDEO_EVERY == _VIDEO_EVERY - 1:
            yield self._response(f"{host}/media/{number}.mp4", "video/mp4", random.randbytes(_VIDEO))
        while left > 0:
            picture = random.randbytes(min(left, random.randrange(20_000, 400_000)))
            left -= len(picture)
            yield self._response(f"{host}/media/{number}-{left}.jpg", "image/jpeg", picture)

    def _small(self, number: int, host: str, random: Random) -> Iterator[bytes]:
        for post in range(number * _POSTS, (number + 1) * _POSTS):
            url, page = f"{host}/topics/{post}", _topic(post, random).encode()
            yield self._request(url)
            yield self._response(url, "text/html; charset=utf-8", page)
            if post % _POSTS == 0:
                yield self._revisit(url, page)
        listing = "".join(f'<li><a href="/topics/{post}">{told(random, 5)}</a></li>' for post in range(60))
        yield self._response(f"{host}/topics?page={number}", "text/html", f"<ul>{listing}</ul>".encode())
        for asset in range(_ASSETS):
            script = f"/* {told(random, 40)} */".encode()
            yield self._response(f"{host}/assets/{number}-{asset}.js", "text/javascript", script)

    def _request(self, url: str) -> bytes:
        """The request of the next record."""
        block = f"GET {url} HTTP/1.1\r\nHost: example\r\nUser-Agent: crawler\r\n\r\n".encode()
        concurrent = ("WARC-Concurrent-To", bracketed(_id(self._records + 1)))
        return self._member("request", url, "application/http; msgtype=request", block, concurrent)

    def _response(self, url: str, media_type: str, body: bytes) -> bytes:
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        )
        kind = "application/http; msgtype=response"
        return self._member("response", url, kind, head + body, ("WARC-Payload-Digest", _digest(body)))

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


def _topic(number: int, random: Random) -> str:
    """A page of a post with its comments, in markup that no platform has."""
    at = _BEGAN - timedelta(hours=number)
    comments = "".join(
        f'<li class="comment" id="c{number * _COMMENTS + order}"><a class="author" href="/people/{random.randrange(90)}">'
        f'회원 {random.randrange(90)}</a> <time datetime="{at + timedelta(minutes=order + 1):%Y-%m-%dT%H:%M:%SZ}"></time>'
        f'<div class="comment-body"><p>{told(random, 18)}</p></div></li>'
        for order in range(_COMMENTS)
    )
    title, paragraphs = told(random, 5), "".join(f"<p>{told(random, 60)}</p>" for _ in range(5))
    return (
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f'<article><h1>{title}</h1><a class="author" href="/people/{random.randrange(90)}">회원 1</a> '
        f'<time datetime="{at:%Y-%m-%dT%H:%M:%SZ}"></time><div class="content">{paragraphs}</div></article>'
        f'<section class="comments"><h2>댓글 {_COMMENTS}</h2><ol>{comments}</ol></section></body></html>'
    )
