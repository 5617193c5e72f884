"""Where the payload of somebody else's revisit is: in the files that are imported, or in the archive already."""

from dataclasses import dataclass, replace
from typing import Final

from scraper.archive.archive import Archive
from scraper.archive.compose import ForeignRecord, Reference
from scraper.errors import SkippableError
from scraper.jobs.imports.warc_places import WarcPlaces

# Some tools refer to a revisit, which WARC 1.1 section 6.7.3 has no words for; a circle of them ends here.
_LONGEST_CHAIN: Final = 5


@dataclass(frozen=True, slots=True)
class ResolvedRevisit:
    """A revisit with the digest of its payload, and the id of the record of the archive that has the payload."""

    record: ForeignRecord
    original_id: str


class Originals:
    """Finds originals, and keeps those that the archive lacks as captures of no visit."""

    def __init__(self, archive: Archive, places: WarcPlaces) -> None:
        self._archive = archive
        self._places = places

    def resolve(self, revisit: ForeignRecord) -> ResolvedRevisit:
        """The revisit with what it refers to.

        Raises:
            SkippableError: what it refers to is neither in the files nor in the archive.
        """
        if revisit.refers is None:
            raise ValueError(f"{revisit.url} is no revisit.")
        original_id = self._from_files(revisit) or self._from_archive(revisit.refers, revisit.url)
        if original_id is None:
            raise SkippableError(
                f"{revisit.origin.file if revisit.origin else revisit.url}: the revisit at byte {revisit.offset} of "
                f"{revisit.url} refers to {revisit.refers}, which is in none of the files and not in the archive. "
                "Import it together with the file that holds that capture."
            )
        digest = self._archive.capture(original_id).payload_digest
        return ResolvedRevisit(replace(revisit, payload_digest=digest), original_id)

    def _from_files(self, revisit: ForeignRecord) -> str | None:
        record = revisit
        for _ in range(_LONGEST_CHAIN):
            if record.refers is None:
                break
            place = self._places.original(record.refers, record.url)
            if place is None:
                return None
            record = place.read()
        if record.refers is not None:
            return None
        kept = self._archive.find(record.url, record.time.at, record.payload_digest)
        return (
            self._archive.with_payload(kept) if kept else self._archive.keep_foreign(None, record).record_id
        )

    def _from_archive(self, refers: Reference, url: str) -> str | None:
        kept = self._archive.find_at(refers.url or url, refers.date) if refers.date else None
        return self._archive.with_payload(kept) if kept else None
