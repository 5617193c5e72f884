"""``postkeep show``."""

from typing import Annotated

import typer

from scraper.cli import options
from scraper.cli.run import perform
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report


def show(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="ID|URL",
            help="A post_id or the end of one, a comment_id, or the URL of a post or a comment.",
        ),
    ],
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    as_json: options.Json = False,
) -> None:
    """Show one post with its thread, as the archive has it.

    Example: postkeep show https://careerly.co.kr/posts/73002
    """

    def job(_: Progress) -> Report:
        from scraper.cli.screens.thread import thread_screen
        from scraper.jobs.look.committed import word_of_run
        from scraper.jobs.look.thread import thread_of

        thread = thread_of(subject, archive)
        view = thread_screen(thread, options.columns())
        return Report(data={**thread}, view=view, summary=word_of_run(archive))

    perform("show", job, as_json=as_json)
