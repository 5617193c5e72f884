"""A publication in the making: data, manifest, tag, card, and what they are held against before anything goes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from scraper.dataset.export import Form, describe, write_data
from scraper.dataset.folder import replacing
from scraper.dataset.layout import data_file
from scraper.dataset.manifest import Manifest
from scraper.errors import RefusedError, StopError
from scraper.jobs.outgoing import Outgoing
from scraper.jobs.publication.hub_searches import HubSearches
from scraper.jobs.publication.release_check import ReleaseCheck, only_removes, require_no_fall
from scraper.jobs.publication.source import Source
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item
from scraper.publish.folder import DatasetFolder
from scraper.publish.head import Head, publication_of, require_same_archive
from scraper.publish.hub import Hub
from scraper.publish.plan import plan
from scraper.publish.publication import AccessChange, Draft
from scraper.publish.rights import Repository, Restrictions, Wish, questions, require_visibility
from scraper.publish.tags import next_tag
from scraper.publish.takedown import Search, Traces, search_key, warnings
from scraper.records.contract import Contract
from scraper.sites.registry import installed_sites

# Where the posts of a dataset lie.
_POSTS: Final = str(data_file("posts", "*").parent) + "/"
_NOTHING: Final = "The archive has no row that may go out, so there is nothing to publish. Those that stay behind are listed."
_UNCHANGED: Final = "No Parquet file changed since the last publication, so there is no new version."


class Answers(Protocol):
    """Who decides for the owner."""

    def agrees(self, question: str) -> bool:
        """Whether the owner says yes.

        Raises:
            UsageError: there is nobody to ask.
        """


@dataclass(slots=True)
class Drafting:
    """Makes the drafts of one publication; each question is asked once, however often a draft has to be made anew.

    ``archive`` names the archive in commits. ``taken_down`` are the ids of what was taken down, by the digests that manifests
    hold of them; with ``keep_history`` only the newest version is without it. ``withheld`` are the posts that the last
    draft left out, with a sentence that says why, and ``written`` is its folder. ``asks_hub``: where the Hub is not asked, what only
    it can tell is left open: where it holds what was taken down, and posts that only another copy of the archive has.
    """

    hub: Hub
    source: Source
    folder: Path
    key: bytes = field(repr=False)
    archive: str
    wish: Wish
    answers: Answers
    taken_down: Mapping[str, str]
    keep_history: bool
    asks_hub: bool = True
    withheld: Mapping[str, str] = field(default_factory=dict)
    written: DatasetFolder | None = None
    _agreed: set[str] = field(default_factory=set)

    def draft(self, head: Head) -> Draft:
        """What a publication on top of ``head`` would do; nothing on the Hub is changed.

        Raises:
            PostkeepError: something must not go out, as ``jobs.publication.job.publish`` has it.
        """
        require_same_archive(self.hub.repo, head, self.archive)
        traces = self._traces(head)
        require_visibility(self.hub.repo, self.wish, _repository(head))
        outgoing = Outgoing(
            Contract.load(),
            self.source.exclusions(),
            is_publication=True,
            robots_today=self.source.signals_today,
        )
        check = self._check(outgoing.contract, head)
        dataset, tag = self._written(head, traces, outgoing, check)
        # Even where the good rows are out already: the job of every night has to say that it is stuck.
        if head.manifest is None or not only_removes(head.manifest, dataset.manifest):
            self.source.refuse_drift()
        changes = plan(dataset.files, head.state.files)
        if self._uncovers_row(head):
            waiting: str | None = None
        elif not changes.changes_rows:
            waiting = _UNCHANGED if head.newest else _NOTHING
        else:
            waiting = _counts_wait(self.source.workplace, dataset.manifest, head, self._now)
        access = _access_change(self.wish, head, is_committed=waiting is None)
        # Whoever comes to see what stands there already is shown it anew: the same is asked as of a commit.
        if waiting is None or access.any:
            self._judge(dataset, head, outgoing, check)
        return Draft(dataset, head, changes, tag, waiting, traces, access)

    def _uncovers_row(self, head: Head) -> bool:
        """Whether the repository is to be gated while its card, which everybody can read then, shows a row."""
        before = head.manifest
        return self.wish.gated and not head.state.is_gated and before is not None and not before.card.gated

    @property
    def _now(self) -> datetime:
        return self.source.workplace.clock.now()

    def _check(self, contract: Contract, head: Head) -> ReleaseCheck:
        formed = contract if self.wish.with_text else contract.without_content()
        honoured = head.manifest.takedowns if head.manifest else frozenset()
        names = self.source.workplace.settings.names
        lost, former_ids = honoured - self.taken_down.keys(), self.source.former_ids
        return ReleaseCheck(formed, self.key, names, installed_sites().gate_rules, lost, former_ids)

    def _written(
        self, head: Head, traces: Traces, outgoing: Outgoing, check: ReleaseCheck
    ) -> tuple[DatasetFolder, str]:
        """The dataset folder for a publication on top of ``head``, and the tag that its card names."""
        honoured = head.manifest.takedowns if head.manifest else ()
        with replacing(self.folder) as (built, scratch):
            posts = check.posts(outgoing.posts(self.source.posts()))
            form = Form(with_text=self.wish.with_text)
            data = write_data(posts, built, scratch, contract=outgoing.contract, form=form)
            gated = self.wish.gated or head.state.is_gated
            card = self.source.card(data.figures, honoured, gated=gated)
            manifest = data.manifest(card)
            tag = next_tag(manifest.schema_version, self._now, head.names_in_use)
            publication = publication_of(
                self.hub, head, manifest, tag, year=self._now.year, gone=frozenset(traces.tags)
            )
            describe(built, data, replace(card, publication=publication))
        self.withheld = outgoing.withheld
        self.written = DatasetFolder.read(self.folder)
        return self.written, tag

    def _traces(self, head: Head) -> Traces:
        """Where what was taken down since the last publication stands, or what an earlier run did not take back."""
        new = self.taken_down.keys() - head.manifest.takedowns if head.manifest else ()
        if self.keep_history or not self.asks_hub or not (new or head.takedown_pending):
            return Traces()
        workplace = self.source.workplace
        searches = HubSearches(workplace.folder, self.hub.repo, workplace.disk)
        subjects = frozenset(self.taken_down.values())
        key = search_key(head.state.head, head.state.tags, subjects)
        if not head.takedown_pending and searches.found_nothing(key):
            return Traces()
        traces = Search(self.hub, subjects).traces(head.state.tags)
        if not traces.any:
            searches.note(key)
        traces = replace(traces, in_history=traces.in_history or head.takedown_pending)
        if traces.any:
            for sentence in warnings(self.hub.repo, traces, self.hub.other_refs()):
                workplace.progress.end(Item(self.hub.repo, "skipped", reason=sentence))
        return traces

    def _judge(self, dataset: DatasetFolder, head: Head, outgoing: Outgoing, check: ReleaseCheck) -> None:
        """Refuse by an error what must not go out, and ask the owner what is the owner's to decide."""
        settings = self.source.workplace.settings
        before = head.manifest
        check.require_clear(self.hub.repo, self.folder)
        if before is not None and not only_removes(before, dataset.manifest):
            require_no_fall(before, dataset.manifest, settings.publish.largest_fall)
            if self.asks_hub and before.takedowns == dataset.manifest.takedowns:
                self._require_all_posts(dataset, head)
        for question in questions(self.hub.repo, self.wish, _repository(head), self._restrictions(outgoing)):
            self._ask(question)

    def _require_all_posts(self, dataset: DatasetFolder, head: Head) -> None:
        """See to it that no post leaves the Hub of which this archive has never heard.

        Raises:
            StopError: one would; another copy of the archive has published it.
        """
        strange: set[str] = set()
        for path, file in head.state.files.items():
            ours = dataset.files.get(path)
            if path.startswith(_POSTS) and not (ours and ours.is_same_as(file)):
                strange |= self.hub.column(path, head.state.head, "post_id")
        strange -= set(self.source.post_ids())
        if strange:
            raise StopError(
                f"{self.hub.repo} on the Hub holds {len(strange):,} posts that this archive does not, such as "
                f"{min(strange)}. Another copy of it has published them, and they would be lost, so nothing was "
                f"published. Bring their captures into this archive first (postkeep import), or use another name."
            )

    def _restrictions(self, outgoing: Outgoing) -> Restrictions:
        settings, contract = self.source.workplace.settings, outgoing.contract
        forbidding = {
            host: posts for host, posts in outgoing.hosts.items() if settings.for_host(host).terms == "forbid"
        }
        return Restrictions(
            statement=settings.rights_statement,
            license=settings.license,
            hosts=dict(sorted(forbidding.items())),
            signals=dict(sorted(outgoing.reservations.items())),
            draft=None if contract.is_frozen else contract.version,
        )

    def _ask(self, question: str) -> None:
        if question in self._agreed:
            return
        if not self.answers.agrees(question):
            raise RefusedError("You said no, so nothing was published.", rule="owner")
        self._agreed.add(question)


