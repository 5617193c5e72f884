"""``postkeep extract``."""

import os
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
        list[str] | None, typer.Argument(metavar="PATH", help="More to read, after --from.")
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
    base: Annotated[
        str | None,
        typer.Option(
            "--base", metavar="PATH", help="A folder or URL below which the paths in a list of --from lie."
        ),
    ] = None,
    cdx: Annotated[
        list[str] | None,
        typer.Option(
            "--cdx",
            metavar="PATH",
            help="Read only the records that these CDX or CDXJ indexes have of what --from names. May be repeated.",
        ),
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option(
            "--status", metavar="CODE", help="Of --cdx: only this status, as 200 or 2xx. May be repeated."
        ),
    ] = None,
    mime: Annotated[
        list[str] | None,
        typer.Option(
            "--mime", metavar="TYPE", help="Of --cdx: only this media type, as text/html. May be repeated."
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Read with N processes; without it, with one.")
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(
            "--ray",
            metavar="ADDRESS",
            help="Read --from on a Ray cluster: auto, HOST:PORT or ray://HOST:PORT; or on this machine's own with local.",
        ),
    ] = None,
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
    """Read the archive anew, or others' WARC files into a dataset. The archive is read into its records, without network; with --from nothing is copied.

    Example: postkeep extract --archive archive

    Example: postkeep extract --from crawl/*.warc.gz --into dataset --workers 4

    Example: postkeep extract --from crawl --cdx crawl/index.cdxj --host example.org --into dataset
    """

    def job(progress: Progress) -> Report:
        selection = read_selection(host or [], match or [], since, until)
        if sources is None and cdx is None:
            if (
                more
                or into
                or base
                or status
                or mime
                or ray
                or selection != read_selection([], [], None, None)
            ):
                raise UsageError(
                    "Name the WARC files to read with --from, and the dataset's folder with --into."
                )
            from scraper.jobs.extract.anew import extract as extract_records

            return extract_records(workplace(archive, progress), workers or 1)
        if into is None:
            raise UsageError("--from reads WARC files into a dataset: name its folder with --into DIR.")
        if (status or mime) and not cdx:
            raise UsageError("--status and --mime choose from an index: name one with --cdx.")
        from scraper.jobs.extract.by_index import IndexSelection, chosen_by_cdx
        from scraper.jobs.extract.from_files import extract_from, outputs_in, owner_of
        from scraper.jobs.extract.inputs import inputs_of

        named = [*(sources or []), *(more or [])]
        if cdx:
            chosen = IndexSelection(selection, tuple(status or ()), tuple(mime or ()))
            inputs = chosen_by_cdx(cdx, named, chosen)
        else:
            inputs = inputs_of(named, base, outputs_in(into))
        origin = context.get_parameter_source("archive")
        owner = owner_of(archive, is_named=origin is not None and origin.name != "DEFAULT")
        with _engine(workers, ray) as engine:
            place = workplace(archive, progress)
            return extract_from(inputs, into, place, engine, archive=owner, selection=selection)

    def advise(report: Report) -> "list[str]":
        if into is None:
            return list(advice.after_extract(report, archive))
        return list(advice.after_extract_from(report))

    loudness = options.loudness(verbose=verbose, quiet=quiet)
    perform("extract", job, as_json=as_json, log_format=log_format, loudness=loudness, advise=advise)


def _engine(workers: int | None, ray: str | None) -> "Engine":
    from scraper.jobs.engines.engine import PlainEngine
    from scraper.jobs.engines.pool import PoolEngine

    if ray is not None:
        from scraper.jobs.engines.ray_cluster import LOCAL
        from scraper.jobs.engines.ray_engine import RayEngine

        if workers is not None and ray != LOCAL:
            raise UsageError("--workers is for this machine; a Ray cluster that runs has a count of its own.")
        return RayEngine(ray, os.environ, workers)
    return PoolEngine(workers) if workers and workers > 1 else PlainEngine()
