"""``postkeep import``."""

from pathlib import Path
from typing import Annotated

import typer

from scraper.cli import advice, options
from scraper.cli.moments import read_moment, read_selection
from scraper.cli.network import read_network
from scraper.cli.run import perform, workplace
from scraper.errors import UsageError
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report
from scraper.model.url import parse_url, without_credentials


def import_(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE|DIR",
            help="Folders, and files: WARC or WACZ, saved HTML, MHTML or HAR, the text of a page, ZIP or tar files of pages; with --memento URLs of posts, or prefixes such as 'https://careerly.co.kr/comments/*'.",
        ),
    ] = None,
    memento: Annotated[
        str | None,
        typer.Option(
            metavar="CDX-SERVER",
            help="Take posts from the web archive that lists its captures there: https://web.archive.org/cdx/search/cdx, or https://HOST/COLLECTION/cdx of a pywb.",
        ),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="TABLE",
            help="A CSV or TSV table of files, with a header: file (its path from the table), url, captured_at.",
        ),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Where the page was, if the file does not say; of several files a pattern with {name}, their name without its ending, {number}, the number in it, or {folder}.",
        ),
    ] = None,
    captured_at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="When it was saved, if the file does not say: 2023-05-01T09:00:00+09:00."
        ),
    ] = None,
    as_public: Annotated[
        bool,
        typer.Option(
            "--as-public",
            help="State that signed-out readers see what a member saved or asked for with a cookie or a password; kept in decisions.jsonl.",
        ),
    ] = False,
    skipped: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="List each capture and file that is passed over there, one line of JSON each: url, captured_at, file, reason.",
        ),
    ] = None,
    host: options.Host = None,
    match: options.Match = None,
    since: options.Since = None,
    until: options.Until = None,
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    connect_to: options.ConnectTo = None,
    cacert: options.CaCert = None,
    allow_host: options.AllowHost = None,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
    log_format: options.LogAs = options.LogFormat.TEXT,
) -> None:
    """Take pages that were saved elsewhere into the archive. Makes the archive if need be.

    Example: postkeep import saved.html --url https://careerly.co.kr/qnas/2625

    Example: postkeep import pages/ --url 'https://careerly.co.kr/comments/{name}'

    Example: postkeep import --memento https://web.archive.org/cdx/search/cdx https://careerly.co.kr/comments/70434
    """

    def job(progress: Progress) -> Report:
        selection = read_selection(host or [], match or [], since, until)
        if memento is None:
            from scraper.jobs.imports.files import ImportOptions, import_files

            files = [_file(source) for source in sources or []]
            if table is None:
                files = list(options.some(files, "a FILE or a folder, or a table of files with --from"))
            saved_at = None if captured_at is None else read_moment("--captured-at", captured_at)
            return import_files(
                files,
                workplace(archive, progress),
                url=url,
                captured_at=saved_at,
                selection=selection,
                options=ImportOptions(as_public, skipped, table),
            )
        if as_public:
            raise UsageError(
                "--as-public is for files: a web archive is asked by nobody in particular. Leave it out."
            )
        if table is not None:
            raise UsageError(
                "--from names a table of files, where --memento takes URLs. Leave one of them out."
            )
        if url is not None or captured_at is not None:
            raise UsageError(
                "A web archive says itself where and when its pages were: leave out --url and --captured-at."
            )
        from scraper.jobs.mementos.job import import_mementos

        targets = list(options.some(sources or [], "a URL, or a prefix that ends in *"))
        network = read_network(connect_to, cacert, allow_host)
        return import_mementos(memento, targets, workplace(archive, progress, network), selection)

    loudness = options.loudness(verbose=verbose, quiet=quiet)
    perform(
        "import",
        job,
        as_json=as_json,
        log_format=log_format,
        loudness=loudness,
        advise=lambda report: advice.after_import(report, archive),
    )


def _file(source: str) -> Path:
    if parse_url(source):
        raise UsageError(
            f"{without_credentials(source)} is a URL, where import takes files. Visit it with `postkeep crawl`, or name the "
            "web archive that has it with --memento."
        )
    return Path(source)
