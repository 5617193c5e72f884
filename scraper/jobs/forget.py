"""``postkeep forget``: takedown of a post, a comment, or all that a person wrote."""

from collections.abc import Sequence
from dataclasses import replace

from scraper.archive.files import require_archive
from scraper.archive.lock import Lock
from scraper.errors import UsageError
from scraper.jobs.dataset_inventory import inventory_of
from scraper.jobs.extractions import Reached, take_out
from scraper.jobs.takedowns import complete_takedowns, looking_at, reading_processes, reread, takedowns_in
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.reading.pool import ReadingProcesses
from scraper.takedown.account import beyond_reach, outputs_beyond_reach, takedown_items
from scraper.takedown.takedowns import Takedown


def forget(text: str, workplace: Workplace, *, reason: str | None, dry_run: bool = False) -> Report:
    """Take down what ``text`` names, everywhere in the archive, and keep it from coming back.

    With ``dry_run`` nothing is changed, the lock is not needed, and the report says what would be taken of what is
    committed. A takedown that is cut off is completed by the next run of any job that writes or reads the archive.

    Raises:
        UsageError: there is no archive, it does not know the subject, or no reason was given.
        ArchiveHeldError: another run holds the archive.
        StopError: the archive cannot be read or written; a takedown that was begun is completed by the next run.
    """
    require_archive(workplace.folder)
    if dry_run:
        with reading_processes(workplace) as processes:
            would = _would_take(text, workplace, processes)
        return _report(would, workplace, (), take_out(workplace, would.ids))
    if not (reason and reason.strip()):
        raise UsageError(
            "A takedown needs its reason, for those who keep the archive after you: --reason 'Asked by its author'."
        )
    with reading_processes(workplace) as processes:
        complete_takedowns(workplace)
        with Lock(workplace.folder):
            elsewhere = inventory_of(workplace.folder)
            takedowns = takedowns_in(workplace, processes, elsewhere=elsewhere)
            done = takedowns.take_down(text, reason.strip())
        readers = reread(replace(workplace, processes=processes))
    return _report(done, workplace, readers, take_out(workplace))


def _would_take(text: str, workplace: Workplace, processes: ReadingProcesses) -> Takedown:
    """What a takedown would take; visits that were never read are read into a copy of the records."""
    with looking_at(workplace) as (archive, scratch):
        elsewhere = inventory_of(workplace.folder)
        return takedowns_in(workplace, processes, scratch, elsewhere).look_for(text, archive)


def _report(done: Takedown, workplace: Workplace, readers: Sequence[Item], reached: Reached) -> Report:
    taken = takedown_items(done.subjects[0], done.extent, done.plan)
    items = (*taken, *readers, *reached.items, *beyond_reach(), *outputs_beyond_reach(reached.left))
    for item in items:
        workplace.progress.end(item)
    return Report(items=items)
