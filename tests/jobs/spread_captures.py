"""Captures of our own pages, spread over files of other crawlers in every way that such files have: what a rule of all of them is tried on."""

import gzip
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol, TypeVar
from urllib.parse import urlsplit

from tests.jobs.crawl_file import digest
from tests.replica import boards, discourse, forum, hackernews, lemmy, nodebb, v2, wordpress
from tests.replica.content import SITE_HOST
from tests.replica.routes import Answer, Deployment, answer

_T = TypeVar("_T")

COMMON_DATES: Final = tuple(
    f"20{year}-0{month}-11T0{hour}:00:00Z" for year in (21, 22) for month in (3, 4) for hour in (4, 5)
)
"""Few moments, so that much was captured in one of them."""

DISTINCT_DATES: Final = tuple(
    f"20{year}-{month:02}-11T{hour:02}:{minute:02}:00Z"
    for year in range(19, 23)
    for month in range(1, 13)
    for hour in range(24)
    for minute in range(60)
)
"""So many that each capture has a moment of its own, which only copies of its record share."""

_MARKUP: Final = (("Content-Type", "text/html; charset=utf-8"),)


_FEW: Final = 100
_UNDATED: Final = 0.15
# Prime to how many dates there are, and neither near to 0 nor to all of them.
_STEP: Final = 26_993


def _shuffled(chance: "Chance", dates: Sequence[str]) -> Sequence[str]:
    """The dates from one on, by steps that come to each of them once."""
    at, count = chance.randint(0, len(dates) - 1), len(dates)
    return [dates[(at + step * _STEP) % count] for step in range(count)]


class Chance(Protocol):
    """What decides: a random generator has these, and so has that of hypothesis."""

    def choice(self, among: Sequence[_T], /) -> _T: ...
    def random(self) -> float: ...
    def randint(self, least: int, most: int, /) -> int: ...


# The URLs of a post with all that belongs to it, a post each.
POSTS: Final[tuple[tuple[str, ...], ...]] = (
    (f"https://{SITE_HOST}/comments/70991",),
    (f"https://{SITE_HOST}/comments/72260",),
    (
        f"https://{SITE_HOST}/posts/73002",
        f"https://{SITE_HOST}/community?post=73002",
        f"https://{v2.API_HOST}/api/v1/posts/73002/",
        f"https://{v2.API_HOST}/api/v1/comments/?postId=73002&page=1",
    ),
    (
        f"{wordpress.SITE}{wordpress.ENTRIES[0].path}",
        f"{wordpress.SITE}{wordpress.ENTRIES[0].path}comment-page-1/",
        f"{wordpress.SITE}{wordpress.ENTRIES[0].path}comment-page-2/",
    ),
    (f"{wordpress.SITE}{wordpress.ENTRIES[1].path}", f"{wordpress.SITE}/?p={wordpress.ENTRIES[1].number}"),
    (
        f"https://{discourse.HOST}{discourse.TOPIC}",
        f"https://{discourse.HOST}{discourse.TOPIC}?page=2",
        f"https://{discourse.HOST}/t/300.json",
    ),
    tuple(f"https://{each}" for each in nodebb.PAGES),
    tuple(f"https://{each}" for each in hackernews.PAGES)[:3],
    tuple(f"https://{each}" for each in lemmy.PAGES)[:3],
    (f"{forum.SITE}/t/201", f"{forum.SITE}/t/201?page=2", f"{forum.SITE}/t/201?page=3"),
    (f"{forum.SITE}/t/202", f"{forum.SITE}/b/garden"),
    ("https://plaza.example/talk/17-slow-bread", "https://plaza.example/talk/17"),
    *((f"https://{host}{case.canonical}",) for host, case in boards.HOSTS.items()),
)


@dataclass(frozen=True, slots=True)
class _Captured:
    """A capture that lies in a file, for others to refer to; ``record`` is all of its record."""

    url: str
    date: str | None
    record_id: str
    body: bytes
    record: bytes


