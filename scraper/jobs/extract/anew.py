"""``postkeep extract``: read every visit of the archive again into records, without network."""

from scraper.archive.files import RECORDS_FILE
from scraper.jobs.extractor import read_unread
from scraper.jobs.runs import open_records
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report


def extract(workplace: Workplace, workers: int = 1) -> Report:
    """Drop every record and read the whole archive again; the rejected pages are listed with their reasons.

    Raises:
        UsageError: there is no archive, or nothing in it.
        ArchiveHeldError: another run holds it.
        StopError: the archive cannot be read at all.
    """
    with open_records(workplace, workers, anew=True) as (archive, extractor):
        items = read_unread(archive, extractor, workplace, tells_done=True)
    return Report(items=items, outputs=(str(workplace.folder / RECORDS_FILE),))
