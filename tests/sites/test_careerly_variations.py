"""Every form of a page of Careerly's first site gives the same post and thread, to the letter."""

from itertools import chain
from random import Random

import pytest

from tests.bench.pages import posts
from tests.examples import few_of
from tests.replica import wording
from tests.replica.content import ReplicaPost, load_community
from tests.sites.captures import capture, read
from tests.sites.variations import varied

COMMUNITY = load_community()
POSTS = [
    *(
        post
        for post in chain(COMMUNITY.newest("post", "v1"), COMMUNITY.newest("question", "v1"))
        if not post.next_data
    ),
    *posts(10),
]


def _written(post: ReplicaPost) -> dict[str, object]:
    comments = post.shown_comments
    places = {comment.id: place for place, comment in enumerate(comments)}
    return {
        "title": post.title,
        "text": post.shown_text,
        "author": post.by and post.by.name,
        "published": wording.full_date(post.at),
        "counts": {
            "saves": wording.count(post.saves, abbreviated=post.abbreviated),
            "views": wording.count(post.views, abbreviated=post.abbreviated),
            "comments": str(len(post.comments)),
        },
        "comments": [
            (
                None if each.deleted else each.text,
                each.by and each.by.name,
                None if each.deleted else wording.comment_date(each.at, None),
                places.get(each.to) if each.to else None,
                each.likes or None,
            )
            for each in comments
        ],
    }


def _read(page: str, url: str) -> dict[str, object]:
    record = read(capture(page, url))
    post = record.post
    return {
        "title": post.title,
        "text": post.text,
        "author": post.author and post.author.name,
        "published": post.published and post.published.raw,
        "counts": {
            count.name: count.raw for count in post.counts if count.name in {"saves", "views", "comments"}
        },
        "comments": [
            (
                each.text,
                each.author and each.author.name,
                each.published and each.published.raw,
                each.parent,
                each.likes and each.likes.value,
            )
            for each in record.comments
        ],
    }


@pytest.mark.parametrize("seed", few_of(list(range(400)), 40))
def test_other_markup_says_the_same(seed: int) -> None:
    dice = Random(seed)
    post, page = varied(COMMUNITY, dice.choice(POSTS), dice)
    assert _read(page, post.url("v1")) == _written(post)
