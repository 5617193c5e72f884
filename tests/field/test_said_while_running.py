"""A run says what it waits for, which list failed and why, what a target is that is no URL, and that it has nothing to do."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scraper.errors import RetryableError
from scraper.fetch.retry import RetryRules, retrying
from scraper.jobs.crawl.job import crawl
from scraper.jobs.progress import Progress
from scraper.jobs.refresh.job import NOTHING_EVER_DUE, refresh
from scraper.jobs.schedule.freshness import check_fresh
from scraper.model.exchange import Exchange
from scraper.model.host_events import HostEvent, Wait, WaitReason
from scraper.model.outcome import Item
from tests.clock import VirtualClock
from tests.jobs.workplaces import SETTINGS, workplace_at
from tests.replica.routes import Answer, Deployment
from tests.replica.server import Replica

BEGAN = VirtualClock().now()
LIST = "https://careerly.co.kr/sitemap.xml"


@dataclass
class Watcher(Progress):
    """Collects what it is told."""

    items: list[Item] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)

    def end(self, item: Item) -> None:
        self.items.append(item)

    def tell(self, event: HostEvent) -> None:
        if isinstance(event, Wait):
            self.waits.append(event)


def test_a_refresh_says_which_list_failed_and_why(tmp_path: Path) -> None:
    watcher, clock = Watcher(), VirtualClock()
    busy = Answer(503, (("content-type", "text/html"),), b"later")
    with Replica(Deployment(instead={("careerly.co.kr", "/sitemap.xml"): busy})) as replica:
        place = workplace_at(tmp_path / "archive", clock, replica)
        settings = replace(SETTINGS, follow=(LIST,))
        report = refresh(replace(place, settings=settings, progress=watcher))
    (item,) = report.items
    assert watcher.items == [item]
    assert (item.target, item.outcome) == (LIST, "failed")
    assert "answered 503" in str(item.reason)
    told = [wait for wait in watcher.waits if wait.reason.status == 503]
    assert [wait.reason.failures for wait in told][:1] == [1]
    assert len(told) >= 3
    assert all(wait.host == "careerly.co.kr" and wait.until > BEGAN for wait in told)


async def test_each_wait_is_said_with_its_reason_and_its_end() -> None:
    waits: list[tuple[WaitReason, datetime]] = []

    async def dead() -> Exchange:
        raise RetryableError("https://dead.example/ gave no answer: timed out.")

    with pytest.raises(RetryableError):
        await retrying(RetryRules(), VirtualClock(), lambda *wait: waits.append(wait))(dead)
    assert [reason for reason, _ in waits] == [
        WaitReason("errors", 5, 1),
        WaitReason("errors", 10, 2),
        WaitReason("errors", 20, 3),
    ]
    assert [until - BEGAN for _, until in waits] == [timedelta(seconds=s) for s in (5, 15, 35)]


def test_a_job_that_can_never_have_anything_to_do_says_so_and_is_not_fresh(tmp_path: Path) -> None:
    watcher, clock = Watcher(), VirtualClock()
    place = replace(workplace_at(tmp_path / "archive", clock), progress=watcher)
    report = refresh(place)
    assert [(item.outcome, item.reason) for item in report.items] == [("skipped", NOTHING_EVER_DUE)]
    assert watcher.items == list(report.items)
    (fresh,) = check_fresh(place, timedelta(days=2)).items
    assert fresh.outcome == "failed"
    assert "no list is followed" in str(fresh.reason)
    follows = replace(place, settings=replace(SETTINGS, follow=(LIST,)))
    assert check_fresh(follows, timedelta(days=2)).exit_code == 0


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("example.org/post", "has no scheme, so it is no URL. Write https://example.org/post"),
        ("www.example.org", "Write https://www.example.org"),
        ("//example.org/post", "Write https://example.org/post"),
        ("example.org:443/post", "Write https://example.org:443/post"),
        ("블로그.kr/글", "Write https://블로그.kr/글"),
        ("ftp://example.org/a", "is a ftp: address; only http and https URLs are visited"),
        ("FTP://example.org/a", "is a ftp: address"),
        ("mailto:me@example.org", "is a mailto: address"),
        ("javascript:alert(1)", "is a javascript: address"),
        ("file:///tmp/saved.html", "postkeep import file:///tmp/saved.html"),
        ("/tmp/saved.html", "names a file"),
        ("./saved.html", "postkeep import ./saved.html"),
        ("../saved", "names a file"),
        ("https://", "is no URL that leads anywhere"),
        ("a word", "is no http or https URL. Write one such as https://example.org/post."),
        ("", "is no http or https URL"),
    ],
)  # fmt: skip
def test_a_target_that_is_no_url_is_said_as_what_it_is(target: str, says: str, tmp_path: Path) -> None:
    place = workplace_at(tmp_path / "archive", VirtualClock())
    (item,) = crawl([target], place).items
    assert item.outcome == "failed"
    assert says in str(item.reason)


def test_a_file_that_is_there_is_told_from_a_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = workplace_at(tmp_path / "archive", VirtualClock())
    (tmp_path / "saved.html").touch()
    monkeypatch.chdir(tmp_path)
    (item,) = crawl(["saved.html"], place).items
    assert "postkeep import saved.html" in str(item.reason)
