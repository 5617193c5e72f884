"""The head of a post that stands apart from what answers it: who wrote it, and when, as it is said beside the post.

Software signs a post much as it signs the answers: what marks their authors and dates marks the post's too, where it stands
between the heading and the first answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from scraper.discussion.body.authors import names_in
from scraper.discussion.body.find import Body
from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.marks import Mark, find_authors
from scraper.discussion.thread.names import BESIDE_AUTHOR, PROFILE
from scraper.discussion.thread.people import Author, author_beside, href_of
from scraper.discussion.thread.record import Thread, ThreadRecord
from scraper.discussion.thread.spans import Span
from scraper.discussion.words import AUTHOR_FIELD, AUTHOR_LABEL

# So many texts a heading and a byline may lie apart from the text.
_NEAR: Final = 40
# A name and a date with no more texts between them are one byline.
_BESIDE: Final = 3
_LONGEST_LABEL: Final = 30
_MOST_WORDS: Final = 6


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote the post, and its date as it stands there; each None where nothing beside the post says it.

    ``is_whole``: both stand side by side, under the heading. ``is_alike``: the name is marked as those of the records are.
    ``is_stated``: a label, an address of mail or a link to a person says that the name is one.
    """

    author: Author | None = None
    date: str | None = None
    is_whole: bool = False
    is_alike: bool = False
    is_stated: bool = False

    def is_beside(self, *, has_answers: bool) -> bool:
        """Whether a name and a date stand beside the post, as they do beside what answers it or as a byline."""
        return self.is_whole or bool((self.is_stated or has_answers) and self.author and self.date)


def find_byline(page: Elements, body: Body, title: int, thread: Thread) -> Byline:
    """What is said beside the post whose heading is the element ``title`` (-1: none) and which a thread answers."""
    records = thread.records
    author: Author | None = None
    date: Mark | None = None
    for number, part in enumerate(_parts(page, body, title, records)):
        own = [
            mark
            for mark in thread.marks
            if mark.kind == "date" and not mark.is_other and _stands_in(page, mark, part)
        ]
        date = date or next(iter(own), None)
        author = (
            author
            or _signed(page, part, records)
            or next(_labelled(page, part), None)
            or _mailed(page, part)
            or next((beside for mark in own if (beside := author_beside(page, mark))), None)
        )
        if author and date:
            is_beside = number == 0 and title >= 0 and _are_beside(page, author, date)
            is_alike = _is_alike(page, author, records)
            return Byline(author, date.raw, is_beside, is_alike, _is_stated(page, author))
    return Byline(author, date.raw if date else None)


def _is_alike(page: Elements, author: Author, records: Sequence[ThreadRecord]) -> bool:
    label = page.labels[author.element]
    return any(record.author and page.labels[record.author.element] == label for record in records)


def _is_stated(page: Elements, author: Author) -> bool:
    if PROFILE(author.href or ""):
        return True
    first = page.first_text[author.element]
    before, own = page.texts[first - 1] if first else "", page.texts[first]
    return bool(AUTHOR_LABEL.fullmatch(before) or AUTHOR_FIELD.match(own)) or _is_mailed(page, first)


def _is_mailed(page: Elements, text: int) -> bool:
    """Whether an address of mail stands behind a text."""
    link = page.links[page.text_parent[text + 1]] if text + 1 < len(page.texts) else -1
    return link >= 0 and (page.attributes[link].get("href") or "").startswith("mailto:")


def _stands_in(page: Elements, mark: Mark, part: Span) -> bool:
    texts = mark.texts(page)
    return part.first <= texts.start and texts.stop <= part.last


def _are_beside(page: Elements, author: Author, date: Mark) -> bool:
    first = page.first_text[author.element]
    return any(abs(text - first) <= _BESIDE for text in date.texts(page))


def _parts(page: Elements, body: Body, title: int, records: Sequence[ThreadRecord]) -> Iterator[Span]:
    """Where a byline may stand: between heading and text, behind the text, right before the heading."""
    first, last = body.texts
    end = min((record.span.first for record in records if record.span.first >= last), default=len(page.texts))
    above = page.last_text[title] if title >= 0 and page.last_text[title] <= first else max(0, first - _NEAR)
    yield _span(page, max(above, first - _NEAR), first)
    yield _span(page, last, min(end, last + _NEAR))
    if title >= 0:
        yield _span(page, max(0, page.first_text[title] - _NEAR // 2), page.first_text[title])


def _span(page: Elements, first: int, last: int) -> Span:
    """The elements that hold nothing but texts from ``first`` to ``last`` (exclusive)."""
    if first >= last:
        return Span(0, 0, first, first)
    start = end = page.text_parent[first]
    while page.parents[start] >= 0 and page.first_text[page.parents[start]] >= first:
        start = page.parents[start]
    end = max(page.text_parent[text] for text in range(first, last)) + 1
    return Span(start, end, first, last)


def _signed(page: Elements, part: Span, records: Sequence[ThreadRecord]) -> Author | None:
    """The name that is marked as those of the records are, else as names of authors are."""
    labels = {page.labels[record.author.element] for record in records if record.author}
    marked = [
        mark
        for mark in find_authors(page, part)
        if page.first_text[mark.element] >= part.first and page.last_text[mark.element] <= part.last
        if not BESIDE_AUTHOR(page.labels[mark.element]) and _is_name(mark.raw)
    ]
    marked.sort(
        key=lambda mark: (page.labels[mark.element] not in labels, not _is_profile(page, mark.element))
    )
    return next(
        (Author(next(names_in(mark.raw)), mark.element, href_of(page, mark.element)) for mark in marked), None
    )


def _is_profile(page: Elements, element: int) -> bool:
    return PROFILE(href_of(page, element) or "")


def _labelled(page: Elements, part: Span) -> Iterator[Author]:
    """The names behind words that lead in to a name."""
    for text in range(part.first, part.last - 1):
        words = page.texts[text]
        if len(words) <= _LONGEST_LABEL and AUTHOR_LABEL.fullmatch(words) and _is_name(page.texts[text + 1]):
            element = page.text_parent[text + 1]
            yield Author(page.texts[text + 1], element, href_of(page, element))


def _mailed(page: Elements, part: Span) -> Author | None:
    """The name before an address of mail."""
    for text in range(part.first, part.last - 1):
        if _is_name(page.texts[text]) and _is_mailed(page, text):
            return Author(page.texts[text], page.text_parent[text])
    return None


def _is_name(words: str) -> bool:
    return len(words.split()) <= _MOST_WORDS and any(names_in(words))
