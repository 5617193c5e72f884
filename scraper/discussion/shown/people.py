"""Who wrote something: the profile id where a link names it, and the name as shown."""

from typing import Final

from scraper.model.record import Person
from scraper.page.blocks import Block, Piece
from scraper.page.characters import plain
from scraper.sites.careerly import words
from scraper.sites.careerly.urls import profile_id

# A member who left, or whom the page does not name.
NOBODY: Final = None


_LONGEST: Final = 100


def person_of(block: Block) -> Person | None:
    """The person a block names; None for a member who has left."""
    signed = _signed(block)
    first = _named(block) or block.pieces[0]
    if words.NO_AUTHOR.fullmatch(plain(block.text)) or words.NO_AUTHOR.fullmatch(plain(first.text)):
        return NOBODY
    return Person(None, signed) if signed else Person(profile_id(first.href), first.text)


def is_author(block: Block) -> bool:
    """Whether the block, or its first piece before a headline or date, names the person who speaks."""
    left = words.NO_AUTHOR.fullmatch(plain(block.text)) is not None
    return left or _named(block) is not None or _signed(block) is not None


def _named(block: Block) -> Piece | None:
    """The linked name that a block opens with, behind a label or the initial that stands for a portrait."""
    pieces = block.pieces
    label = profile_id(pieces[0].href) is None and words.NAME_LABEL.fullmatch(plain(pieces[0].text))
    if len(pieces) > 1 and (label or is_initial(pieces[0].text, pieces[1].text)):
        pieces = pieces[1:]
    first = pieces[0]
    if profile_id(first.href) is None or first.text.startswith("@") or len(block.text) > _LONGEST:
        return None
    return first


def _signed(block: Block) -> str | None:
    match = words.SIGNED.fullmatch(plain(block.text)) if len(block.pieces) == 1 else None
    return match and (match["name"] or match["by"])


def is_initial(text: str, name: str) -> bool:
    """Whether a letter or two stand for the portrait of the person whose name follows."""
    return len(text) <= 2 and text.isalpha() and name.startswith(text)
