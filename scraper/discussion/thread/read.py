"""The thread of a page, whoever made the page: its records in page order, each with author, date, words and place."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from scraper.discussion.thread.bodies import Records, read_bodies
from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.groups import find_groups
from scraper.discussion.thread.marks import find_authors as author_marks
from scraper.discussion.thread.marks import find_dates
from scraper.discussion.thread.names import COMMENT, RECORD
from scraper.discussion.thread.people import Author, find_authors
from scraper.discussion.thread.rating import Group
from scraper.discussion.thread.replies import find_relations
from scraper.discussion.thread.spans import Span, own_texts, within
from scraper.discussion.thread.weights import Weights
from scraper.model.record import ParentBasis

_NUMBER: Final = re.compile(r"\d+")
_NEAR: Final = 12
# Attributes that state the id of a record, and of nothing else.
_ID: Final = re.compile(
    r"data-(?:(?:comment|post|reply|answer|message|entry)-?)?(?:id|pid|cid)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ThreadRecord:
    """One post of a thread as a page shows it.

    ``date`` is the date as it stands there. ``parent`` is the index of the record that it answers, and ``parent_basis`` how
    the page shows that; ``depth`` counts from 0 and is None where the thread is flat. ``group`` numbers the groups of records
    that are made alike, ``span`` is its part of the page.
    """

    span: Span
    group: int
    author: Author | None
    date: str
    text: str | None
    native_id: str | None
    parent: int | None = None
    depth: int | None = None
    parent_basis: ParentBasis | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """The records of a page in its order, and the groups that they are of."""

    records: tuple[ThreadRecord, ...]
    groups: tuple[Group, ...]


def read_thread(page: Elements) -> Thread:
    """The thread that a page shows; without records where it shows none."""
    marks = find_dates(page)
    weights = Weights(page, marks)
    groups = find_groups(page, marks, weights)
    if not groups:
        marks = tuple(author_marks(page))
        groups = tuple(group for group in find_groups(page, marks, weights) if _is_named(group.key))
    spans = sorted((span for group in groups for span in group.spans), key=lambda span: span.start)
    inner = within(spans)
    unplaced = [
        record
        for number, group in enumerate(groups)
        for record in _records(page, number, group, weights, inner)
    ]
    unplaced.sort(key=lambda record: record.span.start)
    relations = find_relations(
        page, [each.span for each in unplaced], [each.native_id for each in unplaced], inner
    )
    records = (
        replace(record, parent=relation.parent, depth=relation.depth, parent_basis=relation.basis)
        for record, relation in zip(unplaced, relations, strict=True)
    )
    return Thread(tuple(records), groups)


def _is_named(key: str) -> bool:
    """Whether elements that say no date are called records of a thread: names alone stand on other pages too."""
    return RECORD(key) or COMMENT(key) or key.startswith("article")


def _records(
    page: Elements, number: int, group: Group, weights: Weights, inner: Mapping[int, Sequence[Span]]
) -> list[ThreadRecord]:
    texts = [own_texts(span, inner) for span in group.spans]
    authors = find_authors(page, group, weights, texts, inner)
    bodies = read_bodies(page, Records(group, texts, authors, inner), weights)
    return [
        ThreadRecord(span, number, authors.get(at), group.marks[at][0].raw, bodies[at], native_id(page, span))
        for at, span in enumerate(group.spans)
    ]


def native_id(page: Elements, span: Span) -> str | None:
    """The number in the id of the record's element, in what states an id there, or in the id of one of the first in it."""
    own = page.attributes[span.start]
    stated = [value for key, value in own.items() if _ID.fullmatch(key)]
    others = [
        page.attributes[each].get("id") for each in range(span.start + 1, min(span.end, span.start + _NEAR))
    ]
    for value in (own.get("id"), *stated, *others):
        numbers: list[str] = _NUMBER.findall(value or "")
        if numbers:
            return numbers[-1]
    return None
