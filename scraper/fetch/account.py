"""What the ledger is told of each request, each answer, and each decision not to ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from scraper.fetch.gate import Turn
from scraper.model.exchange import Exchange
from scraper.model.stores import Clock, Ledger, LedgerEntry, LedgerEvent
from scraper.model.url import Url, host_of

# A date or a number is never longer; the rest of what a site may send is left out of the ledger.
MAX_HEADER_TEXT: Final = 100

Detail = Mapping[str, float | int | str | None]


@dataclass(frozen=True, slots=True)
class Grounds:
    """By what a request is allowed: the ``rule`` that says so, and what else the ledger tells of it."""

    rule: str
    detail: Detail


class Account:
    """Writes the ledger of one run."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def began(self, product_token: str) -> None:
        """A run begins, going by the rules for ``product_token``."""
        self._ledger.note(
            LedgerEntry(self._clock.now(), "began", "", "", "a run begins", {"agent": product_token})
        )

    def request(self, url: Url, grounds: Grounds, turn: Turn) -> None:
        """A request leaves now."""
        gaps: Detail = {"gap_owed": turn.gap_owed, "gap_kept": turn.gap_kept}
        self._note("request", url, grounds.rule, {**gaps, **grounds.detail}, self._clock.now())

    def answer(
        self, url: Url, rule: str, exchange: Exchange, retry_after: float | None, at: datetime
    ) -> None:
        """A request was answered at ``at``; ``retry_after`` is in seconds."""
        detail: Detail = {
            "status": exchange.status,
            "elapsed": exchange.elapsed,
            "wire_bytes": len(exchange.head) + len(exchange.body),
            "truncated": exchange.truncated,
            "captured_at": exchange.started_at.isoformat(),
            "payload_digest": f"sha256:{sha256(exchange.payload).hexdigest()}",
            "retry_after": retry_after,
        }
        self._note("answer", url, rule, {**detail, **_retry_after_headers(exchange)}, at)

    def failed(self, url: Url, rule: str, elapsed: float, failure: BaseException, at: datetime) -> None:
        """A request ended at ``at`` without an answer."""
        reason = str(failure) or type(failure).__name__
        self._note("failed", url, rule, {"elapsed": elapsed, "reason": reason}, at)

    def refused(self, text: str, rule: str, detail: Detail) -> None:
        """A request is not made; ``text`` is the URL as it was given."""
        self._ledger.note(LedgerEntry(self._clock.now(), "refused", host_of(text), text, rule, detail))

    def _note(self, event: LedgerEvent, url: Url, rule: str, detail: Detail, at: datetime) -> None:
        self._ledger.note(LedgerEntry(at, event, url.host, url.href, rule, detail))


def _retry_after_headers(exchange: Exchange) -> Detail:
    """Retry-After as it was written, with the date it may be counted from; nothing where there is none."""
    value = exchange.header("retry-after")
    if value is None:
        return {}
    date = exchange.header("date")
    return {
        "retry_after_raw": value[:MAX_HEADER_TEXT],
        "date_raw": None if date is None else date[:MAX_HEADER_TEXT],
    }
