"""One page asked for as a crawl asks, and kept in memory alone."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from uuid import uuid4

from scraper.archive.lock import Lock, is_writable
from scraper.archive.migrate import open_state_to_read
from scraper.archive.replay import BODY_LIMIT
from scraper.archive.state import STATE_FILE
from scraper.archive.stores import SqlitePaceStore
from scraper.archive.warc import payload_digest
from scraper.fetch.client import WireClient
from scraper.fetch.visitor import Visitor
from scraper.jobs.workplace import Workplace
from scraper.model.capture import Capture
from scraper.model.coding import decode_content
from scraper.model.exchange import Exchange, Request
from scraper.model.stores import HostPace, LedgerEntry, PaceStore, RobotsCopy


async def ask(request: Request, workplace: Workplace) -> tuple[Capture, ...]:
    """The captures of a page and of the redirects to it, the page last, asked for under robots.txt, pace and terms.

    Where ``workplace`` has an archive, its hosts are left alone for as long as they are owed, and no run goes on beside.

    Raises:
        UsageError: no contact is set.
        ArchiveHeldError: another run holds the archive.
        RefusedError: robots.txt, the host's terms or the address guard forbid it.
        RetryableError: it could not be had now.
        SkippableError: it cannot be had.
    """
    settings = workplace.settings
    client = WireClient(
        workplace.user_agent, settings.contact_email, workplace.network, workplace.limits, workplace.clock
    )
    with _pace_of(workplace) as known:
        account = _Account(known, workplace.clock.now())
        page = _Captures()
        async with client:
            visitor = Visitor(
                client,
                settings=settings,
                clock=workplace.clock,
                robots=account,
                pace=account,
                ledger=account,
                recorder=_Captures(),
                commit=account.commit,
                say=workplace.progress.wait,
            )
            await visitor.fetch(request, page)
    return tuple(page.captures)


class _Captures:
    """A Recorder that keeps what it is given for as long as the command runs."""

    def __init__(self) -> None:
        self.captures: list[Capture] = []

    def keep(self, exchange: Exchange) -> None:
        """Take an exchange in."""
        decoded = decode_content(exchange.payload, exchange.headers, BODY_LIMIT)
        capture = Capture(
            record_id=uuid4().urn,
            url=exchange.request.url,
            status=exchange.status,
            headers=exchange.headers,
            body=decoded.body,
            captured_at=exchange.started_at,
            captured_at_basis="observed",
            payload_digest=payload_digest(exchange.payload),
            truncated=exchange.truncated or decoded.truncated,
        )
        self.captures.append(capture)


class _Account:
    """Stores of robots.txt, pace and ledger that end with the command.

    Nothing tells when a host was asked before, by a probe a moment ago or from elsewhere; so each is owed its gap from
    ``began`` on, or more where ``known`` says so.
    """

    def __init__(self, known: PaceStore | None, began: datetime) -> None:
        self._known = known
        self._began = began
        self._robots: dict[str, RobotsCopy] = {}
        self._pace: dict[str, HostPace] = {}

    def get_robots(self, origin: str) -> RobotsCopy | None:
        """The copy that was had a moment ago."""
        return self._robots.get(origin)

    def put_robots(self, copy: RobotsCopy) -> None:
        """Remember a copy."""
        self._robots[copy.origin] = copy

    def get_pace(self, host: str) -> HostPace | None:
        """What is owed to a host."""
        if host in self._pace:
            return self._pace[host]
        known = self._known.get_pace(host) if self._known else None
        return known or HostPace(host, self._began, 0.0, noted_at=self._began)

    def put_pace(self, pace: HostPace) -> None:
        """Remember what is owed."""
        self._pace[pace.host] = pace

    def note(self, entry: LedgerEntry) -> None:
        """Nothing: there is no ledger."""

    def commit(self) -> None:
        """Nothing: nothing outlives the command."""


@contextmanager
def _pace_of(workplace: Workplace) -> Iterator[PaceStore | None]:
    """The pace of hosts by an archive that no other run writes meanwhile; None where there is no archive."""
    folder = workplace.folder
    if not (folder / STATE_FILE).is_file():
        yield None
        return
    with ExitStack() as opened:
        if is_writable(folder):
            opened.enter_context(Lock(folder))
        yield SqlitePaceStore(opened.enter_context(open_state_to_read(folder)))
