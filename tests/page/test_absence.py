"""What says that a post is not there, and what only says that the site has a bad day."""

from dataclasses import replace

import pytest

from scraper.model.capture import Capture
from scraper.page.absence import Absence, absence_in, notice_of
from scraper.page.document import Document
from tests.fixtures.captures import capture_of
from tests.replica.months import BAD_DAYS, LOGIN_PAGE, SOFT_404
from tests.replica.routes import Answer

POST = "https://madang.example/posts/7"
LOGIN = "https://madang.example/login?next=/posts/7"


def answered(answer: Answer, url: str = POST) -> Capture:
    return capture_of(answer.body, url, *answer.headers, status=answer.status)


def told_by(captures: list[Capture]) -> Absence | None:
    """What captures of one record id each say together."""
    numbered = [replace(each, record_id=str(number)) for number, each in enumerate(captures)]
    return absence_in(numbered, {each.record_id: notice_of(Document(each)) for each in numbered})


def html(status: int, title: str, text: str = "") -> Answer:
    body = f"<!DOCTYPE html><title>{title}</title><body><h1>{title}</h1><p>{text}</p></body>"
    return Answer(status, (("Content-Type", "text/html; charset=utf-8"),), body.encode())


@pytest.mark.parametrize("status", [404, 410])
def test_a_status_says_that_a_post_is_gone(status: int) -> None:
    absence = told_by([answered(html(status, "찾을 수 없습니다"))])
    assert absence is not None
    assert (absence.status, str(status) in absence.reason) == ("gone", True)


@pytest.mark.parametrize(
    "page",
    [
        SOFT_404,
        html(200, "Page not found | Madang"),
        html(200, "Madang", "This topic does not exist or has been removed."),
        html(200, "마당", "작성자에 의해 삭제된 게시글입니다."),
        html(200, "마당", "존재하지 않는 글입니다."),
    ],
)
def test_a_short_page_that_says_so_says_that_a_post_is_gone(page: Answer) -> None:
    absence = told_by([answered(page)])
    assert absence is not None
    assert absence.status == "gone"


@pytest.mark.parametrize("page", BAD_DAYS.values(), ids=BAD_DAYS)
def test_a_bad_day_says_nothing(page: Answer) -> None:
    assert told_by([answered(page)]) is None


@pytest.mark.parametrize("status", [401, 403, 429, 451, 500, 502, 503])
def test_no_other_status_says_it(status: int) -> None:
    assert told_by([answered(html(status, "찾을 수 없습니다"))]) is None


@pytest.mark.parametrize(
    "page",
    [
        html(200, "We could not reach the database", "Not found. Please try again."),
        html(200, "404 오류가 발생했습니다", "서버 점검 중입니다."),
        html(200, "글 제목", "삭제된 댓글입니다. " + "긴 이야기가 이어집니다. " * 100),
        html(200, "로그인", "로그인이 필요합니다."),
        Answer(200, (("Content-Type", "application/json"),), b'{"detail": "not found"}'),
    ],
)
def test_in_doubt_nothing_was_said(page: Answer) -> None:
    assert told_by([answered(page)]) is None


def test_a_redirect_to_a_login_page_takes_the_post_out_of_view() -> None:
    sent = answered(Answer(302, (("Location", "/login?next=/posts/7"),)))
    absence = told_by([sent, answered(LOGIN_PAGE, LOGIN)])
    assert absence is not None
    assert absence.status == "withdrawn"
    assert told_by([answered(LOGIN_PAGE, LOGIN)]) is None
    assert told_by([sent, answered(BAD_DAYS["maintenance"], LOGIN)]) is None


def test_an_answer_that_was_cut_off_and_a_visit_without_an_answer_say_nothing() -> None:
    assert told_by([replace(answered(html(404, "x")), truncated="disconnect")]) is None
    assert told_by([answered(Answer(302, (("Location", "/posts/8"),)))]) is None
    assert told_by([]) is None


def test_the_answer_that_a_visit_ended_with_decides() -> None:
    shell = answered(html(200, "마당"))
    assert told_by([shell, answered(html(404, "x"), "https://api.madang.example/posts/7")]) is not None
    assert told_by([answered(html(404, "x")), shell]) is None
