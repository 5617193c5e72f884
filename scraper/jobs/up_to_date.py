"""The records of an archive once every visit is read, with what is left out of whatever is made of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from scraper.archive.read import ArchiveReader
from scraper.jobs.exclusions import exclusions_within
from scraper.jobs.progress import watched
from scraper.jobs.robots_today import RobotsToday
from scraper.jobs.workplace import Workplace
from scraper.model.exclusions import Exclusions
from scraper.model.outcome import Item
from scraper.records.history import PostRows
from scraper.records.joined import JoinedRecords
from scraper.records.store import RecordStore


@dataclass(frozen=True, slots=True)
class UpToDate:
    """The records of an archive, every visit read; ``troubled`` are the visits that cannot be."""

    store: RecordStore
    troubled: tuple[Item, ...]
    workplace: Workplace
    robots_today: RobotsToday
    archive: ArchiveReader

    def posts(self) -> Iterator[PostRows]:
        """The rows of each post, in the order of their ids, while whoever watches sees how far it is."""
        total = self.store.post_count()
        return watched(self.store.posts(), self.workplace.progress, total, "writing")

    def exclusions(self) -> Exclusions:
        """All that is forgotten or opted out, of the sites in the records; under ids and addresses of before too."""
        return exclusions_within(JoinedRecords([self.store]), [self.workplace])
