"""Tables of Markdown whose cells may hold anything."""

from collections.abc import Iterable, Sequence
from typing import Final

# The head of every page, so that nobody edits what the next run writes anew.
WRITTEN: Final = "<!-- written by `python -m tests.reference` -->\n\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table: a head and rows of as many cells."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(map(_cell, line)) + " |\n" for line in lines)


def code(text: str) -> str:
    """``text`` as it stands, in the form of code."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
