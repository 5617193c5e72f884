"""The readings of captures that a run may need again."""

import pickle
from collections import OrderedDict
from dataclasses import replace
from typing import Final

from scraper.jobs.crawl.scratch import Scratch
from scraper.reading.document_reading import DocumentReading

# Site files, licences and the pages last looked at are at hand for visits to come; so many are.
_AT_HAND: Final = 256
_TABLES: Final = "CREATE TABLE readings (record_id UNIQUE, reading);"


class Readings:
    """Readings by the record id of their capture, the last ones in memory.

    On disk are those of pages that were looked at to learn what they are, until their visit asks for them: so any number of
    pages may wait, and none is read twice. What such a page leads to was asked for when it was looked at, and is not kept.
    """

    def __init__(self) -> None:
        self._at_hand: OrderedDict[str, DocumentReading] = OrderedDict()
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
        self._at_hand[reading.capture.record_id] = reading
        self._at_hand.move_to_end(reading.capture.record_id)
        while len(self._at_hand) > _AT_HAND:
            record_id, oldest = self._at_hand.popitem(last=False)
            if oldest.leads is not None:
                packed = pickle.dumps(replace(oldest, leads=None), pickle.HIGHEST_PROTOCOL)
                self._waiting.execute("INSERT OR REPLACE INTO readings VALUES (?, ?)", record_id, packed)
