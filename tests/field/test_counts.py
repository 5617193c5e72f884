"""Counts as pages print them, in headings over comments too; a bound is no number, and leaves open how many there are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model.record import Access
from scraper.page.counts import find_count, parse_count, parse_number
from tests.field.pages import Odd, comment, read
from tests.sites.captures import capture as careerly_capture
from tests.sites.captures import read as read_careerly


@pytest.mark.parametrize(
    "space", [" ", "\xa0", "\u2009", "\u202f", "\u2007", "\u3000", "\u2002", "'", "’", ".", ",", "٬"]
)
@given(number=st.integers(1000, 10**12))
def test_whatever_stands_between_the_groups_of_a_number_is_no_part_of_it(space: str, number: int) -> None:
    grouped = f"{number:,}".replace(",", space)
    assert parse_number(grouped) == number
    count = find_count("comments", f"{grouped} réponses")
    assert count is not None
    assert count.value == number


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1.2만", 12_000), ("1,2 Mio.", 1_200_000), ("1,5k", 1500), ("1.2億", 120_000_000), ("3万", 30_000), ("12,34,567", 1_234_567),
        ("١٢٣", 123), ("१२", 12), ("1만 2,345", 12_345),
    ],
)  # fmt: skip
def test_numerals_of_other_languages_are_numbers(raw: str, value: int) -> None:
    assert parse_number(raw) == value


@pytest.mark.parametrize(
    "raw",
    ["99+", "99+개", "+99", "over 100", "more than 1,000", "100개 이상", "100 이상", "약 30", "~20", ">50", "100여 개", "mehr als 100", "plus de 100", "최대 5"],
)  # fmt: skip
def test_a_bound_is_no_number_and_its_raw_form_stays_whole(raw: str) -> None:
    assert parse_number(raw) is None
    count = parse_count("likes", raw)
    assert count is not None
    assert (count.value, count.raw) == (None, raw)


@pytest.mark.parametrize(
    ("heading", "raw", "value", "access"),
    [
        ("1\u202f234 réponses", "1 234", 1234, "partial"),
        ("1.234 Kommentare", "1.234", 1234, "partial"),
        ("댓글 1.2만개", "1.2만", 12_000, "partial"),
        ("댓글 99+", "99+", None, "partial"),
        ("over 100 comments", "over 100", None, "partial"),
        ("댓글 1+", "1+", None, "unknown"),
        ("less than 5 comments", "less than 5", None, "unknown"),
        ("약 1개의 댓글", "약 1", None, "unknown"),
        ("5 million comments", "5 million", None, "unknown"),
        ("1 of 3 pages, 7 in all", "1 of 3 pages, 7 in all", None, "unknown"),
        ("3 Comments on Top 10", "3", 3, "partial"),
        ("“2024”에 대한 1개의 생각", "1", 1, "full"),
        ("Comments (1)", "1", 1, "full"),
    ],
)
def test_a_heading_over_comments_is_read(heading: str, raw: str, value: int | None, access: Access) -> None:
    post = read(Odd(heading=heading, comments=comment(11, "<p>좋다.</p>"))).post
    (count,) = post.counts
    assert (count.raw, count.value, post.access) == (raw, value, access)
    assert post.access_evidence


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("댓글 3개", 3), ("댓글 0개", 0), ("응답 3개", 3), ("댓글(1.2만)", 12_000), ("총 댓글 1,234개", 1234), ("버드나무 아래에 대한 3개의 생각", 3),
        ("3 Gedanken zu „Weide“", 3), ("Ein Kommentar zu Weide", 1), ("One thought on “3 Willows”", 1), ("1,234 Comments", 1234), ("Comments (7)", 7),
        ("1 234 réponses", 1234), ("2 comentarios en Sauce", 2), ("1.234 Kommentare", 1234), ("件のコメント 5", None), ("5件のコメント", 5), ("12 条评论", 12),
        ("댓글 99+", None), ("Over 100 comments", None),
    ],
)  # fmt: skip
def test_a_heading_that_no_class_marks_tells_by_its_words(heading: str, value: int | None) -> None:
    """Where its number is a bound, or none is found, the access is not full unless nothing is declared at all."""
    page = str(Odd(comments=comment(11, "<p>좋다.</p>")))
    for markup in (f'<div class="talk"><h3 class="talk-head">{heading}</h3>', f'<div><p class="resp-count">{heading}</p>'):  # fmt: skip
        post = read(page.replace('class="comments-area">', f'class="talk">{markup}').encode()).post
        assert post.count("comments") == value
        if value is not None and value > 1:
            assert post.access == "partial"
        if post.counts and value is None:
            assert post.access in {"partial", "unknown"}


@pytest.mark.parametrize(
    "elsewhere",
    [
        '<aside><h4>Comments (40)</h4></aside>',
        '<ul><li><p>댓글 40</p></li></ul>',
        '<p>Forty comments were printed in 1952.</p>',
        '<p>댓글 3개</p><h4>댓글 4개</h4>',
        '<h4>최근 댓글</h4>',
    ],
)  # fmt: skip
def test_words_about_other_comments_are_no_heading(elsewhere: str) -> None:
    page = str(Odd(comments=comment(11, "<p>좋다.</p><p>댓글 9개</p>"), text="<p>댓글 8개</p><p>강가.</p>"))
    post = read(page.replace("</body>", f"{elsewhere}</body>").encode()).post
    assert (post.counts, post.access) == ((), "full")


@pytest.mark.parametrize(
    "row",
    [
        "<p>추천해요 3 • 보충이 필요해요 3 • 조회 1,573</p>",
        "<p><span>추천해요 3</span> • <span>보충이 필요해요 3</span> • <span>조회 1,573</span></p>",
        "<p>조회 1,573 | 놀라워요 3</p>",
        "<div><span>추천해요 3</span><span>보충이 필요해요 3</span><span>조회 1,573</span></div>",
    ],
)
def test_a_row_of_counts_with_labels_that_nobody_knows_is_no_text(row: str) -> None:
    page = f"""<html><head><title>커리어리</title></head><body><h1>버드나무 아래</h1><p>2023년 5월 1일</p>
      <p>강가에 버드나무가 있다.</p><p>갈대도 있다.</p>{row}<p>댓글 1</p><p>모래</p><p>좋은 글입니다.</p></body></html>"""
    post = read_careerly(careerly_capture(page)).post
    assert post.text == "강가에 버드나무가 있다.\n\n갈대도 있다."
    assert post.count("views") == 1573


def test_a_sentence_with_numbers_is_text() -> None:
    page = """<html><head><title>커리어리</title></head><body><h1>버드나무 아래</h1><p>2023년 5월 1일</p>
      <p>강가에 버드나무 3 • 갈대 5가 있다.</p><p>우리 팀은 회의 3 • 결론 0</p><p>저장 3 • 조회 20</p><p>댓글 0</p></body></html>"""
    text = read_careerly(careerly_capture(page)).post.text
    assert text == "강가에 버드나무 3 • 갈대 5가 있다.\n\n우리 팀은 회의 3 • 결론 0"


def test_a_bound_beside_comments_of_careerly_leaves_access_open() -> None:
    page = """<html><head><title>커리어리</title></head><body><h1>버드나무 아래</h1><p>2023년 5월 1일</p>
      <p>강가에 버드나무가 있다.</p><p>저장 3 • 조회 20</p><p>댓글 99+</p></body></html>"""
    post = read_careerly(careerly_capture(page)).post
    assert next(count.raw for count in post.counts if count.name == "comments") == "99+"
    assert (post.count("comments"), post.access) == (None, "partial")


def test_a_bound_in_the_api_of_careerly_leaves_access_open() -> None:
    url = "https://v2.careerly.co.kr/api/v1/posts/73002/"
    answer = {"id": 73002, "content": "강가에 버드나무가 있다.", "commentCount": "99+"}
    page = careerly_capture("<html></html>", "https://careerly.co.kr/posts/73002")
    post = read_careerly(page, careerly_capture(answer, url)).post
    assert (post.count("comments"), post.access) == (None, "unknown")


@pytest.mark.parametrize(
    "raw",
    ["1½", "1e3", "-5", "1.234,5", "1.234.56", "1,2,3", "بیش از 300", "至少 300", "zirka 300", "ponad 300", "более 300", "大约300", "300↑", "10–20"],
)  # fmt: skip
def test_a_part_of_what_is_printed_is_not_taken_for_the_number(raw: str) -> None:
    count = find_count("comments", f"{raw} comments")
    assert count is not None
    assert count.value is None
    assert raw in count.raw


@pytest.mark.parametrize(
    ("raw", "value"), [("1.2 lakh", 120_000), ("3 crore", 30_000_000), ("1,2 тис.", 1200)]
)
def test_words_for_large_numbers_belong_to_the_number(raw: str, value: int) -> None:
    count = find_count("comments", f"{raw} comments")
    assert count is not None
    assert count.value == value
