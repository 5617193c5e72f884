"""A crawl divided by host: each page is asked for by one shard, nothing is lost between them, and merged they are one crawl."""

import gzip
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.archive.decisions import read_decisions
from scraper.errors import UsageError
from scraper.jobs.crawl.job import crawl
from scraper.jobs.merge import merge
from scraper.jobs.politeness.judge import judge_politeness
from scraper.jobs.progress import Progress
from scraper.jobs.publication.export import export
from scraper.jobs.refresh.job import refresh
from scraper.jobs.refresh.plan import plan
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item
from scraper.model.shard import Shard
from scraper.model.url import host_of
from scraper.settings import HostSettings
from tests.cli.terminal import make_archive, postkeep
from tests.clock import VirtualClock
from tests.examples import few_of
from tests.jobs.rows import read_rows, without_time_and_place
from tests.jobs.workplaces import SETTINGS, workplace_at
from tests.replica import forum, outage, v2, wordpress
from tests.replica.content import SITE_HOST
from tests.replica.routes import Answer, Deployment, answer
from tests.replica.server import Replica

POST = f"https://{SITE_HOST}/comments/71655"
OTHER = f"https://{SITE_HOST}/posts/73002"
BLOG = wordpress.SITE + wordpress.ENTRIES[0].path
TARGETS = (POST, f"https://www.{SITE_HOST}/comments/72260", OTHER, BLOG, forum.SITE + "/", "no-url")
COUNT = 3


def shard_with(host: str, count: int = COUNT) -> Shard:
    return Shard(1, count).of(host)


def shard_without(host: str, count: int = COUNT) -> Shard:
    return next(shard for number in range(1, count + 1) if not (shard := Shard(number, count)).has(host))


def told(items: Sequence[Item]) -> list[tuple[str, str]]:
    return [(item.target, item.outcome) for item in items]


@pytest.mark.thorough
def test_merged_the_shards_are_what_one_archive_that_crawled_everything_is(tmp_path: Path) -> None:
    archives, asked = [], []
    for number in range(1, COUNT + 1):
        with Replica() as replica:
            place = workplace_at(tmp_path / f"shard {number}", VirtualClock(), replica)
            report = crawl(TARGETS, place, shard=Shard(number, COUNT))
            asked.append({request.host for request in replica.log})
        assert report.counts()["skipped"] == 1
        assert judge_politeness(place.folder, Progress()).exit_code == 0
        archives.append(place)
    hosts = [{host.removeprefix("www.") for host in each} - {v2.API_HOST} for each in asked]
    assert max(Counter(host for each in hosts for host in each).values()) == 1
    with Replica() as replica:
        whole = workplace_at(tmp_path / "whole", VirtualClock(), replica)
        crawl(TARGETS, whole)
    export(tmp_path / "exported", whole)
    merge(archives, tmp_path / "merged")
    assert without_time_and_place(read_rows(tmp_path / "merged")) == without_time_and_place(
        read_rows(tmp_path / "exported")
    )
    assert len(read_rows(tmp_path / "merged")["posts"]) > len(TARGETS) - 2


def test_targets_of_other_shards_are_counted_and_nobody_is_asked(
    workplace: Workplace, replica: Replica
) -> None:
    place = replace(workplace, network=replica.network)
    report = crawl([POST, OTHER, "no-url"], place, shard=shard_without(SITE_HOST))
    assert told(report.items) == [("no-url", "failed"), ("targets of other shards", "skipped")]
    assert str(report.items[1].reason).startswith("Targets on hosts of other shards than")
    assert str(report.items[1].reason).endswith(": 2.")
    assert not replica.log
    assert crawl([POST], place).exit_code == 0


def test_an_archive_stays_the_shard_that_it_is(tmp_path: Path, replica: Replica) -> None:
    clock = VirtualClock()
    place = workplace_at(tmp_path / "archive", clock, replica)
    own, other = shard_with(SITE_HOST), shard_without(SITE_HOST)
    assert told(crawl([POST], place, shard=own).items) == [(POST, "done")]
    asked = len(replica.log)
    for wrong in (other, Shard(1, 1), Shard(1, COUNT + 1)):
        with pytest.raises(UsageError, match=rf"--shard {wrong}: .* is shard {own}"):
            crawl([POST], place, shard=wrong)
    foreign = next(
        url for url in (BLOG, forum.SITE + "/", f"https://{outage.HOST}/") if not own.has(host_of(url))
    )
    assert told(crawl([foreign], place).items) == [("targets of other shards", "skipped")]
    assert len(replica.log) == asked
    clock.advance(300 * 24 * 3600)
    followed = replace(place, settings=replace(SETTINGS, follow=(foreign,)))
    assert told(refresh(followed).items) == [("targets of other shards", "skipped"), (POST, "done")]
    assert [each.subject for each in read_decisions(place.folder) if each.kind == "shard"] == [str(own)]


