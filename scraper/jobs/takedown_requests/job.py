"""``postkeep forget --from FILE``: requests listed, agreed to, and taken down in one pass; what became of each stands beside FILE."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from scraper.archive.decisions import read_decisions
from scraper.archive.files import RECORDS_FILE, require_archive
from scraper.archive.lock import Lock
from scraper.archive.read import ArchiveReader
from scraper.errors import UsageError
from scraper.jobs.dataset_inventory import inventory_of
from scraper.jobs.extractions import Reached, take_out
from scraper.jobs.publication.last_publications import LastPublications
from scraper.jobs.takedown_requests.states import RequestFile, Settled
from scraper.jobs.takedowns import complete_takedowns, looking_at, reading_processes, reread, takedowns_in
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, OutcomeWord, Report
from scraper.reading.pool import ReadingProcesses
from scraper.records.store import Records
from scraper.takedown.account import beyond_reach, outputs_beyond_reach, takedown_items
from scraper.takedown.subject import Ambiguous, Subject, Unknown, kind_of
from scraper.takedown.takedowns import Finding, Takedown, Takedowns

_OUTCOMES: Final[Mapping[str, OutcomeWord]] = {
    "done": "done",
    "not here": "skipped",
    "ambiguous": "failed",
    "refused": "rejected",
    "asked": "skipped",
    "begun": "failed",
}
_NOT_HERE: Final = "The archive has nothing of it."
_KEPT_OUT: Final = f"{_NOT_HERE} It is kept out from now on."
_UNKNOWN: Final = (
    "No post, comment or author of this archive is named so. Ask for the URL of the post or the comment, or for the name as the "
    "site shows it."
)


class Desk(Protocol):
    """Who answers for the owner."""

    def agrees(self, question: str) -> bool:
        """Whether the owner says yes.

        Raises:
            UsageError: there is nobody to ask.
        """

    def chooses(self, question: str, choices: Sequence[str]) -> int | None:
        """Which of ``choices`` the owner means; None where nobody is there to ask, or the owner does not know."""


class _Nobody:
    """Nobody is asked."""

    def agrees(self, _: str) -> bool:
        """No."""
        return False

    def chooses(self, _: str, __: Sequence[str]) -> int | None:
        """None of them."""
        return None


@dataclass(frozen=True, slots=True)
class _Taken:
    """What was or would be taken down, what became of the datasets outside of the archive, and of its pages to read."""

    takedown: Takedown
    reached: Reached
    readers: Sequence[Item] = ()


@dataclass(frozen=True, slots=True)
class _Looking:
    """The archive as it is committed, with every visit read, while it is looked at."""

    takedowns: Takedowns
    archive: ArchiveReader
    records: Path


def forget_requests(
    path: Path, workplace: Workplace, desk: Desk, *, reason: str | None = None, dry_run: bool = False
) -> Report:
    """Take down what the rows of a file ask for, all in one pass over the archive; each gets a state in a copy beside the file.

    Rows that are done already are skipped, so that a run that was killed anywhere is gone on with by the same command. With ``dry_run``
    nothing is changed or written, and the lock is not needed. ``reason`` is that of rows which give none.

    Raises:
        UsageError: there is no archive, the file is no table of requests, or the owner did not agree.
        ArchiveHeldError: another run holds the archive.
        StopError: archive or copy cannot be written; what was begun is completed by the next run.
    """
    require_archive(workplace.folder)
    file = RequestFile.read(path, workplace.folder)
    with reading_processes(workplace) as processes:
        if not dry_run:
            complete_takedowns(workplace)
        with _looking(workplace, processes) as looking:
            wanted = _wanted(file, looking, workplace, _Nobody() if dry_run else desk)
            if dry_run:
                would = looking.takedowns.look_for_all(tuple(wanted), looking.archive) if wanted else None
                taken = _Taken(would, take_out(workplace, would.ids)) if would else None
                return _report(file, workplace, taken)
        told = _agreed(file, wanted, workplace, desk) if wanted else frozenset()
        file.write()
        if not wanted:
            return _report(file, workplace, written=True)
        with Lock(workplace.folder):
            reasons = {subject: _reason(subject, rows[0], reason) for subject, rows in wanted.items()}
            done = takedowns_in(workplace, processes).take_down_all(reasons)
        _note_done(wanted, workplace)
        file.write()
        readers = reread(replace(workplace, processes=processes))
    taken = _Taken(done, take_out(workplace), readers)
    return _report(file, workplace, taken, told, written=True)


@contextmanager
def _looking(workplace: Workplace, processes: ReadingProcesses) -> Iterator[_Looking]:
    """The archive to look into; visits that were never read are read into a copy of the records."""
    with looking_at(workplace) as (archive, scratch):
        takedowns = takedowns_in(workplace, processes, scratch, inventory_of(workplace.folder))
        yield _Looking(takedowns, archive, scratch / RECORDS_FILE)


def _wanted(
    file: RequestFile, looking: _Looking, workplace: Workplace, desk: Desk
) -> dict[Subject, list[Settled]]:
    """The subjects to take down with the rows that ask for each; every row that asks for none gets its state."""
    now = workplace.clock.now()
    entombed = {
        each.subject: each.at for each in read_decisions(workplace.folder) if each.kind == "tombstone"
    }
    open_rows = []
    for row in file.requests:
        entombed_at = entombed.get(row.subject_id)
        if row.state == "begun" and entombed_at:
            row.settle("not here" if row.detail == _KEPT_OUT else "done", row.detail, entombed_at)
        elif row.request.problem:
            row.settle("refused", row.request.problem, now)
        elif entombed_at is None or row.state not in {"done", "not here"}:
            # What was done and has no tombstone was done in another copy of the archive.
            open_rows.append(row)
    texts = {_text(row) for row in open_rows}
    findings = looking.takedowns.named(texts, looking.archive) if texts else {}
    wanted: dict[Subject, list[Settled]] = {}
    for row in open_rows:
        subject = _subject(row, findings[_text(row)], looking, workplace, desk)
        if subject is None:
            continue
        row.subject_id = subject.id
        if subject.id in entombed and not findings[_text(row)].is_here:
            row.settle("done", f"It was taken down on {entombed[subject.id]:%Y-%m-%d}.", now)
            continue
        wanted.setdefault(subject, []).append(row)
        is_here = findings[_text(row)].is_here or isinstance(findings[_text(row)].named, Ambiguous)
        row.settle("begun", "" if is_here else _KEPT_OUT, now)
    return wanted


def _text(row: Settled) -> str:
    """What is looked for: what the row asks for, and where an earlier run has found what that is, its id."""
    if row.state in {"begun", "done", "not here"} and row.subject_id:
        return row.subject_id
    return row.request.what or row.request.author_id


def _subject(
    row: Settled, finding: Finding, looking: _Looking, workplace: Workplace, desk: Desk
) -> Subject | None:
    """What the row asks to take down; None where that is not told, and the row has its state."""
    now, request = workplace.clock.now(), row.request
    match finding.named:
        case Unknown():
            row.settle("not here", _UNKNOWN, now)
            return None
        case Ambiguous(author_ids):
            return _chosen(row, author_ids, looking, workplace, desk)
        case Subject() as subject if request.author_id and request.what and subject.id != request.author_id:
            row.settle("refused", f"What it names is {subject.id}, and author_id is another.", now)
            return None
        case Subject() as subject:
            return subject


def _chosen(
    row: Settled, author_ids: Sequence[str], looking: _Looking, workplace: Workplace, desk: Desk
) -> Subject | None:
    """Which of several people of one name is meant: as the row says, or as the owner does; nobody is chosen by chance."""
    now, stated = workplace.clock.now(), row.request.author_id
    if stated in author_ids:
        return Subject("author", stated)
    if stated:
        row.settle("refused", f"author_id is none of those of this name: {', '.join(author_ids)}.", now)
        return None
    written = _written(author_ids, looking.records)
    choices = [f"{author_id} ({written[author_id]})" for author_id in author_ids]
    question = f"{row.request.named} can be {len(author_ids)} people of this archive. Which one asks?"
    choice = desk.chooses(question, choices)
    if choice is not None:
        return Subject("author", author_ids[choice])
    row.settle(
        "ambiguous",
        f"Several people have this name: {', '.join(choices)}. Give the one that is meant in a column author_id.",
        now,
    )
    return None


def _written(author_ids: Collection[str], records: Path) -> Mapping[str, str]:
    """What each person wrote, counted, with the newest post's id: enough to tell them apart."""
    posts: Counter[str] = Counter()
    comments: Counter[str] = Counter()
    places: dict[str, str] = {}
    with Records.open_to_read(records) as store:
        for rows in store.posts():
            for counted, row in ((posts, rows.post), *((comments, row) for row in rows.comments)):
                author_id = row["author_id"]
                if author_id is not None and author_id in author_ids:
                    counted[author_id] += 1
                    places[author_id] = rows.post["post_id"]
    return {
        each: f"posts {posts[each]:,}, comments {comments[each]:,}, such as in {places.get(each, 'none')}"
        for each in author_ids
    }


