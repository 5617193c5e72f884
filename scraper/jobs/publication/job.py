"""``postkeep publish``: the dataset of an archive to the Hub, in one commit."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from scraper.archive.files import KEY_FILE, PUBLICATION_FOLDER
from scraper.errors import RetryableError
from scraper.jobs.progress import Progress
from scraper.jobs.publication.draft import Answers, Drafting
from scraper.jobs.publication.dry_run import tell_dry_run
from scraper.jobs.publication.export import records_up_to_date
from scraper.jobs.publication.from_folder import WorkplaceAt, open_folder_source
from scraper.jobs.publication.last_publications import LastPublications
from scraper.jobs.publication.source import ArchiveSource, Source
from scraper.jobs.publication.telling import tell
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.publish.head import head_of
from scraper.publish.hub import Hub
from scraper.publish.publication import AccessChange, Draft, Published, Publisher
from scraper.publish.rights import Wish
from scraper.publish.writer import require_writer
from scraper.records.people import Pseudonyms, load_or_create_key

# Each attempt exports and compares anew; others do not publish every minute, so a few are plenty.
_ATTEMPTS: Final = 5
_DATASET: Final = "dataset"


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """What was asked for on the command line. ``keep_history`` leaves earlier versions as they are after a takedown.

    ``from_folder`` is a dataset that was merged or extracted, whose rows are published in place of those of the archive.
    """

    public: bool = False
    gated: bool = False
    with_text: bool = True
    dry_run: bool = False
    keep_history: bool = False
    from_folder: Path | None = None

    @property
    def wish(self) -> Wish:
        """The part that rights have a say in."""
        return Wish(self.public, self.gated, self.with_text)


def publish(
    repo: str,
    workplace: Workplace,
    options: PublishOptions,
    answers: Answers,
    at: WorkplaceAt | None = None,
) -> Report:
    """Publish the dataset of the archive to ``repo`` (``OWNER/NAME``); one item a file that changed.

    ``answers`` is asked what the owner has to decide. ``at`` gives the workplaces of other archives that a folder was made of; None:
    they have the settings of this one.

    Raises:
        UsageError: the name, the token or the settings must change first; or there is no archive.
        RefusedError: the rights of others are against it, or the owner said no.
        ArchiveHeldError: another run holds the archive.
        DriftError: a run of a site reads worse than before, or too many rows would be missing.
        RetryableError: the network or the Hub failed for now; a dry run says so and goes on, compared with the last publication.
        StopError: something must not go out, or the Hub refuses for good.
    """
    hub = Hub(repo)
    if not options.dry_run:
        require_writer(hub)
    with _source(workplace, options, at) as source, _scratch(workplace, options) as scratch:
        return _publish(hub, source, scratch / _DATASET, options, answers)


@contextmanager
def _source(workplace: Workplace, options: PublishOptions, at: WorkplaceAt | None) -> Iterator[Source]:
    exclusively = not options.dry_run
    if options.from_folder is None:
        with records_up_to_date(workplace, exclusively=exclusively) as records:
            yield ArchiveSource(records)
    else:
        beside = at or (lambda folder: replace(workplace, folder=folder))
        with open_folder_source(options.from_folder, workplace, beside, exclusively=exclusively) as source:
            yield source


@contextmanager
def _scratch(workplace: Workplace, options: PublishOptions) -> Iterator[Path]:
    """The folder to build in, gone afterwards: in the archive, but for a dry run, which may be made while another run holds that."""
    if options.dry_run:
        with tempfile.TemporaryDirectory(prefix="postkeep-") as scratch:
            yield Path(scratch)
        return
    scratch_folder = workplace.folder / PUBLICATION_FOLDER
    try:
        yield scratch_folder
    finally:
        shutil.rmtree(scratch_folder, ignore_errors=True)


def _publish(hub: Hub, source: Source, folder: Path, options: PublishOptions, answers: Answers) -> Report:
    workplace = source.workplace
    key = load_or_create_key(workplace.folder / KEY_FILE)
    archive = Pseudonyms(key).fingerprint
    taken_down = source.taken_down()
    drafting = Drafting(
        hub, source, folder, key, archive, options.wish, answers, taken_down, options.keep_history
    )
    if options.dry_run:
        told = tell_dry_run(drafting)
    else:
        published = _committed(drafting, Publisher(hub, archive, options.keep_history))
        if published.commit is not None:
            _settle_access(hub, published.draft.access)
        LastPublications(workplace.folder, workplace.disk).note(hub.repo, published, workplace.clock.now())
        told = tell(hub, published, drafting.withheld)
    stayed = [Item(post_id, "skipped", post_id, reason) for post_id, reason in sorted(told.withheld.items())]
    for item in told.items:
        if item.target == hub.repo or (item.reason and not options.dry_run):
            workplace.progress.end(item)
    return Report(items=(*told.items, *stayed, *source.troubled), outputs=told.lines)


def _committed(drafting: Drafting, publisher: Publisher) -> Published:
    """Publish, if any row changed; and take back what was taken down, wherever it stands.

    Raises:
        RetryableError: the network or the Hub failed, or others publish all the time.
    """
    for _ in range(_ATTEMPTS):
        draft = drafting.draft(head_of(drafting.hub))
        uploads = _Uploads(drafting.source.workplace.progress, draft)
        published = publisher.publish(draft, uploads.uploaded)
        if published is not None:
            return published
    raise RetryableError(
        f"{publisher.hub.repo} on the Hub: {_ATTEMPTS} attempts did not go through, because others kept publishing "
        f"or the Hub kept failing. No commit was made. Run the same command again."
    )


class _Uploads:
    """Tells whoever watches which file of a draft is on the Hub, and how much is left."""

    def __init__(self, progress: Progress, draft: Draft) -> None:
        self._progress = progress
        self._sizes = {file.path: file.size for file in draft.plan.additions}
        if draft.waiting is None:
            progress.expect(len(self._sizes), f"uploading {self._left()}")

    def uploaded(self, path: str) -> None:
        """One file is on the Hub."""
        reason = f"{path}: {self._sizes.pop(path):,} bytes, {self._left()} left"
        self._progress.end(Item(path, "done", reason=reason))

    def _left(self) -> str:
        return f"{sum(self._sizes.values()) / 1e6:,.1f} MB"


def _settle_access(hub: Hub, access: AccessChange) -> None:
    """Gate the repository, then make it public, as it was judged: last, so that nothing half done is seen."""
    if access.is_gated:
        hub.set_gated()
    if access.is_public:
        hub.set_public()
