"""Boards: each row of the table tells its own pages from others, and the URLs of one topic lead to one."""

from collections.abc import Sequence
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.page.document import Document
from scraper.sites.board_table import Board
from scraper.sites.boards import BoardSite, site_of, topic_of
from scraper.sites.discourse import DISCOURSE
from scraper.sites.lemmy import LEMMY
from scraper.sites.registry import installed_sites
from tests.fixtures.captures import capture_of
from tests.replica.boards import CASES, THREAD, Case, markup_of

HOST: Final = "https://board.example"
# These read more than pages; what their pages are is a board's.
SITES: Final = {site.name: site for site in installed_sites() if isinstance(site, BoardSite)} | {
    board.name: site_of(board) for board in (DISCOURSE, LEMMY)
}


def page_of(case: Case, url: str) -> Document:
    return Document(capture_of(markup_of(case).encode(), url, ("Content-Type", "text/html; charset=utf-8")))


def each(cases: Sequence[Case] = CASES) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.board)


def test_each_board_has_a_case() -> None:
    assert sorted(case.board for case in CASES) == sorted(SITES)


@each()
def test_a_page_is_recognised_as_its_softwares_and_as_no_others(case: Case) -> None:
    document = page_of(case, HOST + case.canonical)
    recognised = installed_sites().recognise(document)
    assert recognised is not None
    assert recognised[0].name == case.board
    assert [name for name, site in SITES.items() if site.root(document)] == [case.board]


@each()
def test_a_topic_has_the_softwares_id_and_the_generic_one_as_its_former(case: Case) -> None:
    document = page_of(case, HOST + case.canonical)
    content = SITES[case.board].read_document(document)
    generic = installed_sites().named("generic")
    assert content is not None
    assert generic is not None
    assert content.claim.post_id == f"board.example:{case.post_id}"
    assert content.claim.url == HOST + case.canonical
    former = generic.read_document(document)
    assert former is not None
    assert content.claim.former == (former.claim.post_id,)


@each()
def test_a_folder_leads_the_id(case: Case) -> None:
    content = SITES[case.board].read_document(page_of(case, f"{HOST}/talk{case.canonical}"))
    assert content is not None
    assert content.claim.post_id == f"board.example:talk/{case.post_id}"
    assert content.claim.home == "board.example:talk"


@each()
def test_every_form_of_a_topics_url_leads_to_one(case: Case) -> None:
    site = SITES[case.board]
    assert {site.canonical_url(HOST + form) for form in (case.canonical, *case.forms)} == {
        HOST + case.canonical
    }


@each()
def test_a_form_is_a_trap_and_a_topic_is_none(case: Case) -> None:
    traps = SITES[case.board].traps
    assert any(trap.form.search(case.trap) for trap in traps)
    assert not any(trap.form.search(case.canonical) for trap in traps)


@each()
def test_a_page_that_quotes_one_sign_is_not_taken(case: Case) -> None:
    words = " ".join(board_of(case).hints)
    sign = '<a href="https://phpbb.com">phpBB</a><a href="https://mybb.com">MyBB</a>'
    html = f"<html><head><title>Boards</title></head><body><p>{words}</p>{sign}{THREAD}</body></html>"
    document = Document(capture_of(html.encode(), HOST + case.canonical, ("Content-Type", "text/html")))
    assert SITES[case.board].read_document(document) is None


def board_of(case: Case) -> Board:
    return SITES[case.board].board


@given(
    site=st.sampled_from(tuple(SITES.values())),
    folder=st.sampled_from(("", "/talk", "/a/b")),
    path=st.sampled_from([form for case in CASES for form in (case.canonical, *case.forms, case.trap)]),
    added=st.text("abcpst=&;?/.0123456789-", max_size=12),
)
def test_a_canonical_url_is_its_own(site: BoardSite, folder: str, path: str, added: str) -> None:
    once = site.canonical_url(f"{HOST}{folder}{path}{added}")
    assert site.canonical_url(once) == once


@given(st.sampled_from(CASES), st.integers(1, 10**9))
def test_a_number_in_the_url_is_the_topics(case: Case, number: int) -> None:
    topic = topic_of(board_of(case), HOST + case.canonical.replace("123", str(number)))
    assert topic is not None
    assert topic.native_id == case.post_id.partition("-")[2].replace("123", str(number))


@pytest.mark.parametrize("path", ["/forums/12-news", "/talk/forums/12-news", "/forum/member/12-hana"])
def test_a_list_or_a_member_of_vbulletin_is_no_topic(path: str) -> None:
    assert topic_of(SITES["vbulletin"].board, HOST + path) is None


def test_a_topic_of_vbulletin_5_is_one() -> None:
    topic = topic_of(SITES["vbulletin"].board, f"{HOST}/forum/baking/12-bread/page2")
    assert topic is not None
    assert topic.url == f"{HOST}/forum/baking/12-bread"
