"""Questions that only the owner can answer: on a terminal, or by ``--yes`` beforehand."""

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import typer

from scraper.cli.printing import printable
from scraper.cli.terminal import LiveProgress
from scraper.errors import UsageError
from scraper.jobs.progress import Progress


def confirm(progress: Progress, question: str) -> bool:
    """Whether whoever sits at the terminal says yes, what is drawn out of the way meanwhile."""
    with _aside(progress):
        return typer.confirm(printable(question), err=True)


def _aside(progress: Progress) -> AbstractContextManager[None]:
    return progress.aside() if isinstance(progress, LiveProgress) else nullcontext()


@dataclass(frozen=True, slots=True)
class TerminalAnswers:
    """Asks on the terminal, the progress bar out of the way meanwhile; ``yes`` agrees to everything unasked."""

    progress: Progress
    yes: bool

    def agrees(self, question: str) -> bool:
        """Whether the owner says yes; what is agreed to unasked is shown all the same.

        Raises:
            UsageError: there is no terminal to ask on.
        """
        with _aside(self.progress):
            if self.yes:
                typer.echo(f"{printable(question)} --yes", err=True)
                return True
            if not sys.stdin.isatty():
                raise UsageError(
                    f"{question} Nobody is there to ask, so nothing was done. Say --yes to agree."
                )
            return typer.confirm(printable(question), err=True)

    def chooses(self, question: str, choices: Sequence[str]) -> int | None:
        """Which of ``choices`` the owner means; None where nobody is there to ask, is to be asked, or knows."""
        if self.yes or not sys.stdin.isatty():
            return None
        with _aside(self.progress):
            typer.echo(printable(question), err=True)
            for number, choice in enumerate(choices, start=1):
                typer.echo(printable(f"  {number}: {choice}"), err=True)
            number = -1
            while not 0 <= number <= len(choices):
                number = typer.prompt("Its number, or 0 to leave it", default=0, type=int, err=True)
        return number - 1 if number else None
