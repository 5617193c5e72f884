"""What publications cost, in words: printed by the bench, and shown in docs/figures.md between two marks."""

from collections.abc import Mapping
from typing import Any, Final

from tests.bench.hub_cost.layouts import LAYOUTS, OURS
from tests.conftest import REPOSITORY

FIGURES: Final = REPOSITORY / "docs" / "publication.json"
DOCUMENT: Final = REPOSITORY / "docs" / "figures.md"
BEGIN: Final = "<!-- publication: written by `python -m tests.bench.publication --write` -->\n"
END: Final = "<!-- publication: end -->\n"


def section(figures: Mapping[str, Any]) -> str:
    """The table: a row a change, with what it touches and what each layout, and the peer, stores anew."""
    others = [layout.name for layout in LAYOUTS if layout is not OURS]
    titles = (
        f"{figures['posts']:,} posts over three years; MB",
        "files touched",
        f"**{OURS.name}**: stored anew",
        *others,
        "`push_to_hub`",
    )
    rows = [_row(titles), "|---" * len(titles) + "|"]
    for told in figures["publications"]:
        touched, new = told["layouts"][OURS.name]
        share = f" ({new / touched:.2f} of touched)" if touched else ""
        stored = (told["layouts"][name][1] for name in others)
        cells = (_mb(touched), f"**{_mb(new)}**{share}", *map(_mb, stored), _mb(told["push_to_hub"]))
        rows.append(_row((told["change"], *cells)))
    return "\n".join((*rows, ""))


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


def _mb(size: int) -> str:
    return f"{size / 1e6:.2f}"
