"""``postkeep publish --dry-run``: what would go out, told and written down to be looked at, with the Hub or without it."""

from dataclasses import dataclass, field, replace
from typing import Final

from scraper.archive.files import PREVIEW_FOLDER
from scraper.archive.preview import remove_preview
from scraper.errors import ArchiveHeldError, PostkeepError, StopError, UsageError
from scraper.jobs.publication.draft import Drafting
from scraper.jobs.publication.last_publications import LastPublications
from scraper.jobs.publication.preview import FILES, WITHHELD, write_preview
from scraper.jobs.publication.telling import Told, access_sentence, size_text
from scraper.model.outcome import Item
from scraper.publish.answers import UnaskedError
from scraper.publish.head import NOTHING, Head, head_of
from scraper.publish.plan import plan
from scraper.publish.publication import Draft
from scraper.publish.takedown import warnings
from scraper.publish.writer import require_writer

_EMPTY: Final = "this is what would go into an empty repository; what stands there already was not compared."


@dataclass(slots=True)
class _Noted:
    """Says yes to everything, and keeps what was asked."""

    questions: list[str] = field(default_factory=list)

    def agrees(self, question: str) -> bool:
        """Yes."""
        self.questions.append(question)
        return True


def tell_dry_run(drafting: Drafting) -> Told:
    """What a publication would do; its card and its list of files are written into the archive, whether or not it may go out.

    The Hub is looked at where there is a token and it answers, else the last publication that the archive knows of.

    Raises:
        PostkeepError: something must not go out, as ``jobs.publication.job.publish`` has it.
    """
    head, unseen = _head(drafting)
    noted = _Noted()
    drafting = replace(drafting, answers=noted, asks_hub=unseen is None)
    try:
        items, lines = _told(drafting, drafting.draft(head))
    finally:
        preview = _written(drafting, head)
    asked = tuple(f"You would be asked: {question}" for question in noted.questions)
    remarks = (*asked, *_waiting_takedowns(drafting, head), *filter(None, [unseen]))
    told = [Item(drafting.hub.repo, "skipped", reason=remark) for remark in remarks]
    return Told(
        [*reversed(told), *items, *preview.items], (*lines, *remarks, *preview.lines), drafting.withheld
    )


def _head(drafting: Drafting) -> tuple[Head, str | None]:
    """What the dataset is compared with, and where that is not what stands on the Hub, a sentence that says what it is."""
    hub, workplace = drafting.hub, drafting.source.workplace
    try:
        require_writer(hub)
        return head_of(hub), None
    except PostkeepError as error:
        if isinstance(error, UsageError) and not isinstance(error, UnaskedError):
            raise
        known = LastPublications(workplace.folder, workplace.disk).of(hub.repo, drafting.archive)
        if known is None or known.newest is None:
            return NOTHING, f"The Hub was not looked at, so {_EMPTY} {error}"
        last = f"{known.newest.note.tag} of {known.newest.commit.at:%Y-%m-%d}"
        compared = f"The Hub was not looked at, so this is compared with the last publication that the archive knows of, {last}."
        return known, f"{compared} {error}"


def _told(drafting: Drafting, draft: Draft) -> tuple[list[Item], tuple[str, ...]]:
    """What would go out: a line a file, with its bytes and rows."""
    hub = drafting.hub
    breaking = warnings(hub.repo, draft.traces, hub.other_refs()) if draft.traces.any else ()
    if draft.waiting is not None:
        reason = f"{draft.waiting}{access_sentence(draft, 'would become')}"
        return [Item(hub.repo, "skipped", reason=reason)], breaking
    lines = {file.path: f"{file.path}: {size_text(file.size, file.rows)}" for file in draft.plan.additions}
    lines |= {path: f"{path}: deleted" for path in draft.plan.deletions}
    items = [Item(path, "skipped", reason=line) for path, line in lines.items()]
    rows = sum(file.rows or 0 for file in draft.plan.additions)
    total = f"{len(lines):,} files, {size_text(draft.plan.upload_bytes, rows)}, as {draft.tag}.{access_sentence(draft, 'would become')}"
    return items, (*lines.values(), total, *breaking)


def _waiting_takedowns(drafting: Drafting, head: Head) -> tuple[str, ...]:
    """That versions will go, where the Hub was not asked which."""
    new = drafting.taken_down.keys() - head.manifest.takedowns if head.manifest else frozenset()
    if drafting.asks_hub or drafting.keep_history or not new:
        return ()
    told = f"Takedowns since the last publication: {len(new):,}."
    return (
        f"{told} The versions that lead to what they took down would be deleted; the Hub alone can tell which.",
    )


def _written(drafting: Drafting, head: Head) -> "_Preview":
    """Write the preview, if the dataset was built; what was taken down meanwhile must not stand in it."""
    workplace, dataset = drafting.source.workplace, drafting.written
    if dataset is None:
        return _Preview()
    changes = plan(dataset.files, head.state.files)
    try:
        folder = write_preview(workplace.folder, dataset, head.state.files, changes, drafting.withheld)
    except StopError as error:
        return _Preview(items=(Item(PREVIEW_FOLDER, "skipped", reason=f"The card was not written: {error}"),))
    if drafting.source.is_taking_down() or drafting.source.taken_down() != drafting.taken_down:
        remove_preview(workplace.folder)
        message = (
            f"{workplace.folder}: another run took something down meanwhile. Run the same command again."
        )
        raise ArchiveHeldError(message)
    number = len(drafting.withheld)
    stay = "post stays" if number == 1 else "posts stay"
    withheld = f" and {WITHHELD} ({number:,} {stay} behind)" if number else ""
    return _Preview(lines=(f"{folder}: the card, to be looked at, with {FILES}{withheld}",))


@dataclass(frozen=True, slots=True)
class _Preview:
    """What is told of the preview."""

    items: tuple[Item, ...] = ()
    lines: tuple[str, ...] = ()
