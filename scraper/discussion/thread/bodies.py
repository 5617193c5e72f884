"""What the records of a group say: the words beside author and date that stand at the same place in each."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.names import BODY, CHANGES, SIGNATURE
from scraper.discussion.thread.people import Author
from scraper.discussion.thread.quotes import leads_quote
from scraper.discussion.thread.rating import Group
from scraper.discussion.thread.render import is_prose, render
from scraper.discussion.thread.spans import Span
from scraper.discussion.thread.weights import Weights, count_words
from scraper.discussion.words import AGAIN, BUTTON

_ENOUGH_WORDS: Final = 150
_MOST_FURNITURE_WORDS: Final = 12
_MOST_FURNITURE_TEXTS: Final = 3
# A place where so little is written, beside the one with most, is no other place of bodies.
_LEAST_SHARE: Final = 0.15
_PARTS: Final = frozenset(("p", "ul", "ol", "blockquote", "pre", "table", "br"))
_BARE: Final = "*"
# The line that sets off a signature.
_SIGNED: Final = re.compile(r"_{5,}|—{5,}|-{10,}|--")
# So many words at a place are a body, wherever others have theirs.
_MUCH: Final = 12.0


@dataclass(frozen=True, slots=True)
class Records:
    """A group with what was read of it: the texts of each record that are its own, its author, and the records in it."""

    group: Group
    texts: Sequence[Sequence[int]]
    authors: Mapping[int, Author]
    inner: Mapping[int, Sequence[Span]]


def read_bodies(page: Elements, records: Records, weights: Weights) -> list[str | None]:
    """The words of each record of a group as Markdown; None where it says nothing."""
    return _Bodies(page, records, weights).read()


class _Bodies:
    def __init__(self, page: Elements, records: Records, weights: Weights) -> None:
        self._page = page
        self._records = records
        self._weights = weights
        self._names = frozenset(author.name.lower() for author in records.authors.values())
        self._furniture = self._find_furniture()
        self._barred = [self._bar(at) for at in range(len(records.group.spans))]

    def read(self) -> list[str | None]:
        places = [self._places(at) for at in range(len(self._barred))]
        votes: defaultdict[str, float] = defaultdict(float)
        for of_record in places:
            for (path, _), size in of_record.items():
                votes[path] += min(size, _ENOUGH_WORDS)
        order = sorted(votes, key=lambda path: -votes[path])
        return [self._read(at, of_record, order, votes) for at, of_record in enumerate(places)]

    def _read(
        self, at: int, places: Mapping[tuple[str, int], float], order: list[str], votes: Mapping[str, float]
    ) -> str | None:
        path = self._place(places, order, votes)
        if path is None:
            return None
        elements = [element for of, element in places if of == path]
        body = elements[0]
        is_whole = len(elements) == 1 and is_prose(self._page, body)
        if not is_whole and (len(elements) > 1 or path.endswith(_BARE) or self._page.tags[body] in _PARTS):
            body = body if path.endswith(_BARE) else self._page.parents[body]
        return render(self._page, body, self._left_out(at, body), self._unsigned(at, body))

    def _unsigned(self, at: int, body: int) -> Span:
        """The span of a record up to the rule over its signature."""
        page, span = self._page, self._records.group.spans[at]
        own = [
            text
            for text in self._records.texts[at]
            if page.first_text[body] <= text < page.last_text[body] and text not in self._furniture
        ]
        rule = next((text for text in own[1:] if _SIGNED.fullmatch(page.texts[text])), None)
        return span if rule is None else replace(span, last=rule)

    def _place(
        self, places: Mapping[tuple[str, int], float], order: list[str], votes: Mapping[str, float]
    ) -> str | None:
        """Where this record has its body: at the place of most others, at one that is called so, or where much is written."""
        own: defaultdict[str, float] = defaultdict(float)
        for (path, _), size in places.items():
            if not SIGNATURE(path):
                own[path] += size
        for path in order:
            is_alike = votes[path] >= _LEAST_SHARE * votes[order[0]] or _last(path) == _last(order[0])
            is_change = path != order[0] and CHANGES(_last(path))
            if path in own and not is_change and (is_alike or own[path] >= _MUCH):
                return path
        return None

    def _left_out(self, at: int, body: int) -> Callable[[int], bool]:
        page, barred = self._page, self._barred[at]

        def is_left_out(element: int) -> bool:
            if element == body:
                return False
            if element in barred or page.tags[element] == "form":
                return True
            if SIGNATURE(page.attributes[element].get("class") or "") or leads_quote(
                page, element, self._names
            ):
                return True
            first, last = page.first_text[element], page.last_text[element]
            return 0 < last - first <= _MOST_FURNITURE_TEXTS and all(
                text in self._furniture or self._is_date(text) for text in range(first, last)
            )

        return is_left_out

    def _is_date(self, text: int) -> bool:
        return text in self._weights.dated and count_words(self._page.texts[text]) <= _MOST_FURNITURE_WORDS

    def _bar(self, at: int) -> frozenset[int]:
        """The elements that hold the author, the date or another record, and so no body alone."""
        page, group = self._page, self._records.group
        span = group.spans[at]
        marked = [mark.element for mark in group.marks[at]]
        if author := self._records.authors.get(at):
            marked.append(author.element)
        marked += [each.start for each in self._records.inner.get(span.start, ())]
        around = {span.start}
        for element in marked:
            each = element
            while each >= span.start and each not in around:
                if each < span.end:
                    around.add(each)
                each = page.parents[each]
        return frozenset(around)

    def _places(self, at: int) -> dict[tuple[str, int], float]:
        """Where a record says something: the path and the element of each place, with the words there."""
        page, barred = self._page, self._barred[at]
        span = self._records.group.spans[at]
        author = self._records.authors.get(at)
        places: defaultdict[tuple[str, int], float] = defaultdict(float)
        for text in self._records.texts[at]:
            element = page.text_parent[text]
            if (
                text in self._furniture
                or self._is_date(text)
                or (author and page.contains(author.element, element))
            ):
                continue
            if element in barred:
                place = (f"{page.path(span.start, element)}{_BARE}", element)
            else:
                while (
                    page.parents[element] >= 0
                    and page.parents[element] not in barred
                    and span.holds(page.parents[element])
                ):
                    element = page.parents[element]
                place = (page.path(span.start, element), element)
            places[place] += self._size(text, place[0])
        return places

    def _size(self, text: int, path: str) -> float:
        size = float(count_words(self._page.texts[text]))
        if self._page.links[self._page.text_parent[text]] >= 0:
            size *= 0.3
        if SIGNATURE(path):
            size *= 0.1
        return size * (1.5 if BODY(_last(path)) else 1.0)

    def _find_furniture(self) -> frozenset[int]:
        """The texts that stand alike in most records: buttons, labels, the title of the thread."""
        page, texts = self._page, self._records.texts
        count = len(texts)
        owners: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        answered: set[str] = set()
        for record, own in enumerate(texts):
            for text in own:
                label, words = self._form(text)
                owners[label, words].add(record)
                if len(words) < len(page.texts[text]):
                    answered.add(words)
        least = max(3.0, 0.5 * count) if count > 3 else max(2, count)
        if count == 1:
            return frozenset(text for text in texts[0] if self._is_button(text))
        common = {
            key
            for key, seen in owners.items()
            if len(seen) >= least and (key[1] in answered or count_words(key[1]) <= _MOST_FURNITURE_WORDS)
        }
        return frozenset(text for own in texts for text in own if self._form(text) in common)

    def _is_button(self, text: int) -> bool:
        """Whether a text is a link that says what can be done, and nothing stands beside it but such links."""
        page = self._page
        link = page.links[page.text_parent[text]]
        if link < 0 or BUTTON.fullmatch(page.texts[text]) is None:
            return False
        around = page.parents[link]
        return around not in page.text_parent[page.first_text[around] : page.last_text[around]]

    def _form(self, text: int) -> tuple[str, str]:
        """How a text is told to be the same in other records: where it stands, and its words without what names an answer."""
        page = self._page
        return page.labels[page.text_parent[text]], AGAIN.sub("", page.texts[text].lower())


def _last(path: str) -> str:
    return path.rsplit(">", 1)[-1]
