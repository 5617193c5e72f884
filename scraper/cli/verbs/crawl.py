"""``postkeep crawl``."""

from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from scraper.cli import advice, options
from scraper.cli.network import read_network
from scraper.cli.run import perform, read_target_list, workplace
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report


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
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    connect_to: options.ConnectTo = None,
    cacert: options.CaCert = None,
    allow_host: options.AllowHost = None,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
    log_format: options.LogAs = options.LogFormat.TEXT,
) -> None:
    """Visit posts and keep them. Started again after being cut off, it goes on where it stopped.

    Example: postkeep crawl https://careerly.co.kr/posts/73002
    """

    def job(progress: Progress) -> Report:
        from scraper.jobs.crawl.job import crawl as crawl_posts

        listed = read_target_list(from_file) if from_file else ()
        named = options.some(chain(targets or [], listed), "a TARGET, or --from FILE")
        network = read_network(connect_to, cacert, allow_host)
        place = workplace(archive, progress, network)
        return crawl_posts(named, place, max_posts, with_images=images)

    loudness = options.loudness(verbose=verbose, quiet=quiet)
    perform(
        "crawl",
        job,
        as_json=as_json,
        log_format=log_format,
        loudness=loudness,
        advise=lambda report: advice.after_visits(report, archive),
    )
