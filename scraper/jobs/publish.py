"""``postkeep publish``: the dataset of an archive to the Hub, in one commit."""

import hashlib
import hmac
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scraper.archive.files import KEY_FILE
from scraper.errors import UsageError
from scraper.jobs.export import export
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.publish.folder import DatasetFolder
from scraper.publish.head import Head
from scraper.publish.hub import Hub
from scraper.publish.plan import Plan
from scraper.publish.publication import Draft, Published, Publisher
from scraper.records.people import load_or_create_key

# Where a publication is built; it is there only while one runs.
PUBLICATION_FOLDER: Final = "publication"
_ARCHIVE_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """What was asked for on the command line."""

    with_text: bool = True
    dry_run: bool = False


def publish(repo: str, workplace: Workplace, options: PublishOptions) -> Report:
    """Publish the dataset of the archive to ``repo`` (``OWNER/NAME``); one item a file that changed.

    Raises:
        UsageError: the name, the token or the settings must change first; or there is no archive.
        ArchiveHeldError: another run holds the archive.
        RetryableError: the network or the Hub failed for now.
        StopError: something must not go out, or the Hub refuses for good.
    """
    hub = Hub(repo)
    folder = workplace.folder / PUBLICATION_FOLDER
    publisher = Publisher(hub, _archive_name(workplace.folder), workplace.clock.now())
    building = _Building(folder, workplace, options)
    try:
        if options.dry_run:
            return _described(publisher.draft(building))
        return _reported(hub, publisher.publish(building))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Building:
    """Makes and judges the dataset folder of one archive."""

    folder: Path
    workplace: Workplace
    options: PublishOptions

    def build(self, head: Head) -> DatasetFolder:  # noqa: ARG002
        shutil.rmtree(self.folder, ignore_errors=True)
        export(self.folder, self.workplace, with_text=self.options.with_text)
        return DatasetFolder.read(self.folder)

    def judge(self, folder: DatasetFolder, head: Head, changes: Plan) -> str | None:  # noqa: ARG002
        return None

    def uploading(self, files: int) -> None:
        self.workplace.progress.expect(files, "uploading")

    def uploaded(self, path: str) -> None:
        self.workplace.progress.end(Item(path, "done"))


def _archive_name(folder: Path) -> str:
    """A name for the archive that tells nothing about it: a digest made with its pseudonym key."""
    if not folder.is_dir():
        raise UsageError(f"There is no archive in {folder}. Name one with --archive.")
    key = load_or_create_key(folder / KEY_FILE)
    return hmac.new(key, b"postkeep archive", hashlib.sha256).hexdigest()[:_ARCHIVE_DIGITS]


def _described(draft: Draft) -> Report:
    """What would go out: a line a file, with its bytes and rows."""
    if draft.waiting is not None:
        return Report(items=(Item(draft.tag, "skipped", reason=draft.waiting),))
    lines = [f"{file.path}: {_size(file.size, file.rows)}" for file in draft.plan.additions]
    lines += [f"{path}: deleted" for path in draft.plan.deletions]
    items = [Item(line.partition(":")[0], "skipped", reason=line) for line in lines]
    total = f"{len(lines):,} files, {draft.plan.upload_bytes:,} bytes, as {draft.tag}"
    return Report(items=tuple(items), outputs=(*lines, total))


def _reported(hub: Hub, published: Published) -> Report:
    draft = published.draft
    if draft.waiting is not None:
        return Report(items=(Item(hub.repo, "skipped", reason=draft.waiting),), outputs=(hub.url,))
    added = [Item(file.path, "done") for file in draft.plan.additions]
    deleted = [Item(path, "done", reason=f"{path}: deleted") for path in draft.plan.deletions]
    return Report(items=(*added, *deleted), outputs=(f"{hub.url}/tree/{published.tag}",))


def _size(size: int, rows: int | None) -> str:
    return f"{size:,} bytes" + (f", {rows:,} rows" if rows is not None else "")
