"""A publication: one commit with every changed file, then a tag, whatever the network does in between."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from scraper.dataset.layout import MANIFEST
from scraper.errors import RetryableError
from scraper.publish.answers import LostAnswerError, NameTakenError, StaleHeadError
from scraper.publish.folder import DatasetFolder
from scraper.publish.head import Head, look, require_same_archive
from scraper.publish.hub import Hub
from scraper.publish.message import Note
from scraper.publish.plan import Plan, plan
from scraper.publish.tags import another_tag, next_tag

# Each attempt exports and compares anew; others do not publish every minute, so a few are plenty.
_ATTEMPTS: Final = 5
_UNCHANGED: Final = "No Parquet file changed since the last publication, so there is no new version."


@dataclass(frozen=True, slots=True)
class Draft:
    """A publication that was not made yet: the folder, what stands on the Hub, what has to change there.

    ``waiting`` says why it is not made; None where it may be.
    """

    folder: DatasetFolder
    head: Head
    plan: Plan
    tag: str
    waiting: str | None


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a publication: its commit and tag, or, where it was not made, those of the one before."""

    draft: Draft
    commit: str | None
    tag: str | None


class Building(Protocol):
    """The job that makes the dataset folder, and judges what is about to go out."""

    def build(self, head: Head) -> DatasetFolder:
        """The dataset folder, its card written for a publication on top of ``head``."""

    def judge(self, folder: DatasetFolder, head: Head, changes: Plan) -> str | None:
        """Refuse by an error what must not go out; a sentence where it had better wait; None where it may go."""

    def uploading(self, files: int) -> None:
        """So many files are about to be uploaded."""

    def uploaded(self, path: str) -> None:
        """One file is on the Hub."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Publishes the datasets of one archive to one repository. ``archive`` names the archive in commits."""

    hub: Hub
    archive: str
    now: datetime

    def draft(self, building: Building) -> Draft:
        """What a publication would do; nothing on the Hub is changed."""
        head = look(self.hub)
        require_same_archive(self.hub.repo, head, self.archive)
        folder = building.build(head)
        changes = plan(folder.files, head.state.files)
        tag = next_tag(folder.manifest.schema_version, self.now, head.names_in_use)
        waiting = building.judge(folder, head, changes) if changes.changes_rows else _UNCHANGED
        return Draft(folder, head, changes, tag, waiting)

    def publish(self, building: Building) -> Published:
        """Publish, if any row changed.

        Raises:
            RetryableError: the network or the Hub failed, or others publish all the time.
            PostkeepError: as ``Building.judge`` and ``Hub`` have it.
        """
        for _ in range(_ATTEMPTS):
            draft = self.draft(building)
            if not draft.head.exists and draft.waiting is None:
                self.hub.create()
                continue
            last = self._finish_last(draft.head)
            if draft.waiting is not None:
                return Published(draft, *last)
            commit = self._commit(draft, building)
            if commit is not None:
                return Published(draft, commit, self._tag(draft.tag, commit))
        raise RetryableError(
            f"{self.hub.repo} on the Hub: {_ATTEMPTS} attempts did not go through, because others kept publishing "
            f"or the Hub kept failing. No commit was made. Run the same command again."
        )

    def _finish_last(self, head: Head) -> tuple[str | None, str | None]:
        """Tag the last publication where its run ended before it could; gives its commit and tag."""
        if head.newest is None:
            return None, None
        commit, note = head.newest.commit.oid, head.newest.note
        if note.tag in head.state.tags:
            return commit, note.tag
        return commit, self._tag(note.tag, commit)

    def _commit(self, draft: Draft, building: Building) -> str | None:
        """The id of the commit; None where it was not made and another attempt may succeed."""
        note = Note(self.archive, draft.tag, draft.folder.files[MANIFEST].sha256)
        building.uploading(len(draft.plan.additions))
        files = self.hub.upload(draft.plan.additions, building.uploaded)
        try:
            return self.hub.commit(
                files,
                draft.plan.deletions,
                parent=draft.head.state.head,
                title=f"Publish {draft.tag}",
                description=note.text(),
            )
        except StaleHeadError:
            return None
        except LostAnswerError:
            return self._commit_with(note)

    def _commit_with(self, note: Note) -> str | None:
        """The commit that carries ``note``, where one was made although its answer was lost."""
        found = [made.commit.oid for made in look(self.hub).publications if made.note == note]
        return found[0] if found else None

    def _tag(self, name: str, commit: str) -> str:
        """Tag a commit, under the next free name where somebody else took this one meanwhile."""
        while True:
            try:
                self.hub.tag(name, commit)
            except NameTakenError:
                tags = look(self.hub).state.tags
                if tags.get(name) != commit:
                    name = another_tag(name, tags)
                    continue
            return name
