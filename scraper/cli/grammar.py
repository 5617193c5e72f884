"""Command lines that cannot be understood are answered in JSON too, where they ask for JSON."""

import sys
from collections.abc import Sequence
from typing import Any, Final

from typer import TyperException
from typer.core import TyperGroup

from scraper.cli.printing import print_json
from scraper.errors import UsageError
from scraper.model.outcome import Item, Report

JSON_FLAG: Final = "--json"


class Verbs(TyperGroup):
    """The verbs of ``postkeep``."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **options: Any) -> Any:
        """Run the command line, as ``TyperGroup.main`` does."""
        words = sys.argv[1:] if args is None else list(args)
        if JSON_FLAG not in words:
            return super().main(words, *more, **options)
        try:
            exit_code = super().main(words, *more, **{**options, "standalone_mode": False})
        except TyperException as error:
            describe = getattr(error, "format_message", error.__str__)
            _print_misunderstanding(words[0], describe())
            exit_code = UsageError.exit_code
        sys.exit(exit_code)


def _print_misunderstanding(command: str, message: str) -> None:
    reason = f"{message.rstrip('.')}. `postkeep --help` lists the verbs, and each has its own --help."
    print_json(command, Report(items=(Item(command, "failed", reason=reason),)), UsageError.exit_code)
