"""Where things lie in an archive: its WARC files, and what else has a fixed name.

Names of WARC files are made here from the time of the run and a number, never from anything a page says. A file that is being
written has ``.open`` after its name.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from scraper.archive.state import STATE_FILE
from scraper.errors import UsageError
from scraper.settings import SETTINGS_FILE

WARC_FOLDER: Final = "warc"
KEY_FILE: Final = "pseudonym.key"
DECISIONS_FILE: Final = "decisions.jsonl"
PENDING_FILE: Final = "takedown.pending"
RECORDS_FILE: Final = "records.sqlite"
# Where a publication is built, with all that is needed meanwhile; the next to lock the archive removes what one that was killed left.
PUBLICATION_FOLDER: Final = "publication"
# What a dry run of a publication wrote to be looked at; it can be deleted, and a takedown does.
PREVIEW_FOLDER: Final = "publication-preview"
# What was published last, by repository; it can be deleted.
PUBLICATIONS_FILE: Final = "publications.json"
# What was written out of the archive, and where, one line of JSON each.
OUTPUTS_FILE: Final = "outputs.jsonl"
# Which searches of the Hub for what was taken down have found nothing; it can be deleted.
SEARCHES_FILE: Final = "hub-searches.json"
_PREFIX: Final = "postkeep-"
_SUFFIX: Final = ".warc.gz"
_OPEN: Final = ".open"


def is_archive(folder: Path) -> bool:
    """Whether a folder is an archive, if perhaps one in which nothing was kept yet."""
    return (folder / WARC_FOLDER).is_dir() or (folder / SETTINGS_FILE).is_file()


def is_used(archive: Path) -> bool:
    """Whether anything was ever kept in an archive."""
    return (archive / STATE_FILE).is_file() or bool(present_names(archive))


def require_archive(folder: Path) -> None:
    """Raise UsageError where a folder is no archive."""
    if is_archive(folder):
        return
    require_captures(folder)
    missing = "" if folder.exists() else " Where its disk is missing, mount that."
    message = (
        f"{folder} is no archive. Name one with --archive; or make one with `postkeep init`, and fill it with "
        f"`postkeep crawl` or `postkeep import`.{missing}"
    )
    raise UsageError(message)


def require_captures(folder: Path) -> None:
    """Raise UsageError where a folder has the state of an archive, and not its captures, as a backup alone has."""
    if (folder / STATE_FILE).is_file() and not (folder / WARC_FOLDER).is_dir():
        message = (
            f"{folder} is no archive as it stands: it has the state of one, as a backup has, and no {WARC_FOLDER}/ beside it. "
            f"Copy the WARC files to {folder / WARC_FOLDER}, then run: postkeep check --repair --archive {folder}"
        )
        raise UsageError(message)


def file_name(run_began: datetime, number: int) -> str:
    """The name of the ``number``-th part of a run."""
    return f"{_PREFIX}{run_began:%Y%m%d%H%M%S}-{number:05}{_SUFFIX}"


def open_path(archive: Path, name: str) -> Path:
    """Where a file lies while it is written."""
    return archive / WARC_FOLDER / (name + _OPEN)


def closed_path(archive: Path, name: str) -> Path:
    """Where a file lies once it was closed."""
    return archive / WARC_FOLDER / name


def present_path(archive: Path, name: str) -> Path | None:
    """Where a file lies now; None where it is gone."""
    # A writer may close the file between two looks, so the closed name is tried before and after the open one.
    closed = closed_path(archive, name)
    candidates = (closed, open_path(archive, name), closed)
    return next((path for path in candidates if path.is_file()), None)


def present_names(archive: Path) -> list[str]:
    """The names of all WARC files, without ``.open``, in the order in which they were made."""
    return sorted({path.name.removesuffix(_OPEN) for path in _paths(archive)})


def left_open(archive: Path) -> list[str]:
    """The names of the files that were not closed, without ``.open``."""
    return sorted(path.name.removesuffix(_OPEN) for path in _paths(archive) if path.suffix == _OPEN)


def _paths(archive: Path) -> Iterator[Path]:
    folder = archive / WARC_FOLDER
    return (path for path in folder.glob(f"{_PREFIX}*") if path.name.endswith((_SUFFIX, _SUFFIX + _OPEN)))
