"""What a publication has to change on the Hub: a comparison of two lists of files, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from scraper.dataset.layout import MANIFEST, is_data_file, is_metadata_file
from scraper.errors import UsageError
from scraper.publish.folder import LocalFile
from scraper.publish.remote import RemoteFile

# What a repository may hold before the first publication: what the Hub itself and its web pages put there.
_USUAL: Final = frozenset(
    {".gitattributes", ".gitignore", "README.md", "LICENSE", "LICENSE.md", "LICENSE.txt"}
)


@dataclass(frozen=True, slots=True)
class Plan:
    """The files to add or replace, and the paths to delete."""

    additions: tuple[LocalFile, ...]
    deletions: tuple[str, ...]

    @property
    def changes_rows(self) -> bool:
        """Whether any Parquet file changes; where none does, nothing goes out."""
        paths = (*(file.path for file in self.additions), *self.deletions)
        return any(is_data_file(PurePosixPath(path)) for path in paths)

    @property
    def upload_bytes(self) -> int:
        """The size of all files to add, in bytes."""
        return sum(file.size for file in self.additions)


def plan(local: Mapping[str, LocalFile], remote: Mapping[str, RemoteFile]) -> Plan:
    """The changes that make the Hub's files those of the dataset folder.

    Files that no export could have written (a LICENSE, notes) stay as they are.
    """
    return Plan(
        additions=tuple(file for path, file in local.items() if not file.is_same_as(remote.get(path))),
        deletions=tuple(path for path in remote if path not in local and _is_ours(path)),
    )


def require_ours(repo: str, remote: Mapping[str, RemoteFile], published: frozenset[str] | None) -> None:
    """See to it that no file of somebody else is replaced.

    ``published`` are the paths of the data files in the manifest there; None where there is no manifest.

    Raises:
        UsageError: the repository holds another dataset, or data files that no publication put there.
    """
    if published is None:
        strange = sorted(remote.keys() - _USUAL)
        remedy = "Choose another name, or empty the repository."
    else:
        data = (path for path in remote if path.startswith("data/"))
        strange = sorted(path for path in data if path not in published)
        remedy = "Move them out of data/ (load_dataset would take them for rows), then publish again."
    if strange:
        shown = ", ".join(strange[:5]) + (f" and {len(strange) - 5} more" if len(strange) > 5 else "")
        raise UsageError(f"{repo} on the Hub holds what postkeep did not publish: {shown}. {remedy}")


def _is_ours(path: str) -> bool:
    name = PurePosixPath(path)
    return path == MANIFEST or is_data_file(name) or is_metadata_file(name)
