"""What was asked of each host, how it answered, and whether it was given its time: counted from the ledger."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from scraper.jobs.politeness.judge import Judge
from scraper.jobs.politeness.lines import Illegible, Line
from scraper.page.site_signals import is_site_file
from scraper.viewer.crawl_report import HostTraffic, Trouble


@dataclass(slots=True)
class _Host:
    """The sums of one host."""

    requests: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    bytes: int = 0
    longest_owed: float | None = None
    shortest_kept: float | None = None
    least_margin: float | None = None
    violations: int = 0
    last_at: str = ""


@dataclass(slots=True)
class _Cause:
    """How often one thing went wrong, on which hosts, and the URL that it went wrong with last."""

    times: int = 0
    hosts: set[str] = field(default_factory=set)
    example: str = ""


class TrafficTally:
    """Sums up a ledger while its judge reads it; ``hosts`` and ``troubles`` are whole when the lines are through."""

    def __init__(self) -> None:
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self._causes: defaultdict[tuple[str, str], _Cause] = defaultdict(_Cause)

    def judged(self, lines: Iterable[Line | Illegible], judge: Judge) -> None:
        """Count every line, and the rules of politeness that ``judge`` finds broken."""
        for line in lines:
            for _ in judge.violations([line]):
                if isinstance(line, Line):
                    self._hosts[line.host].violations += 1
            if isinstance(line, Line) and line.host:
                self._count(line)

    def hosts(self) -> tuple[HostTraffic, ...]:
        """The hosts that were asked or kept away from, those asked most often first."""
        ranked = sorted(self._hosts.items(), key=lambda item: (-item[1].requests, item[0]))
        return tuple(_traffic(name, host) for name, host in ranked)

    def troubles(self) -> tuple[Trouble, ...]:
        """What went wrong, the most frequent first."""
        ranked = sorted(self._causes.items(), key=lambda item: (-item[1].times, item[0]))
        return tuple(
            Trouble(outcome, cause, each.times, len(each.hosts), each.example)
            for (outcome, cause), each in ranked
        )

    def _count(self, line: Line) -> None:
        host = self._hosts[line.host]
        host.last_at = f"{line.at:%Y-%m-%dT%H:%M:%SZ}"
        for outcome, cause in self._causes_in(line, host):
            counted = self._causes[outcome, cause]
            counted.times += 1
            counted.hosts.add(line.host)
            counted.example = line.url

    def _causes_in(self, line: Line, host: _Host) -> Iterator[tuple[str, str]]:
        """Take a line into the sums of its host; what went wrong in it, by outcome and cause."""
        if line.event == "request":
            host.requests += 1
            _take_gap(line, host)
        elif line.event == "answer":
            host.bytes += int(line.number("wire_bytes") or 0)
            status = int(line.number("status") or 0)
            host.answers[f"{status // 100}xx" if status != 304 else "304"] += 1
            # A host without a robots.txt lacks nothing.
            if status >= 500 or (status >= 400 and not is_site_file(line.url)):
                yield "answered", f"{status}"
        elif line.event == "failed":
            host.answers["none"] += 1
            yield "failed", line.rule
        elif line.event == "refused":
            host.refused += 1
            yield "refused", line.rule


def _take_gap(line: Line, host: _Host) -> None:
    owed, kept = line.number("gap_owed"), line.number("gap_kept")
    if owed is None or kept is None:
        return
    host.longest_owed = max(owed, host.longest_owed or 0.0)
    host.shortest_kept = kept if host.shortest_kept is None else min(kept, host.shortest_kept)
    margin = kept - owed
    host.least_margin = margin if host.least_margin is None else min(margin, host.least_margin)


def _traffic(name: str, host: _Host) -> HostTraffic:
    return HostTraffic(
        host=name,
        requests=host.requests,
        answers=dict(sorted(host.answers.items())),
        refused=host.refused,
        bytes=host.bytes,
        longest_gap_owed=host.longest_owed,
        shortest_gap_kept=host.shortest_kept,
        least_margin=host.least_margin,
        violations=host.violations,
        last_at=host.last_at,
    )
