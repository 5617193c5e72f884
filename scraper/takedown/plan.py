"""A takedown over all files of an archive: first what becomes of each record, then the files, index and ledger anew."""

import hashlib
import hmac
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from scraper.archive.compose import PAYLOAD_DIGEST, REFERS_TO
from scraper.archive.disk import explained, write_file
from scraper.archive.files import closed_path, present_names
from scraper.archive.ledger import LEDGER_FOLDER, ledger_files
from scraper.archive.members import Damage, read_at, scan
from scraper.archive.replay import is_capture
from scraper.archive.state import STATE_FILE, State
from scraper.archive.swap import Swap
from scraper.archive.warc import WarcRecord, bracketed, format_fields, parse_fields, unbracketed
from scraper.errors import StopError
from scraper.model.url import parse_url
from scraper.takedown.payload import holds
from scraper.takedown.record import (
    Rule,
    leads_on,
    mentions,
    redacted,
    redacted_id,
    unsearchable_coding,
    with_references,
    withdrawn,
)
from scraper.takedown.rewrite import reindex, require_readable, rewrite_warc, salvaged
from scraper.takedown.text import found_in, leads_there
from scraper.takedown.wanted import Said, Wanted

# Tables whose rows follow from the WARC files, and those that say nothing of anybody.
_FOLLOWING: Final = frozenset(
    {"files", "records", "captures", "revisits", "visits", "visit_captures", "pace", "robots"}
)
_IN_LEDGER: Final = 32
_TARGET: Final = re.compile(rb"(?i:\bWARC-Target-URI): *<?([^\s<>]+)")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a takedown takes: whole ``visits`` and captures by id, and in all other records what is ``wanted``.

    ``said`` gives the texts of the pages that were read, by the ids of the captures they were read from. ``urls`` are
    addresses that must not be named any more. ``hosts`` are those that showed what goes: a record of theirs that cannot be
    searched is taken down whole.
    """

    rule: Rule
    wanted: Wanted
    visits: frozenset[str] = frozenset()
    captures: frozenset[str] = frozenset()
    said: Mapping[str, Sequence[Said]] = field(default_factory=dict)
    urls: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()

    def names_url(self, text: str) -> bool:
        """Whether a short text, such as a URL or a sentence about one, leads to what goes."""
        if text in self.urls or leads_there(text, self.wanted):
            return True
        return " " in text and "://" not in text and found_in(text, self.wanted.calls)

    def suspects(self, octets: bytes) -> bool:
        """Whether what is left of a damaged record has to go: it holds what goes, or comes from where that was shown."""
        said = salvaged(octets)
        stated = _TARGET.search(said)
        url = parse_url(stated[1].decode("utf-8", "replace")) if stated else None
        return url is None or url.host in self.hosts or holds(said, None, self.wanted)


@dataclass(slots=True)
class Plan:
    """What becomes of each record: taken down as a whole, in part (with its new payload digest), or dropped.

    ``unsure`` are those taken down whole because no part could be taken out surely. ``unsearched`` counts, by host and
    content coding, records that could not be searched and stay. ``echoes`` are the revisits of what is taken down in part:
    records that stay, and say less than before. ``files`` are the WARC files to be written anew with their bytes,
    ``damaged`` counts, by file, damaged stretches that go, ``owners`` gives the file of each record that changes, ``ledger`` the lines that change in each of its files.
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
    damaged: Counter[str] = field(default_factory=Counter)

    def renamed(self, record_id: str) -> str | None:
        """The id that a record has after the takedown, where it gets a new one."""
        return redacted_id(record_id) if record_id in self.whole or record_id in self.part else None

    @property
    def changed(self) -> set[str]:
        """The records that are replaced or dropped."""
        return self.whole | self.part.keys() | self.dropped

    @property
    def is_empty(self) -> bool:
        """Whether the archive holds nothing of what is to go."""
        return not (self.files or self.ledger)


def make_plan(archive: Path, scope: Scope, tell: Callable[[str], None]) -> Plan:
    """Look through every record of the archive; ``tell`` is told the name of each file. Nothing is changed."""
    plan = Plan()
    references: dict[str, set[str]] = {}
    revisits: dict[str, str] = {}
    sizes: dict[str, int] = {}
    for name in present_names(archive):
        tell(name)
        path = closed_path(archive, name)
        sizes[name] = path.stat().st_size
        meant = references.setdefault(name, set())
        for found in scan(path):
            if isinstance(found, Damage):
                plan.damaged[name] += scope.suspects(read_at(path, found.offset, found.length))
                continue
            record = found.record
            meant |= {record.record_id, *_referred(record)}
            if record.type == "revisit":
                revisits[record.record_id] = unbracketed(record.get(REFERS_TO) or "")
            _judge(record, scope, plan)
            if record.type == "revisit" or record.record_id in plan.changed:
                plan.owners[record.record_id] = name
    while lost := {each for each, of in revisits.items() if of in plan.whole and each not in plan.whole}:
        plan.whole |= lost
    plan.echoes = {each for each, of in revisits.items() if of in plan.part}
    changed = plan.changed
    plan.owners = {record_id: name for record_id, name in plan.owners.items() if record_id in changed}
    plan.files = {
        name: sizes[name] for name, meant in references.items() if meant & changed or plan.damaged[name]
    }
    for path in ledger_files(archive):
        count = sum(_names_url(line, scope) for line in _lines(path))
        if count:
            plan.ledger[path.name] = count
    return plan


