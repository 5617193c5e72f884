"""What a crawl does about rights signals: it looks before it keeps, and keeps what the host says of its pages."""

from typing import Final

from scraper.archive.archive import Archive
from scraper.errors import RefusedError
from scraper.jobs.workplace import Workplace
from scraper.model.capture import Capture
from scraper.model.coding import decode_content
from scraper.model.exchange import Exchange
from scraper.model.record import Signal
from scraper.model.stores import LedgerEntry
from scraper.model.url import host_of
from scraper.page.document import Document
from scraper.page.restrictions import restrictions_of
from scraper.page.signals import header_signals, may_hold_signals, signals_of

NOARCHIVE: Final = "noarchive"
# Decoded bytes of a page that are looked at before it is written: its head, with room for long scripts.
_LOOK: Final = 512 * 1024


class RightsRecorder:
    """A Recorder of one visit (None: of no post) that leaves out what asks not to be archived.

    Each decision to leave something out goes into the ledger.
    """

    def __init__(self, archive: Archive, workplace: Workplace, visit_id: str | None) -> None:
        self._kept: list[Capture] = []
        self._archive = archive
        self._workplace = workplace
        self._visit_id = visit_id
        self._refusal: RefusedError | None = None

    def keep(self, exchange: Exchange) -> None:
        """Keep the exchange, unless it asks not to be archived and the settings do not overrule it."""
        refusal = refusal_to_be_kept(exchange, self._archive, self._workplace)
        if refusal:
            self._refusal = refusal
        else:
            self._kept.append(self._archive.keep(exchange, self._visit_id))

    def take_kept(self) -> list[Capture]:
        """The captures that were kept since the last call."""
        kept, self._kept = self._kept, []
        return kept

    def require_kept(self) -> None:
        """Raise RefusedError where an answer asked not to be archived, so that nothing of it is gone on with."""
        if self._refusal is not None:
            raise self._refusal


def refusal_to_be_kept(exchange: Exchange, archive: Archive, workplace: Workplace) -> RefusedError | None:
    """Why an exchange is not kept: it asks not to be archived, and the settings do not overrule it; None where it is.

    The ledger is told.
    """
    refused = restrictions_of(_signals_at_a_glance(exchange)).refusals
    host = host_of(exchange.request.url)
    if not refused or workplace.settings.keeps_noarchive(host):
        return None
    signal = {"signal": refused[0].signal, "value": refused[0].value}
    archive.ledger.note(
        LedgerEntry(workplace.clock.now(), "refused", host, exchange.request.url, NOARCHIVE, signal)
    )
    return _noarchive_refusal(exchange.request.url, refused[0], host)


def _signals_at_a_glance(exchange: Exchange) -> tuple[Signal, ...]:
    body = decode_content(exchange.payload, exchange.headers, _LOOK).body
    if not may_hold_signals(body):
        return tuple(header_signals(exchange.headers))
    glance = Capture(
        record_id="",
        url=exchange.request.url,
        status=exchange.status,
        headers=exchange.headers,
        body=body,
        captured_at=exchange.started_at,
        captured_at_basis="observed",
        payload_digest="",
    )
    return signals_of(Document(glance))


def _noarchive_refusal(url: str, signal: Signal, host: str) -> RefusedError:
    message = (
        f"{url} asks not to be archived ({signal.signal}: {signal.value}), so it was not kept. "
        f'Set keep_noarchive = true in [host."{host}"] if you may keep it; it is never published.'
    )
    return RefusedError(message, rule=NOARCHIVE)
