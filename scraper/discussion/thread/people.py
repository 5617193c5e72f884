"""Who wrote the records of a group: what stands at the same place in each, is short, and is marked or linked as a person."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.marks import Mark
from scraper.discussion.thread.names import AUTHOR, BESIDE_AUTHOR, PROFILE, QUOTING
from scraper.discussion.thread.rating import Group
from scraper.discussion.thread.spans import Span, own_elements
from scraper.discussion.thread.weights import Weights, count_words
from scraper.discussion.words import AUTHOR_FIELD, BEFORE_NAME, BEHIND_NAME, BUTTON

_LONGEST: Final = 50
_MOST_WORDS: Final = 6
_MOST_TEXTS: Final = 4
_LEVELS: Final = 4
# What a place must reach to be the authors': more than to stand in every record.
_LEAST: Final = 1.6
_IN_EVERY: Final = 1.5
# The most that marks, links, pictures and different names count together.
_FOR_MARKS: Final = 2.5
_MOST_PICTURES: Final = 8
# The address of mail behind a name.
_ADDRESS: Final = re.compile(r"\s*(?:<[^<>]*>?|\([^()]*(?:@| at )[^()]*\)?)$")
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
    """An element of one record that may hold its author; ``rank`` counts the texts of the record before it."""

    element: int
    name: str
    rank: int
    is_linked: bool
    is_pictured: bool


def find_authors(
    page: Elements,
    group: Group,
    weights: Weights,
    texts: Sequence[Sequence[int]],
    inner: Mapping[int, Sequence[Span]],
) -> dict[int, Author]:
    """The author of each record of a group by its index; ``texts`` are the texts of each that are its own."""
    places: defaultdict[str, dict[int, _Place]] = defaultdict(dict)
    for record, span in enumerate(group.spans):
        for key, place in _places(page, span, weights, texts[record], inner):
            places[key].setdefault(record, place)
    authors = {
        record: Author(_name(page, place), place.element, href_of(page, place.element))
        for record, place in _best(page, places, len(group.spans)).items()
    }
    for record in range(len(group.spans)):
        if record not in authors and (beside := author_beside(page, group.marks[record][0])):
            authors[record] = beside
    return authors


def _name(page: Elements, place: _Place) -> str:
    """The words of a place; of one that opens with a link to a person those of the link, behind which a rank or a headline stands."""
    inside = range(place.element + 1, page.ends[place.element])
    link = next((each for each in inside if page.tags[each] == "a" and page.text_of(each)), None)
    if link is None or page.first_text[link] != page.first_text[place.element]:
        return place.name
    name = _ADDRESS.sub("", page.text_of(link)).strip()
    is_person = PROFILE(page.attributes[link].get("href") or "") and _is_name(name)
    return name if is_person else place.name


def _best(page: Elements, places: Mapping[str, dict[int, _Place]], count: int) -> Mapping[int, _Place]:
    """The places of the key that most likely holds the authors; none where no key is likely to."""
    best: Mapping[int, _Place] = {}
    most = _LEAST
    for key, owners in sorted(places.items(), key=lambda each: -len(each[1])):
        if _IN_EVERY * len(owners) / count + _FOR_MARKS <= most:
            break
        score = _rate(page, key, list(owners.values()), count)
        if score > most:
            best, most = owners, score
    return best


def _places(
    page: Elements, span: Span, weights: Weights, own: Sequence[int], inner: Mapping[int, Sequence[Span]]
) -> Iterator[tuple[str, _Place]]:
    ranks = {text: rank for rank, text in enumerate(own)}
    elements = list(own_elements(span, inner))
    pictures = _picture_texts(page, elements)
    for element in elements[1:]:
        first, last = page.first_text[element], page.last_text[element]
        if first >= last or last - first > _MOST_TEXTS or first not in ranks:
            continue
        if weights.length(first, last) > _LONGEST or not weights.dated.isdisjoint(range(first, last)):
            continue
        name = _ADDRESS.sub("", page.text_of(element)).strip()
        if _is_name(name):
            is_linked = PROFILE(href_of(page, element) or "")
            lowered = name.lower()
            is_pictured = any(lowered in text for text in pictures)
            place = _Place(element, name, ranks[first], is_linked, is_pictured)
            for key in page.keys(element):
                yield key, place
            yield page.path(span.start, element), place


def _rate(page: Elements, key: str, places: list[_Place], count: int) -> float:
    """How likely the places of one key hold the authors: by the records that they stand in, and by how they are marked."""
    element = places[0].element
    around = page.path(page.ancestors(element, _LEVELS)[-1], element)
    is_marked = AUTHOR(key) or AUTHOR(around)
    places = [each for each in places if _LETTER.search(each.name)]
    distinct = len({_DIGITS.sub("", each.name.lower()) for each in places})
    if not places or (count > 3 and distinct == 1):
        return 0.0
    of_places = len(places)
    pieces = (
        sum(page.last_text[each.element] - page.first_text[each.element] - 1 for each in places) / of_places
    )
    linked = sum(each.is_linked for each in places) / of_places
    pictured = sum(each.is_pictured for each in places) / of_places
    early = sum(each.rank for each in places) / of_places
    score = _IN_EVERY * of_places / count + 0.8 * is_marked + 0.8 * linked + 0.5 * pictured
    score += 0.4 * min(1.0, distinct / max(2.0, 0.3 * count)) - min(0.3, 0.01 * early) - 0.3 * pieces
    beside = f"{key} {'>'.join(around.split('>')[-2:])}"
    return score - 0.7 * (BESIDE_AUTHOR(beside)) - (QUOTING(beside))


def author_beside(page: Elements, mark: Mark) -> Author | None:
    """The name in the text that dates a record: ``By: Ann on June 19``, ``Ann schrieb am 19. Juni``, ``Author: Ann Date: 19 June``."""
    if mark.text < 0:
        return None
    before = page.texts[mark.text][: mark.start]
    labelled = AUTHOR_FIELD.match(before)
    before = labelled["name"] if labelled else before
    name = BEHIND_NAME.sub("", BEFORE_NAME.sub("", before + " ").strip()).strip()
    name = _ADDRESS.sub("", name).strip()
    return Author(name, page.text_parent[mark.text]) if _LETTER.search(name) and _is_name(name) else None


def _is_name(name: str) -> bool:
    """Whether words may be a name: neither many, nor a button or a label."""
    return 1 < len(name) <= _LONGEST and _may_be_name(name)


@lru_cache(maxsize=1024)
def _may_be_name(name: str) -> bool:
    return (
        len(name.split()) <= _MOST_WORDS
        and count_words(name) <= 3 * _MOST_WORDS
        and name[-1] not in ":："
        and BUTTON.fullmatch(name) is None
    )


def _picture_texts(page: Elements, elements: Sequence[int]) -> frozenset[str]:
    """The words in place of the first pictures of a record: that of its author is among them."""
    pictures = [each for each in elements if page.tags[each] == "img"][:_MOST_PICTURES]
    return frozenset((page.attributes[each].get("alt") or "").strip().lower() for each in pictures)


def href_of(page: Elements, element: int) -> str | None:
    """The address of the link around an element or in it."""
    link = page.links[element]
    if link < 0:
        inside = page.tags[element : page.ends[element]]
        link = element + inside.index("a") if "a" in inside else -1
    return page.attributes[link].get("href") if link >= 0 else None
