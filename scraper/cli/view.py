"""What a verb shows, on stdout: in colours where that is a terminal that has them, elsewhere as plain lines."""

from collections.abc import Iterable, Mapping
from typing import Final

from rich.console import Console
from rich.text import Text

from scraper.cli.printing import encodable, print_lines, printable
from scraper.model.outcome import Span, Style, ViewLine

_STYLES: Final[Mapping[Style, str]] = {
    "plain": "",
    "strong": "bold",
    "dim": "dim",
    "good": "green",
    "warning": "yellow",
    "bad": "red",
}
# Stands between the columns of what another program reads; no text of a page makes one.
TAB: Final = Span("\t")


def print_view(lines: Iterable[ViewLine]) -> None:
    """Print what a verb shows, line by line as it comes."""
    console = Console()
    if not console.is_terminal:
        print_lines(map(_plain, lines))
        return
    for line in lines:
        if not isinstance(line, str) and TAB in line:
            # Meant for a program, whatever FORCE_COLOR says; and rich makes spaces of tabs.
            print_lines([_plain(line)])
            continue
        spans = [(line, "")] if isinstance(line, str) else [(span.text, _STYLES[span.style]) for span in line]
        text = Text.assemble(*((encodable(printable(each)), style) for each, style in spans))
        console.print(text, highlight=False, soft_wrap=True)


def _plain(line: ViewLine) -> str:
    if isinstance(line, str):
        return printable(line)
    return "".join(span.text if span == TAB else printable(span.text) for span in line)
