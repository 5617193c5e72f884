"""Titles. A post without one of its own is titled by its first line."""

from typing import Final

# A longer first line is a paragraph of the text: such a post has no title.
LONGEST_TITLE: Final = 100


def split_title(text: str) -> tuple[str | None, str]:
    """The first line as title and the rest as text.

    No title where the first line is all there is, is longer than ``LONGEST_TITLE`` characters, or opens
    a list or code.
    """
    first, _, rest = text.partition("\n")
    title, rest = first.strip(), rest.strip("\n")
    if not title or not rest.strip() or len(title) > LONGEST_TITLE or title.startswith(("- ", "1. ", "```")):
        return None, text
    return title, rest
