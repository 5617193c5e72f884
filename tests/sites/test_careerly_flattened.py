from datetime import UTC, datetime
from pathlib import Path

from scraper.model.record import Count, Person, Record, Rejection
from tests.sites.captures import capture, read, visit
from tests.sites.visited import make_careerly as make_site

PAGE = """⟪회의를 줄이고 얻은 것⟫

올해 우리 팀은 회의를 절반으로 줄였습니다.

처음 한 달은 불안했어요. 하지만 곧 익숙해졌습니다.

다음 내용이 궁금하다면?

또는

이미 회원이신가요?

2023년 5월 4일 오후 12:07

 •

저장 12조회 1.2만

댓글 3

  • 저도 줄여 보고 싶네요.

  • 좋아요

  • 첫 문단입니다.

둘째 문단까지 한 댓글이에요."""

PROMPT = "다음 내용이 궁금하다면?\n\n또는\n\n이미 회원이신가요?\n\n"


def _flat(text: str) -> Record:
    return read(capture(text, status=None, media_type="text/plain", captured_at=None))


def test_the_real_flattened_page_reads_exactly(shared: Path) -> None:
    raw = (shared / "testbed/careerly/flattened-post.txt").read_text(encoding="utf-8")
    parts = raw.split("\n\n")
    record = _flat(raw)
    post = record.post
    assert record.layout == "careerly.flattened/1"
    assert (post.title, post.text) == (parts[0], parts[1])
    assert [removed.text for removed in post.removed] == ["\n\n".join(parts[2:5])]
    assert post.counts == (
        Count("saves", 148, "148"),
        Count("views", 14757, "14,757"),
        Count("comments", 14, "14"),
    )
    assert post.published is not None
    assert post.published.raw == "2022년 10월 16일 오전 5:44"
    assert post.published.at == datetime(2022, 10, 15, 20, 44, tzinfo=UTC)
    assert (post.published.zone, post.published.zone_basis) == ("Asia/Seoul", "assumed")
    assert post.access == "unknown"
    assert {item.kind for item in post.access_evidence} == {"prompt", "comments", "text-whole"}
    assert [comment.text for comment in record.comments] == [
        part.strip().removeprefix("• ") for part in parts[9:]
    ]
    assert len(record.comments) == 14
    assert all(comment.depth is None and comment.parent is None for comment in record.comments)


def test_a_flattened_page_reads_exactly() -> None:
    record = _flat(PAGE)
    assert record.post.title == "⟪회의를 줄이고 얻은 것⟫"
    assert record.post.text == (
        "올해 우리 팀은 회의를 절반으로 줄였습니다.\n\n처음 한 달은 불안했어요. 하지만 곧 익숙해졌습니다."
    )
    assert [comment.text for comment in record.comments] == [
        "저도 줄여 보고 싶네요.",
        "좋아요",
        "첫 문단입니다.\n\n둘째 문단까지 한 댓글이에요.",
    ]
    assert (record.post.count("saves"), record.post.count("views")) == (12, 12000)


def test_the_prompt_may_stand_anywhere() -> None:
    whole, without = _flat(PAGE), PAGE.replace(PROMPT, "")
    lines = without.split("\n\n")
    for place in (1, 2, 3, len(lines)):
        moved = "\n\n".join([*lines[:place], PROMPT.strip(), *lines[place:]])
        record = _flat(moved)
        assert (record.post.title, record.post.text) == (whole.post.title, whole.post.text)
        assert [item.text for item in record.comments] == [item.text for item in whole.comments]
        assert len(record.post.removed) == 1


def test_without_the_prompt_access_is_full() -> None:
    record = _flat(PAGE.replace(PROMPT, ""))
    assert (record.post.access, record.post.removed) == ("full", ())


def test_fewer_comments_than_declared_is_partial() -> None:
    record = _flat(PAGE.replace("댓글 3", "댓글 9"))
    assert record.post.access == "partial"
    assert (record.post.count("comments"), len(record.comments)) == (9, 3)


def test_a_text_that_the_prompt_cuts_is_partial() -> None:
    for cut in ("하지만 곧 익숙해졌", "하지만 그 결과는...", "하지만 우리 팀은 결국"):
        record = _flat(PAGE.replace("하지만 곧 익숙해졌습니다.", cut))
        assert record.post.access == "partial"
        assert "text-cut" in {item.kind for item in record.post.access_evidence}


def test_a_post_that_quotes_the_prompt_keeps_it() -> None:
    quote = "“다음 내용이 궁금하다면?”, “또는”, “이미 회원이신가요?” 같은 문구를 모았습니다.\n\n다음 내용이 궁금하다면?\n\n올해"
    record = _flat(PAGE.replace("올해", quote))
    assert record.post.text is not None
    assert record.post.text.startswith(quote)
    assert [removed.text for removed in record.post.removed] == [PROMPT.strip()]


def test_related_posts_and_footers_are_no_comments() -> None:
    tail = "\n\n함께 읽으면 좋은 글\n\n면접에서 배운 것\n\n저장 3조회 120\n\n댓글 2\n\n이용약관\n\n© 커리어리"
    assert _flat(PAGE + tail).comments == _flat(PAGE).comments
    assert _flat(PAGE + tail).post.counts == _flat(PAGE).post.counts


def test_without_bullets_blank_lines_part_the_comments() -> None:
    bare = PAGE.replace("  • ", "").replace("\n\n둘째 문단까지", "\n둘째 문단까지")
    assert [comment.text for comment in _flat(bare).comments] == [
        "저도 줄여 보고 싶네요.",
        "좋아요",
        "첫 문단입니다.\n둘째 문단까지 한 댓글이에요.",
    ]


def test_headings_as_markdown_has_them_are_headings() -> None:
    marked = PAGE.replace("⟪회의를", "# ⟪회의를").replace("댓글 3", "### 댓글 3")
    record = _flat(marked)
    assert record.post.title == "⟪회의를 줄이고 얻은 것⟫"
    assert record.post.count("comments") == len(record.comments) == 3


def test_author_and_headline_above_a_follow_button_are_no_text() -> None:
    named = PAGE.replace("올해 우리", "고은별\n\nHR 매니저 at 푸른숲\n\n팔로우\n\n올해 우리")
    record = _flat(named)
    assert (record.post.title, record.post.text) == (_flat(PAGE).post.title, _flat(PAGE).post.text)
    assert record.post.author == Person(None, "고은별")


def test_a_bullet_is_a_comment_whatever_it_says() -> None:
    for said in ("👍", "댓글 3", "공유", "더 보기"):
        record = _flat(PAGE.replace("• 좋아요", f"• {said}"))
        assert [comment.text for comment in record.comments][1] == said


def test_prompt_words_in_a_list_are_a_quotation() -> None:
    quote = "- 다음 내용이 궁금하다면?\n- 또는\n- 이미 회원이신가요?\n\n올해"
    record = _flat(PAGE.replace("올해", quote))
    assert record.post.text is not None
    assert record.post.text.startswith(quote)
    assert [removed.text for removed in record.post.removed] == [PROMPT.strip()]


def test_a_text_that_is_no_careerly_page_is_rejected_with_a_sentence() -> None:
    for text in ("장보기 목록\n\n우유\n\n두부", "", "그냥 한 줄"):
        found = make_site().read(visit(capture(text, status=None, media_type="text/plain")))
        assert isinstance(found, Rejection)
        assert found.reason.endswith(".")