@dataclass(slots=True)
class _File:
    name: str
    version: str
    records: list[bytes] = field(default_factory=list)

    @property
    def is_arc(self) -> bool:
        return self.version == "ARC"

    def add(self, kind: str, url: str, date: str | None, block: bytes, *fields: str) -> str:
        """Add a record; gives its id."""
        record_id = f"urn:uuid:{hashlib.md5(f'{self.name}-{len(self.records)}'.encode(), usedforsecurity=False).hexdigest()}"  # fmt: skip
        media = "text/html" if kind == "resource" else f"application/http; msgtype={kind}"
        if kind == "metadata":
            media = "application/warc-fields"
        lines = (
            f"WARC/{self.version}",
            f"WARC-Type: {kind}",
            f"WARC-Record-ID: <{record_id}>",
            *([f"WARC-Date: {date}"] if date else []),
            f"WARC-Target-URI: {url}",
            f"Content-Type: {media}",
            f"Content-Length: {len(block)}",
            *fields,
        )
        self.records.append("\r\n".join((*lines, "", "")).encode() + block + b"\r\n\r\n")
        return record_id

    def add_to_arc(self, url: str, date: str | None, block: bytes) -> None:
        stamp = "".join(filter(str.isdigit, date)) if date else "00000000000000"
        self.records.append(f"{url} 192.0.2.1 {stamp} text/html {len(block)}\n".encode() + block + b"\n")

    def write(self, folder: Path) -> Path:
        suffix = "arc" if self.is_arc else "warc"
        path = folder / f"{self.name}.{suffix}{'.gz' if len(self.records) % 2 else ''}"
        records = self.records
        if self.is_arc:
            about = b"1 0 Made\nURL IP-address Archive-date Content-type Archive-length\n"
            records = [f"filedesc://{path.name} 0.0.0.0 20210101000000 text/plain {len(about)}\n".encode() + about + b"\n", *records]  # fmt: skip
        if path.suffix == ".gz":
            records = [gzip.compress(record, 1) for record in records]
        path.write_bytes(b"".join(records))
        return path


def spread(chance: Chance, folder: Path, dates: Sequence[str], captures: int = 14) -> list[Path]:
    """Write files with captures of a few posts, so many steps at most; only where ``dates`` are few are some without one, and several of one moment."""
    return _Spreading(chance, dates).write(folder, captures)


