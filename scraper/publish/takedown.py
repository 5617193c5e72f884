"""What a takedown takes back on the Hub: tags and history that hold what was taken down.

A tag is affected when any commit that it leads to holds the subject, its own or an earlier one: git keeps them all for
as long as the tag stands. That is looked up in the files, never guessed.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

import pyarrow.parquet as pq

from scraper.dataset.layout import is_data_file
from scraper.errors import UsageError
from scraper.publish.answers import NotThereError
from scraper.publish.hub import Hub
from scraper.publish.remote import RemoteFile

# The columns whose values a tombstone can name: a post, a comment (or any item), an author.
_NAMING: Final = ("post_id", "comment_id", "item_id", "author_id")


@dataclass(frozen=True, slots=True)
class Traces:
    """Where taken-down subjects stand on the Hub.

    ``tags`` are those that lead to them, ``in_history`` says whether the main branch does, ``contents`` are the SHA-256
    of the files that hold them.
    """

    tags: tuple[str, ...] = ()
    in_history: bool = False
    contents: frozenset[str] = frozenset()

    @property
    def any(self) -> bool:
        """Whether they stand anywhere."""
        return bool(self.tags) or self.in_history


@dataclass(slots=True)
class Search:
    """Looks through commits for subjects; each file's content and each commit is looked at once."""

    hub: Hub
    subjects: frozenset[str]
    _files: dict[str, bool] = field(default_factory=dict)
    _commits: dict[str, bool] = field(default_factory=dict)

    def traces(self, tags: Iterable[str]) -> Traces:
        """Where the subjects stand: in which of ``tags``, and whether in the main branch."""
        in_history = self._in_history_of(None)
        held = tuple(sorted(tag for tag in tags if self._in_history_of(tag)))
        contents = frozenset(content for content, holds in self._files.items() if holds)
        return Traces(held, in_history, contents)

    def _in_history_of(self, revision: str | None) -> bool:
        # Every commit is looked at, so that every file that holds a subject is known.
        held = [self._in_commit(commit.oid) for commit in self.hub.history(revision)]
        return True in held

    def _in_commit(self, oid: str) -> bool:
        if oid not in self._commits:
            files = self.hub.files(oid)
            held = [
                self._in_file(path, file, oid)
                for path, file in files.items()
                if is_data_file(PurePosixPath(path))
            ]
            self._commits[oid] = True in held
        return self._commits[oid]

    def _in_file(self, path: str, file: RemoteFile, oid: str) -> bool:
        content = file.sha256 or file.blob_id
        if content not in self._files:
            try:
                with self.hub.opened(path, oid) as local:
                    self._files[content] = any(map(self._names_subject, _named_in(local)))
            except NotThereError:
                # An earlier run that did not come to its end has deleted it for good.
                self._files[content] = False
        return self._files[content]

    def _names_subject(self, value: str) -> bool:
        return value in self.subjects or value.partition("#")[0] in self.subjects


def search_key(head: str, tags: Mapping[str, str], subjects: Iterable[str]) -> str:
    """What the outcome of a search depends on, as SHA-256 in hex: the main branch's commit, those of tags, the ids."""
    plain = json.dumps([head, sorted(tags.items()), sorted(subjects)])
    return hashlib.sha256(plain.encode()).hexdigest()


def take_back(hub: Hub, traces: Traces, message: str) -> str | None:
    """Delete the tags and files that hold the subjects, and squash the history into one commit of ``message``.

    Each step can be done again, and the commit that says what is pending goes last: a run that is killed anywhere in
    between is gone on with by the next. Gives a sentence where the Hub keeps files that no revision leads to any more.
    """
    for name in traces.tags:
        hub.delete_tag(name)
    kept = _deleted(hub, traces.contents)
    hub.squash(message)
    return kept


def _deleted(hub: Hub, contents: frozenset[str]) -> str | None:
    try:
        hub.delete_large_files(contents)
    except UsageError as error:
        return (
            f"The Hub did not delete the stored files that held what was taken down ({error}) No revision leads to "
            f"them any more. Delete them on the settings page of {hub.repo}, under storage."
        )
    return None


def warnings(repo: str, traces: Traces, others: Iterable[str]) -> tuple[str, ...]:
    """What will break, and what cannot be called back; a sentence each.

    ``others`` are refs that are neither branch nor tag.
    """
    sentences = [
        f"Every version that leads to what was taken down will be deleted: {', '.join(traces.tags) or 'there is none'}.",
        f"The history of {repo} will be squashed into one commit: links to earlier commits end.",
        "Whatever is pinned to a deleted version or commit will fail: load_dataset calls, Croissant files, papers.",
        "What cannot be called back: downloads, the caches of those who loaded it, forks and duplicates.",
    ]
    if listed := ", ".join(others):
        sentences.append(f"What only the Hub itself can renew or delete, and may hold it still: {listed}.")
    return tuple(sentences)


def _named_in(path: Path) -> Iterator[str]:
    with pq.ParquetFile(path) as file:
        columns = [name for name in _NAMING if name in file.schema_arrow.names]
        for batch in file.iter_batches(columns=columns):
            for column in batch.columns:
                yield from (value for value in column.unique().to_pylist() if value is not None)
