"""From the visits of runs to what drift looks at in them, and from the owner's decisions to what is accepted."""

from collections import defaultdict
from pathlib import Path

from scraper.archive.decisions import read_decisions
from scraper.drift.book import Acceptances, DriftBook, RunOfSite, SeenVisit
from scraper.drift.features import REJECTED, Features, features_of, features_of_departure
from scraper.model.capture import Visit
from scraper.reading.read_visit import Unread
from scraper.records.reading import Reading
from scraper.records.store import RecordStore
from scraper.records.times import time_text


def seen_visit(
    visit: Visit, result: Reading | Unread, site: str | None, post_id: str | None, *, is_kept: bool
) -> SeenVisit | None:
    """What drift looks at in a visit; None where no run of ours made it, its post is not known, or it was taken down.

    ``site`` and ``post_id`` are those of the result or, where a page does not tell its platform any more, of the post that
    was read at the visit's URL before. ``is_kept`` says that a reading is one that the schema allows.
    """
    is_forgotten = isinstance(result, Unread) and bool(result.forgotten)
    if visit.run is None or site is None or post_id is None or is_forgotten:
        return None
    return SeenVisit(
        visit_id=visit.visit_id,
        run=visit.run,
        site=site,
        post_id=post_id,
        sequence=visit.sequence,
        captured_at=time_text(visit.captured_at) if visit.captured_at else None,
        is_whole=visit.whole,
        features=_features(result, is_kept=is_kept),
    )


def _features(result: Reading | Unread, *, is_kept: bool) -> Features:
    if isinstance(result, Reading):
        return features_of(result) if is_kept else REJECTED
    return features_of_departure(result.departure) if result.departure else REJECTED


def judge_runs(store: RecordStore, archive: Path) -> None:
    """Judge every run of the archive that waits for it, by what its owner accepted.

    Raises:
        ArchiveDamagedError: the decisions cannot be read.
    """
    DriftBook(store).judge(_accepted(archive))


def _accepted(archive: Path) -> Acceptances:
    accepted: defaultdict[RunOfSite, frozenset[str]] = defaultdict(frozenset)
    for decision in read_decisions(archive):
        if decision.kind == "drift-accepted":
            place = RunOfSite(decision.subject, str(decision.detail.get("run")))
            accepted[place] |= frozenset(str(decision.detail.get("signs")).split("; "))
    return dict(accepted)
