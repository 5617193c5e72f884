"""How one archive's dataset is built for a publication, and what it is held against before it goes out."""

import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit

from scraper.dataset.context import Publication
from scraper.dataset.layout import data_file
from scraper.dataset.manifest import Manifest
from scraper.errors import RefusedError, StopError
from scraper.jobs.drift import refuse_drift
from scraper.jobs.publication.export import UpToDate, takedowns_of
from scraper.jobs.publication.gate import Gate, only_removes, require_no_fall
from scraper.jobs.publication.honoured import require_honoured
from scraper.jobs.publication.withholding import Withheld
from scraper.model.outcome import Item
from scraper.model.record import Signal
from scraper.page.verdict import verdict
from scraper.publish.folder import DatasetFolder, LocalFile
from scraper.publish.head import Head
from scraper.publish.hub import Hub
from scraper.publish.rights import Restrictions, Standing, Wish, questions, require_visibility
from scraper.publish.takedown import Traces, warnings
from scraper.records.contract import Contract
from scraper.records.people import Pseudonyms
from scraper.sites.registry import gate_rules

# Where the posts of a dataset lie.
_POSTS: Final = str(data_file("posts", "*").parent) + "/"


class Answers(Protocol):
    """Who decides for the owner."""

    def agrees(self, question: str) -> bool:
        """Whether the owner says yes.

        Raises:
            UsageError: there is nobody to ask.
        """


@dataclass(slots=True)
class PublicationBuilding:
    """Implements ``scraper.publish.publication.Building``; each question is asked once, whatever has to be built anew."""

    hub: Hub
    records: UpToDate
    folder: Path
    withheld: Withheld
    key: bytes = field(repr=False)
    wish: Wish
    answers: Answers
    _agreed: set[str] = field(default_factory=set)
    _sizes: dict[str, int] = field(default_factory=dict)

    def build(self, head: Head, publication: Callable[[Manifest], Publication]) -> DatasetFolder:
        require_visibility(self.hub.repo, self.wish, _standing(head))
        shutil.rmtree(self.folder, ignore_errors=True)
        before = head.manifest
        self.records.write(
            self.folder,
            self.withheld,
            with_text=self.wish.with_text,
            publication=publication,
            honoured=before.takedowns if before else (),
        )
        built = DatasetFolder.read(self.folder)
        # Even where the good rows are out already: the job of every night has to say that it is stuck.
        if before is None or not only_removes(before, built.manifest):
            refuse_drift(self.records.store)
        return built

    def judge(self, folder: DatasetFolder, head: Head) -> str | None:
        settings = self.records.workplace.settings
        before = head.manifest
        waits = None if before is None else self._waits(before, folder.manifest, head)
        if waits is not None:
            return waits
        Gate(Contract.load(), self.key, settings.names, gate_rules()).inspect(self.folder)
        if before is not None:
            people, known = Pseudonyms(self.key), takedowns_of(self.records.workplace.folder).keys()
            require_honoured(self.hub.repo, self.folder, people, before.takedowns - known)
        if before is not None and not only_removes(before, folder.manifest):
            require_no_fall(before, folder.manifest, settings.publish.largest_fall)
            if before.takedowns == folder.manifest.takedowns:
                self._require_known(folder, head)
        for question in questions(self.hub.repo, self.wish, _standing(head), self._restrictions()):
            self._ask(question)
        return None

    def warn(self, traces: Traces) -> None:
        for sentence in warnings(self.hub.repo, traces, self.hub.other_refs()):
            self.records.workplace.progress.end(Item(self.hub.repo, "skipped", reason=sentence))

    def uploading(self, files: Sequence[LocalFile]) -> None:
        self._sizes = {file.path: file.size for file in files}
        self.records.workplace.progress.expect(len(files), f"uploading {self._left()}")

    def uploaded(self, path: str) -> None:
        size = self._sizes.pop(path)
        said = f"{path}: {size:,} bytes, {self._left()} left"
        self.records.workplace.progress.end(Item(path, "done", reason=said))

    def _left(self) -> str:
        return f"{sum(self._sizes.values()) / 1e6:,.1f} MB"

    def _waits(self, before: Manifest, after: Manifest, head: Head) -> str | None:
        """Why a publication of counts alone waits: the last one is younger than the settings ask."""
        settings = self.records.workplace.settings.publish
        if head.newest is None or not _only_counts(before, after):
            return None
        due = head.newest.commit.at + timedelta(days=settings.metrics_every_days)
        if self.records.workplace.clock.now() >= due:
            return None
        return (
            f"Only counts changed, and those go out every {settings.metrics_every_days} days "
            f"(metrics_every_days in [publish]): next on {due:%Y-%m-%d}."
        )

    def _require_known(self, folder: DatasetFolder, head: Head) -> None:
        """See to it that no post leaves the Hub of which this archive has never heard.

        Raises:
            StopError: one would; another copy of the archive has published it.
        """
        strange: set[str] = set()
        for path, file in head.state.files.items():
            ours = folder.files.get(path)
            if path.startswith(_POSTS) and not (ours and ours.is_same_as(file)):
                strange |= self.hub.column(path, head.state.head, "post_id")
        strange -= set(self.records.store.post_ids())
        if strange:
            raise StopError(
                f"{self.hub.repo} on the Hub holds {len(strange):,} posts that this archive does not, such as "
                f"{min(strange)}. Another copy of it has published them, and they would be lost, so nothing was "
                f"published. Bring their captures into this archive first (postkeep import), or use another name."
            )

    def _restrictions(self) -> Restrictions:
        settings, contract = self.records.workplace.settings, Contract.load()
        hosts: Counter[str] = Counter()
        signals: Counter[str] = Counter()
        for post in self.records.store.rows("posts"):
            if self.withheld.holds(post):
                continue
            hosts[urlsplit(post["url"]).hostname or ""] += 1
            said = (Signal(item["signal"], item["value"]) for item in post["rights"])
            signals.update({f"{signal.signal}: {signal.value}" for signal in verdict(said).reservations})
        forbidding = {host: n for host, n in hosts.items() if settings.for_host(host).terms == "forbid"}
        return Restrictions(
            statement=settings.rights_statement,
            license=settings.license,
            hosts=dict(sorted(forbidding.items())),
            signals=dict(sorted(signals.items())),
            draft=None if contract.is_frozen else contract.version,
        )

    def _ask(self, question: str) -> None:
        if question in self._agreed:
            return
        if not self.answers.agrees(question):
            raise RefusedError("You said no, so nothing was published.", rule="owner")
        self._agreed.add(question)


def _standing(head: Head) -> Standing:
    published_text = any(made.note.with_text for made in head.publications)
    return Standing(head.exists, head.state.is_private, published_text)


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
