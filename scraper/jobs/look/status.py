"""``postkeep status``: what is in an archive, what happened last, what is due, and which settings are in force."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from scraper.archive.decisions import read_decisions, shard_of_archive
from scraper.archive.disk import Disk
from scraper.archive.files import KEY_FILE, RECORDS_FILE, WARC_FOLDER, present_names, require_archive
from scraper.archive.ledger import LEDGER_FOLDER
from scraper.archive.lock import holder_of, is_held, is_writable
from scraper.archive.migrate import open_state_to_read, upgrade
from scraper.archive.pending import is_taking_down, read_pending
from scraper.archive.read import ArchiveReader
from scraper.archive.runs import read_runs
from scraper.archive.state import STATE_FILE
from scraper.drift.book import HeldRuns
from scraper.drift.words import run_sentence
from scraper.errors import ArchiveDamagedError, UsageError
from scraper.jobs.look.settings import settings_in_force
from scraper.jobs.look.status_data import (
    CommentsData,
    CompletenessData,
    DueData,
    HeldRunData,
    HolderData,
    HostData,
    PostsData,
    PublicationData,
    RunData,
    StatusData,
    TakedownsData,
    VisitsData,
)
from scraper.jobs.refresh.due import bounds_of, visited_posts
from scraper.jobs.workplace import Workplace
from scraper.model.run import Run
from scraper.records.people import Pseudonyms, read_key
from scraper.records.store import Records
from scraper.records.summaries import PostSummary, Summaries
from scraper.records.times import time_text

STATUSES: Final = ("live", "gone", "withdrawn", "unknown")
ACCESSES: Final = ("full", "partial", "gated", "unknown")


def status_of(workplace: Workplace, origins: Mapping[str, str]) -> StatusData:
    """The status of an archive, as its last commit left it; ``origins`` of the settings are as ``settings_in_force`` takes them.

    Raises:
        UsageError: the folder is no archive.
        ArchiveDamagedError, StopError: its state or its decisions cannot be read.
    """
    folder = workplace.folder
    require_archive(folder)
    held = is_held(folder)
    notes: list[str] = []
    with ExitStack() as opened:
        records = _records(folder, opened, notes)
        reader = _reader(folder, opened, notes, held=held)
        runs = read_runs(folder) if reader else []
        figures = _Figures.of(Summaries(records).all() if records else ())
        unfinished = next((run for run in reversed(runs) if run.ended_at is None), None)
        status = StatusData(
            archive=str(folder),
            shard=str(shard) if (shard := shard_of_archive(folder)) else None,
            key=_key(folder, notes),
            is_writable=is_writable(folder),
            held_by=_holder(folder, unfinished) if held else None,
            posts=figures.posts(),
            comments=figures.comments(),
            completeness=figures.completeness(),
            hosts=figures.of_hosts(),
            visits=_visits(reader, records),
            last_run=_last_run([run for run in runs if not (held and run is unfinished)]),
            last_publication=_last_publication(runs),
            due=_due(workplace, reader, records),
            held_back=_held_back(records),
            takedowns=_takedowns(folder),
            bytes=_bytes(folder),
            settings=settings_in_force(folder, workplace.settings, origins),
            notes=notes,
            next=[],
        )
    if held and (unjudged := status["visits"]["unjudged"]):
        notes.append(f"{unjudged:,} visits of the run at work are listed once it has ended and was judged.")
    status["next"] = list(_next_steps(status))
    return status


def _key(folder: Path, notes: list[str]) -> str | None:
    """The fingerprint of the key of the pseudonyms; None where there is none, or none that can be used."""
    try:
        key = read_key(folder / KEY_FILE)
    except (ArchiveDamagedError, OSError) as error:
        notes.append(str(error))
        return None
    return Pseudonyms(key).fingerprint if key else None


def _records(folder: Path, opened: ExitStack, notes: list[str]) -> Records | None:
    path = folder / RECORDS_FILE
    if not path.is_file():
        return None
    try:
        return opened.enter_context(Records.open_to_read(path))
    except UsageError as error:
        notes.append(str(error))
        return None


def _reader(folder: Path, opened: ExitStack, notes: list[str], *, held: bool) -> ArchiveReader | None:
    if not (folder / STATE_FILE).is_file() and not present_names(folder):
        return None
    if not held and is_writable(folder):
        upgrade(folder, Disk())
    try:
        return opened.enter_context(ArchiveReader(folder, open_state_to_read(folder)))
    except ArchiveDamagedError as error:
        if not held:
            raise
        # The first run of an archive is making it at this moment, or a repair is.
        notes.append(str(error))
        return None


@dataclass(slots=True)
class _Figures:
    """What the summaries of all posts add up to."""

    status: Counter[str] = field(default_factory=Counter)
    access: Counter[str] = field(default_factory=Counter)
    hosts: Counter[str] = field(default_factory=Counter)
    host_comments: Counter[str] = field(default_factory=Counter)
    reach: Counter[str] = field(default_factory=Counter)
    captured: int = 0
    deleted: int = 0
    declared: int = 0
    captured_of_declared: int = 0

    @classmethod
    def of(cls, summaries: Iterable[PostSummary]) -> "_Figures":
        figures = cls()
        for summary in summaries:
            figures.add(summary)
        return figures

    def add(self, post: PostSummary) -> None:
        host = urlsplit(post.url).hostname or ""
        self.status[post.status] += 1
        self.access[post.access] += 1
        self.hosts[host] += 1
        self.host_comments[host] += post.comments_captured
        self.captured += post.comments_captured
        self.deleted += post.comments_deleted
        if post.comments_declared is None:
            self.reach["undeclared"] += 1
            return
        self.declared += post.comments_declared
        self.captured_of_declared += post.comments_captured
        self.reach["short" if post.comments_captured < post.comments_declared else "whole"] += 1

    def posts(self) -> PostsData:
        return {
            "total": self.status.total(),
            "status": {name: self.status[name] for name in STATUSES},
            "access": {name: self.access[name] for name in ACCESSES},
        }

    def comments(self) -> CommentsData:
        return {
            "captured": self.captured,
            "deleted": self.deleted,
            "declared": self.declared,
            "captured_of_declared": self.captured_of_declared,
        }

    def completeness(self) -> CompletenessData:
        reach = self.reach
        return {"whole": reach["whole"], "short": reach["short"], "undeclared": reach["undeclared"]}

    def of_hosts(self) -> list[HostData]:
        ranked = sorted(self.hosts.items(), key=lambda item: (-item[1], item[0]))
        return [
            {"host": host, "posts": posts, "comments": self.host_comments[host]} for host, posts in ranked
        ]


def _holder(folder: Path, run: Run | None) -> HolderData:
    return {
        "process": holder_of(folder),
        "verb": run.verb if run else None,
        "run_id": run.run_id if run else None,
        "began_at": time_text(run.began_at) if run else None,
    }


def _visits(reader: ArchiveReader | None, records: Records | None) -> VisitsData:
    kept = sum(1 for _ in reader.visit_ids()) if reader else 0
    unread = sum(1 for _ in records.unread(reader.visit_ids())) if reader and records else kept
    return {
        "kept": kept,
        "unread": unread,
        "rejected": records.rejection_count() if records else 0,
        "unjudged": HeldRuns(records).unjudged() if records else 0,
    }


def _last_run(runs: Sequence[Run]) -> RunData | None:
    if not runs:
        return None
    run = runs[-1]
    ended = "completed" if run.completed else "broken off" if run.ended_at else "killed"
    return {
        "run_id": run.run_id,
        "verb": run.verb,
        "began_at": time_text(run.began_at),
        "ended_at": time_text(run.ended_at) if run.ended_at else None,
        "ended": ended,
        "exit_code": run.exit_code,
        "reason": run.reason,
        "counts": {str(word): count for word, count in run.counts.items()},
        "requests": run.traffic.requests,
        "bytes": run.traffic.bytes,
    }


def _last_publication(runs: Sequence[Run]) -> PublicationData | None:
    for run in reversed(runs):
        if run.publication and run.publication.settled_at:
            return {"repo": run.publication.repo, "at": time_text(run.publication.settled_at)}
    return None


def _due(workplace: Workplace, reader: ArchiveReader | None, records: Records | None) -> DueData:
    bounds, now = bounds_of(workplace.settings), workplace.clock.now()
    moments: list[datetime] = []
    if reader and records:
        moments = [post.due_at(now, bounds) for post in visited_posts(records.looks(), reader, bounds)]
    ahead = min((moment for moment in moments if moment > now), default=None)
    return {
        "posts": sum(moment <= now for moment in moments),
        "visited": len(moments),
        "next_at": time_text(ahead) if ahead else None,
        "followed": list(workplace.settings.follow),
    }


def _held_back(records: Records | None) -> list[HeldRunData]:
    drifts = HeldRuns(records).drifts() if records else ()
    return [
        {
            "site": drift.place.site,
            "run_id": drift.place.run,
            "began_at": drift.begun_at,
            "posts": drift.pages,
            "reason": run_sentence(drift),
        }
        for drift in drifts
    ]


def _takedowns(folder: Path) -> TakedownsData:
    tombstones = {each.subject for each in read_decisions(folder) if each.kind == "tombstone"}
    return {
        "pending": [each.subject for each in read_pending(folder)],
        "is_pending": is_taking_down(folder),
        "tombstones": len(tombstones),
    }


def _bytes(folder: Path) -> dict[str, int]:
    """The bytes of the archive's files, by what they hold."""
    sizes = Counter[str]()
    for path in folder.rglob("*"):
        part = path.relative_to(folder).parts[0]
        try:
            size = path.lstat().st_size if path.is_file() else 0
        except OSError:
            continue  # A run may have taken it away meanwhile.
        sizes[_holding(part)] += size
    return {name: sizes[name] for name in ("warc", "state", "records", "ledger", "other")} | {
        "total": sizes.total()
    }


