"""One page of any discussion: the post, what answers it, and where the thread goes on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from scraper.discussion.body.blocks import HEADINGS, letters
from scraper.discussion.body.find import Bodies, Body
from scraper.discussion.body.head import Head, read_head
from scraper.discussion.body.title import Title, find_title, repeats
from scraper.discussion.byline import Byline, find_byline
from scraper.discussion.comments import comments_of
from scraper.discussion.counts import shown_counts
from scraper.discussion.discussion_page import DiscussionPage
from scraper.discussion.elsewhere import comments_elsewhere
from scraper.discussion.marked import MarkedPost, Reading, with_marked
from scraper.discussion.opening import Opening, bylines
from scraper.discussion.page_kind import Kinds, Software
from scraper.discussion.pages import Pages, is_one_post, read_pages, titled_link, without_page
from scraper.discussion.post import OWN_TEXT, PostOfPage
from scraper.discussion.reconcile import shares_none, tells_post
from scraper.discussion.section import find_section
from scraper.discussion.thread.elements import Elements, read_elements
from scraper.discussion.thread.names import BOARD_POST, COMMENT
from scraper.discussion.thread.read import read_thread
from scraper.discussion.thread.record import Thread, ThreadRecord
from scraper.discussion.told.by_shape import ShownPage
from scraper.discussion.told.read import read_told
from scraper.discussion.told.telling import Frame, Telling
from scraper.discussion.told_page import page_of_data, with_told
from scraper.discussion.topics import may_list
from scraper.discussion.values import Values
from scraper.discussion.words import CLOCK
from scraper.model.record import Comment, FieldSource, Post
from scraper.model.url import host_of
from scraper.page.document import Document
from scraper.page.instead import SIGN_IN

# A text so many times longer than the whole thread is the post of it.
_OUTWEIGHS: Final = 3
# Of an article so much may stand in what looks like records, before it is a thread after all.
_MOST_INSIDE: Final = 0.3
# A link or a heading that says so much is the title of something.
_TITLE: Final = 16
# A page with fewer characters shows nothing but what stands there until its scripts have run.
_BARE: Final = 300


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
        self._thread = thread
        self._bodies = Bodies(page)
        self._body: Body | None = None
        self._values = Values(document, page, thread, self._head.language)

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
        is_asked = (body is not None and bool(body.removed)) or document.matches(SIGN_IN)
        if (
            telling
            and self._is_bare()
            and not is_asked
            and (page := page_of_data(document, telling, pages, title))
        ):
            return page
        opening = Opening(self._page, self._thread, self._head.title, self._values.moment)
        leads = self._leads(body, opening, telling)
        byline = self._find_byline(body, heading)
        is_signed = byline.is_beside(has_answers=bool(records))
        software = Software(self._is_topic, self._is_post, bool(self._marked))
        kinds = Kinds(document, self._page, self._head, self._thread, software, is_signed=is_signed)
        kind, topics = kinds.read(body, opening)
        posts = PostOfPage(
            self._page, self._head, self._values, document.capture.url, byline, is_signed=is_signed
        )
        post: Post | None = None
        comments: tuple[Comment, ...] = ()
        at = int(leads and not pages.number)
        if kind.is_post:
            comments = comments_of(
                self._thread,
                at,
                document.base,
                lambda record: self._values.person(record.author),
                self._values.moment,
            )
            post = posts.first_post(records[0], title) if at else None
            post = post if leads else posts.own_post(body, heading)
            post = self._with_facts(post, body, title) if post else None
            if post and any(comment.kind == "answer" for comment in comments):
                post = replace(post, kind="question")
        page = DiscussionPage(kind, pages, post, comments, title, document.is_closed, topics, leads)
        if topics.dates:
            page = replace(page, moved=tuple(self._values.moved(topics)))
        if not kind.is_post:
            return page
        spans = [record.span for record in records]
        if self._marked:
            own = spans[len(spans) - len(comments) :]
            reading = Reading(self._page, own, self._values.moment, (self._values.links, self._values.images))
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
            (pages.url, document.capture.url), document.base, self._values.zone, document.capture.captured_at
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
        return body is not None and body.size >= max(OWN_TEXT, _OUTWEIGHS * said)

    def _drop_teasers(self) -> None:
        """Leave out records that are no thread: beside an article only what is called comments answers it."""
        records = self._thread.records
        if not records or self._thread.is_marked or any(COMMENT(group.key) for group in self._thread.groups):
            return
        whole = self._bodies.body()
        if whole is None or whole.size < OWN_TEXT:
            return
        is_board = any(BOARD_POST(group.key) for group in self._thread.groups)
        inside = sum(
            letters(record.text or "")
            for record in records
            if self._page.contains(whole.element, record.span.start)
        )
        is_inside = inside >= _MOST_INSIDE * whole.size
        is_beside = (self._head.is_article and not (is_board and is_inside)) or not (is_board or is_inside)
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

    def _pages(self, title: str | None) -> Pages:
        document = self._document
        node = document.head.css_first('link[rel~="canonical"][href]')
        stated = document.base.resolve(node.attributes.get("href") or "") if node is not None else None
        if stated is None and is_one_post(document.capture.url):
            stated = titled_link(self._page, document.base, title)
        return read_pages(self._page, document.capture.url, document.base, stated)

    def _find_byline(self, body: Body | None, heading: Title | None) -> Byline:
        if body is None:
            return Byline()
        if heading:
            body = body.without(repeats(self._page, heading))
        return find_byline(self._page, body, heading.element if heading else -1, self._thread)
