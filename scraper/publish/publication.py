"""A publication: one commit with every changed file, then a tag, whatever the network does in between."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Protocol

from scraper.dataset.context import Publication
from scraper.dataset.layout import MANIFEST
from scraper.dataset.manifest import Manifest
from scraper.errors import RetryableError
from scraper.publish.answers import LostAnswerError, NameTakenError, StaleHeadError
from scraper.publish.folder import DatasetFolder, LocalFile
from scraper.publish.head import Head, look, require_same_archive
from scraper.publish.hub import Hub
from scraper.publish.message import Note
from scraper.publish.plan import Plan, plan
from scraper.publish.standing import standing
from scraper.publish.tags import another_tag, next_tag
from scraper.publish.takedown import Search, Traces, search_key, take_back

# Each attempt exports and compares anew; others do not publish every minute, so a few are plenty.
_ATTEMPTS: Final = 5
_NOTHING: Final = "The archive has no row that may go out, so there is nothing to publish. Those that stay behind are listed."
_UNCHANGED: Final = "No Parquet file changed since the last publication, so there is no new version."


@dataclass(frozen=True, slots=True)
class Draft:
    """A publication that was not made yet: the folder, what stands on the Hub, what has to change there.

    ``waiting`` says why it is not made; None where it may be. ``traces`` are those of takedowns that have to go.
    """

    folder: DatasetFolder
    head: Head
    plan: Plan
    tag: str
    waiting: str | None
    traces: Traces


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a publication: its commit and tag, or, where it was not made, those of the one before.

    ``left`` says what of a takedown the Hub did not delete.
    """

    draft: Draft
    commit: str | None
    tag: str | None
    left: str | None = None


class Building(Protocol):
    """The job that makes the dataset folder, and judges what is about to go out."""

    def build(self, head: Head, publication: Callable[[Manifest], Publication]) -> DatasetFolder:
        """The dataset folder for a publication on top of ``head``; ``publication`` is what its card says of it."""

    def judge(self, folder: DatasetFolder, head: Head) -> str | None:
        """Refuse by an error what must not go out; a sentence where it had better wait; None where it may go."""

    def warn(self, traces: Traces) -> None:
        """So much is about to be taken back on the Hub."""

    def uploading(self, files: Sequence[LocalFile]) -> None:
        """These files are about to be uploaded."""

    def uploaded(self, path: str) -> None:
        """One file is on the Hub."""


