"""Small charts as inline SVG: no script, no style of their own, the numbers in their text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scraper.viewer.html import Html, tag

_WIDTH: Final = 640
_HEIGHT: Final = 150
_BASE: Final = 120
_TOP: Final = 18
_WIDEST_BAR: Final = 40
_ROW: Final = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a number from 0 up, and the words for it."""

    label: str
    value: float
    words: str


def bars(title: str, values: Sequence[Bar]) -> Html:
    """Upright bars from left to right, the first and the last labelled, the tallest with its number; nothing where there are none."""
    if not values:
        return tag("p", "Nothing yet.", class_="nothing")
    tallest = max(bar.value for bar in values) or 1.0
    step = _WIDTH / len(values)
    width = min(step * 0.8, _WIDEST_BAR)
    drawn = []
    for number, bar in enumerate(values):
        height = max(1.0 if bar.value else 0.0, (_BASE - _TOP) * bar.value / tallest)
        drawn.append(
            tag(
                "rect",
                tag("title", bar.words),
                x=f"{number * step + (step - width) / 2:.1f}",
                y=f"{_BASE - height:.1f}",
                width=f"{width:.1f}",
                height=f"{height:.1f}",
            )
        )
    peak = max(range(len(values)), key=lambda number: values[number].value)
    labels = [
        _label(step / 2, _HEIGHT - 8, values[0].label),
        _label((peak + 0.5) * step, _TOP - 6, values[peak].words),
    ]
    if len(values) > 1:
        labels.append(_label(_WIDTH - step / 2, _HEIGHT - 8, values[-1].label))
    line = tag("line", x1="0", x2=str(_WIDTH), y1=str(_BASE), y2=str(_BASE))
    return _drawing(title, _HEIGHT, [*drawn, line, *labels])


def share(title: str, parts: Sequence[Bar]) -> Html:
    """One lying bar, cut in proportion; the words stand below it as a list, which needs no colours."""
    total = sum(bar.value for bar in parts)
    if not total:
        return tag("p", "Nothing yet.", class_="nothing")
    drawn, begun = [], 0.0
    for number, bar in enumerate(parts):
        length = _WIDTH * bar.value / total
        drawn.append(
            tag(
                "rect",
                tag("title", bar.words),
                x=f"{begun:.1f}",
                y="0",
                width=f"{max(0.0, length - 1):.1f}",
                height=str(_ROW),
                class_=f"part-{number}",
            )
        )
        begun += length
    legend = [
        tag("li", tag("span", class_=f"key part-{number}"), bar.words)
        for number, bar in enumerate(parts)
        if bar.value
    ]
    return tag("div", _drawing(title, _ROW, drawn), tag("ul", *legend, class_="legend"))


def _label(x: float, y: float, text: str) -> Html:
    anchor = "start" if x < _WIDTH / 5 else "end" if x > _WIDTH * 4 / 5 else "middle"
    place = {"start": 0.0, "end": float(_WIDTH), "middle": x}[anchor]
    return tag("text", text, x=f"{place:.1f}", y=str(y), text_anchor=anchor)


def _drawing(title: str, height: int, children: Sequence[Html]) -> Html:
    return tag("svg", tag("title", title), *children, viewBox=f"0 0 {_WIDTH} {height}", role="img")
