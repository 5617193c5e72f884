"""ids.sqlite beside a dataset that was extracted: the ids and addresses by which its posts and people are called besides.

It has the tables of records and no readings, and counts only beside the very dataset that it was made with.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from scraper.archive.outputs import work_folder_of
from scraper.dataset.layout import MANIFEST
from scraper.dataset.manifest import manifest_digest
from scraper.records.records_file import is_usable, make_tables, opened
from scraper.records.store import Records

_OTHER_IDS: Final = ("former", "called")


def ids_file(dataset: Path) -> Path:
    """Where the ids of a dataset lie."""
    return work_folder_of(dataset) / "ids.sqlite"


def write_ids(dataset: Path, records: Iterable[Path], gone: Collection[str] = ()) -> None:
    """Bring together what the records that a dataset was made of tell, but of what is ``gone``; the dataset is in its place."""
    draft = ids_file(dataset).with_suffix(".part")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    with closing(opened(draft)) as database:
        make_tables(database, manifest_digest(dataset))
        for each in records:
            database.execute("ATTACH ? AS part", (str(each),))
            for table in _OTHER_IDS:
                query = f"INSERT OR IGNORE INTO {table} SELECT '', today, id FROM part.{table}"  # noqa: S608 - our names
                database.execute(query)
            database.execute("INSERT OR REPLACE INTO addresses SELECT * FROM part.addresses")
            database.commit()
            database.execute("DETACH part")
        if gone:
            ids = [(each,) for each in gone]
            for table in _OTHER_IDS:
                database.executemany(f"DELETE FROM {table} WHERE today = ?", ids)  # noqa: S608 - our names
            database.executemany("DELETE FROM addresses WHERE post_id = ?", ids)
            database.commit()
            database.execute("VACUUM")
    draft.replace(ids_file(dataset))


@contextmanager
def open_ids(dataset: Path) -> Iterator[Records | None]:
    """The ids of a dataset as it is; None where they do not lie beside it."""
    if has_ids(dataset):
        with Records.open_to_read(ids_file(dataset)) as records:
            yield records
    else:
        yield None


def has_ids(dataset: Path) -> bool:
    """Whether the ids of a dataset as it is lie beside it."""
    return (dataset / MANIFEST).is_file() and is_usable(ids_file(dataset), manifest_digest(dataset))
