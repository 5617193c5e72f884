"""Numbers, times and fixed words as people read them."""

import re
from collections.abc import Mapping
from typing import Final

from scraper.records.row_types import CommentRow, PostRow

UNDATED: Final = "undated"
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
_ENDS: Final[Mapping[str | None, int]] = {"year": 4, "month": 7, "day": 10, "second": 19}
_MINUTES: Final = 16
# Marks that turn the direction of text, or isolate it: in a line of our own they could turn what stands beside them.
_TURNS: Final = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")

STATES: Final[Mapping[str, str]] = {
    "access-full": "Shown in full to signed-out readers",
    "access-partial": "Shown in part to signed-out readers",
    "access-gated": "Behind a gate",
    "access-unknown": "Unknown whether all was shown",
    "status-live": "On its site when last seen",
    "status-gone": "Gone from its site",
    "status-withdrawn": "Withdrawn by its author or site",
    "status-unknown": "Unknown whether still there",
    "edited": "Edited since it was first seen",
    "with-deleted-comments": "With deleted comments",
}
"""The states by which posts are listed, in the order in which they are shown."""


def states_of(post: PostRow, comments: tuple[CommentRow, ...]) -> tuple[str, ...]:
    """The states that a post is in."""
    states = [f"access-{post['access']}", f"status-{post['status']}"]
    if post["revision"] > 1 or any(row["revision"] > 1 for row in comments):
        states.append("edited")
    if any(row["status"] in {"absent", "placeholder"} for row in comments):
        states.append("with-deleted-comments")
    return tuple(states)


def moment(at: str | None, precision: str | None = "minute") -> str:
    """A row's time for people, to the minute and no more exact than it is known: ``2022-10-15 20:44 UTC``, ``2022-10``."""
    if at is None:
        return "unknown time"
    end = _ENDS.get(precision, _MINUTES)
    shown = at[:end].replace("T", " ")
    return f"{shown} UTC" if end > 10 else shown


def published(row: PostRow | CommentRow) -> str:
    """When something was published; in the words of its page where these cannot be placed in time."""
    if row["published_at"] is None and row["published_raw"]:
        return f"“{one_line(row['published_raw'], 40)}”"
    precision = row["published_precision"]
    return moment(row["published_at"], "minute" if precision == "second" else precision)


def month_of(at: str | None) -> str:
    """The month of a row's time as ``2022-10``; ``undated`` where it is unknown."""
    return at[:7] if at else UNDATED


def number(count: int) -> str:
    """``12000`` as ``12,000``."""
    return f"{count:,}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """``1 comment``, ``2 comments``."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def language(code: str | None) -> str | None:
    """A value for ``lang``; None where the row has none that is a language tag."""
    return code if code and _LANGUAGE.fullmatch(code) else None


def one_line(text: str, most: int) -> str:
    """The beginning of a text as one line, cut between words where there is one to cut at; nothing in it turns the line."""
    line = " ".join(_TURNS.sub("", text[: most * 4]).split())
    if len(line) <= most:
        return line
    cut = line[:most]
    at_word = cut.rpartition(" ")[0]
    return f"{at_word if len(at_word) > most // 2 else cut}…"


def writer(author_id: str | None, author_name: str | None) -> str:
    """A person as the page calls them: the name where the settings keep it, else the first digits of the pseudonym."""
    if author_name:
        return one_line(author_name, 60)
    return f"writer {author_id[:6]}" if author_id else "unknown writer"


def title_of(post: PostRow) -> str:
    """What a post is listed as: its title, else how its text begins, else what became of it."""
    if post["title"]:
        return one_line(post["title"], 200)
    if post["text"]:
        return one_line(post["text"], 80)
    gone = {"gone": "A post that is gone", "withdrawn": "A post that was withdrawn"}
    return gone.get(post["status"], "A post without a title")
