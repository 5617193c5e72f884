"""docs/accuracy.md and its plot, made of the figures that a run kept."""

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

from tests.conftest import REPOSITORY

FIGURES: Final = REPOSITORY / "docs" / "accuracy.json"
DOCUMENT: Final = REPOSITORY / "docs" / "accuracy.md"
PLOT: Final = REPOSITORY / "docs" / "accuracy.svg"
BEGIN: Final = "<!-- accuracy: written by `make eval` with --write -->\n"
END: Final = "<!-- accuracy: end -->"

_OURS: Final = "postkeep"
_WIDTH, _LABEL, _ROW, _TOP = 1000, 430, 26, 50
_STYLE: Final = """
    text { fill: #57606a; font-size: 13px; }
    .line { stroke: #57606a55; } .goal { stroke: #bf8700; stroke-width: 2; }
    .peer { fill: #57606a88; } .peer:hover { fill: #57606a; } .ours { fill: #1f883d; }
    @media (prefers-color-scheme: dark) { text { fill: #c9d1d9; } .line { stroke: #9da7b355; } .peer { fill: #9da7b388; } .ours { fill: #3fb950; } }
"""


def load() -> dict[str, Any]:
    """The figures that ``--write`` kept."""
    figures: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return figures


def section(kept: Mapping[str, Any]) -> str:
    """All that is measured, as it stands in the document."""
    parts = [
        "\n![Each figure of postkeep, its goal and its peers](accuracy.svg)\n",
        _table(kept),
        "\n## By platform\n",
        _platforms(kept["platforms"]),
        "\n## What a page is\n",
        _confusion(kept["confusion"], "page_type"),
        *_gates(kept.get("gates", {})),
        "\n## Errors by kind\n",
        _errors(kept["errors"]),
        "\n## Pages per CPU second\n",
        _speeds(kept["speeds"]),
        "\n## What was measured\n",
        _measured(kept),
    ]
    return "\n".join(parts) + "\n"


def _table(kept: Mapping[str, Any]) -> str:
    readers = list(kept["readers"])
    lines = [
        f"| pages | | what | goal | {' | '.join(f'**{name}**' if name == _OURS else name for name in readers)} |",
        "|---" * (4 + len(readers)) + "|",
    ]
    before = ""
    for row in kept["figures"]:
        corpus = row["corpus"] if row["corpus"] != before else ""
        before = row["corpus"]
        values = " | ".join(_value(row, name) for name in readers)
        lines.append(f"| {corpus} | {row['pages']} | {row['what']} | {_goal(row)} | {values} |")
    return "\n".join(lines)


def _value(row: Mapping[str, Any], reader: str) -> str:
    value = row["values"].get(reader)
    if value is None:
        return ""
    shown = f"{value:.3f}"
    return f"**{shown}**" if reader == _OURS else shown


def _goal(row: Mapping[str, Any]) -> str:
    return "" if row["goal"] is None else f"{'≤' if row['less'] else '≥'} {row['goal']:g}"


def _platforms(platforms: Mapping[str, Mapping[str, Any]]) -> str:
    lines = [
        "| threads-ld, stripped | pages | comments F1 | authors | dates | reply edges F1 |",
        "|---|---|---|---|---|---|",
    ]
    for name, row in platforms.items():
        held = " (held out)" if row["held"] else ""
        shown = " | ".join(f"{row[key]:.3f}" for key in ("f1", "authors", "dates", "edges_f1"))
        lines.append(f"| {name}{held} | {row['pages']} | {shown} |")
    return "\n".join(lines)


def _confusion(confusion: Mapping[str, Mapping[str, int]], corner: str) -> str:
    kinds = sorted(
        {kind for row in confusion.values() for kind in row}, key=lambda kind: (kind == "refused", kind)
    )
    lines = [f"| {corner} | {' | '.join(kinds)} |", "|---" * (1 + len(kinds)) + "|"]
    lines += (
        f"| {name} | {' | '.join(str(row.get(kind, '')) for kind in kinds)} |"
        for name, row in confusion.items()
    )
    return "\n".join(lines)


