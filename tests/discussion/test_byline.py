"""Who wrote a post that stands apart from its answers, when, and under which title: as the page shows it beside the post."""

from datetime import UTC, datetime
from typing import Final

import pytest

from scraper import read_page
from scraper.model.record import Record

URL: Final = "https://tickets.example/issues/12"
AT: Final = datetime(2026, 3, 1, tzinfo=UTC)
TEXT: Final = "출력하면 표의 마지막 줄이 다음 쪽으로 넘어가면서 머리글이 두 번 나옵니다. 어제 판에서는 그러지 않았습니다."


def _note(number: int, name: str, date: str, text: str) -> str:
    return (
        f'<div class="entry" id="entry-{number}"><h4><a class="person" href="/users/{number}">{name}</a>이(가) '
        f'<a title="{date}" href="/activity">석 달</a> 전에 남김</h4><div class="words"><p>{text}</p></div></div>'
    )


NOTES: Final = _note(
    1, "한 여름", "2025/12/02 10:11", "저도 같은 일을 겪었습니다. 여백을 줄이니 나아졌어요."
) + _note(2, "오 가을", "2025/12/03 08:40", "다음 판에서 고치겠습니다. 알려 주셔서 고맙습니다.")
BYLINE: Final = (
    '<p class="line"><a class="person" href="/users/9">정 겨울</a>이(가) '
    '<a title="2025/12/01 09:30" href="/activity">석 달</a> 전에 올림. '
    '<a title="2025/12/02 18:00" href="/activity">석 달</a> 전에 수정됨.</p>'
)


def _read(body: str, title: str = "개선 #12: 표의 머리글이 두 번 나옵니다 - 인쇄소 - 표지판") -> Record:
    page = f"<html lang=ko><head><title>{title}</title></head><body>{body}</body></html>"
    record = read_page(page.encode(), URL, captured_at=AT)
    assert isinstance(record, Record), record
    return record


@pytest.mark.parametrize("notes", ["", NOTES], ids=["unanswered", "answered"])
def test_a_post_is_signed_as_its_answers_are(notes: str) -> None:
    record = _read(
        "<div id=top><form><input name=q></form><h1>인쇄소</h1></div><h2>개선 #12</h2>"
        f"<div class=ticket><div><h3>표의 머리글이 두 번 나옵니다</h3></div>{BYLINE}<div class=text><p>{TEXT}</p></div></div>"
        f"<div id=log>{notes}</div>"
    )
    post = record.post
    assert post.title == "표의 머리글이 두 번 나옵니다"
    assert post.author is not None
    assert post.author.name == "정 겨울"
    assert post.published is not None
    assert post.published.raw == "2025/12/01 09:30"
    assert post.text == TEXT
    assert [each.author and each.author.name for each in record.comments] == (
        ["한 여름", "오 가을"] if notes else []
    )


def test_a_title_that_is_repeated_over_the_text_is_no_part_of_it() -> None:
    record = _read(
        f"<h1>표의 머리글이 두 번 나옵니다</h1>{BYLINE}<div class=text><h3>표의 머리글이 두 번 나옵니다 <a href='#t'>¶</a></h3>"
        f"<p>{TEXT}</p></div>"
    )
    assert record.post.text == TEXT


def test_a_kicker_over_the_title_is_no_title() -> None:
    record = _read(
        f"<h3>인쇄소</h3><h1>표의 머리글이 두 번 나옵니다</h1>{BYLINE}<div class=text><p>{TEXT}</p></div>",
        "표의 머리글이 두 번 나옵니다 - 인쇄소",
    )
    assert record.post.title == "표의 머리글이 두 번 나옵니다"


@pytest.mark.parametrize("label", ["From:", "작성자", "Reporter", "Von"])
def test_a_name_in_a_field_of_its_own(label: str) -> None:
    record = _read(
        f"<h1>표의 머리글이 두 번 나옵니다</h1><table><tr><th>{label}</th><td>정 겨울</td></tr>"
        f"<tr><th>Date</th><td>2025-12-01 09:30</td></tr></table><div class=text><p>{TEXT}</p></div>"
    )
    assert record.post.author is not None
    assert record.post.author.name == "정 겨울"


def test_few_answers_of_a_long_post_are_its_thread() -> None:
    notes = NOTES.replace('class="entry"', 'class="journal"')
    record = _read(
        f"<div id=top><h1>인쇄소</h1></div><h2>표의 머리글이 두 번 나옵니다</h2>{BYLINE}"
        f"<div class=text>{f'<p>{TEXT}</p>' * 4}</div><div id=log>{notes}</div>"
    )
    assert [each.author and each.author.name for each in record.comments] == ["한 여름", "오 가을"]


WORDS: Final = (
    "저는 여백을 한 칸 줄여서 넘겼습니다.", "글꼴 크기를 바꾸니 두 번째 머리글이 사라졌어요.", "지난달 판으로 돌아가면 멀쩡합니다.",
    "같은 파일을 다른 기계에서 뽑아 보았는데 그대로였습니다.", "표 안에 그림이 있을 때만 그런 것 같네요.", "고친 판을 시험해 보겠습니다.",
)  # fmt: skip


def test_dates_that_are_links_are_no_rows_of_a_list() -> None:
    notes = "".join(
        _note(number, f"사람 {number}", f"2025/12/{number:02} 10:11", words).replace(
            'href="/activity"', f'href="/activity?from=2025-12-{number:02}"'
        )
        for number, words in enumerate(WORDS, 2)
    )
    record = _read(
        f"<div id=top><h1>인쇄소</h1></div><h2>개선 #12</h2><h3>표의 머리글이 두 번 나옵니다</h3>{BYLINE}"
        f"<div class=text><p>{TEXT}</p></div><div id=log>{notes}</div>"
    )
    assert [each.text for each in record.comments] == list(WORDS)
