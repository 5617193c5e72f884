"""Boards: each row of the table tells its own pages from others, and the URLs of one topic lead to one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.page.document import Document
from scraper.sites.board_table import BOARDS, Board
from scraper.sites.boards import BoardSite, make_sites, topic_of
from scraper.sites.registry import installed_sites
from tests.fixtures.captures import capture_of

HOST: Final = "https://board.example"
SITES: Final = {site.name: site for site in make_sites()}


@dataclass(frozen=True, slots=True)
class Case:
    """A software: the head and the body's opening of its pages, its topic 123 in all forms, and a form to leave alone."""

    board: str
    head: str
    body: str
    canonical: str
    forms: tuple[str, ...]
    trap: str
    post_id: str = "topics-123"


CASES: Final = (
    Case(
        "phpbb",
        '<html><head><meta name="copyright" content="phpBB Group">',
        '<body id="phpbb"><a href="/ucp.php?mode=login">Sign in</a>',
        "/viewtopic.php?t=123",
        (
            "/viewtopic.php?f=2&t=123",
            "/viewtopic.php?t=123&start=20",
            "/viewtopic.php?sid=ab12&t=123&hilit=bread",
        ),
        "/posting.php?mode=reply&t=123",
    ),
    Case(
        "xenforo",
        '<html id="XF" data-app="public" data-template="thread_view"><head>',
        '<body data-xf-init="x">',
        "/threads/bread.123/",
        (
            "/threads/bread.123/page-2",
            "/threads/bread.123/post-456",
            "/threads/bread.123/unread",
            "/threads/bread.123/latest#post-9",
        ),
        "/threads/bread.123/reply?quote=4",
    ),
    Case(
        "vbulletin",
        '<html><head><meta name="generator" content="vBulletin 4.2.5"><script src="/clientscript/a.js"></script>',
        "<body>",
        "/showthread.php?t=123",
        (
            "/showthread.php?s=ab&t=123",
            "/showthread.php?123-Bread&p=4#post4",
            "/showthread.php/123-Bread",
            "/showthread.php?t=123&page=2",
        ),
        "/newreply.php?do=newreply&p=4",
    ),
    Case(
        "invision",
        "<html><head>",
        '<body class="ipsApp" data-pageapp="forums"><div class="ipsComment_content" data-commentid="4"></div>',
        "/topic/123-bread/",
        (
            "/topic/123-bread/?do=findComment&comment=4",
            "/topic/123-bread/page/2/",
            "/topic/123-bread/?do=getNewComment",
        ),
        "/topic/123-bread/?do=reportComment&comment=4",
    ),
    Case(
        "smf",
        '<html><head><script src="/Themes/default/scripts/script.js"></script>',
        '<body><div id="main_content_section"><a href="https://www.simplemachines.org/">SMF</a></div>',
        "/index.php?topic=123.0",
        (
            "/index.php?topic=123.15",
            "/index.php?topic=123.msg456#msg456",
            "/index.php?PHPSESSID=ab&topic=123.new;topicseen",
            "/index.php?topic=123",
        ),
        "/index.php?action=post;topic=123.0",
    ),
    Case(
        "mybb",
        '<html><head><script src="/jscripts/general.js"></script>',
        '<body><div id="posts_container"></div><a href="https://mybb.com">MyBB</a>',
        "/showthread.php?tid=123",
        (
            "/showthread.php?tid=123&pid=4#pid4",
            "/showthread.php?tid=123&page=2",
            "/showthread.php?tid=123&action=lastpost",
        ),
        "/newreply.php?tid=123",
    ),
    Case(
        "flarum",
        '<html><head><link rel="stylesheet" href="/assets/forum.css">',
        '<body><div id="flarum-loading"></div>',
        "/d/123-bread",
        ("/d/123-bread/7", "/d/123-bread?page=2", "/d/123-bread/reply"),
        "/logout?token=1",
    ),
    Case(
        "vanilla",
        '<html><head><script src="/applications/vanilla/js/x.js"></script>',
        '<body id="vanilla_discussion_index"><ul class="MessageList"></ul>',
        "/discussion/123/bread",
        ("/discussion/123/bread/p2", "/discussion/123/bread#latest"),
        "/entry/signin?Target=x",
    ),
    Case(
        "fluxbb",
        "<html><head>",
        '<body><div id="punviewtopic"><div id="brdheader"></div></div>',
        "/viewtopic.php?id=123",
        ("/viewtopic.php?id=123&p=2", "/viewtopic.php?id=123&action=new"),
        "/post.php?tid=123",
    ),
    Case(
        "bbpress",
        "<html><head>",
        '<body class="bbpress"><div id="bbpress-forums"></div>',
        "/forums/topic/bread/",
        ("/forums/topic/bread/page/2/", "/forums/topic/bread/#post-4", "/forums/topic/bread"),
        "/forums/topic/bread/?bbp_reply_to=4&_wpnonce=a",
        "topics-bread",
    ),
    Case(
        "discourse",
        '<html><head><meta name="generator" content="Discourse 3.5.1"><meta name="discourse_theme_id" content="1">',
        '<body class="crawler">',
        "/t/bread/123",
        ("/t/bread/123/7", "/t/bread/123?page=2", "/t/bread/123/7?u=a"),
        "/t/bread/123/print",
    ),
    Case(
        "nodebb",
        '<html><head><script src="/assets/nodebb.min.js"></script>',
        '<body><div component="topic"><div component="post/content"></div></div>',
        "/topic/123/bread",
        ("/topic/123/bread/7", "/topic/123/bread?page=2", "/topic/123/bread?lang=ko"),
        "/compose?tid=123",
    ),
    Case(
        "stackexchange",
        '<html><head><link rel="stylesheet" href="https://cdn.sstatic.net/a.css">',
        '<body class="question-page"><div id="question-header"></div>',
        "/questions/123/bread",
        ("/questions/123/bread/456#456", "/questions/123/bread?rq=1", "/questions/123/bread?page=2"),
        "/posts/123/edit",
        "questions-123",
    ),
    Case(
        "hackernews",
        "<html><head>",
        '<body><table id="hnmain"><tr class="athing"></tr></table>',
        "/item?id=123",
        ("/item?id=123&p=2", "/item?id=123#456"),
        "/vote?id=123&how=up",
        "items-123",
    ),
)

THREAD: Final = "".join(
    f'<div class="post" id="post-{number}"><a class="username" href="/profile/{name}">{name}</a>'
    f'<a href="#post-{number}"><time datetime="2024-03-0{number}T09:00:00Z">March {number}, 2024</time></a>'
    f'<div class="content">{words}</div></div>'
    for number, name, words in (
        (
            1,
            "Hana",
            "How long does your bread rest before it goes into the oven, and does it need a warm place?",
        ),
        (2, "Doyun", "Mine rests for two hours on the table, and nobody has complained about it so far."),
        (3, "Mirae", "Overnight in the fridge is better: the crust turns out darker and the crumb is open."),
        (4, "Jiho", "Both work well enough, but do not forget to cover it with a damp cloth in winter."),
    )
)


def page_of(case: Case, url: str) -> Document:
    html = (
        f"{case.head}<title>Bread that rests</title></head>{case.body}"
        f"<h1>Bread that rests</h1><main>{THREAD}</main></body></html>"
    )
    return Document(capture_of(html.encode(), url, ("Content-Type", "text/html; charset=utf-8")))


def each(cases: Sequence[Case] = CASES) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.board)


def test_each_row_has_a_case() -> None:
    assert [case.board for case in CASES] == [board.name for board in BOARDS]


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
    assert content.claim.former == (generic.read_document(document).claim.post_id,)


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
