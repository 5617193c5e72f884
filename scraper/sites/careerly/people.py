"""Who wrote something: the profile id where a link names it, and the name as shown."""

from typing import Final

from scraper.model.record import Person
from scraper.page.blocks import Block
from scraper.page.characters import plain
from scraper.sites.careerly import words
from scraper.sites.careerly.urls import profile_id

# A member who left, or whom the page does not name.
NOBODY: Final = None


def person_of(block: Block) -> Person | None:
    """The person a block names; None for a member who has left."""
    first = block.pieces[0]
    if words.NO_AUTHOR.fullmatch(plain(block.text)) or words.NO_AUTHOR.fullmatch(plain(first.text)):
        return NOBODY
    return Person(profile_id(first.href), first.text)
