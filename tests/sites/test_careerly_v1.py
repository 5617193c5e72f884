import json
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model.record import Comment, Person, Record, Rejection
from tests.examples import examples
from tests.sites.captures import POST_URL, capture, read, visit
from tests.sites.layouts import Look, Said, Written, mutate, next_data, page, render
from tests.sites.visited import make_careerly as make_site

PARAGRAPHS = (
    "이번 분기에 팀에서 지표를 다시 정의했습니다.",
    "처음에는 모두가 반대했지만 결국 합의했어요.",
    "숫자는 거짓말을 하지 않지만, 숫자를 읽는 사람은 자주 틀립니다. 그래서 우리는 매주 같은 화면을 보기로 했습니다.",
    "읽어 주셔서 감사합니다!",
)
REMARKS = (
    "좋은 글 감사합니다.",
    "저도 같은 고민을 하고 있었어요",
    "Well said",
    "질문이 있습니다. 지표는 누가 정하나요?",
    "한 가지 덧붙이면 팀마다 다를 수 있습니다. 저희 회사는 반대로 정했고 결과가 꽤 좋았습니다.",
)
SHORTEST = REMARKS[2]
POST = Written(
    "⟪지표를 다시 정의하며⟫",
    PARAGRAPHS,
    "2022년 10월 16일 오전 5:44",
    "148",
    "1.2만",
    (
        Said(
            (REMARKS[0],),
            "김하늘",
            601,
            "디자이너",
            "2022년 10월 17일",
            3,
            (Said((REMARKS[1],), "박서윤", 501, None, "3일 전"),),
        ),
        Said(REMARKS[2:4], "이도윤", 602, None, "2022년 10월 18일"),
    ),
)

names = st.sampled_from(["김하늘", "이도윤", "최지우", "정민", "한별"])
headlines = st.sampled_from(["프론트엔드 개발자 @누리", "마케터", "CTO, 구름공작소", "서비스 기획자(PO)"])
dates = st.sampled_from(["3일 전", "2022년 10월 17일", "5시간 전"])


def _said(replies: st.SearchStrategy[tuple[Said, ...]]) -> st.SearchStrategy[Said]:
    # A short first paragraph that ends in no full stop reads like a headline once nothing holds it to the next.
    words = st.lists(st.sampled_from(REMARKS), min_size=1, max_size=2, unique=True).map(
        lambda said: tuple(sorted(said, key=SHORTEST.__eq__))
    )
    return st.builds(
        Said, words, names, st.integers(600, 699), headlines, dates, st.sampled_from([None, 2, 15]), replies
    )


written = st.builds(
    Written,
    title=st.sampled_from([None, "⟪지표를 다시 정의하며⟫", "지표를 다시 정의하며"]),
    paragraphs=st.integers(2, 4).map(lambda count: PARAGRAPHS[:count]),
    date=st.sampled_from(["2022년 10월 16일 오전 5:44", "2023년 05월 05일", "3일 전"]),
    saves=st.sampled_from(["0", "148", "1.2천"]),
    views=st.sampled_from(["14,757", "1.2만", "272"]),
    comments=st.lists(_said(st.lists(_said(st.just(())), max_size=2).map(tuple)), max_size=4).map(tuple),
)
looks = st.builds(
    Look,
    title_tag=st.sampled_from(["h1", "h2", "p", "div"]),
    head_title=st.booleans(),
    author=st.sampled_from(["none", "above", "below-title", "below-text"]),
    date_above=st.booleans(),
    stats_above=st.booleans(),
    stats=st.sampled_from(["link", "plain", "split"]),
    body=st.sampled_from(["paragraphs", "pre-wrap", "breaks"]),
    prompt=st.sampled_from(["none", "before", "inside", "after", "after-comments"]),
    prompt_buttons=st.booleans(),
    actions=st.booleans(),
    button_tag=st.sampled_from(["button", "div"]),
    item_tag=st.sampled_from(["li", "div", "article"]),
    list_tag=st.just("ul"),
    comment_author=st.booleans(),
    comment_headline=st.booleans(),
    comment_date=st.sampled_from(["none", "above", "below"]),
    comment_actions=st.just(True),
    composer=st.booleans(),
    related=st.sampled_from(["none", "after", "before-comments", "aside-first", "unlinked"]),
    banner=st.booleans(),
    cookies=st.booleans(),
    portraits=st.booleans(),
    header_tags=st.booleans(),
    headline_place=st.sampled_from(["in-head", "below-head"]),
    menu=st.booleans(),
    footer=st.booleans(),
    landmarks=st.booleans(),
    indented=st.booleans(),
)


