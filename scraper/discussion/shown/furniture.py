"""What stands right below a post's text and is none of it: tags, links in a row, questions with buttons."""

from collections.abc import Sequence

from scraper.discussion.shown.sheet import Sheet
from scraper.page.blocks import Block
from scraper.sites.careerly import words
from scraper.sites.careerly.urls import profile_id


def split_furniture(sheet: Sheet, content: Sequence[int]) -> tuple[list[int], list[int]]:
    """The text, and the blocks below it that are none. Only the end is looked at: a text may hold anything."""
    end = len(content)
    while end > 1 and _is_furniture(sheet, content[end - 2], content[end - 1]):
        end -= 1
    return list(content[:end]), list(content[end:])


def read_tags(sheet: Sheet, furniture: Sequence[int]) -> tuple[str, ...] | None:
    """The tags that stand below a text; None where there are none."""
    found = (
        tag for index in furniture if _is_tags(sheet, index) for tag in words.TAG.findall(sheet.plain[index])
    )
    return tuple(dict.fromkeys(found)) or None


def _is_furniture(sheet: Sheet, before: int, index: int) -> bool:
    if _is_link_row(sheet.blocks[index]) or _asks(sheet, index):
        return True
    apart = index - before > 1 or sheet.blocks[before].box.parent is not sheet.blocks[index].box.parent
    return _is_tags(sheet, index) and (
        apart or sheet.blocks[index].href is not None or _is_tags(sheet, before)
    )


def _is_tags(sheet: Sheet, index: int) -> bool:
    return words.TAGS.fullmatch(sheet.plain[index]) is not None


def _asks(sheet: Sheet, index: int) -> bool:
    """Whether a button that is none of a post's answers this line."""
    if not sheet.is_short(index) or index + 1 == len(sheet.blocks):
        return False
    return (
        sheet.blocks[index + 1].control
        and not sheet.marks[index + 1].is_meta
        and index + 1 not in sheet.gated
    )


def _is_link_row(block: Block) -> bool:
    """Whether a block is links to different places and nothing else that could be text."""
    linked = {piece.href for piece in block.pieces if piece.href}
    if len(linked) < 2 or any(map(profile_id, linked)) or "://" in block.text:
        return False
    return all(piece.href or _says_nothing(piece.text) for piece in block.pieces)


def _says_nothing(text: str) -> bool:
    return words.ACTION.fullmatch(text) is not None or not any(map(str.isalnum, text))
