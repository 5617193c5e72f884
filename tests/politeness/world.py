"""A small web that misbehaves in every way we know of, and remembers who asked it what, and when.

It stands in the place of ``WireClient``. All it does follows from its seed.
"""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from random import Random
from typing import Final

from scraper.errors import RetryableError
from scraper.model.exchange import Exchange, Headers, Request, Truncation
from scraper.model.stores import Clock
from scraper.model.url import parse_url
from scraper.settings import HostSettings, Network, Settings

HOUR: Final = 3600.0
WAITS: Final = (0, 1, 5, 30, 120, 299, 301, 4000, 90_000)
ROBOTS_KINDS: Final = (
    ("rules",) * 9 + ("missing",) * 3 + ("down", "silent", "moved", "moved", "garbled", "cut")
)
PAGE_KINDS: Final = ("fine",) * 12 + ("moved",) * 4 + ("busy", "down", "gone", "silent", "cut")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as its host saw it. Times are true ones in seconds, whatever any clock shows."""

    url: str
    began: float
    ended: float | None = None
    retry_after: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host is about to say; no ``status`` is no answer."""

    status: int | None
    headers: Headers = ()
    body: bytes = b""
    truncated: Truncation | None = None
    retry_after: float = 0.0


class World:
    """Some hosts. ``asked`` has what each was asked for, in order. Nothing gets through while ``is_cut_off``."""

    network: Network = Network()
    is_cut_off = False

    def __init__(self, seed: int, clock: Clock) -> None:
        self.clock = clock
        self.asked: defaultdict[str, list[Asked]] = defaultdict(list)
        self._seed = seed
        self._random = random = Random(seed)
        self.hosts = [f"h{number}.example" for number in range(random.choice((1, 1, 2, 3, 5, 8)))]
        self._clock_error = {host: random.choice((0, 0, -7200, 40, 10**6)) for host in self.hosts}
        self._slowness = {host: random.choice((0.05, 0.3, 2.0, 15.0)) for host in self.hosts}

    def settings(self) -> Settings:
        """What the owner of the crawl has to say about these hosts."""
        choices = (
            HostSettings(),
            HostSettings(),
            HostSettings(delay=0.1),
            HostSettings(delay=7.5),
            HostSettings(terms="forbid"),
            HostSettings(terms="forbid", reason="written leave", delay=3),
        )
        return Settings(
            contact="us@example.org", host={host: self._random.choice(choices) for host in self.hosts}
        )

    def urls(self, count: int) -> list[str]:
        """Pages that somebody might ask for; some of them twice, some of them closed."""
        return [self._url() for _ in range(count)]

    async def get(self, request: Request) -> Exchange:
        """As ``WireClient.get``."""
        url = parse_url(request.url)
        assert url is not None
        if self.is_cut_off:
            raise asyncio.CancelledError
        began, started_at = asyncio.get_running_loop().time(), self.clock.now()
        log = self.asked[url.host]
        log.append(Asked(url.href, began))
        place = len(log) - 1
        is_robots = url.path.startswith("/robots")
        answer = self._robots(url.host, url.path, began) if is_robots else self._page(url.host)
        await asyncio.sleep(self._random.expovariate(1 / self._slowness[url.host]))
        ended = asyncio.get_running_loop().time()
        log[place] = Asked(url.href, began, ended, answer.retry_after)
        if answer.status is None:
            raise RetryableError(f"{url.href} gave no answer: it is a test.")
        return Exchange(
            request=request,
            status=answer.status,
            headers=answer.headers,
            request_wire=b"GET / HTTP/1.1\r\n\r\n",
            head=b"HTTP/1.1 %d OK\r\n" % answer.status
            + b"".join(f"{name}: {value}\r\n".encode() for name, value in answer.headers)
            + b"\r\n",
            body=answer.body,
            payload=answer.body,
            started_at=started_at,
            elapsed=ended - began,
            from_wire=True,
            truncated=answer.truncated,
        )

    def _url(self) -> str:
        scheme = self._random.choice(("https", "https", "https", "http"))
        path = self._random.choice(("/a", "/b", "/closed/1", "/closed/open", "/%EA%B8%80", "/q?page=2"))
        return f"{scheme}://{self._random.choice(self.hosts)}{path}"

    def _page(self, host: str) -> Answer:
        kind = self._random.choice(PAGE_KINDS)
        if kind == "silent":
            return Answer(None)
        status = {
            "fine": self._random.choice((200, 200, 304)),
            "moved": self._random.choice((301, 302, 303, 307, 308)),
            "busy": self._random.choice((429, 503)),
            "down": self._random.choice((500, 502, 504)),
            "gone": self._random.choice((401, 403, 404, 410)),
            "cut": 200,
        }[kind]
        seconds, headers = self._retry_after(host, often=kind == "busy")
        if kind == "moved":
            headers = (*headers, ("Location", self._url()))
        truncated: Truncation | None = "disconnect" if kind == "cut" else None
        return Answer(status, headers, b"<p>text", truncated, seconds)

    def _retry_after(self, host: str, *, often: bool) -> tuple[float, Headers]:
        """How long we are to stay away, in seconds, and the headers that say so."""
        if self._random.random() > (0.7 if often else 0.08):
            return 0.0, ()
        seconds = float(self._random.choice(WAITS))
        if self._random.random() < 0.5:
            return seconds, (("Retry-After", f"{seconds:.0f}"),)
        sent = self.clock.now().replace(microsecond=0) + timedelta(seconds=self._clock_error[host])
        until = sent + timedelta(seconds=seconds)
        dates = (format_datetime(sent, usegmt=True), format_datetime(until, usegmt=True))
        return seconds, (("Date", dates[0]), ("Retry-After", dates[1]))

    def _robots(self, host: str, path: str, now: float) -> Answer:
        """What robots.txt says at this hour; ``/robots-3`` is three redirects away from it."""
        hour = Random(f"{self._seed} {host} {now // (9 * HOUR)}")
        kind = "rules" if path == "/robots-0" else hour.choice(ROBOTS_KINDS)
        seconds, headers = self._retry_after(host, often=kind == "down")
        hops = int(path.rpartition("-")[2]) if "-" in path else hour.choice((1, 4, 5, 6, 9))
        if kind == "moved" or (hops and "-" in path):
            target = f"https://{hour.choice(self.hosts)}/robots-{hops - 1}"
            return Answer(301, (*headers, ("Location", target)), retry_after=seconds)
        status = {"missing": hour.choice((401, 403, 404, 410)), "down": hour.choice((429, 500, 503))}
        if kind == "silent":
            return Answer(None)
        if kind == "garbled":
            headers = (*headers, ("Content-Encoding", "gzip"))
        truncated: Truncation | None = "disconnect" if kind == "cut" else None
        return Answer(status.get(kind, 200), headers, _rules(hour), truncated, seconds)


def _rules(hour: Random) -> bytes:
    agent = hour.choice(("*", "PostKeep", "postkeep/2.0", "other"))
    delay = hour.choice(
        ("", "", "", "Crawl-delay: 0.5", "Crawl-delay: 4.25", "crawl-delay: 40", "Crawl-delay: 5000")
    )
    closed = hour.choice(
        ("Disallow: /closed\nAllow: /closed/open", "Disallow: /*?page=", "Disallow: /글$", "Disallow: /", "")
    )
    return f"User-agent: {agent}\n{delay}\n{closed}\n\nUser-agent: *\nDisallow: /b$\n".encode()