def _render(post: Written, look: Look, seed: int | None = None, **chances: float) -> str:
    root = page(post, look)
    return render(root if seed is None else mutate(root, random.Random(seed), **chances), post, look)


def _expected(post: Written, look: Look) -> dict[str, object]:
    title, paragraphs = (
        (post.title, post.paragraphs) if post.title else (post.paragraphs[0], post.paragraphs[1:])
    )
    return {
        "title": title,
        "text": "\n\n".join(paragraphs),
        "counts": {"saves": post.saves, "views": post.views, "comments": str(post.declared)},
        "published": post.date,
        "author": Person(str(post.profile), post.author) if look.author != "none" else None,
        "comments": list(_expected_comments(post, look)),
        "prompts": int(look.prompt != "none" and (look.prompt != "inside" or look.body == "paragraphs")),
    }


def _expected_comments(post: Written, look: Look) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []

    def add(said: Said, parent: int | None) -> None:
        position = len(found)
        author = Person(str(said.profile), said.name) if look.comment_author else None
        likes = said.likes if look.comment_actions else None
        found.append(
            (
                "\n\n".join(said.paragraphs),
                author,
                likes,
                said.date if look.comment_date != "none" else None,
                parent,
            )
        )
        for reply in said.replies:
            add(reply, position)

    for said in post.comments:
        add(said, None)
    return found


def _seen(record: Record) -> dict[str, object]:
    post = record.post
    return {
        "title": post.title,
        "text": post.text,
        "counts": {
            count.name: count.raw for count in post.counts if count.name in {"saves", "views", "comments"}
        },
        "published": post.published.raw if post.published else None,
        "author": post.author,
        "comments": [_seen_comment(comment) for comment in record.comments],
        "prompts": len(post.removed),
    }


def _seen_comment(comment: Comment) -> tuple[object, ...]:
    likes, published = comment.likes, comment.published
    return (
        comment.text,
        comment.author,
        likes.value if likes else None,
        published.raw if published else None,
        comment.parent,
    )


@examples(300)
@given(written, looks)
def test_every_layout_reads_exactly(post: Written, look: Look) -> None:
    assert _seen(read(capture(_render(post, look)))) == _expected(post, look)


@examples(300)
@given(written, looks, st.integers(0, 2**32))
def test_new_classes_tags_and_wrappers_change_nothing(post: Written, look: Look, seed: int) -> None:
    seen, expected = (
        _seen(read(capture(_render(post, look, seed, wrap=0.1, unwrap=0.1, swap=0.3)))),
        _expected(post, look),
    )
    assert _without_edges(seen) == _without_edges(expected)


def _without_edges(seen: dict[str, object]) -> dict[str, object]:
    comments = seen["comments"]
    assert isinstance(comments, list)
    return seen | {"comments": [comment[:-1] for comment in comments]}


@pytest.mark.parametrize("seed", range(10))
def test_renamed_classes_change_nothing_at_all(seed: int) -> None:
    plain = read(capture(_render(POST, Look())))
    assert read(capture(_render(POST, Look(), seed, wrap=0, swap=0))) == plain


def test_names_that_no_link_marks_stay_out_of_every_text() -> None:
    for author in ("above", "below-title", "below-text"):
        for look in (
            Look(author=author),
            Look(author=author, button_tag="div", item_tag="div", list_tag="div"),
        ):
            root = page(POST, look)
            for node in root.all():
                if node.tag == "a":
                    node.tag, node.attributes = "span", {}
            record = read(capture(render(root, POST, look)))
            assert (record.post.title, record.post.text) == (POST.title, "\n\n".join(PARAGRAPHS))
            assert [comment.text for comment in record.comments] == [
                REMARKS[0],
                REMARKS[1],
                "\n\n".join(REMARKS[2:4]),
            ]
            assert [comment.author for comment in record.comments] == [
                Person(None, name) for name in ("김하늘", "박서윤", "이도윤")
            ]


