"""A record of a page that somebody saved who was signed in: it says so, and their name leaves what was read of the page around its post."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import takewhile
from typing import Final

from scraper.model.record import SIGNED_IN, Comment, Evidence, Record, Removed
from scraper.page.session import Session, says_who_is_signed_in
from scraper.page.session_controls import is_menu

_MASK: Final = "⟨member⟩"
_RULE: Final = "account-menu"
_LETTERS: Final = re.compile(r"\w")
_GAPS: Final = re.compile(r"\n{3,}")


def as_signed_in(record: Record, sessions: Sequence[Session]) -> Record:
    """The record with what sessions on its pages mean: it may show what signed-out readers do not see."""
    if not sessions:
        return record
    signs = "; ".join(dict.fromkeys(sign for session in sessions for sign in session.signs))
    detail = (
        f"Its page was saved by somebody who was signed in ({signs}), so it may show what only a member sees."
    )
    post = record.post
    access = "unknown" if post.access == "full" else post.access
    evidence = (*post.access_evidence, Evidence(SIGNED_IN, detail))
    return replace(record, post=replace(post, access=access, access_evidence=evidence))


def without_saver(record: Record, names: Sequence[str]) -> Record:
    """The record without the names of whoever saved its pages where these stand in a menu, and not in what somebody wrote.

    What was taken out of a text already, and what is quoted as evidence, stood around it.
    """
    if not names:
        return record
    pattern = re.compile("|".join(map(_as_word, sorted(set(names), key=len, reverse=True))))
    mask = partial(pattern.sub, _MASK)
    post = record.post
    text, taken = _without_menus(post.text, pattern)
    evidence = tuple(replace(each, detail=mask(each.detail)) for each in post.access_evidence)
    post = replace(
        post, text=text or None, access_evidence=evidence, removed=_masked((*post.removed, *taken), mask)
    )
    comments = tuple(_of_comment(each, names, pattern) for each in record.comments)
    return replace(record, post=post, comments=comments)


def _as_word(name: str) -> str:
    """A pattern of a name: one in Latin letters stands by itself, on others particles hang."""
    escaped = re.escape(name)
    return rf"(?<![A-Za-z0-9_]){escaped}(?![A-Za-z0-9_])" if name.isascii() else escaped


def _of_comment(comment: Comment, names: Sequence[str], pattern: re.Pattern[str]) -> Comment:
    mask = partial(pattern.sub, _MASK)
    if comment.author and comment.author.name in names:
        return replace(comment, removed=_masked(comment.removed, mask))
    text, taken = _without_menus(comment.text, pattern)
    return replace(
        comment, text=text or (_MASK if taken else text), removed=_masked((*comment.removed, *taken), mask)
    )


def _masked(removed: Iterable[Removed], mask: Callable[[str], str]) -> tuple[Removed, ...]:
    return tuple(replace(each, text=mask(each.text)) for each in removed)


def _without_menus(text: str | None, pattern: re.Pattern[str]) -> tuple[str | None, list[Removed]]:
    """A text without the lines of an account's menu that it begins or ends with, and these.

    Such a line holds nothing but a name and words of menus, or says who is signed in. One that is a name alone is of a menu at an end of the text; within it people list names.
    """
    if text is None or not pattern.search(text):
        return text, []
    lines = text.split("\n")
    of_menu = [pattern.search(line) is not None and _is_of_menu(line, pattern) for line in lines]
    is_bare = [
        is_of and not _LETTERS.search(pattern.sub("", line))
        for is_of, line in zip(of_menu, lines, strict=True)
    ]
    filled = [number for number, line in enumerate(lines) if line.strip()]
    ends = {*takewhile(of_menu.__getitem__, filled), *takewhile(of_menu.__getitem__, reversed(filled))}
    taken = [
        number for number, is_of in enumerate(of_menu) if is_of and (not is_bare[number] or number in ends)
    ]
    if not taken:
        return text, []
    kept = "\n".join(line for number, line in enumerate(lines) if number not in taken)
    return _GAPS.sub("\n\n", kept).strip("\n"), [Removed(_RULE, lines[number].strip()) for number in taken]


def _is_of_menu(line: str, pattern: re.Pattern[str]) -> bool:
    return is_menu(pattern.sub(" ", line)) or says_who_is_signed_in(line)
