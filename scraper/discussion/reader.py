"""One page of any discussion: the post, what answers it, and where the thread goes on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from selectolax.lexbor import LexborNode

from scraper.discussion.body.authors import find_authors, told_authors
from scraper.discussion.body.blocks import HEADINGS, letters
from scraper.discussion.body.find import Bodies, Body
from scraper.discussion.body.head import Head, read_head
from scraper.discussion.body.published import Published, find_published
from scraper.discussion.body.title import Title, find_title, repeats
from scraper.discussion.byline import Byline, find_byline
from scraper.discussion.comments import comments_of
from scraper.discussion.counts import shown_counts
from scraper.discussion.discussion_page import DiscussionPage
from scraper.discussion.elsewhere import comments_elsewhere
from scraper.discussion.kind import PageKind, Seen, kind_of
from scraper.discussion.marked import MarkedPost, Reading, with_marked
from scraper.discussion.moments import end_of
from scraper.discussion.opening import Opening, bylines
from scraper.discussion.pages import Pages, is_one_post, read_pages, titled_link, without_page
from scraper.discussion.reconcile import shares_none, tells_post
from scraper.discussion.section import find_section
from scraper.discussion.thread.elements import Elements, read_elements
from scraper.discussion.thread.marks import EPOCH
from scraper.discussion.thread.names import BOARD_POST, COMMENT, PROFILE
from scraper.discussion.thread.people import Author
from scraper.discussion.thread.read import read_thread
from scraper.discussion.thread.record import Thread, ThreadRecord
from scraper.discussion.thread.talk import is_conversation
from scraper.discussion.told.by_shape import ShownPage
from scraper.discussion.told.read import read_told
from scraper.discussion.told.telling import Frame, Telling
from scraper.discussion.told_page import page_of_data, with_told
from scraper.discussion.topics import Topics, find_topics, may_list
from scraper.discussion.words import CLOCK
from scraper.model.record import Comment, FieldSource, Moment, Person, Post, PostKind
from scraper.model.url import host_of, parse_url
from scraper.page.dates import DayOrder, day_order, read_date
from scraper.page.document import Document
from scraper.page.home_zones import zone_of
from scraper.page.pictures import address as picture_address

_OWN_TEXT: Final = 400
# A text so many times longer than the whole thread is the post of it.
_OUTWEIGHS: Final = 3
# What a page is all the same where people speak on it, of a product say.
_NO_TALK: Final = frozenset(("error", "login", "product", "front page"))
# Of an article so much may stand in what looks like records, before it is a thread after all.
_MOST_INSIDE: Final = 0.3
# Of a list so much stands in its rows; and of a page that is nothing else so much is links.
_LISTED: Final = 0.6
_MUCH_LINKED: Final = 0.4
# Records of a thread say more than this, letter by letter; the rows of a list name things.
_SAYING: Final = 50
# A link or a heading that says so much is the title of something.
_TITLE: Final = 16
_SIGN_IN: Final = 'form input[type="password" i]'
# A page with fewer characters shows nothing but what stands there until its scripts have run.
_BARE: Final = 300
# Seconds or milliseconds since 1970, as scripts want them.
_EPOCH_DIGITS: Final = 10


@dataclass(frozen=True, slots=True)
class Trace:
    """A page as it was read, with where on it that stands: its elements, the records of its thread, its main text."""

    shown: DiscussionPage
    elements: Elements
    thread: Thread
    body: Body | None


def read_discussion(
    document: Document,
    *,
    is_topic: bool = False,
    is_post: bool = False,
    marked: Sequence[MarkedPost] = (),
) -> DiscussionPage | None:
    """What a page shows of a discussion; None where it shows no words, and its data tells none.

    ``is_topic``: its software and its address say that it is a topic, which holds where it shows a thread. ``is_post``: its
    software says that it is a post, which stands apart from what answers it. ``marked``: the posts of its thread, by marks
    that its software sets.

    Raises:
        HostilePageError: the page is too costly to parse.
    """
    trace = trace_discussion(document, is_topic=is_topic, is_post=is_post, marked=marked)
    return trace.shown if trace else None


def trace_discussion(
    document: Document,
    *,
    is_topic: bool = False,
    is_post: bool = False,
    marked: Sequence[MarkedPost] = (),
    find_marked: Callable[[Elements], Sequence[int]] | None = None,
) -> Trace | None:
    """As ``read_discussion``, with where on the page it was read.

    ``find_marked`` finds the elements that the page's software marks as comments, in page order.

    Raises:
        HostilePageError: the page is too costly to parse.
    """
    if document.tree.body is None:
        return None
    page = read_elements(document.tree.body)
    marked_elements = find_marked(page) if find_marked else ()
    thread = read_thread(page, marked_elements)
    if not thread.records and _is_later(page, document):
        thread = read_thread(page, marked_elements, is_later=True)
    trace = _Reader(document, page, thread, marked, is_topic=is_topic, is_post=is_post).trace()
    return trace if page.texts or trace.shown.post else None


def _is_later(page: Elements, document: Document) -> bool:
    """Whether a page is one of several, and not the first."""
    url = document.capture.url
    return without_page(url)[1] is not None and read_pages(page, url, document.base, None).number > 0


class _Reader:
    def __init__(
        self,
        document: Document,
        page: Elements,
        thread: Thread,
        marked: Sequence[MarkedPost],
        *,
        is_topic: bool,
        is_post: bool,
    ) -> None:
        self._marked = [each for each in marked if each.node.mem_id in page.by_node]
        self._document = document
        self._is_topic = is_topic
        self._is_post = is_post
        self._page = page
        self._head: Head = read_head(document.head, document.linked_data)
        self._language = self._head.language
        self._thread = thread
        self._bodies = Bodies(page)
        self._body: Body | None = None
        self._byline = Byline()
        own = document.zones.at(document.capture.url)
        self._zone = own or zone_of(self._language)
        self._order: DayOrder | None = day_order(
            (record.date for record in self._thread.records), self._language
        )

    def trace(self) -> Trace:
        """What the page shows, and what it was read from."""
        return Trace(self.read(), self._page, self._thread, self._body)

    def read(self) -> DiscussionPage:
        document = self._document
        self._drop_teasers()
        body, heading = self._main()
        title = heading.text if heading else None
        pages = self._pages(title)
        telling = self._told(pages, title)
        if telling and self._are_others(telling):
            self._thread = replace(self._thread, records=(), groups=())
            body, heading = self._main()
            title = heading.text if heading else None
        records = self._thread.records
        is_asked = (body is not None and bool(body.removed)) or document.tree.css_first(_SIGN_IN) is not None
        if (
            telling
            and self._is_bare()
            and not is_asked
            and (page := page_of_data(document, telling, pages, title))
        ):
            return page
        opening = Opening(self._page, self._thread, self._head.title, self._moment)
        leads = self._leads(body, opening, telling)
        self._byline = self._find_byline(body, heading)
        kind, topics = self._kind(body, opening)
        post: Post | None = None
        comments: tuple[Comment, ...] = ()
        at = int(leads and not pages.number)
        if kind.is_post:
            comments = comments_of(
                self._thread, at, document.base, lambda record: self._person(record.author), self._moment
            )
            post = self._first_post(records[0], title) if at else None
            post = post if leads else self._own_post(body, heading)
            post = self._with_facts(post, body, title) if post else None
            if post and any(comment.kind == "answer" for comment in comments):
                post = replace(post, kind="question")
        page = DiscussionPage(kind, pages, post, comments, title, document.is_closed, topics, leads)
        if topics.dates:
            page = replace(page, moved=tuple(self._moved(topics)))
        if not kind.is_post:
            return page
        spans = [record.span for record in records]
        if self._marked:
            own = spans[len(spans) - len(comments) :]
            reading = Reading(self._page, own, self._moment, (self._links, self._images))
            page, spans = with_marked(page, self._marked, reading)
        if telling:
            page = with_told(page, telling, self._page, spans, document)
        return replace(page, elsewhere=comments_elsewhere(document.tree))

    def _with_facts(self, post: Post, body: Body | None, title: str | None) -> Post:
        records = self._thread.records
        counts = shown_counts(self._page, body, records[0].span.first if records else None, title)
        section = find_section(self._document, self._head, title)
        read = (*(count.name for count in counts), *(("section",) if section else ()))
        sources = (FieldSource(name, "html", "stated") for name in read)
        return replace(post, section=section, counts=counts, field_sources=(*post.field_sources, *sources))

    def _main(self) -> tuple[Body | None, Title | None]:
        """The text that stands apart from the thread, and the title."""
        outside = [range(span.start, span.end) for group in self._thread.groups for span in group.spans]
        body = self._body = self._bodies.body([*outside, *bylines(self._page, self._thread)])
        return body, find_title(self._page, self._head, body, host_of(self._document.capture.url))

    def _are_others(self, telling: Telling) -> bool:
        """Whether the records are none of the thread that the data tells, and not called comments either."""
        records = self._thread.records
        if not records or any(COMMENT(group.key) for group in self._thread.groups):
            return False
        return shares_none(
            telling, [each.text for each in records], [each.span for each in records], self._page
        )

    def _told(self, pages: Pages, title: str | None) -> Telling | None:
        document = self._document
        frame = Frame(
            (pages.url, document.capture.url), document.base, self._zone, document.capture.captured_at
        )
        texts = [record.text for record in self._thread.records]
        return read_told(document, frame, ShownPage(title, texts, self._is_bare()))

    def _is_bare(self) -> bool:
        """Whether the page shows next to nothing until its scripts have run."""
        has_thread = self._marked or self._thread.records
        return not has_thread and sum(map(len, self._page.texts)) < _BARE

    def _leads(self, body: Body | None, opening: Opening, telling: Telling | None) -> bool:
        """Whether the first record is the post: as the page's data tells, else as the page shows."""
        records = self._thread.records
        if not records or self._is_post:
            return False
        told = tells_post(telling, records[0].text, records[0].span, self._page) if telling else None
        if told is not None:
            return told
        return not self._outweighs(body) and not opening.is_post(body)

    def _outweighs(self, body: Body | None) -> bool:
        """Whether the text apart from the records is so much longer than all of them that it is what they answer."""
        said = sum(letters(record.text or "") for record in self._thread.records)
        return body is not None and body.size >= max(_OWN_TEXT, _OUTWEIGHS * said)

    def _drop_teasers(self) -> None:
        """Leave out records that are no thread: beside an article only what is called comments answers it."""
        records = self._thread.records
        if not records or self._thread.is_marked or any(COMMENT(group.key) for group in self._thread.groups):
            return
        whole = self._bodies.body()
        if whole is None or whole.size < _OWN_TEXT:
            return
        is_board = any(BOARD_POST(group.key) for group in self._thread.groups)
        inside = sum(
            letters(record.text or "")
            for record in records
            if self._page.contains(whole.element, record.span.start)
        )
        is_inside = inside >= _MOST_INSIDE * whole.size
        is_beside = (self._is_article() and not (is_board and is_inside)) or not (is_board or is_inside)
        if is_beside and not all(map(self._is_said, records)) and not self._are_signed_alike():
            self._thread = replace(self._thread, records=(), groups=())

    def _are_signed_alike(self) -> bool:
        """Whether the post has a byline like those of its records, which lead to no page of their own: they answer it."""
        page, records = self._page, self._thread.records
        if may_list(page, [record.span.start for record in records], self._thread.marks):
            return False
        body, heading = self._main()
        byline = self._find_byline(body, heading)
        return byline.is_whole and byline.is_alike

    def _is_said(self, record: ThreadRecord) -> bool:
        """Whether a record says by whom it is and at what time of day, and is not led by the title of something else."""
        page, author = self._page, record.author
        if author is None or not record.text or CLOCK.search(record.date) is None:
            return False
        return not any(
            (page.tags[each] == "a" or page.tags[each] in HEADINGS)
            and len(words := page.text_of(each)) >= _TITLE
            and author.name not in words
            for each in range(record.span.start, record.span.end)
        )

    def _is_article(self) -> bool:
        """Whether the page says that it is an article, and no discussion."""
        told = (self._head.first("og:type") or "").lower() == "article" or any(
            name.endswith("Article") for name in self._head.types
        )
        return told and not self._head.types & {"DiscussionForumPosting", "QAPage"}

    def _kind(self, body: Body | None, opening: Opening) -> tuple[PageKind, Topics]:
        """What the page is, and of one that is no post what it lists."""
        kind = kind_of(self._page, self._head, body, self._seen(opening))
        has_thread = self._marked or self._thread.records
        if self._is_topic and has_thread and kind.kind not in {"error", "login"}:
            return PageKind("thread", ("its software and its address say so",), kind.score), Topics()
        if self._is_post and kind.kind != "error":
            return PageKind("article", ("its software says so",), kind.score), Topics()
        is_talk = is_conversation(self._thread, has_opening=opening.is_by_another)
        if kind.kind not in _NO_TALK and is_talk and not self._names_boards():
            talk = PageKind("thread", ("people answer each other",), kind.score)
            return kind if kind.is_post else talk, Topics()
        if kind.is_post and not self._may_be_list(body):
            return kind, Topics()
        topics = find_topics(
            self._page,
            self._thread.marks,
            self._document.capture.url,
            self._document.base,
            self._people(),
        )
        if not kind.is_post:
            return kind, topics
        is_bare = not self._thread.records and (body is None or body.size < _OWN_TEXT)
        if not (topics.is_list and is_bare) and not self._is_list(topics, body):
            return kind, topics
        return PageKind("list", (f"its rows lead to {topics.count} other pages",), kind.score), topics

    def _may_be_list(self, body: Body | None) -> bool:
        """Whether it is worth a look what a page lists that looks like a post."""
        records = self._thread.records
        is_bare = not records and (body is None or body.size < _OWN_TEXT)
        return (
            is_bare
            or self._linked() > _MUCH_LINKED
            or may_list(
                self._page, [record.span.start for record in records], self._thread.marks, self._people()
            )
        )

    def _people(self) -> frozenset[str]:
        """Where the names of those who wrote lead, in a thread that says something: the rows of a list may look like one."""
        if self._says_little():
            return frozenset()
        records = self._thread.records
        return frozenset(each.author.href for each in records if each.author and each.author.href)

    def _says_little(self) -> bool:
        sizes = sorted(letters(record.text or "") for record in self._thread.records)
        return not sizes or sizes[len(sizes) // 2] < _SAYING

    def _names_boards(self) -> bool:
        """Whether what look like records say little, and their authors are links of their own that lead to nobody: rows of an index."""
        links = [each.author.href for each in self._thread.records if each.author and each.author.href]
        is_each = len(links) == len(set(links)) == len(self._thread.records)
        return is_each and self._says_little() and not any(map(PROFILE, links))

    def _is_list(self, topics: Topics, body: Body | None) -> bool:
        """Whether what a page says stands for the most part in rows that lead to other pages, and its main text is none beside them."""
        if topics.share < _LISTED or self._is_article():
            return False
        page, records = self._page, self._thread.records
        if body is None or any(
            page.contains(body.element, row) or page.contains(row, body.element) for row in topics.rows
        ):
            return True
        within = sum(any(page.contains(row, each.span.start) for row in topics.rows) for each in records)
        return len(records) > 1 and within > 0.5 * len(records)

    def _pages(self, title: str | None) -> Pages:
        document = self._document
        node = document.head.css_first('link[rel~="canonical"][href]')
        stated = document.base.resolve(node.attributes.get("href") or "") if node is not None else None
        if stated is None and is_one_post(document.capture.url):
            stated = titled_link(self._page, document.base, title)
        return read_pages(self._page, document.capture.url, document.base, stated)

    def _seen(self, opening: Opening) -> Seen:
        document = self._document
        return Seen(
            document.capture.url,
            document.capture.status or 200,
            document.tree.css_first(_SIGN_IN) is not None,
            len(document.tree.css('input:not([type="hidden"]), select')),
            len(self._thread.records) + opening.is_by_another,
            self._linked(),
            self._is_signed(),
        )

    def _is_signed(self) -> bool:
        """Whether a name and a date stand beside the post, as they do beside what answers it or as a byline."""
        byline, records = self._byline, self._thread.records
        is_told = byline.is_stated or bool(records)
        return byline.is_whole or bool(is_told and byline.author and byline.date)

    def _linked(self) -> float:
        """How many of the page's letters are links, 0 to 1."""
        page = self._page
        sizes = [len(text) for text in page.texts]
        linked = sum(
            size for size, parent in zip(sizes, page.text_parent, strict=True) if page.links[parent] >= 0
        )
        return linked / max(sum(sizes), 1)

    def _own_post(self, body: Body | None, heading: Title | None) -> Post:
        kind: PostKind = "article" if body and body.size >= _OWN_TEXT else "post"
        title = heading.text if heading else None
        if body and heading:
            body = body.without(repeats(self._page, heading))
        text = body.text() if body else None
        published = self._published(body)
        moment = self._moment(published.raw) if published else None
        author = self._author(body)
        told = {
            "title": title and "html",
            "text": text and "html",
            "author": author and "html",
            "published_at": moment and published and published.source,
        }
        return Post(
            kind,
            title,
            text,
            author=author,
            published=moment,
            links=self._links(body.element, body) if body else None,
            images=self._images(body.element, body) if body else None,
            removed=body.removed if body else (),
            field_sources=tuple(
                FieldSource(field, source, "inferred") for field, source in told.items() if source
            ),
        )

    def _find_byline(self, body: Body | None, heading: Title | None) -> Byline:
        if body is None:
            return Byline()
        if heading:
            body = body.without(repeats(self._page, heading))
        return find_byline(self._page, body, heading.element if heading else -1, self._thread)

    def _author(self, body: Body | None) -> Person | None:
        """Who wrote the post: as the page tells, as its answers are signed, as stands under its title, or as its byline says."""
        told, byline = told_authors(self._head), self._byline
        if byline.is_alike and not told:
            return self._person(byline.author)
        names = told or find_authors(self._page, self._head, body)
        if names:
            return Person(None, names[0])
        return self._person(byline.author) if byline.is_stated or self._is_signed() else None

    def _published(self, body: Body | None) -> Published | None:
        published = find_published(self._page, self._head, body, self._document.capture.url)
        is_told = published is not None and published.source in {"linked data", "head"}
        if (
            self._byline.date
            and not is_told
            and (self._byline.is_alike or (not published and self._is_signed()))
        ):
            return Published(self._byline.date, "text")
        return published

    def _first_post(self, record: ThreadRecord, title: str | None) -> Post:
        return Post(
            "topic",
            title,
            record.text,
            author=self._person(record.author),
            published=self._moment(record.date),
            links=self._links_in(record),
            images=self._images(record.span.start, None),
            field_sources=tuple(
                FieldSource(field, "html", "inferred")
                for field, value in (
                    ("text", record.text),
                    ("author", record.author),
                    ("published_at", record.date),
                )
                if value
            ),
        )

    def _person(self, author: Author | None) -> Person | None:
        if author is None:
            return None
        profile = author.href if author.href and PROFILE(author.href) else None
        url = parse_url(self._document.base.resolve(profile) or "") if profile else None
        native = url.path + (f"?{url.query}" if url.query else "") if url else None
        return Person(native, author.name)

    def _moment(self, raw: str) -> Moment | None:
        if EPOCH.fullmatch(raw):
            seconds = int(raw[:_EPOCH_DIGITS])
            return Moment(raw, datetime.fromtimestamp(seconds, UTC), "UTC", "stated", "second")
        return read_date(raw, self._zone, self._document.capture.captured_at, self._order)

    def _moved(self, topics: Topics) -> Iterator[tuple[str, datetime]]:
        """Until when something may have happened to each topic, by the last date of its row."""
        order = day_order((raw for _, dates in topics.dates for raw in dates), self._language)
        for url, dates in topics.dates:
            moments = (read_date(raw, self._zone, self._document.capture.captured_at, order) for raw in dates)
            ends = [end for moment in moments if moment and (end := end_of(moment))]
            if ends:
                yield url, max(ends)

    def _links(self, element: int, body: Body | None) -> tuple[str, ...]:
        return self._addresses(element, body, "a", lambda node: node.attributes.get("href") or "")

    def _links_in(self, record: ThreadRecord) -> tuple[str, ...]:
        """The links among the words of a record, without those of its author, its date and its buttons."""
        page, base, text = self._page, self._document.base, record.text or ""
        urls = (
            base.resolve(page.attributes[each].get("href") or "")
            for each in range(record.span.start, record.span.end)
            if page.tags[each] == "a" and (words := page.text_of(each)) and words in text
        )
        return tuple(dict.fromkeys(url for url in urls if url))

    def _images(self, element: int, body: Body | None) -> tuple[str, ...]:
        return self._addresses(element, body, "img", picture_address)

    def _addresses(
        self, element: int, body: Body | None, tag: str, address: Callable[[LexborNode], str]
    ) -> tuple[str, ...]:
        page, base = self._page, self._document.base
        urls = (
            base.resolve(reference)
            for each in range(element, page.ends[element])
            if page.tags[each] == tag
            and not (body and body.is_left_out(each))
            and (reference := address(page.nodes[each]))
            and reference[0] != "#"
        )
        return tuple(dict.fromkeys(url for url in urls if url))
