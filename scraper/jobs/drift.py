"""``postkeep drift``: which runs read worse than those before them, and the owner's word that they are right."""

from collections.abc import Iterable
from typing import Final

from scraper.archive.decisions import append_decision
from scraper.drift.book import Drift, DriftBook
from scraper.drift.words import example_sentence, finding_sentence, run_sentence
from scraper.errors import DriftError, UsageError
from scraper.jobs.extractor import judge_runs, read_unread
from scraper.jobs.runs import open_records, open_records_to_read
from scraper.jobs.workplace import Workplace
from scraper.model.decision import Decision
from scraper.model.outcome import Item, Report
from scraper.records.store import RecordStore

_REMEDY: Final = (
    "Run `postkeep drift` to see the pages. If they read rightly, run `postkeep drift accept --reason …`; "
    "if not, correct the site's reader and run `postkeep extract`."
)


def list_drift(workplace: Workplace) -> Report:
    """The runs that are held back, each with its fields and examples; an item for each.

    Raises:
        UsageError, ArchiveHeldError, StopError: as ``open_records_to_read``.
    """
    with open_records_to_read(workplace) as (archive, extractor):
        read_unread(archive, extractor, workplace)
        return _listed(extractor.store)


def accept_drift(site: str | None, reason: str | None, workplace: Workplace) -> Report:
    """Accept what departs in the runs held back, of one site or of all; an item for each, and for what still departs.

    Raises:
        UsageError: no reason is given, or nothing of that site is held back.
        ArchiveHeldError: another run holds the archive.
        StopError: the decision cannot be written.
    """
    if not reason or not reason.strip():
        raise UsageError("Accepting drift needs a reason, for those who will ask. Say it with --reason.")
    with open_records(workplace) as (archive, extractor):
        read_unread(archive, extractor, workplace)
        store = extractor.store
        accepted = [drift for drift in DriftBook(store).drifts() if site in {None, drift.place.site}]
        if not accepted:
            named = f"of {site}" if site else "of any site"
            raise UsageError(f"No run {named} is held back by drift, so there is nothing to accept.")
        for drift in accepted:
            append_decision(workplace.folder, _decision(drift, reason, workplace), workplace.disk)
        judge_runs(store, workplace.folder)
        left = _listed(store)
    done = [Item(drift.place.site, "done", reason=f"{run_sentence(drift)} Accepted.") for drift in accepted]
    return Report(items=(*done, *left.items), outputs=left.outputs, summary=left.summary)


def refuse_drift(records: RecordStore) -> None:
    """Stop a publication from records of which a run is held back.

    Raises:
        DriftError: one is.
    """
    drifts = DriftBook(records).drifts()
    if drifts:
        more = f" {len(drifts) - 1} more runs are held back." if len(drifts) > 1 else ""
        raise DriftError(f"Nothing was published. {run_sentence(drifts[0])}{more} {_REMEDY}")


def drift_items(store: RecordStore, run: str | None) -> tuple[Item, ...]:
    """An item for each site of which this run is held back."""
    return tuple(
        Item(drift.place.site, "rejected", reason=f"{run_sentence(drift)} It is held back. {_REMEDY}")
        for drift in DriftBook(store).drifts()
        if drift.place.run == run
    )


def _decision(drift: Drift, reason: str, workplace: Workplace) -> Decision:
    signs = "; ".join(sorted(finding.sign.key for finding in drift.findings))
    return Decision(
        kind="drift-accepted",
        subject=drift.place.site,
        at=workplace.clock.now(),
        reason=reason,
        detail={"run": drift.place.run, "signs": signs},
    )


def _listed(store: RecordStore) -> Report:
    drifts = DriftBook(store).drifts()
    lines = [line for drift in drifts for line in _lines(drift, store)]
    items = [Item(drift.place.site, "rejected", reason=run_sentence(drift)) for drift in drifts]
    summary = () if drifts else ("No run is held back.",)
    return Report(items=tuple(items), outputs=tuple(lines), summary=summary)


def _lines(drift: Drift, store: RecordStore) -> Iterable[str]:
    yield run_sentence(drift)
    for finding in drift.findings:
        yield f"  {finding_sentence(finding)}"
        for now, before in finding.examples:
            was = store.reading(before) if before else None
            yield f"    {example_sentence(finding, was, store.reading(now), is_new=before is None)}"