@pytest.mark.thorough
def test_posts_of_before_are_left_to_the_shards_of_their_hosts(tmp_path: Path, replica: Replica) -> None:
    clock = VirtualClock()
    place = workplace_at(tmp_path / "archive", clock, replica)
    crawl([POST], place)
    crawl([], place, shard=shard_without(SITE_HOST))
    clock.advance(300 * 24 * 3600)
    asked = len(replica.log)
    (item,) = refresh(place).items
    assert (item.target, item.outcome) == ("posts of other shards", "skipped")
    assert str(item.reason).startswith("1 posts that are due lie on hosts of other shards")
    assert [each.target for each in plan(place).items] == ["refresh"]
    assert len(replica.log) == asked


def test_a_post_that_only_a_list_of_another_host_leads_to_is_named(tmp_path: Path) -> None:
    own = shard_without(SITE_HOST)
    host = next(host for host in (wordpress.HOST, forum.HOST, outage.HOST) if own.has(host))
    feed = (
        '<rss version="2.0"><channel><title>글</title>'
        f"<item><title>하나</title><link>{POST}</link></item><item><title>둘</title><link>{OTHER}</link></item>"
        f"<item><title>하나</title><link>{POST}</link></item></channel></rss>"
    )
    answer = Answer(200, (("content-type", "application/rss+xml"),), feed.encode())
    with Replica(Deployment(instead={(host, "/feed.xml"): answer})) as replica:
        place = workplace_at(tmp_path / "archive", VirtualClock(), replica)
        report = crawl([f"https://{host}/feed.xml"], place, shard=own)
        assert {request.host for request in replica.log} == {host}
    left = [item for item in report.items if item.outcome == "skipped"]
    assert [item.target for item in left] == [POST, OTHER]
    assert {item.reason for item in left} == {
        f"Its host is in shard {shard_with(SITE_HOST)}. Name it to the crawl of that shard."
    }


@pytest.mark.thorough
def test_what_a_post_needs_of_a_host_of_another_shard_is_asked_for_as_many_times_slower(
    tmp_path: Path,
) -> None:
    """Of that host all shards together ask no more often than one crawl would."""
    moved = Answer(302, (("location", POST),))
    host = next(
        host
        for host in (wordpress.HOST, forum.HOST, outage.HOST)
        if not Shard(1, COUNT).of(host).has(SITE_HOST)
    )
    settings = replace(SETTINGS, host=dict.fromkeys((host, SITE_HOST), HostSettings(delay=4.0)))
    gaps = {}
    for count in (1, COUNT):
        clock = VirtualClock()
        with Replica(Deployment(instead={(host, "/old"): moved})) as replica:
            place = replace(workplace_at(tmp_path / str(count), clock, replica), settings=settings)
            crawl([f"https://{host}/old"], place, shard=Shard(1, count).of(host))
            assert any(request.host == SITE_HOST for request in replica.log)
        gaps[count] = max(clock.slept)
    assert gaps[COUNT] >= COUNT * gaps[1] - 1


@pytest.mark.parametrize("text", few_of(["0/3", "4/3", "a/b", "3", ""], 1))
def test_what_names_no_shard_is_refused_with_how_one_is_written(tmp_path: Path, text: str) -> None:
    archive = make_archive(tmp_path / "archive")
    ran = postkeep("crawl", POST, "--shard", text, "--archive", archive, expect=2)
    assert f"--shard {text}: that names no shard" in ran.stderr
    assert "--shard 2/3 is the second of three" in ran.stderr


def test_rows_that_lead_to_a_host_of_another_shard_are_not_looked_at(tmp_path: Path) -> None:
    below = f"b.{forum.HOST}"
    count = next(count for count in range(2, 50) if not Shard(1, count).of(forum.HOST).has(below))
    front = answer(Deployment(), "GET", forum.HOST, "/", ())
    body = gzip.decompress(front.body) if front.body.startswith(b"\x1f\x8b") else front.body
    body = body.replace(b'href="/', f'href="https://{below}/'.encode())
    headers = tuple(each for each in front.headers if each[0] == "content-type")
    with Replica(Deployment(instead={(forum.HOST, "/"): Answer(200, headers, body)})) as replica:
        place = workplace_at(tmp_path / "archive", VirtualClock(), replica)
        (item,) = crawl([forum.SITE + "/"], place, shard=Shard(1, count).of(forum.HOST)).items
        assert {request.host for request in replica.log} == {forum.HOST}
        assert not any(below in path.read_text() for path in (place.folder / "ledger").iterdir())
    assert "of another shard (" in str(item.reason)
