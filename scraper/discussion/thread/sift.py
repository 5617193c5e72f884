"""Which of the records that were found are records of a thread: those that say something, each once."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.names import COMMENT, RECORD
from scraper.discussion.thread.rating import Group
from scraper.discussion.thread.record import ThreadRecord
from scraper.discussion.words import CLOCK

_PICTURES: Final = frozenset(("img", "picture"))
# A copy of a record stands elsewhere, and has its time of day or says so much: short answers are given twice.
_LEAST_COPIED: Final = 12


def sift(page: Elements, groups: Sequence[Group], records: Sequence[ThreadRecord]) -> list[ThreadRecord]:
    """The records of a thread among those found, in page order.

    Groups in which nobody says anything, or of which nothing says that they are of a thread, are none. A record without words
    is one where it holds more pictures than others do. Of a record that is shown twice (pinned, as the best) the copy goes.
    """
    of_group: defaultdict[int, list[ThreadRecord]] = defaultdict(list)
    for record in records:
        of_group[record.group].append(record)
    kept = [
        record
        for number, group in of_group.items()
        if _is_of_thread(groups[number], group)
        for record in _saying(page, group)
    ]
    kept.sort(key=lambda record: record.span.start)
    copies = _copies(page, kept)
    return [record for record in kept if record.span.start not in copies]


def _is_of_thread(group: Group, records: Sequence[ThreadRecord]) -> bool:
    said = sum(_says(record) for record in records)
    if 2 * said < len(records):
        return False
    clocked = sum(marks[0].has_clock for marks in group.marks)
    return (
        2 * clocked > len(records)
        or RECORD(group.key)
        or COMMENT(group.key)
        or any(record.author or record.native_id for record in records)
    )


def _saying(page: Elements, records: Sequence[ThreadRecord]) -> list[ThreadRecord]:
    """The records of a group with words, and those with more pictures than half of all have."""
    if all(map(_says, records)):
        return list(records)
    pictures = [
        sum(page.tags[each] in _PICTURES for each in range(record.span.start, record.span.end))
        for record in records
    ]
    usual = sorted(pictures)[len(pictures) // 2]
    return [record for record, count in zip(records, pictures, strict=True) if _says(record) or count > usual]


def _says(record: ThreadRecord) -> bool:
    return record.text is not None or record.deleted is not None


def _copies(page: Elements, records: Sequence[ThreadRecord]) -> frozenset[int]:
    """The starts of records that stand once more among most others."""
    beside = Counter(_stand(page, record) for record in records)
    same: defaultdict[tuple[str, str, str], list[ThreadRecord]] = defaultdict(list)
    for record in records:
        is_exact = CLOCK.search(record.date) is not None or len(record.text or "") >= _LEAST_COPIED
        if record.author and record.text and is_exact:
            same[record.author.name, record.date, record.text].append(record)
    return frozenset(
        each.span.start
        for alike in same.values()
        if len({_stand(page, each) for each in alike}) > 1
        for each in sorted(alike, key=lambda each: -beside[_stand(page, each)])[1:]
    )


def _stand(page: Elements, record: ThreadRecord) -> tuple[int, str]:
    """What a record lies in, and as what."""
    return page.parents[record.span.start], page.labels[record.span.start]
