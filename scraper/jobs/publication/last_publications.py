"""What an archive published last, by repository, so that a dry run can compare with it where the Hub is not asked.

It is a memory of the Hub, never a truth about it: a publication itself always looks.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from scraper.archive.disk import Disk, explained, write_file
from scraper.archive.files import PUBLICATIONS_FILE
from scraper.dataset.manifest import Manifest
from scraper.errors import UsageError
from scraper.publish.head import Head, PublicationCommit
from scraper.publish.message import Note
from scraper.publish.publication import Draft, Published
from scraper.publish.remote import RemoteCommit, RemoteFile, RemoteState


@dataclass(frozen=True, slots=True)
class LastPublication:
    """A publication of an archive: its tag, and when it was made (UTC)."""

    tag: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LastPublications:
    """The last publications of an archive whose lock is held while one is noted."""

    archive: Path
    disk: Disk

    def of(self, repo: str, archive: str) -> Head | None:
        """What stood on the Hub after the last publication to ``repo``; None where the archive knows of none.

        ``archive`` names the archive in commits.
        """
        try:
            return _head(self._read()[repo], archive)
        except (ValueError, TypeError, KeyError, AttributeError, UsageError):
            return None

    def all(self) -> Mapping[str, LastPublication]:
        """The last publication to each repository that the archive knows of."""
        known: dict[str, LastPublication] = {}
        for repo, fields in sorted(self._read().items()):
            with suppress(ValueError, TypeError, KeyError):
                known[repo] = LastPublication(str(fields["tag"]), datetime.fromisoformat(fields["at"]))
        return known

    def note(self, repo: str, published: Published, now: datetime) -> None:
        """Keep what stands on the Hub after a publication, or after a look that found nothing to publish."""
        if published.commit is None or published.tag is None:
            return
        fields = _fields(published, published.commit, published.tag, now)
        text = json.dumps({**self._read(), repo: fields}, ensure_ascii=False, indent=1) + "\n"
        path = self.archive / PUBLICATIONS_FILE
        part = path.with_name(path.name + ".part")
        with explained(path):
            part.unlink(missing_ok=True)
            write_file(part, text.encode(), self.disk)
            self.disk.rename(part, path)

    def _read(self) -> dict[str, Any]:
        """All that is noted, by repository; nothing where the file cannot be read: then it is as if nothing was published."""
        try:
            noted = json.loads((self.archive / PUBLICATIONS_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return noted if isinstance(noted, dict) else {}


def _fields(published: Published, commit: str, tag: str, now: datetime) -> dict[str, Any]:
    draft, state = published.draft, published.draft.head.state
    newest = draft.head.newest
    is_new = draft.waiting is None
    at = now if is_new or newest is None else newest.commit.at
    return {
        "commit": commit,
        "at": at.isoformat(),
        "tag": tag,
        "is_private": state.is_private and not draft.access.is_public,
        "is_gated": state.is_gated or draft.access.is_gated,
        "tags": {name: each for name, each in state.tags.items() if name not in draft.traces.tags}
        | {tag: commit},
        "files": {path: asdict(file) for path, file in _files(draft).items()},
        "manifest": _manifest(draft),
    }


def _files(draft: Draft) -> Mapping[str, RemoteFile]:
    """The files on the Hub afterwards; where nothing was committed, those that stood there."""
    standing = draft.head.state.files
    if draft.waiting is not None:
        return standing
    ours = {
        path: RemoteFile(file.size, file.blob_id, file.sha256) for path, file in draft.folder.files.items()
    }
    return {path: file for path, file in standing.items() if path not in draft.plan.deletions} | ours


def _manifest(draft: Draft) -> str:
    before = draft.head.manifest
    manifest = draft.folder.manifest if draft.waiting is None or before is None else before
    return manifest.text()


def _head(fields: Mapping[str, Any], archive: str) -> Head:
    manifest = Manifest.parse(fields["manifest"])
    files = {path: RemoteFile(**file) for path, file in fields["files"].items()}
    state = RemoteState(
        head=str(fields["commit"]),
        is_private=bool(fields["is_private"]),
        is_gated=bool(fields["is_gated"]),
        files=files,
        tags=dict(fields["tags"]),
    )
    # The digest of the manifest is of no use here.
    note = Note(archive, tag=str(fields["tag"]), manifest="", with_text=manifest.with_text)
    commit = RemoteCommit(state.head, datetime.fromisoformat(fields["at"]), "", "")
    return Head(exists=True, state=state, manifest=manifest, publications=(PublicationCommit(commit, note),))
