"""``postkeep export --wacz``: the captures of an archive as one file that ReplayWeb.page and pywb open.

They are raw: they hold names and addresses as pages showed them. Without ``--private`` only captures are packed that show
nothing but what a publication would: of the posts that go out, from visits that showed no more of them than goes out now.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final

from scraper import __version__
from scraper.archive.asking import Asked, asked_in
from scraper.archive.cdxj import REPLAYED
from scraper.archive.compose import REFERS_TO, VISIT
from scraper.archive.outputs import Output
from scraper.archive.replay import is_capture
from scraper.archive.wacz import SUFFIX, About, Page, is_wacz_of_ours, write_wacz
from scraper.archive.warc import WarcRecord, parse_date, unbracketed
from scraper.errors import StopError, UsageError, remedy_of
from scraper.jobs.outgoing import Outgoing
from scraper.jobs.publication.export import noted, records_up_to_date
from scraper.jobs.up_to_date import UpToDate
from scraper.jobs.workplace import Workplace
from scraper.model.closable import Closable
from scraper.model.outcome import Item, Report
from scraper.model.url import parse_url
from scraper.records.contract import Contract
from scraper.records.history import PostRows
from scraper.records.reading import Reading

_RAW: Final = "It is raw: it holds names, e-mail addresses and all else as the pages showed it, which no dataset does. Pass it on to nobody who must not have that."
_PUBLIC: Final = "What a publication withholds is not in it."
_PRIVATE: Final = "It holds what a publication withholds too: it is for you alone."
_NONE_LEFT: Final = "Each of its captures shows something that does not go out, such as a comment that was deleted since, so none was packed. --private packs them."

_REDUCED: Final = (
    "Its site leaves an index of it and no more (use=reference), so none of its captures was packed."
)
_CHOSEN: Final = """
    CREATE TABLE visits (id TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE originals (id TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE pages (record_id TEXT PRIMARY KEY, title TEXT) WITHOUT ROWID;
"""


def export_wacz(file: Path, workplace: Workplace, *, is_private: bool = False) -> Report:
    """Write the captures of the archive into ``file``, readable by its owner alone; with ``is_private`` all that there are.

    Raises:
        UsageError: there is no archive, or ``file`` is not to be written.
        ArchiveHeldError: another run takes something down.
        StopError: the disk refused; what stood at ``file`` is as it was.
    """
    with _replacing(file) as (new, scratch), records_up_to_date(workplace) as records:
        with _Choice(records, scratch, is_private=is_private) as choice:
            items = list(choice.prepare())
            title = workplace.settings.title or "Archive"
            description = f"{_RAW} {_PRIVATE if is_private else _PUBLIC}"
            about = About(title, description, f"postkeep {__version__}")
            packed = write_wacz(new, scratch, records.archive, choice, about)
        # Noted before it is there: a takedown looks whether it is.
        summary = noted((workplace.folder,), Output("wacz", file))
        items += records.troubled
    items += [Item("record", "failed", reason=str(error)) for error in packed.damaged]
    counted = f"{packed.captures:,} captures packed, {packed.pages:,} of them pages. {description}"
    return Report(items=items, outputs=(str(file),), summary=(counted, *summary))


class _Choice(Closable):
    """The records to pack, and the pages among them; which visits and pages these are lies in a database below ``scratch``."""

    def __init__(self, records: UpToDate, scratch: Path, *, is_private: bool) -> None:
        self._store, self._archive = records.store, records.archive
        self._progress = records.workplace.progress
        self._exclusions = records.exclusions()
        self._is_private = is_private
        self._outgoing = Outgoing(
            Contract.load(),
            self._exclusions,
            is_publication=True,
            robots_today=records.robots_today.signals,
        )
        self._chosen = sqlite3.connect(scratch / "chosen.sqlite")
        self._chosen.executescript(_CHOSEN)

    def prepare(self) -> Iterator[Item]:
        """Choose the visits and the pages; gives an item a post.

        Raises:
            StopError: a row breaks the schema.
        """
        self._progress.expect(self._store.post_count(), "choosing")
        for whole in self._store.posts():
            reason = self._choose(whole)
            post_id = whole.post["post_id"]
            yield Item(post_id, "skipped" if reason else "done", post_id, reason)
            self._progress.step()
        if self._is_private:
            for visit_id in self._archive.visit_ids():
                self._choose_visit(visit_id, None)
        else:
            self._chosen.executemany("INSERT OR IGNORE INTO originals VALUES (?)", self._originals())

    def takes(self, record: WarcRecord, request: WarcRecord | None) -> bool:
        """Whether a record is packed: all are, or those of the chosen visits and what these share with nobody else."""
        if self._is_private:
            return True
        if record.type == "metadata" and record.get(VISIT):
            return self._is_chosen(record.record_id)
        if not is_capture(record) or self._is_kept_apart(record, request):
            return False
        is_original = self._has("originals", record.record_id)
        return is_original or self._is_of_chosen(record.record_id, is_shared=record.get(VISIT) is None)

    def page(self, record: WarcRecord) -> Page | None:
        """The page that a packed record is."""
        row = self._chosen.execute(
            "SELECT title FROM pages WHERE record_id = ?", (record.record_id,)
        ).fetchone()
        url, at = record.get("WARC-Target-URI"), parse_date(record.get("WARC-Date") or "")
        return Page(url, at, row[0] or url) if row and url and at and record.type in REPLAYED else None

    def close(self) -> None:
        """Let go of the database."""
        self._chosen.close()

    def _choose(self, whole: PostRows) -> str | None:
        """Choose the visits to a post; gives the reason where there are none to choose."""
        post_id = whole.post["post_id"]
        published = next(self._outgoing.posts([whole]), None)
        readings = self._store.readings_of(post_id)
        if not self._is_private:
            if published is None:
                return self._outgoing.withheld[post_id]
            if post_id in self._outgoing.reduced:
                return _REDUCED
            readings = [reading for reading in readings if self._shows_no_more(reading, published)]
        for reading in readings:
            self._choose_visit(reading.visit_id, published or whole)
        return None if readings else _NONE_LEFT

    def _shows_no_more(self, reading: Reading, published: PostRows) -> bool:
        """Whether a visit showed nothing of a post but what goes out of it now."""
        texts = {row["comment_id"]: row["text"] for row in published.comments}
        return (
            self._outgoing.lets_words_out(reading.post, reading.comments)
            and not reading.forgotten
            and (reading.post["text"] is None or published.post["text"] is not None)
            and all(
                row["text"] is None or texts.get(row["comment_id"]) is not None for row in reading.comments
            )
        )

    def _choose_visit(self, visit_id: str, rows: PostRows | None) -> None:
        """Choose a visit, and the capture in it at which a reader begins."""
        if self._is_chosen(visit_id):
            return
        self._chosen.execute("INSERT INTO visits VALUES (?)", (visit_id,))
        captures = self._archive.captures_of(visit_id)
        urls = {self._archive.visit_url(visit_id), *([rows.post["url"]] if rows else [])}
        # The answer to the post's own address, or what that led to.
        begins = next((place for place, (_, url, _) in enumerate(captures) if url in urls), len(captures))
        shown = (record_id for record_id, _, status in captures[begins:] if status in {None, 200})
        for record_id in islice(shown, 1):
            title = rows.post["title"] if rows else None
            self._chosen.execute("INSERT OR IGNORE INTO pages VALUES (?, ?)", (record_id, title))

    def _originals(self) -> Iterator[tuple[str]]:
        """The records with the payloads of the revisits that are packed."""
        for record_id, original in self._archive.revisits():
            if self._is_of_chosen(record_id, is_shared=True):
                yield (original,)

    def _is_kept_apart(self, record: WarcRecord, request: WarcRecord | None) -> bool:
        """Whether a person asked for a capture or saved it signed in, or its host or address is opted out.

        What such a page shows of the person is on it still where it was stated that everybody sees the rest.
        """
        if not self._archive.public_captures().isdisjoint(
            {record.record_id, unbracketed(record.get(REFERS_TO) or "")}
        ):
            return True
        asked = asked_in(record).joined(asked_in(request) if request else Asked())
        url = parse_url(record.get("WARC-Target-URI") or "")
        return bool(asked.personal) or (
            url is not None and self._exclusions.against_visit(url.href, url.host, None) is not None
        )

    def _is_of_chosen(self, record_id: str, *, is_shared: bool) -> bool:
        """Whether a capture is of chosen visits alone; of one that ``is_shared`` between visits, such as robots.txt, one will do."""
        chosen = [self._is_chosen(visit_id) for visit_id in self._archive.visits_of(record_id)]
        return any(chosen) if is_shared else bool(chosen) and all(chosen)

    def _is_chosen(self, visit_id: str) -> bool:
        return self._has("visits", visit_id)

    def _has(self, table: str, name: str) -> bool:
        query = f"SELECT 1 FROM {table} WHERE id = ?"  # noqa: S608 - our names
        return self._chosen.execute(query, (name,)).fetchone() is not None


@contextmanager
def _replacing(file: Path) -> Iterator[tuple[Path, Path]]:
    """Gives where to write a file and a folder for scratch; on success the file takes the place of ``file``, readable by its owner alone.

    Raises:
        UsageError: ``file`` is not to be written.
        StopError: the disk refused; what stood at ``file`` is as it was.
    """
    file = file.resolve()
    _refuse_foreign(file)
    desk = file.parent / f".{file.name}.postkeep"
    try:
        shutil.rmtree(desk, ignore_errors=True)
        desk.mkdir(mode=0o700, parents=True)
        try:
            new = desk / "built"
            yield new, desk
            new.chmod(0o600)
            with new.open("rb") as written:
                os.fsync(written.fileno())
            _refuse_foreign(file)
            new.replace(file)
        finally:
            shutil.rmtree(desk, ignore_errors=True)
    except OSError as error:
        message = f"{file} could not be written: {error}. What stood there is unchanged. {remedy_of(error)}"
        raise StopError(message) from error


def _refuse_foreign(file: Path) -> None:
    if file.suffix != SUFFIX:
        message = f"{file} does not end in {SUFFIX}, by which replay tools know such a file. Name it {file.name}{SUFFIX}."
        raise UsageError(message)
    if file.exists() and not (file.is_file() and is_wacz_of_ours(file)):
        message = f"{file} is there, and no WACZ that postkeep wrote. Nothing was touched. Move it away, or name another file."
        raise UsageError(message)
