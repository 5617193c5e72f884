"""Where on a page the parts of a record stand: where the reader read them, else where their words are found."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import accumulate
from typing import Final, Literal

from scraper.discussion.reader import Trace
from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.marks import Mark, find_dates
from scraper.discussion.thread.record import ThreadRecord
from scraper.discussion.thread.spans import own_texts, within
from scraper.model.record import Comment, Moment, Person, Record, Removed
from scraper.model.url import Base
from scraper.page.dates import Zone, read_date

Part = Literal["title", "author", "date", "text", "comment", "prompt", "topic"]

_ZONE: Final = Zone("UTC", "assumed")
_A_DAY: Final = timedelta(days=1)
_NOT_A_LETTER: Final = re.compile(r"[\W_]+")
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# Before a post's text, and behind it, its author and its date are looked for among so many texts.
_BEFORE: Final = 40
_AFTER: Final = 20
# A text in which a name or a date stands with other words.
_LONGEST_LINE: Final = 120
_LONGEST_DATE: Final = 60
# An element is where words stand if they are so much of all that it says.
_OWN_SHARE: Final = 0.6
# What holds a comment's words, author and date is the comment if it says little more: so many times the words, and so many letters.
_MOST_AROUND: Final = 2
_ROOM: Final = 120
# Words were found if so many of their letters were.
_FOUND_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ``part`` of the post stands, or of the comment at position ``comment``.

    It is made of ``elements``, the outermost ones in page order, or of single ``texts`` where those share their element with
    words of something else. ``is_read``: the reader read it there; else its words were looked for. ``removed`` is the prompt
    that stands there.
    """

    part: Part
    comment: int | None = None
    elements: tuple[int, ...] = ()
    texts: tuple[int, ...] = ()
    is_read: bool = False
    removed: Removed | None = None


def find_places(trace: Trace, record: Record) -> tuple[Place, ...]:
    """The places of a record's parts on its page, in no order; parts that do not show on it have none."""
    return tuple(_Finder(trace, record).places())


def find_links(page: Elements, base: Base, urls: Iterable[str]) -> tuple[Place, ...]:
    """The links that lead to ``urls``, as places of topics; each URL once."""
    left = set(urls)
    places = []
    for element, tag in enumerate(page.tags):
        url = base.resolve(page.attributes[element].get("href") or "") if tag == "a" and left else None
        if url in left:
            left.discard(url)
            places.append(Place("topic", elements=(element,), is_read=True))
    return tuple(places)


class _Words:
    """The letters of a page's texts as one string, in which words are found whatever markup divides them."""

    def __init__(self, page: Elements) -> None:
        self._texts = [_letters(text) for text in page.texts]
        self._starts = [0, *accumulate(map(len, self._texts))]
        self._all = "".join(self._texts)

    def size(self, first: int, last: int) -> int:
        """How many letters the texts ``first`` to ``last`` (exclusive) have."""
        return self._starts[last] - self._starts[first]

    def whole(self, words: str, texts: Iterable[int]) -> int | None:
        """The first of ``texts`` that says these words and nothing else."""
        wanted = _letters(words)
        return next((text for text in texts if wanted and self._texts[text] == wanted), None)

    def of(self, words: str, first: int, last: int) -> list[int]:
        """The texts from ``first`` to ``last`` that say these words, line by line in order; none where most are not there."""
        lines = [letters for line in words.split("\n") if (letters := _letters(line))]
        found: set[int] = set()
        size, at, end = 0, self._starts[first], self._starts[last]
        for line in lines:
            start = self._all.find(line, at, end)
            if start < 0:
                start = self._all.find(line, self._starts[first], end)
            if start < 0:
                continue
            at = start + len(line)
            size += len(line)
            found.update(range(bisect_right(self._starts, start) - 1, bisect_right(self._starts, at - 1)))
        is_found = size > _FOUND_SHARE * sum(map(len, lines))
        return sorted(text for text in found if self._texts[text]) if is_found else []


