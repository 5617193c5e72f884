"""What Careerly's API says of a post that not everybody may read, and of people in forms of its own."""

import json

import pytest

from scraper.model.capture import Capture
from scraper.reading.read_visit import Unread, read_visit
from scraper.records.cleaning import Policy
from scraper.records.people import KEY_BYTES, Pseudonyms
from scraper.sites.registry import installed_sites
from tests.sites.captures import capture, read, visit
from tests.sites.test_careerly_v2 import API, POST, SHELL, URL

CLOSED: list[dict[str, object]] = [
    {"ispublic": 0}, {"isPublic": False}, {"is_public": "0"}, {"ispublic": "false"}, {"isfiltered": 1}, {"isFiltered": True}, {"is_filtered": "1"},
    {"status": "draft"}, {"status": "private"}, {"status": "HIDDEN"}, {"status": "pending"}, {"status": 2}, {"status": -1}, {"isprivate": 1},
    {"ispublic": 1, "isfiltered": 0, "status": "blinded"}, {"visibility": "followers"},
]  # fmt: skip
OPEN: list[dict[str, object]] = [
    {}, {"ispublic": 1, "isfiltered": 0, "status": 0}, {"ispublic": True, "status": 1}, {"status": "published"}, {"status": None}, {"isPublic": "1"},
]  # fmt: skip


def answered(**changes: object) -> tuple[Capture, ...]:
    body = POST | {"comment_count": 0} | changes
    return capture(SHELL, URL), capture(body, f"{API}/posts/77/")


@pytest.mark.parametrize("flags", CLOSED, ids=str)
def test_what_is_not_public_is_withheld(flags: dict[str, object]) -> None:
    record = read(*answered(**flags))
    assert (record.post.access, record.post.title, record.post.text, record.comments) == (
        "gated",
        None,
        None,
        (),
    )
    assert [each.kind for each in record.post.access_evidence] == ["flag"]


@pytest.mark.parametrize("flags", OPEN, ids=str)
def test_what_is_public_is_read(flags: dict[str, object]) -> None:
    assert read(*answered(**flags)).post.access == "full"


@pytest.mark.parametrize("status", ["answered", "resolved", "closed", "open"])
def test_a_question_has_states_that_are_public(status: str) -> None:
    question = {
        "id": 5,
        "title": "문서를 어디에 두나요?",
        "description": "팀 문서의 자리가 궁금합니다.",
        "status": status,
        "answers": [],
        "answer_count": 0,
    }
    record = read(capture(SHELL, "https://careerly.co.kr/qnas/5"), capture(question, f"{API}/questions/5/"))
    assert record.post.text == "팀 문서의 자리가 궁금합니다."


def test_a_comment_that_is_not_public_keeps_its_place_alone() -> None:
    comments = [
        {"id": 1, "post_id": 77, "content": "보이는 댓글입니다.", "author_name": "가온"},
        {"id": 2, "post_id": 77, "content": "가려진 댓글입니다.", "author_name": "나래", "isfiltered": 1},
    ]
    page = capture({"count": 2, "next": None, "results": comments}, f"{API}/comments/?postId=77&page=1")
    record = read(*answered(comment_count=2), page)
    assert [(each.text, each.status) for each in record.comments] == [
        ("보이는 댓글입니다.", "present"),
        (None, "placeholder"),
    ]


PERSON = {
    "id": 310,
    "user_id": 9001,
    "name": "문가람",
    "headline": "기획자",
    "email": "garam.moon@mail.example",
}


def test_an_author_as_a_text_of_json_is_the_author() -> None:
    plain, text = (read(*answered(author=author)).post.author for author in (PERSON, json.dumps(PERSON)))
    assert plain is not None
    assert text is not None
    assert (text.native_id, text.name) == (plain.native_id, plain.name) == ("310", "문가람")


def test_whoever_was_known_by_name_while_the_text_was_not_read_keeps_a_tombstone() -> None:
    author = read(*answered(author=json.dumps(PERSON), author_name="문가람")).post.author
    assert author is not None
    assert (author.native_id, author.former) == ("310", ("문가람",))


@pytest.mark.parametrize("author", ["{broken", "", "null", "[]", "17"])
def test_a_text_that_is_no_object_is_nobody(author: str) -> None:
    assert read(*answered(author=author)).post.author is None


@pytest.mark.parametrize("names", ["pseudonymous", "named"])
@pytest.mark.parametrize("as_text", [True, False])
def test_an_address_that_comes_with_an_author_reaches_no_row(names: str, as_text: bool) -> None:
    author = json.dumps(PERSON, ensure_ascii=False) if as_text else PERSON
    answer = {"id": 9, "content": "저희는 위키에 둡니다.", "author": author}
    question = {
        "id": 5,
        "title": "문서를 어디에 두나요?",
        "description": "팀 문서의 자리가 궁금합니다.",
        "author": author,
        "answers": [answer],
    }
    made = visit(capture(SHELL, "https://careerly.co.kr/qnas/5"), capture(question, f"{API}/questions/5/"))
    policy = Policy(Pseudonyms(bytes(KEY_BYTES)), names, scrub=())  # type: ignore[arg-type]  # one of the literals
    reading = read_visit(made, policy, installed_sites())
    assert not isinstance(reading, Unread)
    assert reading.post["author_id"] == reading.comments[0]["author_id"] is not None
    assert "garam.moon" not in repr((reading.post, reading.comments))
