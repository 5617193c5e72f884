"""What became of each target of a run, for people and for ``--json``."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

OutcomeWord = Literal["done", "failed", "refused", "rejected", "skipped"]
OUTCOME_WORDS: tuple[OutcomeWord, ...] = ("done", "failed", "refused", "rejected", "skipped")


@dataclass(frozen=True, slots=True)
class Item:
    """One target and what became of it; ``reason`` is a sentence, None where all went well."""

    target: str
    outcome: OutcomeWord
    post_id: str | None = None
    reason: str | None = None


Style = Literal["plain", "strong", "dim", "good", "warning", "bad"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a line, and what it means to a reader; the terminal gives it a colour."""

    text: str
    style: Style = "plain"


ViewLine = str | tuple[Span, ...]
"""A line for a person, all of one style or in stretches."""


@dataclass(frozen=True, slots=True)
class Report:
    """All that a run did: its items, the files or folders it wrote, and lines that sum it up for a person.

    ``held_back`` counts the sites whose posts of this run drift keeps from being published.
    Of a verb that looks at something ``data`` is what it saw, as JSON-plain values, and ``view`` the same as lines for a person.
    What is long is an iterator in ``data``, in place of a list, and in ``view``: each is gone through once, if at all.
    """

    items: Sequence[Item] = ()
    outputs: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    data: Mapping[str, object] | None = None
    view: Iterable[ViewLine] = ()
    held_back: int = 0

    def counts(self) -> dict[OutcomeWord, int]:
        """How many items ended in each way, every word present."""
        counted = Counter(item.outcome for item in self.items)
        return {word: counted[word] for word in OUTCOME_WORDS}

    @property
    def exit_code(self) -> int:
        """0 all done; 3 policy refused every target tried; 1 some failed, were refused or were rejected."""
        counts = self.counts()
        if counts["refused"] and counts["refused"] + counts["skipped"] == len(self.items):
            return 3
        return 1 if counts["failed"] or counts["refused"] or counts["rejected"] else 0


def joined(reports: Sequence[Report]) -> Report:
    """What several runs of one command did, one after the other."""
    return Report(
        items=[item for report in reports for item in report.items],
        outputs=tuple(output for report in reports for output in report.outputs),
        summary=tuple(line for report in reports for line in report.summary),
    )
