"""One thread told twice, by a page's data and by what the page shows: which comments are the same, and what of them is known."""

import re
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Final

from scraper.model.record import Comment
from scraper.page.characters import plain

_MARKER: Final = re.compile(r"^\s*(?:[-*•]|\d{1,3}\.)\s+", re.MULTILINE)
_LETTERS: Final = re.compile(r"[^\W_]+")
_NO_LETTERS_OF_ASCII: Final = {code: None for code in range(0x80) if not chr(code).isalnum()}
# A shorter text is found in others by chance.
TELLING: Final = 8


def letters(text: str | None) -> str:
    """What remains of a text in every layout: its letters, without list marks; its symbols where it has no letters."""
    bare = plain(_MARKER.sub("", text or ""))
    if bare.isascii():
        return bare.translate(_NO_LETTERS_OF_ASCII) or "".join(bare.split())
    return "".join(_LETTERS.findall(bare)) or "".join(bare.split())


def match(told: Sequence[Comment], shown: Sequence[Comment]) -> dict[int, int]:
    """For positions in ``told`` the position of the same comment in ``shown``, by id or text, and by order.

    A comment is shown when the page has its text whole, with more around it (a headline), or cut.
    """
    waiting: dict[str, deque[int]] = defaultdict(deque)
    for position, comment in enumerate(shown):
        for key in _keys(comment):
            waiting[key].append(position)
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for position, comment in enumerate(told):
        free = (_first_free(waiting[key], taken) for key in _keys(comment))
        at = next((at for at in free if at is not None), None)
        if at is not None:
            pairs[position] = at
            taken.add(at)
    return pairs | _overlapping(told, shown, pairs)


def _first_free(positions: deque[int], taken: set[int]) -> int | None:
    """The first of ``positions`` that is not taken; those before it, which stay so, are dropped."""
    while positions and positions[0] in taken:
        positions.popleft()
    return positions[0] if positions else None


def _keys(comment: Comment) -> Iterator[str]:
    if comment.native_id:
        yield f"#{comment.native_id}"
    yield letters(comment.text)


def _overlapping(told: Sequence[Comment], shown: Sequence[Comment], pairs: dict[int, int]) -> dict[int, int]:
    taken = set(pairs.values())
    rest = _Texts({at: letters(comment.text) for at, comment in enumerate(shown) if at not in taken})
    overlapping: dict[int, int] = {}
    for position, comment in enumerate(told):
        words = letters(comment.text)
        if position in pairs or not words:
            continue
        at = min(
            filter(lambda at: at not in taken, (*rest.ending_with(words), *rest.opening(words))), default=None
        )
        if at is not None:
            overlapping[position] = at
            taken.add(at)
    return overlapping


class _Texts:
    """Texts by their positions, looked up by how they end and by what begins with them."""

    def __init__(self, texts: Mapping[int, str]) -> None:
        self._backwards = sorted((text[::-1], at) for at, text in texts.items())
        self._at: defaultdict[str, list[int]] = defaultdict(list)
        for at, text in texts.items():
            if len(text) >= TELLING:
                self._at[text].append(at)
        self._lengths = sorted({len(text) for text in self._at})

    def ending_with(self, words: str) -> Iterator[int]:
        """The positions of the texts that end with ``words``."""
        end = words[::-1]
        at = bisect_left(self._backwards, (end, -1))
        while at < len(self._backwards) and self._backwards[at][0].startswith(end):
            yield self._backwards[at][1]
            at += 1

    def opening(self, words: str) -> Iterator[int]:
        """The positions of the texts that ``words`` begin with, where they are long enough to tell something."""
        lengths = takewhile(lambda length: length <= len(words), self._lengths)
        return (at for length in lengths for at in self._at.get(words[:length], ()))


def completed(told: Comment, shown: Comment, *, authors: bool) -> Comment:
    """What the data says of a comment, and what it leaves open as the page shows it; the author if ``authors``."""
    return replace(
        told,
        native_id=told.native_id or shown.native_id,
        url=told.url or shown.url,
        author=told.author or (shown.author if authors else None),
        is_post_author=shown.is_post_author if told.is_post_author is None else told.is_post_author,
        is_accepted=shown.is_accepted if told.is_accepted is None else told.is_accepted,
        published=told.published or shown.published,
        edited=told.edited or shown.edited,
        likes=told.likes or shown.likes,
        score=told.score or shown.score,
        removed=told.removed or shown.removed,
    )


def as_shown(shown: Comment, told: Comment) -> Comment:
    """What is told of a comment, with no more words than the page shows, and its place there."""
    text = told.text if letters(told.text) in letters(shown.text) else shown.text
    return replace(told, text=text, parent=shown.parent, parent_basis=shown.parent_basis, depth=shown.depth)


def reordered(told: Sequence[Comment], pairs: dict[int, int]) -> tuple[Comment, ...]:
    """Comments of which each has its pair, in the order of these."""
    order = sorted(range(len(told)), key=pairs.__getitem__)
    places = {position: place for place, position in enumerate(order)}
    return tuple(
        replace(comment, parent=None if comment.parent is None else places[comment.parent])
        for comment in (told[position] for position in order)
    )
