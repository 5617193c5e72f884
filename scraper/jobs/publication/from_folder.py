"""``postkeep publish --from DIR``: a dataset that was merged, extracted or exported goes out as it is, less what must not go out by now."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from scraper.archive.outputs import kind_at, origin_of, work_folder_of
from scraper.archive.pending import is_taking_down
from scraper.dataset.context import CardContext
from scraper.dataset.figures import Figures
from scraper.dataset.manifest import manifest_digest
from scraper.dataset.read import FolderRows, open_export
from scraper.errors import UsageError
from scraper.jobs.drift import refuse_drift
from scraper.jobs.exclusions import exclusions_within
from scraper.jobs.extracted_ids import open_ids
from scraper.jobs.progress import watched
from scraper.jobs.publication.joined_archives import JoinedArchives, open_joined
from scraper.jobs.robots_today import RobotsToday
from scraper.jobs.workplace import Workplace
from scraper.model.exclusions import Exclusions
from scraper.model.outcome import Item
from scraper.model.record import Signal
from scraper.records.contract import Contract
from scraper.records.forgetting import rows_without_forgotten
from scraper.records.history import PostRows
from scraper.records.joined import JoinedRecords
from scraper.records.people import Pseudonyms
from scraper.settings import Settings

# The workplace of an archive folder, with the settings that lie in it.
WorkplaceAt = Callable[[Path], Workplace]


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A dataset folder, and the archives that its rows come from: what these leave out by now stays behind.

    ``records`` are those of the archives, and what lies beside a dataset that was extracted of files that no archive has.
    """

    rows: FolderRows
    archives: JoinedArchives
    records: JoinedRecords
    workplace: Workplace
    robots_today: RobotsToday

    @property
    def troubled(self) -> tuple[Item, ...]:
        """None: the rows are those of the folder, whatever can be read by now."""
        return ()

    def posts(self) -> Iterator[PostRows]:
        """The rows that lie in the folder, without what was taken down since, and without the texts of what was deleted where the settings do not keep them by now."""
        total = self.rows.manifest.configs["posts"].rows
        forgotten, people = self.exclusions().forgotten, Pseudonyms(self.archives.key)
        # A post that goes as a whole is left to whoever counts what stays behind.
        rows: Iterator[PostRows] = (
            rows_without_forgotten(each, forgotten, people) or each for each in self.rows
        )
        if not self.workplace.settings.keep_deleted_text:
            rows = map(PostRows.without_deleted_texts, rows)
        return watched(rows, self.workplace.progress, total, "writing")

    def post_ids(self) -> Iterator[str]:
        """The posts in the folder and in the archives."""
        yield from self._own_post_ids()
        yield from self.archives.records.post_ids()

    def exclusions(self) -> Exclusions:
        """What any of the archives leaves out, of the sites in the folder too, which an archive may never have seen."""
        return exclusions_within(self.records, self.archives.workplaces, self._own_post_ids())

    def _own_post_ids(self) -> Iterator[str]:
        return (row["post_id"] for row in self.rows.rows("posts"))

    def signals_today(self, url: str) -> Iterator[Signal]:
        """As the newest visit of any of the archives had it."""
        return self.robots_today.signals(url)

    def former_ids(self, today: str) -> frozenset[str]:
        """As the records have them."""
        return self.records.former_ids(today)

    def taken_down(self) -> dict[str, str]:
        """By the decisions of all archives."""
        return self.archives.takedowns()

    def is_taking_down(self) -> bool:
        """Whether that is so of any archive."""
        return any(map(is_taking_down, self.archives.folders))

    def refuse_drift(self) -> None:
        """Raise DriftError where a run of any archive is held back."""
        for member in self.archives.members:
            refuse_drift(member.store)

    def card(self, figures: Figures, honoured: Iterable[str], *, gated: bool) -> CardContext:
        """By the settings of the archives; how hosts were treated as the folder says."""
        card = self.archives.card(figures)
        takedowns = tuple(sorted({*card.takedowns, *self.rows.manifest.takedowns, *honoured}))
        return replace(card, conduct=self.rows.manifest.card.conduct, takedowns=takedowns, gated=gated)


