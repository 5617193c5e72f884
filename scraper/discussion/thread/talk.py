"""Whether a thread is surely one: people who say something one after the other."""

from collections.abc import Sequence
from typing import Final

from scraper.discussion.thread.names import REVIEW
from scraper.discussion.thread.record import Thread, ThreadRecord

_LEAST: Final = 3
_MOST_OF: Final = 0.8
_LEAST_PEOPLE: Final = 2


def is_conversation(thread: Thread, *, has_opening: bool) -> bool:
    """Whether most of at least three dated records say by whom they are and what, by two people or more.

    ``has_opening``: somebody else wrote what they answer.
    What is called a review is said of a product, and of nothing that was said before.
    """
    records = thread.records
    if any(
        REVIEW(group.key) or REVIEW(group.shape) or group.marks[0][0].kind != "date"
        for group in thread.groups
    ):
        return False
    named = _said(records)
    people = {record.author.name for record in named if record.author}
    return (
        len(named) + has_opening >= max(_LEAST, _MOST_OF * len(records))
        and len(people) + has_opening >= _LEAST_PEOPLE
    )


def _said(records: Sequence[ThreadRecord]) -> list[ThreadRecord]:
    return [record for record in records if record.author and record.text]
