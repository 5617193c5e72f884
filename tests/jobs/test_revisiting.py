"""A second crawl of what has not changed costs next to nothing, and reads the same."""

from collections import Counter
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper.archive.check import check
from scraper.jobs.crawl.job import crawl
from scraper.jobs.extract.anew import extract
from scraper.jobs.workplace import Workplace
from tests.archive.judge import warcio_complaints
from tests.clock import VirtualClock
from tests.jobs.rows import exported_rows, without_time_and_place
from tests.jobs.workplaces import workplace_at
from tests.replica.server import Replica

POSTS = (
    "https://careerly.co.kr/comments/71655",
    "https://careerly.co.kr/posts/73002",
    "https://careerly.co.kr/qnas/3107",
)
DAY = 24 * 3600


def crawled_after(folder: Path, replica: Replica, days: int) -> Workplace:
    clock = VirtualClock()
    clock.advance(days * DAY)
    workplace = workplace_at(folder, clock, replica)
    assert crawl(POSTS, workplace).exit_code == 0
    return workplace


def kinds(folder: Path) -> Counter[str]:
    """How many records of each type there are about pages, robots.txt and the like aside."""
    found: Counter[str] = Counter()
    for path in sorted((folder / "warc").iterdir()):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                if not url.endswith(("/robots.txt", "/tdmrep.json")):
                    found[record.rec_type] += 1
    return found


@pytest.mark.thorough
def test_what_has_not_changed_is_asked_for_conditionally_and_kept_as_revisits(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with Replica() as replica:
        once = crawled_after(archive, replica, days=0)
        first, rows = kinds(archive), exported_rows(once, tmp_path / "first")
        before = len(replica.log)
        again = crawled_after(archive, replica, days=2)
        conditional = [
            request for request in replica.log[before:] if dict(request.headers).get("if-none-match")
        ]
    second = kinds(archive)
    # A redirect has no payload to compare; everything else is a revisit now, and came as a 304.
    assert len(conditional) == second["revisit"] == first["response"] - 1
    assert second["response"] == first["response"] + 1
    assert warcio_complaints(*sorted((archive / "warc").iterdir())) == ""
    assert check(archive) == []
    assert exported_rows(again, tmp_path / "second") == rows


@pytest.mark.thorough
def test_visits_of_revisits_alone_read_as_the_first_visit_did(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with Replica() as replica:
        crawled_after(archive, replica, days=0)
        workplace = crawled_after(archive, replica, days=2)
        whole = crawled_after(tmp_path / "whole", replica, days=2)
    (archive / "records.sqlite").unlink()
    assert {item.outcome for item in extract(workplace).items} == {"done"}
    one, other = exported_rows(workplace, tmp_path / "one"), exported_rows(whole, tmp_path / "other")
    assert without_time_and_place(one) == without_time_and_place(other)
