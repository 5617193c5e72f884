"""``postkeep extract``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scraper.cli import advice, options
from scraper.cli.moments import read_selection
from scraper.cli.run import perform, workplace
from scraper.errors import UsageError
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report

if TYPE_CHECKING:
    from scraper.jobs.engines.engine import Engine


def extract(
    context: typer.Context,
    more: Annotated[
        list[str] | None, typer.Argument(metavar="[PATH]...", help="More to read, after --from.")
    ] = None,
    sources: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="PATH",
            help="Read WARC or WACZ files where they are: paths, globs, folders, URLs. Needs --into.",
        ),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="DIR", help="Write the dataset of what --from names into DIR."),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, metavar="N", help="Read with N processes.")] = 1,
    host: options.Host = None,
    match: options.Match = None,
    since: options.Since = None,
    until: options.Until = None,
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
    log_format: options.LogAs = options.LogFormat.TEXT,
) -> None:
    """Read the whole archive into records again, without network; or, with --from, other people's WARC files into a dataset.

    Example: postkeep extract --archive archive

    Example: postkeep extract --from crawl/*.warc.gz --into dataset --workers 4
    """

    def job(progress: Progress) -> Report:
        if sources is None and (more or into):
            raise UsageError("Name the WARC files to read with --from, and the dataset's folder with --into.")
        if sources is None:
            from scraper.jobs.extract.anew import extract as extract_records

            return extract_records(workplace(archive, progress), workers)
        if into is None:
            raise UsageError("--from reads WARC files into a dataset: name its folder with --into DIR.")
        from scraper.jobs.extract.from_files import extract_from, outputs_in, owner_of
        from scraper.jobs.extract.inputs import inputs_of

        selection = read_selection(host or [], match or [], since, until)
        source = context.get_parameter_source("archive")
        owner = owner_of(archive, is_named=source is not None and source.name != "DEFAULT")
        with _engine(workers) as engine:
            return extract_from(
                inputs_of([*sources, *(more or [])], own=outputs_in(into)),
                into,
                workplace(archive, progress),
                engine,
                archive=owner,
                selection=selection,
            )

    def advise(report: Report) -> "list[str]":
        return list(advice.after_extract(report, archive) if into is None else ())

    loudness = options.loudness(verbose=verbose, quiet=quiet)
    perform("extract", job, as_json=as_json, log_format=log_format, loudness=loudness, advise=advise)


def _engine(workers: int) -> "Engine":
    from scraper.jobs.engines.engine import PlainEngine
    from scraper.jobs.engines.pool import PoolEngine

    return PlainEngine() if workers == 1 else PoolEngine(workers)
