"""What robots.txt says now of pages that were kept before: a site that lets nothing be stored any more is not visited again."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

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


@dataclass(frozen=True, slots=True)
class StatedToday:
    """The Content-Signals of origins, by origin; others state none."""

    statements: Mapping[str, tuple[SiteStatement, ...]] = field(default_factory=dict)

    def signals(self, page_url: str) -> Iterator[Signal]:
        """Those for one page; none where it has no such URL."""
        page = parse_url(page_url)
        if page is not None and (statements := self.statements.get(page.origin)):
            yield from signals_for(page_url, page.origin + ROBOTS_PATH, statements)


class RobotsToday:
    """The Content-Signals in the newest robots.txt of each origin, as our own visits had it, of whatever archive it lies in."""

    def __init__(self, *archives: ArchiveReader) -> None:
        self._archives = archives
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

    def stated(self, origins: Iterable[str]) -> StatedToday:
        """What the newest robots.txt of each of the origins says, to be handed on."""
        every = ((origin, self._read(origin + ROBOTS_PATH)) for origin in origins)
        return StatedToday({origin: statements for origin, statements in every if statements})

    def _read(self, file: str) -> tuple[SiteStatement, ...]:
        copies = [
            (latest, archive) for archive in self._archives if (latest := archive.latest(file)) is not None
        ]
        # As one archive chooses: the newest, and of several made at one moment the first by its id.
        copies.sort(key=lambda copy: copy[0].record_id)
        latest, archive = max(copies, key=lambda copy: copy[0].captured_at, default=(None, None))
        if latest is None or archive is None or latest.status != 200:
            return ()
        statements = site_statements(Document(archive.capture(latest.record_id)))
        return tuple(each for each in statements if each.signal.signal in CONTENT_SIGNAL_NAMES)
