"""One post visited as any crawl visits it, its exchanges recorded, its record written beside them."""

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from scraper.archive.archive import Archive
from scraper.archive.disk import explained
from scraper.archive.files import WARC_FOLDER
from scraper.archive.read import open_to_read
from scraper.errors import SkippableError, UsageError
from scraper.jobs.crawl.job import crawl
from scraper.jobs.passing_pace import PassingPace, passing_pace
from scraper.jobs.progress import SilentProgress
from scraper.jobs.record.cassette import (
    Recording,
    as_json,
    cassette_at,
    expectation_of,
    target_of,
)
from scraper.jobs.workplace import Workplace
from scraper.model.capture import Visit
from scraper.model.outcome import Item, Report
from scraper.model.record import Record
from scraper.model.url import host_of, parse_url, without_credentials
from scraper.reading.document_reading import read_document
from scraper.reading.read_visit import DocumentsOfVisit, reason_unclaimed, record_of
from scraper.settings import Network
from scraper.sites.registry import installed_sites

# A recording of a live site holds other people's words: it lies in a folder that git ignores.
_LIVE: Final = "live"


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """Where a recording goes: ``case`` is its name within its site's folder in ``into``. ``source`` says where it was recorded."""

    into: Path
    case: str = "post"
    source: str | None = None


def record(site: str, target: str, workplace: Workplace, options: RecordOptions) -> Report:
    """Record a post of a site: its cassette, and beside it the record that the site reads from it today.

    It is asked for under the rules and at the pace of any crawl. Of a live site the two lie in the folder ``live``.

    Raises:
        UsageError: no contact is set, there is no such site, the target is no URL, or the case is a recording of another post.
        StopError: the files cannot be written.
    """
    workplace.settings.require_contact()
    if installed_sites().named(site) is None:
        raise UsageError(
            f"There is no site {site}. `postkeep sites` lists them; a new one is a file in scraper/sites, or a row of a table there."
        )
    url = without_credentials(target)
    if parse_url(url) is None:
        raise UsageError(f"{url} is no http(s) URL. Give the URL of a post.")
    cassette, source = place_of(site, options, workplace.network)
    before = target_of(cassette) if cassette.exists() else url
    if before != url:
        raise UsageError(f"{cassette} is a recording of {before}. Name this one with --case.")
    day = f"{workplace.clock.now():%Y-%m-%d}"
    workplace.progress.begin(url)
    try:
        post_id = record_cassette(cassette, Recording(url, source, day), workplace, site)
        item = Item(url, "done", post_id)
    except RecordingError as error:
        item = replace(error.item, target=url)
    workplace.progress.end(item)
    is_done = item.outcome == "done"
    return Report((item,), (str(cassette), str(expectation_of(cassette))) if is_done else ())


def place_of(site: str, options: RecordOptions, network: Network) -> tuple[Path, str]:
    """Where a cassette goes, and where it says that it was recorded."""
    is_live = not (network.connect_to or network.allow_hosts)
    folder = options.into / _LIVE if is_live else options.into
    source = "the live site" if is_live else "a server on loopback"
    return folder / site / f"{options.case}.yaml", options.source or source


class RecordingError(SkippableError):
    """A post could not be visited, or is none of its site's. ``item`` says what became of it, and why."""

    def __init__(self, item: Item) -> None:
        super().__init__(item.reason or item.outcome)
        self.item = item


@dataclass(frozen=True, slots=True)
class ReadPost:
    """A post as the site that knows it as its own reads it."""

    site: str
    post_id: str
    record: Record


def record_cassette(path: Path, about: Recording, workplace: Workplace, site: str) -> str:
    """Write the cassette of a post and its expected record; gives its ``post_id``. ``workplace`` has the rules and the network.

    Raises:
        RecordingError: it could not be visited, or it is not of ``site``; nothing was written then.
        ArchiveHeldError: another run holds the archive of ``workplace``.
        StopError: the files cannot be written.
    """
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / WARC_FOLDER).mkdir()
        draft = Path(folder) / "cassette.yaml"
        visiting = replace(workplace, folder=Path(folder), progress=SilentProgress(workplace.progress))
        with passing_pace(workplace) as owed, cassette_at(draft, "all", about):
            _owe(owed, host_of(about.target), visiting)
            visit = visit_post(about.target, visiting)
        read = read_post(visit)
        if read.site != site:
            reason = f"{about.target} was read by {read.site}, not by {site}. `postkeep probe` shows what it gives."
            raise RecordingError(Item(about.target, "failed", read.post_id, reason))
        with explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(draft, path)
            expectation_of(path).write_text(as_json(read.record, visit), encoding="utf-8")
    return read.post_id


def _owe(owed: PassingPace, host: str, visiting: Workplace) -> None:
    """Have a visit leave its host alone for as long as is owed."""
    warcinfo = visiting.warcinfo()
    with Archive.open(visiting.folder, clock=visiting.clock, warcinfo=warcinfo) as archive:
        archive.pace.put_pace(owed.get_pace(host))
        archive.commit()


def visit_post(target: str, workplace: Workplace) -> Visit:
    """Crawl one post into the workplace's archive, and give the visit as it was kept.

    Raises:
        RecordingError: it was refused or rejected, or could not be had.
    """
    report = crawl([target], workplace)
    if report.exit_code:
        raise RecordingError(next(item for item in report.items if item.outcome != "done"))
    with open_to_read(workplace.folder) as archive:
        visits = tuple(archive.visits())
    if len(visits) != 1:
        reason = f"{target} leads to {len(visits)} posts. Give the URL of one."
        raise RecordingError(Item(target, "failed", reason=reason))
    return visits[0]


def read_post(visit: Visit) -> ReadPost:
    """The record that the site which knows the visit as its own reads.

    Raises:
        RecordingError: no site does, or it reads none.
    """
    sites = installed_sites()
    documents = [read_document(capture, sites) for capture in visit.captures]
    whole = DocumentsOfVisit.of(visit, documents)
    claimed = None if whole.trouble else whole.pages.claimed(sites)
    if claimed is None:
        reason = whole.trouble or reason_unclaimed(whole, sites)
        raise RecordingError(Item(visit.url, "failed", reason=reason))
    answer = record_of(whole, claimed)
    if not isinstance(answer, Record):
        raise RecordingError(Item(visit.url, "rejected", claimed.claim.post_id, answer.reason))
    return ReadPost(claimed.site.name, claimed.claim.post_id, answer)
