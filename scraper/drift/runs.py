"""The runs of an archive judged by what its owner accepted."""

from collections import defaultdict
from pathlib import Path

from scraper.archive.decisions import read_decisions
from scraper.drift.book import Acceptances, DriftBook, RunOfSite
from scraper.records.store import RecordStore


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
