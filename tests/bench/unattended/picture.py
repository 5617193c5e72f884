"""The picture of three years: requests, bytes kept and bytes published a night."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure

# Both read on a white and on a dark page; the panels stand on a ground of their own.
_GROUND: Final = "#f6f8fa"
_INK: Final = "#24292f"
_BLUE: Final = "#0969da"
_ORANGE: Final = "#bc4c00"
_STYLE: Final[Any] = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": _INK,
}


def draw(figures: Mapping[str, Any], path: Path) -> None:
    """Write the picture as a PNG."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(8, 6), dpi=110, facecolor=_GROUND, layout="constrained")
        requests, kept, published = figure.subplots(3, 1, sharex=True)
        nights = range(1, len(figures["requests"]) + 1)
        requests.plot(nights, figures["requests"], color=_BLUE, linewidth=0.7)
        requests.set_ylabel("requests")
        kept.plot(nights, [size / 1e6 for size in figures["warc"]], color=_BLUE, linewidth=0.7)
        kept.set_ylabel("MB of WARC kept")
        for key, colour, label in (
            ("published_weekly", _ORANGE, "words and a week's numbers"),
            ("published", _BLUE, "words alone"),
        ):
            published.plot(
                [night for night, _ in figures[key]],
                [size / 1e6 for _, size in figures[key]],
                "o-",
                ms=3,
                color=colour,
                label=label,
            )
        published.set_ylabel("MB stored anew\non the Hub")
        published.legend(frameon=False)
        published.set_xlabel("night")
        for axes in (requests, kept, published):
            axes.set_facecolor(_GROUND)
            axes.set_ylim(bottom=0)
        figure.savefig(path, metadata={"Software": None})
