"""What a page shows of a comment beside its words."""

from scraper import read_page
from scraper.model.record import Comment, Record

TEXTS = (
    "오늘 아침에 눈이 많이 와서 길이 미끄러웠습니다",
    "The repair took me three evenings and one borrowed wrench",
    "어제 빌린 책을 오늘 다 읽고 돌려주러 갑니다",
    "저희 동네도 마찬가지라서 천천히 걸었어요",
)
NAMES = ("김하나", "Ann Miller", "이세찬", "박두리")
URL = "https://village.example/talk/12"


def record(at: int) -> str:
    return (
        f'<div class="comment" id="c-{at + 70}"><a class="author" href="/user/{at}">{NAMES[at]}</a>'
        f'<time datetime="2024-05-0{at + 1}T10:00:00Z">day</time><div class="body"><p>{TEXTS[at]}</p></div></div>'
    )


def comments(html: str) -> tuple[Comment, ...]:
    page = (
        "<title>눈 오는 날</title><h1>눈 오는 날</h1><div class='words'><p>마을 길에 눈이 쌓였습니다. 다들 조심히 다니세요.</p></div>"
        f"{html}"
    )
    read = read_page(page, URL)
    assert isinstance(read, Record)
    assert [each.text for each in read.comments] == list(TEXTS)
    return read.comments


def test_a_comment_says_how_the_page_shows_what_it_answers() -> None:
    read = comments(
        f'{record(0)}<div class="children">{record(1)}<div class="children">{record(2)}</div></div>{record(3)}'
    )
    assert [(each.parent, each.parent_basis) for each in read] == [
        (None, None),
        (0, "nesting"),
        (1, "nesting"),
        (None, None),
    ]
