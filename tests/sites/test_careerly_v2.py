from datetime import UTC, datetime

import pytest

from scraper.model.capture import Capture
from scraper.model.record import Person, Record, Rejection
from tests.sites.captures import capture, read, visit
from tests.sites.visited import make_careerly as make_site

URL = "https://careerly.co.kr/posts/77"
API = "https://v2.careerly.co.kr/api/v1"
SHELL = '<html><head><title>커리어리</title></head><body><div id="root"></div><script>self.__next_f=[]</script></body></html>'
POST: dict[str, object] = {
    "id": 77,
    "userid": 9001,
    "author": {"id": 310, "user_id": 9001, "name": "문가람", "headline": "기획자"},
    "title": "작은 팀의 문서화",
    "description": "문서는 짧을수록 읽힙니다.\n\n그래서 한 장으로 줄였어요.",
    "descriptionhtml": "<p>문서는 짧을수록 읽힙니다.</p><p>그래서 한 장으로 줄였어요.</p>",
    "posttype": 0,
    "isdeleted": False,
    "createdat": "2025-12-01 09:30:00",
    "updatedat": "2025-12-02 10:00:00",
    "comment_count": 3,
    "like_count": 5,
    "save_count": 2,
    "view_count": 431,
    "repost_count": 0,
    "images": ["https://img.example/1.png"],
}


def _comment(number: int, **changes: object) -> dict[str, object]:
    comment: dict[str, object] = {
        "id": number,
        "post_id": 77,
        "parentcommentid": None,
        "depth": 0,
        "user_id": 9000 + number,
        "author_name": f"회원{number}",
        "author_profile_id": 300 + number,
        "content": f"댓글 {number}의 내용입니다.",
        "ispostwriter": False,
        "isdeleted": False,
        "like_count": 1,
        "createdat": "2025-12-01T10:00:00",
        "updatedat": "2025-12-01T10:00:00",
    }
    return comment | changes


def _shell() -> Capture:
    return capture(SHELL, URL)


def _post(**changes: object) -> Capture:
    return capture(POST | changes, f"{API}/posts/77/")


def _page(number: int, *results: dict[str, object], after: str | None = None, count: int = 3) -> Capture:
    body = {"count": count, "next": after, "previous": None, "results": list(results)}
    return capture(body, f"{API}/comments/?postId=77&page={number}")


NEXT = f"{API}/comments/?page=2&postId=77"
WHOLE = (
    _shell(),
    _post(),
    _page(1, _comment(1), _comment(2, parentcommentid=1, depth=1), after=NEXT),
    _page(2, _comment(3, author_name=None, author_profile_id=None, isdeleted=True)),
)


def test_a_post_is_read_from_the_api() -> None:
    record = read(*WHOLE)
    post = record.post
    assert record.layout == "careerly.v2-api/1"
    assert record.primary == WHOLE[1].record_id
    assert (post.title, post.text) == ("작은 팀의 문서화", POST["description"])
    assert post.author == Person("310", "문가람")
    assert {count.name: count.value for count in post.counts} == {
        "views": 431,
        "saves": 2,
        "likes": 5,
        "reposts": 0,
        "comments": 3,
    }
    assert post.published is not None
    assert post.published.at == datetime(2025, 12, 1, 0, 30, tzinfo=UTC)
    assert post.published.zone_basis == "assumed"
    assert post.edited is not None
    assert post.edited.raw == "2025-12-02 10:00:00"
    assert (post.access, post.status, post.images) == ("full", "live", ("https://img.example/1.png",))


def test_comments_of_all_pages_keep_their_edges() -> None:
    first, second, third = read(*WHOLE).comments
    assert (first.native_id, first.author, first.parent, first.depth) == (
        "1",
        Person("301", "회원1"),
        None,
        0,
    )
    assert (second.parent, second.depth, second.text) == (0, 1, "댓글 2의 내용입니다.")
    assert (third.status, third.text, third.author) == ("placeholder", None, None)
    assert first.edited is None


def test_the_captures_may_come_in_any_order_and_with_a_redirect() -> None:
    moved = capture("", URL, status=302)
    assert read(moved, *reversed(WHOLE)).comments == read(*WHOLE).comments


def test_requests_follow_each_other_until_the_post_is_whole() -> None:
    site = make_site()
    asked = [
        [request.url for request in site.next_requests(visit(*WHOLE[:known], url=URL))]
        for known in range(len(WHOLE) + 1)
    ]
    assert asked == [
        [URL],
        [f"{API}/posts/77/"],
        [f"{API}/comments/?postId=77&page=1"],
        [f"{API}/comments/?postId=77&page=2"],
        [],
    ]


def test_pages_that_repeat_themselves_end_the_walk() -> None:
    looping = (*WHOLE[:3], _page(2, _comment(1), _comment(2), after=f"{API}/comments/?page=3&postId=77"))
    assert make_site().next_requests(visit(*looping)) == ()


