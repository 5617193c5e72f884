"""The last step of an extraction: the records of all buckets, read as one, become the dataset."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from scraper.archive.outputs import Output
from scraper.archive.read import open_to_read
from scraper.archive.state import STATE_FILE
from scraper.jobs.exclusions import exclusions_within
from scraper.jobs.outgoing import Outgoing
from scraper.jobs.politeness.conduct import conduct_of
from scraper.jobs.progress import watched
from scraper.jobs.publication.export import card_with, takedowns_of, write_dataset
from scraper.jobs.robots_today import RobotsToday
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item
from scraper.records.contract import Contract
from scraper.records.joined import JoinedRecords
from scraper.records.store import Records


@dataclass(frozen=True, slots=True)
class WrittenDataset:
    """How many posts the dataset has, what stayed behind and why, and sentences for the owner."""

    posts: int
    items: tuple[Item, ...]
    remarks: tuple[str, ...]


def write_rows(
    records: Sequence[Path],
    into: Path,
    workplace: Workplace,
    *,
    archive: Path | None,
    forgotten: Collection[str],
) -> WrittenDataset:
    """Write the dataset of the ``records`` of all buckets into a folder; the rows go out as those of an archive do.

    ``forgotten`` is what had a tombstone when the files were read: of one that came later the card does not say that it is honoured.

    Raises:
        UsageError: the folder holds things that no export wrote.
        StopError: a row breaks the schema, or the disk refused; what stood in the folder is as it was.
    """
    with ExitStack() as opened:
        stores = [opened.enter_context(Records.open_to_read(path)) for path in records]
        joined = JoinedRecords(stores, keep_deleted_text=workplace.settings.keep_deleted_text)
        robots = opened.enter_context(_robots_today(archive))
        # The files are not ours, and beside the dataset nothing stays that has a tombstone.
        outgoing = Outgoing(Contract.load(), exclusions_within(joined, [workplace]), still_kept="")
        if robots:
            outgoing.robots_today = robots.signals
        total = joined.post_count()
        posts = watched(joined.posts(), workplace.progress, total, "writing")
        archives = (archive,) if archive else ()
        card = partial(
            card_with,
            settings=workplace.settings,
            # Of what others captured it says nothing of our own conduct.
            conduct=conduct_of(()),
            takedowns=[
                digest for digest, subject in takedowns_of(workplace.folder).items() if subject in forgotten
            ],
        )
        remarks = write_dataset(Output("extracted", into), posts, outgoing, card, archives)
    withheld = Counter(outgoing.withheld.values())
    if outgoing.comments:
        withheld["Comments of people in the opt-out file were left out."] = outgoing.comments
    items = (Item(str(into), "skipped", reason=f"{reason} ({count:,})") for reason, count in withheld.items())
    return WrittenDataset(total - len(outgoing.withheld), tuple(items), remarks)


@contextmanager
def _robots_today(archive: Path | None) -> Iterator[RobotsToday | None]:
    # An archive in which nothing was kept yet has asked nobody.
    if archive is None or not (archive / STATE_FILE).is_file():
        yield None
        return
    with open_to_read(archive) as reader:
        yield RobotsToday(reader)
