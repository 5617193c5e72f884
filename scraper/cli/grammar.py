"""How a command line is understood: the verbs, and answers in JSON to lines that ask for JSON and are none of ours."""

import builtins
import sys
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from importlib import import_module
from keyword import kwlist
from typing import Any, Final, cast

from typer import Typer, TyperException
from typer.core import TyperGroup
from typer.main import get_command

from scraper.cli.printing import print_json
from scraper.errors import UsageError
from scraper.model.outcome import Item, Report

JSON_FLAG: Final = "--json"
# In the order in which the help lists them. Each is the function of its name in the module of its name.
_VERBS: Final = (
    "init",
    "crawl",
    "import",
    "refresh",
    "extract",
    "export",
    "publish",
    "schedule",
    "forget",
    "check",
    "drift",
    "backup",
    "status",
    "list",
    "show",
    "report",
    "browse",
    "probe",
    "record",
    "merge",
    "sites",
    "schema",
)
# A verb that is called so has its function and module with an underscore behind.
_NAMES_OF_PYTHON: Final = frozenset((*kwlist, *dir(builtins)))


class Verbs(TyperGroup):
    """The verbs of ``postkeep``, each imported when it is asked for, so that none waits for what another needs."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = cast("MutableMapping[str, Any]", _Commands())

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


class _Commands(Mapping[str, Any]):
    """The command of each verb."""

    def __getitem__(self, verb: str) -> Any:
        if verb not in _VERBS:
            raise KeyError(verb)
        name = f"{verb}_" if verb in _NAMES_OF_PYTHON else verb
        alone = Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        alone.command(verb)(getattr(import_module(f"scraper.cli.verbs.{name}"), name))
        return get_command(alone)

    def __iter__(self) -> Iterator[str]:
        return iter(_VERBS)

    def __len__(self) -> int:
        return len(_VERBS)


def _print_misunderstanding(command: str, message: str) -> None:
    reason = f"{message.rstrip('.')}. `postkeep --help` lists the verbs, and each has its own --help."
    print_json(command, Report(items=(Item(command, "failed", reason=reason),)), UsageError.exit_code)
