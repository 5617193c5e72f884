"""A takedown over all files of an archive: first what becomes of each record, then the files, index and ledger anew."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from scraper.archive.compose import PAYLOAD_DIGEST, REFERS_TO
from scraper.archive.disk import explained, write_file
from scraper.archive.files import is_used, left_open, present_names, present_path
from scraper.archive.index import Index
from scraper.archive.ledger import LEDGER_FOLDER, ledger_files
from scraper.archive.members import Damage, Member, read_at, scan
from scraper.archive.migrate import open_state_to_read
from scraper.archive.replay import is_capture
from scraper.archive.state import STATE_FILE, State
from scraper.archive.swap import Swap
from scraper.archive.warc import (
    WarcRecord,
    bracketed,
    build_member,
    format_fields,
    parse_fields,
    unbracketed,
    without_sums,
)
from scraper.model.url import parse_url
from scraper.reading.pool import ReadingLimits, ReadingProcesses, shared_by_all
from scraper.takedown.ledger import hashed, lines_of, names_subject
from scraper.takedown.record import (
    leads_on,
    mentions,
    redacted,
    redacted_id,
    unsearchable_coding,
    with_references,
    withdrawn,
)
from scraper.takedown.rewrite import Drafts, rewrite_warc
from scraper.takedown.scope import Scope

# Tables whose rows follow from the WARC files, and those that say nothing of anybody.
_FOLLOWING: Final = frozenset(
    {"files", "records", "captures", "revisits", "visits", "visit_captures", "pace", "robots"}
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of one record; ``redacted`` is the member without what goes, where a part of it does.

    An ``unsure`` record is taken down whole, since no part could be taken out surely; an ``unsearched`` one stays, with its
    host and content coding for the account.
    """

    record_id: str
    outcome: Literal["stays", "dropped", "whole", "unsure", "part", "unsearched"]
    redacted: bytes = b""
    digest: str = ""
    host: str = ""
    coding: str = ""


@dataclass(slots=True)
class TakedownPlan:
    """What becomes of each record: taken down as a whole, in part (with its new payload digest), or dropped.

    ``unsure`` are those taken down whole because no part could be taken out surely. ``unsearched`` counts, by host and
    content coding, records that could not be searched and stay. ``echoes`` are the revisits of what is taken down in part:
    records that stay, and say less than before. ``files`` are the WARC files to be written anew with their bytes,
    ``damaged`` gives, by file, the offsets of damaged stretches that go, ``owners`` gives the file of each record that changes, ``ledger`` the lines that change in each of its files.
    """

    whole: set[str] = field(default_factory=set)
    part: dict[str, str] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    echoes: set[str] = field(default_factory=set)
    files: dict[str, int] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    ledger: dict[str, int] = field(default_factory=dict)
    unsearched: Counter[tuple[str, str]] = field(default_factory=Counter)
    damaged: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def renamed(self, record_id: str) -> str | None:
        """The id that a record has after the takedown, where it gets a new one."""
        return redacted_id(record_id) if record_id in self.whole or record_id in self.part else None

    def note(self, judgement: Judgement, drafts: Drafts | None) -> None:
        """Take in what becomes of a record; ``drafts`` get the one that takes its place, where it loses a part."""
        record_id = judgement.record_id
        match judgement.outcome:
            case "dropped":
                self.dropped.add(record_id)
            case "whole" | "unsure":
                self.whole.add(record_id)
                self.unsure |= {record_id} if judgement.outcome == "unsure" else set()
            case "part":
                self.part[record_id] = judgement.digest
                if drafts is not None:
                    drafts.keep(record_id, judgement.redacted)
            case "unsearched":
                self.unsearched[judgement.host, judgement.coding] += 1

    @property
    def changed(self) -> set[str]:
        """The records that are replaced or dropped."""
        return self.whole | self.part.keys() | self.dropped

    @property
    def is_empty(self) -> bool:
        """Whether the archive holds nothing of what is to go."""
        return not (self.files or self.ledger)


def make_plan(
    archive: Path,
    scope: Scope,
    limits: ReadingLimits,
    tell: Callable[[str], None],
    drafts: Drafts | None = None,
) -> TakedownPlan:
    """Look through every record of the archive, in a process within ``limits``; nothing is changed.

    ``tell`` is told the name of each file, ``drafts`` get the records that lose a part. A record that cannot be looked
    through within the limits goes whole.

    Raises:
        StopError: no process can be started.
    """
    plan = TakedownPlan()
    walk = _Walk(plan)
    with ReadingProcesses(limits=limits, shared=scope) as processes:
        records = walk.records(archive, tell)
        for judgement in processes.each(_judge_by_scope, records, _size, _unread):
            plan.note(judgement, drafts)
        suspicions = processes.each(_is_suspect, walk.damaged, _length, lambda _, __: True)
        for stretch, is_suspect in zip(walk.damaged, suspicions, strict=True):
            if is_suspect:
                plan.damaged[stretch.name].add(stretch.offset)
    walk.follow_references()
    for path in ledger_files(archive):
        count = sum(names_subject(line, scope) for line in lines_of(path))
        if count:
            plan.ledger[path.name] = count
    return plan


