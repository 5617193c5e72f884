"""What an archive holds: its visits, and its captures as code reads them that is not ours."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from scraper.archive.read import open_to_read
from scraper.jobs.workplace import Workplace
from scraper.model.capture import Visit


def visits(workplace: Workplace) -> list[Visit]:
    """All visits, with their captures."""
    with open_to_read(workplace.folder) as archive:
        return list(archive.visits())


def page_captures(archive: Path) -> Counter[str]:
    """How often each URL was captured, read from the WARC files by warcio, which verifies every digest.

    robots.txt is left out: a run that dies between keeping it and noting its rules has to ask for it again.
    """
    found: Counter[str] = Counter()
    for path in sorted((archive / "warc").iterdir()):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                url = record.rec_headers.get_header("WARC-Target-URI")
                if record.rec_type in {"response", "revisit"} and not url.endswith("/robots.txt"):
                    found[url] += 1
    return found


def crawl_is_over(archive: Path, targets: int) -> bool:
    """Whether a run has settled all its targets and let go of them, so that the next run would begin anew."""
    state = archive / "state.sqlite"
    if not state.is_file():
        return False
    with closing(sqlite3.connect(f"{state.resolve().as_uri()}?mode=ro", uri=True)) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_schema")}
        if not {"frontier", "visits"} <= tables:
            return False
        (waiting,) = database.execute("SELECT count(*) FROM frontier").fetchone()
        (ended,) = database.execute("SELECT count(*) FROM visits WHERE ended_at IS NOT NULL").fetchone()
    return bool(waiting == 0 and ended >= targets)
