"""One thread told twice, by a page's data and by what the page shows: which comments are the same, and what of them is known."""

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from scraper.model.record import Comment
from scraper.page.characters import plain

_MARKER: Final = re.compile(r"^\s*(?:[-*•]|\d{1,3}\.)\s+", re.MULTILINE)
_NO_LETTERS: Final = re.compile(r"[\W_]+")
# A shorter text is found in others by chance.
TELLING: Final = 8


def letters(text: str | None) -> str:
    """What remains of a text in every layout: its letters, without list marks; its symbols where it has no letters."""
    bare = plain(_MARKER.sub("", text or ""))
    return _NO_LETTERS.sub("", bare) or "".join(bare.split())


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
        at = next((at for key in _keys(comment) for at in waiting[key] if at not in taken), None)
        if at is not None:
            pairs[position] = at
            taken.add(at)
    return pairs | _overlapping(told, shown, pairs)


def _keys(comment: Comment) -> Iterator[str]:
    if comment.native_id:
        yield f"#{comment.native_id}"
    yield letters(comment.text)


def _overlapping(told: Sequence[Comment], shown: Sequence[Comment], pairs: dict[int, int]) -> dict[int, int]:
    taken = set(pairs.values())
    rest = {at: letters(comment.text) for at, comment in enumerate(shown) if at not in taken}
    overlapping: dict[int, int] = {}
    for position, comment in enumerate(told):
        words = letters(comment.text)
        if position in pairs or not words:
            continue
        for at, seen in rest.items():
            if seen.endswith(words) or (len(seen) >= TELLING and words.startswith(seen)):
                overlapping[position] = at
                del rest[at]
                break
    return overlapping


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
