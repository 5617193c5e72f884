"""From the visits of runs to what drift looks at in them, and from the owner's decisions to what is accepted."""

from collections import defaultdict
from pathlib import Path

from scraper.archive.decisions import read_decisions
from scraper.jobs.read_visit import Unread
from scraper.model.capture import Visit
from scraper.records.drift_book import Acceptances, RunOfSite, SeenVisit
from scraper.records.drift_features import REJECTED, features_of
from scraper.records.reading import Reading
from scraper.records.store import RecordStore
from scraper.records.times import time_text


def seen_visit(visit: Visit, result: Reading | Unread, *, is_kept: bool) -> SeenVisit | None:
    """What drift looks at in a visit; None where no run of ours made it, no site claims its post, or it was taken down.

    ``is_kept`` says that the reading is one that the schema allows.
    """
    site = result.post["site"] if isinstance(result, Reading) else result.site
    is_forgotten = isinstance(result, Unread) and bool(result.forgotten)
    if visit.run is None or site is None or result.post_id is None or is_forgotten:
        return None
    return SeenVisit(
        visit_id=visit.visit_id,
        run=visit.run,
        site=site,
        post_id=result.post_id,
        sequence=visit.sequence,
        captured_at=time_text(visit.captured_at) if visit.captured_at else None,
        is_whole=visit.whole,
        features=features_of(result) if isinstance(result, Reading) and is_kept else REJECTED,
    )


def judge_runs(store: RecordStore, archive: Path) -> None:
    """Judge every run of the archive that waits for it, by what its owner accepted.

    Raises:
        ArchiveDamagedError: the decisions cannot be read.
    """
    store.drift.judge(_accepted(archive))


def _accepted(archive: Path) -> Acceptances:
    accepted: defaultdict[RunOfSite, frozenset[str]] = defaultdict(frozenset)
    for decision in read_decisions(archive):
        if decision.kind == "drift-accepted":
            place = RunOfSite(decision.subject, str(decision.detail.get("run")))
            accepted[place] |= frozenset(str(decision.detail.get("signs")).split("; "))
    return dict(accepted)
