"""The readings of captures that a run may need again."""

import pickle
from collections import OrderedDict
from dataclasses import replace
from typing import Final

from scraper.jobs.scratch import Scratch
from scraper.reading.document_reading import DocumentReading

# Site files, licences and the pages last looked at are at hand for visits to come; so many are.
_AT_HAND: Final = 256
# Of the addresses that these lead to so many are: a sitemap has up to 50,000.
_LEADS_AT_HAND: Final = 50_000
_TABLES: Final = "CREATE TABLE readings (record_id UNIQUE, reading);"


class Readings:
    """Readings by the record id of their capture, the last ones in memory.

    On disk are those of pages that were looked at to learn what they are, until their visit asks for them: so any number of
    pages may wait, and none is read twice. What such a page leads to was asked for when it was looked at, and is not kept.
    """

    def __init__(self) -> None:
        self._at_hand: OrderedDict[str, DocumentReading] = OrderedDict()
        self._leads = 0
        self._waiting = Scratch(_TABLES)

    def get(self, record_id: str) -> DocumentReading | None:
        """The reading of a capture; None where there is none, or it was given up."""
        reading = self._at_hand.get(record_id)
        if reading is not None:
            self._at_hand.move_to_end(record_id)
            return reading
        packed = self._waiting.octets("SELECT reading FROM readings WHERE record_id = ?", record_id)
        if packed is None:
            return None
        self._waiting.execute("DELETE FROM readings WHERE record_id = ?", record_id)
        waited: DocumentReading = pickle.loads(packed)  # noqa: S301 - this run wrote it, into a file without a name
        self.put(waited)
        return waited

    def put(self, reading: DocumentReading) -> None:
        """Keep a reading in place of an earlier one of the same capture.

        Raises:
            StopError: there is no room for those that wait on disk.
        """
        earlier = self._at_hand.pop(reading.capture.record_id, None)
        self._leads += _lead_count(reading) - (_lead_count(earlier) if earlier else 0)
        self._at_hand[reading.capture.record_id] = reading
        while len(self._at_hand) > _AT_HAND or self._leads > _LEADS_AT_HAND:
            record_id, oldest = self._at_hand.popitem(last=False)
            self._leads -= _lead_count(oldest)
            if oldest.leads is not None:
                packed = pickle.dumps(replace(oldest, leads=None), pickle.HIGHEST_PROTOCOL)
                self._waiting.execute("INSERT OR REPLACE INTO readings VALUES (?, ?)", record_id, packed)


def _lead_count(reading: DocumentReading) -> int:
    """How many addresses a document leads to."""
    leads = reading.leads
    if leads is None:
        return 0
    return sum(
        map(len, (leads.pages, leads.posts, leads.sitemaps, leads.moved, leads.following, *leads.groups))
    )
