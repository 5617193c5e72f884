"""The thread of a page, whoever made the page: its records in page order, each with author, date, words and place."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from scraper.discussion.thread.bodies import Records, read_bodies
from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.groups import find_groups
from scraper.discussion.thread.labels import PLACEHOLDER
from scraper.discussion.thread.marked import is_marked, marked_groups
from scraper.discussion.thread.marks import Mark, find_dates, is_edit
from scraper.discussion.thread.marks import find_authors as author_marks
from scraper.discussion.thread.names import COMMENT, EDITED, RECORD
from scraper.discussion.thread.particulars import Written, peeled, read_particulars
from scraper.discussion.thread.people import find_authors
from scraper.discussion.thread.rating import Group
from scraper.discussion.thread.reach import widen
from scraper.discussion.thread.record import Thread, ThreadRecord
from scraper.discussion.thread.replies import find_relations
from scraper.discussion.thread.sift import sift
from scraper.discussion.thread.spans import Holders, Span, own_texts, within
from scraper.discussion.thread.weights import Weights

_NUMBER: Final = re.compile(r"\d+")
_NEAR: Final = 12
# What may stand behind the date of a signature.
_CLOSING: Final = " .)"
_LONGEST_PLACEHOLDER: Final = 120
# Attributes that state the id of a record, and of nothing else.
_ID: Final = re.compile(
    r"data-(?:(?:comment|post|reply|answer|message|entry)-?)?(?:id|pid|cid)", re.IGNORECASE
)


def read_thread(page: Elements, marked: Sequence[int] = (), *, is_later: bool = False) -> Thread:
    """The thread that a page shows; without records where it shows none.

    ``marked`` are the elements, in page order, that the page's software marks as records: where there are some, nothing else is one.
    ``is_later``: the page is not the first of its thread, so that one record may be all that it holds.
    """
    dates = marks = find_dates(page)
    weights = Weights(page, marks, is_later=is_later)
    groups = find_groups(page, marks, weights)
    if not groups:
        marks = tuple(author_marks(page))
        groups = tuple(group for group in find_groups(page, marks, weights) if _is_named(group.key))
    groups = marked_groups(page, groups, marked, dates) if marked else groups
    is_alike = not any(map(is_marked, groups))
    groups = widen(page, groups) if is_alike else groups
    spans = sorted((span for group in groups for span in group.spans), key=lambda span: span.start)
    inner = within(spans)
    unplaced = [
        record
        for number, group in enumerate(groups)
        for record in _records(page, number, group, weights, inner)
    ]
    unplaced = (
        sift(page, groups, unplaced) if is_alike else sorted(unplaced, key=lambda each: each.span.start)
    )
    edits = _edits(page, marks, groups, [each.span for each in unplaced])
    relations = find_relations(
        page,
        [each.span for each in unplaced],
        [each.native_id for each in unplaced],
        inner,
        [each.text for each in unplaced],
    )
    kept = sorted({record.group for record in unplaced})
    records = (
        replace(
            record,
            group=kept.index(record.group),
            parent=relation.parent,
            depth=relation.depth,
            parent_basis=relation.basis,
            edited=edits.get(record.span.start, record.edited),
        )
        for record, relation in zip(unplaced, relations, strict=True)
    )
    return Thread(
        tuple(records),
        tuple(groups[number] for number in kept),
        dates,
        bool(marked),
    )


def _is_named(key: str) -> bool:
    """Whether elements that say no date are called records of a thread: names alone stand on other pages too."""
    return RECORD(key) or COMMENT(key) or key.startswith("article")


def _records(
    page: Elements, number: int, group: Group, weights: Weights, inner: Mapping[int, Sequence[Span]]
) -> list[ThreadRecord]:
    texts = [own_texts(span, inner) for span in group.spans]
    authors = find_authors(page, group, weights, texts, inner)
    bodies = read_bodies(page, Records(group, texts, authors, inner), weights)
    particulars = read_particulars(page, group, Written(authors, texts, bodies), inner)
    return [
        _record(
            ThreadRecord(
                span,
                number,
                authors.get(at),
                group.marks[at][0].raw,
                bodies[at],
                native_id(page, span),
                particulars[at],
                particulars[at].edited,
                is_alike=not is_marked(group),
            )
        )
        for at, span in enumerate(group.spans)
    ]


def _record(record: ThreadRecord) -> ThreadRecord:
    """A record with no words in its text that its author did not write."""
    text = record.text
    if text is None:
        return record
    if len(text) <= _LONGEST_PLACEHOLDER and PLACEHOLDER.fullmatch(text.strip()):
        return replace(record, text=None, deleted=text)
    bare, said = peeled(_unsigned(record, text))
    if bare == text:
        return record
    text = bare
    likes = record.particulars.likes or said.get("likes")
    return replace(
        record,
        text=text,
        edited=record.edited or said.get("edited"),
        particulars=replace(record.particulars, likes=likes),
    )


def _unsigned(record: ThreadRecord, text: str) -> str:
    """A text without what signs it at its end: the author's name, links to them in brackets, and the date of the record."""
    if record.author is None or not text.rstrip(_CLOSING).endswith(record.date.rstrip(_CLOSING)):
        return text
    name, date = re.escape(record.author.name), re.escape(record.date.rstrip(_CLOSING))
    signed = re.compile(rf"[\s—–~-]*(?<!\w)(?:{name}\s*)?(?:\([^()\n]*\)\s*)?{date}\W*\Z")
    return signed.sub("", text) or text


def _edits(
    page: Elements, marks: Sequence[Mark], groups: Sequence[Group], spans: Sequence[Span]
) -> dict[int, str]:
    """The last date of an edit in each record, by where the record starts."""
    dating = {of_record[0] for group in groups for of_record in group.marks}
    holders = Holders(spans)
    edits: dict[int, str] = {}
    for mark in marks:
        if mark.kind == "date" and mark not in dating and _is_edit(page, mark):
            at = holders.innermost(mark.element)
            if at is not None:
                edits[spans[at].start] = mark.raw
    return edits


def _is_edit(page: Elements, mark: Mark) -> bool:
    """Whether a date is that of an edit: as the words beside it say, or what holds it is called."""
    if mark.is_other and is_edit(page, mark):
        return True
    named = (page.attributes[each].get("class") or "" for each in page.ancestors(mark.element, 1))
    return any(map(EDITED, named))


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
