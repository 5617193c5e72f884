"""``postkeep list``."""

import sys
from collections.abc import Iterable
from dataclasses import asdict
from enum import StrEnum
from itertools import chain, islice
from typing import Annotated, TypeVar

import typer

from scraper.cli import advice, options
from scraper.cli.run import perform
from scraper.errors import UsageError
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report

_T = TypeVar("_T")


class State(StrEnum):
    """What is known of whether a post still stands."""

    LIVE = "live"
    GONE = "gone"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


class Access(StrEnum):
    """How far a post could be read by anybody."""

    FULL = "full"
    PARTIAL = "partial"
    GATED = "gated"
    UNKNOWN = "unknown"


def list_(
    site: Annotated[
        list[str] | None,
        typer.Option(
            "--site", metavar="SITE", help="Only posts of this site. May be repeated, as all below."
        ),
    ] = None,
    state: Annotated[
        list[State] | None, typer.Option("--state", help="Only posts that are so at their source.")
    ] = None,
    access: Annotated[
        list[Access] | None, typer.Option("--access", help="Only posts that can be read so far.")
    ] = None,
    month: Annotated[
        list[str] | None,
        typer.Option(
            "--month", metavar="2023-05", help="Only posts of this month or year (UTC), or 'undated'."
        ),
    ] = None,
    failed: Annotated[
        bool,
        typer.Option("--failed", help="List instead the pages that no post came of, each with its reason."),
    ] = False,
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    as_json: options.Json = False,
) -> None:
    """List the posts of the archive, a line each. Into a pipe they go with tabs between the columns.

    Example: postkeep list --month 2023-05 --state gone
    """

    def job(_: Progress) -> Report:
        from scraper.cli.screens.listing import (
            failure_lines,
            failure_screen,
            listing_lines,
            listing_screen,
        )
        from scraper.jobs.look.committed import word_of_run
        from scraper.jobs.look.listing import Choice, listed_failures, listed_posts

        choice = Choice(tuple(site or ()), tuple(state or ()), tuple(access or ()), tuple(month or ()))
        is_terminal = sys.stdout.isatty()
        if failed:
            if not choice.is_everything:
                raise UsageError(
                    "--failed lists pages that no post came of, so it goes with no other choice."
                )
            failures, note = _begun(listed_failures(archive), "No page failed, was refused or was rejected.")
            shown = failure_screen(failures, options.columns()) if is_terminal else failure_lines(failures)
            return Report(data={"failed": failures}, view=shown, summary=note)
        empty = "No post of the archive is so."
        if choice.is_everything:
            empty = f"No posts are listed in the archive. What it keeps is told by: {advice.command(archive, 'status')}"
        posts, note = _begun(listed_posts(archive, choice), empty)
        listed = listing_screen(posts, options.columns()) if is_terminal else listing_lines(posts)
        return Report(data={"posts": map(asdict, posts)}, view=listed, summary=(*note, *word_of_run(archive)))

    perform("list", job, as_json=as_json)


def _begun(each: Iterable[_T], empty: str) -> tuple[Iterable[_T], tuple[str, ...]]:
    """The same items, the first of them made already, so that a mistake is told before anything is printed; and what to say where there is none."""
    items = iter(each)
    first = list(islice(items, 1))
    return chain(first, items), () if first else (empty,)