def _reason(subject: Subject, row: Settled, otherwise: str | None) -> str:
    """The reason for the tombstone of what a row asks for; ``otherwise`` where it gives none."""
    is_name = subject.kind == "author" and row.request.what != subject.id
    return row.request.reason(otherwise, is_name=is_name)


def _agreed(
    file: RequestFile, wanted: Mapping[Subject, Sequence[Settled]], workplace: Workplace, desk: Desk
) -> frozenset[Item]:
    """List what would be done, and have the owner agree to it; gives what was told.

    Raises:
        UsageError: the owner does not agree, or nobody is there to ask.
    """
    listed = [_item(row, listed=True) for row in file.requests]
    for item in listed:
        workplace.progress.end(item)
    question = (
        f"Take down {len(wanted):,} of {len(file.requests):,} requests in {file.path}? This cannot be undone."
    )
    if not desk.agrees(question):
        raise UsageError(f"Nothing of {file.path} was taken down: you did not say yes.")
    return frozenset(listed)


def _note_done(wanted: Mapping[Subject, Sequence[Settled]], workplace: Workplace) -> None:
    for rows in wanted.values():
        for row in rows:
            if row.detail == _KEPT_OUT:
                row.settle("not here", _KEPT_OUT, workplace.clock.now())
            else:
                row.settle("done", "", workplace.clock.now())


