"""What a page shows of a comment beside its words, in Korean and in English."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import read_page
from scraper.discussion.thread.labels import LANGUAGES, LIKES, PLACEHOLDER
from scraper.discussion.thread.particulars import peeled
from scraper.model.record import Comment, Record
from tests.examples import examples

TEXTS = (
    "오늘 아침에 눈이 많이 와서 길이 미끄러웠습니다",
    "The repair took me three evenings and one borrowed wrench",
    "어제 빌린 책을 오늘 다 읽고 돌려주러 갑니다",
    "저희 동네도 마찬가지라서 천천히 걸었어요",
)
NAMES = ("김하나", "Ann Miller", "이세찬", "박두리")
URL = "https://village.example/talk/12"


def record(at: int, *, head: str = "", foot: str = "", words: str | None = None, named: str = "") -> str:
    """One comment: ``head`` stands behind its author, ``foot`` behind its words, ``named`` are classes of it."""
    return (
        f'<div class="comment {named}" id="c-{at + 70}"><a class="author" href="/user/{at}">{NAMES[at]}</a>{head}'
        f'<time datetime="2024-05-0{at + 1}T10:00:00Z">day</time>'
        f'<div class="body"><p>{TEXTS[at] if words is None else words}</p></div>{foot}</div>'
    )


def comments(html: str) -> tuple[Comment, ...]:
    page = (
        "<title>눈 오는 날</title><h1>눈 오는 날</h1><div class='words'><p>마을 길에 눈이 쌓였습니다. 다들 조심히 다니세요.</p></div>"
        f"{html}"
    )
    read = read_page(page, URL)
    assert isinstance(read, Record)
    return read.comments


def four(**of_second: str) -> tuple[Comment, ...]:
    """Four comments, the second of which has something that the others lack; none of it is in a text."""
    read = comments("".join(record(at, **(of_second if at == 1 else {})) for at in range(4)))
    assert [each.text for each in read] == list(TEXTS)
    return read


def test_a_comment_says_how_the_page_shows_what_it_answers() -> None:
    read = comments(
        f'{record(0)}<div class="children">{record(1)}<div class="children">{record(2)}</div></div>{record(3)}'
    )
    assert [each.text for each in read] == list(TEXTS)
    assert [(each.parent, each.parent_basis) for each in read] == [
        (None, None),
        (0, "nesting"),
        (1, "nesting"),
        (None, None),
    ]


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ('<a href="#c-{id}">#{n}</a>', "#c-{id}"),
        ('<a class="permalink" href="/talk/12?page=2#c-{id}">¶</a>', "?page=2#c-{id}"),
        ('<a href="/talk/12?p={id}&sid=0123456789abcdef">링크</a>', "?p={id}"),
        ('<a href="/report?p={id}">Report</a><a href="#c-{id}">바로 가기</a>', "#c-{id}"),
        ('<a href="/talk/12/answers/{id}">Permalink</a>', "/answers/{id}"),
        ('<a rel="bookmark" href="/talk/12/at/{n}00{n}">then</a>', "/at/{n}00{n}"),
    ],
)
def test_the_permalink_is_what_leads_to_the_record(link: str, url: str) -> None:
    read = comments("".join(record(at, head=link.format(id=at + 70, n=at + 1)) for at in range(4)))
    assert [each.url for each in read] == [URL + url.format(id=at + 70, n=at + 1) for at in range(4)]


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/talk/12/reply?to={id}">Reply</a>',
        '<a href="/vote?c={id}">#{n}</a>',
        '<a href="/archive/2024-05-0{n}">#{n}</a>',
        '<a href="/user/{n}">{n}</a>',
        '<a href="/talk/12#top">#{n}</a>',
        '<a href="/about">link</a>',
    ],
)
def test_what_leads_elsewhere_is_no_permalink(link: str) -> None:
    read = comments("".join(record(at, head=link.format(id=at + 70, n=at + 1)) for at in range(4)))
    assert [each.url for each in read] == [None] * 4


@pytest.mark.parametrize(
    ("mark", "raw", "at"),
    [
        ("<p>Last edited by Ann on May 4, 2024, 9:30 p.m.</p>", "May 4, 2024, 9:30 p.m.", datetime(2024, 5, 4, 21, 30, tzinfo=UTC)),
        ('<span class="last-edited">then <time datetime="2024-05-04T21:30:00Z">May</time></span>', "2024-05-04T21:30:00Z", datetime(2024, 5, 4, 21, 30, tzinfo=UTC)),
        ("<span>2024년 5월 4일에 수정됨</span>", "2024년 5월 4일", datetime(2024, 5, 4, tzinfo=UTC)),
        ("<small>(edited)</small>", "edited", None),
        ("<small>수정됨</small>", "수정됨", None),
        ("<small>Edited by Ann</small>", "Edited", None),
    ],
)  # fmt: skip
def test_an_edit_is_told_with_its_date_or_with_its_mark_alone(
    mark: str, raw: str, at: datetime | None
) -> None:
    read = four(foot=mark)
    assert [each.edited and each.edited.raw for each in read] == [None, raw, None, None]
    edited = read[1].edited
    assert edited is not None
    assert (edited.at and edited.at.date()) == (at and at.date())


def test_the_mark_of_an_edit_at_the_end_of_a_text_is_none_of_its_words() -> None:
    read = comments(
        "".join(record(at, words=TEXTS[at] + ("</p><p>(수정됨)" if at == 1 else "")) for at in range(4))
    )
    assert [each.text for each in read] == list(TEXTS)
    assert [each.edited is not None for each in read] == [False, True, False, False]


@pytest.mark.parametrize(
    ("foot", "likes", "score"),
    [
        ("<span>12 likes</span>", 12, None),
        ("<span>좋아요 3</span>", 3, None),
        ("<span>추천</span> <b>1.2만</b>", 12000, None),
        ('<span class="like-count">7</span>', 7, None),
        ('<a href="#" aria-label="Likes">7</a>', 7, None),
        ('<span data-likes="0"></span>', 0, None),
        ("<button>👍 5</button>", 5, None),
        ('<button class="btn like">1,204</button>', 1204, None),
        ('<button aria-label="8 likes"><svg></svg></button>', 8, None),
        ("<button>Like</button><button>Reply 3</button>", None, None),
        ("<span>-3 points</span>", None, -3),
        ('<div class="vote"><span class="vote-count">41</span></div>', None, 41),
        ("<span>♥ 99+</span>", None, None),
        ('<span class="dislike-count">7</span>', None, None),
        ('<div class="user-stats"><span>Points: 812</span> <span>좋아요 31</span></div>', None, None),
        ("<span>7</span>", None, None),
        ("<span>Like</span>", None, None),
    ],
)  # fmt: skip
def test_votes_are_what_a_label_or_a_name_says_and_else_unknown(
    foot: str, likes: int | None, score: int | None
) -> None:
    second = four(foot=foot)[1]
    assert (second.likes and second.likes.value, second.score and second.score.value) == (likes, score)
    others = [*four(foot=foot)[:1], *four(foot=foot)[2:]]
    assert all(each.likes is None and each.score is None for each in others)


@pytest.mark.parametrize(
    "of_second",
    [
        {"named": "accepted-answer"},
        {"head": "<span>채택된 답변</span>"},
        {"head": '<span title="">Best answer</span>'},
        {"foot": "<b>✓ Accepted</b>"},
    ],
)
def test_an_accepted_answer_is_told(of_second: dict[str, str]) -> None:
    assert [each.is_accepted for each in four(**of_second)] == [None, True, None, None]


def test_what_stands_with_every_answer_accepts_none_and_names_nobody() -> None:
    head = "<span>작성자</span><span>Accepted</span>"
    read = comments("".join(record(at, head=head) for at in range(4)))
    assert [(each.is_accepted, each.is_post_author) for each in read] == [(None, None)] * 4


@pytest.mark.parametrize(
    "of_second",
    [
        {"head": "<b>OP</b>"},
        {"head": "<i>글쓴이</i>"},
        {"named": "bypostauthor"},
        {"head": "<i>(Author)</i>"},
    ],
)
def test_a_label_says_that_the_author_of_the_post_wrote_a_comment(of_second: dict[str, str]) -> None:
    assert [each.is_post_author for each in four(**of_second)] == [None, True, None, None]


@pytest.mark.parametrize(
    "notice",
    [
        "삭제된 댓글입니다.",
        "작성자에 의해 삭제된 댓글입니다",
        "이 게시물은 삭제되었습니다!",
        "[deleted]",
        "(post deleted by author)",
        "This comment has been removed by a moderator.",
        "Comment deleted",
        "このコメントは削除されました。",
        "该评论已被作者删除",
        "Dieser Beitrag wurde vom Autor gelöscht.",
        "Ce commentaire a été supprimé par son auteur.",
        "Este comentario ha sido eliminado por un moderador",
        "Este comentário foi removido pelo autor",
        "Questo commento è stato eliminato",
        "Deze reactie is verwijderd",
        "Ten komentarz został usunięty przez moderatora",
        "Комментарий удалён автором",
        "Den här kommentaren har tagits bort",
    ],
)
def test_a_notice_in_the_place_of_a_comment_is_a_placeholder(notice: str) -> None:
    read = comments("".join(record(at, words=notice if at == 1 else None) for at in range(4)))
    assert [each.status for each in read] == ["present", "placeholder", "present", "present"]
    assert [each.text for each in read] == [TEXTS[0], None, *TEXTS[2:]]
    assert [(each.rule, each.text) for each in read[1].removed] == [("deleted-comment", notice)]


@pytest.mark.parametrize(
    "words",
    [
        "This comment was deleted yesterday, and I wonder why anybody would do that",
        "어제 삭제된 댓글입니다만 다시 올려 봅니다",
        "I deleted it",
    ],
)
def test_who_speaks_of_deleting_is_heard(words: str) -> None:
    assert not PLACEHOLDER.fullmatch(words)


def test_notices_are_known_in_ten_languages() -> None:
    assert len(LANGUAGES) >= 10


def test_answers_are_told_from_the_comments_below_them() -> None:
    page = "".join(
        record(at, named="reply").replace('"comment ', '"answer ')
        + (f'<ul class="comments"><li>{record(at + 1)}</li></ul>' if at == 1 else "")
        for at in (0, 1, 3)
    )
    assert {each.kind for each in comments(page)} == {"comment"}
    read = comments(f"<div class='question'></div>{page}")
    kinds = {each.text: each.kind for each in read}
    assert kinds[TEXTS[0]] == kinds[TEXTS[3]] == "answer"
    assert kinds.get(TEXTS[2], "comment") == "comment"


def test_every_comment_says_where_its_fields_were_read() -> None:
    read = four(foot="<span>12 likes</span>", head='<a href="#c-71">#2</a>')
    sources = [
        {each.field: (each.source, each.confidence) for each in comment.field_sources} for comment in read
    ]
    assert all(each["*"] == ("html", "inferred") for each in sources)
    assert sources[1].keys() == {"*", "url", "likes"}
    assert sources[1]["likes"] == ("html", "stated")


@examples(60)
@given(
    st.integers(min_value=0, max_value=10**9),
    st.sampled_from(
        ["{} likes", "좋아요 {}", "Likes: {}", "👍 {}", "추천 {}개", "いいね！{}", "赞 ({})", "{} J’aime"]
    ),
)
def test_any_number_with_a_label_is_read_as_it_stands(number: int, form: str) -> None:
    match = LIKES.fullmatch(form.format(number))
    assert match is not None
    assert (match["behind"] or match["before"]) == str(number)


@examples(100)
@given(st.text(), st.lists(st.sampled_from(["(edited)", "수정됨", "12 likes", "좋아요 3"])))
def test_peeling_takes_only_lines_at_the_ends(words: str, marks: list[str]) -> None:
    text, _ = peeled("\n".join([words, *marks]))
    assert text in "\n".join([words, *marks])
    assert peeled(text)[0] == text
