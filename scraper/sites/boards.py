"""Forum and question software of which a row says all: the reading is the generic one."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import ClassVar, Final

from scraper.discussion.marked import with_parents
from scraper.discussion.pages import Pages, without_page
from scraper.model.capture import Visit
from scraper.model.record import Access, Comment, Evidence, Record, Rejection
from scraper.model.site import Claim
from scraper.model.url import identity, parse_url
from scraper.page.document import Document
from scraper.sites.base import Part
from scraper.sites.board_table import BOARDS, Board
from scraper.sites.generic import Generic, GenericPage

_LEAST_SIGNS: Final = 2
# What boards add to any URL: sessions, words to mark, where to jump to.
_ADDED: Final = re.compile(r"(?:sid|s|PHPSESSID|hilite?|highlight|do|comment|viewfull)=", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\D*(\d+)")


@dataclass(frozen=True, slots=True)
class Topic:
    """What a URL says of a topic: the folder of the board (ending in ``/``), its own id, and its canonical URL."""

    root: str
    native_id: str
    url: str


class BoardSite(Generic):
    """The boards of one software."""

    board: ClassVar[Board]

    def __reduce__(self) -> tuple[object, ...]:
        """The row, from which another process makes the adapter: its class is in no module."""
        return site_of, (self.board, type(self).__bases__[0])

    def root(self, document: Document) -> str | None:
        """The folder before the topic that the page is, or the first that it leads to on its own host."""
        if not self._is_own(document):
            return None
        own = parse_url(document.capture.url)
        urls = chain((document.capture.url,), _links_of(document))
        topics = ((parse_url(url), topic_of(self.board, url)) for url in urls)
        return next(
            (
                f"{url.origin}{topic.root}"
                for url, topic in topics
                if own and url and topic and url.host == own.host
            ),
            None,
        )

    def canonical_url(self, url: str) -> str:
        """The topic's own URL; of any other page without a session, and without words to mark."""
        topic = topic_of(self.board, url)
        if topic:
            return topic.url
        base, _, query = url.partition("?")
        kept = [part for part in query.split("&") if part and not _ADDED.match(part)]
        return base + ("?" + "&".join(kept) if kept else "")

    def is_topic(self, document: Document) -> bool:
        """Whether its address is that of a topic."""
        return topic_of(self.board, document.capture.url) is not None

    def read_document(self, document: Document) -> GenericPage | None:
        """What the generic reader reads, with the ids and the pages of the software."""
        content = super().read_document(document) if self._is_own(document) else None
        topic = self.topic(document, content) if content else None
        host = parse_url(topic.url) if topic else None
        if content is None or topic is None or host is None:
            return content
        folder = topic.root.strip("/")
        native = f"{self.board.label}-{topic.native_id}"
        post_id = f"{host.host}:{folder + '/' if folder else ''}{native}"
        former = (content.claim.post_id, *content.claim.former)
        page = content.page
        return replace(
            content,
            claim=Claim(post_id, topic.url, former),
            page=replace(
                page,
                pages=self._pages(document, topic, page.pages),
                post=replace(page.post, kind=self.board.kind) if page.post else None,
                comments=self._comments(page.comments),
            ),
        )

    def links(self, document: Document) -> tuple[str, ...]:
        """The topics that a list shows, by their canonical URLs."""
        return tuple(dict.fromkeys(map(self.canonical_url, super().links(document))))

    def join(self, visit: Visit, parts: Sequence[Part[GenericPage]]) -> Record | Rejection:
        """The record that the generic reader makes, under the software's layout."""
        record = super().join(visit, parts)
        if isinstance(record, Rejection):
            return record
        answers = dict(pair for part in parts for pair in part.content.page.answers)
        comments = with_parents(record.comments, answers) if answers else record.comments
        record = replace(record, layout=f"{self.name}.html/1", comments=comments)
        withheld = sum(part.content.page.withheld for part in parts)
        return _without_all(record, withheld) if withheld else record

    def _is_own(self, document: Document) -> bool:
        """Whether a page shows two signs of the software: one may stand in a page that speaks of it."""
        if not document.is_markup or (document.is_hostile and not self._is_hinted_at(document)):
            return False
        return self._shows_signs(document) and self._is_hinted_at(document)

    def _is_hinted_at(self, document: Document) -> bool:
        return any(map(document.holds, self.board.hints))

    def _shows_signs(self, document: Document) -> bool:
        """Whether enough signs are there: who shows two shows one besides the last, which most pages do not."""
        signs = self.board.signs
        return document.matches(", ".join(signs[:-1])) and sum(map(document.matches, signs)) >= _LEAST_SIGNS

    def topic(self, document: Document, content: GenericPage) -> Topic | None:
        """The topic by what the page calls canonical, else by the URL that it was asked under."""
        topics = (topic_of(self.board, url) for url in (content.page.pages.url, document.capture.url))
        return next((topic for topic in topics if topic), None)

    def _pages(self, document: Document, topic: Topic, pages: Pages) -> Pages:
        """The pages of the topic, under whatever other parameters the links to them have."""
        others = dict(pages.others)
        for url in document.links:
            other = topic_of(self.board, url)
            number = without_page(url)[1] if other and other.native_id == topic.native_id else None
            if number and number != pages.number:
                others.setdefault(number, url)
        if form := self.board.page_form:
            number = without_page(document.capture.url)[1] or pages.number
            return _counted(topic.url, form, number, others)
        first = identity(topic.url)
        return Pages(
            topic.url,
            pages.number,
            tuple(sorted((at, url) for at, url in others.items() if at or identity(url) != first)),
        )

    def _comments(self, comments: Sequence[Comment]) -> tuple[Comment, ...]:
        """The comments of a page; where it calls none an answer, those of question software that answer no other are."""
        has_kinds = any(comment.kind == "answer" for comment in comments) or not self.board.has_answers
        return tuple(
            self._comment(comment, is_answer=not has_kinds and comment.parent is None) for comment in comments
        )

    def _comment(self, comment: Comment, *, is_answer: bool) -> Comment:
        """The comment under its number, where the software counts all of its posts in one row."""
        number = _NUMBER.fullmatch(comment.native_id or "") if self.board.has_one_id_space else None
        return replace(
            comment,
            native_id=number[1] if number else comment.native_id,
            kind="answer" if is_answer else comment.kind,
        )


