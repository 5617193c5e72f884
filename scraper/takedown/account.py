"""What a takedown took, or would take, item by item: ids, tables, files, and what is out of its reach."""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final

from scraper.archive.files import WARC_FOLDER
from scraper.archive.ledger import LEDGER_FOLDER
from scraper.archive.outputs import Output, OutputKind
from scraper.archive.state import STATE_FILE
from scraper.model.outcome import Item
from scraper.takedown.extent import Extent
from scraper.takedown.plan import TakedownPlan
from scraper.takedown.subject import Subject
from scraper.takedown.traces import RUN

_PUBLICATIONS: Final = (
    "The next `postkeep publish OWNER/NAME` takes the rows off the Hub, with every tag that holds any of them and the history before; "
    "with --dry-run it names the tags and what breaks without them."
)
_COPIES: Final = (
    "Out of reach from here: exports, backups and copies made before, logs of earlier runs, and caches of those who loaded the dataset. "
    "Export and back up again over the former ones."
)
_REMEDIES: Final[Mapping[OutputKind, str]] = {
    "dataset": "Export the dataset again over it: postkeep export {path}",
    "merged": "Merge the archives again over it: postkeep merge ARCHIVE... --into {path}",
    "extracted": "Extract it again over it, as before: postkeep extract --from FILES --into {path}",
    "csv": "Export it again over the former one: postkeep export {path} --format csv",
    "jsonl": "Export it again over the former one: postkeep export {path} --format jsonl",
    "convokit": "Export it again over the former one: postkeep export {path} --format convokit",
    "wacz": "Delete it, or write it again: postkeep export --wacz {path}",
    "reader": "Bring it up to date: postkeep browse {path}",
    "private-reader": "Bring it up to date: postkeep browse {path} --private",
    "report": "Write it again over the former one: postkeep report {path}",
}
_READINGS: Final = (
    "Out of reach, and holds what was read of the files, which may be what was taken down. The next extraction into {path} takes "
    "it out; if there will be none, delete this folder."
)
_REACHED: Final = frozenset({"reader", "private-reader"})
_HANDED_ON: Final = "Copies that were handed on stay with whoever has them."
_LIMITS: Final = (
    f"Stays: what others wrote, where it only names the person or has a few words in common; passages of fewer than {RUN} letters "
    "and digits within other text; what pictures and documents such as PDF show."
)


def takedown_items(subject: Subject | None, extent: Extent, plan: TakedownPlan) -> Iterator[Item]:
    """The summary first; then each id, the rows by table, each file that is written anew, and what could not be searched.

    The summary is that of the ``subject``, or where several were taken down together, of the archive.
    """
    post_id = _post_of(subject.id) if subject and subject.kind != "author" else None
    yield Item(subject.id if subject else "archive", "done", post_id, _summary(extent, plan))
    for each in extent.ids:
        yield Item(
            each,
            "done",
            _post_of(each),
            f"{each}: a comment." if "#" in each else f"{each}: a post, with all that hangs on it.",
        )
    for table, count in extent.rows.items():
        yield Item(table, "done", reason=f"Rows: {count:,}.")
    for name, size in plan.files.items():
        changed = {each for each, owner in plan.owners.items() if owner == name}
        told = _records(plan, changed) if changed else "none changed but in what they refer to"
        dropped = len(plan.damaged.get(name, ()))
        damaged = f" Damaged stretches dropped: {dropped}." if dropped else ""
        reason = f"{size:,} bytes written anew. Records: {told}.{damaged}"
        yield Item(_path(WARC_FOLDER, name), "done", reason=reason)
    for name, count in plan.ledger.items():
        reason = f"Lines: {count:,}; a keyed hash stands in place of the URL."
        yield Item(_path(LEDGER_FOLDER, name), "done", reason=reason)
    if not plan.is_empty:
        reason = "Written anew without free pages; visits, validators and list entries that name it go, and copies in the folder."
        yield Item(STATE_FILE, "done", reason=reason)
    for (host, coding), count in sorted(plan.unsearched.items()):
        reason = (
            f"Records: {count:,}, not searched and left as they are, for their content coding ({coding}) cannot be undone. "
            "No row comes from them; on a host that showed what goes, they would have been taken down whole."
        )
        yield Item(host, "skipped", reason=reason)


def beyond_reach() -> Iterator[Item]:
    """What a takedown in the archive does not reach, and what does."""
    yield Item("publications", "skipped", reason=_PUBLICATIONS)
    yield Item("copies", "skipped", reason=_COPIES)
    yield Item("limits", "skipped", reason=_LIMITS)


def outputs_beyond_reach(outputs: Iterable[Output]) -> Iterator[Item]:
    """The outputs that a takedown does not reach, each with what to do; pages to read are reached, or said to be behind."""
    for output in outputs:
        is_there = output.is_there
        if is_there and output.kind in _REACHED:
            continue
        remedy = _REMEDIES[output.kind].format(path=shlex.quote(str(output.path)) if is_there else "PLACE")
        told = (
            f"{_HANDED_ON} {remedy}"
            if is_there
            else f"It is not there now. Wherever it was moved to: {remedy}"
        )
        yield Item(
            str(output.path), "skipped", reason=f"Out of reach, and may hold what was taken down. {told}"
        )
        if output.work_folder and output.work_folder.exists():
            yield Item(
                str(output.work_folder),
                "skipped",
                reason=_READINGS.format(path=shlex.quote(str(output.path))),
            )


def _summary(extent: Extent, plan: TakedownPlan) -> str:
    rows = ", ".join(f"{table} {count}" for table, count in extent.rows.items())
    summary = (
        f"Rows: {rows}. Records: {_records(plan, plan.changed)}, "
        f"in {len(plan.files)} WARC files ({sum(plan.files.values()):,} bytes written anew). "
        f"Ledger lines: {sum(plan.ledger.values())}."
    )
    if plan.unsure:
        summary += f" Of the records taken down whole, {len(plan.unsure)} may hold other things too, but no part could be taken out surely."
    return summary


def _records(plan: TakedownPlan, ids: set[str]) -> str:
    whole, part, dropped = (len(ids & kind) for kind in (plan.whole, plan.part.keys(), plan.dropped))
    return f"{whole} taken down whole, {part} in part, {dropped} dropped"


def _path(folder: str, name: str) -> str:
    return str(PurePosixPath(folder, name))


def _post_of(item_id: str) -> str:
    return item_id.partition("#")[0]