class _Spreading:
    def __init__(self, chance: Chance, dates: Sequence[str]) -> None:
        self._chance = chance
        self._dates = dates
        self._has_few = len(dates) < _FEW
        self._left = iter(()) if self._has_few else iter(_shuffled(chance, dates))
        count = chance.randint(1, 5)
        self._files = [
            _File(f"{at}-of-many", chance.choice(("1.0", "1.1", "1.1", "ARC"))) for at in range(count)
        ]
        self._posts = [chance.choice(POSTS) for _ in range(chance.randint(1, 3))]
        self._captured: list[_Captured] = []

    def write(self, folder: Path, captures: int) -> list[Path]:
        for _ in range(self._chance.randint(1, captures)):
            self._chance.choice(self._ways)()
        return [file.write(folder) for file in self._files]

    @property
    def _ways(self) -> tuple[Callable[[], None], ...]:
        return (
            *[self._visit] * 4,
            *[self._capture] * 6,
            *[self._revisit] * 3,
            *[self._copy] * 2,
            self._request,
            self._resource,
        )

    def _file(self) -> _File:
        return self._chance.choice(self._files)

    def _visit(self) -> None:
        """All pages of a post, at one time or nearly so."""
        date = self._chance.choice(self._dates)
        for url in self._chance.choice(self._posts):
            if self._chance.random() < 0.85:
                self._add(url, date if self._has_few else next(self._left))

    def _capture(self) -> None:
        date = self._date()
        self._add(self._chance.choice(self._chance.choice(self._posts)), date)

    def _date(self) -> str | None:
        if not self._has_few:
            return next(self._left)
        return None if self._chance.random() < _UNDATED else self._chance.choice(self._dates)

    def _add(self, url: str, date: str | None) -> None:
        found = self._answer(url)
        self._keep(self._file(), url, date, found)

    def _answer(self, url: str) -> Answer:
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        found = answer(Deployment(), "GET", parts.hostname or "", target, ())
        way = self._chance.random()
        if way < 0.1:
            return Answer(self._chance.choice((404, 410)), _MARKUP, b"<p>It is not here.</p>")
        if way < 0.15:
            other = self._chance.choice(self._chance.choice(self._posts))
            return Answer(self._chance.choice((301, 302)), (("Location", other),))
        if way < 0.18:
            return Answer(503, _MARKUP, b"<p>Later.</p>")
        if way < 0.4:
            number = self._chance.randint(1, 2)
            body = found.body.replace("다.".encode(), f"다 {number}.".encode()).replace(
                b"the ", f"the {number} ".encode()
            )
            return Answer(found.status, found.headers, body)
        return found

    def _keep(self, file: _File, url: str, date: str | None, found: Answer) -> None:
        block = _head(found) + found.body
        if file.is_arc:
            file.add_to_arc(url, date, block)
            return
        fields = [f"WARC-Payload-Digest: {digest(found.body)}"] if self._chance.random() < 0.7 else []
        if self._chance.random() < 0.05:
            fields.append("WARC-Truncated: length")
        if self._chance.random() < 0.15:
            self._ask(file, url, date)
        record_id = file.add("response", url, date, block, *fields)
        self._captured.append(_Captured(url, date, record_id, found.body, file.records[-1]))
        if self._chance.random() < 0.25:
            tie = f"WARC-Concurrent-To: <{record_id}>"
            place = file if self._chance.random() < 0.5 else self._file()
            if self._chance.random() < 0.3:
                block = self._chance.choice((b"method: POST\r\n", b"http-method: GET\r\n"))
                place.is_arc or place.add("metadata", url, date, block, tie)
            else:
                self._ask(place, url, date, tie)

    def _ask(self, file: _File, url: str, date: str | None, *fields: str) -> None:
        if file.is_arc:
            return
        method = self._chance.choice(("GET", "GET", "GET", "POST"))
        personal = self._chance.choice(("", "", "Cookie: session=1\r\n"))
        block = f"{method} {urlsplit(url).path} HTTP/1.1\r\nHost: {urlsplit(url).hostname}\r\n{personal}\r\n".encode()
        file.add("request", url, date, block, *fields)

    def _request(self) -> None:
        """A request that nothing ties to anything."""
        self._ask(
            self._file(),
            self._chance.choice(self._chance.choice(self._posts)),
            self._chance.choice(self._dates),
        )

    def _revisit(self) -> None:
        file = self._file()
        if not self._captured or file.is_arc:
            return
        original = self._chance.choice(self._captured)
        ways = (
            (f"WARC-Refers-To: <{original.record_id}>",),
            (f"WARC-Refers-To-Target-URI: {original.url}", f"WARC-Refers-To-Date: {original.date}"),
            (f"WARC-Payload-Digest: {digest(original.body)}",),
        )
        fields = self._chance.choice((*ways, ways[1] + ways[2], ("WARC-Refers-To: <urn:uuid:nowhere>",)))
        date = self._date()
        block = b"" if self._chance.random() < 0.2 else _head(Answer(200, _MARKUP))
        url = (
            original.url
            if self._chance.random() < 0.8
            else self._chance.choice(self._chance.choice(self._posts))
        )
        profile = "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
        record_id = file.add("revisit", url, date, block, profile, *fields)
        self._captured.append(_Captured(url, date, record_id, original.body, file.records[-1]))

    def _copy(self) -> None:
        """The very capture, once more; where moments are few, as another crawler of that moment has it."""
        if not self._captured:
            return
        original, file = self._chance.choice(self._captured), self._file()
        if self._has_few:
            self._keep(file, original.url, original.date, Answer(200, _MARKUP, original.body))
        elif not file.is_arc:
            # Under its own id, so that what was said of its request holds for both.
            file.records.append(original.record)

    def _resource(self) -> None:
        url, file = self._chance.choice(self._chance.choice(self._posts)), self._file()
        if not file.is_arc:
            file.add(
                "resource",
                url,
                self._date(),
                self._answer(url).body,
            )


def _head(found: Answer) -> bytes:
    lines = [f"HTTP/1.1 {found.status} X", *(f"{name}: {value}" for name, value in found.headers), "", ""]
    return "\r\n".join(lines).encode()
