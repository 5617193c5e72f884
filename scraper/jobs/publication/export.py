"""``postkeep export``: the dataset as a folder, from records that are up to date with the archive."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scraper import __version__
from scraper.archive.decisions import read_decisions
from scraper.archive.files import KEY_FILE
from scraper.dataset.context import CardContext, Publication
from scraper.dataset.export import Form
from scraper.dataset.export import export as export_dataset
from scraper.dataset.manifest import Manifest
from scraper.dataset.sections import named_after
from scraper.errors import StopError
from scraper.jobs.exclusions import exclusions_of
from scraper.jobs.extractor import read_unread
from scraper.jobs.politeness.conduct import conduct_of
from scraper.jobs.politeness.lines import read_lines
from scraper.jobs.publication.withholding import STILL_KEPT, Withheld, withheld_from_export
from scraper.jobs.runs import open_records
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.records.contract import Contract, Row
from scraper.records.people import Pseudonyms, load_or_create_key
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
    with records_up_to_date(workplace) as records:
        sites = {post_id.partition(":")[0] for post_id in records.store.post_ids()}
        withheld = withheld_from_export(records.store, exclusions_of(workplace, sites))
        records.write(folder, withheld, with_text=with_text, publication=publication)
        done = [
            Item(
                post_id,
                "skipped" if post_id in withheld.posts else "done",
                post_id,
                withheld.posts.get(post_id),
            )
            for post_id in records.store.post_ids()
        ]
    return Report(items=(*done, *records.troubled, *_said_of(withheld)), outputs=(str(folder),))


@dataclass(frozen=True, slots=True)
class UpToDate:
    """The records of an archive, every visit read; ``troubled`` are the visits that cannot be."""

    store: RecordStore
    troubled: tuple[Item, ...]
    workplace: Workplace

    def write(
        self,
        folder: Path,
        withheld: Withheld,
        *,
        with_text: bool,
        publication: Callable[[Manifest], Publication],
        honoured: Iterable[str] = (),
    ) -> None:
        """Write the dataset into ``folder``, without what is ``withheld``.

        ``honoured`` are the digests of takedowns that the published dataset honours, whatever this archive knows of them.

        Raises:
            UsageError: ``folder`` holds things that no export wrote.
            StopError: a row breaks the schema, or the disk refused; what stood in ``folder`` is as it was.
        """
        contract = Contract.load()
        export_dataset(
            _Checked(self.store, contract, withheld),
            folder,
            contract=contract,
            card=_card_context(self.workplace, self._sites(withheld), honoured),
            form=Form(with_text=with_text),
            publication=publication,
        )

    def _sites(self, withheld: Withheld) -> list[str]:
        """The sites of the posts that go out."""
        ids = (post_id for post_id in self.store.post_ids() if post_id not in withheld.posts)
        return sorted({post_id.partition(":")[0] for post_id in ids})


@contextmanager
def records_up_to_date(workplace: Workplace) -> Iterator[UpToDate]:
    """The records of the archive, whose lock is held meanwhile; visits that were never read are read first.

    Raises:
        UsageError: there is no archive.
        ArchiveHeldError: another run holds it.
    """
    with open_records(workplace) as (archive, extractor):
        read = read_unread(archive, extractor, workplace)
        troubled = tuple(item for item in read if item.outcome == "failed")
        yield UpToDate(extractor.store, troubled, workplace)


@dataclass(frozen=True, slots=True)
class _Checked:
    """Rows on their way out, each held against the contract a last time: merging made them of several readings.

    What is ``withheld`` stays.
    """

    store: RecordStore
    contract: Contract
    withheld: Withheld

    def rows(self, config: str) -> Iterator[Row]:
        for row in self.store.rows(config):
            if self.withheld.holds(row):
                continue
            if row.get("parent_id") in self.withheld.comments:
                row["parent_id"] = None
            problems = self.contract.problems(config, row)
            if problems:
                raise StopError(
                    f"A row of {config} breaks the schema, so nothing was exported: {' '.join(problems)}"
                )
            yield row


def _said_of(withheld: Withheld) -> tuple[Item, ...]:
    """An item for the comments that were left out of posts that were not."""
    if not withheld.comments:
        return ()
    reason = (
        f"{len(withheld.comments)} comments of people in the opt-out file were not exported. {STILL_KEPT}"
    )
    return (Item("comments", "skipped", reason=reason),)


def takedowns_of(archive: Path) -> dict[str, str]:
    """The ids of what was taken down, by the keyed digests that publications hold of them."""
    people = Pseudonyms(load_or_create_key(archive / KEY_FILE))
    subjects = {each.subject for each in read_decisions(archive) if each.kind == "tombstone"}
    return {people.takedown(subject): subject for subject in subjects}


def _card_context(workplace: Workplace, sites: Sequence[str], honoured: Iterable[str]) -> CardContext:
    settings = workplace.settings
    return CardContext(
        title=settings.title or named_after(sites),
        software=f"postkeep {__version__}",
        contact=settings.contact,
        license=settings.license,
        rights_statement=settings.rights_statement,
        names=settings.names,
        scrub=settings.scrub,
        conduct=conduct_of(read_lines(workplace.folder)),
        takedowns=tuple(sorted({*takedowns_of(workplace.folder), *honoured})),
    )
