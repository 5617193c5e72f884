"""The heads of all files in one table, under the numbers that the files have."""

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from scraper import __version__
from scraper.jobs.extract.plan import WorkFolder
from scraper.jobs.extract.sealed import is_sealed, seal
from scraper.jobs.extract.work import HeadsTask
from scraper.jobs.imports.warc_heads import add_tables, make_indexes, make_tables

# What a request says that is not anybody's: where one comes to be known of a capture in another file, that reads otherwise.
_TELLING: Final = (
    "SELECT key, at, method, personal, EXISTS (SELECT 1 FROM links JOIN heads ON heads.record_id = links.id WHERE request = number), "
    "(SELECT group_concat(id, ' ') FROM (SELECT id FROM links WHERE request = number ORDER BY id)) "
    "FROM requests WHERE personal <> '' OR method <> 'GET' ORDER BY 1, 2, 3, 4, 5, 6"
)


def bring_together(work: WorkFolder, noted: Sequence[HeadsTask]) -> str:
    """Bring the heads of the files together; gives what stands for all of them as they are now."""
    files = [(task.warc.location, task.identity) for task in noted]
    digest = hashlib.sha256(repr((__version__, files)).encode("utf-8", "surrogateescape")).hexdigest()
    if not is_sealed(work.places_file, digest):
        draft = work.places_file.with_suffix(".part")
        draft.unlink(missing_ok=True)
        with closing(sqlite3.connect(draft, isolation_level=None)) as database:
            make_tables(database)
            for number, task in enumerate(noted):
                add_tables(database, number, work.heads_file(task.warc))
            make_indexes(database)
        draft.replace(work.places_file)
        seal(work.places_file, digest)
    return digest


def digest_of_requests(places: Path) -> str:
    """Stands for all requests that were made for a person, or otherwise than by GET."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(f"{places.absolute().as_uri()}?mode=ro", uri=True)) as database:
        for row in database.execute(_TELLING):
            digest.update(repr(row).encode())
    return digest.hexdigest()
