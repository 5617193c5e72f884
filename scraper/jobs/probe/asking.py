"""One page asked for as a crawl asks, and kept in memory alone."""

from collections.abc import Callable, Sequence
from uuid import uuid4

from scraper.archive.replay import BODY_LIMIT
from scraper.archive.warc import payload_digest
from scraper.fetch.client import WireClient
from scraper.fetch.visitor import Visitor
from scraper.jobs.passing_pace import passing_pace
from scraper.jobs.workplace import Workplace
from scraper.model.capture import Capture
from scraper.model.coding import decode_content
from scraper.model.exchange import Exchange, Request
from scraper.model.stores import LedgerEntry, RobotsCopy


async def ask(
    request: Request, workplace: Workplace, following: Callable[[Sequence[Capture]], Request | None]
) -> tuple[Capture, ...]:
    """The captures of a page and of the redirects to it, the page last, asked for under robots.txt, pace and terms.

    ``following`` says, of the captures there are, what is asked for next; None where they are enough. Where ``workplace`` has an archive, its hosts are left alone for as long as they are owed, and no run goes on beside.

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
    with passing_pace(workplace) as owed:
        account, page = _Account(), _Captures()
        async with client:
            visitor = Visitor(
                client,
                settings=settings,
                clock=workplace.clock,
                robots=account,
                pace=owed,
                ledger=account,
                recorder=_Captures(),
                commit=account.commit,
                tell=workplace.progress.tell,
            )
            needed: Request | None = request
            while needed is not None:
                await visitor.fetch(needed, page)
                needed = following(page.captures)
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
    """Stores of robots.txt and ledger that end with the command."""

    def __init__(self) -> None:
        self._robots: dict[str, RobotsCopy] = {}

    def get_robots(self, origin: str) -> RobotsCopy | None:
        """The copy that was had a moment ago."""
        return self._robots.get(origin)

    def put_robots(self, copy: RobotsCopy) -> None:
        """Remember a copy."""
        self._robots[copy.origin] = copy

    def note(self, entry: LedgerEntry) -> None:
        """Nothing: there is no ledger."""

    def commit(self) -> None:
        """Nothing: nothing outlives the command."""
