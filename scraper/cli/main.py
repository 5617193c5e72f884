"""The command ``postkeep``: its verbs, each with an example in its help."""

from pathlib import Path
from typing import Annotated, TypeVar

import typer

from scraper.cli.grammar import Verbs
from scraper.cli.moments import read_moment, read_selection
from scraper.cli.network import read_network
from scraper.cli.options import (
    AllowHostOption,
    ArchiveOption,
    CaCertOption,
    ConnectToOption,
    HostOption,
    JsonOption,
    MatchOption,
    SinceOption,
    UntilOption,
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
from scraper.jobs.import_memento import import_mementos
from scraper.jobs.init import init as init_archive
from scraper.jobs.judge import judge_politeness
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
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TARGET", help="URLs of posts, or of listings, feeds and sitemaps that lead to posts."
        ),
    ] = None,
    from_file: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Read more targets from FILE, one a line.")
    ] = None,
    max_posts: Annotated[int | None, typer.Option(min=1, metavar="N", help="Visit at most N posts.")] = None,
    images: Annotated[
        bool, typer.Option("--images", help="Keep the images in the posts' bodies too.")
    ] = False,
    archive: ArchiveOption = default_archive,
    connect_to: ConnectToOption = None,
    cacert: CaCertOption = None,
    allow_host: AllowHostOption = None,
    as_json: JsonOption = False,
) -> None:
    """Visit posts and keep them. Started again after being cut off, it goes on where it stopped.

    Example: postkeep crawl https://careerly.co.kr/posts/73002
    """

    def job(progress: Progress) -> Report:
        listed = read_target_list(from_file) if from_file else []
        named = _some([*(targets or []), *listed], "a TARGET, or --from FILE")
        network = read_network(connect_to or [], cacert, allow_host or [])
        place = workplace(archive, progress, network)
        return crawl_posts(named, place, max_posts, with_images=images)

    perform("crawl", job, as_json=as_json)


@app.command("import")
def import_command(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE",
            help="WARC or WACZ files, saved HTML, or the text of a page; with --memento URLs of posts, or prefixes such as 'https://careerly.co.kr/comments/*'.",
        ),
    ] = None,
    memento: Annotated[
        str | None,
        typer.Option(
            metavar="CDX-SERVER",
            help="Take posts from the web archive that lists its captures there: https://web.archive.org/cdx/search/cdx, or https://HOST/COLLECTION/cdx of a pywb.",
        ),
    ] = None,
    url: Annotated[str | None, typer.Option(help="Where the page was, if the file does not say.")] = None,
    captured_at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="When it was saved, if the file does not say: 2023-05-01T09:00:00+09:00."
        ),
    ] = None,
    host: HostOption = None,
    match: MatchOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    archive: ArchiveOption = default_archive,
    connect_to: ConnectToOption = None,
    cacert: CaCertOption = None,
    allow_host: AllowHostOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take pages that were saved elsewhere into the archive; makes the archive if need be.

    Example: postkeep import saved.html --url https://careerly.co.kr/qnas/2625

    Example: postkeep import --memento https://web.archive.org/cdx/search/cdx https://careerly.co.kr/comments/70434
    """

    def job(progress: Progress) -> Report:
        selection = read_selection(host or [], match or [], since, until)
        if memento is None:
            files = [Path(source) for source in _some(sources or [], "a FILE")]
            saved_at = None if captured_at is None else read_moment("--captured-at", captured_at)
            return import_files(
                files, workplace(archive, progress), url=url, captured_at=saved_at, selection=selection
            )
        if url is not None or captured_at is not None:
            raise UsageError(
                "A web archive says itself where and when its pages were: leave out --url and --captured-at."
            )
        targets = _some(sources or [], "a URL, or a prefix that ends in *")
        network = read_network(connect_to or [], cacert, allow_host or [])
        return import_mementos(memento, targets, workplace(archive, progress, network), selection)

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
    politeness: Annotated[
        bool,
        typer.Option("--politeness", help="Judge instead how the visited sites were treated, by the ledger."),
    ] = False,
    archive: ArchiveOption = default_archive,
    as_json: JsonOption = False,
) -> None:
    """Say whether the archive is whole, and what is wrong with what.

    Example: postkeep check --politeness
    """

    def job(progress: Progress) -> Report:
        if repair and politeness:
            raise UsageError("--repair mends files, and what was impolite stays so. Give one of the two.")
        if politeness:
            return judge_politeness(archive, progress)
        return check_archive(workplace(archive, progress), repair=repair)

    perform("check", job, as_json=as_json)


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
