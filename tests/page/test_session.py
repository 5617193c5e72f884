"""Signs of a session on saved pages, as many kinds of software show them, and pages that show none."""

import json
from html import escape
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model.capture import Capture
from scraper.page.document import Document
from scraper.page.session import Session, session_in

ARTICLE: Final = "<article><h1>배포 자동화</h1><p>지난달 우리는 배포 절차를 처음부터 다시 썼다. 손으로 하던 열두 단계가 세 단계로 줄었다.</p></article>"


URL: Final = "https://blog.example/posts/41"


def session(html: str, url: str = URL) -> Session | None:
    headers = (("content-type", "text/html; charset=utf-8"),)
    return session_in(
        Document(Capture("", url, None, headers, html.encode("utf-8", "replace"), None, "unknown", ""))
    )


def page(header: str = "", content: str = "", *, html: str = "", body: str = "", footer: str = "") -> str:
    return (
        f"<!DOCTYPE html><html {html}><head><title>글</title></head><body {body}>"
        f"<div class='top'>{header}</div>{ARTICLE}{content}<footer>{footer}</footer></body></html>"
    )


MENUS: Final = {
    "ko": ("<a href='/members/boram'>보람</a>님 <a href='/logout'>로그아웃</a>", "보람"),
    "ko-gnuboard": ("<b>보람님</b> <a href='/bbs/logout.php'>로그아웃</a>", "보람"),
    "ko-xe": ("<span>보람</span> <a href='/index.php?act=dispMemberLogout'>로그아웃</a>", None),
    "ko-greeting": ("안녕하세요, 보람님! <button type=submit>로그아웃</button>", "보람"),
    "ko-form": (
        "<form action='/session/logout' method=post><span class=user-name>보람</span><button>나가기</button></form>",
        "보람",
    ),
    "phpbb": ("<a href='./ucp.php?mode=logout&amp;sid=1'>Logout [ Boram ]</a>", "Boram"),
    "vbulletin": (
        "Welcome, <a href='member.php?u=7'>Boram</a>. <a href='login.php?do=logout'>Log Out</a>",
        "Boram",
    ),
    "smf": (
        "Hello <b>Boram</b> <a href='https://blog.example/index.php?action=logout;x=1'>Logout</a>",
        "Boram",
    ),
    "mediawiki": (
        "<li id=pt-userpage><a href='/wiki/User:Boram'>Boram</a></li><li><a href='/w/index.php?title=Special:UserLogout'>Log out</a></li>",
        "Boram",
    ),
    "rails": (
        "<a href='/users/boram'>Boram Kim</a><a rel=nofollow data-method=delete href='/users/sign_out'>Sign out</a>",
        "Boram Kim",
    ),
    "hackernews": (
        "<a id=me href='user?id=boram'>boram</a> (7) | <a id=logout href='logout?auth=1'>logout</a>",
        "boram",
    ),
    "en-welcome": ("Welcome back, Boram! <a href='/logoff.aspx'>Log off</a>", "Boram"),
    "ja": ("ようこそ、ボラムさん <a href='/logout'>ログアウト</a>", "ボラム"),
    "zh": ("欢迎您，博览 <a href='/logout'>退出登录</a>", "博览"),
    "de": ("Angemeldet als <b>Boram</b> <a href='/abmelden'>Abmelden</a>", "Boram"),
    "fr": ("Connecté en tant que Boram | <a href='/deconnexion'>Déconnexion</a>", "Boram"),
    "es": ("Hola, Boram <a href='/salir'>Cerrar sesión</a>", "Boram"),
    "pt": ("Olá, Boram <a href='/logout'>Sair</a>", "Boram"),
    "it": ("Ciao, Boram <a href='/esci'>Disconnetti</a>", "Boram"),
    "nl": ("Ingelogd als Boram <a href='/x'>Uitloggen</a>", "Boram"),
    "pl": ("Zalogowany jako Boram <a href='/x'>Wyloguj się</a>", "Boram"),
    "ru": ("Привет, Борам <a href='/logout'>Выйти</a>", "Борам"),
    "tr": ("<a href='/cikis'>Çıkış yap</a>", None),
    "vi": ("<a href='#'>Đăng xuất</a>", None),
    "icon": ("<a href='/logout' aria-label='Log out'><i class='icon'></i></a>", None),
    "icon-only": ("<a href='/logout'><i class='icon'></i></a>", None),
}


