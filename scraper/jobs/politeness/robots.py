"""Was robots.txt asked for, was it recent, and did it allow what was visited? Judged from ledger and archive alone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from scraper.jobs.politeness.lines import Line
from scraper.jobs.politeness.rules import AgentRules, read_rules
from scraper.model.url import parse_url

# RFC 9309 sections 2.4 and 2.3.1.2.
FRESH_FOR: Final = timedelta(hours=24)
MOST_REDIRECTS: Final = 5
# Between an answer and the note of it there may be a busy disk.
WRITING: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Body:
    """The body of an archived answer; it is not readable where its content coding could not be undone."""

    octets: bytes
    is_readable: bool = True


# Finds a body by its URL, time and payload digest; None where the archive does not have it.
Bodies = Callable[[str, datetime, str], Body | None]


@dataclass(slots=True)
class _RobotsAnswer:
    """What robots.txt of one origin last answered. ``rules`` is None where its body could not be had."""

    at: datetime
    status: int | None
    rules: AgentRules | None
    crawl_delay: float
    refused: set[str] = field(default_factory=set)

    @property
    def is_refusal(self) -> bool:
        """RFC 9309 section 2.3.1: 2xx gives rules, 4xx allows (but 429 does not), all else refuses."""
        return (
            self.status is None
            or self.status == 429
            or not (200 <= self.status <= 299 or 400 <= self.status <= 499)
        )


class RobotsConduct:
    """How robots.txt was gone by, line after line. Each method gives a sentence for everything that was wrong."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies
        self._agent = "*"
        self._latest: dict[str, _RobotsAnswer] = {}

    def new_run(self, line: Line) -> None:
        """A run began; it says by whose rules it goes."""
        self._agent = line.text("agent") or "*"

    def crawl_delay(self, url: str) -> float:
        """The gap that the origin of ``url`` is known to ask for, in seconds."""
        latest = self._latest.get(_origin(url) or "")
        return latest.crawl_delay if latest else 0.0

    def asked(self, request: Line, answer: Line) -> None:
        """A request for robots.txt, if it is one, came to its end."""
        origin = request.text("origin")
        if origin is None:
            return
        body = self._body(answer)
        before = self._latest.get(origin)
        latest = _RobotsAnswer(answer.at, _status(answer, body), None, 0.0)
        if latest.is_refusal:
            latest.crawl_delay = before.crawl_delay if before else 0.0
        elif body is not None and latest.status is not None and latest.status <= 299:
            latest.rules = read_rules(body.octets, self._agent)
            latest.crawl_delay = latest.rules.crawl_delay
        self._latest[origin] = latest

    def request(self, line: Line) -> Iterator[str]:
        """A request leaves."""
        if line.text("origin") is not None:
            if (line.number("hop") or 0) > MOST_REDIRECTS:
                yield f"follows robots.txt through more than {MOST_REDIRECTS} redirects"
            return
        origin = _origin(line.url)
        if origin is None:
            return
        latest = self._latest.get(origin)
        if latest is None:
            yield "goes to a site whose robots.txt was never asked for"
            return
        yield from _age(line, latest)
        if latest.is_refusal:
            yield f"goes to a site whose robots.txt {_answered(latest)}"
        elif latest.rules is not None and (refusal := latest.rules.refusal(line.url)):
            yield f"goes where robots.txt says no ({refusal})"
        if line.url in latest.refused:
            yield "was refused under this very robots.txt before"
        if line.number("robots_status") != latest.status:
            yield f"goes by a robots.txt with status {line.number('robots_status')}, but it {_answered(latest)}"

    def refused(self, line: Line) -> None:
        """A URL was refused."""
        latest = self._latest.get(_origin(line.url) or "")
        if latest and line.rule.startswith("robots.txt line "):
            latest.refused.add(line.url)

    def _body(self, answer: Line) -> Body | None:
        captured_at, digest = answer.moment("captured_at"), answer.text("payload_digest")
        return self._bodies(answer.url, captured_at, digest) if captured_at and digest else None


def _status(answer: Line, body: Body | None) -> int | None:
    """The status to go by; None where no whole and readable answer came."""
    status = answer.number("status")
    if status is None or answer.text("truncated") in {"time", "disconnect"}:
        return None
    if 200 <= status <= 299 and body is not None and not body.is_readable:
        return None
    return int(status)


def _age(line: Line, latest: _RobotsAnswer) -> Iterator[str]:
    age = line.at - latest.at
    if age >= FRESH_FOR + WRITING:
        yield f"goes by a robots.txt that is {age} old"
    elif age < timedelta(0):
        yield f"goes by a robots.txt from the future: the clock was set back by at least {-age}"
    went_by = line.moment("robots_at")
    if went_by is None or not timedelta(0) <= went_by - latest.at <= WRITING:
        yield f"goes by another robots.txt than the last, which was answered at {latest.at}"


def _answered(latest: _RobotsAnswer) -> str:
    return "could not be had" if latest.status is None else f"answered {latest.status}"


def _origin(text: str) -> str | None:
    """The origin of a URL; None where the ledger has a hash in its place."""
    url = parse_url(text)
    return url.origin if url else None
