"""Whom the datasets hold that were made under an archive's key of pages that are not in it: whoever asks for a takedown may name what lies there alone."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import pyarrow as pa

from scraper.archive.outputs import Output, origins_of, outputs_of
from scraper.dataset.layout import MANIFEST
from scraper.dataset.manifest import Manifest, manifest_digest
from scraper.dataset.read import FolderRows
from scraper.errors import PostkeepError
from scraper.jobs.extract.plan import WorkFolder
from scraper.jobs.extract.shard import read_shard
from scraper.jobs.extracted_ids import open_ids
from scraper.records.reading import Reading
from scraper.records.store import Records
from scraper.records.stored_rows import address_digest
from scraper.takedown.subject import Inventory

# Rows of files that stay elsewhere, and of other archives.
_OF_OTHERS: Final = frozenset({"extracted", "merged"})
_UNREADABLE: Final = (OSError, pa.ArrowException, PostkeepError)


def inventory_of(archive: Path) -> Inventory:
    """What lies in such datasets and in their work folders; what cannot be read is passed over."""
    return Inventory.of_all(
        inventory
        for output in outputs_of(archive)
        if output.kind in _OF_OTHERS
        for inventory in inventories_of(output, archive)
    )


def inventories_of(output: Output, archive: Path) -> Iterator[Inventory]:
    """What a dataset has, if it is one that the archive noted, what is told beside it, and what was read for it."""
    with suppress(*_UNREADABLE):
        if _is_as_noted(output.path, archive):
            yield _of_dataset(FolderRows(output.path, Manifest.read(output.path)))
    if output.kind != "extracted":
        return
    with suppress(*_UNREADABLE), open_ids(output.path) as ids:
        if ids:
            yield _of_ids(ids)
    with suppress(OSError):
        for path in WorkFolder.beside(output.path).shards():
            with suppress(*_UNREADABLE):
                yield _of_readings(
                    read.result for read in read_shard(path) if isinstance(read.result, Reading)
                )


def _of_dataset(rows: FolderRows) -> Inventory:
    posts = list(rows.columns("posts", ("post_id", "url", "author_id")))
    comments = list(rows.columns("comments", ("comment_id", "author_id")))
    authors = (author_id for *_, author_id in (*posts, *comments) if author_id)
    pages = {address_digest(url): post_id for post_id, url, _ in posts}
    return Inventory(
        posts=frozenset(pages.values()),
        comments=frozenset(comment_id for comment_id, _ in comments),
        authors=frozenset(authors),
        pages=pages,
    )


def _of_ids(ids: Records) -> Inventory:
    """Under which other ids and addresses they are known."""
    pages = dict(ids.database.execute("SELECT digest, post_id FROM addresses"))
    former, called = (
        _by_id(ids.database.execute(f"SELECT id, today FROM {table}"))  # noqa: S608 - our names
        for table in ("former", "called")
    )
    return Inventory(pages=pages, former=former, called=called)


def _of_readings(readings: Iterable[Reading]) -> Inventory:
    former: list[tuple[str, str]] = []
    called: list[tuple[str, str]] = []
    pages: dict[bytes, str] = {}

    def noted() -> Iterator[Reading]:
        for reading in readings:
            pages[reading.address] = reading.post_id
            former.extend((each, today) for today, ids in reading.former.items() for each in ids)
            called.extend((each, today) for today, ids in reading.called.items() for each in ids)
            yield reading

    return replace(Inventory.of(noted(), {}), pages=pages, former=_by_id(former), called=_by_id(called))


def _by_id(pairs: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    ids: defaultdict[str, set[str]] = defaultdict(set)
    for each, today in pairs:
        ids[each].add(today)
    return {each: frozenset(today) for each, today in ids.items()}


def _is_as_noted(dataset: Path, archive: Path) -> bool:
    """Whether a dataset is one that was made under the key of an archive."""
    if not (dataset / MANIFEST).is_file():
        return False
    manifest = manifest_digest(dataset)
    return any(origin.manifest == manifest for origin in origins_of(archive, dataset))