def _gates(matrices: Mapping[str, Mapping[str, Mapping[str, int]]]) -> Iterator[str]:
    """What is withheld of pages, and what is told of it."""
    if matrices:
        yield "\n## What is withheld\n"
        yield (
            "Pages labelled by hand (`tests/eval/gate_pages.py`): how many of each label (rows) are told as what (columns). The replicas are our own,\n"
            "and show that each kind of gate is known, not how often gates of other sites are. A page whose data says that it is not free is told as one that\n"
            "withholds words, though all of them may be there for those who came without an account."
        )
    for name, matrix in matrices.items():
        yield "\n" + _confusion(matrix, name)


def _errors(errors: Mapping[str, int]) -> str:
    ranked = sorted(errors.items(), key=lambda error: (-error[1], error[0]))
    return "\n".join(
        ["| kind | how many |", "|---|---|", *(f"| {kind} | {count} |" for kind, count in ranked)]
    )


def _speeds(speeds: Mapping[str, Mapping[str, float]]) -> str:
    corpora = list(next(iter(speeds.values())))
    lines = [f"| | {' | '.join(corpora)} |", "|---" * (1 + len(corpora)) + "|"]
    for reader, row in speeds.items():
        lines.append(f"| {reader} | {' | '.join(_speed(row[name]) for name in corpora)} |")
    return "\n".join(lines)


def _speed(pages: float) -> str:
    return f"{pages:.0f}" if pages >= 10 else f"{pages:.1f}"


def _measured(kept: Mapping[str, Any]) -> str:
    readers = ", ".join(f"{name} {version}".strip() for name, version in kept["readers"].items())
    corpora = ", ".join(f"{name} `{digest}`" for name, digest in kept["digests"].items())
    return f"Readers: {readers}.\n\nCorpora, by digest: {corpora}."


def plot(kept: Mapping[str, Any]) -> str:
    """The figures that have a goal, or a peer, as SVG: one line a figure, a dot a reader."""
    rows = [row for row in kept["figures"] if not row["less"]]
    height = _TOP + _ROW * len(rows) + 20
    lines = [*_axis(height), *(part for at, row in enumerate(rows) for part in _dots(row, _TOP + _ROW * at))]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        'aria-labelledby="t d" font-family="system-ui, sans-serif">\n'
        '  <title id="t">How well pages are read</title>\n'
        f'  <desc id="d">{escape(_told(rows))}</desc>\n'
        f"  <style>{_STYLE}  </style>\n" + "".join(f"  {line}\n" for line in lines) + "</svg>\n"
    )


def _axis(height: int) -> Iterator[str]:
    yield f'<circle class="ours" cx="{_LABEL}" cy="12" r="5"/><text x="{_LABEL + 10}" y="16">postkeep</text>'
    yield f'<circle class="peer" cx="{_LABEL + 100}" cy="12" r="4"/><text x="{_LABEL + 110}" y="16">a peer</text>'
    yield f'<path class="goal" d="M{_LABEL + 180} 5v14"/><text x="{_LABEL + 190}" y="16">the goal</text>'
    for tenth in range(0, 11, 2):
        x = _x(tenth / 10)
        yield f'<path class="line" d="M{x} {_TOP - 14}V{height - 15}"/><text x="{x}" y="{_TOP - 18}" text-anchor="middle">{tenth / 10:g}</text>'


def _dots(row: Mapping[str, Any], y: int) -> Iterator[str]:
    label = escape(f"{row['corpus']}: {row['what']}")
    yield f'<text x="{_LABEL - 14}" y="{y + 4}" text-anchor="end">{label}</text>'
    if row["goal"] is not None:
        yield f'<path class="goal" d="M{_x(row["goal"])} {y - 7}v14"/>'
    for reader, value in sorted(row["values"].items(), key=lambda dot: dot[0] == _OURS):
        kind, radius = ("ours", 5) if reader == _OURS else ("peer", 4)
        title = f"<title>{escape(reader)} {value:.3f}</title>"
        yield f'<circle class="{kind}" cx="{_x(value)}" cy="{y}" r="{radius}">{title}</circle>'


def _x(value: float) -> float:
    return round(_LABEL + value * (_WIDTH - _LABEL - 30), 1)


def _told(rows: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(
        f"{row['corpus']}, {row['what']}: {', '.join(f'{name} {value:.3f}' for name, value in row['values'].items())}"
        for row in rows
    )
