"""A publication: one commit with every changed file, then a tag, whatever the network does in between."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from scraper.dataset.layout import MANIFEST
from scraper.publish.answers import LostAnswerError, NameTakenError, StaleHeadError
from scraper.publish.folder import DatasetFolder
from scraper.publish.head import Head, head_of
from scraper.publish.hub import Hub
from scraper.publish.message import Note
from scraper.publish.plan import Plan
from scraper.publish.tags import another_tag
from scraper.publish.takedown import Traces, take_back


@dataclass(frozen=True, slots=True)
class AccessChange:
    """Who may see the repository from then on, as far as the publication changes it."""

    is_gated: bool = False
    is_public: bool = False

    @property
    def any(self) -> bool:
        """Whether anything changes."""
        return self.is_gated or self.is_public


@dataclass(frozen=True, slots=True)
class Draft:
    """A publication that was not made yet: the folder, what stands on the Hub, what has to change there.

    ``waiting`` says why no commit is made; None where one may be. ``traces`` are those of takedowns that have to go.
    ``access`` is what was judged, and agreed to, of who may see the repository.
    """

    folder: DatasetFolder
    head: Head
    plan: Plan
    tag: str
    waiting: str | None
    traces: Traces
    access: AccessChange = AccessChange()


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a publication: its commit and tag, or, where it was not made, those of the one before.

    ``left`` says what of a takedown the Hub did not delete.
    """

    draft: Draft
    commit: str | None
    tag: str | None
    left: str | None = None


@dataclass(frozen=True, slots=True)
class Publisher:
    """Commits the datasets of one archive to one repository.

    ``archive`` names the archive in commits. With ``keep_history`` only the newest version is without what was taken down.
    """

    hub: Hub
    archive: str
    keep_history: bool = False

    def publish(self, draft: Draft, uploaded: Callable[[str], None]) -> Published | None:
        """Commit what the draft changes, and take back what was taken down; None where the draft has to be made anew.

        ``uploaded`` is told the path of each file that is on the Hub.

        Raises:
            RetryableError: the network or the Hub failed for now.
            PostkeepError: as ``Hub`` has it.
        """
        if draft.waiting is not None:
            return self._without_commit(draft)
        if not draft.head.exists:
            self.hub.create()
            draft = replace(draft, head=head_of(self.hub))
            if draft.head.manifest is not None:
                # Somebody was faster: what stands there has to be judged first.
                return None
        self._finish_last(draft)
        note = self._note(draft)
        commit = self._commit(draft, note, uploaded)
        return None if commit is None else self._with_commit(draft, note, commit)

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
        commit = head_of(self.hub).state.head
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

    def _commit(self, draft: Draft, note: Note, uploaded: Callable[[str], None]) -> str | None:
        """The id of the commit; None where it was not made and another attempt may succeed."""
        files = self.hub.upload(draft.plan.additions, uploaded)
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
        earlier = {made.commit.oid for made in before.publications}
        matching = [made.commit.oid for made in head_of(self.hub).publications if made.note == note]
        return next((oid for oid in matching if oid not in earlier), None)

    def _tag(self, name: str, commit: str) -> str:
        """Tag a commit, under the next free name where somebody else took this one meanwhile."""
        while True:
            try:
                self.hub.tag(name, commit)
            except NameTakenError:
                tags = head_of(self.hub).state.tags
                if tags.get(name) != commit:
                    name = another_tag(name, tags)
                    continue
            return name
