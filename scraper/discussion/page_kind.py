"""What a page is, thread and list weighed against each other, and what it lists."""

from dataclasses import dataclass
from typing import Final

from scraper.discussion.body.blocks import letters
from scraper.discussion.body.find import Body
from scraper.discussion.body.head import Head
from scraper.discussion.kind import PageKind, Seen, kind_of
from scraper.discussion.opening import Opening
from scraper.discussion.post import OWN_TEXT
from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.names import PROFILE
from scraper.discussion.thread.record import Thread
from scraper.discussion.thread.spans import Holders, span_of
from scraper.discussion.thread.talk import is_conversation
from scraper.discussion.topics import Topics, find_topics, may_list
from scraper.page.document import Document
from scraper.page.instead import SIGN_IN

# What a page is all the same where people speak on it, of a product say.
_NO_TALK: Final = frozenset(("error", "login", "product", "front page"))
# Of a list so much stands in its rows; and of a page that is nothing else so much is links.
_LISTED: Final = 0.6
_MUCH_LINKED: Final = 0.4
# Records of a thread say more than this, letter by letter; the rows of a list name things.
_SAYING: Final = 50


@dataclass(frozen=True, slots=True)
class Software:
    """What a page's software says of it: that it is a topic, that it is a post that stands apart, which elements are posts."""

    is_topic: bool = False
    is_post: bool = False
    is_marked: bool = False


class Kinds:
    """Tells what a page is. ``is_signed``: a name and a date stand beside its post."""

    def __init__(
        self,
        document: Document,
        page: Elements,
        head: Head,
        thread: Thread,
        software: Software,
        *,
        is_signed: bool,
    ) -> None:
        self._document = document
        self._page = page
        self._head = head
        self._thread = thread
        self._software = software
        self._is_signed = is_signed

    def read(self, body: Body | None, opening: Opening) -> tuple[PageKind, Topics]:
        """What the page is, and of one that is no post what it lists."""
        kind = kind_of(self._page, self._head, body, self._seen(opening))
        has_thread = self._software.is_marked or self._thread.records
        if self._software.is_topic and has_thread and kind.kind not in {"error", "login"}:
            return PageKind("thread", ("its software and its address say so",), kind.score), Topics()
        if self._software.is_post and kind.kind != "error":
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
        is_bare = not self._thread.records and (body is None or body.size < OWN_TEXT)
        if not (topics.is_list and is_bare) and not self._is_list(topics, body):
            return kind, topics
        return PageKind("list", (f"its rows lead to {topics.count} other pages",), kind.score), topics

    def _may_be_list(self, body: Body | None) -> bool:
        """Whether it is worth a look what a page lists that looks like a post."""
        records = self._thread.records
        is_bare = not records and (body is None or body.size < OWN_TEXT)
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
        if topics.share < _LISTED or self._head.is_article:
            return False
        page, records = self._page, self._thread.records
        if body is None or any(
            page.contains(body.element, row) or page.contains(row, body.element) for row in topics.rows
        ):
            return True
        rows = Holders([span_of(page, row) for row in topics.rows])
        within = sum(rows.innermost(each.span.start) is not None for each in records)
        return len(records) > 1 and within > 0.5 * len(records)

    def _seen(self, opening: Opening) -> Seen:
        document = self._document
        return Seen(
            document.capture.url,
            document.capture.status or 200,
            document.matches(SIGN_IN),
            len(document.tree.css('input:not([type="hidden"]), select')),
            len(self._thread.records) + opening.is_by_another,
            self._linked(),
            self._is_signed,
        )

    def _linked(self) -> float:
        """How many of the page's letters are links, 0 to 1."""
        page = self._page
        sizes = [len(text) for text in page.texts]
        linked = sum(
            size for size, parent in zip(sizes, page.text_parent, strict=True) if page.links[parent] >= 0
        )
        return linked / max(sum(sizes), 1)
