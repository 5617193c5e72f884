"""What stands around a post and its comments on pages of any build: labels, menus, furniture. None of it is text."""

import pytest

from scraper.model.record import Person, Record
from tests.sites.captures import capture, read

TITLE = "회의를 줄이고 얻은 것"
TEXT = ("올해 우리 팀은 회의를 절반으로 줄였습니다.", "처음 한 달은 불안했어요. 하지만 곧 익숙해졌습니다.")
HEADER = '<p><a href="/profiles/501">박서윤</a></p>'
FACTS = "<p>2022년 10월 16일 오전 5:44</p><p>저장 7 • 조회 1,234</p>"
FIRST = '<li><a href="/profiles/601">김하늘</a><p>저도 줄여 보고 싶네요.</p></li>'
SECOND = '<li><a href="/profiles/602">이도윤</a><p>고맙습니다!</p></li>'
SAID = ["저도 줄여 보고 싶네요.", "고맙습니다!"]


def _page(
    above: str = "",
    header: str = HEADER,
    below: str = "",
    facts: str = FACTS,
    comments: str = f"<ul>{FIRST}{SECOND}</ul>",
) -> Record:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT)
    post = f"{above}<h1>{TITLE}</h1>{header}<div>{text}</div>{below}{facts}"
    return read(capture(f"<body><main>{post}<h2>댓글 2</h2>{comments}</main></body>"))


def _assert_whole(record: Record) -> None:
    assert (record.post.title, record.post.text) == (TITLE, "\n\n".join(TEXT))
    assert [comment.text for comment in record.comments] == SAID


@pytest.mark.parametrize(
    "above",
    [
        "<ul><li>둘러보기</li><li>사람들</li><li>모임</li><li>이야기</li><li>소식</li></ul>",
        "<span>조직 문화</span>",
        "<div>불러오는 중...</div>",
        f'<p><a href="/">홈</a> &gt; <a href="/c">일하는 법</a> &gt; <span>{TITLE}</span></p>',
        "<div>박</div>",
    ],
)
def test_nothing_above_the_title_is_text(above: str) -> None:
    _assert_whole(_page(above))


@pytest.mark.parametrize(
    "below",
    [
        "<div><p>이 글이 도움이 되었나요?</p><button>네</button><button>아니요</button></div>",
        '<div><span>공유하기</span><a href="https://a.example">페이스북</a><a href="https://b.example">트위터</a></div>',
        '<div><a href="/tags/1">#회의</a> <a href="/tags/2">#문서</a></div>',
    ],
)
def test_furniture_below_the_text_is_no_text(below: str) -> None:
    _assert_whole(_page(below=below))


def test_tags_below_the_text_are_tags_and_tags_within_it_are_text() -> None:
    assert _page(below="<div><span>#회의 #문서</span></div>").post.tags == ("회의", "문서")
    record = read(capture(f"<h1>{TITLE}</h1><div><p>{TEXT[0]}</p><p>#회의</p></div>{FACTS}<h2>댓글 0</h2>"))
    assert (record.post.text, record.post.tags) == (f"{TEXT[0]}\n\n#회의", None)


@pytest.mark.parametrize(
    "header",
    [
        '<p>작성자: <a href="/profiles/501">박서윤</a></p>',
        '<p>by <a href="/profiles/501">박서윤</a></p>',
        '<p><span>글</span> <a href="/profiles/501">박서윤</a></p>',
        '<p><a href="/profiles/501"><span>박</span><span>박서윤</span></a></p>',
    ],
)
def test_a_label_or_an_initial_before_a_name_is_no_part_of_it(header: str) -> None:
    record = _page(header=header)
    _assert_whole(record)
    assert record.post.author == Person("501", "박서윤")


@pytest.mark.parametrize(
    "header",
    [
        '<p><a href="/profiles/501">박서윤</a> | 2022년 10월 16일 오전 5:44 | 조회 1,234 | 저장 7</p>',
        "<p>by 박서윤 · 2022년 10월 16일 오전 5:44</p><p>조회수: 1,234 · 저장수 7</p>",
        "<p>2022년 10월 16일 오전 5:44 · 읽는 시간 3분 · 조회 1,234</p><p>스크랩 7</p>",
        "<p>2022년 10월 16일 오전 5:44조회수 1,234</p><p>🔖 7</p>",
    ],
)
def test_a_row_of_facts_gives_them_all(header: str) -> None:
    record = _page(header=header, facts="")
    _assert_whole(record)
    assert record.post.published
    assert record.post.published.raw == "2022년 10월 16일 오전 5:44"
    assert (record.post.count("views"), record.post.count("saves")) == (1234, 7)