@dataclass(frozen=True, slots=True)
class _DamagedStretch:
    """Where a file cannot be read."""

    path: Path
    name: str
    offset: int
    length: int


@dataclass(slots=True)
class _Walk:
    """One pass over the WARC files, and what their records refer to."""

    plan: TakedownPlan
    references: dict[str, set[str]] = field(default_factory=dict)
    revisits: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    damaged: list[_DamagedStretch] = field(default_factory=list)

    def records(self, archive: Path, tell: Callable[[str], None]) -> Iterator[WarcRecord]:
        """Every whole record, as far as the files are committed."""
        for name, path, end in _kept_files(archive):
            tell(name)
            self.references[name] = set()
            self.sizes[name] = 0
            for member in scan(path):
                if end is not None and member.offset >= end:
                    break
                self.sizes[name] += member.length
                if isinstance(member, Damage):
                    self.damaged.append(_DamagedStretch(path, name, member.offset, member.length))
                else:
                    self._note(member.record, name)
                    yield member.record

    def follow_references(self) -> None:
        """Once every record is judged: revisits of what goes whole go too, and each file with a reference to what changes."""
        plan, revisits = self.plan, self.revisits
        while lost := {each for each, of in revisits.items() if of in plan.whole and each not in plan.whole}:
            plan.whole |= lost
        plan.echoes = {each for each, of in revisits.items() if of in plan.part}
        changed = plan.changed
        plan.owners = {record_id: name for record_id, name in plan.owners.items() if record_id in changed}
        plan.files = {
            name: self.sizes[name]
            for name, ids in self.references.items()
            if ids & changed or name in plan.damaged
        }

    def _note(self, record: WarcRecord, name: str) -> None:
        self.references[name] |= {record.record_id, *_referred(record)}
        self.plan.owners[record.record_id] = name
        if record.type == "revisit":
            self.revisits[record.record_id] = unbracketed(record.get(REFERS_TO) or "")


def write_anew(swap: Swap, scope: Scope, plan: TakedownPlan, drafts: Drafts) -> None:
    """Write the files of the plan as they are to be, with the state that belongs to them.

    Raises:
        StopError: the medium refused, or what was written does not read as it should.
    """
    archive = swap.archive
    renamed = {each: redacted_id(each) for each in (*plan.whole, *plan.part)}
    with swap.database(STATE_FILE) as state:
        for visit_id in scope.visits:
            state.execute("DELETE FROM visits WHERE visit_id = ?", visit_id)
        for record_id in plan.whole:
            state.execute("DELETE FROM visit_captures WHERE record_id = ?", record_id)
        for name in plan.files:
            rewrite_warc(
                swap,
                name,
                lambda member: _edited(member, scope, plan, drafts),
                plan.damaged.get(name, set()),
                state,
                renamed,
            )
        _drop_texts(state, scope)
    for path in ledger_files(archive):
        if path.name in plan.ledger:
            target = swap.path(LEDGER_FOLDER, path.name)
            with explained(target):
                write_file(target, b"".join(hashed(line, scope) for line in lines_of(path)), swap.disk)
    for former in archive.glob(f"{STATE_FILE}.*"):
        swap.remove(former.name)


def _kept_files(archive: Path) -> Iterator[tuple[str, Path, int | None]]:
    """The WARC files, and of one that a run is writing the offset that it is committed to."""
    if not is_used(archive):
        return
    with open_state_to_read(archive) as state:
        committed = {name: Index(state).committed(name) for name in left_open(archive)}
    for name in present_names(archive):
        path = present_path(archive, name)
        if path is not None:
            yield name, path, committed.get(name)


def _size(record: WarcRecord) -> int:
    return len(record.block)


def _unread(record: WarcRecord, _: str) -> Judgement:
    """What becomes of a record that nobody can look through: none of it stays."""
    return Judgement(record.record_id, "dropped" if record.type in {"metadata", "request"} else "unsure")


def _judge_by_scope(record: WarcRecord) -> Judgement:
    try:
        return _judge(record, shared_by_all())
    except MemoryError:
        return _unread(record, "")


def _length(stretch: _DamagedStretch) -> int:
    return stretch.length


def _is_suspect(stretch: _DamagedStretch) -> bool:
    scope: Scope = shared_by_all()
    try:
        return scope.suspects(read_at(stretch.path, stretch.offset, stretch.length))
    except MemoryError:
        return True