@pytest.mark.parametrize(("menu", "name"), MENUS.values(), ids=list(MENUS))
def test_a_link_to_sign_out_is_a_sign_with_the_name_beside_it(menu: str, name: str | None) -> None:
    shown = session(page(menu))
    assert shown is not None
    if name:
        assert name in shown.names
    assert all(name not in sign for sign in shown.signs for name in shown.names)


@pytest.mark.parametrize(
    ("html", "names"),
    [
        (page(body='class="home logged-in admin-bar"'), ()),
        (
            page("<div class='user-menu'><button><span class='user-name'>보람</span></button></div>"),
            ("보람",),
        ),
        (
            page("<div aria-label='Account menu'><a href='/@boram'><img alt='avatar'> Boram</a></div>"),
            ("Boram",),
        ),
        (page(body='class="not-front logged-in"'), ()),
        (page(html='data-logged-in="true"'), ()),
        (
            page(
                "<a class='p-navgroup-link--user'><span class='p-navgroup-linkText'>보람</span></a>",
                html='data-logged-in="true"',
            ),
            ("보람",),
        ),
        (
            page(
                "<script type='application/json'>"
                + json.dumps({"data": {"me": {"id": 9, "name": "보람"}}, "x": "y" * 40})
                + "</script>"
            ),
            ("보람",),
        ),
        (
            page("<div id=wpadminbar><a>안녕하세요, <span class=display-name>보람</span>님</a></div>"),
            ("보람",),
        ),
        (page("<meta name='user-login' content='boram'>"), ("boram",)),
        (
            page(
                f"<div id=data-preloaded data-preloaded='{escape(json.dumps({'currentUser': json.dumps({'id': 7, 'username': 'boram'})}))}'></div>"
            ),
            ("boram",),
        ),
        (
            page(
                "<script id=ajaxify-data type='application/json'>"
                + json.dumps({"loggedIn": True, "loggedInUser": {"uid": 3, "username": "보람"}})
                + "</script>"
            ),
            ("보람",),
        ),
        (
            page(
                "<script id=__NEXT_DATA__ type='application/json'>"
                + json.dumps(
                    {"props": {"session": {"user": {"id": "u1", "name": "Boram"}, "expires": "2026-01-01"}}}
                )
                + "</script>"
            ),
            ("Boram",),
        ),
        (
            page(
                "<script>window.__STATE__ = "
                + json.dumps({"currentUser": {"id": 9, "nickname": "보람"}, "more": "x" * 40})
                + ";</script>"
            ),
            ("보람",),
        ),
        (page('<script>var g5_is_member = "1"; var g5_is_admin = "";</script>'), ()),
        (page("<script>var STYLEID = '1', discuz_uid = '77';</script>"), ()),
        (page('<script>var SECURITYTOKEN = "1699-abc";</script>'), ()),
        (page('<script>RLCONF={"wgUserName":"Boram","wgTitle":"글"};</script>'), ("Boram",)),
        (page("<script>var isLoggedIn = true;</script>"), ()),
        (
            page(
                content="<div id=respond><form id=commentform><p class=logged-in-as>Logged in as Boram. <a href='/wp-admin/profile.php'>Edit your profile</a>. <a href='/wp-login.php?action=logout'>Log out?</a></p></form></div>"
            ),
            ("Boram",),
        ),
        (
            page(
                "<nav><a href='/login'>Login</a></nav>",
                "<form><p>Logged in as Boram. <a href='/wp-login.php?action=logout'>Log out?</a></p></form>",
            ),
            ("Boram",),
        ),
    ],
)
def test_marks_data_and_words_of_software_are_signs(html: str, names: tuple[str, ...]) -> None:
    shown = session(html)
    assert shown is not None
    assert shown.names == names