def test_an_accepted_answer_and_the_comments_on_it_are_told_apart() -> None:
    html = """<title>질문 제목 - 커리어리</title><main><h1>질문 제목</h1><p>질문 내용입니다.</p><div>조회 12 • 2022.10.16. 05:44</div>
      <h2>답변 2</h2>
      <div id="answer-11"><a href="/profiles/7">이</a><span>채택된 답변</span><p>답입니다.</p>
        <div id="comment-5"><a href="/profiles/5">김</a><p>감사해요</p></div></div>
      <div id="answer-12"><a href="/profiles/8">박</a><p>다른 답.</p><button>좋아요 3</button></div></main>"""
    record = read(capture(html, "https://careerly.co.kr/qnas/5"))
    assert (record.post.kind, record.post.text) == ("question", "질문 내용입니다.")
    assert [
        (item.kind, item.native_id, item.text, item.parent, item.is_accepted) for item in record.comments
    ] == [
        ("answer", "11", "답입니다.", None, True),
        ("comment", "5", "감사해요", 0, None),
        ("answer", "12", "다른 답.", None, None),
    ]


def test_the_prompt_moves_without_a_trace() -> None:
    whole = _seen(read(capture(_render(POST, Look(prompt="after")))))
    for place in ("before", "inside", "after-comments"):
        assert _seen(read(capture(_render(POST, Look(prompt=place))))) == whole


def test_a_comment_that_is_a_word_like_a_buttons_is_a_comment() -> None:
    said = tuple(
        replace(POST.comments[1], paragraphs=(word,), name=f"회원{word}")
        for word in ("좋아요", "저장", "정말 그렇네요.")
    )
    for look in (
        Look(),
        Look(button_tag="div"),
        Look(item_tag="div", list_tag="div"),
        Look(comment_date="below", button_tag="div"),
    ):
        record = read(capture(_render(replace(POST, comments=said), look)))
        assert [comment.text for comment in record.comments] == ["좋아요", "저장", "정말 그렇네요."]


def test_a_comment_of_one_word_among_real_buttons_is_a_comment() -> None:
    said = tuple(
        replace(POST.comments[0], paragraphs=(word,), name=f"회원{at}", replies=())
        for at, word in enumerate(("정말 그렇네요.", "공유", "👍", "댓글 3", "더 보기"))
    )
    for place in ("in-head", "below-head"):
        record = read(capture(_render(replace(POST, comments=said), Look(headline_place=place))))
        assert [comment.text for comment in record.comments] == [one.paragraphs[0] for one in said]


def test_a_comment_that_quotes_the_prompt_is_a_comment() -> None:
    said = (replace(POST.comments[1], paragraphs=("다음 내용이 궁금하다면?",)),)
    record = read(capture(_render(replace(POST, comments=said), Look())))
    assert [comment.text for comment in record.comments] == ["다음 내용이 궁금하다면?"]
    assert record.post.removed == ()


def test_a_member_without_a_headline_among_others_loses_no_words() -> None:
    said = tuple(
        replace(POST.comments[1], paragraphs=(word,), headline=headline)
        for word, headline in (("잘 읽었습니다", "마케터"), ("Well said", None), ("고맙습니다!", "디자이너"))
    )
    record = read(capture(_render(replace(POST, comments=said), Look(headline_place="below-head"))))
    assert [comment.text for comment in record.comments] == ["잘 읽었습니다", "Well said", "고맙습니다!"]


