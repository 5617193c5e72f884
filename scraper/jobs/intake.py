"""What every import shares: the archive it goes into, and the extractor that reads it there."""

from dataclasses import dataclass, replace
from datetime import datetime

from scraper.archive.archive import Archive
from scraper.jobs.extract import Extractor
from scraper.model.outcome import Item


@dataclass(frozen=True, slots=True)
class Intake:
    """The way into one archive."""

    archive: Archive
    extractor: Extractor

    def known(self, post_url: str, url: str, captured_at: datetime | None, digest: str) -> str | None:
        """The record id of a capture that an earlier import brought into a visit of the post; None where it is new.

        A visit that an interrupted import left open with this very capture is ended first, so nothing is lost.
        """
        record_id = self.archive.find(url, captured_at, digest)
        left = self.archive.open_visit(post_url)
        if record_id and left and not left.ended:
            visit = self.archive.visit(left.visit_id)
            if any(capture.record_id == record_id for capture in visit.captures):
                self.finish(left.visit_id, url, whole=False)
        return record_id if record_id and self.archive.has_visit(post_url, record_id) else None

    def finish(self, visit_id: str, target: str, *, whole: bool) -> Item:
        """End a visit and read it; the item is for ``target``."""
        self.archive.end_visit(visit_id, whole=whole)
        return replace(self.extractor.read(self.archive.visit(visit_id)), target=target)
