"""``postkeep probe``: one page asked for or read from a file, and shown as it would be read."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from scraper.errors import RefusedError, RetryableError, SkippableError, UsageError
from scraper.jobs.probe.asking import ask
from scraper.jobs.probe.data import data_of
from scraper.jobs.probe.marked_page import marked_page
from scraper.jobs.probe.probed import Probe, probe_page
from scraper.jobs.probe.saved import read_saved
from scraper.jobs.probe.table import table_of
from scraper.jobs.workplace import Workplace
from scraper.model.capture import Capture, Visit
from scraper.model.exchange import Request
from scraper.model.outcome import Item, OutcomeWord, Report
from scraper.model.url import parse_url, without_credentials
from scraper.page.home_zones import HomeZones
from scraper.reading.read_visit import DocumentsOfVisit, next_requests
from scraper.sites.registry import Roots, Sites, installed_sites

# A page that does not hold its post is filled from one or two requests more.
_MOST_REQUESTS: Final = 5


@dataclass(frozen=True, slots=True)
class ProbeOptions:
    """What is said of a file: where its page was (``url``), when it was ``captured_at`` (aware). ``html`` is where the page goes, marked.

    ``columns`` is how wide the terminal is that the table is read on; None where there is none.
    """

    url: str | None = None
    captured_at: datetime | None = None
    html: Path | None = None
    columns: int | None = None


def probe(target: str, workplace: Workplace, options: ProbeOptions = ProbeOptions()) -> Report:
    """Read one page, at a URL or in a file, and report what it gives; ``data`` and ``view`` have it whole.

    Raises:
        UsageError: no contact is set, options are given that the target says itself, or the marked page cannot be written.
        ArchiveHeldError: another run holds the archive.
    """
    name = without_credentials(target)
    is_file = parse_url(target) is None
    workplace.progress.begin(name)
    try:
        found = (
            _of_file(Path(target), name, workplace, options) if is_file else _of_url(name, workplace, options)
        )
    except (RefusedError, RetryableError, SkippableError) as error:
        outcome: OutcomeWord = "refused" if isinstance(error, RefusedError) else "failed"
        item = Item(name, outcome, reason=str(error))
        workplace.progress.end(item)
        return Report((item,))
    outputs: tuple[str, ...] = ()
    if options.html is not None:
        _write(options.html, marked_page(found), Path(target) if is_file else None)
        outputs = (str(options.html),)
    item = Item(name, *_outcome(found))
    workplace.progress.end(item)
    return Report(
        (item,),
        outputs,
        data=data_of(found, name if is_file else None),
        view=table_of(found, options.columns),
    )


def _outcome(found: Probe) -> tuple[OutcomeWord, str | None, str | None]:
    """What became of the page, its post, and why it has none."""
    post_id = found.claimed.claim.post_id if found.claimed else None
    if found.record is not None or found.is_list:
        return "done", post_id, None
    return ("failed" if found.reading.trouble else "rejected"), post_id, found.reason


def _of_url(url: str, workplace: Workplace, options: ProbeOptions) -> Probe:
    if options.url is not None or options.captured_at is not None:
        raise UsageError(
            f"{url} is asked for now: --url and --captured-at are for saved files. Leave them out."
        )
    workplace.settings.require_contact()
    sites = workplace.sites or installed_sites()
    request, visited = _first_request(url, sites)
    zones = HomeZones(workplace.settings.zones)

    def following(captures: Sequence[Capture]) -> Request | None:
        """What a page that does not hold its post itself is filled from."""
        found = probe_page(captures, visited, sites, zones)
        is_enough = found.record is not None or found.is_list or len(captures) >= _MOST_REQUESTS
        had = {capture.url for capture in captures}
        return None if is_enough else next((each for each in found.missing if each.url not in had), None)

    return probe_page(asyncio.run(ask(request, workplace, following)), visited, sites, zones)


def _first_request(url: str, sites: Sites) -> tuple[Request, str]:
    """What a crawl asks for first, and the URL that the visit is to."""
    claimed = sites.claimed(url)
    visited = claimed.claim.url if claimed else sites.canonical_url(url, Roots())
    needed = next_requests(DocumentsOfVisit.of(Visit("", 0, visited), ()), sites) if claimed else ()
    return next(iter(needed), Request(visited)), visited


def _of_file(path: Path, name: str, workplace: Workplace, options: ProbeOptions) -> Probe:
    if not path.exists():
        raise SkippableError(
            f"{name} is no http(s) URL, and there is no such file. Give the URL with https:// before it, or the name of a saved page."
        )
    page = read_saved(path, options.url, options.captured_at)
    sites = workplace.sites or installed_sites()
    zones = HomeZones(workplace.settings.zones)
    return probe_page((page.capture,), page.capture.url, sites, zones, page.notes)


def _write(path: Path, page: str, source: Path | None) -> None:
    """Write the marked page.

    Raises:
        UsageError: it would take the place of the page that was read, or cannot be written.
    """
    if source is not None and path.exists() and path.samefile(source):
        raise UsageError(f"--html {path} is the file that is read. Name another file.")
    try:
        path.write_text(page, encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(
            f"--html {path} cannot be written: {error.strerror or error}. Name another file."
        ) from error
