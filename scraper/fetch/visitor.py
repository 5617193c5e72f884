"""A polite visit: policy first, one request at a time to a host, each exchange kept before anything reads it."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from scraper.errors import RefusedError, RetryableError, SkippableError, StopError
from scraper.fetch import guard, pace
from scraper.fetch.account import Account, Detail, Grounds
from scraper.fetch.gate import HostGate, Turn
from scraper.fetch.group_commit import GroupCommit
from scraper.fetch.pace import AnswerFacts, Floor, PaceRules
from scraper.fetch.retry import NoSuchHostError, ParkedError, RetryRules, tried
from scraper.fetch.robots import ROBOTS_PATH
from scraper.fetch.rulebook import Edition, Rulebook
from scraper.model.exchange import REDIRECT_STATUSES, Exchange, Headers, Request
from scraper.model.host_events import Answered, Asked, Left, Tell, Wait, WaitReason, untold
from scraper.model.product import PRODUCT_TOKEN
from scraper.model.stores import Clock, Ledger, PaceStore, Recorder, RobotsStore
from scraper.model.url import Url, resolve
from scraper.settings import HostSettings, Network, Settings

MAX_REDIRECTS: Final = 10
# RFC 9309 section 2.3.1.2 asks for at least five.
MAX_ROBOTS_REDIRECTS: Final = 5

# They speak of the copy that the caller has of the first URL.
_CONDITIONAL: Final = frozenset({"if-none-match", "if-modified-since"})


class Client(Protocol):
    """What a visit needs of the network; ``fetch.client.WireClient`` is the real one."""

    @property
    def network(self) -> Network:
        """How test servers are reached."""

    async def get(self, request: Request) -> Exchange:
        """Send one GET and read its answer; raises as ``WireClient.get`` does."""


class _RobotsRefusalError(RefusedError):
    """An edition of robots.txt refuses a page."""

    def __init__(self, message: str, rule: str, edition: Edition) -> None:
        super().__init__(message, rule=rule)
        self.edition = edition


class Visitor:
    """Fetches URLs under robots.txt, pace, terms and the address guard, and accounts for it in the ledger.

    Any number of ``fetch`` may run side by side; to one host there is never more than one request at a time. Those whose
    answers come in at once share one commit.
    ``recorder`` keeps the exchanges for robots.txt. ``commit`` makes durable, all of it or none, what the stores, the
    ledger and the recorders were told since the last call. ``askers`` gives by how many crawls at once a host may be asked:
    each keeps so many times the gap, so that together they ask no more often than one.
    """

    def __init__(  # noqa: PLR0913 - each store is a Protocol of its own, named where it is handed in
        self,
        client: Client,
        *,
        settings: Settings,
        clock: Clock,
        robots: RobotsStore,
        pace: PaceStore,
        ledger: Ledger,
        recorder: Recorder,
        commit: Callable[[], None],
        pace_rules: PaceRules = PaceRules(),  # noqa: B008 - frozen
        retry_rules: RetryRules = RetryRules(),  # noqa: B008 - frozen
        tell: Tell = untold,
        askers: Callable[[str], int] = lambda _: 1,
    ) -> None:
        self._client = client
        self._askers = askers
        self._settings = settings
        self._clock = clock
        self._recorder = recorder
        self._commit = GroupCommit(commit)
        self._pace_rules = pace_rules
        self._retry_rules = retry_rules
        self._tell = tell
        self._rulebook = Rulebook(robots, clock, self._ask_robots, self._commit)
        self._gate = HostGate(pace, clock, ledger, pace_rules, retry_rules.longest_wait, tell)
        self._account = Account(ledger, clock)
        self._account.began(PRODUCT_TOKEN)
        self._commit.now()

    async def fetch(
        self,
        request: Request,
        recorder: Recorder,
        *,
        conditions: Callable[[str], Headers] | None = None,
        follow_redirects: bool = True,
    ) -> Exchange:
        """Visit a URL, following its redirects, and give the last exchange. ``recorder`` keeps each on the way.

        ``conditions`` gives for each URL on the way the headers that ask for it only if it has changed.

        Raises:
            UsageError: no contact is set.
            RefusedError: robots.txt, the host's terms or the address guard forbid a URL on the way.
            RetryableError: no answer, or none but statuses of the moment; the message says when to come back.
            SkippableError: the redirects do not end, or an answer cannot be kept.
        """
        self._settings.require_contact()
        seen = {request.url}
        while True:
            of_copy = conditions(request.url) if conditions else ()
            asked = Request(request.url, (*request.headers, *of_copy)) if of_copy else request
            exchange = await self._fetch_hop(asked, recorder)
            target = _redirect_target(exchange)
            if target is None or not follow_redirects:
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
            visit = partial(self._visit, Request(url.href, request.headers), url, recorder)
            return await tried(visit, self._retry_rules, self._clock, partial(self._tell_wait, url.host))
        except _RobotsRefusalError as refusal:
            self._account.refused(request.url, refusal.rule, _edition_detail(refusal.edition))
            raise
        except RefusedError as refusal:
            self._account.refused(request.url, refusal.rule, {})
            raise
        except ParkedError as parked:
            self._note_parked(request.url, parked)
            raise

    def rests(self, host: str, until: datetime) -> None:
        """Tell that work for ``host`` waits until it may be asked again."""
        self._gate.rests(host, until)

    def leave(self, host: str) -> None:
        """Nothing more is to be asked of ``host`` for now."""
        self._gate.leave(host)
        self._tell(Left(host))

    def _tell_wait(self, host: str, reason: WaitReason, until: datetime) -> None:
        self._tell(Wait(host, reason, until))

    def _admit(self, text: str) -> Url:
        """The URL, if the guard and the terms of its host let it be visited; RefusedError otherwise."""
        url = guard.check_url(text, self._client.network)
        host = self._host(url)
        if host.terms == "forbid" and not host.reason:
            message = (
                f"{url.href} is not visited: postkeep.toml says that the terms of {url.host} forbid it. "
                f'Write a reason into [host."{url.host}"] if you may visit it all the same.'
            )
            raise RefusedError(message, rule="terms forbid")
        return url

    async def _visit(self, request: Request, url: Url, recorder: Recorder) -> Exchange:
        while True:
            edition = await self._rulebook.rules(url.origin)
            rule = self._require_allowed(url, edition)
            async with self._gate.turn(url, partial(self._floor, url, url.origin)) as turn:
                # Another edition of robots.txt may be in force after the wait, or none.
                if self._rulebook.holds(url.origin, edition):
                    return await self._send(
                        request, url, turn, self._page_grounds(url, rule, edition), recorder
                    )

    def _require_allowed(self, url: Url, edition: Edition) -> str:
        """The rule that allows a URL; RefusedError where one refuses it."""
        verdict = edition.robots.verdict(PRODUCT_TOKEN, url.href)
        if not verdict.allowed:
            advice = (
                "Run again in ten minutes."
                if edition.robots.is_refusal
                else "Leave it out, or ask its owner."
            )
            message = f"{url.href} is not visited: {verdict.rule} ({url.origin}{ROBOTS_PATH}). {advice}"
            raise _RobotsRefusalError(message, verdict.rule, edition)
        return verdict.rule

    async def _ask_robots(self, origin: str) -> Exchange | None:
        """The answer for robots.txt after at most five redirects; None where no whole answer could be had.

        Raises:
            ParkedError: the host is to be left alone for longer than a run waits.
            NoSuchHostError: the origin has no host to ask.
        """
        target = origin + ROBOTS_PATH
        for hop in range(MAX_ROBOTS_REDIRECTS + 1):
            try:
                exchange = await self._ask_hop(origin, target, hop)
            except RefusedError as refusal:
                self._account.refused(target, refusal.rule, {})
                return None
            except ParkedError as parked:
                self._note_parked(target, parked)
                raise
            except NoSuchHostError:
                if hop == 0:
                    raise
                return None
            except (RetryableError, SkippableError):
                return None
            next_target = _redirect_target(exchange)
            if next_target is None:
                break
            target = next_target
        return None if exchange.truncated in {"time", "disconnect"} else exchange

    async def _ask_hop(self, origin: str, target: str, hop: int) -> Exchange:
        url = self._admit(target)

        grounds = Grounds(
            ROBOTS_PATH.removeprefix("/"),
            {"origin": origin, "hop": hop, **self._host_detail(url)},
        )
        async with self._gate.turn(url, partial(self._floor, url, origin, url.origin)) as turn:
            return await self._send(Request(url.href), url, turn, grounds, self._recorder)

    async def _send(
        self, request: Request, url: Url, turn: Turn, grounds: Grounds, recorder: Recorder
    ) -> Exchange:
        """Send one request in its turn: first the ledger, then the wire, then pace, ledger and recorder in one commit.

        Of a request in flight when a run is cut off the ledger's line stays; its host is owed its delay by the next run
        as all hosts are that were ever asked. So one that never was is made known before that line is written.
        """
        ticks = asyncio.get_running_loop().time
        self._gate.begin(turn)
        if turn.pace.noted_at is None:
            await self._commit()
        self._account.request(url, grounds, turn)
        self._tell(Asked(url.host, url.href, grounds.rule))
        began = ticks()
        self._commit.begin()
        try:
            exchange = await self._client.get(request)
        except BaseException as failure:
            at, elapsed = self._clock.now(), ticks() - began
            self._gate.end(turn, AnswerFacts(None, elapsed), at)
            self._account.failed(url, grounds.rule, elapsed, failure, at)
            self._commit.now()
            self._tell(Answered(url.host, url.href, None, elapsed, trouble=str(failure)))
            raise
        finally:
            self._commit.end()
        at = self._clock.now()
        asked = pace.retry_after(exchange.header("retry-after"), exchange.header("date"), at)
        self._gate.end(turn, AnswerFacts(exchange.status, exchange.elapsed, asked), at)
        self._account.answer(url, grounds.rule, exchange, asked, at)
        size = len(exchange.head) + len(exchange.body)
        self._tell(Answered(url.host, url.href, exchange.status, exchange.elapsed, size))
        try:
            recorder.keep(exchange)
        except StopError:
            # Nothing can be made durable then, and why not is for the user to read.
            raise
        except Exception:
            self._commit.now()
            raise
        await self._commit()
        return exchange

    def _floor(self, url: Url, *origins: str) -> Floor:
        """The least gap before and after a request: what the owner wants, and what the last copies of the
        origins' robots.txt ask for, however old they are.
        """
        askers = self._askers(url.host)
        asked = askers * max(
            self._rulebook.stored(origin).crawl_delay(PRODUCT_TOKEN) or 0.0 for origin in origins
        )
        own = askers * self._own_delay(url)
        return Floor(asked, "crawl-delay") if asked > own else Floor(own)

    def _own_delay(self, url: Url) -> float:
        return pace.own_delay(self._host(url).delay, self._pace_rules, is_lifted=self._is_lifted(url))

    def _is_lifted(self, url: Url) -> bool:
        return self._client.network.is_lifted(url.host, url.port)

    def _host(self, url: Url) -> HostSettings:
        return self._settings.for_host(url.host)

    def _page_grounds(self, url: Url, rule: str, edition: Edition) -> Grounds:
        crawl_delay = edition.robots.crawl_delay(PRODUCT_TOKEN)
        return Grounds(
            rule, {**self._host_detail(url), "crawl_delay": crawl_delay, **_edition_detail(edition)}
        )

    def _host_detail(self, url: Url) -> Detail:
        detail: dict[str, float | int | str | None] = {"own_delay": self._own_delay(url)}
        if self._is_lifted(url):
            detail["lifted"] = True
        host = self._host(url)
        if host.terms:
            detail |= {"terms": host.terms, "terms_reason": host.reason}
        return detail

    def _note_parked(self, target: str, parked: ParkedError) -> None:
        self._account.refused(target, "the host is left alone for now", {"until": parked.until.isoformat()})


def _edition_detail(edition: Edition) -> Detail:
    return {"robots_at": edition.fetched_at.isoformat(), "robots_status": edition.status}


def _redirect_target(exchange: Exchange) -> str | None:
    """Where an answer sends us on to; None where it does not, or to no http(s) URL."""
    location = exchange.location
    if exchange.status not in REDIRECT_STATUSES or location is None:
        return None
    return resolve(exchange.request.url, location)
