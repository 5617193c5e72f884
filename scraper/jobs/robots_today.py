"""What robots.txt says now of pages that were kept before: a site that lets nothing be stored any more is not visited again."""

from collections.abc import Iterator

from scraper.archive.read import ArchiveReader
from scraper.model.record import Signal
from scraper.model.url import parse_url
from scraper.page.document import Document
from scraper.page.site_signals import (
    CONTENT_SIGNAL_NAMES,
    ROBOTS_PATH,
    SiteStatement,
    signals_for,
    site_statements,
)


class RobotsToday:
    """The Content-Signals in the newest robots.txt of each origin, as our own visits had it."""

    def __init__(self, archive: ArchiveReader) -> None:
        self._archive = archive
        self._statements: dict[str, tuple[SiteStatement, ...]] = {}

    def signals(self, page_url: str) -> Iterator[Signal]:
        """Those for one page; none where it has no such URL."""
        page = parse_url(page_url)
        if page is None:
            return
        file = page.origin + ROBOTS_PATH
        if page.origin not in self._statements:
            self._statements[page.origin] = self._read(file)
        yield from signals_for(page_url, file, self._statements[page.origin])

    def _read(self, file: str) -> tuple[SiteStatement, ...]:
        latest = self._archive.latest(file)
        if latest is None or latest.status != 200:
            return ()
        statements = site_statements(Document(self._archive.capture(latest.record_id)))
        return tuple(each for each in statements if each.signal.signal in CONTENT_SIGNAL_NAMES)
