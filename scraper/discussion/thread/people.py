"""Who wrote the records of a group: what stands at the same place in each, is short, and is marked or linked as a person."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.groups import Group, Span
from scraper.discussion.thread.names import AUTHOR, BESIDE_AUTHOR, PROFILE, QUOTING
from scraper.discussion.thread.weights import Weights, count_words

_LONGEST: Final = 50
_MOST_WORDS: Final = 6
_MOST_TEXTS: Final = 4
_LEVELS: Final = 4
# What a place must reach to be the authors': more than to stand in every record.
_LEAST: Final = 1.6
_BEFORE: Final = re.compile(
    r"^\W*(?:(?:posted|written|asked|answered|submitted|geschrieben|verfasst|publicado|escrito|publié|posté|écrit)\s+)?"
    r"(?:by|von|par|por|da|di|door|av|от)?\W+",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(
    r"[\s,·|:—–-]*(?:\b(?:on|at|am|um|le|el|il|op|em|den|wrote|says|said|posted|schrieb|schreibt|sagt(?:e)?|dijo|dice|"
    r"escribió|a\s(?:dit|écrit)|disse|ha\sscritto|skrev|님이?|さん|より)\b)*[\s,·|:—–-]*$",
    re.IGNORECASE,
)
_DIGITS: Final = re.compile(r"\d+")
_LETTER: Final = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Author:
    """A name as a record shows it, the element it stands in, and the address of the person's page."""

    name: str
    element: int
    href: str | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """An element of one record that may hold its author."""

    record: int
    element: int
    name: str


def find_authors(
    page: Elements, group: Group, weights: Weights, texts: Sequence[Sequence[int]]
) -> dict[int, Author]:
    """The author of each record of a group by its index; ``texts`` are the texts of each that are its own."""
    places: defaultdict[str, dict[int, _Place]] = defaultdict(dict)
    alternatives = [_picture_texts(page, span) for span in group.spans]
    for record, span in enumerate(group.spans):
        for key, place in _places(page, record, span, weights, frozenset(texts[record])):
            places[key].setdefault(record, place)
    rated = (
        (_rate(page, group, key, list(owners.values()), alternatives, texts), key)
        for key, owners in places.items()
    )
    score, key = max(rated, default=(0.0, ""), key=lambda each: each[0])
    authors = {}
    if score >= _LEAST:
        authors = {
            record: Author(place.name, place.element, _href(page, place.element))
            for record, place in places[key].items()
        }
    for record in range(len(group.spans)):
        if record not in authors and (beside := _beside_date(page, group, record)):
            authors[record] = beside
    return authors


def _places(
    page: Elements, record: int, span: Span, weights: Weights, own: frozenset[int]
) -> Iterator[tuple[str, _Place]]:
    for element in range(span.start + 1, span.end):
        first, last = page.first_text[element], page.last_text[element]
        if first >= last or last - first > _MOST_TEXTS or first not in own:
            continue
        if any(text in weights.dated for text in range(first, last)):
            continue
        name = page.text_of(element)
        if (
            1 < len(name) <= _LONGEST
            and count_words(name) <= 3 * _MOST_WORDS
            and len(name.split()) <= _MOST_WORDS
        ):
            place = _Place(record, element, name)
            for key in (*page.keys(element), page.path(span.start, element)):
                yield key, place


def _rate(
    page: Elements,
    group: Group,
    key: str,
    places: list[_Place],
    alternatives: Sequence[frozenset[str]],
    texts: Sequence[Sequence[int]],
) -> float:
    """How likely the places of one key hold the authors: 1.5 for standing in every record, more for how they are marked."""
    count = len(group.spans)
    around = page.path(page.ancestors(places[0].element)[: _LEVELS + 1][-1], places[0].element)
    is_marked = AUTHOR.search(key) is not None or AUTHOR.search(around) is not None
    places = [each for each in places if _LETTER.search(each.name)]
    distinct = len({_DIGITS.sub("", each.name.lower()) for each in places})
    if not places or (count > 3 and distinct == 1):
        return 0.0
    pieces = sum(page.last_text[each.element] - page.first_text[each.element] - 1 for each in places) / len(
        places
    )
    linked = sum(PROFILE.search(_href(page, each.element) or "") is not None for each in places) / len(places)
    pictured = sum(
        any(each.name.lower() in text for text in alternatives[each.record]) for each in places
    ) / len(places)
    early = sum(texts[each.record].index(page.first_text[each.element]) for each in places) / len(places)
    score = 1.5 * len(places) / count + 0.8 * is_marked + 0.8 * linked + 0.5 * pictured
    score += 0.4 * min(1.0, distinct / max(2.0, 0.3 * count)) - min(0.3, 0.01 * early) - 0.3 * pieces
    beside = f"{key} {'>'.join(around.split('>')[-2:])}"
    return score - 0.7 * (BESIDE_AUTHOR.search(beside) is not None) - (QUOTING.search(beside) is not None)


def _beside_date(page: Elements, group: Group, record: int) -> Author | None:
    """The name in the text that dates a record: ``By: Ann on June 19``, ``Ann schrieb am 19. Juni``."""
    mark = group.marks[record][0]
    if mark.text < 0:
        return None
    name = _BEHIND.sub("", _BEFORE.sub("", page.texts[mark.text][: mark.start] + " ").strip()).strip()
    is_name = (
        1 < len(name) <= _LONGEST and len(name.split()) <= _MOST_WORDS and _LETTER.search(name) is not None
    )
    return Author(name, page.text_parent[mark.text]) if is_name else None


def _picture_texts(page: Elements, span: Span) -> frozenset[str]:
    return frozenset(
        (page.attributes[each].get("alt") or "").strip().lower()
        for each in range(span.start, span.end)
        if page.tags[each] == "img"
    )


def _href(page: Elements, element: int) -> str | None:
    """The address of the link around an element or in it."""
    link = page.links[element]
    if link < 0:
        link = next((each for each in range(element, page.ends[element]) if page.tags[each] == "a"), -1)
    return page.attributes[link].get("href") if link >= 0 else None


def own_texts(page: Elements, span: Span, inner: Mapping[int, Sequence[Span]]) -> list[int]:
    """The texts of a span without those of the records in it."""
    texts: list[int] = []
    at = span.first
    for each in inner.get(span.start, ()):
        texts += range(at, each.first)
        at = max(at, each.last)
    return [*texts, *range(at, span.last)]
