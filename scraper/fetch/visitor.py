"""A polite visit: policy first, one request at a time to a host, each exchange kept before anything reads it."""

from collections.abc import Mapping
from typing import Final

from scraper.errors import RefusedError, RetryableError, SkippableError
from scraper.fetch import guard, pace
from scraper.fetch.client import WireClient
from scraper.fetch.gate import Gate, Turn
from scraper.fetch.pace import AnswerFacts, PaceRules
from scraper.fetch.retry import ParkedError, RetryRules, retrying
from scraper.fetch.robots import ROBOTS_PATH, Robots
from scraper.fetch.rulebook import Rulebook
from scraper.model.exchange import Exchange, Request
from scraper.model.stores import Clock, Ledger, LedgerEntry, LedgerEvent, PaceStore, Recorder, RobotsStore
from scraper.model.url import Url, parse_url, resolve
from scraper.settings import HostSettings, Settings

PRODUCT_TOKEN: Final = "postkeep"  # noqa: S105 - the word of RFC 9309, no secret
MAX_REDIRECTS: Final = 10
# RFC 9309 section 2.3.1.2 asks for at least five.
MAX_ROBOTS_REDIRECTS: Final = 5

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
# They speak of the copy that the caller has of the first URL.
_CONDITIONAL: Final = frozenset({"if-none-match", "if-modified-since"})

LedgerDetail = Mapping[str, float | int | str | None]


