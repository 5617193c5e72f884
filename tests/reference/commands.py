"""docs/commands.md: every verb with what it takes, as its ``--help`` has it."""

from collections.abc import Iterator
from enum import Enum

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from scraper.cli.main import app
from tests.reference.markdown import WRITTEN, code, table


def page() -> str:
    """The page, as Markdown."""
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    verbs = "\n".join(_verb(name, command) for name, command in group.commands.items())
    return f"""\
{WRITTEN}# Every command

`postkeep VERB --help` says the same. Results go to stdout, progress to stderr.

{verbs}"""


def _verb(name: str, command: object) -> str:
    assert isinstance(command, TyperCommand)
    about, *examples = (command.help or "").split("\n\nExample: ")
    shown = "".join(f"`{' '.join(example.split())}`\n\n" for example in examples)
    return f"## `postkeep {name}`\n\n{' '.join(about.split())}\n\n{shown}" + table(
        ("", "what it means"), _parameters(command)
    )


def _parameters(command: TyperCommand) -> Iterator[tuple[str, str]]:
    for parameter in command.params:
        if isinstance(parameter, TyperArgument):
            yield code(str(parameter.metavar or parameter.name)), parameter.help or ""
        elif isinstance(parameter, TyperOption) and not parameter.hidden:
            value = "" if parameter.is_flag else f" {_value(parameter)}"
            default = f" Default: {code(str(parameter.default))}." if _has_default(parameter) else ""
            yield code("/".join(parameter.opts) + value), (parameter.help or "") + default


def _value(parameter: TyperOption) -> str:
    """What stands for the value of an option: its own word, the words that it may be, or its name."""
    kind = parameter.type_descriptor.annotation
    if parameter.metavar is None and isinstance(kind, type) and issubclass(kind, Enum):
        return "|".join(str(member.value) for member in kind)
    return parameter.metavar or str(parameter.name).upper()


def _has_default(parameter: TyperOption) -> bool:
    return not (parameter.is_flag or parameter.default is None or callable(parameter.default))
