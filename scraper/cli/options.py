"""Options that several verbs share."""

import shutil
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer

from scraper.cli.grammar import JSON_FLAG
from scraper.cli.loudness import Loudness
from scraper.errors import UsageError
from scraper.settings import ENVIRONMENT_PREFIX

_T = TypeVar("_T")

Archive = Annotated[
    Path,
    typer.Option(
        "--archive", envvar="POSTKEEP_ARCHIVE", metavar="DIR", file_okay=False, help="The archive folder."
    ),
]
Json = Annotated[bool, typer.Option(JSON_FLAG, help="Print one JSON object on stdout, for machines.")]


class LogFormat(StrEnum):
    """How a verb that works for long tells on stderr what it does."""

    TEXT = "text"
    JSON = "json"


Verbose = Annotated[
    bool, typer.Option("-v", "--verbose", help="Say more: each request, what robots.txt says, each wait.")
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing but errors.")]
LogAs = Annotated[
    LogFormat,
    typer.Option("--log-format", help="What stderr says: lines for people, or JSON lines for machines."),
]
ConnectTo = Annotated[
    list[str] | None,
    typer.Option(
        "--connect-to",
        envvar="POSTKEEP_CONNECT_TO",
        metavar="HOST1:PORT1:HOST2:PORT2",
        help="For tests: ask HOST2 for what is on HOST1, as curl does.",
    ),
]
CaCert = Annotated[
    Path | None,
    typer.Option(
        "--cacert",
        envvar="POSTKEEP_CACERT",
        metavar="FILE",
        help="For tests: trust the authorities in this PEM file too.",
    ),
]
AllowHost = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host",
        envvar="POSTKEEP_ALLOW_HOST",
        metavar="HOST",
        help="For tests: allow this host at any address and port.",
    ),
]
Host = Annotated[
    list[str] | None,
    typer.Option(
        "--host", metavar="HOST", help="Only posts on HOST and the hosts below it. May be repeated."
    ),
]
Match = Annotated[
    list[str] | None,
    typer.Option(
        "--match", metavar="GLOB", help="Only posts whose URL is GLOB; * is anything. May be repeated."
    ),
]
Since = Annotated[
    str | None, typer.Option("--since", metavar="TIME", help="Only captures made then or later: 2022-10-01.")
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="TIME", help="Only captures made before then: 2023-01-01.")
]
Without = Annotated[
    str | None,
    typer.Option("--without", metavar="text", help="'text': only ids, metadata and metrics go out."),
]
DEFAULT_ARCHIVE: Final = Path("archive")
_NARROWEST: Final = 20


def loudness(*, verbose: bool, quiet: bool) -> Loudness:
    """How much is said.

    Raises:
        typer.BadParameter: both more and less is asked for.
    """
    if verbose and quiet:
        raise typer.BadParameter("-v says more and -q says less: give one of the two.")
    if quiet:
        return Loudness.ERRORS
    return Loudness.MORE if verbose else Loudness.USUAL


def is_chosen(context: typer.Context, name: str) -> bool:
    """Whether a parameter was given, as a flag or by its variable; its default was not chosen by anybody."""
    source = context.get_parameter_source(name)
    return source is not None and source.name not in {"DEFAULT", "DEFAULT_MAP"}


def origin_of(context: typer.Context, name: str) -> str | None:
    """The flag or the variable that gives a parameter; None where it is its default."""
    if not is_chosen(context, name):
        return None
    source = context.get_parameter_source(name)
    is_flag = source is not None and source.name == "COMMANDLINE"
    return f"--{name}" if is_flag else f"{ENVIRONMENT_PREFIX}{name.upper()}"


def columns() -> int:
    """How wide what is shown may be: the terminal's width, COLUMNS where that is set, 80 where nothing says."""
    return max(shutil.get_terminal_size().columns, _NARROWEST)


def some(values: Iterable[_T], what: str) -> Iterator[_T]:
    """``values``, or UsageError where none was named."""
    rest = iter(values)
    for first in rest:
        return chain([first], rest)
    raise UsageError(f"Nothing was named. Give {what}.")


def with_text(without: str | None) -> bool:
    """Whether texts go out, as ``--without`` says.

    Raises:
        UsageError: it names something else than text.
    """
    if without not in {None, "text"}:
        raise UsageError(f"--without {without}: only --without text is known.")
    return without is None
