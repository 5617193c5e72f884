"""The archive's records opened, every visit that they lack read, and its runs judged."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from scraper.archive.decisions import read_decisions
from scraper.archive.files import KEY_FILE, RECORDS_FILE
from scraper.archive.pending import note_returned
from scraper.archive.read import ArchiveReader
from scraper.drift.book import Acceptances, DriftBook, RunOfSite
from scraper.errors import ArchiveDamagedError, StopError
from scraper.jobs.exclusions import exclusions_of
from scraper.jobs.items import Items
from scraper.jobs.workplace import Workplace
from scraper.model.capture import Visit
from scraper.model.outcome import Item
from scraper.reading.extractor import Extractor
from scraper.reading.fingerprint import reading_fingerprint
from scraper.reading.pool import ReadingLimits, ReadingPool, ReadingProcesses
from scraper.records.cleaning import Policy
from scraper.records.people import load_or_create_key
from scraper.records.store import RecordStore
from scraper.records.summaries import Summaries
from scraper.sites.registry import Roots


@contextmanager
def open_extractor(
    workplace: Workplace,
    workers: int = 1,
    forgotten: frozenset[str] | None = None,
    records_in: Path | None = None,
    *,
    reports_returned: bool = True,
) -> Iterator[Extractor]:
    """The archive's record store, with readers under the policy of its settings.

    They leave out what has a tombstone; a takedown reads with other ``forgotten`` ids. The caller holds the archive's lock,
    or names another folder with ``records_in``. ``reports_returned`` has what comes back of the forgotten noted, to be taken down again.
    """
    if forgotten is None:
        forgotten = exclusions_of(workplace).forgotten
    key = load_or_create_key(workplace.folder / KEY_FILE)
    policy = Policy.of(workplace.settings, key, forgotten)
    path = (records_in or workplace.folder) / RECORDS_FILE
    try:
        with ExitStack() as opened:
            store = opened.enter_context(
                RecordStore(
                    path,
                    reading_fingerprint(workplace.settings, key),
                    keep_deleted_text=workplace.settings.keep_deleted_text,
                )
            )
            processes = workplace.processes or opened.enter_context(
                ReadingProcesses(workers, workplace.reading_limits or ReadingLimits())
            )
            reader = ReadingPool(policy, processes, workplace.sites)
            yield Extractor(
                store,
                reader,
                lambda ids, visit_id: (
                    note_returned(workplace.folder, ids, visit_id, workplace.disk)
                    if reports_returned
                    else None
                ),
            )
            if records_in is None:
                Summaries(store).bring_up_to_date()
    except sqlite3.OperationalError as error:
        message = f"{path} cannot be used: {error}. Nothing that was kept is lost. Free space, or make the folder writable, then run the same command again."
        raise StopError(message) from error


def read_unread(
    archive: ArchiveReader, extractor: Extractor, workplace: Workplace, *, tells_done: bool = False
) -> Items:
    """Read each visit that the record store lacks; a visit whose captures are damaged costs only itself.

    What was read well is told of only where reading is what was asked for, with ``tells_done``.
    """
    store = extractor.store
    workplace.progress.expect(sum(1 for _ in store.unread(archive.visit_ids())), "reading")
    items = Items()

    def settle(item: Item) -> None:
        if item.outcome == "done" and not tells_done:
            workplace.progress.step()
        else:
            workplace.progress.end(item)
        items.add(item)

    def whole_visits() -> Iterator[Visit]:
        for visit_id in store.unread(archive.visit_ids()):
            try:
                yield archive.visit(visit_id)
            except ArchiveDamagedError as error:
                settle(Item(visit_id, "failed", reason=str(error)))

    for item in extractor.read_all(whole_visits()):
        settle(item)
    judge_runs(store, archive.folder)
    return items


def judge_runs(store: RecordStore, archive: Path) -> None:
    """Judge every run of the archive that waits for it, by what its owner accepted.

    Raises:
        ArchiveDamagedError: the decisions cannot be read.
    """
    DriftBook(store).judge(_accepted(archive))


def _accepted(archive: Path) -> Acceptances:
    accepted: defaultdict[RunOfSite, frozenset[str]] = defaultdict(frozenset)
    for decision in read_decisions(archive):
        if decision.kind == "drift-accepted":
            place = RunOfSite(decision.subject, str(decision.detail.get("run")))
            accepted[place] |= frozenset(str(decision.detail.get("signs")).split("; "))
    return dict(accepted)


def known_roots(extractor: Extractor) -> Roots:
    """Where platforms were recognised by the visits that were read so far: below the hosts and folders of their posts."""
    store, sites = extractor.store, extractor.reader.sites
    platforms = {site.platform: site.name for site in sites.platforms}
    roots, seen = Roots(), set[str]()
    for post_id in store.post_ids():
        host, _, rest = post_id.partition(":")
        folder = f"{host}/{rest.rpartition('/')[0]}".rstrip("/")
        if folder not in seen and "." in host:
            seen.add(folder)
            name = platforms.get(store.platform_of(post_id) or "")
            roots = roots.with_root(f"https://{folder}/", name) if name else roots
    return roots