def _access_change(wish: Wish, head: Head, *, is_committed: bool) -> AccessChange:
    """What is asked for of the access to a repository that holds a publication by then, and is not so yet."""
    if not is_committed and head.newest is None:
        return AccessChange()
    return AccessChange(
        is_gated=wish.gated and not head.state.is_gated, is_public=wish.public and head.state.is_private
    )


def _repository(head: Head) -> Repository:
    published_text = any(made.note.with_text for made in head.publications)
    return Repository(head.exists, head.state.is_private, published_text)


def _counts_wait(workplace: Workplace, after: Manifest, head: Head, now: datetime) -> str | None:
    """Why a publication of counts alone waits: the last one is younger than the settings ask; None where it does not."""
    days = workplace.settings.publish.metrics_every_days
    if head.manifest is None or head.newest is None or not _only_counts(head.manifest, after):
        return None
    due = head.newest.commit.at + timedelta(days=days)
    if now >= due:
        return None
    return (
        f"Only counts changed, and those go out every {days} days "
        f"(metrics_every_days in [publish]): next on {due:%Y-%m-%d}."
    )


def _only_counts(before: Manifest, after: Manifest) -> bool:
    """Whether nothing but counts differs: the rows without them are the same in every table."""
    return (
        before.with_text == after.with_text
        and before.schema_digest == after.schema_digest
        and before.takedowns == after.takedowns
        and before.configs.keys() == after.configs.keys()
        and all(
            config.steady_digest == after.configs[name].steady_digest
            for name, config in before.configs.items()
        )
    )
