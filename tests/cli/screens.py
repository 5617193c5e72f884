"""Screens kept as text: ``tests/cli/screens/NAME.txt`` is what a person sees.

``KEEP_SCREENS=1 pytest tests/cli`` writes them anew; the change is then looked at, as any other.
"""

import os
import re
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import Final

from rich.cells import cell_len
from rich.console import Console

SCREENS: Final = Path(__file__).with_name("screens")
# Colours and the cursor's look change nothing of where letters stand.
_CONTROL: Final = re.compile(
    r"\x1b\[(?P<number>\d*)(?P<letter>[AK])|\x1b\[[?\d;]*[mhl]|(?P<text>\r|\n|[^\x1b])"
)
# The second cell of a wide letter.
_COVERED: Final = ""


def assert_screen(name: str, shown: str) -> None:
    """Hold what is shown against the screen that is kept under ``name``."""
    text = "".join(f"{line.rstrip()}\n" for line in shown.splitlines())
    path = SCREENS / f"{name}.txt"
    if os.environ.get("KEEP_SCREENS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


class Terminal(StringIO):
    """A terminal of so many columns and rows: what is written to it is letters and the few controls that rich sends."""

    def __init__(self, columns: int = 80, rows: int = 24) -> None:
        super().__init__()
        self.columns, self.rows = columns, rows
        self.encoding_name = "utf-8"

    @property
    def encoding(self) -> str:  # type: ignore[override] # StringIO has none to set
        return self.encoding_name

    def isatty(self) -> bool:
        return True

    def console(self) -> Console:
        """A console that writes here."""
        return Console(
            file=self,
            force_terminal=True,
            width=self.columns,
            height=self.rows,
            color_system="standard",
            _environ={},
        )

    @property
    def shown(self) -> str:
        """What stands on it, wrapped at its width, with all that scrolled away; it fails on a control that it does not know."""
        lines: list[list[str]] = [[]]
        row = column = 0
        written = self.getvalue()
        at = 0
        while at < len(written):
            match = _CONTROL.match(written, at)
            assert match, f"an escape that rich does not send: {written[at : at + 20]!r}"
            at = match.end()
            if match["letter"] == "A":
                row -= int(match["number"] or 1)
                assert row >= 0
            elif match["letter"] == "K":
                lines[row] = []
            elif match["text"] == "\r":
                column = 0
            elif match["text"] == "\n":
                row, column = row + 1, 0
            elif match["text"]:
                width = cell_len(match["text"])
                if column + width > self.columns:
                    row, column = row + 1, 0
                lines.extend([] for _ in range(row + 1 - len(lines)))
                line = lines[row]
                line.extend(" " * (column - len(line)))
                line[column : column + width] = [match["text"], *[_COVERED] * (width - 1)]
                column += width
            lines.extend([] for _ in range(row + 1 - len(lines)))
        return "".join(chain.from_iterable([*line, "\n"] for line in lines)).rstrip("\n")