class Visitor:
    """Fetches URLs under robots.txt, pace, terms and the address guard, and accounts for it in the ledger.

    Different hosts may be visited side by side; to one host there is never more than one request at a time.
    ``recorder`` keeps the exchanges for robots.txt.
    """

    def __init__(  # noqa: PLR0913 - each store is a Protocol of its own, named where it is handed in
        self,
        client: WireClient,
        *,
        settings: Settings,
        clock: Clock,
        robots: RobotsStore,
        pace: PaceStore,
        ledger: Ledger,
        recorder: Recorder,
        pace_rules: PaceRules = PaceRules(),  # noqa: B008 - frozen
        retry_rules: RetryRules = RetryRules(),  # noqa: B008 - frozen
    ) -> None:
        self._client = client
        self._settings = settings
        self._clock = clock
        self._ledger = ledger
        self._recorder = recorder
        self._pace_rules = pace_rules
        self._retry_rules = retry_rules
        self._rulebook = Rulebook(robots, clock, self._ask_robots)
        self._gate = Gate(pace, clock, pace_rules, retry_rules.longest_wait)

    async def fetch(self, request: Request, recorder: Recorder) -> Exchange:
        """Visit a URL, following its redirects, and give the last exchange. ``recorder`` keeps each on the way.

        Raises:
            UsageError: no contact is set.
            RefusedError: robots.txt, the host's terms or the address guard forbid a URL on the way.
            RetryableError: no answer, or none but statuses of the moment; the message says when to come back.
            SkippableError: the redirects do not end, or an answer cannot be kept.
        """
        self._settings.require_contact()
        seen = {request.url}
        while True:
            exchange = await self._fetch_hop(request, recorder)
            target = _redirect_target(exchange)
            if target is None:
                return exchange
            if target in seen or len(seen) > MAX_REDIRECTS:
                raise SkippableError(
                    f"{request.url} redirects to {target} without end. Check the URL in a browser."
                )
            seen.add(target)
            request = Request(target, tuple(h for h in request.headers if h[0].lower() not in _CONDITIONAL))

    async def _fetch_hop(self, request: Request, recorder: Recorder) -> Exchange:
        try:
            url = self._admit(request.url)
            tries = retrying(self._retry_rules, self._clock)
            return await tries(self._visit, Request(url.href, request.headers), url, recorder)
        except RefusedError as refusal:
            self._note_refusal(request.url, refusal.rule)
            raise
        except ParkedError:
            self._note_refusal(request.url, "the host is left alone for now")
            raise

    def _admit(self, text: str) -> Url:
        """The URL, if the guard and the terms of its host let it be visited; RefusedError otherwise."""
        url = guard.check_url(text, self._client.network)
        host = self._settings.for_host(url.host)
        if host.terms == "forbid" and not host.reason:
            message = (
                f"{url.href} is not visited: postkeep.toml says that the terms of {url.host} forbid it. "
                f'Write a reason into [host."{url.host}"] if you may visit it all the same.'
            )
            raise RefusedError(message, rule="terms forbid")
        return url

    async def _visit(self, request: Request, url: Url, recorder: Recorder) -> Exchange:
        while True:
            robots = await self._rulebook.rules(url.origin)
            verdict = robots.verdict(PRODUCT_TOKEN, url.href)
            if not verdict.allowed:
                advice = (
                    "Run again in ten minutes." if robots.is_refusal else "Leave it out, or ask its owner."
                )
                raise RefusedError(
                    f"{url.href} is not visited: {verdict.rule} ({url.origin}{ROBOTS_PATH}). {advice}",
                    rule=verdict.rule,
                )
            async with self._gate.turn(url, self._floor(url, robots)) as turn:
                # The wait may have outlasted the copy of robots.txt.
                if self._rulebook.is_fresh(url.origin):
                    return await self._send(request, url, turn, verdict.rule, recorder)

    async def _ask_robots(self, origin: str) -> Exchange | None:
        """The answer for robots.txt after at most five redirects; None where no whole answer could be had."""
        floor_rules = self._rulebook.stored(origin)
        target = origin + ROBOTS_PATH
        for _ in range(MAX_ROBOTS_REDIRECTS + 1):
            try:
                url = self._admit(target)
                async with self._gate.turn(url, self._floor(url, floor_rules)) as turn:
                    exchange = await self._send(Request(url.href), url, turn, "robots.txt", self._recorder)
            except RefusedError as refusal:
                self._note_refusal(target, refusal.rule)
                return None
            except ParkedError:
                raise
            except (RetryableError, SkippableError):
                return None
            next_target = _redirect_target(exchange)
            if next_target is None:
                break
            target = next_target
        return None if exchange.truncated in {"time", "disconnect"} else exchange

    def _floor(self, url: Url, robots: Robots) -> float:
        return pace.delay_floor(
            self._settings.for_host(url.host).delay,
            robots.crawl_delay(PRODUCT_TOKEN),
            self._pace_rules,
            is_lifted=guard.is_lifted(url.host, url.port, self._client.network),
        )

    async def _send(self, request: Request, url: Url, turn: Turn, rule: str, recorder: Recorder) -> Exchange:
        """Send one request in its turn: the ledger first, then the wire, then the recorder, then the rest."""
        self._note("request", url, rule, _request_detail(turn, self._settings.for_host(url.host)))
        self._gate.begin(turn)
        started_at = self._clock.now()
        try:
            exchange = await self._client.get(request)
        except (RetryableError, SkippableError) as failure:
            elapsed = (self._clock.now() - started_at).total_seconds()
            self._gate.end(turn, AnswerFacts(None, elapsed))
            self._note("failed", url, rule, {"elapsed": elapsed, "reason": str(failure)})
            raise
        recorder.keep(exchange)
        asked = pace.retry_after(exchange.header("retry-after"), self._clock.now())
        self._gate.end(turn, AnswerFacts(exchange.status, exchange.elapsed, asked))
        self._note("answer", url, rule, _answer_detail(exchange, asked))
        return exchange

    def _note_refusal(self, text: str, rule: str) -> None:
        url = parse_url(text)
        host = url.host if url else ""
        self._ledger.note(LedgerEntry(self._clock.now(), "refused", host, text, rule, {}))

    def _note(self, event: LedgerEvent, url: Url, rule: str, detail: LedgerDetail) -> None:
        self._ledger.note(LedgerEntry(self._clock.now(), event, url.host, url.href, rule, detail))


def _redirect_target(exchange: Exchange) -> str | None:
    """Where an answer sends us on to; None where it does not, or to no http(s) URL."""
    location = exchange.header("location")
    if exchange.status not in _REDIRECTS or location is None:
        return None
    return resolve(exchange.request.url, location)


def _request_detail(turn: Turn, host: HostSettings) -> LedgerDetail:
    gaps: dict[str, float | int | str | None] = {"gap_owed": turn.gap_owed, "gap_kept": turn.gap_kept}
    return gaps | {"terms_reason": host.reason} if host.terms else gaps


def _answer_detail(exchange: Exchange, retry_after: float | None) -> LedgerDetail:
    return {
        "status": exchange.status,
        "elapsed": exchange.elapsed,
        "wire_bytes": len(exchange.head) + len(exchange.body),
        "retry_after": retry_after,
        "truncated": exchange.truncated,
    }
