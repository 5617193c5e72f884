"""decisions.jsonl: the owner's decisions, one line each, only ever appended to."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from scraper.archive.disk import Disk, explained
from scraper.archive.files import DECISIONS_FILE
from scraper.archive.ledger import torn_bytes
from scraper.archive.warc import format_date, parse_date
from scraper.errors import ArchiveDamagedError
from scraper.model.decision import Decision
from scraper.model.shard import Shard


def read_decisions(archive: Path) -> tuple[Decision, ...]:
    """All decisions, oldest first; a last line that a crash cut short was never a decision.

    Raises:
        ArchiveDamagedError: a whole line cannot be understood; the message names it.
    """
    path = archive / DECISIONS_FILE
    return tuple(_decisions(path)) if path.is_file() else ()


def shard_of_archive(archive: Path) -> Shard | None:
    """Which shard an archive is; None where it is none, or nothing was decided yet.

    Raises:
        ArchiveDamagedError: as ``read_decisions``.
    """
    subjects = [each.subject for each in read_decisions(archive) if each.kind == "shard"]
    return Shard.parse(subjects[0]) if subjects else None


def append_decision(archive: Path, decision: Decision, disk: Disk) -> None:
    """Add one decision; it is safe on disk when this returns. The caller holds the archive's lock.

    Raises:
        StopError: the medium refused.
    """
    path = archive / DECISIONS_FILE
    line = json.dumps(asdict(decision) | {"at": format_date(decision.at)}, ensure_ascii=False) + "\n"
    with explained(path):
        if path.is_file() and (torn := torn_bytes(path)):
            disk.truncate(path, path.stat().st_size - torn)
        with disk.open_to_append(path) as file:
            disk.append(file, line.encode())
            disk.sync(file)
        disk.sync_folder(archive)


def _decisions(path: Path) -> Iterator[Decision]:
    for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], start=1):
        try:
            yield _decision(line)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            message = (
                f"{path}, line {number}, is no decision: {error}. Restore the file from a backup: "
                f"without it, what was taken down could come back."
            )
            raise ArchiveDamagedError(message) from error


def _decision(line: bytes) -> Decision:
    fields = json.loads(line)
    at = parse_date(str(fields["at"]))
    if at is None:
        raise ValueError("its time cannot be read")
    return Decision(**fields | {"at": at})
