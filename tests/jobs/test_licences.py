"""What a crawl does about licences and uses: asks for licences politely, keeps them, and lets out what they leave."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scraper.archive.ledger import ledger_files
from scraper.archive.read import open_to_read
from scraper.jobs.crawl.job import crawl
from scraper.jobs.extract.anew import extract
from scraper.jobs.publication.export import export
from scraper.jobs.refresh.job import refresh
from scraper.jobs.workplace import Workplace
from tests.clock import VirtualClock
from tests.jobs.rows import exported_rows, rows_of
from tests.jobs.workplaces import workplace_at
from tests.replica import routes, v2, wordpress
from tests.replica.routes import Answer, Deployment, RobotsFile
from tests.replica.server import Replica

HOST = "careerly.co.kr"
POST = f"https://{HOST}/comments/70991"
OTHER = f"https://{HOST}/comments/71204"
LICENCE = f"https://{HOST}/license.xml"
LEARNING = '<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license><prohibits type="usage">ai-train</prohibits></license></content></rsl>'
EVERYTHING = LEARNING.replace("ai-train", "all")
XML = (("content-type", "application/rsl+xml"),)

Instead = dict[tuple[str, str], Answer]


def robots(*lines: str, host: str = HOST) -> dict[str, RobotsFile]:
    return {host: RobotsFile(body="\n".join(("User-agent: *", "Crawl-delay: 0", "Allow: /", *lines, "")))}


def licensing(body: str, status: int = 200, path: str = "/license.xml", host: str = HOST) -> Instead:
    return {(host, path): Answer(status, XML, body.encode())}


def rights(workplace: Workplace) -> set[tuple[str, str]]:
    return {(each["signal"], each["value"]) for row in rows_of(workplace)["posts"] for each in row["rights"]}


def reasons(folder: Path, workplace: Workplace) -> list[str]:
    return [str(item.reason) for item in export(folder, workplace).items if item.outcome == "skipped"]


def asked(replica: Replica, target: str) -> int:
    return sum(request.target == target for request in replica.log)


def refused(workplace: Workplace) -> list[str]:
    lines = (
        json.loads(line) for path in ledger_files(workplace.folder) for line in path.read_text().splitlines()
    )
    return [line["url"] for line in lines if line["event"] == "refused"]


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica() as running:
        yield running


@pytest.fixture
def workplace(tmp_path: Path, replica: Replica) -> Workplace:
    return workplace_at(tmp_path / "archive", VirtualClock(), replica)


@pytest.mark.thorough
def test_a_licence_is_asked_for_once_kept_and_read_from_the_archive(
    tmp_path: Path, replica: Replica, workplace: Workplace
) -> None:
    replica.deployment = Deployment(robots=robots(f"License: {LICENCE}"), instead=licensing(LEARNING))
    assert crawl([POST, OTHER], workplace).exit_code == 0
    assert asked(replica, "/license.xml") == 1
    assert rights(workplace) >= {
        ("robots.txt license", LICENCE),
        ("rsl prohibits usage", "ai-train"),
    }
    with open_to_read(workplace.folder) as archive:
        assert archive.latest(LICENCE) is not None
    before = exported_rows(workplace, tmp_path / "before")
    requests = len(replica.log)
    (workplace.folder / "records.sqlite").unlink()
    extract(workplace)
    assert exported_rows(workplace, tmp_path / "after") == before
    assert len(before["posts"]) == 2
    assert len(replica.log) == requests


@pytest.mark.thorough
@pytest.mark.parametrize(
    "instead",
    [
        licensing("", status=404),
        licensing("", status=503),
        licensing("<html><title>404</title>", status=200),
        licensing("<rsl><content url='/'><license>", status=200),
        licensing('<!DOCTYPE rsl [<!ENTITY a "b">]>' + LEARNING),
        licensing(LEARNING + " " * (1 << 20)),
        {(HOST, "/license.xml"): Answer(302, (("location", "http://169.254.169.254/license.xml"),))},
        {(HOST, "/license.xml"): Answer(302, (("location", LICENCE),))},
    ],
)
def test_a_licence_that_cannot_be_had_or_read_prohibits(
    tmp_path: Path, replica: Replica, workplace: Workplace, instead: Instead
) -> None:
    replica.deployment = Deployment(robots=robots(f"License: {LICENCE}"), instead=instead)
    assert crawl([POST], workplace).exit_code == 0
    assert ("rsl unavailable", LICENCE) in rights(workplace)
    [reason] = reasons(tmp_path / "dataset", workplace)
    assert LICENCE in reason


def test_a_licence_that_robots_txt_refuses_is_not_asked_for_and_prohibits(
    tmp_path: Path, replica: Replica, workplace: Workplace
) -> None:
    lines = robots(f"License: {LICENCE}", "Disallow: /license.xml")
    replica.deployment = Deployment(robots=lines, instead=licensing(LEARNING))
    assert crawl([POST], workplace).exit_code == 0
    assert asked(replica, "/license.xml") == 0
    assert refused(workplace) == [LICENCE]
    assert ("rsl unavailable", LICENCE) in rights(workplace)


def test_a_licence_on_a_host_whose_robots_txt_is_unreachable_is_not_asked_for(
    replica: Replica, workplace: Workplace
) -> None:
    elsewhere = f"https://{wordpress.HOST}/license.xml"
    closed = {wordpress.HOST: RobotsFile(status=503)}
    replica.deployment = Deployment(
        robots=robots(f"License: {elsewhere}") | closed,
        instead=licensing(LEARNING, host=wordpress.HOST),
    )
    assert crawl([POST], workplace).exit_code == 0
    assert asked(replica, "/license.xml") == 0
    assert ("rsl unavailable", elsewhere) in rights(workplace)


def test_a_licence_is_followed_over_redirects_to_other_hosts(replica: Replica, workplace: Workplace) -> None:
    elsewhere = f"https://{v2.API_HOST}/l.xml"
    moved = {(HOST, "/license.xml"): Answer(301, (("location", elsewhere),))}
    replica.deployment = Deployment(
        robots=robots("license: /license.xml # ours"),
        instead=moved | licensing(LEARNING, path="/l.xml", host=v2.API_HOST),
    )
    assert crawl([POST], workplace).exit_code == 0
    assert ("rsl prohibits usage", "ai-train") in rights(workplace)
    assert not any(name == "rsl unavailable" for name, _ in rights(workplace))


def test_what_a_licence_prohibits_altogether_is_kept_and_not_exported(
    tmp_path: Path, replica: Replica, workplace: Workplace
) -> None:
    replica.deployment = Deployment(robots=robots(f"LICENSE: {LICENCE}"), instead=licensing(EVERYTHING))
    assert crawl([POST], workplace).exit_code == 0
    [reason] = reasons(tmp_path / "dataset", workplace)
    assert "prohibits every use" in reason


def test_a_refresh_asks_for_the_licence_again_and_lifts_what_was_withheld(
    tmp_path: Path, replica: Replica, workplace: Workplace
) -> None:
    lines = robots(f"License: {LICENCE}")
    replica.deployment = Deployment(robots=lines, instead=licensing("", status=404))
    crawl([POST], workplace)
    assert reasons(tmp_path / "before", workplace)
    replica.deployment = Deployment(robots=lines, instead=licensing(LEARNING))
    clock = VirtualClock()
    clock.advance(400 * 86400)
    assert refresh(replace(workplace, clock=clock)).exit_code == 0
    assert reasons(tmp_path / "after", workplace) == []


def test_a_licence_among_a_pages_own_signals_is_asked_for_by_its_url(
    replica: Replica, workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = routes._page

    def page(deployment: Deployment, path: str) -> Answer:
        found = own(deployment, path)
        link = b'<head><link rel="License" type="Application/RSL+xml" href="../license.xml">'
        return replace(found, body=found.body.replace(b"<head>", link))

    monkeypatch.setattr(routes, "_page", page)
    replica.deployment = Deployment(instead=licensing(EVERYTHING))
    assert crawl([POST], workplace).exit_code == 0
    assert rights(workplace) >= {
        ("rel=license type=application/rsl+xml", "../license.xml"),
        ("rsl prohibits usage", "all"),
    }


def test_a_page_that_names_itself_as_its_licence_stays_a_page(replica: Replica, workplace: Workplace) -> None:
    replica.deployment = Deployment(robots=robots(f"License: {POST}"))
    report = crawl([POST], workplace)
    assert [item.outcome for item in report.items] == ["done"]
    assert ("rsl unavailable", POST) in rights(workplace)


def test_a_feed_licenses_the_posts_that_came_from_it(replica: Replica, workplace: Workplace) -> None:
    feed = f"""<rss xmlns:r="https://rslstandard.org/rsl" version="2.0"><channel>
      <item><link>{POST}</link><r:content url=""><r:license><r:prohibits type="usage">ai-all</r:prohibits></r:license></r:content></item>
      <item><link>{OTHER}</link></item></channel></rss>"""
    replica.deployment = Deployment(instead=licensing(feed, path="/feed.xml"))
    assert crawl([f"https://{HOST}/feed.xml"], workplace).exit_code == 0
    rows = {row["url"]: row["rights"] for row in rows_of(workplace)["posts"]}
    assert len(rows) == 2
    clock = VirtualClock()
    clock.advance(400 * 86400)
    assert refresh(replace(workplace, clock=clock)).exit_code == 0
    assert asked(replica, "/feed.xml") == 1
    assert {row["url"]: row["rights"] for row in rows_of(workplace)["posts"]} == rows
    licensed = {url: [each["signal"] for each in found] for url, found in rows.items()}
    assert sorted(licensed.values()) == [[], ["rsl prohibits usage"]]
    (workplace.folder / "records.sqlite").unlink()
    extract(workplace)
    assert {row["url"]: row["rights"] for row in rows_of(workplace)["posts"]} == rows


@pytest.mark.parametrize(
    "line",
    [
        "Content-Signal: use=immediate",
        "CONTENT-SIGNALS: SEARCH=YES, USE=IMMEDIATE # managed",
        'Content-Signal: use="immediate"',
        "Content-Signal: use=full\nContent-Signal: use=immediate",
        "Content-Signal: /comments/ use=immediate",
    ],
)
def test_what_may_not_be_stored_is_not_requested(replica: Replica, workplace: Workplace, line: str) -> None:
    replica.deployment = Deployment(robots=robots(line))
    report = crawl([POST, OTHER], workplace)
    assert [item.outcome for item in report.items] == ["refused", "refused"]
    assert report.exit_code == 3
    assert re.search('use="?immediate', str(report.items[0].reason), re.IGNORECASE)
    assert {request.target for request in replica.log} == {"/robots.txt"}


def test_what_was_kept_before_is_withheld_once_nothing_may_be_stored(
    tmp_path: Path, replica: Replica, workplace: Workplace
) -> None:
    assert crawl([POST], workplace).exit_code == 0
    assert len(exported_rows(workplace, tmp_path / "before")["posts"]) == 1
    replica.deployment = Deployment(robots=robots("Content-Signal: use=immediate"))
    clock = VirtualClock()
    clock.advance(400 * 86400)
    assert refresh(replace(workplace, clock=clock)).exit_code == 3
    [reason] = reasons(tmp_path / "after", workplace)
    assert "use=immediate" in reason


def test_a_header_that_lets_nothing_be_stored_has_the_page_not_kept(
    replica: Replica, workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = routes._page

    def page(deployment: Deployment, path: str) -> Answer:
        found = own(deployment, path)
        signal = (("Content-Signals", "ai-train=yes"), ("Content-Signals", "use=immediate"))
        return replace(found, headers=(*found.headers, *signal))

    monkeypatch.setattr(routes, "_page", page)
    assert crawl([POST], workplace).exit_code == 3


def test_of_what_may_be_referred_to_only_the_row_goes_out_without_its_words(
    tmp_path: Path, replica: Replica, workplace: Workplace
) -> None:
    replica.deployment = Deployment(robots=robots("Content-Signal: search=yes,ai-train=no,use=reference"))
    assert crawl([POST], workplace).exit_code == 0
    kept = rows_of(workplace)
    assert kept["posts"][0]["text"]
    assert kept["comments"]
    rows = exported_rows(workplace, tmp_path / "dataset")
    [post] = rows.pop("posts")
    assert set(rows) == {"metrics"}
    wordless: dict[str, Any] = {
        key: post[key] for key in ("title", "text", "author_name", "tags", "links", "images")
    }
    assert set(wordless.values()) == {None}
    assert post["author_id"] == kept["posts"][0]["author_id"]
    assert post["removed"] == post["access_evidence"] == []
    assert post["url"] == POST
    assert {"signal": "robots.txt content-signal", "value": "search=yes,ai-train=no,use=reference"} in post[
        "rights"
    ]


def test_use_of_all_of_it_changes_nothing(tmp_path: Path, replica: Replica, workplace: Workplace) -> None:
    replica.deployment = Deployment(robots=robots("Content-Signal: use=full"))
    assert crawl([POST], workplace).exit_code == 0
    rows = exported_rows(workplace, tmp_path / "dataset")
    assert rows["posts"][0]["text"]
    assert rows["comments"]
