"""The preview of a publication, which lies in the archive: it holds of it what the card holds."""

import shutil
from pathlib import Path

from scraper.archive.disk import explained
from scraper.archive.files import PREVIEW_FOLDER


def remove_preview(archive: Path) -> None:
    """Remove the preview, and what a dry run that was killed left of one.

    Raises:
        StopError: it cannot be removed.
    """
    with explained(archive / PREVIEW_FOLDER):
        for path in archive.glob(f"{PREVIEW_FOLDER}*"):
            _remove(path)


def put_preview(built: Path, archive: Path) -> Path:
    """Give a folder that was built in the archive the place of the preview; gives that place.

    Raises:
        OSError: the archive cannot be written.
    """
    folder = archive / PREVIEW_FOLDER
    if folder.exists() or folder.is_symlink():
        _remove(folder)
    return built.rename(folder)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
