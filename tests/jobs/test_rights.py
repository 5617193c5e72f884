"""What a crawl does about rights signals: it looks before it keeps, asks once a day, and never exports what asks not to be archived."""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.archive.ledger import ledger_files
from scraper.archive.read import open_to_read
from scraper.jobs.crawl.job import crawl
from scraper.jobs.publication.export import export
from scraper.jobs.workplace import Workplace
from scraper.settings import HostSettings
from tests.clock import VirtualClock
from tests.jobs.rows import exported_rows
from tests.jobs.workplaces import SETTINGS, workplace_at
from tests.replica import routes
from tests.replica.routes import Answer, Deployment, RobotsFile
from tests.replica.server import Replica

HOST = "careerly.co.kr"
POST = f"https://{HOST}/comments/70991"
OTHER = f"https://{HOST}/comments/71204"
TDMREP = "/.well-known/tdmrep.json"


def tagged(tag: str) -> Replica:
    return Replica(Deployment(x_robots_tag={HOST: tag}))


def place(tmp_path: Path, replica: Replica, *, keep: bool = False) -> Workplace:
    host = HostSettings(delay=0.0, keep_noarchive=keep)
    settings = replace(SETTINGS, host={**SETTINGS.host, HOST: host})
    return replace(workplace_at(tmp_path / "archive", VirtualClock(), replica), settings=settings)


def stored(workplace: Workplace) -> bytes:
    """All that the archive's WARC files hold, unpacked."""
    return b"".join(gzip.decompress(path.read_bytes()) for path in (workplace.folder / "warc").iterdir())


def refusals(workplace: Workplace) -> list[tuple[str, str]]:
    lines = [
        json.loads(line) for path in ledger_files(workplace.folder) for line in path.read_text().splitlines()
    ]
    return [(line["url"], line["rule"]) for line in lines if line["event"] == "refused"]


def test_a_page_that_asks_not_to_be_archived_is_not_kept(tmp_path: Path) -> None:
    with tagged("noindex, noarchive") as replica:
        workplace = place(tmp_path, replica)
        report = crawl([POST, OTHER], workplace)
    assert [item.outcome for item in report.items] == ["refused", "refused"]
    assert report.exit_code == 3
    assert "noarchive" in str(report.items[0].reason)
    assert "keep_noarchive" in str(report.items[0].reason)
    assert "문지훈".encode() not in stored(workplace)
    assert POST.encode() + b"\r\nWARC-IP" not in stored(workplace)
    assert refusals(workplace) == [(POST, "noarchive"), (OTHER, "noarchive")]


def test_a_tag_in_the_page_counts_as_much_as_a_header(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own: Callable[..., Answer] = routes._page

    def page(deployment: Deployment, path: str) -> Answer:
        found = own(deployment, path)
        body = found.body.replace(b"<head>", b'<head><meta name="postkeep" content="noarchive">')
        return replace(found, body=body)

    monkeypatch.setattr(routes, "_page", page)
    with Replica() as replica:
        workplace = place(tmp_path, replica)
        report = crawl([POST], workplace)
    assert [item.outcome for item in report.items] == ["refused"]
    assert "문지훈".encode() not in stored(workplace)


@pytest.mark.thorough
def test_the_settings_may_have_it_kept_but_it_is_never_exported(tmp_path: Path) -> None:
    with tagged("noarchive") as replica:
        workplace = place(tmp_path, replica, keep=True)
        assert crawl([POST], workplace).exit_code == 0
        replica.deployment = Deployment()
        assert crawl([OTHER], workplace).exit_code == 0
    rows = exported_rows(workplace, tmp_path / "dataset")
    assert {row["post_id"] for config in ("posts", "comments", "metrics") for row in rows[config]} == {
        "careerly:comments-71204"
    }
    assert {row["item_id"].partition("#")[0] for row in rows["revisions"]} == {"careerly:comments-71204"}
    items = {item.post_id: item for item in export(tmp_path / "again", workplace).items}
    assert items["careerly:comments-70991"].outcome == "skipped"
    assert "asks not to be archived" in str(items["careerly:comments-70991"].reason)


def test_signals_are_recorded_and_block_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own: Callable[..., Answer] = routes._page
    rules = json.dumps([{"location": "/comments/", "tdm-reservation": 1}]).encode()

    def page(deployment: Deployment, path: str) -> Answer:
        if path == TDMREP:
            return Answer(200, (("content-type", "application/json"),), rules)
        return own(deployment, path)

    monkeypatch.setattr(routes, "_page", page)
    robots = RobotsFile(body="User-agent: *\nContent-Signal: ai-train=no\nAllow: /\n")
    with Replica(Deployment(robots={HOST: robots}, x_robots_tag={HOST: "noindex, noai"})) as replica:
        workplace = place(tmp_path, replica)
        assert crawl([POST, OTHER], workplace).exit_code == 0
    for row in exported_rows(workplace, tmp_path / "dataset")["posts"]:
        assert row["rights"] == [
            {"signal": "x-robots-tag", "value": "noindex, noai"},
            {"signal": "robots.txt content-signal", "value": "ai-train=no"},
            {"signal": "tdmrep.json tdm-reservation", "value": "1"},
        ]


def test_tdmrep_json_is_asked_for_once_a_day_and_kept(tmp_path: Path) -> None:
    with Replica() as replica:
        workplace = place(tmp_path, replica)
        for hours, total in ((0, 1), (23, 1), (25, 2)):
            clock = VirtualClock()
            clock.advance(hours * 3600)
            crawl([POST, OTHER], replace(workplace, clock=clock))
            asked = [request for request in replica.log if request.target == TDMREP]
            assert len(asked) == total, hours
    with open_to_read(workplace.folder) as archive:
        kept = archive.latest(f"https://{HOST}{TDMREP}")
    assert kept is not None
    assert kept.status == 404
