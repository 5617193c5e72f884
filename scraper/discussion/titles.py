"""Titles. A post without one of its own is titled by its first line."""

import re
from typing import Final

# A longer first line is a paragraph of the text: such a post has no title.
LONGEST_TITLE: Final = 100
_BRACKETED: Final = re.compile(r"⟪[^⟪⟫]+⟫|《[^《》]+》|<<[^<>]+>>")
_SENTENCES: Final = re.compile(r"[.!?…。]+[\"'”’)]?\s+\S")
_LIST_OR_CODE: Final = ("- ", "1. ", "```")


def is_bracketed(text: str) -> bool:
    """Whether a line stands in brackets that writers set around titles."""
    return _BRACKETED.fullmatch(text) is not None


def may_be_title(line: str) -> bool:
    """Whether a first line can be a title: not too long, no list or code, and one sentence unless in brackets."""
    if not line or len(line) > LONGEST_TITLE or line.startswith(_LIST_OR_CODE):
        return False
    return is_bracketed(line) or _SENTENCES.search(line) is None


def split_title(text: str) -> tuple[str | None, str]:
    """The first line as title and the rest as text; no title where it is all there is, or can be none."""
    first, _, rest = text.partition("\n")
    title, rest = first.strip(), rest.strip("\n")
    if not rest.strip() or not may_be_title(title):
        return None, text
    return title, rest
