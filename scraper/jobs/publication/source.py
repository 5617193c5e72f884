"""What a publication is made of: the records of an archive, or a dataset folder with the archives that its rows come from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from scraper.archive.pending import is_taking_down
from scraper.dataset.context import CardContext
from scraper.dataset.figures import Figures
from scraper.jobs.drift import refuse_drift
from scraper.jobs.publication.export import card_of, takedowns_of
from scraper.jobs.up_to_date import UpToDate
from scraper.jobs.workplace import Workplace
from scraper.model.exclusions import Exclusions
from scraper.model.outcome import Item
from scraper.model.record import Signal
from scraper.records.history import PostRows


class Source(Protocol):
    """The rows of a publication, and what their archives say of them now."""

    @property
    def workplace(self) -> Workplace:
        """The archive that publishes: its settings count, and it notes what went out."""

    @property
    def troubled(self) -> tuple[Item, ...]:
        """The visits that cannot be read."""

    def posts(self) -> Iterator[PostRows]:
        """The rows of each post, in the order of their ids."""

    def post_ids(self) -> Iterable[str]:
        """All posts that are known of, whether or not they have rows."""

    def exclusions(self) -> Exclusions:
        """All that is forgotten or opted out by now."""

    def signals_today(self, url: str) -> Iterator[Signal]:
        """What robots.txt says of a page now."""

    def former_ids(self, today: str) -> frozenset[str]:
        """The ids that readers before this one gave to a post, an author or a comment."""

    def taken_down(self) -> dict[str, str]:
        """The ids of what was taken down, by the keyed digests that publications hold of them."""

    def is_taking_down(self) -> bool:
        """Whether a takedown was begun and is not completed."""

    def refuse_drift(self) -> None:
        """Raise DriftError where a run is held back."""

    def card(self, figures: Figures, honoured: Iterable[str], *, gated: bool) -> CardContext:
        """What the card says that the rows do not; as ``card_of``."""


@dataclass(frozen=True, slots=True)
class ArchiveSource:
    """The records of one archive."""

    records: UpToDate

    @property
    def workplace(self) -> Workplace:
        """The archive."""
        return self.records.workplace

    @property
    def troubled(self) -> tuple[Item, ...]:
        """The visits that cannot be read."""
        return self.records.troubled

    def posts(self) -> Iterator[PostRows]:
        """The rows as its visits give them."""
        return self.records.posts()

    def post_ids(self) -> Iterable[str]:
        """The posts that a visit could read."""
        return self.records.store.post_ids()

    def exclusions(self) -> Exclusions:
        """What the archive leaves out."""
        return self.records.exclusions()

    def signals_today(self, url: str) -> Iterator[Signal]:
        """As the newest visit of the archive had it."""
        return self.records.robots_today.signals(url)

    def former_ids(self, today: str) -> frozenset[str]:
        """As its records have them."""
        return self.records.store.former_ids(today)

    def taken_down(self) -> dict[str, str]:
        """By its decisions."""
        return takedowns_of(self.workplace.folder)

    def is_taking_down(self) -> bool:
        """Whether that is so of the archive."""
        return is_taking_down(self.workplace.folder)

    def refuse_drift(self) -> None:
        """Raise DriftError where a run of the archive is held back."""
        refuse_drift(self.records.store)

    def card(self, figures: Figures, honoured: Iterable[str], *, gated: bool) -> CardContext:
        """By its settings and its ledger."""
        return card_of(figures, self.workplace, honoured, gated=gated)
