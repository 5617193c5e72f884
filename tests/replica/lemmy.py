"""A post of a made Lemmy in our own words: its page with a state that holds some of its comments, and all of them in pages."""

import json
from typing import Any, Final
from urllib.parse import parse_qs

HOST: Final = "lemmy.example"
POST: Final = "/post/77"
# Path, author, Markdown; one without words was removed by a moderator.
COMMENTS: Final = (
    ("0.901", "ilse", "We had the **same** trouble with our oven last winter."),
    ("0.901.902", "doyun", "어떻게 고치셨어요?"),
    ("0.901.902.905", "ilse", "A new seal on the door, which took ten minutes."),
    ("0.903", "mara", ""),
    ("0.903.904", "ruben", "Please keep such offers out of here."),
    ("0.906", "harin", "Check the fuse first, that is nothing to be ashamed of."),
)
SHOWN: Final = 4


def _view(path: str, author: str, words: str) -> dict[str, Any]:
    number = int(path.rsplit(".", maxsplit=1)[-1])
    at = f"2024-07-01T10:{number % 60:02}:00.123456Z"
    return {
        "comment": {
            "id": number,
            "post_id": 77,
            "content": words,
            "removed": not words,
            "deleted": False,
            "published": at,
            "path": path,
            "local": True,
        },
        "creator": {
            "id": number,
            "name": author,
            "local": author != "ruben",
            "actor_id": f"https://{'elsewhere' if author == 'ruben' else 'lemmy'}.example/u/{author}",
        },
        "counts": {"comment_id": number, "score": number % 5, "upvotes": number % 5, "downvotes": 0},
    }


def _state() -> dict[str, Any]:
    post = {
        "post": {
            "id": 77,
            "name": "The oven stays cold",
            "body": "It lights up, hums, and stays as cold as it was. What would you look at first?",
            "published": "2024-07-01T09:00:00.000000Z",
            "removed": False,
            "deleted": False,
        },
        "creator": {
            "id": 1,
            "name": "jiho",
            "display_name": "Jiho",
            "local": True,
            "actor_id": f"https://{HOST}/u/jiho",
        },
        "counts": {"post_id": 77, "comments": len(COMMENTS), "score": 12, "upvotes": 13, "downvotes": 1},
    }
    comments = {"comments": [_view(*each) for each in COMMENTS[:SHOWN]]}
    return {
        "path": POST,
        "routeData": {
            "postRes": {"state": "success", "data": {"post_view": post, "cross_posts": []}},
            "commentsRes": {"state": "success", "data": comments},
        },
    }


def answer(path: str, query: str) -> dict[str, Any] | None:
    """The JSON at a path; None where there is none."""
    if path != "/api/v3/comment/list" or parse_qs(query).get("post_id") != ["77"]:
        return None
    return {"comments": [_view(*each) for each in COMMENTS] if parse_qs(query).get("page") == ["1"] else []}


def _shown(path: str, author: str, words: str) -> str:
    return (
        f'<li class="comment"><article id="comment-{path.rsplit(".", maxsplit=1)[-1]}" class="comment-node"><div><a class="person-listing" href="/u/{author}">{author}</a> '
        f'<span class="moment-time" title="Monday, July 1st, 2024">2 years ago</span></div><div class="comment-content"><p>{words or "removed by mod"}</p></div></article></li>'
    )


def _page() -> str:
    shown = "".join(_shown(*each) for each in COMMENTS[:SHOWN])
    return (
        f'<!doctype html><html lang="en"><head><script>window.isoData = {json.dumps(_state())}</script><title>The oven stays cold - Lemmy</title>'
        f'<link rel="canonical" href="https://{HOST}{POST}"></head><body><div id="root"><div id="app" class="lemmy-site"><main><div class="post-listing">'
        '<h1>The oven stays cold</h1><a class="community-link" href="/c/ovens">ovens</a><a class="person-listing" href="/u/jiho">Jiho</a>'
        '<div class="md-div"><p>It lights up, hums, and stays as cold as it was. What would you look at first?</p></div></div>'
        f'<ul class="comments">{shown}</ul></main><footer><a href="https://join-lemmy.org">Join Lemmy</a></footer></div></div></body></html>'
    )


PAGES: Final = {f"{HOST}{POST}": _page()}
