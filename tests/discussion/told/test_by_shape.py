"""Threads in the state of a page's scripts, under many keys: found by shape, and only where they are the page's own."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import read_page
from scraper.discussion.any_site import any_site
from scraper.discussion.told.by_shape import ShownPage, read_by_shape
from scraper.discussion.told.telling import Frame
from scraper.model.record import Record
from scraper.model.url import Base
from scraper.page.dates import Zone

URL = "https://village.example/talk/snow-day"
ZONE = Zone("UTC", "assumed")
FRAME = Frame((URL,), Base(URL), ZONE, None)
WORDS = "마을 길에 눈이 쌓였습니다. 다들 조심히 다니세요."
TEXTS = ("오늘 아침에 길이 미끄러웠습니다", "It took me three evenings", "어제 빌린 책을 다 읽었습니다")


def rows(
    text: str = "body", who: str = "author", when: str = "createdAt", replies: str = "replies"
) -> list[dict[str, Any]]:
    reply = {"id": 72, text: TEXTS[1], who: {"name": "Ann"}, when: "2024-05-01T11:00:00Z"}
    return [
        {"id": 71, text: TEXTS[0], who: {"name": "김하나"}, when: "2024-05-01T10:00:00Z", replies: [reply]},
        {"id": 73, text: TEXTS[2], who: {"name": "이세찬"}, when: 1714561200000},
    ]


def page(data: object, body: str = '<div id="app"></div>', *, head: str = "") -> Record | None:
    read = read_page(
        f"<html><head><title>눈 오는 날</title>{head}</head><body>{body}"
        f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script></body></html>',
        URL,
    )
    return read if isinstance(read, Record) else None


POST: dict[str, Any] = {
    "id": 12,
    "title": "눈 오는 날",
    "content": WORDS,
    "user": {"name": "박두리"},
    "createdAt": "2024-04-30T10:00:00Z",
}


@pytest.mark.parametrize(
    "thread",
    [
        rows(),
        rows(text="content", who="user", when="created_at", replies="children"),
        rows(text="message", who="commenter", when="date", replies="sub_comments"),
        rows(text="htmlBody", who="creator", when="postedAt"),
        {"nodes": rows()},
        {"edges": [{"node": row} for row in rows()]},
    ],
)
def test_a_page_that_shows_nothing_is_read_from_its_data(thread: object) -> None:
    record = page({"props": {"post": {**POST, "comments": thread}}})
    assert record is not None
    assert (record.post.title, record.post.text) == ("눈 오는 날", WORDS)
    assert [each.text for each in record.comments] == list(TEXTS)
    assert [each.author.name if each.author else None for each in record.comments] == [
        "김하나",
        "Ann",
        "이세찬",
    ]
    assert [(each.parent, each.parent_basis) for each in record.comments] == [
        (None, None),
        (0, "stated"),
        (None, None),
    ]
    assert [each.native_id for each in record.comments] == ["71", "72", "73"]
    assert record.comments[2].published is not None
    assert {each.source for each in record.post.field_sources} == {"page-data"}


@pytest.mark.parametrize(
    "post",
    [POST | {"isPrivate": True}, POST | {"visibility": "members"}, POST | {"membersOnly": True}],
)
def test_what_the_data_says_not_everybody_may_read_is_not_taken(post: dict[str, Any]) -> None:
    assert page({"post": post | {"comments": rows()}}) is None


def test_a_page_that_is_closed_is_not_read_from_its_data() -> None:
    head = '<script type="application/ld+json">{"@type": "Article", "isAccessibleForFree": false}</script>'
    assert page({"post": {**POST, "comments": rows()}}, head=head) is None


@pytest.mark.parametrize(
    "shown",
    [
        '<form><input type="text"><input type="password"></form>',
        "<h1>눈 오는 날</h1><p>Log in to continue reading this post.</p><button>Log in</button>",
    ],
)
def test_a_page_that_asks_to_sign_in_is_not_read_from_its_data(shown: str) -> None:
    record = page({"post": {**POST, "comments": rows()}}, shown)
    assert record is None or (record.post.text != WORDS and not record.comments)


ARTICLE = f"<h1>눈 오는 날</h1><article>{''.join(f'<p>{WORDS} {at}</p>' for at in range(12))}</article>"


def test_comments_that_only_the_data_has_are_those_of_the_post_that_it_names() -> None:
    own = page({"props": {"post": POST, "initialComments": rows()}}, ARTICLE)
    assert own is not None
    assert [each.text for each in own.comments] == list(TEXTS)
    other = page({"props": {"post": POST | {"title": "Another one"}, "initialComments": rows()}}, ARTICLE)
    assert other is not None
    assert other.comments == ()


def test_shown_comments_get_their_parents_and_dates_from_the_data() -> None:
    thread = "".join(
        f'<li class="comment"><a class="author" href="/user/{at}">{name}</a><time>2024-05-01</time><p class="body">{TEXTS[at]}</p></li>'
        for at, name in enumerate(("김하나", "Ann", "이세찬"))
    )
    record = page({"anything": {"posts": rows()}}, f"{ARTICLE}<ol>{thread}</ol>")
    assert record is not None
    assert [each.text for each in record.comments] == list(TEXTS)
    assert [(each.parent, each.depth) for each in record.comments] == [(None, 0), (0, 1), (None, 0)]
    assert [each.published.precision if each.published else None for each in record.comments] == [
        "second"
    ] * 3


KEYS = st.sampled_from(
    ["comments", "body", "author", "createdAt", "replies", "id", "title", "parentId", "node", "name"]
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=40,
)


@given(VALUES, st.booleans())
def test_no_shape_of_data_breaks_it(value: Any, is_bare: bool) -> None:
    item = {"body": value, "author": value, "createdAt": value, "replies": value, "parentId": value}
    held = {"title": value, "comments": [item, {"body": "a", "author": "b", "createdAt": 1714561200}]}
    read_by_shape([value, held], FRAME, any_site(ZONE, ""), ShownPage("a", ["a"], is_bare))
