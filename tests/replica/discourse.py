"""A topic of a made Discourse in our own words: its page with the JSON of its first posts, and the rest by their ids."""

import json
from collections.abc import Sequence
from html import escape
from typing import Any, Final
from urllib.parse import parse_qsl

HOST: Final = "discourse.example"
TOPIC: Final = "/t/flour-from-the-mill/300"
# Author, words as HTML, the number of what it answers, and what else the JSON says.
_POSTS: Final[tuple[tuple[str, str, int | None, dict[str, Any]], ...]] = (
    (
        "ilse",
        "<p>The mill in our valley grinds again. Who has baked with its flour?</p>",
        None,
        {"version": 2, "updated_at": "2024-06-02T08:00:00.000Z", "actions_summary": [{"id": 2, "count": 9}]},
    ),
    ("ruben", "<p>I have. It takes up <strong>more water</strong> than any from a shop.</p>", None, {}),
    (
        "도윤",
        '<aside class="quote" data-post="2"><div class="title">ruben:</div><blockquote><p>more water</p></blockquote></aside><p>저도 그랬어요.</p>',
        2,
        {"actions_summary": [{"id": 2, "count": 3}], "accepted_answer": True},
    ),
    (
        "mara",
        "<p>This post was flagged by the community and is temporarily hidden.</p>",
        None,
        {"hidden": True},
    ),
    ("ruben", "<p>How much more, in grams?</p>", 3, {}),
    *(
        (f"baker{at}", f"<p>Loaf number {at} of mine came out well.</p>", 1 if at % 2 else at, {})
        for at in range(6, 23)
    ),
    ("system", "", None, {"post_type": 3, "action_code": "closed.enabled"}),
    ("harin", "<p>끝으로, 통밀은 체에 한 번 치면 더 부드럽습니다.</p>", 5, {}),
)
COUNT: Final = len(_POSTS)
_FIRST: Final = 20
COMMENT: Final = 'itemprop="comment" itemscope itemtype="http://schema.org/Comment"'


def number_of(post_id: int) -> int:
    """The number of a post in its topic."""
    return post_id - 7000


def _post(number: int) -> dict[str, Any]:
    author, cooked, answers, others = _POSTS[number - 1]
    at = f"2024-06-01T{8 + number // 60:02}:{number % 60:02}:00.000Z"
    return {
        "id": 7000 + number,
        "username": author,
        "created_at": at,
        "updated_at": at,
        "cooked": cooked,
        "post_number": number,
        "post_type": 1,
        "reply_to_post_number": answers,
        "version": 1,
        "hidden": False,
        "user_deleted": False,
        "actions_summary": [],
    } | others


def topic(numbers: Sequence[int] = range(1, _FIRST + 1)) -> dict[str, Any]:
    """The JSON of the topic, with some of its posts whole."""
    return {
        "id": 300,
        "title": "Flour from the mill",
        "posts_count": COUNT,
        "views": 512,
        "tags": [{"id": 4, "name": "flour", "slug": "flour"}, "mills"],
        "post_stream": {
            "posts": [_post(number) for number in numbers],
            "stream": [7000 + number for number in range(1, COUNT + 1)],
        },
    }


def _crawler_post(number: int) -> str:
    author, cooked, _, _ = _POSTS[number - 1]
    at = f"2024-06-01T{8 + number // 60:02}:{number % 60:02}:00Z"
    return (
        f'<div id="post_{number}" {COMMENT if number > 1 else ""} class="topic-body crawler-post">'
        f'<div class="crawler-post-meta"><span class="creator" itemprop="author" itemscope itemtype="http://schema.org/Person">'
        f'<a itemprop="url" rel="nofollow" href="https://{HOST}/u/{author}"><span itemprop="name">{author}</span></a></span>'
        f'<span class="crawler-post-infos"><time itemprop="datePublished" datetime="{at}" class="post-time">June 1, 2024</time>'
        f'<span itemprop="position">{number}</span></span></div><div class="post" itemprop="text">{cooked}</div></div>'
    )


def page(number: int = 1, *, preloaded: bool = True) -> str:
    """A page of the topic as those see it who run no scripts."""
    shown = range(1, _FIRST + 1) if number == 1 else range(_FIRST + 1, COUNT + 1)
    held = escape(json.dumps({"topic_300": json.dumps(topic(shown))})) if preloaded else "{}"
    last = f'<a rel="next" itemprop="url" href="{TOPIC}?page=2">next page →</a>' if number == 1 else ""
    posts = "".join(map(_crawler_post, shown))
    return (
        '<!doctype html><html lang="en"><head><title>Flour from the mill - Loaves</title><meta name="generator" content="Discourse 3.5.1">'
        f'<link rel="canonical" href="https://{HOST}{TOPIC}{"" if number == 1 else "?page=2"}"><meta name="discourse_theme_id" content="1"></head>'
        f'<body class="crawler"><div class="hidden" id="data-preloaded" data-preloaded="{held}"></div>'
        f'<div id="topic-title"><h1><a href="{TOPIC}">Flour from the mill</a></h1></div>'
        f'<div itemscope itemtype="http://schema.org/DiscussionForumPosting"><meta itemprop="headline" content="Flour from the mill">{posts}</div>'
        f'<div role="navigation" itemscope itemtype="http://schema.org/SiteNavigationElement" class="topic-body crawler-post">{last}</div></body></html>'
    )


def answer(path: str, query: str) -> dict[str, Any] | None:
    """The JSON at a path; None where there is none."""
    if path == "/t/300.json":
        return topic()
    if path == "/t/300/posts.json":
        ids = [int(value) for name, value in parse_qsl(query) if name == "post_ids[]"]
        return {"id": 300, "post_stream": {"posts": [_post(number_of(each)) for each in ids]}}
    return None


PAGES: Final = {f"{HOST}{TOPIC}": page(), f"{HOST}{TOPIC}?page=2": page(2)}
