"""Readings of pages that wait for their visit: any number of them, none lost."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.jobs.crawl import readings
from scraper.jobs.crawl.job import crawl
from scraper.jobs.crawl.readings import Readings
from scraper.model.at_hand import AtHand
from scraper.model.capture import Capture
from scraper.page.leads import Leads
from scraper.reading.document_reading import DocumentReading
from scraper.reading.extractor import Extractor
from scraper.reading.sealed import Sealed
from tests.clock import VirtualClock
from tests.jobs.workplaces import workplace_at
from tests.replica.server import Replica
from tests.replica.wordpress import ENTRIES, SITE

_AT = datetime(2026, 3, 1, tzinfo=UTC)


def _reading(number: int, leads: Leads | None) -> DocumentReading:
    url = f"https://blog.example/{number}"
    capture = Capture(f"urn:uuid:{number}", url, 200, (), b"", _AT, "observed", "sha256:0")
    return DocumentReading(capture, "wordpress", Sealed({"text": "글" * number}), leads=leads)


def test_any_number_of_pages_that_were_looked_at_wait_for_their_visit() -> None:
    waiting, count = Readings(), 1000
    for number in range(count):
        waiting.put(_reading(number, Leads()))
    for number in range(count):
        waited = waiting.get(f"urn:uuid:{number}")
        assert waited is not None
        assert (waited.capture, waited.content) == (
            _reading(number, None).capture,
            {"text": "글" * number},
        )


def test_what_nobody_waits_for_is_given_up() -> None:
    last = Readings()
    for number in range(1000):
        last.put(_reading(number, None))
    assert last.get("urn:uuid:0") is None
    assert last.get("urn:uuid:999") == _reading(999, None)


def test_what_was_used_last_stays_at_hand_within_its_bound() -> None:
    at_hand: AtHand[str, str] = AtHand(10)
    at_hand.put("a", "A", 4)
    at_hand.put("b", "B", 4)
    assert at_hand.get("a") == "A"
    at_hand.put("c", "C", 4)
    assert [at_hand.get(key) for key in "abc"] == ["A", None, "C"]
    at_hand.put("c", "greater", 7)
    assert [at_hand.get(key) for key in "ac"] == [None, "greater"]
    at_hand.put("d", "too large", 11)
    assert at_hand.get("d") is None
    at_hand.drop("c")
    at_hand.drop("c")
    at_hand.put("e", "E", 10)
    assert at_hand.get("e") == "E"


def test_a_page_that_was_looked_at_is_not_read_again_by_its_visit_however_many_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    own = Extractor.read_documents_aside

    async def noted(
        extractor: Extractor, captures: Sequence[Capture], *, with_leads: bool = False
    ) -> list[DocumentReading]:
        read.extend(capture.url for capture in captures)
        return await own(extractor, captures, with_leads=with_leads)

    monkeypatch.setattr(Extractor, "read_documents_aside", noted)
    monkeypatch.setattr(readings, "_AT_HAND", 1)
    pages = [SITE + entry.path for entry in ENTRIES]
    with Replica() as replica:
        report = crawl(pages, workplace_at(tmp_path / "archive", VirtualClock(), replica))
    assert [item.post_id is None for item in report.items] == [False] * len(pages)
    assert [read.count(page) for page in pages] == [1] * len(pages)
