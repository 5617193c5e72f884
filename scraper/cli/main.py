"""The command ``postkeep``: its verbs, each with an example in its help."""

from typing import Annotated

import typer

from scraper.cli.grammar import Verbs
from scraper.cli.run import show_version
from scraper.cli.verbs.backup import backup
from scraper.cli.verbs.check import check
from scraper.cli.verbs.crawl import crawl
from scraper.cli.verbs.drift import drift
from scraper.cli.verbs.export import export
from scraper.cli.verbs.extract import extract
from scraper.cli.verbs.forget import forget
from scraper.cli.verbs.import_ import import_command
from scraper.cli.verbs.init import init
from scraper.cli.verbs.publish import publish
from scraper.cli.verbs.refresh import refresh
from scraper.cli.verbs.schedule import schedule
from scraper.cli.verbs.schema import schema
from scraper.cli.verbs.sites import sites

app = typer.Typer(
    name="postkeep",
    cls=Verbs,
    help="Keep a community's posts: visit politely, archive every answer, make a dataset of them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Keep a community's posts: visit politely, archive every answer, make a dataset of them."""


# In the order in which the help lists them.
app.command()(init)
app.command()(crawl)
app.command("import")(import_command)
app.command()(refresh)
app.command()(extract)
app.command()(export)
app.command()(publish)
app.command()(schedule)
app.command()(forget)
app.command()(check)
app.command()(drift)
app.command()(backup)
app.command()(sites)
app.command()(schema)


def run() -> None:
    """The entry point of the ``postkeep`` script."""
    app()
