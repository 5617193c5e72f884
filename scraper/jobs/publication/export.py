"""``postkeep export``: the dataset as a folder, from records that are up to date with the archive."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final, Literal

from scraper import __version__
from scraper.archive.decisions import read_decisions
from scraper.archive.files import KEY_FILE
from scraper.archive.outputs import Origin, Output, OutputKind, remember
from scraper.dataset.context import CardContext, Conduct
from scraper.dataset.export import Data, Form, describe, write_data
from scraper.dataset.figures import Figures
from scraper.dataset.folder import replacing
from scraper.dataset.formats import Format, describe_formatted, write_formatted
from scraper.dataset.manifest import manifest_digest
from scraper.dataset.sections import named_after
from scraper.jobs.extractor import read_unread
from scraper.jobs.items import Items
from scraper.jobs.outgoing import REDUCED, STILL_KEPT, Outgoing
from scraper.jobs.politeness.conduct import conduct_of
from scraper.jobs.politeness.lines import read_lines
from scraper.jobs.robots_today import RobotsToday
from scraper.jobs.runs import open_records_to_read
from scraper.jobs.up_to_date import UpToDate
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.records.contract import Contract
from scraper.records.people import Pseudonyms, load_or_create_key
from scraper.settings import Settings

ExportFormat = Literal["parquet", Format]
_KINDS: Final[Mapping[ExportFormat, OutputKind]] = {
    "parquet": "dataset",
    "csv": "csv",
    "jsonl": "jsonl",
    "convokit": "convokit",
}
_NOT_NOTED: Final = (
    "{archive} cannot be written, so it does not note this output: a takedown will not name it."
)


def export(
    folder: Path,
    workplace: Workplace,
    *,
    with_text: bool = True,
    format: ExportFormat = "parquet",  # noqa: A002 - the word of the option
) -> Report:
    """Write the dataset of the archive into ``folder``; visits that were never read are read first.

    Raises:
        UsageError: there is no archive, or ``folder`` holds things that no export wrote.
        ArchiveHeldError: another run takes something down.
        StopError: a row breaks the schema, or the disk refused; what stood in ``folder`` is as it was.
    """
    with records_up_to_date(workplace) as records:
        outgoing = Outgoing(Contract.load(), records.exclusions(), robots_today=records.robots_today.signals)
        if format == "parquet":
            form = Form(with_text=with_text)
            card = partial(card_of, workplace=workplace)
            posts = outgoing.posts(records.posts())
            write = partial(write_data, posts, contract=outgoing.contract, form=form)
            remarks = write_dataset(Output("dataset", folder), write, card, (workplace.folder,))
        else:
            with replacing(folder) as (built, scratch):
                posts, contract = outgoing.posts(records.posts()), outgoing.contract
                formatted = write_formatted(
                    posts, built, scratch, format=format, contract=contract, with_text=with_text
                )
                describe_formatted(built, formatted, card_of(formatted.figures, workplace))
                remarks = formatted.remarks + noted((workplace.folder,), Output(_KINDS[format], folder))
        items = items_of(records.store.post_ids(), outgoing)
        items.extend(records.troubled)
    return Report(items=items, outputs=(str(folder),), summary=remarks)


def write_dataset(
    output: Output,
    write: Callable[[Path, Path], Data],
    card: Callable[[Figures], CardContext],
    archives: Sequence[Path],
) -> tuple[str, ...]:
    """Write a dataset folder; what stood there is replaced in one step.

    This is the last step of whatever makes a dataset: ``write`` writes the data files into the first of two folders, with the second for
    scratch, ``card`` makes what the card says of the figures of the rows, and the folder is
    noted in each of the ``archives`` that the rows come from, so that a takedown in any of them names it, and so that ``publish --from`` knows whose rows they are. Gives sentences for the owner.

    Raises:
        UsageError: the folder holds things that no export wrote.
        StopError: a row breaks the schema, or the disk refused; what stood in the folder is as it was.
    """
    with replacing(output.path) as (built, scratch):
        data = write(built, scratch)
        describe(built, data, card(data.figures))
        # Noted before it is there: a takedown looks whether it is.
        origin = Origin(manifest_digest(built), tuple(each.resolve() for each in archives))
        return noted(archives, output, origin)


def noted(archives: Iterable[Path], output: Output, origin: Origin | None = None) -> tuple[str, ...]:
    """Note an output in its archives; gives a sentence for the owner for each in which that cannot be."""
    return tuple(_NOT_NOTED.format(archive=each) for each in archives if not remember(each, output, origin))


def items_of(post_ids: Iterable[str], outgoing: Outgoing) -> Items:
    """What became of each of the posts once ``outgoing`` is through, and of the comments that were left out of those that went out."""
    items = Items(_item(post_id, outgoing) for post_id in post_ids)
    if outgoing.comments:
        reason = (
            f"Comments of people in the opt-out file were not exported ({outgoing.comments:,}). {STILL_KEPT}"
        )
        items.add(Item("comments", "skipped", reason=reason))
    return items


def _item(post_id: str, outgoing: Outgoing) -> Item:
    reason = outgoing.withheld.get(post_id)
    if reason is None and post_id in outgoing.reduced:
        return Item(post_id, "done", post_id, REDUCED)
    return Item(post_id, "skipped" if reason else "done", post_id, reason)


@contextmanager
def records_up_to_date(workplace: Workplace, *, exclusively: bool = False) -> Iterator[UpToDate]:
    """The records of the archive, with visits that were never read read first; those that are committed, where another run holds it.

    Raises:
        UsageError, ArchiveHeldError, StopError: as ``open_records_to_read``.
    """
    with open_records_to_read(workplace, exclusively=exclusively) as (archive, extractor):
        read = read_unread(archive, extractor, workplace)
        troubled = tuple(item for item in read if item.outcome == "failed")
        yield UpToDate(extractor.store, troubled, workplace, RobotsToday(archive), archive)


def takedowns_of(archive: Path) -> dict[str, str]:
    """The ids of what was taken down, by the keyed digests that publications hold of them."""
    people = Pseudonyms(load_or_create_key(archive / KEY_FILE))
    subjects = {each.subject for each in read_decisions(archive) if each.kind == "tombstone"}
    return {people.takedown(subject): subject for subject in subjects}


def card_of(
    figures: Figures, workplace: Workplace, honoured: Iterable[str] = (), *, gated: bool = False
) -> CardContext:
    """What the card says that the rows do not.

    ``honoured`` are the digests of takedowns that the published dataset honours, whatever this archive knows of them;
    ``gated``: the rows go to those who asked alone.
    """
    conduct, takedowns = conduct_of(read_lines(workplace.folder)), takedowns_of(workplace.folder)
    return card_with(figures, workplace.settings, conduct, {*takedowns, *honoured}, gated=gated)


def card_with(
    figures: Figures, settings: Settings, conduct: Conduct, takedowns: Iterable[str], *, gated: bool = False
) -> CardContext:
    """As ``card_of``, of whatever the settings, the conduct and the takedowns are."""
    return CardContext(
        title=settings.title or named_after([site.site for site in figures.sites]),
        software=f"postkeep {__version__}",
        contact=settings.contact,
        license=settings.license,
        rights_statement=settings.rights_statement,
        names=settings.names,
        scrub=settings.scrub,
        conduct=conduct,
        takedowns=tuple(sorted(set(takedowns))),
        gated=gated,
    )
