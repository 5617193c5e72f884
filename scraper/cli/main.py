"""The command ``postkeep``: its verbs, each with an example in its help."""

from typing import Annotated

import typer

from scraper import __version__
from scraper.cli.grammar import Verbs

app = typer.Typer(
    name="postkeep",
    cls=Verbs,
    help="Keep a community's posts: visit politely, archive every answer, make a dataset of them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"postkeep {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Keep a community's posts: visit politely, archive every answer, make a dataset of them."""


def run() -> None:
    """The entry point of the ``postkeep`` script."""
    app()
