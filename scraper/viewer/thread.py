"""The comments of a post in the order of their page: how far each is set in, what it answers, and its part of the page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from scraper.records.row_types import CommentRow

COMMENTS_A_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Placed:
    """A comment where it stands: ``number`` from 1 on its post, ``indent`` by how many comments above it it answers in turn.

    ``parent`` is the number of the comment it answers, None where that is unknown or the post.
    """

    row: CommentRow
    number: int
    indent: int
    parent: int | None

    @property
    def page(self) -> int:
        """The page of the post that the comment is on."""
        return page_of(self.number)


def page_of(number: int) -> int:
    """The page of a post on which its comment with this number is."""
    return (number - 1) // COMMENTS_A_PAGE + 1


def pages_of(comments: int) -> int:
    """How many pages a post with so many comments takes."""
    return max(1, page_of(comments))


def placed(comments: Sequence[CommentRow]) -> Iterator[Placed]:
    """The comments in page order.

    One is set in below the comment it answers only where nothing but answers to that stand between them: on a page that
    goes by time alone, an answer further down names what it answers, and is set in below nothing.
    """
    numbers = {row["comment_id"]: number for number, row in enumerate(comments, 1)}
    above: list[str] = []
    for number, row in enumerate(comments, 1):
        parent = row["parent_id"]
        while above and above[-1] != parent:
            above.pop()
        yield Placed(row, number, len(above), numbers.get(parent) if parent else None)
        above.append(row["comment_id"])
