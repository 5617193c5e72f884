"""What is forgotten and was shown again: noted at once, so that the next run takes it down again whatever happens."""

from collections.abc import Iterable

from scraper.archive.decisions import read_decisions
from scraper.archive.pending import Pending, note_pending, read_pending
from scraper.jobs.workplace import Workplace


def note_returned(workplace: Workplace, subjects: Iterable[str], visit_id: str) -> None:
    """Have ``complete_takedowns`` take down again what a visit shows although it has a tombstone.

    Raises:
        StopError: the medium refused.
    """
    reasons = {each.subject: each.reason or "" for each in read_decisions(workplace.folder)}
    pending = {each.subject: each for each in read_pending(workplace.folder)}
    for subject in subjects:
        before = pending.get(subject)
        if before and not before.visits:
            continue  # One that was begun looks everywhere.
        visits = {*(before.visits if before else ()), visit_id}
        pending[subject] = Pending(subject, reasons.get(subject, ""), tuple(sorted(visits)))
    note_pending(workplace.folder, pending.values(), workplace.disk)
