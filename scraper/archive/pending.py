"""takedown.pending: what is being taken down, from before the first byte is written until the last is gone.

A takedown that was killed before its files were ready is begun again from it.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from scraper.archive.decisions import read_decisions
from scraper.archive.disk import Disk, explained, write_file
from scraper.archive.files import PENDING_FILE
from scraper.archive.swap import READY_FOLDER
from scraper.model.decision import Returned


@dataclass(frozen=True, slots=True)
class Pending:
    """A takedown that was begun: the subject's id, and the owner's reason; ``visits`` are those that showed it again."""

    subject: str
    reason: str
    visits: tuple[str, ...] = ()


def read_pending(archive: Path) -> tuple[Pending, ...]:
    """The takedowns that are not completed."""
    path = archive / PENDING_FILE
    if not path.is_file():
        return ()
    lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return tuple(Pending(line["subject"], line["reason"], tuple(line["visits"])) for line in lines)


def is_taking_down(archive: Path) -> bool:
    """Whether a takedown was begun and is not completed."""
    return (archive / PENDING_FILE).is_file() or (archive / READY_FOLDER).is_dir()


def note_pending(archive: Path, pending: Iterable[Pending], disk: Disk) -> None:
    """Keep durably which takedowns are not completed; the file goes where there are none.

    Raises:
        StopError: the medium refused.
    """
    path = archive / PENDING_FILE
    lines = [json.dumps(asdict(each)) + "\n" for each in pending]
    with explained(path):
        if not lines:
            if path.exists():
                disk.remove(path)
                disk.sync_folder(archive)
            return
        part = path.with_name(path.name + ".part")
        part.unlink(missing_ok=True)
        write_file(part, "".join(lines).encode(), disk)
        disk.rename(part, path)
        disk.sync_folder(archive)


def note_returned(archive: Path, returned: Iterable[Returned], visit_id: str, disk: Disk) -> None:
    """Have the next run take down again what a visit shows although it has a tombstone, under the id that it has today.

    Raises:
        StopError: the medium refused.
    """
    reasons = {decision.subject: decision.reason or "" for decision in read_decisions(archive)}
    pending = {each.subject: each for each in read_pending(archive)}
    for each in returned:
        subject = each.id
        before = pending.get(subject)
        if before and not before.visits:
            continue  # One that was begun looks everywhere.
        visits = {*(before.visits if before else ()), visit_id}
        pending[subject] = Pending(subject, reasons.get(each.tombstone, ""), tuple(sorted(visits)))
    note_pending(archive, pending.values(), disk)
