"""``postkeep export``: the dataset as a folder, from records that are up to date with the archive."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scraper import __version__
from scraper.archive.decisions import read_decisions
from scraper.archive.lock import Lock
from scraper.archive.read import open_to_read
from scraper.dataset.context import CardContext, Publication
from scraper.dataset.export import Form
from scraper.dataset.export import export as export_dataset
from scraper.dataset.layout import post_of
from scraper.dataset.manifest import Manifest
from scraper.errors import StopError
from scraper.jobs.conduct import conduct_of
from scraper.jobs.extract import open_extractor, read_unread
from scraper.jobs.judge_lines import read_lines
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.model.record import Signal
from scraper.page.verdict import verdict
from scraper.records.contract import Contract, Row
from scraper.records.store import RecordStore


def export(
    folder: Path,
    workplace: Workplace,
    *,
    with_text: bool = True,
    publication: Callable[[Manifest], Publication] = lambda _: Publication(),
) -> Report:
    """Write the dataset of the archive into ``folder``; visits that were never read are read first.

    ``publication`` says for the card where the dataset stands on the Hub.

    Raises:
        UsageError: there is no archive, or ``folder`` holds things that no export wrote.
        ArchiveHeldError: another run holds the archive.
        StopError: the disk refused; what stood in ``folder`` is as it was.
    """
    contract = Contract.load()
    with (
        open_to_read(workplace.folder) as archive,
        Lock(workplace.folder),
        open_extractor(workplace) as extractor,
    ):
        troubled = [item for item in read_unread(archive, extractor, workplace) if item.outcome == "failed"]
        withheld = _withheld(extractor.store)
        source = _Checked(extractor.store, contract, frozenset(withheld))
        card = _card_context(workplace)
        form = Form(with_text=with_text)
        export_dataset(source, folder, contract=contract, card=card, form=form, publication=publication)
        done = [
            Item(post_id, "skipped" if post_id in withheld else "done", post_id, withheld.get(post_id))
            for post_id in extractor.store.post_ids()
        ]
    return Report(items=(*done, *troubled), outputs=(str(folder),))


@dataclass(frozen=True, slots=True)
class _Checked:
    """Rows on their way out, each held against the contract a last time: merging made them of several readings.

    The rows of posts that are ``withheld`` stay.
    """

    store: RecordStore
    contract: Contract
    withheld: frozenset[str]

    def rows(self, config: str) -> Iterator[Row]:
        for row in self.store.rows(config):
            if post_of(row) in self.withheld:
                continue
            problems = self.contract.problems(config, row)
            if problems:
                raise StopError(
                    f"A row of {config} breaks the schema, so nothing was exported: {' '.join(problems)}"
                )
            yield row


def _withheld(store: RecordStore) -> dict[str, str]:
    """The posts that ask not to be archived, which are never published, each with a sentence that says so."""
    reasons: dict[str, str] = {}
    for row in store.rows("posts"):
        signals = (Signal(item["signal"], item["value"]) for item in row["rights"])
        refusals = verdict(signals).refusals
        if refusals:
            said = f"{refusals[0].signal}: {refusals[0].value}"
            reasons[row["post_id"]] = f"It asks not to be archived ({said}), so it was not exported."
    return reasons


def _card_context(workplace: Workplace) -> CardContext:
    settings = workplace.settings
    decisions = read_decisions(workplace.folder)
    return CardContext(
        title="Community posts kept by postkeep",
        software=f"postkeep {__version__}",
        contact=settings.contact,
        license=settings.license,
        rights_statement=settings.rights_statement,
        names=settings.names,
        scrub=settings.scrub,
        conduct=conduct_of(read_lines(workplace.folder)),
        takedowns=sum(decision.kind == "tombstone" for decision in decisions),
    )
