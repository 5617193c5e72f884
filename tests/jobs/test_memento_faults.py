"""``postkeep import --memento`` where the web archive or the site refuses, breaks off or answers nonsense."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from scraper.jobs.politeness.judge import judge_politeness
from scraper.jobs.progress import Progress
from scraper.jobs.workplace import Workplace
from scraper.model.stores import LedgerEntry, RobotsCopy
from scraper.settings import HostSettings
from tests.archive.making import exchange, keep_visit
from tests.jobs.mementos import (
    POST,
    SITE,
    TIMES,
    mementos,
    opened,
    page,
    reasons,
    rows,
    taken,
    three_captures,
)
from tests.jobs.web_archive import Answer, Stored, WebArchive


def test_nothing_is_fetched_where_the_web_archive_refuses(workplace: Workplace) -> None:
    with WebArchive(three_captures(), robots="User-agent: *\nDisallow: /kept/2\n") as archive:
        report = taken(archive, workplace)
    assert report.exit_code == 3
    assert archive.replayed == []
    assert "robots.txt line 2" in reasons(report, "refused")[0]


def test_the_judge_of_politeness_finds_nothing_wrong(workplace: Workplace) -> None:
    robots = "User-agent: *\nCrawl-delay: 7\nDisallow: /kept/2024\n"
    captures = [*three_captures()[:2], Stored(POST, TIMES[2], page(views=300))]
    with WebArchive(captures, robots=robots) as archive:
        report = taken(archive, with_terms(workplace, "the owner agreed"))
    assert [item.outcome for item in report.items] == ["done", "done", "refused"]
    (verdict,) = judge_politeness(workplace.folder, Progress()).items
    assert verdict.outcome == "done", verdict.reason


def test_a_list_that_may_not_be_asked_for_is_a_refused_target(workplace: Workplace) -> None:
    with WebArchive(three_captures(), robots="User-agent: *\nDisallow: /kept/cdx\n") as archive:
        report = taken(archive, workplace)
    assert [(item.target, item.outcome) for item in report.items] == [(POST, "refused")]
    assert archive.paths == ["/robots.txt"]


Refusing = Callable[[Workplace], Workplace]


def with_terms(workplace: Workplace, reason: str | None = None) -> Workplace:
    hosts = {**workplace.settings.host, "careerly.co.kr": HostSettings(terms="forbid", reason=reason)}
    return replace(workplace, settings=replace(workplace.settings, host=hosts))


def with_robots(workplace: Workplace) -> Workplace:
    with opened(workplace) as archive:
        body = b"User-agent: postkeep\nDisallow: /comments/\n"
        archive.robots.put_robots(RobotsCopy(SITE, workplace.clock.now(), 200, body))
    return workplace


def with_a_refusal_in_the_ledger(workplace: Workplace) -> Workplace:
    with opened(workplace) as archive:
        entry = LedgerEntry(
            workplace.clock.now(), "refused", "careerly.co.kr", POST, "robots.txt line 2: /comments/", {}
        )
        archive.ledger.note(entry)
    return workplace


def with_a_closed_door(workplace: Workplace) -> Workplace:
    with opened(workplace) as archive:
        keep_visit(archive, POST, exchange(POST, b"<p>login", status=403))
    return workplace


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("refusing", "says"),
    [
        (with_terms, "terms of careerly.co.kr forbid it"),
        (with_robots, "the site itself refused it (robots.txt line 2"),
        (with_a_refusal_in_the_ledger, "the site itself refused it (robots.txt, by the ledger)"),
        (with_a_closed_door, "showed it to members only"),
    ],
)
def test_a_web_archive_is_no_way_round_what_the_site_itself_refused(
    refusing: Refusing, says: str, workplace: Workplace
) -> None:
    workplace = refusing(workplace)
    with WebArchive(three_captures()) as archive:
        report = taken(archive, workplace)
    assert archive.replayed == []
    assert report.exit_code == 3
    assert says in reasons(report, "refused")[0]
    ledger = "".join(path.read_text() for path in (workplace.folder / "ledger").iterdir())
    assert '"refused"' in ledger.splitlines()[-1]


def test_terms_that_forbid_are_overruled_by_a_written_reason(workplace: Workplace) -> None:
    with WebArchive(three_captures()[:1]) as archive:
        report = taken(archive, with_terms(workplace, "the owner agreed on 2026-01-02"))
    assert report.exit_code == 0


def test_a_refusal_that_was_lifted_later_holds_nothing_up(workplace: Workplace) -> None:
    workplace = with_a_refusal_in_the_ledger(workplace)
    with opened(workplace) as archive:
        archive.robots.put_robots(RobotsCopy(SITE, workplace.clock.now(), 404, b""))
    with WebArchive(three_captures()[:1]) as web_archive:
        assert taken(web_archive, workplace).exit_code == 0


def test_a_memento_that_asks_not_to_be_archived_is_not_kept(workplace: Workplace) -> None:
    headers = (("Content-Type", "text/html"), ("X-Robots-Tag", "noarchive"))
    with WebArchive([Stored(POST, TIMES[0], page(), headers=headers)]) as archive:
        report = taken(archive, workplace)
    assert "asks not to be archived" in reasons(report, "refused")[0]
    assert mementos(workplace) == []


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Answer(200, (("Content-Type", "text/html"),), b"<html>Internal trouble</html>"), "(text/html)"),
        (Answer(200, (), b"[1, 2]"), "something else than a whole list"),
        (Answer(200, (), b'[["a", "b"], ["c", "d"]]'), "something else than a whole list"),
        (Answer(200, (), b"[" * 100_000), "something else than a whole list"),
        (Answer(200, (), b'{"url": "https://careerly.co.kr/'), "something else than a whole list"),
        (Answer(200, (), b'{"url": "https://careerly.co.kr/comments/1"}\n' * 9, cut=30), "cut off"),
        (Answer(404, (), b"no such collection"), "HTTP status 404"),
        (Answer(500, (), b"trouble"), "500"),
    ],
)
def test_a_list_that_is_none_fails_its_target_and_no_other(
    fault: Answer, says: str, workplace: Workplace
) -> None:
    with WebArchive(three_captures()) as archive:
        archive.faults["/kept/cdx?url=https%3A%2F%2Fcareerly.co.kr%2Fcomments%2F1&"] = fault
        report = taken(archive, workplace, f"{SITE}/comments/1", POST)
    assert report.items[0].outcome == "failed"
    assert says in (report.items[0].reason or "")
    assert report.counts()["done"] == 2


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Answer(404, (), b"gone"), "has no such capture (HTTP status 404"),
        (Answer(503, (), b"busy"), "503"),
        (Answer(200, (), b"<p>Please wait"), "gave something else than a memento (HTTP status 200"),
        (Answer(200, (("Memento-Datetime", "last week"),), b"<p>"), "no Memento-Datetime that can be read"),
        (
            Answer(200, (("Memento-Datetime", "Fri, 31 Dec 9999 23:59:59 GMT"),), b"<p>"),
            "no Memento-Datetime",
        ),
        (Answer(302, (("Location", POST),)), f"redirects to {POST}, which is no capture of the same page"),
        (
            Answer(302, (("Location", f"/kept/{TIMES[1]}id_/{SITE}/comments/1"),)),
            "which is no capture of the same page",
        ),
        (Answer(302, (("Location", f"/kept/{TIMES[0]}id_/{POST}"),)), "redirects without end"),
    ],
)
def test_a_memento_that_cannot_be_had_fails_alone(fault: Answer, says: str, workplace: Workplace) -> None:
    with WebArchive(three_captures()) as archive:
        archive.faults[f"/kept/{TIMES[0]}id_/"] = fault
        report = taken(archive, workplace)
    assert says in reasons(report, "failed")[0]
    assert [row["views"] for row in rows(workplace, "metrics")] == [200]
    assert all(path.startswith(("/kept/", "/robots.txt")) for path in archive.paths)


def test_a_memento_of_another_time_than_listed_is_taken_by_its_own_time_and_once(
    workplace: Workplace,
) -> None:
    with WebArchive(three_captures()[:1], "wayback") as archive:
        listed = [["timestamp", "original"], ["20221109000000", POST], [TIMES[0], POST]]
        archive.faults["/cdx/"] = Answer(200, (), json.dumps(listed).encode())
        report = taken(archive, workplace)
    assert [item.outcome for item in report.items] == ["done", "skipped"]
    assert [fields["WARC-Date"][:10] for fields in mementos(workplace)] == ["2022-11-08"]


def test_entries_with_bad_timestamps_are_counted_and_passed_over(workplace: Workplace) -> None:
    bad = ("20221332000000", "20221108", "", "²0221108000000", TIMES[0], "99991231235959")
    with WebArchive(three_captures()[:1], "wayback") as archive:
        listed = [["timestamp", "original"], *([timestamp, POST] for timestamp in bad)]
        archive.faults["/cdx/"] = Answer(200, (), json.dumps(listed).encode())
        report = taken(archive, workplace)
    assert report.counts()["done"] == 1
    assert any(
        reason.startswith("Entries of the list that give no URL and time") and reason.endswith("(4)")
        for reason in reasons(report, "skipped")
    )