def _judge(record: WarcRecord, scope: Scope) -> Judgement:
    record_id = record.record_id
    if record.type == "metadata":
        goes = record_id in scope.visits or leads_on(record, scope.traces)
        return Judgement(record_id, "dropped" if goes else "stays")
    if record.type == "request":
        concurrent = {unbracketed(value) for name, value in record.fields if name == "WARC-Concurrent-To"}
        goes = bool(concurrent & scope.captures) or leads_on(record, scope.traces)
        return Judgement(record_id, "dropped" if goes else "stays")
    if record_id in scope.captures:
        return Judgement(record_id, "whole")
    return _judge_capture(record, scope) if is_capture(record) else Judgement(record_id, "stays")


def _judge_capture(record: WarcRecord, scope: Scope) -> Judgement:
    """A capture that does not go for being what it is, but may go for what it says."""
    record_id = record.record_id
    coding = unsearchable_coding(record)
    if coding is not None:
        url = parse_url(record.get("WARC-Target-URI") or "")
        host = url.host if url else ""
        if host in scope.hosts or mentions(record, scope.traces):
            return Judgement(record_id, "unsure")
        return Judgement(record_id, "unsearched", host=host, coding=coding)
    if not mentions(record, scope.traces):
        return Judgement(record_id, "stays")
    new = redacted(record, scope.rule, scope.traces, scope.statements.get(record_id, ()))
    if new is None:
        return Judgement(record_id, "unsure")
    if new is record:
        return Judgement(record_id, "stays")
    return Judgement(
        record_id, "part", digest=new.get(PAYLOAD_DIGEST) or "", redacted=build_member(without_sums(new))
    )


def _edited(member: Member, scope: Scope, plan: TakedownPlan, drafts: Drafts) -> bytes | None:
    """The member as it is to be; None where nothing changes, empty where it goes."""
    record = member.record
    record_id = record.record_id
    if record_id in plan.part:
        return drafts.take(record_id)
    new = _replaced(record, scope, plan)
    if new is record:
        return None
    return build_member(without_sums(new)) if new else b""


def _replaced(record: WarcRecord, scope: Scope, plan: TakedownPlan) -> WarcRecord | None:
    """The record as it is to be; the same object where nothing changes, None where it goes."""
    record_id = record.record_id
    if record_id in plan.dropped:
        return None
    if record_id in plan.whole:
        return withdrawn(record, scope.rule)
    if record.type == "request" and any(each in plan.whole for each in _referred(record)):
        return None
    if record.type == "metadata":
        return _rebound(record, plan)
    new = with_references(record, plan.renamed)
    original = unbracketed(record.get(REFERS_TO) or "")
    if record.type == "revisit" and original in plan.part:
        digest = plan.part[original]
        fields = tuple(
            (name, digest if name == PAYLOAD_DIGEST else value)
            for name, value in new.fields
            if name != "WARC-Payload-Digest"
        )
        return WarcRecord(fields, new.block)
    return new


def _rebound(record: WarcRecord, plan: TakedownPlan) -> WarcRecord:
    """The record of a visit with the ids that its captures have now; those that are gone are left out."""
    fields: list[tuple[str, str]] = []
    for name, value in parse_fields(record.block):
        record_id = unbracketed(value)
        if name == "capture" and record_id in plan.whole:
            continue
        new = plan.renamed(record_id) if name == "capture" else None
        fields.append((name, bracketed(new) if new else value))
    block = format_fields(fields)
    return record if block == record.block else WarcRecord(record.fields, block)


def _referred(record: WarcRecord) -> Iterator[str]:
    """The ids of other records that this one names, as far as they follow a takedown."""
    if record.type in {"request", "revisit"}:
        yield from (
            unbracketed(value) for name, value in record.fields if name in {REFERS_TO, "WARC-Concurrent-To"}
        )
    elif record.type == "metadata":
        yield from (unbracketed(value) for name, value in parse_fields(record.block) if name == "capture")


def _drop_texts(state: State, scope: Scope) -> None:
    state.execute("DELETE FROM validators WHERE record_id NOT IN (SELECT record_id FROM captures)")
    for table, column, is_needed in _texts(state):
        values = [row[0] for row in state.rows(f'SELECT DISTINCT "{column}" FROM "{table}"')]  # noqa: S608 - names out of the schema
        for value in values:
            if isinstance(value, str) and scope.names_url(value):
                gone = f'DELETE FROM "{table}" WHERE "{column}" = ?'  # noqa: S608 - names out of the schema
                emptied = f'UPDATE "{table}" SET "{column}" = NULL WHERE "{column}" = ?'  # noqa: S608 - as above
                state.execute(gone if is_needed else emptied, value)


def _texts(state: State) -> list[tuple[str, str, bool]]:
    """The columns that may hold a text about somebody and do not follow from the WARC files; the last says whether a row needs it."""
    tables = [row["name"] for row in state.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return [
        (table, row["name"], bool(row["notnull"] or row["pk"]))
        for table in tables
        if table not in _FOLLOWING and not table.startswith("sqlite_")
        for row in state.rows(f'PRAGMA table_info("{table}")')
        if row["type"] == "TEXT"
    ]
