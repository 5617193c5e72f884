"""Small sites of kinds that differ, in our own words, on software that nobody wrote or described."""

from typing import Final

from tests.replica.unknown import (
    blog,
    korean_board,
    mail,
    nested_boards,
    plain_board,
    questions,
    tracker,
    wiki,
)
from tests.replica.unknown.place import Entry, Place, Topic

PLACES: Final = {
    place.host: place
    for place in (
        *(korean_board.PLACE, mail.PLACE, questions.PLACE, tracker.PLACE),
        *(nested_boards.PLACE, blog.PLACE, wiki.PLACE, plain_board.PLACE),
    )
}

__all__ = ["PLACES", "Entry", "Place", "Topic"]
