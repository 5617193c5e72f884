"""The command ``postkeep``: its verbs, each with an example in its help."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from scraper.cli.grammar import Verbs
from scraper.cli.network import read_network
from scraper.cli.options import (
    AllowHostOption,
    ArchiveOption,
    CaCertOption,
    ConnectToOption,
    JsonOption,
    default_archive,
)
from scraper.cli.run import perform, read_target_list, show_version, workplace
from scraper.errors import UsageError
from scraper.jobs.backup import backup as back_up
from scraper.jobs.check import check as check_archive
from scraper.jobs.crawl import crawl as crawl_posts
from scraper.jobs.describe import describe_schema, describe_sites
from scraper.jobs.export import export as export_dataset
from scraper.jobs.extract import extract as extract_records
from scraper.jobs.import_files import import_files
from scraper.jobs.init import init as init_archive
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report

_T = TypeVar("_T")

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


@app.command()
def init(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="The folder; --archive by default.")
    ] = None,
    contact: Annotated[
        str | None, typer.Option(help="Your e-mail address or web page, for the sites you will visit.")
    ] = None,
    archive: ArchiveOption = default_archive,
    as_json: JsonOption = False,
) -> None:
    """Make an archive folder with its settings file.

    Example: postkeep init archive --contact you@example.org
    """
    perform("init", lambda _: init_archive(folder or archive, contact), as_json=as_json)


@app.command()
def crawl(
    targets: Annotated[list[str] | None, typer.Argument(metavar="TARGET", help="URLs of posts.")] = None,
    from_file: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Read more targets from FILE, one a line.")
    ] = None,
    max_posts: Annotated[int | None, typer.Option(min=1, metavar="N", help="Visit at most N posts.")] = None,
    archive: ArchiveOption = default_archive,
    connect_to: ConnectToOption = None,
    cacert: CaCertOption = None,
    allow_host: AllowHostOption = None,
    as_json: JsonOption = False,
) -> None:
    """Visit posts and keep them. Started again after being cut off, it goes on where it stopped.

    Example: postkeep crawl https://careerly.co.kr/posts/1024
    """

    def job(progress: Progress) -> Report:
        listed = read_target_list(from_file) if from_file else []
        named = _some([*(targets or []), *listed], "a TARGET, or --from FILE")
        network = read_network(connect_to or [], cacert, allow_host or [])
        return crawl_posts(named, workplace(archive, progress, network), max_posts)

    perform("crawl", job, as_json=as_json)


@app.command("import")
def import_command(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="WARC or WACZ files, saved HTML, or the text of a page."),
    ] = None,
    url: Annotated[str | None, typer.Option(help="Where the page was, if the file does not say.")] = None,
    captured_at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="When it was saved, if the file does not say: 2023-05-01T09:00:00+09:00."
        ),
    ] = None,
    archive: ArchiveOption = default_archive,
    as_json: JsonOption = False,
) -> None:
    """Take pages that were saved elsewhere into the archive; makes the archive if need be.

    Example: postkeep import saved.html --url https://careerly.co.kr/qnas/2625
    """

    def job(progress: Progress) -> Report:
        named = _some(files or [], "a FILE")
        saved_at = None if captured_at is None else _moment(captured_at)
        return import_files(named, workplace(archive, progress), url=url, captured_at=saved_at)

    perform("import", job, as_json=as_json)


@app.command()
def extract(
    workers: Annotated[int, typer.Option(min=1, metavar="N", help="Read with N processes.")] = 1,
    archive: ArchiveOption = default_archive,
    as_json: JsonOption = False,
) -> None:
    """Rebuild every record from the archive, without network, and list the pages that were rejected.

    Example: postkeep extract --archive archive
    """
    perform(
        "extract", lambda progress: extract_records(workplace(archive, progress), workers), as_json=as_json
    )


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write the dataset into.")],
    without: Annotated[
        str | None, typer.Option(metavar="text", help="'text': only ids, metadata and metrics go out.")
    ] = None,
    archive: ArchiveOption = default_archive,
    as_json: JsonOption = False,
) -> None:
    """Write the dataset as a folder that load_dataset opens.

    Example: postkeep export dataset
    """

    def job(progress: Progress) -> Report:
        if without not in {None, "text"}:
            raise UsageError(f"--without {without}: only --without text is known.")
        return export_dataset(folder, workplace(archive, progress), with_text=without is None)

    perform("export", job, as_json=as_json)


@app.command()
def check(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended.")] = False,
    archive: ArchiveOption = default_archive,
    as_json: JsonOption = False,
) -> None:
    """Say whether the archive is whole, and what is wrong with what.

    Example: postkeep check --repair
    """
    perform(
        "check", lambda progress: check_archive(workplace(archive, progress), repair=repair), as_json=as_json
    )


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to put the copy into.")],
    archive: ArchiveOption = default_archive,
    as_json: JsonOption = False,
) -> None:
    """Copy what the WARC files cannot rebuild: state, decisions, ledger, pseudonym key and settings.

    Example: postkeep backup /mnt/backup/postkeep
    """
    perform("backup", lambda progress: back_up(folder, workplace(archive, progress)), as_json=as_json)


@app.command()
def sites(as_json: JsonOption = False) -> None:
    """List the sites that postkeep can read.

    Example: postkeep sites
    """
    perform("sites", lambda _: describe_sites(), as_json=as_json)


@app.command()
def schema(as_json: JsonOption = False) -> None:
    """List the dataset's tables and columns.

    Example: postkeep schema
    """
    perform("schema", lambda _: describe_schema(), as_json=as_json)


def run() -> None:
    """The entry point of the ``postkeep`` script."""
    app()


def _some(values: list[_T], what: str) -> list[_T]:
    if not values:
        raise UsageError(f"Nothing was named. Give {what}.")
    return values


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"--captured-at {text}: write it as an ISO 8601 time, such as 2023-05-01T09:00:00+09:00."
        raise UsageError(message) from error
    if moment.tzinfo is None:
        raise UsageError(f"--captured-at {text}: add time and zone, such as 2023-05-01T09:00:00+09:00.")
    return moment.astimezone(UTC)
