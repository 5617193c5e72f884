"""The robots.txt of each origin: kept for a day, or for ten minutes where it could not be had."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from weakref import WeakValueDictionary

from scraper.fetch.retry import NoSuchHostError
from scraper.fetch.robots import MAX_ROBOTS_BYTES, Robots, judge, parse_robots
from scraper.model.at_hand import AtHand
from scraper.model.coding import decode_content
from scraper.model.exchange import Exchange
from scraper.model.stores import Clock, RobotsCopy, RobotsStore

# RFC 9309 section 2.4.
FRESH_FOR: Final = timedelta(hours=24)
# Long enough that a site in trouble sees six more requests an hour at most, short enough that a crawl outlives a
# restart of the site.
REFUSAL_FRESH_FOR: Final = timedelta(minutes=10)
# Bytes of robots.txt whose rules are at hand.
_PARSED_AT_HAND: Final = 2 << 20
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Edition:
    """The rules of an origin as they stood at ``fetched_at``; ``status`` as in RobotsCopy."""

    robots: Robots
    fetched_at: datetime
    status: int | None


class Rulebook:
    """Gives the rules of an origin, asking ``ask`` for its robots.txt when the stored copy is too old.

    ``ask`` takes an origin and gives the last exchange; None where no whole answer could be had. ``commit`` makes durable
    what the store was told.
    """

    def __init__(
        self,
        store: RobotsStore,
        clock: Clock,
        ask: Callable[[str], Awaitable[Exchange | None]],
        commit: Callable[[], Awaitable[None]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._ask = ask
        self._commit = commit
        self._parsed: AtHand[bytes, Robots] = AtHand(_PARSED_AT_HAND)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def rules(self, origin: str) -> Edition:
        """The rules of an origin; robots.txt is asked for at most once however many want it.

        Raises:
            NoSuchHostError: it has no host; whoever asks again within ten minutes is refused.
        """
        lock = self._locks.setdefault(origin, asyncio.Lock())
        async with lock:
            standing = self._fresh(origin)
            if standing is None:
                self._expire(origin)
                await self._commit()
                copy = await self._asked(origin)
                standing = self._edition(copy)
        return standing

    async def _asked(self, origin: str) -> RobotsCopy:
        """The copy of what the origin answers now, stored; where it has no host, what keeps others from asking again."""
        try:
            answer = await self._ask(origin)
        except NoSuchHostError:
            await self._keep(self._copy(origin, None))
            raise
        return await self._keep(self._copy(origin, answer))

    async def _keep(self, copy: RobotsCopy) -> RobotsCopy:
        self._store.put_robots(copy)
        await self._commit()
        return copy

    def stored(self, origin: str) -> Robots:
        """The rules of the stored copy, however old."""
        return judge(self._store.get_robots(origin), self._parse)

    def holds(self, origin: str, edition: Edition) -> bool:
        """Whether an edition may still be gone by: it has neither grown too old nor been replaced."""
        standing = self._fresh(origin)
        return standing is not None and standing.fetched_at == edition.fetched_at

    def _fresh(self, origin: str) -> Edition | None:
        """The stored edition if it may still be gone by; one from the future, after a clock was set back, may not."""
        copy = self._store.get_robots(origin)
        if copy is None:
            return None
        edition = self._edition(copy)
        keep_for = REFUSAL_FRESH_FOR if edition.robots.is_refusal else FRESH_FOR
        is_fresh = timedelta(0) <= self._clock.now() - copy.fetched_at < keep_for
        return edition if is_fresh else None

    def _edition(self, copy: RobotsCopy) -> Edition:
        return Edition(judge(copy, self._parse), copy.fetched_at, copy.status)

    def _parse(self, body: bytes) -> Robots:
        robots = self._parsed.get(body)
        if robots is None:
            robots = parse_robots(body)
            self._parsed.put(body, robots, len(body) + 1)
        return robots

    def _expire(self, origin: str) -> None:
        """Let the stored copy be old for good: a clock that is set back while we ask must not make it fresh again."""
        copy = self._store.get_robots(origin)
        if copy is not None:
            self._store.put_robots(replace(copy, fetched_at=_LONG_AGO))

    def _copy(self, origin: str, answer: Exchange | None) -> RobotsCopy:
        now = self._clock.now()
        status, body = _read(answer) if answer else (None, b"")
        copy = RobotsCopy(origin, now, status, body)
        if not judge(copy, self._parse).is_refusal:
            return copy
        # An older copy opens nothing any more, but the delays it asked for still hold.
        old = self._store.get_robots(origin)
        return RobotsCopy(origin, now, status, old.body if old else b"")


def _read(answer: Exchange) -> tuple[int | None, bytes]:
    """The status to go by and the readable body: rules that cannot be decoded count as unreachable."""
    if not 200 <= answer.status <= 299:
        return answer.status, b""
    decoded = decode_content(answer.payload, answer.headers, MAX_ROBOTS_BYTES + 1)
    is_readable = not decoded.left and decoded.truncated != "unspecified"
    return (answer.status, decoded.body) if is_readable else (None, b"")
