"""``postkeep crawl``."""

from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from scraper.cli import advice, options
from scraper.cli.network import read_network
from scraper.cli.run import perform, read_target_list, workplace
from scraper.errors import UsageError
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report
from scraper.settings import SETTINGS_FILE
from scraper.settings_file import read_contact

if TYPE_CHECKING:
    from scraper.model.shard import Shard

_NO_CONTACT: Final = (
    "No contact is set, so no site can be visited. Say how the sites you visit can reach you: --contact you@example.org, "
    f'or for every run contact = "you@example.org" in {SETTINGS_FILE}.'
)


def crawl(
    context: typer.Context,
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
    contact: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Your e-mail address or web page, so that sites can reach you; where no archive is named, one is made with it.",
        ),
    ] = None,
    images: Annotated[
        bool, typer.Option("--images", help="Keep the images in the posts' bodies too.")
    ] = False,
    shard: Annotated[
        str | None,
        typer.Option(
            "--shard",
            metavar="I/N",
            help="Visit only what is on the I-th of N parts of all hosts: one machine, one archive each.",
        ),
    ] = None,
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

    Example: postkeep crawl https://careerly.co.kr/posts/73002 --contact you@example.org
    """

    def job(progress: Progress) -> Report:
        from scraper.jobs.crawl.job import crawl as crawl_posts
        from scraper.jobs.init import make_first

        listed = read_target_list(from_file) if from_file else ()
        named = options.some(chain(targets or [], listed), "a TARGET, or --from FILE")
        network = read_network(connect_to, cacert, allow_host)
        address = read_contact(contact or "", "--contact")
        part = None if shard is None else _shard(shard)
        is_named = options.is_chosen(context, "archive")
        place = workplace(archive, progress, network)
        if address:
            place = replace(place, settings=replace(place.settings, contact=address))
        if place.settings.contact is None:
            raise UsageError(_NO_CONTACT)
        made = make_first(archive, address, progress, is_named=is_named)
        report = crawl_posts(named, place, max_posts, with_images=images, shard=part)
        return replace(report, outputs=(*made, *report.outputs))

    loudness = options.loudness(verbose=verbose, quiet=quiet)
    perform(
        "crawl",
        job,
        as_json=as_json,
        log_format=log_format,
        loudness=loudness,
        advise=lambda report: advice.after_visits(report, archive),
    )


def _shard(text: str) -> "Shard":
    from scraper.model.shard import Shard

    shard = Shard.parse(text)
    if shard is None:
        raise UsageError(
            f"--shard {text}: that names no shard. Write which of how many it is, from 1: --shard 2/3 is the second of three."
        )
    return shard
