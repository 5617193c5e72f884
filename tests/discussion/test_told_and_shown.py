"""A thread that a page shows and that its data tells too: what of each is taken."""

import json
from typing import Any

from scraper import read_page
from scraper.model.record import Record

TEXTS = (
    "오늘 아침에 눈이 많이 와서 길이 미끄러웠습니다",
    "The repair took me three evenings and one borrowed wrench",
    "어제 빌린 책을 오늘 다 읽고 돌려주러 갑니다",
)
NAMES = ("김하나", "Ann Miller", "이세찬")
URL = "https://village.example/talk/12"
WORDS = "마을 길에 눈이 쌓였습니다. 다들 조심히 다니세요. 장갑을 꼭 끼고 나오시면 좋겠습니다."


def shown(at: int, *, more: str = "", attributes: str = "", body: str = "") -> str:
    return (
        f'<li class="comment" {attributes}>{more}<a class="author" href="/user/{at}">{NAMES[at]}</a>'
        f'<time>2024-05-0{at + 1}</time><div class="body" {body}><p>{TEXTS[at]}</p></div></li>'
    )


def told(at: int, **more: Any) -> dict[str, Any]:
    return {
        "@type": "Comment",
        "text": TEXTS[at],
        "author": {"name": NAMES[at]},
        "datePublished": f"2024-05-0{at + 1}T10:00:00+09:00",
        **more,
    }


def page(thread: str, data: object = None, *, menu: str = "") -> Record:
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>' if data else ""
    read = read_page(
        f'<html lang="ko"><head><title>눈 오는 날</title>{script}</head><body><h1>눈 오는 날</h1><div class="words"><p>{WORDS}</p></div>'
        f'<ol class="comments">{thread}</ol>{menu}</body></html>',
        URL,
    )
    assert isinstance(read, Record)
    return read


def topic(*comments: object, **more: Any) -> dict[str, Any]:
    return {"@type": "DiscussionForumPosting", "url": URL, "text": WORDS, "comment": list(comments), **more}


def test_the_data_adds_parents_exact_dates_votes_and_ids() -> None:
    reply = told(1, url=f"{URL}#c-72", upvoteCount=4)
    record = page(shown(0) + shown(1), topic(told(0, comment=[reply])))
    first, second = record.comments
    assert (second.parent, second.parent_basis, second.depth) == (0, "stated", 1)
    assert (second.native_id, second.url) == ("72", f"{URL}#c-72")
    assert second.likes is not None
    assert second.likes.value == 4
    assert first.published is not None
    assert first.published.at is not None
    assert (first.published.precision, first.published.at.isoformat()) == (
        "second",
        "2024-05-01T01:00:00+00:00",
    )


def test_shown_words_win_over_those_that_the_data_cut() -> None:
    cut = {**told(0), "text": TEXTS[0][:14]}
    record = page(shown(0) + shown(1), topic(cut, told(1)))
    assert [each.text for each in record.comments] == list(TEXTS[:2])
    assert record.post.text == WORDS


def test_a_comment_that_the_data_alone_has_is_taken_where_nothing_is_withheld() -> None:
    data = topic(told(0), told(1), told(2))
    assert [each.text for each in page(shown(0) + shown(2), data).comments] == list(TEXTS)


def test_a_comment_that_the_data_alone_has_is_not_taken_from_a_page_that_is_closed() -> None:
    data = topic(told(0), told(1), told(2), isAccessibleForFree="False")
    record = page(shown(0) + shown(2), data)
    assert [each.text for each in record.comments] == [TEXTS[0], TEXTS[2]]
    assert record.post.access == "partial"


def test_a_comment_that_the_data_alone_has_may_stand_on_another_page_of_the_thread() -> None:
    data = topic(told(0), told(1), told(2))
    record = page(shown(0) + shown(2), data, menu=f'<a href="{URL}?page=2">2</a>')
    assert [each.text for each in record.comments] == [TEXTS[0], TEXTS[2]]


def test_a_change_at_the_time_of_the_last_reply_is_no_edit() -> None:
    data = topic(
        told(0), told(1), datePublished="2024-04-30T10:00:00+09:00", dateModified="2024-05-02T10:00:20+09:00"
    )
    assert page(shown(0) + shown(1), data).post.edited is None
    changed = {**data, "dateModified": "2024-05-01T22:00:00+09:00"}
    assert page(shown(0) + shown(1), changed).post.edited is not None


def microdata(at: int) -> str:
    return shown(
        at,
        attributes='itemprop="comment" itemscope itemtype="https://schema.org/Comment"',
        more=f'<span itemprop="author" itemscope><meta itemprop="name" content="{NAMES[at]}"></span><meta itemprop="upvoteCount" content="{at}"><meta itemprop="datePublished" content="2024-05-0{at + 1}">',
        body='itemprop="text"',
    )


def test_the_post_may_be_marked_as_a_comment_and_the_topic_have_its_title_as_text() -> None:
    read = read_page(
        '<html lang="ko"><title>눈 오는 날</title><body><h1>눈 오는 날</h1>'
        '<div itemscope itemtype="https://schema.org/DiscussionForumPosting"><meta itemprop="headline" content="눈 오는 날"><meta itemprop="text" content="눈 오는 날"><meta itemprop="datePublished" content="2024-05-01">'
        f'<ul class="posts">{microdata(0).replace(TEXTS[0], WORDS)}{microdata(1)}{microdata(2)}</ul></div></body></html>'.replace(
            'class="comment"', 'class="post"'
        ),
        URL,
    )
    assert isinstance(read, Record)
    assert read.post.text == WORDS
    assert read.post.kind == "topic"
    assert [each.text for each in read.comments] == list(TEXTS[1:])
    assert [each.likes.value if each.likes else None for each in read.comments] == [1, 2]


def test_each_field_says_whether_the_data_told_it() -> None:
    data = topic(
        told(0),
        told(1),
        dateModified="2024-05-20T10:00:00+09:00",
        datePublished="2024-04-30T10:00:00+09:00",
        commentCount=2,
    )
    sources = {
        each.field: (each.source, each.confidence)
        for each in page(shown(0) + shown(1), data).post.field_sources
    }
    assert sources["text"] == ("html", "inferred")
    assert sources["edited_at"] == sources["comments"] == ("json-ld", "stated")
