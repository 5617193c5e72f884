"""One commenter of a shared WordPress page is forgotten: nothing of hers is left, and the others are as they were."""

from dataclasses import replace
from pathlib import Path

import pytest

from scraper.archive.check import check
from scraper.jobs.forget import forget
from scraper.jobs.politeness.judge import judge_politeness
from scraper.jobs.progress import Progress
from scraper.jobs.record.cassette import cassette_at, recording_of
from scraper.jobs.record.job import visit_post
from scraper.jobs.workplace import Workplace
from scraper.records.contract import Row
from scraper.records.store import Records
from scraper.settings import HostSettings
from tests.archive.judge import warcio_complaints
from tests.archive.making import warc_files
from tests.cassettes import CASSETTES
from tests.clock import VirtualClock
from tests.jobs.workplaces import workplace_at
from tests.takedown.searching import places_of

RECORDED = CASSETTES / "wordpress" / "comment-pages.yaml"


@pytest.fixture
def blog(tmp_path: Path) -> Workplace:
    place = workplace_at(tmp_path / "archive", VirtualClock())
    hosts = {"gyeoul.example": HostSettings(delay=0.0)}
    place = replace(place, settings=replace(place.settings, host=hosts))
    with cassette_at(RECORDED, "none"):
        visit_post(recording_of(RECORDED).target, place)
    return place


def comments(place: Workplace) -> list[Row]:
    with Records.open_to_read(place.folder / "records.sqlite") as records:
        return list(records.rows("comments"))


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["한별", "지나가던 이", "문다온"])
def test_nothing_of_one_commenter_and_all_of_the_others(blog: Workplace, name: str) -> None:
    before = comments(blog)
    hers = [row for row in before if row["author_name"] == name]
    slugs = ["hanbyeol"] if name == "한별" else []
    assert hers
    assert places_of(blog.folder, name)
    forget(name, blog, reason="Asked by its author")
    texts = [line for row in hers for line in row["text"].split("\n") if len(line) > 8]
    assert places_of(blog.folder, name, *slugs, *texts) == []
    now = {row["comment_id"]: (row["text"], row["author_id"]) for row in comments(blog)}
    assert now == {row["comment_id"]: (row["text"], row["author_id"]) for row in before if row not in hers}
    assert check(blog.folder) == []
    assert warcio_complaints(*warc_files(blog.folder)) == ""
    assert judge_politeness(blog.folder, Progress()).exit_code == 0


@pytest.mark.thorough
def test_a_forgotten_post_leaves_a_ledger_that_can_be_judged(blog: Workplace) -> None:
    forget(recording_of(RECORDED).target, blog, reason="Asked by its author")
    assert places_of(blog.folder, "창가에서 상추 키우기", "window-garden") == []
    assert judge_politeness(blog.folder, Progress()).exit_code == 0
    assert check(blog.folder) == []