def test_a_name_beside_a_link_to_sign_out_counts_whatever_else_the_page_holds() -> None:
    header = "<nav><a href='/login'>Login</a></nav><div><a href='/users/boram'>Boram</a> <a href='/logout'>Log out</a></div>"
    online = (
        "<script type='application/json'>"
        + json.dumps({"users": [{"id": 1, "loggedIn": False}], "x": "y" * 40})
        + "</script>"
    )
    shown = session(page(header + online))
    assert shown is not None
    assert shown.names == ("Boram",)


@pytest.mark.parametrize(
    "html",
    [
        page(),
        page("<a href='/login'>로그인</a>"),
        page(footer="<a href='/login'>로그인</a>"),
        page("<a href='/login'>Log in</a> <a class=in href='/logout'>Log out</a>"),
        page("<div>Log In</div> <a href='/logout'>Log out</a>"),
        page("<a href='/login-logout'>Login/Logout</a>"),
        page("<input type=password> <a href='/logout'>Log out</a>"),
        page("<div hidden><a href='/logout'>Log out</a></div>"),
        page("<ul style='display: none'><li><a href='/logout'>로그아웃</a></ul>"),
        page("<template><a href='/logout'>로그아웃</a></template>"),
        page("<div class='only-authenticated'><a href='/logout'>Log out</a></div>"),
        page("<div><span class=user-name></span> <a href='/logout'>로그아웃</a></div>"),
        page("<a href='/newsletter/abmelden'>Abmelden</a>"),
        page("<div class='user-menu'><a href='/account'>My account</a></div>"),
        page("<div class='user-menu'><span class='user-name'></span></div>"),
        page("<div class='user-menu'><span class='user-name'>보람</span></div><a href='/login'>로그인</a>"),
        page("<a href='https://other.example.net/logout'>x</a>"),
        page("<a href='/posts/how-to-log-out-of-everything'>How to log out of everything</a>"),
        page("<a href='/tags/logout-button'>logout button</a>"),
        page("<a href='/blogout'>Blogout</a>"),
        page("<a href='/logout'>Log out</a>", body='class="logged-out"'),
        page("<a href='/logout'>Log out</a><script>var isLoggedIn = false;</script>"),
        page(html='data-logged-in="false"'),
        page(
            "<script id=__NEXT_DATA__ type='application/json'>"
            + json.dumps({"currentUser": None, "isLoggedIn": False, "x": "y" * 40})
            + "</script>"
        ),
        page(
            "<script type='application/json'>"
            + json.dumps({"loggedIn": False, "loggedInUser": {"uid": 0, "username": "Guest"}})
            + "</script>"
        ),
        page('<script>var g5_is_member = "";</script>'),
        page("<script>var discuz_uid = '0';</script>"),
        page('<script>var SECURITYTOKEN = "guest";</script>'),
        page('<script>RLCONF={"wgUserName":null};</script>'),
    ],
)
def test_a_page_for_everybody_shows_none(html: str) -> None:
    assert session(html) is None


