"""``postkeep publish``."""

from typing import Annotated

import typer

from scraper.cli.options import ArchiveOption, JsonOption, LogFormat, LogFormatOption, default_archive
from scraper.cli.run import perform, workplace
from scraper.errors import UsageError
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report


def publish(
    repo: Annotated[str, typer.Argument(metavar="OWNER/NAME", help="The dataset's name on the Hub.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List what would go out, and change nothing.")
    ] = False,
    without: Annotated[
        str | None, typer.Option(metavar="text", help="'text': only ids, metadata and metrics go out.")
    ] = None,
    archive: ArchiveOption = default_archive,
    as_json: JsonOption = False,
    log_format: LogFormatOption = LogFormat.TEXT,
) -> None:
    """Publish the dataset to the Hugging Face Hub: one commit, one tag, private.

    Example: postkeep publish my-name/careerly-posts
    """

    def job(progress: Progress) -> Report:
        # huggingface_hub takes long to load, and the other verbs do without it.
        from scraper.jobs.publish import PublishOptions  # noqa: PLC0415
        from scraper.jobs.publish import publish as publish_dataset  # noqa: PLC0415

        if without not in {None, "text"}:
            raise UsageError(f"--without {without}: only --without text is known.")
        options = PublishOptions(with_text=without is None, dry_run=dry_run)
        return publish_dataset(repo, workplace(archive, progress), options)

    perform("publish", job, as_json=as_json, log_format=log_format)
