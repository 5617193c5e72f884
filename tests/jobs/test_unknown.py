"""Crawls of sites on software that nobody described: every topic once, and nothing asked for that is none."""

from pathlib import Path

import pytest

from scraper.jobs.crawl.job import crawl
from scraper.page.site_signals import SITE_FILES
from scraper.records.store import Records
from tests.clock import VirtualClock
from tests.jobs.workplaces import workplace_at
from tests.replica.server import Replica
from tests.replica.unknown import PLACES, Place


def urls(folder: Path) -> list[str]:
    """The URLs of the posts that were archived."""
    with Records.open_to_read(folder / "records.sqlite") as records:
        return [str(row["url"]) for row in records.rows("posts")]


def asked(replica: Replica, place: Place) -> list[str]:
    """The targets of a place that were asked for, without its site files, in order."""
    return [each.target for each in replica.log if each.host == place.host and each.target not in SITE_FILES]


@pytest.mark.thorough
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_every_topic_is_archived_once_and_nothing_else_asked_for(
    tmp_path: Path, replica: Replica, place: Place
) -> None:
    folder = tmp_path / "archive"
    report = crawl([place.url(place.start)], workplace_at(folder, VirtualClock(), replica))
    assert report.exit_code == 0, report.items
    posts = urls(folder)
    assert sorted(posts) == sorted(map(place.url, place.topics))
    targets = asked(replica, place)
    assert [target for target in targets if place.traps.search(target)] == []
    assert len(targets) == len(set(targets))


@pytest.mark.thorough
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_no_more_topics_are_asked_for_than_were_wanted(
    tmp_path: Path, replica: Replica, place: Place
) -> None:
    folder = tmp_path / "archive"
    crawl([place.url(place.start)], workplace_at(folder, VirtualClock(), replica), 3)
    posts = urls(folder)
    assert len(posts) == 3
    assert set(posts) <= set(map(place.url, place.topics))
    assert len(set(asked(replica, place)) & set(place.topics)) <= 4


@pytest.mark.parametrize("target", ["/brett/thema.php?f=2&p=2101", "/brett/thema.php?p=2107#p2107"])
def test_the_address_of_one_post_leads_to_its_thread(tmp_path: Path, replica: Replica, target: str) -> None:
    place = PLACES["brett.example"]
    folder = tmp_path / "archive"
    thread = place.url("/brett/thema.php?f=2&t=21")
    report = crawl([place.url(target), thread], workplace_at(folder, VirtualClock(), replica))
    assert report.exit_code == 0, report.items
    assert urls(folder) == [thread]
    with Records.open_to_read(folder / "records.sqlite") as records:
        (post,) = records.rows("posts")
        comments = list(records.rows("comments"))
    assert str(post["text"]).endswith("[21.0]")
    assert sorted(int(str(row["text"]).rpartition(".")[2][:-1]) for row in comments) == list(range(1, 12))