def test_a_first_line_of_two_sentences_is_no_title() -> None:
    paragraphs = ("회의를 줄였습니다. 그리고 조용해졌습니다.", "이상입니다.")
    look = Look(head_title=False)
    post = read(capture(_render(replace(POST, title=None, paragraphs=paragraphs), look))).post
    assert (post.title, post.text) == (None, "\n\n".join(paragraphs))
    bracketed = ("⟪줄였습니다. 조용해졌습니다.⟫", "이상입니다.")
    post = read(capture(_render(replace(POST, title=None, paragraphs=bracketed), look))).post
    assert (post.title, post.text) == bracketed


def test_pictures_right_below_the_text_are_the_posts() -> None:
    html = _render(POST, Look(body="pre-wrap")).replace(
        f"{PARAGRAPHS[-1]}</div>", f"{PARAGRAPHS[-1]}</div><img src='/a.png' alt=''/>"
    )
    assert read(capture(html)).post.images == ("https://careerly.co.kr/a.png",)


def test_a_post_that_quotes_the_prompt_keeps_its_words() -> None:
    quotes = (
        "다음 내용이 궁금하다면?",
        "다음 내용이 궁금하다면? 또는 이미 회원이신가요? 라고 묻는 화면이 많습니다.",
        "이미 회원이신가요?",
        "이상입니다.",
    )
    for body in ("paragraphs", "pre-wrap", "breaks"):
        record = read(capture(_render(replace(POST, paragraphs=quotes), Look(prompt="after", body=body))))
        assert record.post.text == "\n\n".join(quotes)
        assert len(record.post.removed) == 1


def test_quoted_part_by_part_the_prompt_stays_too() -> None:
    quotes = (
        "화면은 이렇게 말합니다.",
        "다음 내용이 궁금하다면?",
        "또는",
        "이미 회원이신가요?",
        "정말 그런가요?",
    )
    for prompt in ("none", "after"):
        record = read(capture(_render(replace(POST, paragraphs=quotes), Look(prompt=prompt))))
        assert record.post.text == "\n\n".join(quotes)
    html = _render(replace(POST, paragraphs=quotes), Look())
    wrapped = html.replace(f"<p>{quotes[1]}</p>", f"<div><div><p>{quotes[1]}</p></div></div>")
    assert wrapped != html
    assert read(capture(wrapped)).post.text == "\n\n".join(quotes)


def test_a_page_of_fewer_comments_than_declared_is_partial() -> None:
    html = _render(POST, Look()).replace("댓글 3", "댓글 30")
    record = read(capture(html))
    assert (record.post.access, record.post.count("comments"), len(record.comments)) == ("partial", 30, 3)


def test_a_deleted_comment_is_a_placeholder() -> None:
    for words in (
        "삭제된 댓글입니다.",
        "작성자가 삭제한 댓글입니다.",
        "이 댓글은 운영 정책에 따라 삭제되었습니다.",
    ):
        gone = replace(POST.comments[1], paragraphs=(words,))
        comment = read(capture(_render(replace(POST, comments=(POST.comments[0], gone)), Look()))).comments[2]
        assert (comment.status, comment.text) == ("placeholder", None)
        assert [removed.text for removed in comment.removed] == [words]


def test_a_member_who_left_is_nobody() -> None:
    gone = replace(POST.comments[1], name="알 수 없는 사용자")
    comment = read(capture(_render(replace(POST, comments=(gone,)), Look()))).comments[0]
    assert (comment.author, comment.text) == (None, "\n\n".join(REMARKS[2:4]))


def test_the_posts_author_is_known_among_the_comments() -> None:
    assert [comment.is_post_author for comment in read(capture(_render(POST, Look()))).comments] == [
        False,
        True,
        False,
    ]


def test_an_edit_mark_leaves_the_text() -> None:
    said = replace(POST.comments[1], paragraphs=("다시 읽어 보니 이렇네요. (수정됨)",))
    comment = read(capture(_render(replace(POST, comments=(said,)), Look()))).comments[0]
    assert comment.text == "다시 읽어 보니 이렇네요."
    assert comment.edited is not None
    assert comment.edited.at is None


def test_links_lead_to_other_posts_only() -> None:
    found = make_site().links(capture(_render(POST, Look())))
    assert found == ("https://careerly.co.kr/comments/91", "https://careerly.co.kr/comments/92")


