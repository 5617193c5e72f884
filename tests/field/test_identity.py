"""Spellings of one URL are one URL (RFC 3986, 6.2.2), while each is asked for as it was found."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.jobs.crawl.targets import Targets
from scraper.model.capture import Visit
from scraper.model.exclusions import OPTED_OUT, Exclusions
from scraper.model.url import identity
from scraper.sites.registry import Roots, installed_sites
from scraper.takedown.subject import Inventory
from tests.field.pages import Odd, capture
from tests.sites.visited import make_wordpress

SPELLINGS = (
    "https://gang.example/%eb%b2%84/~a-b_c.d",
    "https://gang.example/%EB%B2%84/%7ea%2db%5Fc%2Ed",
    "https://GANG.example:443/버/%7Ea%2Db%5fc.d",
    "https://gang.example/x/../버/~a-b_c.d#top",
)


def test_spellings_of_one_url_have_one_identity() -> None:
    assert len(set(map(identity, SPELLINGS))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://gang.example/a%2Fb", "https://gang.example/a/b"),
        ("https://gang.example/?a=1%262", "https://gang.example/?a=1&2"),
        ("https://gang.example/?a=%2B", "https://gang.example/?a=+"),
        ("https://gang.example/a", "https://gang.example/A"),
        ("https://gang.example/?b&a", "https://gang.example/?a&b"),
        ("https://gang.example/%25eb", "https://gang.example/%eb"),
        ("https://gang.example/a", "https://gang.example/a/"),
    ],
)
def test_other_urls_have_another(one: str, other: str) -> None:
    assert identity(one) != identity(other)


@given(st.text(max_size=20), st.data())
def test_the_case_of_escapes_makes_no_other_url(path: str, data: st.DataObject) -> None:
    escaped = "https://gang.example/" + quote(path.encode("utf-8", "replace"), safe="")
    assert identity(escaped.replace("%E", "%e").replace("%2D", "-")) == identity(escaped)
    assert identity(identity(escaped)) == identity(escaped)


def test_a_post_that_is_named_and_listed_in_two_spellings_is_visited_once_as_it_was_named() -> None:
    targets = Targets(None, installed_sites(), Roots(), Exclusions())
    for spelling in SPELLINGS:
        targets.add_found(spelling)
    assert [target.url for target in targets.posts()] == [SPELLINGS[0]]


def test_who_asks_to_be_left_out_by_one_spelling_is_left_out_under_all() -> None:
    exclusions = Exclusions(urls=frozenset({identity(SPELLINGS[1])}))
    assert [exclusions.against_visit(url, "gang.example", None) for url in SPELLINGS] == [OPTED_OUT] * 4


def test_what_is_to_be_taken_down_is_found_by_any_spelling() -> None:
    inventory = Inventory.of((), {SPELLINGS[1]: "gang.example:posts-7"})
    assert {inventory.post_at(url) for url in SPELLINGS} == {"gang.example:posts-7"}


def test_pages_of_comments_belong_to_the_post_however_links_are_spelt() -> None:
    url = "https://gang.example/%eb%b2%84/"
    link = '<a href="https://gang.example/%EB%B2%84/comment-page-2/#comments">2</a>'
    page = capture(str(Odd(comments=f"<li>{link}</li>")), url=url)
    requests = make_wordpress().next_requests(Visit("urn:uuid:1", 1, url, (page,)))
    assert [request.url for request in requests] == [
        "https://gang.example/%EB%B2%84/comment-page-2/#comments".partition("#")[0]
    ]
