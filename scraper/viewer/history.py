"""How a text changed: its versions with their times, each against the one before."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence

from scraper.records.row_types import RevisionRow
from scraper.viewer.diff import diff
from scraper.viewer.html import Html, tag, timed
from scraper.viewer.prose import prose
from scraper.viewer.wording import moment

Versions = dict[str, list[RevisionRow]]


def versions_by_item(revisions: Iterable[RevisionRow]) -> Versions:
    """The versions of each post and comment."""
    versions: Versions = defaultdict(list)
    for row in revisions:
        versions[row["item_id"]].append(row)
    return dict(versions)


def last_text(rows: Sequence[RevisionRow]) -> str | None:
    """The last text that was seen of an item, which may be deleted since; None where none is kept."""
    texts = [row for row in rows if row["field"] == "text" and row["text"]]
    return max(texts, key=lambda row: row["revision"])["text"] if texts else None


def last_words(rows: Sequence[RevisionRow]) -> Html | None:
    """What a deleted item last said, where the archive's owner keeps that."""
    text = last_text(rows)
    if text is None:
        return None
    return tag("details", tag("summary", "What it last said"), prose(text, None), class_="edits")


def changes(rows: Sequence[RevisionRow]) -> list[tuple[RevisionRow, RevisionRow]]:
    """Each version of a field with the one before it, in the order in which they were seen."""
    pairs = [
        (before, after) for before, after in itertools.pairwise(rows) if before["field"] == after["field"]
    ]
    return sorted(pairs, key=lambda pair: (pair[1]["revision"], pair[1]["field"]))


def history(rows: Sequence[RevisionRow], code: str | None) -> Html:
    """The versions of one item as diffs, the first change first."""
    return tag("ol", *(_change(before, after, code) for before, after in changes(rows)), class_="history")


def _change(before: RevisionRow, after: RevisionRow, code: str | None) -> Html:
    what = "Title" if after["field"] == "title" else "Text"
    now, then = (timed(row["observed_at"], moment(row["observed_at"])) for row in (after, before))
    seen = tag("p", f"{what} as seen ", now, ", against ", then, class_="when")
    return tag("li", seen, diff(before["text"] or "", after["text"] or "", code))
