"""The data of a Careerly V1 page in many shapes: what the post is, and how some build of the site may have kept it."""

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

from tests.sites.layouts import Said, Written

Json = dict[str, Any]

SPELLINGS = ("camel", "snake", "kebab", "run-together")
FIRST_COMMENT = 7000


@dataclass(frozen=True)
class Shape:
    """One shape. Every field is a choice that some build of the site might have made."""

    spelling: str = "camel"
    home: Literal["props", "query", "call", "cache", "old-cache", "records"] = "props"
    thread: Literal["held", "beside"] = "held"
    thread_key: str = "comments"
    wrapped: Literal["bare", "results", "pages", "edges"] = "bare"
    nested: bool = True
    text_key: str = "content"
    parent_key: str = "parentId"
    names_post: bool = False
    deep: int = 0
    others_first: bool = True
    preview: bool = False


def told(written: Written, shape: Shape) -> Any:
    """The data of the page, with posts of the same shape and their threads beside it."""
    post = _post(written)
    if shape.preview:
        post["bestComments"] = _comments(written, shape)[-1:]
    thread = _wrapped(_comments(written, shape), shape)
    others = [_other(number) for number in (91, 92, 93)]
    if shape.thread == "held":
        post[shape.thread_key] = thread
    homes = {"props": _props, "query": _queries, "call": _calls}
    value: Any
    if shape.home in homes:
        value = homes[shape.home](post, thread, others, shape)
    else:
        value = _cache(post, thread, others, shape)
    for level in range(shape.deep):
        value = {f"layer{level}": {"menu": [{"id": level, "label": "홈"}], "inner": [value]}}
    return _spelt({"props": {"pageProps": value}, "query": {"id": str(written.number)}}, shape.spelling)


def shell(data: Any) -> str:
    """A page that is nothing but its data."""
    return with_data('<body><div id="__next"></div></body>', data)


def with_data(markup: str, data: Any) -> str:
    """A page with its data."""
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    script = f'<script id="__NEXT_DATA__" type="application/json">{text}</script>'
    return markup.replace("</body>", f"{script}</body>")


def in_order(written: Written) -> list[tuple[Said, int | None]]:
    """The comments with the position of the one that each answers."""
    flat: list[tuple[Said, int | None]] = []
    for said in written.comments:
        flat.append((said, None))
        parent = len(flat) - 1
        flat += [(reply, parent) for reply in said.replies]
    return flat


def _post(written: Written) -> Json:
    return {
        "postId": written.number,
        "title": written.title,
        "description": "\n\n".join(written.paragraphs),
        "createdAt": "2023-05-04 10:20:30",
        "updatedAt": "2023-05-04 10:20:30",
        "saveCount": 7,
        "postViewCount": 1234,
        "repliesCount": written.declared,
        "userProfile": {"id": written.profile, "userId": 99, "name": written.author},
    }


def _other(number: int) -> Json:
    said = [{"id": number * 10, "content": "다른 글의 댓글입니다.", "userProfile": {"id": 3, "name": "남"}}]
    other = _post(Written("다른 글", ("다른 글의 내용입니다.",), "", "1", "2", number=number))
    return other | {"comments": said, "userProfile": {"id": number + 5, "name": "다른 사람"}}


def _comments(written: Written, shape: Shape) -> list[Json]:
    objects: list[Json] = []
    for position, (said, parent) in enumerate(in_order(written)):
        comment = {
            "id": FIRST_COMMENT + position,
            shape.text_key: "\n\n".join(said.paragraphs),
            "createdAt": f"2023-05-05 11:00:{position:02d}",
            "likeCount": said.likes or 0,
            "userProfile": {"id": said.profile, "userId": 10_000 + position, "name": said.name},
        }
        if shape.names_post:
            comment["postId"] = written.number
        if shape.nested and parent is not None:
            objects[parent].setdefault("replies", []).append(comment)
        elif not shape.nested:
            comment[shape.parent_key] = None if parent is None else FIRST_COMMENT + parent
        objects.append(comment)
    top = [comment for comment, (_, parent) in zip(objects, in_order(written), strict=True) if parent is None]
    return top if shape.nested else objects


