"""What a run prints: results to stdout, one JSON object with ``--json``, everything else to stderr."""

import json
import re
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Final, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn
from rich.text import Text

from scraper.cli.log import JsonLog
from scraper.model.outcome import Item, Report

# C0 and C1 controls, DEL, and the characters that turn the direction of text: a title must not drive a terminal.
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_COLOURS: Final = {
    "done": "green",
    "failed": "red",
    "refused": "yellow",
    "rejected": "yellow",
    "skipped": "dim",
}


def printable(text: str) -> str:
    """``text`` with control characters shown as escapes, and lone surrogates replaced."""
    visible = _CONTROL.sub(lambda match: f"\\x{ord(match.group()):02x}", text)
    return visible.encode("utf-8", "replace").decode()


def item_line(item: Item) -> str:
    """One line for one item: what became of it, which post it is, and why where that needs saying."""
    name = item.post_id or item.target
    if item.reason is None:
        said = name
    else:
        said = item.reason if item.reason.startswith(name) else f"{name}: {item.reason}"
    return printable(f"{item.outcome:<8} {said}")


def print_report(command: str, report: Report, *, as_json: bool, log: JsonLog | None = None) -> None:
    """Print a finished run: the JSON object on stdout, or the outputs on stdout and a summary on stderr.

    Where a ``log`` is kept, that has the summary.
    """
    if log is not None:
        log.finish(report)
    if as_json:
        print_json(command, report, report.exit_code)
        return
    _print_lines(printable(output) for output in report.outputs)
    if log is not None:
        return
    for line in report.summary:
        _print_unbroken(Console(stderr=True), Text(printable(line)))
    counts = ", ".join(f"{count} {word}" for word, count in report.counts().items() if count)
    _print_unbroken(Console(stderr=True), Text(f"{command}: {counts or '0 done'}"))


def print_json(command: str, report: Report, exit_code: int) -> None:
    """The one object that ``--json`` promises on stdout, item after item: there may be more than memory has room for."""
    head = {"command": command, "exit_code": exit_code, "counts": report.counts()}
    sys.stdout.write(f'{json.dumps(head)[:-1]}, "items": [')
    for number, item in enumerate(report.items):
        sys.stdout.write((", " if number else "") + json.dumps(asdict(item)))
    sys.stdout.write(f'], "outputs": {json.dumps(list(report.outputs))}}}\n')
    sys.stdout.flush()


def print_error(message: str) -> None:
    """A sentence on stderr, safe for the terminal."""
    _print_unbroken(Console(stderr=True), Text(f"postkeep: {printable(message)}", style="red"))


def _print_unbroken(console: Console, line: Text) -> None:
    """One line: it is the terminal that wraps it, so that it can be searched and copied."""
    console.print(line, highlight=False, soft_wrap=True)


def _print_lines(lines: Iterable[str]) -> None:
    """Lines on stdout, out of our hands when this returns; what its encoding lacks is shown as escapes."""
    encoding = sys.stdout.encoding or "utf-8"
    for line in lines:
        sys.stdout.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    sys.stdout.flush()


def print_traceback(error: Exception) -> None:
    """Where an error that nobody expected came from, on stderr, safe for the terminal."""
    for line in "".join(traceback.format_exception(error)).splitlines():
        sys.stderr.write(printable(line) + "\n")


class LiveProgress:
    """Draws a job on stderr: a bar on a terminal, plain lines elsewhere, nothing when told to be quiet."""

    def __init__(self, *, quiet: bool) -> None:
        self._console = Console(stderr=True, quiet=quiet)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task: TaskID | None = None
        self._doing = ""

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Keep the bar away, so that a question can be asked."""
        self._bar.stop()
        try:
            yield
        finally:
            self._bar.start()

    def expect(self, total: int, doing: str) -> None:
        """Start counting towards ``total``."""
        self._doing = doing
        self._task = self._bar.add_task(doing, total=total)

    def begin(self, target: str) -> None:
        """Say which target is in hand."""
        if self._task is not None:
            self._bar.update(self._task, description=printable(f"{self._doing} {target}"))

    def end(self, item: Item) -> None:
        """Print the settled item and move the bar."""
        _print_unbroken(self._console, Text(item_line(item), style=_COLOURS[item.outcome]))
        self.step()

    def step(self) -> None:
        """Move the bar."""
        if self._task is not None:
            self._bar.advance(self._task)
