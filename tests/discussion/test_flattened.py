"""Flattened text of sites that nobody described: the words on its lines are all that is left to read it by."""

import pytest

from scraper.model.record import Person, Record, Rejection
from scraper.sites.generic import make_site
from tests.sites.captures import capture, visit
from tests.sites.visited import VisitedSite

URL = "https://talk.example/posts/7"
KOREAN = """동네 도서관을 오래 여는 법

지난 달부터 우리 동네 도서관이 밤 열 시까지 문을 엽니다.

자원봉사자 네 명이 돌아가며 자리를 지킵니다.

2024년 3월 2일 오후 8:10

조회 1,240 추천 12

댓글 2

  • 저도 가 봐야겠네요.

  • 주말에도 여나요?"""
ENGLISH = """How we keep the library open late

by Ann Miller
March 2, 2024

Since last month our small library stays open until ten.

Four volunteers take turns at the desk.

1,240 views · 12 likes

Comments (2)

Bob Stone
March 3, 2024
I should drop by.
Reply

Carla Diaz
March 4, 2024
Open on weekends, too?
Reply
"""


def _read(text: str, status: int | None = None) -> Record | Rejection:
    page = capture(text, URL, status=status, media_type="text/plain")
    return VisitedSite(make_site()).read(visit(page))


def _record(text: str) -> Record:
    record = _read(text)
    assert isinstance(record, Record), record
    return record


def test_a_korean_text_gives_post_counts_and_comments() -> None:
    record = _record(KOREAN)
    post = record.post
    assert (record.layout, post.title) == ("generic.flattened/1", "동네 도서관을 오래 여는 법")
    assert post.text == "\n\n".join(KOREAN.split("\n\n")[1:3])
    assert {count.name: count.value for count in post.counts} == {"views": 1240, "likes": 12, "comments": 2}
    assert post.published is not None
    assert (post.published.raw, post.published.zone) == ("2024년 3월 2일 오후 8:10", "Asia/Seoul")
    assert (post.access, [comment.text for comment in record.comments]) == (
        "full",
        ["저도 가 봐야겠네요.", "주말에도 여나요?"],
    )


def test_an_english_text_gives_names_and_dates_beside_the_words() -> None:
    record = _record(ENGLISH)
    assert record.post.text == "\n\n".join(ENGLISH.split("\n\n")[2:4])
    assert record.post.author == Person(None, "Ann Miller")
    assert (record.post.count("views"), record.post.count("comments")) == (1240, 2)
    assert [
        (comment.author, comment.published and comment.published.raw, comment.text)
        for comment in record.comments
    ] == [
        (Person(None, "Bob Stone"), "March 3, 2024", "I should drop by."),
        (Person(None, "Carla Diaz"), "March 4, 2024", "Open on weekends, too?"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "User-agent: *\nDisallow: /",
        "# Readme\n\nA project.\n\n## Install\n\nRun it.",
        "장보기\n\n우유\n\n두부",
    ],
)
def test_a_text_that_was_no_post_is_none(text: str) -> None:
    assert isinstance(_read(text), Rejection)


def test_text_that_a_server_sent_was_no_page() -> None:
    assert isinstance(_read(KOREAN, status=200), Rejection)