def test_a_page_needs_nothing_besides() -> None:
    assert make_site().next_requests(visit(capture(_render(POST, Look())))) == ()
    assert [request.url for request in make_site().next_requests(visit(url=POST_URL + "?from=trends"))] == [
        POST_URL
    ]


def test_the_pages_data_wins() -> None:
    look = Look(data=True)
    post = read(capture(_render(POST, look))).post
    assert (post.title, post.text) == (POST.title, "\n\n".join(POST.paragraphs))
    assert post.author == Person("501", "박서윤")
    assert post.published is not None
    assert post.published.raw == "2023-05-04 10:20:30"
    assert (post.count("views"), post.count("saves")) == (1234, 7)


def test_data_alone_is_enough() -> None:
    shell = f'<body><div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{json.dumps(next_data(POST))}</script></body>'
    record = read(capture(shell))
    assert record.layout == "careerly.v1-data/1"
    assert (record.post.title, record.post.text) == (POST.title, "\n\n".join(POST.paragraphs))


def test_what_the_prompt_withholds_is_not_taken_from_the_data() -> None:
    shown = replace(POST, paragraphs=(*PARAGRAPHS[:2], "숫자는 거짓말을 하지"))
    html = _render(shown, Look(prompt="after"))
    data = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(next_data(POST))}</script></body>'
    post = read(capture(html.replace("</body>", data))).post
    assert post.text == "\n\n".join(shown.paragraphs)
    assert post.access == "partial"
    assert "withheld" in {item.kind for item in post.access_evidence}


def test_a_flag_in_the_pages_data_is_proof_of_a_gate() -> None:
    flag = '<script type="application/ld+json">{"@type": "Article", "isAccessibleForFree": "False"}</script></head>'
    post = read(capture(_render(POST, Look()).replace("</head>", flag))).post
    assert post.access == "partial"
    assert "flag" in {item.kind for item in post.access_evidence}


def test_comments_that_only_the_data_has_stay_out_where_a_prompt_closes_the_thread() -> None:
    data = next_data(POST) | {"replies": [{"id": 1, "postId": 4242, "content": "가려진 댓글입니다."}]}
    html = _render(replace(POST, comments=()), Look(prompt="after")).replace("댓글 0", "댓글 1")
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script></body>'
    record = read(capture(html.replace("</body>", script)))
    assert record.comments == ()
    assert record.post.access == "partial"
    assert [comment.text for comment in read(capture(f"<body>{script}")).comments] == ["가려진 댓글입니다."]


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<html><body></body></html>",
        "<title>로그인 - 커리어리</title><body><h1>로그인</h1><p>이메일</p></body>",
        "<title>404 - 커리어리</title><body><h1>페이지를 찾을 수 없습니다</h1></body>",
        "<title>다른 곳</title><body><h1>장보기</h1><p>우유를 샀다.</p></body>",
    ],
)
def test_what_is_no_post_is_rejected_with_a_sentence(html: str) -> None:
    found = make_site().read(visit(capture(html)))
    assert isinstance(found, Rejection)
    assert POST_URL in found.reason


@pytest.mark.parametrize("status", [401, 403])
def test_a_closed_page_is_gated(status: int) -> None:
    record = read(capture("", status=status))
    assert (record.post.access, record.post.text) == ("gated", None)


def test_a_missing_page_is_rejected() -> None:
    found = make_site().read(visit(capture(_render(POST, Look()), status=404)))
    assert isinstance(found, Rejection)
    assert "404" in found.reason


def test_a_reply_says_how_the_page_shows_what_it_answers() -> None:
    shown = read(capture(_render(POST, Look()))).comments
    assert [comment.parent_basis for comment in shown] == [None, "nesting", None]
    data = next_data(POST)
    data["replies"] = [
        {"id": 1, "postId": 4242, "content": REMARKS[0]},
        {"id": 2, "postId": 4242, "content": REMARKS[1], "parentCommentId": 1},
    ]
    shell = f'<body><script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script></body>'
    assert [comment.parent_basis for comment in read(capture(shell)).comments] == [None, "stated"]
