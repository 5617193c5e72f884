"""``postkeep probe``: one page asked for or read from a file, and shown as it would be read."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote
from uuid import uuid4

from scraper.archive.warc import payload_digest
from scraper.errors import RefusedError, RetryableError, SkippableError, UsageError
from scraper.jobs.imports.file_kind import FileKind, kind_of
from scraper.jobs.probe.asking import ask
from scraper.jobs.probe.data import data_of
from scraper.jobs.probe.marked_page import marked_page
from scraper.jobs.probe.probed import Probe, probe_page
from scraper.jobs.probe.table import table_of
from scraper.jobs.workplace import Workplace
from scraper.model.capture import Capture, Visit
from scraper.model.exchange import Request
from scraper.model.outcome import Item, OutcomeWord, Report
from scraper.model.url import parse_url, without_credentials
from scraper.page.document import Document
from scraper.page.home_zones import HomeZones
from scraper.page.stated_url import stated_url
from scraper.reading.read_visit import DocumentsOfVisit, next_requests
from scraper.sites.registry import Roots, Sites, installed_sites

# Names under .invalid are nobody's (RFC 2606 section 2).
_NOWHERE: Final = "https://saved.invalid/"


@dataclass(frozen=True, slots=True)
class ProbeOptions:
    """What is said of a file: where its page was (``url``), when it was ``captured_at`` (aware). ``html`` is where the page goes, marked."""

    url: str | None = None
    captured_at: datetime | None = None
    html: Path | None = None


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
        found = _of_file(Path(target), workplace, options) if is_file else _of_url(name, workplace, options)
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
    return Report((item,), outputs, data=data_of(found, name if is_file else None), view=table_of(found))


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
    captures = asyncio.run(ask(request, workplace))
    return probe_page(captures, visited, sites, HomeZones(workplace.settings.zones))


def _first_request(url: str, sites: Sites) -> tuple[Request, str]:
    """What a crawl asks for first, and the URL that the visit is to."""
    claimed = sites.claimed(url)
    visited = claimed.claim.url if claimed else sites.canonical_url(url, Roots())
    needed = next_requests(DocumentsOfVisit.of(Visit("", 0, visited), ()), sites) if claimed else ()
    return next(iter(needed), Request(visited)), visited


def _of_file(path: Path, workplace: Workplace, options: ProbeOptions) -> Probe:
    """What a saved page gives.

    Raises:
        SkippableError: the file cannot be read, or holds no page.
    """
    if not path.exists():
        raise SkippableError(
            f"{path} is no http(s) URL, and there is no such file. Give the URL with https:// before it, or the name of a saved page."
        )
    kind = kind_of(path)
    if kind not in {FileKind.HTML, FileKind.TEXT}:
        raise SkippableError(
            f"{path} holds captures, where probe looks at one page. Take it in with `postkeep import`, or save the page as HTML."
        )
    page, notes = _saved_page(path, "text/html" if kind is FileKind.HTML else "text/plain", options)
    sites = workplace.sites or installed_sites()
    return probe_page((page,), page.url, sites, HomeZones(workplace.settings.zones), notes)


def _saved_page(path: Path, media_type: str, options: ProbeOptions) -> tuple[Capture, tuple[str, ...]]:
    """A file as a capture, with a sentence where its URL had to be found out."""
    if options.url is not None and parse_url(options.url) is None:
        raise UsageError(
            f"--url {options.url}: write it as an http(s) URL, such as https://example.org/post."
        )
    try:
        body = path.read_bytes()
    except OSError as error:
        raise SkippableError(f"{path} cannot be read: {error.strerror or error}.") from error
    page = Capture(
        record_id=uuid4().urn,
        url=without_credentials(options.url) if options.url else "",
        status=None,
        headers=(("content-type", media_type),),
        body=body,
        captured_at=options.captured_at,
        captured_at_basis="asserted" if options.captured_at else "unknown",
        payload_digest=payload_digest(body),
    )
    if page.url:
        return page, ()
    if stated := stated_url(Document(page)):
        return replace(page, url=stated), ()
    note = "The file does not say where its page was, which tells its site and helps to tell what it is. Say it with --url."
    return replace(page, url=_NOWHERE + quote(path.name)), (note,)


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
