"""What a run shows a person: a bar on a terminal, plain lines elsewhere, its report and its errors on stderr."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TaskID, TextColumn
from rich.progress import Progress as Bar
from rich.text import Text

from scraper.cli.log import JsonLog
from scraper.cli.printing import item_line, print_json, print_lines, printable
from scraper.jobs.progress import Progress
from scraper.model.outcome import Item, Report

_COLOURS: Final = {
    "done": "green",
    "failed": "red",
    "refused": "yellow",
    "rejected": "yellow",
    "skipped": "dim",
}


class LiveProgress(Progress):
    """Draws a job on stderr: a bar on a terminal, plain lines elsewhere, nothing when told to be quiet."""

    def __init__(self, *, quiet: bool) -> None:
        self._console = Console(stderr=True, quiet=quiet)
        self._bar = Bar(
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

    def wait(self, reason: str) -> None:
        """Print what is waited for."""
        _print_unbroken(self._console, Text(printable(f"{'waiting':<8} {reason}"), style="dim"))


def print_report(command: str, report: Report, *, as_json: bool, log: JsonLog | None = None) -> None:
    """Print a finished run: the JSON object on stdout, or the view and the outputs on stdout and a summary on stderr.

    Where a ``log`` is kept, that has the summary.
    """
    if log is not None:
        log.finish(report)
    if as_json:
        print_json(command, report, report.exit_code)
        return
    print_lines(printable(line) for line in (*report.view, *report.outputs))
    if log is not None:
        return
    for line in report.summary:
        _print_unbroken(Console(stderr=True), Text(printable(line)))
    counts = ", ".join(f"{count} {word}" for word, count in report.counts().items() if count)
    _print_unbroken(Console(stderr=True), Text(f"{command}: {counts or '0 done'}"))


def print_error(message: str) -> None:
    """A sentence on stderr, safe for the terminal."""
    _print_unbroken(Console(stderr=True), Text(f"postkeep: {printable(message)}", style="red"))


def _print_unbroken(console: Console, line: Text) -> None:
    """One line: it is the terminal that wraps it, so that it can be searched and copied."""
    if console.quiet:
        return
    if console.is_terminal:
        console.print(line, highlight=False, soft_wrap=True)
    else:
        # A file has no colours and no width, and a run may settle a thousand items a second.
        console.file.write(line.plain + "\n")
        console.file.flush()
