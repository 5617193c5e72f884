"""The plots of a dataset card, as PNG files whose bytes depend on the figures and the version of matplotlib alone.

They stand on a white page and on a dark one alike: nothing is drawn behind them, and every colour keeps a contrast of at
least 3:1 (4:1 for words) against both. What they show also stands in the card in words, and in each alternative text.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from scraper.dataset.figures import Figures, ThreadFigures
from scraper.dataset.layout import PLOTS, UNDATED

# Inches and dots an inch: 1080 by 360 pixels, for a column of text about 800 wide.
_SIZE: Final = (7.2, 2.4)
_DPI: Final = 150
_INK: Final = "#727985"
_BLUE: Final = "#3d87e8"
_ORANGE: Final = "#c9761d"
# Nothing of the user's own matplotlibrc may show.
_STYLE: Final[Mapping[str, Any]] = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "text.color": _INK,
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": "none",
    "xtick.color": _INK,
    "ytick.color": _INK,
    "legend.frameon": False,
    "savefig.facecolor": "none",
}
_LONGEST_MONTHLY: Final = 600
_FEWEST_MONTHS: Final = 6
_MOST_LANGUAGES: Final = 8


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot: its place in the dataset folder, what it shows in words, and the bytes of a PNG file."""

    path: str
    alt: str
    png: bytes


def plots(figures: Figures) -> tuple[Plot, ...]:
    """The plots that the figures have anything for."""
    return tuple(_plots(figures))


def _plots(figures: Figures) -> Iterator[Plot]:
    months = {month: number for month, number in figures.months.items() if month != UNDATED}
    if months:
        yield _by_month(months, figures.months.get(UNDATED, 0))
    if figures.threads:
        yield _captured(figures.threads)
    if figures.languages or figures.undecided:
        yield _languages(figures.languages, figures.undecided)


def _by_month(months: Mapping[str, int], undated: int) -> Plot:
    """Bars over a true scale of time: a month without posts is a gap."""
    indices = {_month_index(month): number for month, number in months.items()}
    first, last = min(indices), max(indices)
    unit, width = "month", 1
    if last - first > _LONGEST_MONTHLY:
        unit, width = "year", 12
        indices = _yearly(indices)
    busiest = max(months, key=lambda month: (months[month], month))

    def draw(axes: Any) -> None:
        years = [index / 12 for index in indices]
        share = 0.9 if len(indices) < 60 else 1.0
        # An outline keeps a bar of a year visible on a scale of millennia.
        axes.bar(
            years,
            list(indices.values()),
            width=share * width / 12,
            align="edge",
            color=_BLUE,
            edgecolor=_BLUE,
            linewidth=0.0 if unit == "month" else 0.8,
        )
        margin = max(_FEWEST_MONTHS - (last - first), 1) / 2
        axes.set_xlim((first - margin) / 12, (last + width + margin) / 12)
        _time_ticks(axes, first, last)
        _count_axis(axes.yaxis)
        axes.set_ylabel(f"posts a {unit}")

    alt = (
        f"Posts by {unit} of publication, {min(months)} to {max(months)}: {sum(months.values()):,} in all, most in "
        f"{busiest} ({months[busiest]:,})."
        + (f" Not shown, for they have no date: {undated:,}." if undated else "")
    )
    return Plot(PLOTS[0], alt, _png(draw))


def _captured(threads: Sequence[ThreadFigures]) -> Plot:
    """For posts by how many comments their page declares: how many have all of them, some, or none."""

    def draw(axes: Any) -> None:
        places = range(len(threads))
        parts = (
            ("all captured", _BLUE, [thread.whole for thread in threads]),
            ("some", _ORANGE, [thread.part for thread in threads]),
            ("none", _INK, [thread.none for thread in threads]),
        )
        below = [0] * len(threads)
        for label, color, numbers in parts:
            axes.bar(places, numbers, width=0.75, bottom=below, color=color, label=label)
            below = [one + other for one, other in zip(below, numbers, strict=True)]
        axes.set_xlim(-0.6, max(len(threads), 4) - 0.4)
        axes.set_xticks(list(places), [thread.declared for thread in threads])
        _count_axis(axes.yaxis)
        axes.set_xlabel("comments that the page declares")
        axes.set_ylabel("posts")
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))

    numbers = "; ".join(
        f"{thread.declared} declared: {thread.whole:,} all, {thread.part:,} some, {thread.none:,} none"
        for thread in threads
    )
    alt = f"Posts by the number of comments their page declares, and how many of these were captured. {numbers}."
    return Plot(PLOTS[1], alt, _png(draw))


def _languages(languages: Mapping[str, int], undecided: int) -> Plot:
    ranked = sorted(languages.items(), key=lambda item: (-item[1], item[0]))
    shown = ranked[:_MOST_LANGUAGES]
    if others := sum(number for _, number in ranked[_MOST_LANGUAGES:]):
        shown.append(("others", others))
    if undecided:
        shown.append(("undecided", undecided))

    def draw(axes: Any) -> None:
        places = range(len(shown))
        bars = axes.barh(places, [number for _, number in shown], height=0.7, color=_BLUE)
        axes.bar_label(bars, [f"{number:,}" for _, number in shown], padding=4)
        axes.set_yticks(list(places), [name for name, _ in shown])
        axes.set_ylim(max(len(shown), 3) - 0.5, -0.5)
        axes.margins(x=0.12)
        _count_axis(axes.xaxis)
        axes.set_xlabel("posts and comments")

    numbers = ", ".join(f"{name} {number:,}" for name, number in shown)
    alt = f"Posts and comments by language, where the script decides it: {numbers}."
    return Plot(PLOTS[2], alt, _png(draw))


def _png(draw: Callable[[Any], None]) -> bytes:
    # Only an export draws, and loading matplotlib takes as long as loading all the rest.
    from matplotlib import style  # noqa: PLC0415
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    with style.context(["default", dict(_STYLE)]):
        figure = Figure(figsize=_SIZE, dpi=_DPI, layout="constrained")
        FigureCanvasAgg(figure)
        draw(figure.subplots())
        target = io.BytesIO()
        figure.savefig(target, format="png", metadata={"Software": None}, transparent=True)
    return target.getvalue()


def _count_axis(axis: Any) -> None:
    """Whole numbers with thousands parted, from 0, over a faint grid line each."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415

    axis.set_major_locator(MaxNLocator(nbins=4, integer=True, min_n_ticks=1))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axis.grid(visible=True, color=_INK, alpha=0.25, linewidth=0.6)
    axis.axes.set_axisbelow(True)


def _time_ticks(axes: Any, first: int, last: int) -> None:
    """Months as ``2022-10`` where few are shown, else years."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415

    span = last - first + 1
    if span <= 18:
        months = range(first, last + 1, -(-span // 7))
        axes.set_xticks([(month + 0.5) / 12 for month in months], [_month_name(month) for month in months])
    else:
        axes.xaxis.set_major_locator(MaxNLocator(nbins=9, integer=True))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))


def _yearly(months: Mapping[int, int]) -> dict[int, int]:
    years: dict[int, int] = {}
    for month, number in months.items():
        years[month // 12 * 12] = years.get(month // 12 * 12, 0) + number
    return years


def _month_index(month: str) -> int:
    """Months since the year 0."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _month_name(index: int) -> str:
    return f"{index // 12:04}-{index % 12 + 1:02}"
