"""Several archives open as one: their records joined, and what any of them leaves out left out of all."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from scraper.archive.files import is_used, require_archive
from scraper.dataset.context import CardContext
from scraper.dataset.figures import Figures
from scraper.errors import ArchiveDamagedError, UsageError
from scraper.jobs.agreement import agreed_settings, require_one_key
from scraper.jobs.exclusions import exclusions_within
from scraper.jobs.politeness.conduct import conduct_of_archives
from scraper.jobs.progress import watched
from scraper.jobs.publication.export import card_with, records_up_to_date, takedowns_of
from scraper.jobs.robots_today import RobotsToday
from scraper.jobs.up_to_date import UpToDate
from scraper.jobs.workplace import Workplace
from scraper.model.exclusions import Exclusions
from scraper.model.outcome import Item
from scraper.reading.pool import ReadingLimits, ReadingPool, ReadingProcesses
from scraper.reading.read_visit import Unread
from scraper.records.cleaning import Policy
from scraper.records.forgetting import all_without_forgotten
from scraper.records.history import PostRows
from scraper.records.joined import JoinedRecords
from scraper.records.reading import Departure, Reading
from scraper.records.store import Records
from scraper.settings import Settings


@dataclass(slots=True)
class JoinedArchives:
    """Archives that share a pseudonym key, each with its records up to date.

    ``workplaces`` are all of them; of those in which nothing was ever kept there is no member. ``settings`` are those that they agree
    in. Once ``posts`` is through, ``taken_down`` leads from each post that one archive has taken down to those that still have it, and
    ``comments_taken_down`` are such comments of other posts.
    """

    workplaces: tuple[Workplace, ...]
    members: tuple[UpToDate, ...]
    settings: Settings
    processes: ReadingProcesses
    key: bytes = field(repr=False)
    taken_down: dict[str, tuple[Path, ...]] = field(default_factory=dict)
    comments_taken_down: set[str] = field(default_factory=set)
    _exclusions: Exclusions | None = None
    _honoured: dict[str, str] | None = None

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders of the archives."""
        return tuple(each.folder for each in self.workplaces)

    @property
    def troubled(self) -> tuple[Item, ...]:
        """The visits that cannot be read."""
        return tuple(item for member in self.members for item in member.troubled)

    @property
    def records(self) -> JoinedRecords:
        """What all of them read."""
        return self.records_with(())

    def records_with(self, more: Iterable[Records]) -> JoinedRecords:
        """What all of them read, and other records."""
        stores = [*(member.store for member in self.members), *more]
        return JoinedRecords(stores, keep_deleted_text=self.settings.keep_deleted_text)

    @property
    def opting_out(self) -> tuple[Path, ...]:
        """The opt-out files of those that have one."""
        named = ((each.folder, each.settings.opt_out) for each in self.workplaces)
        return tuple(folder / file for folder, file in named if file is not None)

    def posts(self) -> Iterator[PostRows]:
        """The rows of each post, in the order of their ids, without what any of the archives has forgotten."""
        records, forgotten = self.records, self.exclusions().forgotten
        threads = frozenset(each.partition("#")[0] for each in forgotten if "#" in each)
        return watched(
            records.posts(partial(self._without_forgotten, forgotten, threads), self._departures()),
            self.workplaces[0].progress,
            records.post_count(),
            "writing",
        )

    def exclusions(self) -> Exclusions:
        """All that any of the archives has forgotten or opted out, under ids and addresses of before too."""
        if self._exclusions is None:
            # Before these: of what is taken down from then on the card must not say that the rows honour it.
            self._honoured = self.takedowns()
            self._exclusions = exclusions_within(self.records, self.workplaces)
        return self._exclusions

    def robots_today(self) -> RobotsToday:
        """What robots.txt says now, as the newest visit of any of them had it."""
        return RobotsToday(*(member.archive for member in self.members))

    def takedowns(self) -> dict[str, str]:
        """As ``takedowns_of``, of all of them."""
        return {digest: subject for each in self.folders for digest, subject in takedowns_of(each).items()}

    def card(self, figures: Figures) -> CardContext:
        """What the card says that the rows do not; of takedowns those that ``exclusions`` have, once these were asked for."""
        honoured = self.takedowns() if self._honoured is None else self._honoured
        return card_with(figures, self.settings, conduct_of_archives(self.folders), honoured)

    def _departures(self) -> Iterator[Departure]:
        """The visits to which the site said that a post is gone that only another archive has read there.

        A page that is gone does not tell its platform, and so not its post: what was read at its address does.
        """
        for member in self.members if len(self.members) > 1 else ():
            for visit_id in member.store.rejections():
                cost = member.archive.visit_cost(visit_id)
                if cost is None or member.store.post_at(cost.url) is not None:
                    continue
                for post_id in self.records.post_at(cost.url):
                    if departure := self._departure(member, visit_id):
                        yield replace(departure, post_id=post_id)

    def _departure(self, member: UpToDate, visit_id: str) -> Departure | None:
        result = self._read(member, visit_id, frozenset())
        return result.departure if isinstance(result, Unread) else None

    def _read(self, member: UpToDate, visit_id: str, forgotten: frozenset[str]) -> Reading | Unread | None:
        """What a visit gives to readers who know what is ``forgotten``; None where its captures are damaged."""
        try:
            visit = member.archive.visit(visit_id)
        except ArchiveDamagedError:
            return None
        workplace = member.workplace
        policy = Policy.of(workplace.settings, self.key, forgotten)
        (result,) = ReadingPool(policy, self.processes, workplace.sites).read([visit])
        return result

    def _without_forgotten(
        self, forgotten: frozenset[str], threads: frozenset[str], readings: Sequence[Reading]
    ) -> Sequence[Reading]:
        """The readings of a post without what is ``forgotten``, ``threads`` being the posts of which that are comments."""
        if not any(_concerns(reading, forgotten, threads) for reading in readings):
            return readings
        anew = [self._read_anew(reading, forgotten) for reading in readings]
        whole = [each for each in anew if each is not None]
        kept = all_without_forgotten(whole, forgotten) if len(whole) == len(anew) else []
        if kept:
            left = {row["comment_id"] for reading in kept for row in reading.comments}
            had = {row["comment_id"] for reading in readings for row in reading.comments}
            self.comments_taken_down |= had - left
        else:
            post_id = readings[0].post_id
            having = (each.workplace.folder for each in self.members if each.store.has_post(post_id))
            self.taken_down[post_id] = tuple(having)
        return kept

    def _read_anew(self, reading: Reading, forgotten: frozenset[str]) -> Reading | None:
        """The reading as readers give it who know all that is ``forgotten``; None where that is the post.

        They know the ids that a comment or an author had before; what cannot be read again stays as it was read.
        """
        for member in self.members:
            if member.store.reading(reading.visit_id) is not None:
                result = self._read(member, reading.visit_id, forgotten)
                if isinstance(result, Reading):
                    return replace(result, sequence=reading.sequence)
                return None if result and result.forgotten else reading
        return reading


