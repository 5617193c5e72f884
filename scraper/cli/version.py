"""``postkeep --version``."""

import typer

from scraper import __version__


def show_version(asked: bool) -> None:
    """Print the version and leave, where the flag was given."""
    if asked:
        typer.echo(f"postkeep {__version__}")
        raise typer.Exit