@contextmanager
def open_folder_source(
    folder: Path, workplace: Workplace, at: WorkplaceAt, *, exclusively: bool
) -> Iterator[FolderSource]:
    """A dataset folder to publish from the archive of ``workplace``, which must have made it, alone or with others.

    ``at`` gives the workplaces of the others. ``exclusively`` keeps other runs out of all of them meanwhile.

    Raises:
        UsageError: the folder is no dataset of this archive as it was written, its rows are of another schema or without text, it is
            older than a takedown or a change of what shapes rows, or another archive that it comes from is not there.
        ArchiveHeldError: another run holds one of the archives.
        ArchiveDamagedError, StopError: as ``open_joined``.
    """
    rows = open_export(folder)
    archives = _archives_of(folder, workplace)
    contract = Contract.load()
    manifest = rows.manifest
    if manifest.schema_digest != contract.digest:
        raise UsageError(
            f"{folder} was written with another schema than {contract.version}, which is published now. Make it again, then publish it."
        )
    if not manifest.with_text:
        raise UsageError(
            f"{folder} was written without texts, and what must not go out is told by them. Make it with texts: --without text leaves "
            "them out of what is published."
        )
    others = [at(each) for each in archives if each != workplace.folder.resolve()]
    is_extracted = kind_at(workplace.folder, folder) == "extracted"
    with (
        open_joined([workplace, *others], exclusively=exclusively) as joined,
        open_ids(folder) if is_extracted else nullcontext() as ids,
    ):
        records = joined.records_with((ids,) if ids else ())
        # Nothing but its rows is known of what an extraction read, and of them those that were taken down stay behind.
        new = joined.takedowns().keys() - manifest.takedowns
        if new and not ids:
            raise UsageError(
                f"{folder} was made before the newest takedowns in the archives that it comes from ({len(new):,}), and may hold what they took down. "
                "Nothing was published. Make it again, by the command that made it, then publish it."
            )
        if is_extracted and not ids and (said := sorted(map(str, joined.opting_out))):
            raise UsageError(
                f"{work_folder_of(folder)} does not tell under which ids, names and addresses the posts of {folder} are known besides, so that "
                f"who asked to be left out in {', '.join(said)} cannot be told for sure. Nothing was published. Make the dataset again, "
                "by the command that made it, then publish it."
            )
        if other := _changed_setting(manifest.card, joined.settings):
            raise UsageError(
                f"{folder} was made with another `{other}` than the settings have now, and what is published says that they hold. "
                "Nothing was published. Make it again, by the command that made it, then publish it."
            )
        settings = replace(joined.settings, publish=workplace.settings.publish)
        yield FolderSource(
            rows, joined, records, replace(workplace, settings=settings), joined.robots_today()
        )


def _changed_setting(made_with: CardContext, settings: Settings) -> str | None:
    """A setting that shapes rows and that the card states, where it was another when the rows were made; None where none was."""
    stated = {name: value for name, value in asdict(made_with).items() if name in settings.shaping}
    before = replace(settings, **stated).shaping
    return next((name for name, value in settings.shaping.items() if value != before[name]), None)


def _archives_of(folder: Path, workplace: Workplace) -> tuple[Path, ...]:
    """The archives that a folder was made of.

    Raises:
        UsageError: the archive has not made it as it is, or one of the others is not there.
    """
    origin = origin_of(workplace.folder, folder)
    if origin is None or origin.manifest != manifest_digest(folder):
        raise UsageError(
            f"{folder} was not made from {workplace.folder} as it stands, so nobody knows whose pseudonyms, opt-outs and takedowns it "
            "has. Name with --archive an archive that it was made from, or make it again: postkeep merge, postkeep export, or "
            "postkeep extract --from with --archive."
        )
    for archive in origin.archives:
        if not archive.is_dir():
            raise UsageError(
                f"{folder} was made from {archive} too, which is not there: what was taken down or opted out there since must be known. "
                "Where its disk is missing, mount that; or merge the archives again."
            )
    return origin.archives
