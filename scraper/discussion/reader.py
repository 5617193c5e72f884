"""One page of any discussion: the post, what answers it, and where the thread goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scraper.discussion.body.find import Body, find_body
from scraper.discussion.pages import Pages, read_pages
from scraper.discussion.thread.elements import Elements, read_elements
from scraper.discussion.thread.names import COMMENT, PROFILE
from scraper.discussion.thread.read import Thread, ThreadRecord, read_thread
from scraper.model.record import Comment, FieldSource, Moment, Person, Post, PostKind
from scraper.model.url import parse_url
from scraper.page.dates import DayOrder, Zone, day_order, read_date
from scraper.page.document import Document

# A page whose text before the thread has so many letters has a post of its own there, whatever its thread is called.
_OWN_TEXT: Final = 140
_LEAST_TEXT: Final = 20
_ZONES: Final = {"ko": Zone("Asia/Seoul", "assumed"), "ja": Zone("Asia/Tokyo", "assumed")}
_NO_ZONE: Final = Zone("UTC", "assumed")


@dataclass(frozen=True, slots=True)
class DiscussionPage:
    """What one page shows of a discussion.

    ``post`` is None on a later page of a thread whose first record is the post. ``pages`` says where the page stands among
    those of its thread. ``is_closed`` says that the page states not to be free to read.
    """

    pages: Pages
    post: Post | None
    comments: tuple[Comment, ...]
    title: str | None
    is_thread: bool
    is_closed: bool


def read_discussion(document: Document) -> DiscussionPage | None:
    """What a page shows of a discussion; None where it shows no words.

    Raises:
        HostilePageError: the page is too costly to parse.
    """
    if document.tree.body is None:
        return None
    page = read_elements(document.tree.body)
    return _Reader(document, page).read() if page.texts else None


class _Reader:
    def __init__(self, document: Document, page: Elements) -> None:
        self._document = document
        self._page = page
        self._language = _language(document)
        self._thread = read_thread(page)
        own = document.zones.at(document.capture.url)
        self._zone = own or _ZONES.get((self._language or "")[:2].lower(), _NO_ZONE)
        self._order: DayOrder | None = day_order((record.date for record in self._thread.records), self._language)

    def read(self) -> DiscussionPage:
        document, records = self._document, self._thread.records
        body = find_body(self._page, [range(each.span.start, each.span.end) for each in records])
        is_thread = bool(records) and not self._has_own_post(body)
        canonical = document.head.css_first('link[rel~="canonical"][href]')
        stated = document.base.resolve(canonical.attributes.get("href") or "") if canonical is not None else None
        pages = read_pages(self._page, document.capture.url, document.base, stated)
        title = _title(document, self._page, body)
        if not is_thread:
            post = self._own_post(body, title) if body else None
            return DiscussionPage(pages, post, self._comments(records, 0), title, is_thread, document.is_closed)
        leads = 0 if pages.number else 1
        first = self._first_post(records[0], title) if leads else None
        return DiscussionPage(
            pages, first, self._comments(records[leads:], leads), title, is_thread, document.is_closed
        )

    def _has_own_post(self, body: Body | None) -> bool:
        """Whether the post stands apart from the records, which then are its comments."""
        if body is None:
            return False
        first = self._thread.records[0]
        stands_before = body.element < first.span.start
        if not stands_before:
            return False
        group = self._thread.groups[first.group]
        least = _LEAST_TEXT if COMMENT.search(group.key) else _OWN_TEXT
        return body.size >= least

    def _own_post(self, body: Body, title: str | None) -> Post:
        kind: PostKind = "article" if body.size > _OWN_TEXT else "post"
        sources = (FieldSource("text", "html", "inferred"),)
        return Post(
            kind,
            title,
            body.text(),
            links=self._links(body.element, body),
            images=self._images(body.element, body),
            field_sources=sources,
        )

    def _first_post(self, record: ThreadRecord, title: str | None) -> Post:
        return Post(
            "topic",
            title,
            record.text,
            author=self._person(record),
            published=self._moment(record.date),
            links=self._links(record.span.start, None),
            images=self._images(record.span.start, None),
            field_sources=tuple(
                FieldSource(field, "html", "inferred")
                for field, value in (("text", record.text), ("author", record.author), ("published_at", record.date))
                if value
            ),
        )

    def _comments(self, records: Sequence[ThreadRecord], skipped: int) -> tuple[Comment, ...]:
        return tuple(
            Comment(
                text=record.text,
                native_id=record.native_id,
                parent=record.parent - skipped if record.parent is not None and record.parent >= skipped else None,
                depth=self._depth(record, skipped),
                author=self._person(record),
                published=self._moment(record.date),
            )
            for record in records
        )

    def _depth(self, record: ThreadRecord, skipped: int) -> int | None:
        """How deep a record lies; None in a thread that shows no replies to replies."""
        records = self._thread.records
        if not any(each.parent is not None and each.parent >= skipped for each in records):
            return None
        depth, parent = 0, record.parent
        while parent is not None and parent >= skipped:
            depth, parent = depth + 1, records[parent].parent
        return depth

    def _person(self, record: ThreadRecord) -> Person | None:
        author = record.author
        if author is None:
            return None
        profile = author.href if author.href and PROFILE.search(author.href) else None
        url = parse_url(self._document.base.resolve(profile) or "") if profile else None
        native = url.path + (f"?{url.query}" if url.query else "") if url else None
        return Person(native, author.name)

    def _moment(self, raw: str) -> Moment | None:
        return read_date(raw, self._zone, self._document.capture.captured_at, self._order) if raw else None

    def _links(self, element: int, body: Body | None) -> tuple[str, ...]:
        return self._addresses(element, body, "a", "href")

    def _images(self, element: int, body: Body | None) -> tuple[str, ...]:
        return self._addresses(element, body, "img", "src")

    def _addresses(self, element: int, body: Body | None, tag: str, attribute: str) -> tuple[str, ...]:
        page, base = self._page, self._document.base
        urls = (
            base.resolve(reference)
            for each in range(element, page.ends[element])
            if page.tags[each] == tag
            and not (body and body.is_left_out(each))
            and (reference := page.attributes[each].get(attribute))
            and reference[0] != "#"
        )
        return tuple(dict.fromkeys(url for url in urls if url))


def _language(document: Document) -> str | None:
    node = document.tree.css_first("html")
    return node.attributes.get("lang") if node is not None else None


def _title(document: Document, page: Elements, body: Body | None) -> str | None:
    """The heading of the page: the one that its text stands under, its only first-level one, else its title element."""
    headings = [each for each, tag in enumerate(page.tags) if tag == "h1" and page.text_of(each)]
    if len(headings) == 1:
        return page.text_of(headings[0])
    if body is not None and body.title >= 0:
        return page.text_of(body.title)
    if headings:
        return page.text_of(headings[0])
    node = document.head.css_first("title")
    return " ".join(node.text().split()) or None if node is not None else None
