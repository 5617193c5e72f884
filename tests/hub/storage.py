"""What a Hub stores: repositories of commits, refs to them, and large files by their digest. In memory."""

import hashlib
import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

MAIN: Final = "main"
# The Hub gives every new data repository this file; it decides what is stored by digest.
ATTRIBUTES: Final = b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"
_EPOCH: Final = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
_LARGE: Final = 10 * 2**20

Visibility = Literal["private", "public"]


class StaleParentError(Exception):
    """The branch has moved on since the commit that was named as its head (HTTP 412)."""


class TakenError(Exception):
    """A name is in use (HTTP 409)."""


class UnknownRevisionError(Exception):
    """No branch, tag or commit has this name."""


class UnknownEntryError(Exception):
    """No file has this path."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a commit: its bytes, or for a large one only digest and size."""

    size: int
    content: bytes | None = None
    sha256: str | None = None

    @staticmethod
    def of(content: bytes) -> "StoredFile":
        return StoredFile(len(content), content=content)

    @property
    def blob_id(self) -> str:
        """The id git gives it; of a large file, that of its pointer."""
        if self.content is not None:
            return git_blob_id(self.content)
        return git_blob_id(
            f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.sha256}\nsize {self.size}\n".encode()
        )


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit with the whole tree as it then was."""

    oid: str
    parent: str | None
    files: Mapping[str, StoredFile]
    title: str
    description: str
    at: datetime

    @property
    def time(self) -> str:
        return self.at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


@dataclass(slots=True)
class Repository:
    """One dataset repository. ``large`` are its large files by digest, whether or not a commit has them.

    ``xet_hashes`` are the names, by digest, of those that were brought to a Xet store.
    """

    name: str
    visibility: Visibility
    gated: str | bool = False
    commits: dict[str, Commit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    converts: dict[str, str] = field(default_factory=dict)
    pulls: dict[str, str] = field(default_factory=dict)
    large: dict[str, bytes] = field(default_factory=dict)
    xet_hashes: dict[str, str] = field(default_factory=dict)
    now: datetime = _EPOCH
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self._add({".gitattributes": StoredFile.of(ATTRIBUTES)}, "initial commit", "", parent=None)

    @property
    def head(self) -> Commit:
        return self.commits[self.branches[MAIN]]

    def content(self, file: StoredFile) -> bytes:
        return file.content if file.content is not None else self.large[file.sha256 or ""]

    def resolve(self, revision: str) -> Commit:
        """The commit of a branch, tag, ref or oid."""
        named = {
            **{f"refs/heads/{name}": oid for name, oid in self.branches.items()},
            **{f"refs/tags/{name}": oid for name, oid in self.tags.items()},
            **self.branches,
            **self.tags,
            **self.converts,
            **self.pulls,
        }
        if revision in named:
            return self.commits[named[revision]]
        found = [
            oid
            for oid in self.commits
            if re.fullmatch("[0-9a-f]{7,40}", revision) and oid.startswith(revision)
        ]
        if not found:
            raise UnknownRevisionError(revision)
        return self.commits[found[0]]

    def history(self, revision: str) -> list[Commit]:
        """A commit and those before it, newest first."""
        commit: Commit | None = self.resolve(revision)
        found = []
        while commit is not None:
            found.append(commit)
            commit = self.commits.get(commit.parent) if commit.parent else None
        return found

    def commit(
        self,
        additions: Mapping[str, StoredFile],
        deletions: Iterable[str],
        *,
        title: str,
        description: str,
        parent: str | None,
    ) -> Commit:
        """Move the main branch on by one commit, if its head is still ``parent`` or none is named."""
        if parent is not None and not self.branches[MAIN].startswith(parent):
            raise StaleParentError
        files = dict(self.head.files)
        for path in deletions:
            if path not in files:
                raise UnknownEntryError(path)
            del files[path]
        return self._add({**files, **additions}, title, description, parent=self.branches[MAIN])

    def squash(self, message: str) -> Commit:
        """Replace the history of the main branch by one commit of the same files; what no ref leads to is gone."""
        title, _, description = message.partition("\n\n")
        squashed = self._add(self.head.files, title, description, parent=None)
        self.forget_unreachable()
        return squashed

    def tag(self, name: str, revision: str) -> None:
        if name in self.tags:
            raise TakenError(name)
        self.tags[name] = self.resolve(revision).oid

    def forget_unreachable(self) -> None:
        refs = (*self.branches.values(), *self.tags.values(), *self.converts.values(), *self.pulls.values())
        reachable = {commit.oid for ref in refs for commit in self.history(ref)}
        self.commits = {oid: commit for oid, commit in self.commits.items() if oid in reachable}

    def _add(
        self, files: Mapping[str, StoredFile], title: str, description: str, parent: str | None
    ) -> Commit:
        self.now += timedelta(seconds=1)
        oid = hashlib.sha1(f"{self.name} {next(self.numbers)} {parent} {title}".encode()).hexdigest()
        commit = Commit(oid, parent, dict(files), title, description, self.now)
        self.commits[oid] = commit
        self.branches[MAIN] = oid
        return commit


def git_blob_id(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def is_large(path: str, size: int) -> bool:
    """Whether the Hub stores a file by digest."""
    return path.endswith(".parquet") or size > _LARGE
