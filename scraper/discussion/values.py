"""What a page shows as values of a record: people, moments, links and pictures."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final

from selectolax.lexbor import LexborNode

from scraper.discussion.body.find import Body
from scraper.discussion.moments import end_of
from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.marks import EPOCH
from scraper.discussion.thread.names import PROFILE
from scraper.discussion.thread.people import Author
from scraper.discussion.thread.record import Thread, ThreadRecord
from scraper.discussion.topics import Topics
from scraper.model.record import Moment, Person
from scraper.model.url import parse_url
from scraper.page.dates import day_order, read_date
from scraper.page.document import Document
from scraper.page.home_zones import zone_of
from scraper.page.pictures import address as picture_address

# Seconds or milliseconds since 1970, as scripts want them.
_EPOCH_DIGITS: Final = 10


class Values:
    """Places what a page shows: its dates in the zone and the order of its site, its addresses against its base."""

    def __init__(self, document: Document, page: Elements, thread: Thread, language: str | None) -> None:
        self._page = page
        self._base = document.base
        self._captured_at = document.capture.captured_at
        self._language = language
        self.zone: Final = document.zones.at(document.capture.url) or zone_of(language)
        self._order = day_order((record.date for record in thread.records), language)

    def person(self, author: Author | None) -> Person | None:
        """Who wrote something, by the address of their page where it has one."""
        if author is None:
            return None
        profile = author.href if author.href and PROFILE(author.href) else None
        url = parse_url(self._base.resolve(profile) or "") if profile else None
        native = url.path + (f"?{url.query}" if url.query else "") if url else None
        return Person(native, author.name)

    def moment(self, raw: str) -> Moment | None:
        """A date as it stands on the page; None where it is none."""
        if EPOCH.fullmatch(raw):
            seconds = int(raw[:_EPOCH_DIGITS])
            return Moment(raw, datetime.fromtimestamp(seconds, UTC), "UTC", "stated", "second")
        return read_date(raw, self.zone, self._captured_at, self._order)

    def moved(self, topics: Topics) -> Iterator[tuple[str, datetime]]:
        """Until when something may have happened to each topic, by the last date of its row."""
        order = day_order((raw for _, dates in topics.dates for raw in dates), self._language)
        for url, dates in topics.dates:
            moments = (read_date(raw, self.zone, self._captured_at, order) for raw in dates)
            ends = [end for moment in moments if moment and (end := end_of(moment))]
            if ends:
                yield url, max(ends)

    def links(self, element: int, body: Body | None) -> tuple[str, ...]:
        """The absolute URLs that an element leads to, without what ``body`` leaves out."""
        return self._addresses(element, body, "a", lambda node: node.attributes.get("href") or "")

    def links_in(self, record: ThreadRecord) -> tuple[str, ...]:
        """The links among the words of a record, without those of its author, its date and its buttons."""
        page, base, text = self._page, self._base, record.text or ""
        urls = (
            base.resolve(page.attributes[each].get("href") or "")
            for each in range(record.span.start, record.span.end)
            if page.tags[each] == "a" and (words := page.text_of(each)) and words in text
        )
        return tuple(dict.fromkeys(url for url in urls if url))

    def images(self, element: int, body: Body | None) -> tuple[str, ...]:
        """The absolute URLs of the pictures in an element, without what ``body`` leaves out."""
        return self._addresses(element, body, "img", picture_address)

    def _addresses(
        self, element: int, body: Body | None, tag: str, address: Callable[[LexborNode], str]
    ) -> tuple[str, ...]:
        page, base = self._page, self._base
        urls = (
            base.resolve(reference)
            for each in range(element, page.ends[element])
            if page.tags[each] == tag
            and not (body and body.is_left_out(each))
            and (reference := address(page.nodes[each]))
            and reference[0] != "#"
        )
        return tuple(dict.fromkeys(url for url in urls if url))
