"""Questions that only the owner can answer: on a terminal, or by ``--yes`` beforehand."""

import sys
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
                    f"{question} Nobody is there to ask, so nothing was published. Say --yes to agree."
                )
            return typer.confirm(printable(question), err=True)