@pytest.mark.parametrize(
    "content",
    [
        "<article><p>오른쪽 위의 <a href='/logout'>로그아웃</a>을 누르면 됩니다.</p></article>",
        "<article><p><a href='/logout'>로그아웃</a></p></article>",
        "<article><pre><code>&lt;button&gt;로그아웃&lt;/button&gt;</code></pre><button>로그아웃</button></article>",
        "<div class='post-content'><button>Log out</button></div>",
        "<div class='comment-body'>Logged in as Boram. <a href='/logout'>Log out?</a></div>",
        "<blockquote><a href='/logout'>Sign out</a></blockquote>",
        "<div itemprop='text'><a href='/logout'>Sign out</a></div>",
        "<p>To leave, everybody presses <a href='/logout'>log out</a> at the end of their day, and then goes home.</p>",
        "<p>로그아웃</p><p>보람님, 로그아웃하세요.</p>",
        "<pre>const isLoggedIn = true; currentUser = {id: 7, name: 'boram'}</pre>",
        "<script type='application/ld+json'>"
        + json.dumps({"text": 'var isLoggedIn = true; "currentUser": {"id": 7, "name": "x"}'})
        + "</script>",
    ],
)
def test_what_people_write_of_signing_out_is_no_sign(content: str) -> None:
    assert session(page(content=content)) is None


def session_of_text(*lines: str) -> Session | None:
    headers = (("content-type", "text/plain; charset=utf-8"),)
    text = "\n".join(lines)
    return session_in(Document(Capture("", URL, None, headers, text.encode(), None, "unknown", "")))


PARAGRAPH: Final = "지난달 우리는 배포 절차를 처음부터 다시 썼다. 손으로 하던 열두 단계가 세 단계로 줄었고, 무엇보다 되돌리기가 쉬워졌다. 그래서 모두가 기뻐했다."


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (("홈 | 알림 | 보람님 | 로그아웃", PARAGRAPH), ("보람",)),
        (("보람님", "로그아웃", PARAGRAPH), ("보람",)),
        ((PARAGRAPH, "Logged in as Boram. ", "Log out"), ("Boram",)),
        (("알림", "로그아웃", PARAGRAPH), ()),
        (("Hello, Boram", "Log Out", PARAGRAPH), ("Boram",)),
    ],
)
def test_the_text_of_a_page_shows_a_session_in_the_lines_of_its_menu(
    lines: tuple[str, ...], names: tuple[str, ...]
) -> None:
    shown = session_of_text(*lines)
    assert shown is not None
    assert shown.names == names


@pytest.mark.parametrize(
    "lines",
    [
        (PARAGRAPH,),
        ("로그인", "로그아웃", PARAGRAPH),
        (PARAGRAPH, "로그아웃", PARAGRAPH),
        ("로그아웃 단추의 위치를 바꾸다", PARAGRAPH),
        (),
    ],
)
def test_the_text_of_a_page_for_everybody_shows_none(lines: tuple[str, ...]) -> None:
    assert session_of_text(*lines) is None


@pytest.mark.parametrize(
    "menu",
    [
        "<a href='/users/boram/settings'>Account settings</a>",
        "<a href='/members/7/'>내 정보</a>",
        "<span class='user-name'>마이페이지</span>",
        "<a href='/u/me'>My profile</a>",
    ],
)
def test_words_of_menus_are_nobodys_name(menu: str) -> None:
    shown = session(page(f"<div>{menu} <a href='/logout'>Log out</a></div>"))
    assert shown is not None
    assert shown.names == ()


def test_a_page_that_is_too_costly_to_parse_shows_none() -> None:
    assert session("<a href='/logout'>Log out</a>" + "<div>" * 200_000) is None


PIECES: Final = [
    "<a href='/logout'>",
    "로그아웃",
    "</a>",
    "<form action='?logout'>",
    "<div class='logged-in",
    "'>",
    "<script>var isLoggedIn = ",
    "true",
    "</script>",
    "<input type=submit value='Log out'>",
    "보람님",
    "<span class=user-name>",
    "<body class=logged-in>",
    "<html data-logged-in=true>",
    "<meta name=user-login content=x>",
    "<div data-preloaded='{",
]


@given(st.text() | st.lists(st.sampled_from(PIECES) | st.text(max_size=4)).map("".join))
def test_no_page_breaks_the_reader(html: str) -> None:
    shown = session(html)
    assert shown is None or shown.signs