def _item(row: Settled, *, listed: bool = False) -> Item:
    """What became of a row; before anything is done, what is about to."""
    named = row.request.named
    post_id = (
        row.subject_id.partition("#")[0] if row.subject_id and kind_of(row.subject_id) != "author" else None
    )
    if row.state == "begun":
        would = row.detail or f"To be taken down: {row.subject_id}."
        return Item(named, "skipped" if listed else "failed", post_id, would)
    word = "skipped" if row.state == "done" and listed else _OUTCOMES[row.state]
    detail = row.detail or f"{row.subject_id}: taken down."
    return Item(named, word, post_id, f"{row.state}: {detail}" if row.state != "done" else detail)


def _report(
    file: RequestFile,
    workplace: Workplace,
    taken: "_Taken | None" = None,
    told: Collection[Item] = (),
    *,
    written: bool = False,
) -> Report:
    """The report on all rows, and on what was or would be ``taken``; what was ``told`` before is not told again."""
    rows = [_item(row, listed=not written) for row in file.requests]
    items = [*rows]
    if taken is not None:
        items += takedown_items(None, taken.takedown.extent, taken.takedown.plan)
        items += (*taken.readers, *taken.reached.items, *_published(workplace), *beyond_reach())
        items += outputs_beyond_reach(taken.reached.left)
    for item in items:
        if item not in told:
            workplace.progress.end(item)
    return Report(items=items, outputs=(str(file.copy),) if written else ())


def _published(workplace: Workplace) -> Iterator[Item]:
    """An item for each dataset that was published from the archive, and may hold what went."""
    for repo, published in LastPublications(workplace.folder, workplace.disk).all().items():
        yield Item(
            repo,
            "skipped",
            reason=f"Published last as {published.tag} on {published.at:%Y-%m-%d}, so it may hold what these requests name: "
            f"postkeep publish {repo}",
        )