def _concerns(reading: Reading, forgotten: frozenset[str], threads: frozenset[str]) -> bool:
    """Whether anything that a reading shows may be ``forgotten``: the post, who speaks there, or a comment, whatever id it has."""
    return (
        reading.post_id in forgotten
        or reading.post_id in threads
        or any(row["author_id"] in forgotten for row in (reading.post, *reading.comments))
    )


def nothing_kept(folders: Iterable[Path]) -> UsageError:
    """The error for archives of which none has ever had a capture."""
    named = ", ".join(map(str, folders))
    return UsageError(
        f"Nothing was ever kept in {named}, so there is nothing to join. Fill them with `postkeep crawl` or `postkeep import`."
    )


@contextmanager
def open_joined(workplaces: Iterable[Workplace], *, exclusively: bool = False) -> Iterator[JoinedArchives]:
    """Archives open as one, in whatever order they are named; each is read as an export reads it, and none while they cannot be joined.

    ``exclusively`` keeps other runs out of them meanwhile.

    Raises:
        UsageError: a folder is no archive; or they have different keys, or settings that rows or card depend on, or none of them any key.
        ArchiveHeldError: another run takes something down in one of them.
        ArchiveDamagedError: a key or the decisions of one are damaged.
        StopError: one cannot be read or written.
    """
    by_place = {each.folder.resolve(): each for each in workplaces}
    distinct = tuple(by_place[place] for place in sorted(by_place))
    for each in distinct:
        require_archive(each.folder)
    key = require_one_key([each.folder for each in distinct])
    settings = agreed_settings(distinct)
    used = [each for each in distinct if is_used(each.folder)]
    if key is None:
        raise nothing_kept(each.folder for each in distinct)
    with ExitStack() as opened:
        first = distinct[0]
        processes = first.processes or opened.enter_context(
            ReadingProcesses(limits=first.reading_limits or ReadingLimits())
        )
        members = tuple(
            opened.enter_context(
                records_up_to_date(replace(each, processes=processes), exclusively=exclusively)
            )
            for each in used
        )
        yield JoinedArchives(distinct, members, settings, processes, key)