def _without_all(record: Record, withheld: int) -> Record:
    """The record of a thread of whose comments its pages say that they keep some back."""
    detail = f"The pages keep back comments, for which their scripts ask: {withheld}."
    evidence = (*record.post.access_evidence, Evidence("comments-withheld", detail))
    access: Access = "gated" if record.post.access == "gated" else "partial"
    return replace(record, post=replace(record.post, access=access, access_evidence=evidence))


def _counted(url: str, form: str, number: int, others: Iterable[int]) -> Pages:
    """The pages of a topic that count from 1, where the first needs no number."""
    later = {at for at in others if at > 1} - {number}
    first = ((0, url),) if number > 1 else ()
    return Pages(
        url,
        number if number > 1 else 0,
        (*first, *((at, url + form.format(at)) for at in sorted(later))),
    )


def topic_of(board: Board, url: str) -> Topic | None:
    """The topic that a URL names; None where it names none."""
    parsed = parse_url(url)
    if parsed is None:
        return None
    place = parsed.path + (f"?{parsed.query}" if parsed.query else "")
    for each in board.forms:
        if match := each.form.match(place):
            parts = {name: value or "" for name, value in match.groupdict().items()}
            slug = parts.get("slug", "")
            plain = each.plain.replace("{slug/}", f"{slug}/" if slug else "").format(**parts)
            return Topic(parts["root"], parts["id"], f"{parsed.origin}{parts['root']}{plain}")
    return None


def _links_of(document: Document) -> Iterator[str]:
    yield from document.links


def make_sites() -> tuple[BoardSite, ...]:
    """An adapter of each row."""
    return tuple(map(site_of, BOARDS))


def site_of(row: Board, kind: type[BoardSite] = BoardSite) -> BoardSite:
    """The adapter that a row describes, of a ``kind`` that knows more of its software."""
    traits = {"name": row.name, "platform": row.name, "rank": row.rank, "traps": row.traps, "board": row}
    made: type[BoardSite] = type(kind.__name__, (kind,), traits)
    return made()