def _holding(name: str) -> str:
    if name in {WARC_FOLDER, LEDGER_FOLDER}:
        return name
    return next((kind for kind in ("state", "records") if name.startswith(f"{kind}.sqlite")), "other")


def _next_steps(status: StatusData) -> Iterable[str]:
    """What there is to do, a sentence each, what is most pressing first."""
    if status["takedowns"]["is_pending"]:
        yield "A takedown is not complete: the next run completes it. To have it done now, run: postkeep extract"
    if not status["held_by"] and status["visits"]["unread"]:
        yield f"{status['visits']['unread']:,} visits were not read into records. Run: postkeep extract"
    if not status["held_by"] and status["visits"]["unjudged"]:
        unjudged = f"{status['visits']['unjudged']:,} visits are of a run that was never judged, so their posts are not listed."
        yield f"{unjudged} The next run judges it. To have it done now, run: postkeep drift"
    if status["held_back"]:
        yield "What drift holds back is not in the rows. Look at it with: postkeep drift"
    run = status["last_run"]
    if run and run["ended"] != "completed" and not status["held_by"]:
        yield f"The last run did not come to its end. To go on, run it again: postkeep {run['verb']}"
    if not status["visits"]["kept"]:
        yield "Nothing was kept yet. Fill the archive with `postkeep crawl URL` or `postkeep import FILE`."
    elif status["due"]["posts"]:
        yield f"{status['due']['posts']:,} posts are due. Visit them with: postkeep refresh"
