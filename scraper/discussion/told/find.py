"""V1 pages that carry their data: the post and its thread, found in the JSON by shape and id, under any keys."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from scraper.discussion.conventions import Conventions, PostReference
from scraper.discussion.told import fields
from scraper.discussion.told.thread import COMMENT_IDS, thread_of
from scraper.model.record import Comment
from scraper.page.data import Fields, data_in_text, normal_key, walk
from scraper.page.references import children

_THREAD: Final = re.compile(r"comment|repl|answer")
_NESTED: Final = re.compile(r"repl|answer")
_OWNER_ID: Final = ("postid", "questionid", "qnaid", "targetid", "parentpostid")
_OWNER: Final = ("post", "question", "qna")
# Where stores of answers say what was asked: React Query's keys, and what others call theirs.
_ASKED: Final = ("querykey", "queryhash", "endpointname", "cachekey")
_CACHE_KEY: Final = re.compile(r"\w+:\w+")
# How often JSON is looked for in the texts of JSON, the page's own counted.
_DEEPEST_TEXT: Final = 3
_MOST_WORDS: Final = 16


@dataclass(frozen=True, slots=True)
class ToldPost:
    """What a page's data tells of its post."""

    item: Fields
    comments: tuple[Comment, ...]
    has_thread: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """An object of the data, the keys that led to it, and the objects around it."""

    item: dict[str, object]
    keys: tuple[str, ...]
    around: tuple[dict[str, object], ...]


def find_told(
    data: Sequence[object], ref: PostReference, conventions: Conventions, captured_at: datetime | None
) -> ToldPost | None:
    """The post ``ref`` in the JSON of its page, or else in texts there that are JSON; None where no object is it."""
    for _ in range(_DEEPEST_TEXT):
        if told := _find(data, ref, conventions, captured_at):
            return told
        data = data_in_text(data)
    return None


def _find(
    data: Sequence[object], ref: PostReference, conventions: Conventions, captured_at: datetime | None
) -> ToldPost | None:
    steps = (_Place(*step) for step in walk(*data))
    places = [each for each in steps if Fields(each.item).id(fields.IDS) is not None]
    candidates = [each for each in places if _post_score(each, ref) > 0]
    if not candidates:
        return None
    post = max(candidates, key=lambda each: (_post_score(each, ref), _length(each.item))).item
    objects = list(_thread(post, places, ref))
    comments = thread_of(objects, conventions, captured_at, "answer" if ref.is_question else "comment")
    has_place = Fields(post).objects(("comments", "replies", *fields.ANSWERS)) is not None
    return ToldPost(Fields(post), comments, bool(comments) or has_place)


def _post_score(place: _Place, ref: PostReference) -> int:
    item = Fields(place.item)
    if not any(item.id((name,)) == ref.number for name in fields.IDS):
        return 0
    worded = item.has(fields.TEXT) or item.has(fields.HTML)
    counted = sum(item.has(names) for names in fields.COUNTS.values())
    if not worded and counted < 2:
        return 0
    in_thread = any(_NESTED.search(normal_key(key)) for key in place.keys[-2:])
    another = item.id(("id",)) not in {ref.number, None} and not item.has(fields.TITLE)
    score = 4 * worded + 2 * counted + 2 * item.has(fields.TITLE) + item.has(fields.CREATED)
    return score - 6 * (in_thread or another)


def _length(item: dict[str, object]) -> int:
    """How much an object says: of two copies of a post, the one in a list may be cut."""
    return len(Fields(item).text((*fields.TEXT, *fields.HTML)) or "")


def _thread(
    post: dict[str, object], places: Sequence[_Place], ref: PostReference
) -> Iterator[dict[str, object]]:
    """The top level of the thread: what the post holds or what names it, and lists that share a comment with these.

    Where nothing is so sure, what a thread's key leads to. The longest list comes first, so that a preview of the
    thread does not decide its order.
    """
    inside = [_Place(*step) for step in walk(post)]
    held = [each for each in inside if _is_comment(each, post, ref) and _leads_to_thread(each)]
    beside = [each for each in places if _is_comment(each, post, ref)]
    sure = held + [each for each in beside if _owner(each) == ref.number or _asked_for(each, ref)]
    loose = [each for each in beside if _leads_to_thread(each) and _asked_for(each, ref) is None]
    ids = {_comment_id(item) for items in _lists(sure) for item in items}
    lists = _lists(sure) + [
        items for items in _lists(loose) if not ids or any(_comment_id(item) in ids for item in items)
    ]
    for items in sorted(lists, key=len, reverse=True):
        yield from items


def _lists(places: Iterable[_Place]) -> list[list[dict[str, object]]]:
    lists: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for each in places:
        lists.setdefault(each.keys, []).append(each.item)
    return list(lists.values())


def _comment_id(item: dict[str, object]) -> str | None:
    return Fields(item).id(COMMENT_IDS)


def _is_comment(place: _Place, post: dict[str, object], ref: PostReference) -> bool:
    """Whether an object speaks as comments do, and not from within another post, comment or person."""
    item = Fields(place.item)
    if place.item is post or not _speaks(place.item) or _comment_id(place.item) is None:
        return False
    if item.text(fields.TITLE) or item.has(fields.COUNTS["views"]):
        # Posts beside it have the same shape, and may lie under a key like "comments" (V1's word for posts).
        return False
    if any(normal_key(key) in fields.PERSON for key in place.keys):
        return False
    within = any(holder is not post and _speaks(holder) for holder in place.around)
    return not within and _owner(place) in {ref.number, None}


def _speaks(item: dict[str, object]) -> bool:
    read = Fields(item)
    return read.id(fields.IDS) is not None and (read.has(fields.TEXT) or read.has(fields.HTML))


def _owner(place: _Place) -> str | None:
    item = Fields(place.item)
    holder = item.fields(_OWNER)
    return item.id(_OWNER_ID) or (holder.id(fields.IDS) if holder else None)


def _leads_to_thread(place: _Place) -> bool:
    return bool(_asked(place)) or any(_THREAD.search(normal_key(key)) for key in place.keys)


def _asked_for(place: _Place, ref: PostReference) -> bool | None:
    """Whether an object answers a query for the thread of the post; None where no query names any post."""
    numbers = {number for words in _asked(place) for number in re.findall(r"\d+", words)}
    return ref.number in numbers if numbers else None


def _asked(place: _Place) -> list[str]:
    """What was asked for to get an object: the words of the queries around it that speak of a thread."""
    queries = [holder for holder in map(Fields, place.around) if holder.has(_ASKED)]
    keys = [_words(query.get((name,))) for query in queries for name in _ASKED]
    calls = [key for key in place.keys if not key.isidentifier() and not _CACHE_KEY.fullmatch(key)]
    return [words for words in (*keys, *calls) if _THREAD.search(normal_key(words))]


def _words(value: object, depth: int = 3) -> str:
    if isinstance(value, dict | list) and depth:
        inner = islice(children(value), _MOST_WORDS)
        return " ".join(_words(item, depth - 1) for item in inner)
    return str(value) if isinstance(value, str | int) else ""
