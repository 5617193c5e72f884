"""The report of a crawl: its numbers against what ledger and rows say, and its page for archives of every kind."""

import json
import stat
from collections import Counter
from dataclasses import fields
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest

from scraper import open_archive
from scraper.archive.growth import MonthOfGrowth
from scraper.archive.lock import Lock
from scraper.archive.outputs import Output, outputs_of
from scraper.jobs.report.job import _plain, crawl_report
from scraper.model.run import Run
from scraper.viewer.crawl_report import CrawlReport, DayOfDue, HostPosts, HostTraffic, Trouble
from scraper.viewer.report import page_of
from tests.cli.terminal import make_archive, postkeep
from tests.clock import VirtualClock
from tests.conftest import REPOSITORY
from tests.jobs.workplaces import workplace_at
from tests.replica.routes import Deployment, RobotsFile
from tests.replica.server import Replica

HOST: Final = "careerly.co.kr"
POSTS: Final = tuple(f"https://{HOST}/comments/{number}" for number in (70991, 72260))
ABSENT: Final = f"https://{HOST}/comments/4"
CLOSED: Final = "https://moim.example/b/workshop"
# What a page of ours never has.
FORBIDDEN: Final = frozenset({"script", "img", "iframe", "link", "object", "embed", "form", "base"})


class _Outline(HTMLParser):
    """The elements, attributes and visible text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two posts, one that is absent, and a forum whose robots.txt keeps us out."""
    archive = make_archive(tmp_path_factory.mktemp("crawled") / "archive")
    closed = {"moim.example": RobotsFile(body="User-agent: *\nDisallow: /\n")}
    with Replica(Deployment(robots=closed)) as replica:
        ran = postkeep("crawl", *POSTS, ABSENT, CLOSED, "--archive", archive, "--json", replica=replica)
    assert ran.exit_code == 1
    return archive


def data_of(archive: Path) -> dict[str, object]:
    data: dict[str, object] = postkeep("report", "--archive", archive, "--json").answer["data"]
    return data


def ledger_of(archive: Path) -> list[dict[str, object]]:
    return [
        json.loads(line)
        for path in sorted((archive / "ledger").iterdir())
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def test_the_numbers_are_those_of_ledger_and_rows(crawled: Path) -> None:
    data = data_of(crawled)
    lines = ledger_of(crawled)
    assert isinstance(data["traffic"], list)
    for host in data["traffic"]:
        own = [line for line in lines if line["host"] == host["host"]]
        assert host["requests"] == sum(line["event"] == "request" for line in own)
        assert host["refused"] == sum(line["event"] == "refused" for line in own)
        assert host["violations"] == 0
        assert host["least_margin"] is None or host["least_margin"] >= 0
    rows = list(open_archive(crawled).posts())
    assert isinstance(data["hosts"], list)
    assert sum(host["posts"] for host in data["hosts"]) == len(rows)
    assert {(each["outcome"], each["cause"]) for each in data["troubles"]} >= {("answered", "404")}  # type: ignore[attr-defined]
    assert any(each["outcome"] == "refused" and each["example"] == CLOSED for each in data["troubles"])  # type: ignore[attr-defined]


def test_the_page_says_the_same_and_loads_and_runs_nothing(crawled: Path, tmp_path: Path) -> None:
    page = tmp_path / "보고서.html"
    ran = postkeep("report", page, "--archive", crawled, "--json")
    assert ran.answer["outputs"] == [str(page)]
    outline = _Outline(page.read_text(encoding="utf-8"))
    assert not FORBIDDEN & set(outline.tags)
    assert not {name for name in outline.attributes if name.startswith("on") or name in {"src", "style"}}
    assert "default-src &#x27;none&#x27;" in page.read_text(encoding="utf-8")
    for host in ran.answer["data"]["traffic"]:
        assert host["host"] in outline.text
    assert "robots.txt" in outline.text
    assert outline.tags["svg"] >= 3
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert Output("report", page) in outputs_of(crawled)


def test_an_empty_archive_has_a_report_that_says_so(tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "archive")
    ran = postkeep("report", tmp_path / "report.html", "--archive", archive)
    assert ran.exit_code == 0
    assert "Nothing yet." in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_report_is_made_while_another_run_holds_the_archive(crawled: Path, tmp_path: Path) -> None:
    with Lock(crawled):
        assert postkeep("report", tmp_path / "report.html", "--archive", crawled).exit_code == 0


@pytest.mark.parametrize("content", ["", "my notes", "<!DOCTYPE html><p>mine"])
def test_no_other_file_is_written_over(content: str, crawled: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(content, encoding="utf-8")
    ran = postkeep("report", page, "--archive", crawled, "--json")
    assert ran.exit_code == 2
    assert "no report" in str(ran.reasons[0])
    assert page.read_text(encoding="utf-8") == content


def test_a_report_takes_the_place_of_an_earlier_one(crawled: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    for _ in range(2):
        assert postkeep("report", page, "--archive", crawled).exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


@pytest.mark.parametrize("page", ["missing/page.html", "."])
def test_a_page_that_cannot_be_written_is_a_sentence(page: str, crawled: Path, tmp_path: Path) -> None:
    ran = postkeep("report", tmp_path / page, "--archive", crawled)
    assert ran.exit_code in {1, 2}
    assert str(tmp_path) in " ".join(ran.stderr.split())


def test_without_a_file_the_remedy_is_named(crawled: Path) -> None:
    ran = postkeep("report", "--archive", crawled)
    assert ran.exit_code == 2
    assert "--json" in ran.stderr


def test_many_hosts_and_hostile_names_make_a_page_that_is_bounded_and_text(tmp_path: Path) -> None:
    workplace = workplace_at(tmp_path / "archive", VirtualClock())
    folder = workplace.folder / "ledger"
    folder.mkdir()
    evil = "https://x.example/<script>alert(1)</script>\u202e\u0007"
    with (folder / "2026-01.jsonl").open("w", encoding="utf-8") as ledger:
        for number in range(3000):
            host = f"h{number}.example"
            for event, rule in (("request", "own delay"), ("refused", f"</style><b>{number % 7}")):
                at = f"2026-01-05T12:{number // 60:02}:{number % 60:02}Z"
                line = {"at": at, "event": event, "host": host, "url": evil, "rule": rule, "detail": {}}
                ledger.write(json.dumps(line) + "\n")
    report = crawl_report(workplace)
    page = page_of(report)
    assert len(report.traffic) == 3000
    assert len(page) < 100_000
    outline = _Outline(page.decode())
    assert not FORBIDDEN & set(outline.tags)
    assert not outline.tags["b"]
    assert "2,900 more are in the output of --json" in outline.text
    assert json.loads(json.dumps(_plain(report)))["traffic"]


def test_the_documentation_names_every_number() -> None:
    page = (REPOSITORY / "docs" / "report.md").read_text(encoding="utf-8")
    kinds = (CrawlReport, HostPosts, HostTraffic, Trouble, DayOfDue, MonthOfGrowth, Run)
    named = {field.name for kind in kinds for field in fields(kind)}
    assert {name for name in named if f"`{name}`" not in page} == set()