def write_anew(swap: Swap, scope: Scope, plan: Plan, key: bytes) -> None:
    """Write the files of the plan as they are to be, with the state that belongs to them.

    Raises:
        StopError: the medium refused, or what was written does not read as it should.
    """
    archive = swap.archive
    written: dict[str, Path | None] = {}
    for name in plan.files:
        source = closed_path(archive, name)
        path = rewrite_warc(swap, name, lambda record: _edited(record, scope, plan), scope.suspects)
        if path is not None:
            require_readable(path, sum(isinstance(found, Damage) for found in scan(source)))
        written[name] = path
    for path in ledger_files(archive):
        if path.name in plan.ledger:
            target = swap.path(LEDGER_FOLDER, path.name)
            with explained(target):
                write_file(target, b"".join(_hashed(line, scope, key) for line in _lines(path)), swap.disk)
    renamed = {each: redacted_id(each) for each in (*plan.whole, *plan.part)}
    with swap.database(STATE_FILE) as state:
        _change_state(state, written, renamed, scope, plan)
    for former in archive.glob(f"{STATE_FILE}.*"):
        swap.remove(former.name)


def url_alias(key: bytes, url: str) -> str:
    """What stands for a URL that must not be named: keyed, so that nobody finds it by trying."""
    digest = hmac.new(key, b"url\0" + url.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
    return f"urn:postkeep:forgotten:{digest[:_IN_LEDGER]}"


def _judge(record: WarcRecord, scope: Scope, plan: Plan) -> None:
    record_id = record.record_id
    if record.type == "metadata":
        if record_id in scope.visits or leads_on(record, scope.wanted):
            plan.dropped.add(record_id)
    elif record.type == "request":
        concurrent = {unbracketed(value) for name, value in record.fields if name == "WARC-Concurrent-To"}
        if concurrent & scope.captures or leads_on(record, scope.wanted):
            plan.dropped.add(record_id)
    elif record_id in scope.captures:
        plan.whole.add(record_id)
    elif is_capture(record):
        _judge_capture(record, scope, plan)


def _judge_capture(record: WarcRecord, scope: Scope, plan: Plan) -> None:
    """A capture that does not go for being what it is, but may go for what it says."""
    record_id, coding = record.record_id, unsearchable_coding(record)
    if coding is not None:
        url = parse_url(record.get("WARC-Target-URI") or "")
        host = url.host if url else ""
        if host in scope.hosts or mentions(record, scope.wanted):
            plan.whole.add(record_id)
            plan.unsure.add(record_id)
        else:
            plan.unsearched[host, coding] += 1
    elif mentions(record, scope.wanted):
        new = redacted(record, scope.rule, scope.wanted, scope.said.get(record_id, ()))
        if new is None:
            plan.whole.add(record_id)
            plan.unsure.add(record_id)
        elif new is not record:
            plan.part[record_id] = new.get(PAYLOAD_DIGEST) or ""


def _edited(record: WarcRecord, scope: Scope, plan: Plan) -> WarcRecord | None:
    """The record as it is to be; the same object where nothing changes, None where it goes."""
    record_id = record.record_id
    if record_id in plan.dropped:
        return None
    if record_id in plan.whole:
        return withdrawn(record, scope.rule)
    if record_id in plan.part:
        new = redacted(record, scope.rule, scope.wanted, scope.said.get(record_id, ()))
        if new is None:
            raise StopError(f"The record {record_id} reads differently the second time. Look at the disk.")
        return new
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


def _rebound(record: WarcRecord, plan: Plan) -> WarcRecord:
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


def _change_state(
    state: State, written: Mapping[str, Path | None], renamed: Mapping[str, str], scope: Scope, plan: Plan
) -> None:
    for visit_id in scope.visits:
        state.execute("DELETE FROM visits WHERE visit_id = ?", visit_id)
    for record_id in plan.whole:
        state.execute("DELETE FROM visit_captures WHERE record_id = ?", record_id)
    for name, path in written.items():
        reindex(state, name, path, renamed)
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


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file


def _names_url(line: bytes, scope: Scope) -> bool:
    said = _ledger_line(line)
    if said is None:
        return holds(line, None, scope.wanted)
    return any(scope.names_url(text) for text in _texts_of(said))


def _hashed(line: bytes, scope: Scope, key: bytes) -> bytes:
    """A ledger line without the URL that leads to what goes; its host, times and numbers stay, so that it can be judged."""
    if not _names_url(line, scope):
        return line
    said = _ledger_line(line)
    if said is None:
        return b""
    detail = {
        name: url_alias(key, value) if isinstance(value, str) and scope.names_url(value) else value
        for name, value in said["detail"].items()
        if name != "payload_digest"
    }
    url = url_alias(key, said["url"])
    return (json.dumps(said | {"url": url, "detail": detail}, ensure_ascii=False) + "\n").encode()


def _texts_of(said: Mapping[str, object]) -> Iterator[str]:
    detail = said["detail"]
    values = [said["url"], *(detail.values() if isinstance(detail, dict) else ())]
    yield from (value for value in values if isinstance(value, str))


def _ledger_line(line: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return (
        said
        if isinstance(said, dict)
        and isinstance(said.get("detail"), dict)
        and isinstance(said.get("url"), str)
        else None
    )