@pytest.mark.parametrize(
    "button",
    [
        '<button aria-label="좋아요">3</button>',
        '<button aria-label="좋아요 3개"><span>3</span></button>',
        "<button><svg><title>좋아요</title></svg><span>3</span></button>",
        '<button><img src="/h.png" alt="좋아요">3</button>',
        "<button>👍 3</button>",
    ],
)
def test_a_count_may_be_named_for_those_alone_who_do_not_see_its_icon(button: str) -> None:
    first = f'<li><a href="/profiles/601">김하늘</a><p>{SAID[0]}</p>{button}</li>'
    record = _page(comments=f"<ul>{first}{SECOND}</ul>")
    _assert_whole(record)
    assert record.comments[0].likes
    assert record.comments[0].likes.value == 3


@pytest.mark.parametrize(
    "below",
    [
        '<div><p>이전 글 <a href="/comments/7">문서를 쓰는 법</a></p></div>',
        '<div><a href="/list">목록</a></div>',
        "<div>로딩 중</div>",
        "<section><h3>매주 소식을 받아 보세요</h3><p>받은 편지함으로 보내 드립니다.</p></section>",
        '<section><h3>채용 중</h3><ul><li><a href="/jobs/1">백엔드 개발자</a><span>가온랩</span></li></ul></section>',
    ],
)
def test_nothing_below_the_thread_is_a_comment(below: str) -> None:
    _assert_whole(_page(comments=f"<ul>{FIRST}{SECOND}</ul>{below}"))


def test_the_composer_and_the_portraits_around_comments_say_nothing() -> None:
    composer = "<div><span>나</span><div></div><button>댓글 등록</button></div>"
    portrait = '<div><span aria-hidden="true">김</span><div>'
    rows = (FIRST, SECOND.replace("이도윤", "김도윤"))
    _assert_whole(_page(comments=composer + "".join(f"{portrait}{row}</div></div>" for row in rows)))


def test_a_pinned_comment_and_a_name_below_the_words_are_read_alike() -> None:
    pinned = "<li><div>고정된 댓글</div>" + FIRST.removeprefix("<li>")
    _assert_whole(_page(comments=f"<ul>{pinned}{SECOND}</ul>"))
    signed = "".join(
        f'<li><p>{said}</p><p>— <a href="/profiles/{number}">{name}</a></p></li>'
        for said, number, name in zip(SAID, (601, 602), ("김하늘", "이도윤"), strict=True)
    )
    record = _page(comments=f"<ul>{signed}</ul>")
    _assert_whole(record)
    assert [comment.author for comment in record.comments] == [
        Person("601", "김하늘"),
        Person("602", "이도윤"),
    ]


def test_a_wrapper_around_the_second_of_two_replies_leaves_them_siblings() -> None:
    def row(number: int, said: str) -> str:
        return f'<p><a href="/profiles/{number}">회원{number}</a></p><div>{said}</div><p>2일 전</p>'

    replies = f"<div><article>{row(2, '하나')}</article><div><article>{row(3, '둘')}</article></div></div>"
    comments = f"<article>{row(1, '처음')}{replies}</article><article>{row(4, '끝')}</article>"
    assert [comment.parent for comment in _page(comments=comments).comments] == [None, 0, 0, None]


BODY = "\n\n".join(TEXT)
COUNTED = "2022년 10월 16일 오전 5:44\n\n저장 7 • 조회 1,234\n\n댓글 2\n\n"
LISTED = "".join(f"* {said}\n" for said in SAID)


@pytest.mark.parametrize(
    "text",
    [
        (
            f"[로그인](/login) [회원가입](/signup)\n\n# {TITLE}\n\n[박서윤](https://careerly.co.kr/profiles/501)\n\n{BODY}\n\n"
            f"2022년 10월 16일 오전 5:44\n\n[저장 **7** • 조회 **1,234**](/comments/4242)\n\n### 댓글 2\n\n{LISTED}"
        ),
        (
            f"[1]커리어리\n\n[2]로그인 [3]회원가입\n\n{TITLE}\n\n{BODY}\n\n{COUNTED}{LISTED}\nReferences\n\n"
            "   1. https://careerly.co.kr/\n   2. https://careerly.co.kr/login\n   3. https://careerly.co.kr/signup\n"
        ),
        f"커리어리 트렌드 Q&A 채용 로그인\n\n{TITLE}\n\n{BODY}\n\n{COUNTED}{LISTED}",
        f"제목: {TITLE}\n주소: https://careerly.co.kr/comments/4242\n\n{BODY}\n\n{COUNTED}{LISTED}",
        f"{TITLE}\n\n{BODY}\n\n{COUNTED}" + LISTED.replace("* ", "\xa0•\xa0"),
        f"{TITLE}\n\n{BODY}\n\n{COUNTED}"
        + "".join(f"회원{said[:1]}\n디자이너\n\n{said}\n\n2022년 10월 17일\n답글 쓰기\n\n" for said in SAID),
    ],
    ids=["markdown", "numbered-links", "menu-line", "reader", "no-break-spaces", "inner-text"],
)
def test_flattened_by_other_tools_a_page_says_the_same(text: str) -> None:
    record = read(capture(text, media_type="text/plain"))
    _assert_whole(record)
    assert (record.post.count("views"), record.post.count("saves")) == (1234, 7)
