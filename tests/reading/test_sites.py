"""Which site a page is of, and what is known of a URL before and after a page told it."""

import pytest

from scraper.model.capture import Visit
from scraper.page.traps import trap_in
from scraper.reading.read_visit import read_visit
from scraper.records.reading import Reading
from scraper.sites.registry import Roots, Sites, installed_sites
from tests.reading.toy import ToyBoard
from tests.safety.visits import POLICY
from tests.sites.captures import capture, visit

SITES = installed_sites()


@pytest.mark.parametrize(
    "url", ["https://news.example/article?id=7&preview=2", "https://forum.example/comment-page-2"]
)
def test_the_url_of_a_page_that_nothing_is_known_of_stays_as_it_is(url: str) -> None:
    assert SITES.canonical_url(url, Roots()) == url
    elsewhere = Roots().with_root("https://other.example/", "wordpress")
    assert SITES.canonical_url(url, elsewhere) == url


def test_a_parameter_of_another_software_is_no_search() -> None:
    url = "https://forum.example/index.php?showtopic=5&s=9"
    assert trap_in(url, SITES.traps_at(url, Roots())) is None
    known = Roots().with_root("https://forum.example/", "wordpress")
    assert trap_in(url, SITES.traps_at(url, known)) == "search"


def test_what_a_platform_adds_to_urls_is_known_below_its_root_alone() -> None:
    roots = Roots().with_root("https://news.example/blog/", "wordpress")
    assert SITES.canonical_url("https://www.news.example/blog/7/comment-page-2/", roots) == (
        "https://www.news.example/blog/7/"
    )
    assert SITES.canonical_url("https://news.example/7/comment-page-2/", roots).endswith("/comment-page-2/")
    assert roots.platform_at("https://news.example/blogs/7") is None


def test_a_platform_that_reads_anything_says_so_by_its_rank() -> None:
    class Board(ToyBoard):
        name = "a-board"
        rank = 101

    names = [site.name for site in Sites([Board(), ToyBoard(), *SITES])]
    assert names[-2:] == ["generic", "a-board"]
    assert {"toyboard", "wordpress"} < set(names[:-2])


def test_another_platform_is_a_file_of_its_own() -> None:
    sites = Sites([*SITES, ToyBoard()])
    page = capture("<html><body class=toyboard><p>글이다</p></body></html>", "https://toy.example/t/5?page=1")
    reading = read_visit(visit(page), POLICY, sites)
    assert isinstance(reading, Reading), reading
    assert (reading.post_id, reading.post["platform"], reading.post["text"]) == (
        "toy.example:t-5", "toyboard", "글이다",
    )  # fmt: skip
    roots = Roots().with_root("https://toy.example/", "toyboard")
    assert sites.canonical_url("https://toy.example/t/5?page=1", roots) == "https://toy.example/t/5"
    assert sites.claimed(page.url) is None
    assert not isinstance(read_visit(Visit("v", 1, page.url, (page,)), POLICY, SITES), Reading)
