"""Crawlers that are rude in one way each: the real one with one rule taken out."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from scraper.archive.ledger import FileLedger
from scraper.archive.stores import SqlitePaceStore
from scraper.fetch import gate, pace, robots, rulebook, visitor
from scraper.fetch.pace import AnswerFacts, PaceRules
from scraper.fetch.robots import Robots, RobotsVerdict
from scraper.jobs.crawl.side_by_side import HostQueues
from scraper.model.stores import HostPace, LedgerEntry, RobotsCopy
from scraper.model.url import Url

Patch = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """What it does wrong, the ``patch`` that makes it so, and words of the judge's that must be about it."""

    name: str
    patch: Patch
    caught_by: str


def _halve_the_gap(patch: pytest.MonkeyPatch) -> None:
    after_answer = pace.after_answer

    def hasty(was: HostPace, floor: float, answer: AnswerFacts, now: datetime, rules: PaceRules) -> HostPace:
        polite = after_answer(was, floor, answer, now, rules)
        return replace(polite, next_allowed_at=now + (polite.next_allowed_at - now) / 2)

    patch.setattr(pace, "after_answer", hasty)


def _fail_open(patch: pytest.MonkeyPatch) -> None:
    strict = robots.judge

    def lenient(copy: RobotsCopy | None, parse: Callable[[bytes], Robots] = robots.parse_robots) -> Robots:
        found = strict(copy, parse)
        return Robots(blanket=RobotsVerdict(allowed=True, rule="why not")) if found.is_refusal else found

    patch.setattr(rulebook, "judge", lenient)


def _two_at_a_time(patch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def crowded(
        self: gate.HostGate, url: Url, floor: Callable[[], pace.Floor]
    ) -> AsyncIterator[gate.Turn]:
        yield await self._wait(url, floor)

    patch.setattr(gate.HostGate, "turn", crowded)


def _slip_a_request_past_the_ledger(patch: pytest.MonkeyPatch) -> None:
    note = FileLedger.note

    def forgetful(self: FileLedger, entry: LedgerEntry) -> None:
        if not entry.url.endswith("/a"):
            note(self, entry)

    patch.setattr(FileLedger, "note", forgetful)


def _shorten_the_gap_after_a_clock_was_set_back(patch: pytest.MonkeyPatch) -> None:
    def at_once(was: HostPace, now: datetime) -> HostPace:
        is_ahead = was.noted_at is not None and was.noted_at > now
        return replace(was, noted_at=now, next_allowed_at=now) if is_ahead else was

    patch.setattr(pace, "with_clock_set_back", at_once)


def _give_no_rest(patch: pytest.MonkeyPatch) -> None:
    after_answer = pace.after_answer

    def restless(
        was: HostPace, floor: float, answer: AnswerFacts, now: datetime, rules: PaceRules
    ) -> HostPace:
        return after_answer(was, floor, replace(answer, elapsed=0.0), now, rules)

    patch.setattr(pace, "after_answer", restless)


def _setting(target: object, name: str, value: object) -> Patch:
    return lambda patch: patch.setattr(target, name, value)


MUTANTS = (
    Mutant("the gap is halved", _halve_the_gap, "were owed"),
    Mutant("an unreachable robots.txt opens the site", _fail_open, "goes to a site whose robots.txt"),
    Mutant("Retry-After is ignored", _setting(pace, "retry_after", lambda *_: None), "(Retry-After)"),
    Mutant("two requests at a time", _two_at_a_time, "still busy with"),
    Mutant("Crawl-delay is ignored", _setting(Robots, "crawl_delay", lambda *_: None), "Crawl-delay)"),
    Mutant(
        "Disallow is ignored",
        _setting(Robots, "verdict", lambda *_: RobotsVerdict(allowed=True, rule="why not")),
        "where robots.txt says no",
    ),
    Mutant("robots.txt is kept for a week", _setting(rulebook, "FRESH_FOR", timedelta(days=7)), "old"),
    Mutant(
        "trouble is not backed off from",
        _setting(pace, "is_strain", lambda _: False),
        "(the delay of the host)",
    ),
    Mutant("a restart forgets the pace", _setting(SqlitePaceStore, "get_pace", lambda *_: None), "were owed"),
    Mutant("a slow host is given no rest", _give_no_rest, "twice the time"),
    Mutant("the scheduler trusts its clock", _setting(HostQueues, "recall", lambda *_: None), "A run slept"),
    Mutant("a clock set back ends the gap", _shorten_the_gap_after_a_clock_was_set_back, "were owed"),
    Mutant(
        "robots.txt is followed for ever",
        _setting(visitor, "MAX_ROBOTS_REDIRECTS", 9),
        "more than 5 redirects",
    ),
    Mutant("some requests are not in the ledger", _slip_a_request_past_the_ledger, "other things than"),
)
