"""``postkeep import --memento`` against a web archive on loopback, in each dialect."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scraper.errors import UsageError
from scraper.jobs.imports.selection import Selection
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item
from scraper.settings import Settings
from tests.clock import VirtualClock
from tests.jobs.mementos import (
    POST,
    PREFIX,
    SITE,
    TIMES,
    kept,
    mementos,
    reasons,
    rows,
    taken,
    three_captures,
    v2_captures,
)
from tests.jobs.web_archive import DIALECTS, Answer, Dialect, Stored, WebArchive
from tests.replica import v2
from tests.replica.content import Community, load_community

every_dialect = pytest.mark.parametrize("dialect", DIALECTS)


@pytest.mark.thorough
@every_dialect
def test_a_post_captured_several_times_is_one_post_with_its_metrics_and_revisions(
    dialect: Dialect, workplace: Workplace
) -> None:
    with WebArchive(three_captures(), dialect) as archive:
        report = taken(archive, workplace)
    assert report.counts()["done"] == 2
    (post,) = rows(workplace, "posts")
    assert (post["text"], post["captured_at_basis"]) == ("고쳐 쓴 글입니다.", "memento")
    assert [(row["observed_at"], row["views"]) for row in rows(workplace, "metrics")] == [
        ("2022-11-08T00:00:00Z", 100),
        ("2023-03-01T12:00:00Z", 200),
    ]
    texts = [
        row for row in rows(workplace, "revisions") if (row["item_type"], row["field"]) == ("post", "text")
    ]
    assert [row["revision"] for row in texts] == [1, 2]


@pytest.mark.thorough
@every_dialect
def test_a_memento_keeps_its_uri_its_datetime_and_where_it_came_from(
    dialect: Dialect, workplace: Workplace
) -> None:
    with WebArchive(three_captures()[:1], dialect) as archive:
        taken(archive, workplace)
        source = f"{archive.root}{archive.replay}{TIMES[0]}id_/{POST}"
    (fields,) = mementos(workplace)
    assert fields["WARC-Target-URI"] == POST
    assert fields["WARC-Source-URI"] == source
    assert fields["Postkeep-Memento-Datetime"] == "Tue, 08 Nov 2022 00:00:00 GMT"
    assert fields["WARC-Date"].startswith("2022-11-08T00:00:00")
    assert fields["WARC-Creation-Date"].startswith("2026-01-05")
    with kept(workplace) as archived:
        (visit,) = archived.visits()
    (capture,) = visit.captures
    assert capture.captured_at == datetime(2022, 11, 8, tzinfo=UTC)
    assert capture.captured_at_basis == "memento"
    assert {name.lower() for name, _ in capture.headers} == {"content-type", "etag"}


@pytest.mark.thorough
@every_dialect
def test_an_equal_capture_is_not_fetched(dialect: Dialect, workplace: Workplace) -> None:
    with WebArchive(three_captures(), dialect) as archive:
        report = taken(archive, workplace)
    assert len(archive.replayed) == 2
    assert reasons(report, "skipped") == ["Captures that equal the one before them. (1)"]


def test_a_capture_that_returns_to_an_older_state_is_taken_in(workplace: Workplace) -> None:
    first, second, _ = three_captures()
    with WebArchive([first, second, replace(first, timestamp=TIMES[2])]) as archive:
        taken(archive, workplace)
    assert [row["views"] for row in rows(workplace, "metrics")] == [100, 200, 100]


@pytest.mark.thorough
@every_dialect
def test_the_same_command_again_fetches_and_keeps_nothing_twice(
    dialect: Dialect, workplace: Workplace
) -> None:
    with WebArchive([*three_captures(), *v2_captures(TIMES[0])], dialect) as archive:
        taken(archive, workplace, f"{SITE}/*")
        before, once = len(archive.replayed), mementos(workplace)
        report = taken(archive, workplace, f"{SITE}/*")
    assert report.counts()["done"] == 0
    assert mementos(workplace) == once
    assert len(archive.replayed) == before


@pytest.mark.thorough
@every_dialect
def test_what_a_site_needs_besides_the_page_comes_from_the_capture_nearest_in_time(
    dialect: Dialect, workplace: Workplace
) -> None:
    later = load_community()
    grown = Community(tuple(replace(post, views=post.views + 1000) for post in later.posts))
    captures = [*v2_captures("20251201000000"), *v2_captures("20260101000000", grown)]
    with WebArchive(captures, dialect) as archive:
        report = taken(archive, workplace, f"{SITE}/community?post=73002")
    assert report.exit_code == 0
    views = [row["views"] for row in rows(workplace, "metrics")]
    assert len(views) == 2
    assert views[1] - views[0] == 1000


@pytest.mark.thorough
@every_dialect
def test_a_captured_redirect_leads_on_within_the_web_archive(dialect: Dialect, workplace: Workplace) -> None:
    with WebArchive(v2_captures(TIMES[0]), dialect) as archive:
        report = taken(archive, workplace, f"{SITE}/posts/73002")
    assert report.exit_code == 0
    with kept(workplace) as archived:
        (visit,) = archived.visits()
    assert [capture.status for capture in visit.captures] == [307, 200, 200, 200]
    assert (visit.captures[0].header("location") or "").endswith("/community?post=73002")
    assert archive.replay not in (visit.captures[0].header("location") or "")
    assert visit.captures[1].url == f"{SITE}/community?post=73002"


def test_a_redirect_beside_a_page_of_the_same_moment_is_passed_over(workplace: Workplace) -> None:
    upgrade = Stored(
        POST.replace("https", "http"), "20221107235958", status=301, headers=(("Location", POST),)
    )
    with WebArchive([upgrade, three_captures()[0]]) as archive:
        report = taken(archive, workplace)
    assert len(archive.replayed) == 1
    assert "Redirects from another spelling" in reasons(report, "skipped")[0]


def test_a_visit_that_was_cut_off_is_gone_on_with(workplace: Workplace, clock: VirtualClock) -> None:
    busy = Answer(503, (("Retry-After", "7200"),))
    with WebArchive(v2_captures(TIMES[0])) as archive:
        archive.faults[f"/kept/{TIMES[0]}id_/https://{v2.API_HOST}/api/v1/comments"] = busy
        first = taken(archive, workplace, f"{SITE}/posts/73002")
        assert first.counts()["failed"] == 1
        clock.advance(3 * 3600)
        archive.faults.clear()
        second = taken(archive, workplace, f"{SITE}/posts/73002")
    assert second.exit_code == 0
    with kept(workplace) as archived:
        (visit,) = archived.visits()
    assert len(visit.captures) == 4
    assert len(mementos(workplace)) == 4


def test_a_prefix_finds_posts_and_says_how_much_else_there_was(workplace: Workplace) -> None:
    others = [Stored(f"{SITE}/profiles/{number}", TIMES[0], b"x") for number in range(7)]
    with WebArchive([*three_captures(), *others]) as archive:
        report = taken(archive, workplace, f"{SITE}/*")
    assert report.counts()["done"] == 2
    assert "Captures of URLs that are no posts of a site that postkeep reads. (7)" in reasons(
        report, "skipped"
    )


def test_a_target_without_captures_fails_with_a_sentence(workplace: Workplace) -> None:
    with WebArchive([]) as archive:
        report = taken(archive, workplace)
    assert [item.outcome for item in report.items] == ["failed"]
    assert f"lists no capture to take in for {POST}" in (report.items[0].reason or "")


def test_a_selection_by_time_and_pattern_is_all_that_is_fetched(workplace: Workplace) -> None:
    since, until = datetime(2023, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)
    other = Stored(f"{SITE}/comments/1", TIMES[1], b"x")
    with WebArchive([*three_captures(), other]) as archive:
        selection = Selection(patterns=("*/comments/70991",), since=since, until=until)
        taken(archive, workplace, PREFIX, selection=selection)
    assert archive.replayed == [f"/kept/{TIMES[1]}id_/{POST}"]


def test_without_a_contact_nothing_is_asked(workplace: Workplace) -> None:
    nameless = replace(workplace, settings=Settings())
    with WebArchive(three_captures()) as archive, pytest.raises(UsageError, match="No contact is set"):
        taken(archive, nameless)
    assert archive.paths == []


def test_each_capture_is_reported_by_the_address_of_its_memento(workplace: Workplace) -> None:
    with WebArchive(three_captures()[:1]) as archive:
        report = taken(archive, workplace)
        address = f"{archive.root}/kept/{TIMES[0]}id_/{POST}"
    assert report.items == (Item(address, "done", "careerly:comments-70991"),)
