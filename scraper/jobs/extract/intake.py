"""The captures of WARC files that stay where they are: nothing is kept, and what their visits say goes to a shard."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from scraper.archive.compose import ForeignRecord, foreign_records, printable_url
from scraper.archive.replay import capture_of
from scraper.archive.warc import WarcRecord, unbracketed
from scraper.jobs.extract.shard import ReadVisit, ShardWriter
from scraper.model.capture import Capture, Visit
from scraper.model.exclusions import Exclusions
from scraper.model.outcome import Item
from scraper.model.url import host_of, parse_url
from scraper.reading.document_reading import DocumentReading
from scraper.reading.pool import Reader
from scraper.reading.read_visit import DocumentsOfVisit
from scraper.reading.unfinished_visit import UnfinishedVisit
from scraper.records.contract import Contract
from scraper.records.reading import Reading
from scraper.sites.registry import Claimed

# The time of a record that states none is unknown, whatever stands in the header in which it must state one.
_NO_TIME: Final = datetime.min.replace(tzinfo=UTC)
STAGE_BITS: Final = 60
"""Where in an ordinal the stage stands that a visit was made in: those of a later stage come behind those of all files before."""


@dataclass(slots=True)
class ShardIntake:
    """Takes in the visits of one file; a capture goes by the id of its record there, and no other archive has it."""

    reader: Reader
    shard: ShardWriter
    exclusions: Exclusions = field(default_factory=Exclusions)
    next_ordinal: int = 1
    # What is kept for its payload alone is asked for at once.
    _original: tuple[str, WarcRecord] | None = None

    def begin_stage(self) -> None:
        """Another stage of visits begins."""
        self.next_ordinal += 1 << STAGE_BITS

    def refusal(self, url: str, post_id: str | None) -> str | None:
        """Why a page, of a post where its id is known, is not taken in: it is forgotten or opted out; None where it may be."""
        parsed = parse_url(url)
        return self.exclusions.against_visit(parsed.href if parsed else url, host_of(url), post_id)

    def repeated(
        self,
        post: Claimed,  # noqa: ARG002 - the shape of an intake
        page: ForeignRecord,  # noqa: ARG002
        document: DocumentReading | None,  # noqa: ARG002
    ) -> list[Item] | None:
        """None: which captures there are twice shows when those of all files come together."""
        return None

    def begin(self, post: Claimed) -> Visit:
        """Begin a visit of a post; it has no captures yet."""
        visit = Visit(str(self.next_ordinal), self.next_ordinal, post.claim.url)
        self.next_ordinal += 1
        return visit

    def keep(self, visit_id: str, record: ForeignRecord, original_id: str | None) -> Capture:  # noqa: ARG002
        """The capture that a record is; a revisit has the payload of the one that was asked for last."""
        original = self._original[1] if self._original and self._original[0] == original_id else None
        if record.refers and original is None:
            raise ValueError(f"The revisit of {record.url} needs the record that has its payload.")
        return capture_of(_as_kept(record, original), original=original)

    def keep_original(self, record: ForeignRecord) -> str | None:
        """The id of the capture with a record's payload."""
        kept = _as_kept(record)
        self._original = kept.record_id, kept
        return kept.record_id

    def original_at(self, url: str, second: datetime | None) -> str | None:  # noqa: ARG002 - the shape of an intake
        """None: there are no captures but those of the files."""
        return None

    def capture(self, record_id: str) -> Capture:
        """The capture that was asked for last for its payload."""
        if self._original is None or self._original[0] != record_id:
            raise ValueError(f"{record_id} is not at hand.")
        return capture_of(self._original[1])

    def as_stated(self, capture: Capture, source: str, document: DocumentReading | None) -> Capture:  # noqa: ARG002
        """The capture as it is: nobody says anything of it."""
        return capture

    def finish(self, visit: UnfinishedVisit, *, whole: bool) -> DocumentsOfVisit:
        """End a visit; what its documents say is still to be joined."""
        visit.visit = replace(visit.visit, whole=whole)
        return visit.read

    def join_all(self, visits: Sequence[DocumentsOfVisit]) -> Iterator[Item]:
        """Join what visits say, and add it to the shard."""
        for read, result in zip(visits, self.reader.join(visits), strict=True):
            self.shard.add(ReadVisit.of(read.visit, result))
            if isinstance(result, Reading):
                yield Item(read.visit.url, "done", result.post_id)
            else:
                yield Item(read.visit.url, "rejected", result.post_id, result.reason)


def _as_kept(record: ForeignRecord, original: WarcRecord | None = None) -> WarcRecord:
    """A record as an archive of ours would keep it, under the id that it has in its file."""
    return foreign_records(record, "", _record_id(record), _NO_TIME, None, original)[-1]


@cache
def _form_of_ids() -> re.Pattern[str]:
    return Contract.load().pattern("posts", "warc_record_id")


def _record_id(record: ForeignRecord) -> str:
    """The id of a record; of one that states none that is a URI, as in an ARC file, one made of what it is and where it stands."""
    stated = unbracketed(record.origin.record_id) if record.origin and record.origin.record_id else ""
    if _form_of_ids().search(stated):
        return stated
    # Files of one name lie in many folders.
    file = printable_url(record.origin.file) if record.origin else ""
    place = f"{file}#{record.position.member}+{record.position.within}"
    return uuid5(
        NAMESPACE_URL, f"{place} {printable_url(record.url)} {record.time.at} {record.payload_digest}"
    ).urn