class Searches(Protocol):
    """Remembers which search for what was taken down has found nothing, by its ``takedown.search_key``."""

    def found_nothing(self, key: str) -> bool:
        """Whether this very search was made, and found nothing."""

    def note(self, key: str) -> None:
        """This search has found nothing."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Publishes the datasets of one archive to one repository.

    ``archive`` names the archive in commits. ``taken_down`` are the ids of what was taken down, by the digests that manifests hold of
    them; with ``keep_history`` only the newest version is without it.
    """

    hub: Hub
    archive: str
    now: datetime
    searches: Searches
    taken_down: Mapping[str, str] = field(default_factory=dict)
    keep_history: bool = False

    def draft(self, building: Building) -> Draft:
        """What a publication would do; nothing on the Hub is changed."""
        head = look(self.hub)
        require_same_archive(self.hub.repo, head, self.archive)
        traces = self._traces(head)
        if traces.any:
            building.warn(traces)
        tags: list[str] = []

        def publication(manifest: Manifest) -> Publication:
            tags.append(next_tag(manifest.schema_version, self.now, head.names_in_use))
            gone = frozenset(traces.tags)
            return standing(self.hub, head, manifest, tags[-1], year=self.now.year, gone=gone)

        folder = building.build(head, publication)
        changes = plan(folder.files, head.state.files)
        unchanged = _UNCHANGED if head.newest else _NOTHING
        waiting = building.judge(folder, head) if changes.changes_rows else unchanged
        return Draft(folder, head, changes, tags[-1], waiting, traces)

    def publish(self, building: Building) -> Published:
        """Publish, if any row changed; and take back what was taken down, wherever it stands.

        Raises:
            RetryableError: the network or the Hub failed, or others publish all the time.
            PostkeepError: as ``Building.judge`` and ``Hub`` have it.
        """
        for _ in range(_ATTEMPTS):
            draft = self.draft(building)
            if draft.waiting is not None:
                return self._without_commit(draft)
            if not draft.head.exists:
                self.hub.create()
                draft = replace(draft, head=look(self.hub))
                if draft.head.manifest is not None:
                    # Somebody was faster: what stands there has to be judged first.
                    continue
            self._finish_last(draft)
            note = self._note(draft)
            commit = self._commit(draft, note, building)
            if commit is not None:
                return self._with_commit(draft, note, commit)
        raise RetryableError(
            f"{self.hub.repo} on the Hub: {_ATTEMPTS} attempts did not go through, because others kept publishing "
            f"or the Hub kept failing. No commit was made. Run the same command again."
        )

    def _traces(self, head: Head) -> Traces:
        """Where what was taken down since the last publication stands, or what an earlier run did not take back."""
        new = self.taken_down.keys() - head.manifest.takedowns if head.manifest else ()
        if self.keep_history or not (new or head.takedown_pending):
            return Traces()
        subjects = frozenset(self.taken_down.values())
        key = search_key(head.state.head, head.state.tags, subjects)
        if not head.takedown_pending and self.searches.found_nothing(key):
            return Traces()
        traces = Search(self.hub, subjects).traces(head.state.tags)
        if not traces.any:
            self.searches.note(key)
        return replace(traces, in_history=traces.in_history or head.takedown_pending)

    def _note(self, draft: Draft) -> Note:
        manifest = draft.folder.files[MANIFEST].sha256
        with_text = draft.folder.manifest.with_text
        return Note(self.archive, draft.tag, manifest, with_text, takedown_pending=draft.traces.any)

    def _with_commit(self, draft: Draft, note: Note, commit: str) -> Published:
        if not draft.traces.any:
            return Published(draft, commit, self._tag(draft.tag, commit))
        return self._taken_back(draft, note)

    def _without_commit(self, draft: Draft) -> Published:
        newest = draft.head.newest
        if newest is not None and draft.traces.any:
            return self._taken_back(draft, newest.note)
        return Published(draft, *self._finish_last(draft))

    def _taken_back(self, draft: Draft, note: Note) -> Published:
        """Take back what was taken down, leaving the publication of ``note`` as the only commit."""
        settled = replace(note, takedown_pending=False)
        left = take_back(self.hub, draft.traces, f"Publish {note.tag}\n\n{settled.text()}")
        commit = look(self.hub).state.head
        return Published(draft, commit, self._tag(note.tag, commit), left)

    def _finish_last(self, draft: Draft) -> tuple[str | None, str | None]:
        """Tag the last publication where its run ended before it could; gives its commit and tag."""
        newest = draft.head.newest
        if newest is None:
            return None, None
        commit, note = newest.commit.oid, newest.note
        # While a takedown is pending, a tag on this commit would keep what was taken down.
        if note.tag in draft.head.state.tags or (note.takedown_pending and not self.keep_history):
            return commit, note.tag
        return commit, self._tag(note.tag, commit)

    def _commit(self, draft: Draft, note: Note, building: Building) -> str | None:
        """The id of the commit; None where it was not made and another attempt may succeed."""
        building.uploading(draft.plan.additions)
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
            return self._commit_with(note, draft.head)

    def _commit_with(self, note: Note, before: Head) -> str | None:
        """The commit that carries ``note``, where one was made although its answer was lost."""
        known = {made.commit.oid for made in before.publications}
        found = [made.commit.oid for made in look(self.hub).publications if made.note == note]
        return next((oid for oid in found if oid not in known), None)

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