@pytest.mark.parametrize("status", [401, 403])
def test_a_closed_door_gives_a_gated_row_and_nothing_more_is_asked(status: int) -> None:
    closed = capture({"detail": "로그인이 필요합니다."}, f"{API}/posts/77/", status=status)
    captures = (_shell(), closed, _page(1, _comment(1)))
    record = read(*captures)
    assert (record.post.access, record.post.text, record.post.title, record.comments) == (
        "gated",
        None,
        None,
        (),
    )
    assert make_site().next_requests(visit(_shell(), closed)) == ()


@pytest.mark.parametrize("status", [404, 410, 500])
def test_a_missing_post_is_rejected(status: int) -> None:
    missing = capture({"detail": "Not found."}, f"{API}/posts/77/", status=status)
    found = make_site().read(visit(_shell(), missing))
    assert isinstance(found, Rejection)
    assert str(status) in found.reason
    assert make_site().next_requests(visit(_shell(), missing)) == ()


def test_a_withdrawn_post_has_no_text() -> None:
    record = read(_shell(), _post(isdeleted=True))
    assert (record.post.status, record.post.text, record.post.title) == ("withdrawn", None, None)


def test_a_member_who_left_is_nobody() -> None:
    assert read(_shell(), _post(author=None, comment_count=0)).post.author is None
    assert (
        read(_shell(), _post(author={"id": 1, "name": "알 수 없는 사용자"}, comment_count=0)).post.author
        is None
    )


def test_missing_comment_pages_are_visible() -> None:
    record = read(*WHOLE[:3])
    assert (record.post.access, record.post.count("comments"), len(record.comments)) == ("partial", 3, 2)


def test_a_post_without_a_title_is_titled_by_its_first_line() -> None:
    post = read(_shell(), _post(title=None, description="⟪첫 줄⟫\n\n본문입니다.", descriptionhtml=None)).post
    assert (post.title, post.text) == ("⟪첫 줄⟫", "본문입니다.")
    single = read(_shell(), _post(title=None, description="한 줄뿐인 글입니다.", descriptionhtml=None)).post
    assert (single.title, single.text) == (None, "한 줄뿐인 글입니다.")


def test_lists_and_code_come_from_the_html() -> None:
    html = "<p>순서:</p><ul><li>하나</li><li>둘</li></ul><pre>x = 1</pre>"
    post = read(_shell(), _post(description="순서: 하나 둘 x = 1", descriptionhtml=html)).post
    assert post.text == "순서:\n\n- 하나\n- 둘\n\n```\nx = 1\n```"


def test_answers_of_a_question_are_comments_of_their_own_kind() -> None:
    url = "https://careerly.co.kr/qnas/5"
    answer = {
        "id": 1,
        "description": "이렇게 해 보세요.",
        "isaccepted": True,
        "createdat": "2025-12-01 10:00:00",
        "userProfile": {"id": 4, "name": "답변자"},
        "comments": [{"id": 2, "content": "감사합니다.", "author_profile_id": 8}],
    }
    question = {
        "id": 5,
        "title": "질문 제목",
        "description": "질문 내용입니다.",
        "answer_count": 1,
        "answers": [answer],
    }
    captures = (capture(SHELL, url), capture(question, f"{API}/questions/5/"))
    record = read(*captures)
    assert (record.post.kind, record.post.access) == ("question", "full")
    assert [(item.kind, item.is_accepted, item.parent) for item in record.comments] == [
        ("answer", True, None),
        ("comment", None, 0),
    ]
    assert make_site().next_requests(visit(*captures)) == ()
    assert [request.url for request in make_site().next_requests(visit(captures[0]))] == [
        f"{API}/questions/5/"
    ]


def test_what_the_api_does_not_declare_is_not_said_to_be_nought() -> None:
    question = {"id": 5, "title": "질문 제목", "description": "질문 내용입니다."}
    captures = (capture(SHELL, "https://careerly.co.kr/qnas/5"), capture(question, f"{API}/questions/5/"))
    (evidence,) = read(*captures).post.access_evidence
    assert evidence.detail == "The API does not say how many comments there are; 0 were read."


def test_an_empty_shell_alone_is_rejected() -> None:
    found = make_site().read(visit(_shell()))
    assert isinstance(found, Rejection)
    assert URL in found.reason


def test_an_api_list_leads_to_posts() -> None:
    listed = capture(
        {"count": 2, "results": [{"id": 3, "posttype": 0}, {"id": 4, "posttype": 1}]}, f"{API}/posts/?page=1"
    )
    assert make_site().links(listed) == ("https://careerly.co.kr/posts/3", "https://careerly.co.kr/posts/4")


def test_hostile_json_is_survived() -> None:
    circle = _page(1, _comment(1, parentcommentid=2), _comment(2, parentcommentid=1), count=2)
    found = make_site().read(visit(_shell(), _post(comment_count="many", images="x", author=[1]), circle))
    assert isinstance(found, Record)
    assert len(found.comments) == 2
    for body in ("[]", "null", "{", '{"id": {"id": 77}}', "[" * 100_000):
        broken = capture(body, f"{API}/posts/77/", media_type="application/json")
        assert isinstance(make_site().read(visit(_shell(), broken)), Rejection)
