"""A thread in the state of a page's scripts, found by its shape: a list of objects that say who wrote what and when.

Keys are those of many APIs; what tells a thread from other lists of that shape is where it stands and what the page shows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from scraper.discussion.conventions import Conventions
from scraper.discussion.thread_match import TELLING, letters
from scraper.discussion.told import fields
from scraper.discussion.told.content import read_text
from scraper.discussion.told.telling import Frame, Telling, ToldPost
from scraper.discussion.told.thread import thread_of
from scraper.page.data import Fields, normal_key

# What a script says that holds a thread.
HINTS: Final = ("omments", "eplies", "nswers", "essages", "posts")
_THREAD: Final = re.compile(r"comment|repl(?:y|ies)|answer")
_LOOSE: Final = re.compile(r"posts|messages|items|nodes|edges|data|list|results|thread")
_ELSEWHERE: Final = re.compile(
    r"related|recommend|popular|trending|latest|recent|similar|sidebar|feed|notification|featured|suggest|author|user|member|image|review"
)
_TEXT: Final = frozenset((*fields.TEXT, *fields.HTML))
_WHO: Final = frozenset((*fields.PERSON, *fields.NAMES))
_WHEN: Final = frozenset(fields.CREATED)
_MOST: Final = 200_000
_LOOKED_AT: Final = 5
# So much of a list that no key calls a thread must be shown.
_LEAST_SHOWN: Final = 0.5
_LEAST_TITLE: Final = 4


@dataclass(frozen=True, slots=True)
class ShownPage:
    """What a page shows: its title, the texts of its comments, and whether that is next to nothing until scripts have run."""

    title: str | None
    texts: Sequence[str | None]
    is_bare: bool


@dataclass(frozen=True, slots=True)
class _List:
    """A list of objects, the keys that lead to it and the objects around it, the innermost last."""

    items: list[dict[str, object]]
    keys: tuple[str, ...]
    around: tuple[dict[str, object], ...]


def read_by_shape(
    values: Sequence[object],
    frame: Frame,
    conventions: Conventions,
    page: ShownPage,
) -> Telling | None:
    """The thread of the page in its state; None where none is there, or nothing says which is its own."""
    seen = [letters(text) for text in page.texts if text]
    lists = [each for each in _lists(values) if _is_thread(each, seen)]
    own = _of_page(lists, frame, page.title, seen, is_bare=page.is_bare)
    if own is None:
        return None
    comments = tuple(
        comment if comment.parent is None else replace(comment, parent_basis="stated")
        for comment in thread_of(own.items, conventions, frame.captured_at)
    )
    holder = next((each for each in reversed(own.around) if Fields(each).text(fields.TITLE)), None)
    post = _post(Fields(holder), conventions, frame) if holder is not None else ToldPost("post")
    is_withheld = holder is not None and (
        fields.withheld_by(Fields(holder)) is not None or fields.is_locked(Fields(holder))
    )
    return Telling("page-data", post, comments, (None,) * len(comments), is_withheld=is_withheld)


def _lists(values: Sequence[object]) -> Iterator[_List]:
    """The lists of objects that look as comments do, the outermost of nested ones alone."""
    stack: list[tuple[object, tuple[str, ...], tuple[dict[str, object], ...]]] = [
        (value, (), ()) for value in reversed(values)
    ]
    entered: set[int] = set()
    while stack and len(entered) < _MOST:
        value, keys, around = stack.pop()
        if id(value) in entered:
            continue
        entered.add(id(value))
        if isinstance(value, dict):
            inner = (*around[-7:], value)
            stack += [
                (child, (*keys[-11:], normal_key(key)), inner)
                for key, child in value.items()
                if isinstance(child, dict | list) and child
            ]
        elif isinstance(value, list):
            items = [node for item in value if (node := _node(item)) is not None]
            if items and _speak(items):
                yield _List(items, keys, around)
            else:
                stack += [
                    (child, keys, around) for child in reversed(value) if isinstance(child, dict | list)
                ]


def _node(item: object) -> dict[str, object] | None:
    """An object of a list, or what an edge of a graph leads to."""
    if not isinstance(item, dict):
        return None
    node = item.get("node")
    return node if isinstance(node, dict) else item


def _speak(items: Sequence[Mapping[str, object]]) -> bool:
    """Whether objects say who wrote what and when, and have no titles of their own."""
    looked_at = items[:_LOOKED_AT]
    keys = [
        {normal_key(key) for key, value in item.items() if value not in (None, "", [])} for item in looked_at
    ]
    speaking = sum(bool(each & _TEXT and each & _WHO and each & _WHEN) for each in keys)
    titled = sum(bool(each & set(fields.TITLE)) for each in keys)
    return 2 * speaking > len(keys) and 2 * titled < len(keys)


def _is_thread(each: _List, seen: Sequence[str]) -> bool:
    """Whether a list is called a thread, or is one by what the page shows of it."""
    if any(_ELSEWHERE.search(key) for key in each.keys[-3:]):
        return False
    if any(_THREAD.search(key) for key in each.keys[-3:]):
        return True
    named = not each.keys or _LOOSE.search(each.keys[-1])
    return bool(named) and _share_shown(each, seen) >= _LEAST_SHOWN


def _share_shown(each: _List, seen: Sequence[str]) -> float:
    if not seen:
        return 0.0
    told = [letters(read_text(Fields(item))) for item in each.items[:50]]
    known = sum(
        any(len(text) >= TELLING and (text in one or one in text) for one in seen if one) for text in told
    )
    return known / len(told)


def _of_page(
    lists: Sequence[_List], frame: Frame, title: str | None, seen: Sequence[str], *, is_bare: bool
) -> _List | None:
    """The list that is the page's own thread: by what is shown or by the post around it, on a bare page also as the only one there is."""
    rated = [
        (_share_shown(each, seen) >= _LEAST_SHOWN, _is_around(each, frame, title), len(each.items), -at)
        for at, each in enumerate(lists)
    ]
    best = max(rated, default=None)
    if best is None:
        return None
    is_sure = best[0] or best[1] or (is_bare and len(lists) == 1)
    return lists[-best[3]] if is_sure else None


def _is_around(each: _List, frame: Frame, title: str | None) -> bool:
    """Whether an object around a list, or one beside it, is the page's post: by its title, or its id in the address."""
    parts = {part for url in frame.urls for part in re.split(r"[/?=&.#-]", url) if part.isdigit()}
    slugs = {url.rstrip("/").rsplit("/", 1)[-1] for url in frame.urls}
    beside = [child for child in each.around[-1].values() if isinstance(child, dict)] if each.around else []
    own = letters(title)
    for holder in map(Fields, (*each.around, *beside)):
        stated = letters(holder.text(fields.TITLE))
        if len(stated) >= _LEAST_TITLE and stated in own:
            return True
        if (holder.has(fields.TITLE) and holder.id(fields.IDS) in parts) or holder.id(("slug",)) in slugs:
            return True
    return False


def _post(item: Fields, conventions: Conventions, frame: Frame) -> ToldPost:
    published, edited = fields.read_dates(item, conventions.zone, frame.captured_at)
    return ToldPost(
        "post",
        item.text(fields.TITLE),
        read_text(item),
        fields.read_person(item, conventions.words),
        published,
        edited,
        fields.read_counts(item),
    )
