"""The rooms as one picture and one table, made from the imports: ``python -m tests.house.picture --write``."""

import argparse
import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from tests.conftest import REPOSITORY
from tests.house.imports import PACKAGE, Arrows, floors, room_arrows
from tests.marked import renew

PICTURE: Final = REPOSITORY / "docs" / "rooms.svg"
DOCUMENT: Final = REPOSITORY / "docs" / "how-it-works.md"
BEGIN: Final = "<!-- rooms: written by `python -m tests.house.picture --write` -->\n"
END: Final = "<!-- rooms: end -->"
GROUND: Final = ("model", "settings", "settings_table", "settings_file", "errors")

# Rooms that stand over one another, from left to right; a room that composes all of them is as wide as they are.
COLUMNS: Final = (
    ("fetch",),
    ("archive", "takedown"),
    ("page", "discussion", "sites", "reading"),
    ("records", "drift"),
    ("dataset", "publish"),
)
_WIDTH, _MARGIN = 1000, 20
_BOX, _HEIGHT, _FLOOR = 150, 44, 92
_STYLE: Final = """
    .room { fill: none; stroke: #57606a; stroke-width: 1.5; }
    .ground { fill: #1f883d22; stroke: #1f883d; stroke-width: 1.5; }
    .arrow { stroke: #57606a; stroke-width: 1.2; fill: none; }
    .head { fill: #57606a; }
    text { fill: #57606a; text-anchor: middle; }
    @media (prefers-color-scheme: dark) { .room, .arrow { stroke: #9da7b3; } .head { fill: #9da7b3; } text { fill: #c9d1d9; } .ground { stroke: #3fb950; fill: #3fb95022; } }
"""


@dataclass(frozen=True, slots=True)
class _Box:
    """A room on paper: the middle of its upper edge, and its width."""

    x: float
    y: float
    width: float = _BOX


def drawn() -> str:
    """The picture as SVG: each room stands above all that it imports; an arrow that others imply is left out."""
    arrows = _above_ground(room_arrows())
    boxes = _placed(arrows)
    bottom = max(box.y for box in boxes.values()) + _FLOOR
    ground = _Box(_WIDTH / 2, bottom, _WIDTH - 2 * _MARGIN)
    lines = [
        *(_arrow(boxes[room], boxes[target]) for room, target in _needed(arrows)),
        *(_arrow(box, _Box(box.x, bottom)) for room, box in boxes.items() if not arrows[room]),
        *(_room(room, box, "room") for room, box in boxes.items()),
        _room(", ".join(name for name in GROUND if not name.startswith("settings_")), ground, "ground"),
    ]
    height = bottom + _HEIGHT + _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:g}" role="img" '
        'aria-labelledby="t d" font-family="system-ui, sans-serif" font-size="17">\n'
        '  <title id="t">The rooms of postkeep</title>\n'
        f'  <desc id="d">{escape(_told(arrows))}</desc>\n'
        f"  <style>{_STYLE}  </style>\n"
        '  <defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path class="head" d="M0 0 8 4 0 8z"/></marker></defs>\n'
        + "".join(f"  {line}\n" for line in lines)
        + "</svg>\n"
    )


def table() -> str:
    """The rooms from the ground up, each with what it is for and what it imports, as a table in Markdown."""
    rows = ["", "| room | what it is for | imports |", "|---|---|---|"]
    arrows = _above_ground(room_arrows())
    for floor in floors(arrows):
        for room in floor:
            imports = ", ".join(f"`{target}`" for target in sorted(arrows[room])) or "the ground floor alone"
            rows.append(f"| `{room}/` | {_purpose(room)} | {imports} |")
    return "\n".join([*rows, "", ""])


def _purpose(room: str) -> str:
    """The first sentence of the room's docstring."""
    source = (PACKAGE / room / "__init__.py").read_text(encoding="utf-8")
    text = (ast.get_docstring(ast.parse(source)) or "").partition("\n\n")[0]
    return " ".join(text.replace("``", "`").split())


def _above_ground(arrows: Arrows) -> Arrows:
    return {room: targets - set(GROUND) for room, targets in arrows.items() if room not in GROUND}


def _needed(arrows: Arrows) -> Iterator[tuple[str, str]]:
    """The arrows that no way over other rooms implies."""
    reach: dict[str, frozenset[str]] = {}
    for floor in floors(arrows):
        for room in floor:
            reach[room] = arrows[room].union(*(reach[target] for target in arrows[room]))
    for room, targets in sorted(arrows.items()):
        for target in sorted(targets):
            if not any(target in reach[other] for other in targets - {target}):
                yield room, target


def _placed(arrows: Arrows) -> Mapping[str, _Box]:
    column_of = {room: number for number, rooms in enumerate(COLUMNS) for room in rooms}
    gap = _WIDTH / len(COLUMNS)
    boxes: dict[str, _Box] = {}
    for row, floor in enumerate(reversed(floors(arrows))):
        for room in floor:
            y = _MARGIN + row * _FLOOR
            column = column_of.get(room)
            wide = _Box(_WIDTH / 2, y, _WIDTH - 2 * _MARGIN)
            boxes[room] = wide if column is None else _Box(gap * (column + 0.5), y)
    return boxes


def _room(name: str, box: _Box, kind: str) -> str:
    left = box.x - box.width / 2
    return (
        f'<rect class="{kind}" x="{left:g}" y="{box.y:g}" width="{box.width:g}" height="{_HEIGHT}" rx="8"/>'
        f'<text x="{box.x:g}" y="{box.y + _HEIGHT / 2 + 6:g}">{escape(name)}</text>'
    )


def _arrow(upper: _Box, lower: _Box) -> str:
    """A curve from the lower edge of one box to the upper edge of another, straight down where it stands below."""
    start, end = upper.y + _HEIGHT, lower.y - 1
    bend = (end - start) / 2
    reach = upper.width / 2 - 8
    left = min(max(lower.x, upper.x - reach), upper.x + reach)
    return (
        f'<path class="arrow" d="M{left:g} {start:g}C{left:g} {start + bend:g} '
        f'{lower.x:g} {end - bend:g} {lower.x:g} {end:g}" marker-end="url(#a)"/>'
    )


def _told(arrows: Arrows) -> str:
    """The picture in words."""
    sentences = (
        f"{room} imports {', '.join(sorted(targets))}." for room, targets in sorted(arrows.items()) if targets
    )
    return f"Every room stands on {', '.join(GROUND)}. {' '.join(sentences)}"


def main() -> None:
    """Write the picture and the table, where that is asked for; else print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="renew docs/rooms.svg and docs/how-it-works.md")
    if parser.parse_args().write:
        PICTURE.write_text(drawn(), encoding="utf-8")
        renew(DOCUMENT, BEGIN, END, table())
    else:
        print(table())


if __name__ == "__main__":
    main()
