"""A page that hangs whoever reads it costs itself and no other, by whichever verb it comes in."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from scraper.jobs.crawl.job import crawl
from scraper.jobs.extract.anew import extract
from scraper.jobs.imports.files import import_files
from scraper.jobs.refresh.job import refresh
from scraper.jobs.workplace import Workplace
from scraper.model.capture import Visit
from scraper.model.exchange import Request
from scraper.model.outcome import Item, Report
from scraper.page.document import Document
from scraper.reading.pool import ReadingLimits
from scraper.sites.base import Part
from scraper.sites.registry import Sites, installed_sites
from tests.clock import VirtualClock
from tests.jobs.workplaces import workplace_at
from tests.replica import routes
from tests.replica.routes import Answer
from tests.replica.server import Replica
from tests.replica.wordpress import HOST, SITE
from tests.safety.visits import HARM, HarmfulSite

HANGING = f"{SITE}/posts/1"
OTHER = f"{SITE}/posts/2"
# What no page comes near but one that hangs, whose time passes faster.
LIMITS = ReadingLimits(seconds=600.0)
Bodies = dict[str, str]


class MoodySite(HarmfulSite):
    """A site whose pages do the harm that their words name."""

    hosts: ClassVar[frozenset[str]] = frozenset({HOST})

    def read_document(self, document: Document) -> str | None:
        """The page's own words, unless it does harm."""
        if self.claims(document.capture.url) is None:
            return None
        HARM.get(document.text, lambda: None)()
        return document.text


@pytest.fixture
def bodies(monkeypatch: pytest.MonkeyPatch) -> Bodies:
    """What the pages of the site say, by path."""
    served: Bodies = {"/posts/1": "hanging", "/posts/2": "글이다"}
    own: Callable[[str, str], Answer] = routes._blog

    def blog(path: str, query: str) -> Answer:
        if path not in served:
            return own(path, query)
        return Answer(200, (("content-type", "text/html; charset=utf-8"),), served[path].encode())

    monkeypatch.setattr(routes, "_blog", blog)
    return served


@pytest.fixture
def workplace(tmp_path: Path, replica: Replica) -> Workplace:
    sites = Sites([*installed_sites(), MoodySite()])
    kept = workplace_at(tmp_path / "archive", VirtualClock(), replica)
    return replace(kept, processes=None, reading_limits=LIMITS, sites=sites)


def outcomes(report: Report) -> list[tuple[str | None, str, bool]]:
    """Which post came to what, and whether reading it took too long."""
    return sorted((item.post_id, item.outcome, _took_too_long(item)) for item in report.items)


def _took_too_long(item: Item) -> bool:
    return "took more than 600 seconds of processor time. It is kept" in str(item.reason)


COSTS_ITSELF = [("harm:1", "rejected", True), ("harm:2", "done", False)]


@pytest.mark.thorough
def test_in_a_crawl_and_when_its_archive_is_read_again(workplace: Workplace, bodies: Bodies) -> None:
    assert bodies["/posts/1"] == "hanging"
    assert outcomes(crawl([HANGING, OTHER], workplace)) == COSTS_ITSELF
    assert outcomes(extract(workplace)) == COSTS_ITSELF


@pytest.mark.thorough
def test_in_an_import(workplace: Workplace, tmp_path: Path) -> None:
    items: list[Item] = []
    for url, body in ((HANGING, "hanging"), (OTHER, "<p>글이다</p>")):
        file = tmp_path / "page.html"
        file.write_text(body, encoding="utf-8")
        items += import_files([file], workplace, url=url).items
    assert outcomes(Report(tuple(items))) == COSTS_ITSELF


@pytest.mark.thorough
def test_in_a_refresh(workplace: Workplace, bodies: Bodies) -> None:
    bodies["/posts/1"] = "글이었다"
    assert {item.outcome for item in crawl([HANGING, OTHER], workplace).items} == {"done"}
    bodies["/posts/1"] = "hanging"
    clock = workplace.clock
    assert isinstance(clock, VirtualClock)
    clock.advance(400 * 86_400)
    assert set(COSTS_ITSELF) <= set(outcomes(refresh(workplace)))


class DemandingSite(MoodySite):
    """A site that asks for a second page of each post, and hangs at the one of the first when it has both."""

    def next_requests(self, visit: Visit, parts: Sequence[Part[str]]) -> tuple[Request, ...]:
        """The page, then its second."""
        if len(parts) > 1 and visit.url == HANGING:
            HARM["hanging"]()
        return (Request(visit.url), Request(f"{visit.url}?page=2"))[len(parts) :]


@pytest.mark.thorough
def test_at_telling_what_a_visit_needs(workplace: Workplace, bodies: Bodies) -> None:
    bodies["/posts/1"] = "글이다"
    demanding = replace(workplace, sites=Sites([*installed_sites(), DemandingSite()]))
    costs_itself = [("harm:1", "failed", True), ("harm:2", "done", False)]
    assert outcomes(crawl([HANGING, OTHER], demanding)) == costs_itself
    assert outcomes(extract(demanding)) == [("harm:1", "done", False), ("harm:2", "done", False)]
