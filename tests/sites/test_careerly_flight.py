"""Careerly posts in pages of Next.js' app router, and in texts of JSON that are JSON themselves."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discussion.told import fields
from scraper.discussion.told.thread import thread_of
from scraper.page.data import Fields
from scraper.sites.careerly.conventions import CONVENTIONS
from tests import flight
from tests.sites.captures import capture, read
from tests.sites.json_shapes import shell

TEXT = "$로 시작하는 글입니다.\n\n0:둘째 문단은 줄 머리가 숫자입니다."
SAID = ("잘 읽었습니다.", "$5라고 쓴 댓글도 댓글입니다.", '[{"id": 4242, "description": "남이 쓴 글"}]')


def post() -> dict[str, Any]:
    comments = [
        {
            "id": 7000 + position,
            "content": said,
            "createdAt": "2023-05-05T02:00:00.000Z",
            "userProfile": {"id": 601, "name": "한가을"},
        }
        for position, said in enumerate(SAID)
    ]
    return {
        "postId": 4242,
        "title": "지표를 다시 정의하며",
        "description": TEXT,
        "createdAt": "2023-05-04T01:20:30.000Z",
        "postViewCount": 1234,
        "repliesCount": len(SAID),
        "userProfile": {"id": 501, "name": "박서윤"},
        "comments": comments,
    }


def assert_whole(page: str) -> None:
    record = read(capture(page))
    assert (record.post.title, record.post.text) == ("지표를 다시 정의하며", TEXT)
    assert record.post.author is not None
    assert record.post.author.name == "박서윤"
    assert [comment.text for comment in record.comments] == list(SAID)
    assert {comment.status for comment in record.comments} == {"present"}


@given(st.data())
def test_a_post_is_read_however_its_data_was_split_into_rows(data: st.DataObject) -> None:
    element = ["$", "div", None, {"children": ["$", "$L2", None, {"post": post()}]}]
    rows = flight.rows(element, lambda _: data.draw(st.booleans()))
    assert_whole(flight.page(*data.draw(st.permutations([*rows, *flight.NOISE]))))


def test_a_comment_whose_deletion_is_undefined_is_there_and_dates_lose_their_mark() -> None:
    model = post() | {
        "updatedAt": "$undefined",
        "description": "$7",
        "createdAt": "$D2023-05-04T01:20:30.000Z",
    }
    for comment in model["comments"]:
        comment |= {"deletedAt": "$undefined", "content": flight.escaped(comment["content"])}
    page = flight.page(b"7:" + flight.text_row(TEXT), b"0:" + flight.model_row([model]))
    assert_whole(page)
    published = read(capture(page)).post.published
    assert published is not None
    assert published.raw == "2023-05-04T01:20:30.000Z"


@pytest.mark.parametrize("deep", [1, 2])
def test_a_state_that_is_kept_as_a_text_of_json_is_read(deep: int) -> None:
    state: Any = {"detail": {"current": post()}}
    for _ in range(deep):
        state = {"initialState": json.dumps(state, ensure_ascii=False)}
    assert_whole(shell({"props": {"pageProps": state}}))


def test_a_post_in_the_data_is_not_displaced_by_one_in_a_text_that_someone_wrote() -> None:
    forged = post() | {"description": TEXT + "\n\n지어낸 문단입니다.", "saveCount": 1, "likeCount": 1}
    told = post()
    told["comments"][0]["content"] = json.dumps(forged, ensure_ascii=False)
    record = read(capture(shell({"props": {"pageProps": {"post": told}}})))
    assert record.post.text == TEXT
    assert record.comments[0].text == told["comments"][0]["content"]


@pytest.mark.parametrize(
    ("value", "deleted"),
    [
        ("2023-05-04T01:20:30Z", True),
        (1_683_163_230, True),
        (True, True),
        (None, False),
        ("", False),
        ("null", False),
        ("$undefined", False),
        (0, False),
        ("0", False),
        (False, False),
        ("0000-00-00 00:00:00", False),
        ("0001-01-01T00:00:00Z", False),
    ],
)
def test_only_a_date_of_deletion_means_deleted(value: object, deleted: bool) -> None:
    assert fields.is_deleted(Fields({"deletedAt": value})) is deleted
    assert fields.is_deleted(Fields({"isDeleted": False, "deletedAt": value})) is deleted


def test_a_comment_that_holds_itself_without_an_id_counts_once() -> None:
    comment: dict[str, Any] = {"content": "돌고 도는 댓글입니다."}
    comment["replies"] = [comment, comment]
    assert [found.text for found in thread_of([comment], CONVENTIONS, None)] == ["돌고 도는 댓글입니다."]
