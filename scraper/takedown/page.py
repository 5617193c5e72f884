"""Which stretches of one reading of a page go: whose words they are is told by what stands around them."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import Final

from scraper.takedown.traces import EXCERPT, PIECE, RUN, STRIDE, Statement, Traces, is_mark, stretches
from scraper.takedown.view import Fold, Span, View, fold

_SHORT: Final = 12
_NEAR: Final = 200
# An ellipsis ends an excerpt as markup does.
_BOUNDS: Final = frozenset("\"'<>{}[]|\\\n\r\t…")
_QUOTES: Final = re.compile(
    r"<(?P<tag>blockquote|q)\b.*?</(?P=tag)>|<aside[^>]*\bquote\b.*?</aside>|\[quote\b.*?\[/quote\]",
    re.DOTALL | re.IGNORECASE,
)
_WORD: Final = re.compile(r"\w")


class FoldedView:
    """One view with its fold, and where on it the texts of others stand."""

    def __init__(
        self,
        view: View,
        folded: Fold,
        statements: Sequence[Statement],
        stays: frozenset[str],
        traces: Traces,
    ) -> None:
        """``stays`` are the folds of what others said on the page."""
        self._view = view
        self._folded = folded
        self._traces = traces
        self._statements = statements
        self._stays = stays
        self._passages = list(self._runs())

    @cached_property
    def _quotes(self) -> list[Span]:
        return [match.span() for match in _QUOTES.finditer(self._view.text)]

    @cached_property
    def _statements_of_others(self) -> set[Span]:
        """Where on the fold stands what others said on the page."""
        text = self._folded.text
        return {(at, at + len(other)) for other in self._stays if other for at in _occurrences(text, other)}

    @cached_property
    def _longer_others(self) -> set[Span]:
        """Where on the fold the texts of others stand that are long enough to be told by a piece of them."""
        text = self._folded.text
        return {
            (at - offset, at - offset + len(other))
            for at in range(0, len(text), STRIDE)
            for offset, other in self._traces.others_by_piece.get(text[at : at + PIECE], ())
            if offset <= at and text.startswith(other, at - offset)
        }

    def _others_around(self, start: int, end: int) -> set[Span]:
        """Where on the fold the texts of others stand that a stretch is within."""
        text, shorter = self._folded.text, self._traces.shorter_others
        others = chain(self._longer_others, self._statements_of_others)
        around = {(first, last) for first, last in others if first <= start and end <= last}
        if shorter and end - start < RUN:
            around |= {
                (first, last)
                for first in range(max(0, end - RUN), start + 1)
                for last in range(end, min(len(text), first + RUN) + 1)
                if text[first:last] in shorter
            }
        return around

    def hits(self) -> Iterator[Span]:
        """Stretches of the view that go."""
        for start, end in (*self._passages, *self._short_texts(), *self._excerpts(), *self._names()):
            yield self._widened(start, end)
        yield from self._signs()

    def addresses(self) -> Iterator[re.Match[str]]:
        """Where addresses of what goes stand in the view."""
        return self._traces.addresses_in(self._view.text, self._folded.text)

    def _runs(self) -> Iterator[Span]:
        """Stretches of the longer texts."""
        for start, end in self._traces.passages_in(self._folded.text):
            yield from self._rightly_taken(start, end)

    def _short_texts(self) -> Iterator[Span]:
        """Short texts that stand by themselves."""
        for text in self._traces.folds:
            for start in _occurrences(self._folded.text, text):
                end = start + len(text)
                is_alone = self._is_bounded(self._folded.start(start), self._folded.start(end - 1) + 1)
                if is_alone and (len(text) >= _SHORT or self._statements or self._is_near(start)):
                    yield from self._rightly_taken(start, end)

    def _excerpts(self) -> Iterator[Span]:
        """Parts of a text that stand by themselves near what says whose they are, as lists and feeds show them."""
        windows = {max(0, at - _NEAR) for at in self._anchors(0, len(self._folded.text))}
        for first in windows:
            near = self._folded.text[first : first + 2 * _NEAR]
            for start, end in stretches(near, self._traces.grams, EXCERPT):
                place = self._folded.start(first + start), self._folded.start(first + end - 1) + 1
                if end - start < RUN and self._is_bounded(*place):
                    yield from self._rightly_taken(first + start, first + end)

    def _signs(self) -> Iterator[Span]:
        """Texts without a letter or a digit that stand by themselves; of several people's, by their order on the page."""
        for sign in self._traces.signs:
            whose = [item.is_taken for item in self._statements if item.text.strip() == sign]
            places = [
                (start, start + len(sign))
                for start in _occurrences(self._view.text, sign)
                if self._is_bounded(start, start + len(sign))
            ]
            in_order = bool(whose) and not len(places) % len(whose)
            for number, (start, end) in enumerate(places):
                near = self._folded.at(start)
                if whose[number % len(whose)] if in_order else bool(whose) or self._is_near(near):
                    yield start, end

    def _names(self) -> Iterator[Span]:
        """What the person is called, outside what others wrote; of two people of one name, by the text that follows."""
        shared = {fold(item.name) for item in self._statements if item.name and not item.is_taken}
        for name in filter(None, map(fold, self._traces.names)):
            for start in _occurrences(self._folded.text, name):
                end = start + len(name)
                if self._others_around(start, end) and not self._is_mention(start):
                    continue
                if self._is_name(start, end) and not (name in shared and self._is_of_another(start)):
                    yield start, end

    def _is_bounded(self, start: int, end: int) -> bool:
        """Whether frame stands on both sides of a stretch of the view, blanks and marks aside."""
        return self._meets_bound(start - 1, -1) and self._meets_bound(end, 1)

    def _widened(self, start: int, end: int) -> Span:
        """A stretch of the fold as one of the view, with the marks around it that are no frame.

        Beyond markup that the view leaves out, marks are another's, but for those that a text ends with.
        """
        first, last = self._folded.start(start), self._folded.end(end - 1)
        text = self._view.text
        while first and is_mark(text[first - 1]) and self._view.is_joined(first):
            first -= 1
        ends = [last, *(at for tail in self._traces.tails if (at := self._end_of(tail, last)))]
        while last < len(text) and self._view.is_joined(last):
            if not is_mark(text[last]) and not (text[last].isspace() and self._traces.ends_with_mark):
                break
            last += 1
            ends += [] if text[last - 1].isspace() else [last]
        return first, max(ends)

    def _end_of(self, tail: str, at: int) -> int | None:
        """Where a tail that begins here ends, blanks aside; None where another one begins."""
        text = self._view.text
        for mark in tail:
            while at < len(text) and text[at].isspace():
                at += 1
            if text[at : at + 1] != mark:
                return None
            at += 1
        return at

    def _meets_bound(self, at: int, step: int) -> bool:
        text = self._view.text
        while 0 <= at < len(text):
            if text[at] in _BOUNDS:
                return True
            if _WORD.match(text[at]):
                # Markup that a view leaves out is frame too.
                return not self._view.is_joined(at + 1 if step < 0 else at)
            if 0 <= at - step < len(text) and not self._view.is_joined(max(at, at - step)):
                return True
            at += step
        return True

    def _rightly_taken(self, start: int, end: int) -> Iterator[Span]:
        """The parts of a hit that are not within what another wrote; a marked quote in that is taken all the same."""
        equal = self._others_around(start, end)
        if not equal:
            yield start, end
        elif (start, end) in equal and len(equal) == 1:
            if self._is_taken_by_order(start, end):
                yield start, end
        elif self._quotes:
            at, last_at = self._folded.start(start), self._folded.start(end - 1)
            if any(first <= at and last_at < last for first, last in self._quotes):
                yield start, end

    def _is_taken_by_order(self, start: int, end: int) -> bool:
        """Of equal texts by several people: whose this one is, by the order on the page; where that is unclear, it goes."""
        text = self._folded.text[start:end]
        whose = [item.is_taken for item in self._statements if fold(item.text) == text]
        if not any(whose):
            return False
        size = end - start
        places = [
            at
            for at in _occurrences(self._folded.text, text)
            if self._is_bounded(self._folded.start(at), self._folded.start(at + size - 1) + 1)
        ]
        if start not in places or len(places) % len(whose):
            return True
        return whose[places.index(start) % len(whose)]

    def _is_name(self, start: int, end: int) -> bool:
        """Whether a word begins and, where it is written in letters with cases, ends with the name."""
        first, last = self._folded.start(start), self._folded.start(end - 1)
        text = self._view.text
        if first and _WORD.match(text[first - 1]) and self._view.start(first) == self._view.end(first - 1):
            return False
        if last + 1 >= len(text) or not _WORD.match(text[last + 1]):
            return True
        if not self._view.is_joined(last + 1):
            return True
        return end - start >= 2 and not text[last].isascii()

    def _is_mention(self, start: int) -> bool:
        first = self._folded.start(start)
        return first > 0 and self._view.text[first - 1] == "@"

    def _is_of_another(self, start: int) -> bool:
        """Whether the text that follows a name is one that stays."""
        following: list[tuple[int, bool]] = []
        for item in self._statements:
            text = fold(item.text)
            position = self._folded.text.find(text, start) if text else -1
            if position >= 0:
                following.append((position, item.is_taken))
        return bool(following) and not min(following)[1]

    def _is_near(self, start: int) -> bool:
        """Whether a name, an address or a longer passage of what goes stands near a place of the fold."""
        if any(first - _NEAR <= start <= last + _NEAR for first, last in self._passages):
            return True
        return any(True for _ in self._anchors(start - _NEAR, start + _NEAR))

    def _anchors(self, first: int, last: int) -> Iterator[int]:
        """Where names and addresses of what goes stand in a part of the fold; a longer number is another's."""
        text = self._folded.text
        for anchor in self._traces.anchors:
            for at in _occurrences(text, anchor, max(0, first), last):
                follows = text[at + len(anchor) : at + len(anchor) + 1]
                if not (anchor[-1].isdigit() and follows.isdigit()):
                    yield at


def _occurrences(text: str, part: str, first: int = 0, last: int | None = None) -> Iterator[int]:
    at = text.find(part, first, last)
    while at >= 0:
        yield at
        at = text.find(part, at + max(1, len(part)), last)
