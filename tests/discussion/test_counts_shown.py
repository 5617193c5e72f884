"""How many comments a page says there are, what else it counts, and how much of the thread was had by that."""

import json

import pytest

from scraper import read_page
from scraper.model.record import Record

URL = "https://village.example/talk/12"
TEXTS = (
    "오늘 아침에 눈이 많이 와서 길이 미끄러웠습니다",
    "The repair took me three evenings and one borrowed wrench",
    "어제 빌린 책을 오늘 다 읽고 돌려주러 갑니다",
)
WORDS = "마을 길에 눈이 쌓였습니다. 다들 조심히 다니세요. 장갑을 꼭 끼고 나오시면 좋겠습니다."


def page(heading: str, *, facts: str = "", more: str = "", head: str = "", count: int = 3) -> Record:
    thread = "".join(
        f'<li class="comment" id="c-{at}"><a class="author" href="/user/{at}">이웃 {at}</a><time>2024-05-0{at + 1}</time>'
        f'<div class="body"><p>{TEXTS[at]}</p></div></li>'
        for at in range(count)
    )
    read = read_page(
        f'<html lang="ko"><head><title>눈 오는 날</title>{head}</head><body><nav>댓글 99개</nav><h1>눈 오는 날</h1>{facts}<div class="words">'
        f"<p>{WORDS}</p></div>{heading}<ol class='comments'>{thread}</ol>{more}</body></html>",
        URL,
    )
    assert isinstance(read, Record)
    assert len(read.comments) == count
    return read


@pytest.mark.parametrize(
    "heading",
    [
        "3 Comments",
        "<b>3</b> comments",
        "Comments (3)",
        "댓글 3개",
        "댓글 <em>3</em>",
        "3 replies",
        "3 Kommentare",
        "3 réponses",
        "3 respuestas",
        "コメント 3",
        "3条评论",
        "3 комментария",
        "3 thoughts on “눈 오는 날”",
        "4 posts",
    ],
)
def test_the_heading_over_the_thread_declares_its_comments(heading: str) -> None:
    post = page(f"<h2>{heading}</h2>").post
    assert post.count("comments") == 3
    assert post.access == "full"


@pytest.mark.parametrize(
    ("heading", "declared", "access"),
    [
        ("<h2>5 Comments</h2>", 5, "partial"),
        ("<h2>99+ Comments</h2>", None, "partial"),
        ("<h2>2 Comments</h2>", 2, "unknown"),
    ],
)
def test_access_follows_from_what_is_declared_and_had(
    heading: str, declared: int | None, access: str
) -> None:
    post = page(heading).post
    assert (post.count("comments"), post.access) == (declared, access)
    assert [each.kind for each in post.access_evidence] == ["comments"]


@pytest.mark.parametrize(
    "heading", ["", "<h2>Comments</h2>", "<p>We fixed 3 bikes</p>", "<aside><h3>7 comments</h3></aside>"]
)
def test_a_page_that_says_no_number_declares_none(heading: str) -> None:
    post = page(heading).post
    assert (post.count("comments"), post.access) == (None, "unknown")


def test_labelled_counts_beside_the_title_are_counts_of_the_post() -> None:
    post = page(
        "", facts="<div><span>조회 1,234</span> <span><b>56</b> likes</span> <span>Shares: 7</span></div>"
    ).post
    assert {count.name: count.value for count in post.counts} == {"views": 1234, "likes": 56, "shares": 7}
    assert {each.source for each in post.field_sources if each.field in {"views", "likes", "shares"}} == {
        "html"
    }


def test_the_number_that_readers_see_wins_over_the_one_in_the_data() -> None:
    data = {"@type": "BlogPosting", "url": URL, "commentCount": 9}
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    assert page("<h2>3 Comments</h2>", head=head).post.count("comments") == 3
    told = page("", head=head).post
    assert (told.count("comments"), told.access) == (9, "partial")


@pytest.mark.parametrize(
    "more",
    [
        '<div id="disqus_thread"></div>',
        '<script src="https://giscus.app/client.js" data-repo="a/b"></script>',
        '<script src="https://utteranc.es/client.js" repo="a/b"></script>',
        '<div class="fb-comments" data-href="#"></div>',
        '<script data-isso="//comments.village.example/" src="//comments.village.example/js/embed.min.js"></script>',
        '<div id="remark42"></div>',
        '<div id="cusdis_thread"></div>',
        '<hyvor-talk-comments website-id="1"></hyvor-talk-comments>',
        '<div id="coral_thread"></div>',
        '<iframe src="https://www.facebook.com/plugins/comments.php?href=x"></iframe>',
    ],
)
def test_comments_in_a_script_or_frame_of_another_host_are_said_to_be_elsewhere(more: str) -> None:
    post = page("<h2>3 Comments</h2>", more=more).post
    assert (post.count("comments"), post.access) == (None, "unknown")
    assert [each.kind for each in post.access_evidence] == ["comments-elsewhere"]


def test_data_may_count_the_post_with_its_comments() -> None:
    records = "".join(
        f'<div class="post" id="p-{at}"><a class="author" href="/user/{at}">이웃 {at}</a><time>2024-05-0{at + 1}</time>'
        f'<div class="body"><p>{text}</p></div></div>'
        for at, text in enumerate(TEXTS)
    )
    data = {"@type": "DiscussionForumPosting", "url": URL, "text": TEXTS[0], "commentCount": 3}
    read = read_page(
        f'<title>눈 오는 날</title><script type="application/ld+json">{json.dumps(data)}</script><h1>눈 오는 날</h1>{records}',
        URL,
    )
    assert isinstance(read, Record)
    assert (len(read.comments), read.post.count("comments"), read.post.access) == (2, 2, "full")


def test_comments_of_a_wordpress_page_may_be_elsewhere_too() -> None:
    read = read_page(
        '<html><head><title>눈 오는 날</title><meta name="generator" content="WordPress 6.5">'
        '<link rel="https://api.w.org/" href="https://village.example/wp-json/"><link rel="shortlink" href="https://village.example/?p=12"></head>'
        f'<body class="single single-post postid-12"><article id="post-12" class="post-12 post"><h1 class="entry-title">눈 오는 날</h1>'
        f'<div class="entry-content"><p>{WORDS}</p></div></article><div id="comments"><h2>0 Comments</h2><div id="disqus_thread"></div></div></body></html>',
        "https://village.example/snow/",
    )
    assert isinstance(read, Record)
    assert read.layout.startswith("wordpress")
    assert (read.post.count("comments"), read.post.access) == (None, "unknown")
    assert "comments-elsewhere" in [each.kind for each in read.post.access_evidence]