class _Finder:
    def __init__(self, trace: Trace, record: Record) -> None:
        self._page = trace.elements
        self._body = trace.body
        self._record = record
        self._words = _Words(trace.elements)
        self._thread = trace.thread
        self._own = within([each.span for each in trace.thread.records])
        self._dates: Mapping[int, int] = {
            span.start: marks[0].element
            for group in trace.thread.groups
            for span, marks in zip(group.spans, group.marks, strict=True)
            if marks and marks[0].kind == "date"
        }
        self._lead, self._of_comment = self._matched(trace.thread.records)

    def places(self) -> Iterator[Place]:
        """All of them."""
        post = self._record.post
        yield from self._title(post.title)
        if self._lead is None:
            yield from self._own_post()
        else:
            yield from self._of_record(self._lead, post.author, post.text, None)
        for removed in post.removed:
            yield from self._words_at("prompt", None, removed.text, removed)
        after = 0
        for at, comment in enumerate(self._record.comments):
            record = self._of_comment.get(at)
            if record is not None:
                yield Place("comment", at, self._elements(record.span.start, record.span.end), is_read=True)
                yield from self._of_record(record, comment.author, comment.text, at)
                after = record.span.first
            else:
                for place in self._searched(at, comment, after):
                    after = max(after, self._last_text(place))
                    yield place
            for removed in comment.removed:
                yield from self._words_at("prompt", at, removed.text, removed)

    def _matched(
        self, records: Sequence[ThreadRecord]
    ) -> tuple[ThreadRecord | None, dict[int, ThreadRecord]]:
        """The record of the thread that is the post, if one is, and those of comments, by their positions."""
        by_id: defaultdict[str, list[ThreadRecord]] = defaultdict(list)
        by_text: defaultdict[str, list[ThreadRecord]] = defaultdict(list)
        for each in records:
            by_text[_letters(each.text or "")].append(each)
            if each.native_id:
                by_id[each.native_id].append(each)
        text = _letters(self._record.post.text or "")
        lead = records[0] if records and text and _letters(records[0].text or "") == text else None
        if lead is not None:
            by_text[text].remove(lead)
        matched: dict[int, ThreadRecord] = {}
        for at, comment in enumerate(self._record.comments):
            alike = by_text[_letters(comment.text or "")]
            of_id = by_id.get(comment.native_id or "", ())
            record = next((each for each in alike if each in of_id), alike[0] if alike else None)
            if record is not None:
                alike.remove(record)
                matched[at] = record
        placed = {each.span.start for each in (*matched.values(), *((lead,) if lead else ()))}
        left = [each for each in records if each.span.start not in placed]
        for at, comment in enumerate(self._record.comments):
            if at not in matched and (record := self._otherwise(comment, left)) is not None:
                left.remove(record)
                matched[at] = record
        return lead, matched

    def _otherwise(self, comment: Comment, records: Sequence[ThreadRecord]) -> ThreadRecord | None:
        """Of these records the one of a comment whose text is told otherwise than shown: by its id, or by where its words stand."""
        of_id = [each for each in records if comment.native_id and each.native_id == comment.native_id]
        if len(of_id) == 1:
            return of_id[0]
        texts = self._words.of(comment.text, 0, len(self._page.texts)) if comment.text and records else []
        around = [each for each in records if texts and each.span.first <= texts[0] < each.span.last]
        return around[-1] if around else None

    def _title(self, title: str | None) -> Iterator[Place]:
        wanted, page = _letters(title or ""), self._page
        headings = [element for element, tag in enumerate(page.tags) if tag in _HEADINGS]
        for is_said in (str.__eq__, str.__contains__):
            for element in headings:
                if wanted and is_said(_letters(page.text_of(element)), wanted):
                    yield Place("title", elements=(element,), is_read=True)
                    return
        if title:
            yield from self._words_at("title", None, title)

    def _own_post(self) -> Iterator[Place]:
        """Of a post that stands apart from the thread."""
        post, page, body = self._record.post, self._page, self._body
        first, last = (page.first_text[body.element], page.last_text[body.element]) if body else (0, 0)
        texts = self._words.of(post.text, first, last) if post.text else []
        is_read = bool(texts)
        texts = texts or (self._words.of(post.text, 0, len(page.texts)) if post.text else [])
        if texts:
            yield self._place("text", None, texts, is_read=is_read)
            first, last = texts[0], texts[-1] + 1
        if body and body.title >= 0:
            first = min(first, page.first_text[body.title])
        around = (
            (max(0, first - _BEFORE), min(len(page.texts), last + _AFTER)) if last else (0, len(page.texts))
        )
        near = _nearest(*around, first)
        yield from self._author(post.author, None, near)
        yield from self._date(post.published, None, near)

    def _of_record(
        self, record: ThreadRecord, author: Person | None, text: str | None, comment: int | None
    ) -> Iterator[Place]:
        """Of a record of the thread: where it was read, or where what is told otherwise stands in it."""
        span = record.span
        if author and record.author and record.author.name == author.name:
            yield Place("author", comment, (record.author.element,), is_read=True)
        else:
            yield from self._author(author, comment, range(span.first, span.last))
        if record.date and span.start in self._dates:
            yield Place("date", comment, (self._dates[span.start],), is_read=True)
        own = set(own_texts(span, self._own))
        texts = self._words.of(text, span.first, span.last) if text else []
        if said := [each for each in texts if each in own] or texts:
            yield self._place("text", comment, said, is_read=True)

    def _searched(self, at: int, comment: Comment, after: int) -> Iterator[Place]:
        """Of a comment that another reader read: its words behind those of the one before, its author and date around."""
        page, text = self._page, comment.text
        texts = self._words.of(text, after, len(page.texts)) if text else []
        if not texts:
            return
        near = _nearest(max(after, texts[0] - _AFTER), min(len(page.texts), texts[-1] + _AFTER), texts[0])
        parts = [
            self._place("text", at, texts, is_read=False),
            *self._author(comment.author, at, near),
            *self._date(comment.published, at, near),
        ]
        elements = [element for part in parts for element in part.elements]
        around = self._around(min(elements), max(elements)) if len(elements) == len(parts) > 1 else 0
        size = self._words.size(page.first_text[around], page.last_text[around])
        if around and size <= _MOST_AROUND * self._words.size(texts[0], texts[-1] + 1) + _ROOM:
            yield Place("comment", at, (around,))
        yield from parts

    def _around(self, first: int, last: int) -> int:
        """The innermost element that holds both of these."""
        while self._page.ends[first] <= last:
            first = self._page.parents[first]
        return first

    def _author(self, author: Person | None, comment: int | None, near: Sequence[int]) -> Iterator[Place]:
        """Where a name stands in the first of these texts that says it: alone, else in a line."""
        name = author.name if author else None
        if not name:
            return
        text = self._words.whole(name, near)
        if text is None:
            lines = (each for each in near if len(self._page.texts[each]) <= _LONGEST_LINE)
            text = next((each for each in lines if name in self._page.texts[each]), None)
        if text is not None:
            yield self._place("author", comment, [text], is_read=False)

    def _date(self, published: Moment | None, comment: int | None, near: Sequence[int]) -> Iterator[Place]:
        """Where a date stands at the first of these texts that has it: stated by markup, as it was read, or shown otherwise."""
        if published is None or not published.raw:
            return
        page, raw = self._page, published.raw
        rank = {text: at for at, text in enumerate(near)}
        stated = [each for each in self._stated.get(raw, ()) if page.first_text[each] in rank]
        text = next((each for each in near if raw in page.texts[each]), None)
        if stated:
            yield Place("date", comment, (min(stated, key=lambda each: rank[page.first_text[each]]),))
        elif text is not None:
            yield self._place("date", comment, [text], is_read=False)
        elif published.at:
            shown = [
                (abs(at - published.at), rank[page.first_text[mark.element]], mark.element)
                for mark, at in self._marks
                if page.first_text[mark.element] in rank and abs(at - published.at) <= _A_DAY
            ]
            if shown:
                yield Place("date", comment, (min(shown)[2],))

    @cached_property
    def _stated(self) -> Mapping[str, list[int]]:
        """The elements that have a value among their attributes, by the value."""
        stated: defaultdict[str, list[int]] = defaultdict(list)
        for element, attributes in enumerate(self._page.attributes):
            for value in attributes.values():
                if value and len(value) <= _LONGEST_DATE:
                    stated[value].append(element)
        return stated

    @cached_property
    def _marks(self) -> tuple[tuple[Mark, datetime], ...]:
        """The dates that the page shows, in whatever zone: as if in UTC."""
        moments = ((mark, read_date(mark.raw, _ZONE, None)) for mark in find_dates(self._page))
        return tuple((mark, moment.at) for mark, moment in moments if moment and moment.at)

    def _words_at(
        self, part: Part, comment: int | None, words: str, removed: Removed | None = None
    ) -> Iterator[Place]:
        every = range(len(self._page.texts))
        text = self._words.whole(words, every)
        texts = self._words.of(words, 0, len(self._page.texts)) if text is None else [text]
        if texts:
            yield self._place(part, comment, texts, is_read=False, removed=removed)

    def _place(
        self,
        part: Part,
        comment: int | None,
        texts: Sequence[int],
        *,
        is_read: bool,
        removed: Removed | None = None,
    ) -> Place:
        """The innermost element around these texts, where they are most of what it says; else the texts."""
        page = self._page
        element = page.text_parent[texts[0]]
        while page.last_text[element] <= texts[-1]:
            element = page.parents[element]
        said = sum(self._words.size(text, text + 1) for text in texts)
        is_own = said >= _OWN_SHARE * self._words.size(page.first_text[element], page.last_text[element])
        if is_own and element > 0:
            return Place(part, comment, (element,), is_read=is_read, removed=removed)
        return Place(part, comment, texts=tuple(texts), is_read=is_read, removed=removed)

    def _elements(self, start: int, end: int) -> tuple[int, ...]:
        """The outermost of the elements ``start`` to ``end``."""
        outermost = []
        while start < end:
            outermost.append(start)
            start = self._page.ends[start]
        return tuple(outermost)

    def _last_text(self, place: Place) -> int:
        return max([self._page.last_text[each] for each in place.elements] + [*place.texts], default=0)


def _nearest(first: int, last: int, at: int) -> list[int]:
    """The texts ``first`` to ``last`` (exclusive), those nearest to ``at`` first."""
    return sorted(range(first, last), key=lambda text: abs(text - at))


def _letters(words: str) -> str:
    return _NOT_A_LETTER.sub("", words.casefold())
