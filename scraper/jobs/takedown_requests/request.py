"""A request for a takedown, as a row of a table has it, and what may be kept of it in the archive: nothing of who asked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from scraper.records.personal import scrub

# done: taken down, by this run or before. begun: it is being taken down, and the next run completes it.
# not here: the archive has nothing of it. ambiguous: several people have this name. refused: the row cannot be used.
RequestState = Literal["done", "begun", "not here", "ambiguous", "refused", "asked"]

WHAT: Final = "what"
WHY: Final = "why"
WHEN: Final = "when"
AUTHOR_ID: Final = "author_id"
_UNSAID: Final = "Asked for, without a reason given."
_HIDDEN: Final = "⟨asker⟩"
_LONGEST_REASON: Final = 500
# A cell of more words is no name.
_WORDS_OF_A_NAME: Final = 4
_SHORTEST_NAME: Final = 2


@dataclass(frozen=True, slots=True)
class Request:
    """One row: its ``cells`` as they stand in the file, and what they say. ``problem`` is why it cannot be used, as a sentence.

    ``others`` are the cells of columns that are not ours, such as the name and the address of who asked.
    """

    cells: tuple[str, ...]
    what: str = ""
    why: str = ""
    when: str = ""
    author_id: str = ""
    others: tuple[str, ...] = ()
    problem: str | None = None

    @classmethod
    def of(cls, header: Sequence[str], cells: Sequence[str]) -> "Request":
        """The request in a row below a header of folded names."""
        row: Mapping[str, str] = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
        ours = {WHAT, WHY, WHEN, AUTHOR_ID}
        others = tuple(cell for name, cell in row.items() if name not in ours and cell)
        what, author_id = row.get(WHAT, ""), row.get(AUTHOR_ID, "")
        problem = (
            None
            if what or author_id
            else "It does not say what to take down. Fill its cell in the column what."
        )
        return cls(tuple(cells), what, row.get(WHY, ""), row.get(WHEN, ""), author_id, others, problem)

    @property
    def named(self) -> str:
        """What it asks to take down, for a line about it."""
        return self.what or self.author_id

    def reason(self, otherwise: str | None = None, *, is_name: bool) -> str:
        """Why, for the tombstone, without what leads to whoever asked.

        ``otherwise`` where the row does not say; ``is_name``: ``what`` is a person's name or profile.
        """
        names = (*self.others, *([self.what] if is_name else []))
        why, _ = scrub(_without(" ".join(self.why.split()), names), ("email", "phone", "id-number"))
        day = _day(self.when)
        asked = f" (asked on {day})" if day else ""
        return f"{why[:_LONGEST_REASON] or otherwise or _UNSAID}{asked}"


def _without(text: str, names: Sequence[str]) -> str:
    """A text without the names, and without the words of those that are a few words long."""
    words = [word for name in names for word in name.split() if len(name.split()) <= _WORDS_OF_A_NAME]
    hidden = {each for each in (*names, *words) if len(each) >= _SHORTEST_NAME}
    for each in sorted(hidden, key=len, reverse=True):
        text = re.sub(re.escape(each), _HIDDEN, text, flags=re.IGNORECASE)
    return text


def _day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None
