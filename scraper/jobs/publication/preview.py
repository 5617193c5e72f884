"""What a publication would be, to be looked at before it is made: the card with what it shows, the files, and what stays behind.

It lies in the archive, since it holds of it what the card holds; a takedown removes it, and so may anybody.
"""

import csv
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from scraper.archive.disk import explained
from scraper.archive.files import PREVIEW_FOLDER
from scraper.archive.preview import put_preview
from scraper.dataset.layout import is_metadata_file
from scraper.publish.folder import DatasetFolder
from scraper.publish.plan import Plan
from scraper.publish.remote import RemoteFile

FILES: Final = "files.csv"
WITHHELD: Final = "withheld.csv"
# A spreadsheet takes UTF-8 for what it is by the mark alone.
_ENCODING: Final = "utf-8-sig"


def write_preview(
    archive: Path,
    dataset: DatasetFolder,
    standing: Mapping[str, RemoteFile],
    changes: Plan,
    withheld: Mapping[str, str],
) -> Path:
    """Write the preview of a dataset over the one before; gives its folder.

    ``standing`` are the files that stand in the repository, ``changes`` what would become of them, and ``withheld`` the posts that
    stay behind with a sentence that says why.

    Raises:
        StopError: the archive cannot be written.
    """
    with explained(archive / PREVIEW_FOLDER):
        built = Path(tempfile.mkdtemp(prefix=f"{PREVIEW_FOLDER}.", dir=archive))
        try:
            for path, file in dataset.files.items():
                if is_metadata_file(PurePosixPath(path)):
                    (built / path).parent.mkdir(exist_ok=True)
                    shutil.copyfile(file.source, built / path)
            _write_table(
                built / FILES, ("path", "bytes", "rows", "change"), _files(dataset, standing, changes)
            )
            _write_table(built / WITHHELD, ("post_id", "reason"), sorted(withheld.items()))
            return put_preview(built, archive)
        finally:
            shutil.rmtree(built, ignore_errors=True)


def _files(
    dataset: DatasetFolder, standing: Mapping[str, RemoteFile], changes: Plan
) -> Iterable[tuple[str, int | str, int | str, str]]:
    added = {file.path for file in changes.additions}
    for path, file in dataset.files.items():
        change = "unchanged" if path not in added else "changed" if path in standing else "new"
        yield path, file.size, "" if file.rows is None else file.rows, change
    yield from ((path, "", "", "deleted") for path in changes.deletions)


def _write_table(path: Path, head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding=_ENCODING, newline="") as file:
        os.fchmod(file.fileno(), 0o600)
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
