"""What stands on the Hub before a publication: files, manifest, and which commits were publications."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scraper.dataset.changes import changes_between
from scraper.dataset.context import Publication, PublishedVersion
from scraper.dataset.layout import MANIFEST
from scraper.dataset.manifest import Manifest
from scraper.errors import UsageError
from scraper.publish.hub import Hub
from scraper.publish.message import Note
from scraper.publish.plan import require_ours
from scraper.publish.remote import RemoteCommit, RemoteState


@dataclass(frozen=True, slots=True)
class PublicationCommit:
    """A commit that a publication made, with what it says of itself."""

    commit: RemoteCommit
    note: Note


@dataclass(frozen=True, slots=True)
class Head:
    """The main branch of the repository. ``manifest`` is None where nothing was published yet.

    ``exists`` is False where there is no repository: ``state`` is then one without files. ``publications`` are those
    in its history, newest first.
    """

    exists: bool
    state: RemoteState
    manifest: Manifest | None
    publications: tuple[PublicationCommit, ...]

    @property
    def newest(self) -> PublicationCommit | None:
        """The last publication."""
        return self.publications[0] if self.publications else None

    @property
    def takedown_pending(self) -> bool:
        """Whether a run that took something down did not come to its end."""
        return any(made.note.takedown_pending for made in self.publications)

    @property
    def names_in_use(self) -> frozenset[str]:
        """The names of all tags, and of publications that were not tagged yet."""
        return frozenset({*self.state.tags, *(made.note.tag for made in self.publications)})


# What stands where there is no repository, and where nobody can look.
NOTHING: Final = Head(
    exists=False,
    state=RemoteState(head="", is_private=True, is_gated=False, files={}, tags={}),
    manifest=None,
    publications=(),
)


def head_of(hub: Hub) -> Head:
    """What stands on the Hub now.

    Raises:
        UsageError: the repository holds something that no publication put there, or what a later postkeep published.
    """
    state = hub.state()
    if state is None:
        return NOTHING
    manifest = None
    if MANIFEST in state.files:
        try:
            manifest = Manifest.parse(hub.read(MANIFEST, state.head).decode("utf-8", "replace"))
        except UsageError as error:
            raise UsageError(f"{hub.repo} on the Hub: {error}") from error
    require_ours(hub.repo, state.files, None if manifest is None else _data_files(manifest))
    return Head(exists=True, state=state, manifest=manifest, publications=_publications(hub.history()))


def require_same_archive(repo: str, head: Head, archive: str) -> None:
    """See to it that one archive's publication never replaces another's.

    Raises:
        UsageError: the last publication came from another archive.
    """
    if head.newest is not None and head.newest.note.archive != archive:
        raise UsageError(
            f"{repo} on the Hub was published from another archive, and this publication would replace its rows. "
            f"Nothing was changed. Publish under another name, or make one archive of the two first."
        )


def publication_of(
    hub: Hub, head: Head, manifest: Manifest, tag: str, *, year: int, gone: frozenset[str]
) -> Publication:
    """What the card of a publication to ``hub`` as ``tag``, in ``year``, says of its place, versions and changes.

    Versions whose tags are no longer there, or are about to be ``gone``, are left out.
    """
    before = head.manifest
    if before is None:
        return Publication(tag=tag, repo=hub.repo, url=hub.url, year=year)
    versions = before.card.publication.versions
    if head.newest is not None:
        rows = {name: config.rows for name, config in before.configs.items()}
        versions = (PublishedVersion(head.newest.note.tag, before.schema_version, rows), *versions)
    # The last publication may lack its tag still; it gets it before this one goes out.
    kept = tuple(version for version in versions if version.tag in head.names_in_use - gone)
    changes = changes_between(before, manifest)
    return Publication(tag, kept, changes, repo=hub.repo, url=hub.url, year=year)


def _data_files(manifest: Manifest) -> frozenset[str]:
    return frozenset(path for config in manifest.configs.values() for path in config.files)


def _publications(commits: Sequence[RemoteCommit]) -> tuple[PublicationCommit, ...]:
    noted = ((commit, Note.parse(f"{commit.title}\n{commit.description}")) for commit in commits)
    return tuple(PublicationCommit(commit, note) for commit, note in noted if note is not None)
