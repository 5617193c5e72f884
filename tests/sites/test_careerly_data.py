"""Careerly V1 pages that carry their data: one record, in whatever shape the data is kept and however much is shown."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model.record import Comment, Person, Record
from tests.examples import examples
from tests.sites.captures import capture, read
from tests.sites.json_shapes import FIRST_COMMENT, SPELLINGS, Shape, in_order, shell, told, with_data
from tests.sites.layouts import Look, Said, Written, page, render

REMARKS = (
    "잘 읽었습니다.",
    "저도 같은 일을 겪었어요.\n\n그래서 더 반갑네요.",
    "다음 글은 언제 나오나요?",
    "좋아요",
    "숫자보다 이야기가 남는 글이에요!",
)
REPLY = Said(("고맙습니다. 곧 올릴게요.",), "박서윤", 501, likes=2)
POST = Written(
    title="지표를 다시 정의하며",
    paragraphs=(
        "이번 분기에 팀에서 지표를 다시 정의했습니다.",
        "처음에는 모두가 반대했지만 결국 합의했어요.",
    ),
    date="2023년 5월 4일 오전 10:20",
    saves="7",
    views="1,234",
    comments=(
        Said((REMARKS[0],), "한가을", 601, likes=4, replies=(REPLY,)),
        Said((REMARKS[2],), "오세진", 602),
    ),
)


def comments() -> st.SearchStrategy[tuple[Said, ...]]:
    people = st.sampled_from((("한가을", 601), ("오세진", 602), ("Jane Kim", 603)))
    text = st.sampled_from(REMARKS).map(lambda remark: tuple(remark.split("\n\n")))
    likes = st.none() | st.integers(1, 99)
    said = st.builds(lambda words, who, liked: Said(words, who[0], who[1], likes=liked), text, people, likes)
    replied = st.builds(
        lambda one, replies: replace(one, replies=tuple(replies)), said, st.lists(said, max_size=2)
    )
    return st.lists(replied, max_size=4).map(tuple)


def shapes() -> st.SearchStrategy[Shape]:
    return st.builds(
        Shape,
        spelling=st.sampled_from(SPELLINGS),
        thread_key=st.sampled_from(("comments", "replies", "commentList", "postComments")),
        wrapped=st.sampled_from(("bare", "results", "pages", "edges")),
        text_key=st.sampled_from(("content", "description", "body", "text")),
        parent_key=st.sampled_from(("parentId", "parentCommentId")),
        deep=st.integers(0, 4),
        home=st.sampled_from(("props", "query", "call", "cache", "old-cache", "records")),
        thread=st.sampled_from(("held", "beside")),
        nested=st.booleans(),
        names_post=st.booleans(),
        others_first=st.booleans(),
        preview=st.booleans(),
    )


def looks() -> st.SearchStrategy[Look]:
    return st.builds(
        Look,
        title_tag=st.sampled_from(("h1", "div")),
        author=st.sampled_from(("none", "above", "below-text")),
        body=st.sampled_from(("paragraphs", "pre-wrap", "breaks")),
        prompt=st.sampled_from(("none", "inside", "after", "after-comments")),
        prompt_buttons=st.booleans(),
        comment_author=st.booleans(),
        comment_headline=st.booleans(),
        comment_date=st.sampled_from(("none", "above", "below")),
        related=st.sampled_from(("none", "after")),
        menu=st.booleans(),
    )


def is_whole(record: Record, written: Written) -> bool:
    """Asserts that a record is what was written; for tests that say what else they look at."""
    post = record.post
    assert (post.title, post.text) == (written.title, "\n\n".join(written.paragraphs))
    assert post.author == Person(str(written.profile), written.author)
    assert post.published is not None
    assert post.published.raw == "2023-05-04 10:20:30"
    assert [post.count(name) for name in ("views", "saves", "comments")] == [1234, 7, written.declared]
    assert [facts(comment) for comment in record.comments] == [
        (
            str(FIRST_COMMENT + position),
            "\n\n".join(said.paragraphs),
            Person(str(said.profile), said.name),
            said.likes or 0,
            parent,
        )
        for position, (said, parent) in enumerate(in_order(written))
    ]
    return True


def facts(comment: Comment) -> tuple[str | None, str | None, Person | None, int | None, int | None]:
    likes = comment.likes.value if comment.likes else None
    return comment.native_id, comment.text, comment.author, likes, comment.parent


@examples(150)
@given(comments(), shapes())
def test_a_post_is_read_out_of_every_shape_of_data(said: tuple[Said, ...], shape: Shape) -> None:
    written = replace(POST, comments=said)
    assert is_whole(read(capture(shell(told(written, shape)))), written)


@examples(150)
@given(comments(), shapes(), looks())
def test_what_the_page_shows_whole_is_told_whole(said: tuple[Said, ...], shape: Shape, look: Look) -> None:
    written = replace(POST, comments=said)
    markup = render(page(written, look), written, look)
    record = read(capture(with_data(markup, told(written, shape))))
    assert is_whole(record, written)
    assert record.post.access == ("unknown" if "다음 내용이 궁금하다면" in markup else "full")


@pytest.mark.parametrize("thread", ["held", "beside"])
@pytest.mark.parametrize("home", ["props", "query", "call", "cache", "old-cache", "records"])
def test_each_home_of_a_thread_is_known(home: str, thread: str) -> None:
    shape = Shape(home=home, thread=thread)  # type: ignore[arg-type]  # the parameters are the literals
    record = read(capture(shell(told(POST, shape))))
    assert is_whole(record, POST)
    assert (record.layout, record.post.access) == ("careerly.v1-data/1", "full")


def test_a_list_of_other_posts_is_no_thread() -> None:
    alone = replace(POST, comments=())
    for thread in ("held", "beside"):
        record = read(capture(shell(told(alone, Shape(home="query", thread=thread)))))
        assert is_whole(record, alone)


def test_a_cache_that_refers_to_itself_is_read() -> None:
    data = told(POST, Shape(home="cache"))
    cache = data["props"]["pageProps"]["initialCache"]
    cache[f"Comment:{FIRST_COMMENT}"]["post"] = {"__ref": "Post:4242"}
    cache["Member:601"]["posts"] = [{"__ref": "Post:4242"}, {"__ref": "Post:nowhere"}]
    cache["Member:501"]["comments"] = [{"__ref": "Comment:910"}, {"__ref": "Member:501"}]
    assert is_whole(read(capture(shell(data))), POST)
    del cache["ROOT_QUERY"]
    assert is_whole(read(capture(shell(data))), POST)


def test_where_the_page_shows_less_of_a_comment_than_the_data_the_data_wins() -> None:
    look = Look(comment_author=False, comment_headline=False, comment_date="none", comment_actions=False)
    record = read(capture(with_data(render(page(POST, look), POST, look), told(POST, Shape()))))
    assert is_whole(record, POST)
    assert [comment.is_post_author for comment in record.comments] == [False, True, False]


@pytest.mark.parametrize("list_tag", ["ul", "div"])
def test_a_thread_that_only_the_page_shows_stays_beside_the_data(list_tag: str) -> None:
    look = Look(list_tag=list_tag)
    data = told(POST, Shape())
    del data["props"]["pageProps"]["detail"]["current"]["comments"]
    record = read(capture(with_data(render(page(POST, look), POST, look), data)))
    assert [comment.text for comment in record.comments] == [
        "\n\n".join(said.paragraphs) for said, _ in in_order(POST)
    ]
    assert record.comments[0].native_id is None


def test_behind_a_prompt_only_the_comments_that_are_shown_count() -> None:
    shown, look = replace(POST, comments=POST.comments[:1]), Look(prompt="after")
    markup = render(page(shown, look), shown, look).replace("댓글 2", "댓글 3")
    record = read(capture(with_data(markup, told(POST, Shape()))))
    assert [facts(comment)[:2] for comment in record.comments] == [
        (str(FIRST_COMMENT), REMARKS[0]),
        (str(FIRST_COMMENT + 1), REPLY.paragraphs[0]),
    ]
    assert (record.post.access, record.post.count("comments")) == ("partial", 3)
    assert "withheld" in {item.kind for item in record.post.access_evidence}


def test_behind_a_prompt_a_thread_that_is_shown_whole_is_told_whole() -> None:
    look = Look(prompt="after")
    record = read(capture(with_data(render(page(POST, look), POST, look), told(POST, Shape()))))
    assert is_whole(record, POST)
    assert record.post.access == "unknown"


def test_behind_a_prompt_the_end_of_a_text_stays_there_though_a_comment_says_the_same() -> None:
    echoed = replace(POST, comments=(Said((POST.paragraphs[-1],), "한가을", 601),))
    shown, look = replace(echoed, paragraphs=echoed.paragraphs[:1]), Look(prompt="after")
    record = read(capture(with_data(render(page(shown, look), shown, look), told(echoed, Shape()))))
    assert (record.post.text, record.post.access) == (POST.paragraphs[0], "partial")


@pytest.mark.parametrize("flag", ["isLocked", "members_only", "loginRequired"])
def test_data_that_says_it_is_for_members_is_not_published_from_an_empty_page(flag: str) -> None:
    data = told(POST, Shape())
    data["props"]["pageProps"]["detail"]["current"][flag] = True
    record = read(capture(shell(data)))
    assert (record.post.title, record.post.text, record.post.access) == (None, None, "gated")
    assert record.comments == ()


def test_links_and_pictures_stand_in_the_html_of_the_data() -> None:
    html = (
        '<p>이번 분기에 <a href="https://blog.example/a?utm_source=x">팀에서</a> 지표를 다시 정의했습니다.</p>'
        '<p><a href="/profiles/7">@남</a></p><img src="/images/1.png">'
    )
    data = told(POST, Shape())
    data["props"]["pageProps"]["detail"]["current"]["descriptionHtml"] = html
    post = read(capture(shell(data))).post
    assert (post.links, post.images) == (
        ("https://blog.example/a",),
        ("https://careerly.co.kr/images/1.png",),
    )


def test_an_answer_that_was_accepted_says_so() -> None:
    data = told(POST, Shape(thread_key="answers"))
    for position, answer in enumerate(data["props"]["pageProps"]["detail"]["current"]["answers"]):
        answer["isAccepted"] = position == 1
    record = read(capture(shell(data), "https://careerly.co.kr/qnas/4242"))
    assert [(comment.kind, comment.is_accepted) for comment in record.comments] == [
        ("answer", False),
        ("comment", None),
        ("answer", True),
    ]


def test_hostile_data_is_survived() -> None:
    deep: object = "comments"
    for _ in range(400):
        deep = [deep]
    data = told(POST, Shape(home="query", thread="beside"))
    for query in data["props"]["pageProps"]["dehydratedState"]["queries"]:
        query["queryHash"] = deep
    assert is_whole(read(capture(shell(data))), POST)
    data["props"]["pageProps"]["dehydratedState"]["queries"] *= 2
    assert is_whole(read(capture(shell([data, {"id": 4242}, {"__ref": "__ref"}, None]))), POST)