def _wrapped(comments: list[Json], shape: Shape) -> Any:
    if shape.wrapped == "results":
        return {"count": len(comments), "next": None, "results": comments}
    if shape.wrapped == "pages":
        halves = [comments[: len(comments) // 2], comments[len(comments) // 2 :]]
        return {"pages": [{"results": half} for half in halves], "pageParams": [None, 2]}
    if shape.wrapped == "edges":
        return {"edges": [{"cursor": "x", "node": comment} for comment in comments], "pageInfo": {}}
    return comments


def _props(post: Json, thread: Any, others: list[Json], shape: Shape) -> Json:
    beside = {shape.thread_key: thread} if shape.thread == "beside" else {}
    related = {"popularComments": others, "related": {"items": others}}
    detail = {"current": post, **beside}
    return {**related, "detail": detail} if shape.others_first else {"detail": detail, **related}


def _queries(post: Json, thread: Any, others: list[Json], shape: Shape) -> Json:
    number = str(post["postId"])
    asked: list[tuple[list[Any], Any]] = [
        (["comments", "popular"], others),
        (["comments", "91"], [{"id": 5, "content": "다른 글의 다른 댓글입니다."}]),
        (["post", number], post),
    ]
    if shape.thread == "beside":
        asked.append((["comments", {"postId": number}], thread))
    queries = [{"state": {"data": data}, "queryKey": key} for key, data in asked]
    return {"dehydratedState": {"queries": queries if shape.others_first else queries[::-1]}}


def _calls(post: Json, thread: Any, others: list[Json], shape: Shape) -> Json:
    number = post["postId"]
    calls = {
        "getPopular(undefined)": {"data": others},
        'getComments({"postId":91})': {"data": [{"id": 5, "content": "다른 글의 다른 댓글입니다."}]},
        f'getPost("{number}")': {"data": post},
    }
    if shape.thread == "beside":
        calls[f'getComments({{"postId":{number}}})'] = {"data": thread}
    return {"api": {"queries": calls if shape.others_first else dict(reversed(calls.items()))}}


def _cache(post: Json, thread: Any, others: list[Json], shape: Shape) -> Json:
    """A normalised cache: each object under its own key, references in its place."""
    cache: Json = {}
    root: Json = {"popular": _normalised(others, cache, "Post", shape)}
    root["post"] = _normalised(post, cache, "Post", shape)
    if shape.thread == "beside":
        root[f'comments({{"postId":{post["postId"]}}})'] = _normalised(thread, cache, "Comment", shape)
    entries = list(cache.items())
    if not shape.others_first:
        entries.reverse()
    return {"initialCache": {"ROOT_QUERY": root, **dict(entries)}}


def _normalised(value: Any, cache: Json, kind: str, shape: Shape) -> Any:
    if isinstance(value, list):
        references = [_normalised(item, cache, kind, shape) for item in value]
        if shape.home == "records" and references and all(item and "__ref" in item for item in references):
            return {"__refs": [item["__ref"] for item in references]}
        return references
    if not isinstance(value, dict):
        return value
    kinds = {"userProfile": "Member", "replies": "Comment", "comments": "Comment", "bestComments": "Comment"}
    item = {key: _normalised(child, cache, kinds.get(key, kind), shape) for key, child in value.items()}
    number = item.get("id") or item.get("postId")
    if number is None:
        return item
    name = f"{kind}:{number}"
    cache[name] = {"__typename": kind, **item}
    if shape.home == "old-cache":
        return {"type": "id", "generated": False, "id": name, "typename": kind}
    return {"__ref": name}


def _spelt(value: Any, spelling: str) -> Any:
    if isinstance(value, list):
        return [_spelt(item, spelling) for item in value]
    if not isinstance(value, dict):
        return value
    return {_key(key, spelling): _spelt(item, spelling) for key, item in value.items()}


def _key(key: str, spelling: str) -> str:
    if spelling == "camel" or not re.fullmatch(r"[a-z]+(?:[A-Z][a-z]+)+", key):
        return key
    parts = re.findall(r"[A-Z]?[a-z]+", key)
    return {"snake": "_", "kebab": "-", "run-together": ""}[spelling].join(parts).lower()
