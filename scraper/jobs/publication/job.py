"""``postkeep publish``: the dataset of an archive to the Hub, in one commit."""

import hashlib
import hmac
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scraper.archive.files import KEY_FILE, PUBLICATION_FOLDER
from scraper.errors import UsageError
from scraper.jobs.exclusions import exclusions_of
from scraper.jobs.publication.building import Answers, PublicationBuilding
from scraper.jobs.publication.export import UpToDate, records_up_to_date, takedowns_of
from scraper.jobs.publication.hub_searches import HubSearches
from scraper.jobs.publication.withholding import withheld_from_publication
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.publish.answers import TOKENS_PAGE
from scraper.publish.hub import Hub
from scraper.publish.publication import Draft, Published, Publisher
from scraper.publish.rights import Wish
from scraper.publish.takedown import warnings
from scraper.records.people import load_or_create_key

_ARCHIVE_DIGITS: Final = 16
_DATASET: Final = "dataset"


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """What was asked for on the command line. ``keep_history`` leaves earlier versions as they are after a takedown."""

    public: bool = False
    gated: bool = False
    with_text: bool = True
    dry_run: bool = False
    keep_history: bool = False

    @property
    def wish(self) -> Wish:
        """The part that rights have a say in."""
        return Wish(self.public, self.gated, self.with_text)


def publish(repo: str, workplace: Workplace, options: PublishOptions, answers: Answers) -> Report:
    """Publish the dataset of the archive to ``repo`` (``OWNER/NAME``); one item a file that changed.

    ``answers`` is asked what the owner has to decide.

    Raises:
        UsageError: the name, the token or the settings must change first; or there is no archive.
        RefusedError: the rights of others are against it, or the owner said no.
        ArchiveHeldError: another run holds the archive.
        DriftError: a run of a site reads worse than before, or too many rows would be missing.
        RetryableError: the network or the Hub failed for now.
        StopError: something must not go out, or the Hub refuses for good.
    """
    hub = Hub(repo)
    _require_writer(hub)
    scratch = workplace.folder / PUBLICATION_FOLDER
    with records_up_to_date(workplace) as records:
        try:
            return _publish(hub, records, scratch / _DATASET, options, answers)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _publish(hub: Hub, records: UpToDate, folder: Path, options: PublishOptions, answers: Answers) -> Report:
    workplace = records.workplace
    key = load_or_create_key(workplace.folder / KEY_FILE)
    sites = {post_id.partition(":")[0] for post_id in records.store.post_ids()}
    withheld = withheld_from_publication(records.store, exclusions_of(workplace, sites))
    building = PublicationBuilding(hub, records, folder, withheld, key, options.wish, answers)
    publisher = Publisher(
        hub,
        archive=hmac.new(key, b"postkeep archive", hashlib.sha256).hexdigest()[:_ARCHIVE_DIGITS],
        now=workplace.clock.now(),
        searches=HubSearches(workplace.folder, hub.repo, workplace.disk),
        taken_down=takedowns_of(workplace.folder),
        keep_history=options.keep_history,
    )
    stayed = [Item(post_id, "skipped", post_id, reason) for post_id, reason in sorted(withheld.posts.items())]
    if options.dry_run:
        items, outputs = _described(hub, publisher.draft(building))
    else:
        published = publisher.publish(building)
        _settle_access(hub, published, options.wish)
        items, outputs = _reported(hub, published)
    for item in items:
        if item.target == hub.repo or (item.reason and not options.dry_run):
            workplace.progress.end(item)
    return Report(items=(*items, *stayed, *records.troubled), outputs=outputs)


def _require_writer(hub: Hub) -> None:
    """Raise UsageError where the token plainly cannot publish, before anything is built."""
    account = hub.account()
    if account.role == "read":
        raise UsageError(
            f"The token of {account.name} may only read, so nothing can be published to {hub.repo}. "
            f"Make one with write access at {TOKENS_PAGE}, then: hf auth login"
        )


def _settle_access(hub: Hub, published: Published, wish: Wish) -> None:
    """Gate the repository, then make it public, where that was asked for and is not so: last, so that nothing half done is seen."""
    if published.commit is None:
        return
    state = hub.state()
    if state is not None and wish.gated and not state.is_gated:
        hub.set_gated()
    if state is not None and wish.public and state.is_private:
        hub.set_public()


Described = tuple[list[Item], tuple[str, ...]]


def _described(hub: Hub, draft: Draft) -> Described:
    """What would go out: a line a file, with its bytes and rows."""
    breaking = warnings(hub.repo, draft.traces, hub.other_refs()) if draft.traces.any else ()
    if draft.waiting is not None:
        return [Item(hub.repo, "skipped", reason=draft.waiting)], breaking
    lines = {file.path: f"{file.path}: {_size(file.size, file.rows)}" for file in draft.plan.additions}
    lines |= {path: f"{path}: deleted" for path in draft.plan.deletions}
    items = [Item(path, "skipped", reason=line) for path, line in lines.items()]
    rows = sum(file.rows or 0 for file in draft.plan.additions)
    total = f"{len(lines):,} files, {_size(draft.plan.upload_bytes, rows)}, as {draft.tag}"
    return items, (*lines.values(), total, *breaking)


def _reported(hub: Hub, published: Published) -> Described:
    draft = published.draft
    left = [Item(hub.repo, "failed", reason=published.left)] if published.left else []
    if draft.waiting is not None:
        taken = [Item(tag, "done", reason=f"{tag}: deleted") for tag in draft.traces.tags]
        return [Item(hub.repo, "skipped", reason=draft.waiting), *taken, *left], (hub.url,)
    added = [Item(file.path, "done") for file in draft.plan.additions]
    gone = [
        Item(name, "done", reason=f"{name}: deleted") for name in (*draft.plan.deletions, *draft.traces.tags)
    ]
    return [*added, *gone, *left], (f"{hub.url}/tree/{published.tag}",)


def _size(size: int, rows: int | None) -> str:
    return f"{size:,} bytes" + (f", {rows:,} rows" if rows is not None else "")
