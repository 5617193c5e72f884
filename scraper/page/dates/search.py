"""Dates inside short texts: bylines, footers, the lines of a list."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from scraper.page.dates import forms
from scraper.page.dates.lexicon import WORDS, Tokens, may_hold_date, tokens_of
from scraper.page.dates.placing import Frame, Zone
from scraper.page.dates.printed import read_printed

# Whether a text has dates depends on no zone and no capture; February 29 is one in some year.
_ANY: Final = Frame(Zone("UTC", "assumed"), datetime(2000, 12, 31, 23, 59, 59, tzinfo=UTC))
# Beside these a number is part of an address, a price, a name.
_BINDING: Final = frozenset("/\\_=&%@$€£¥₩#+")
_BETWEEN_NUMBERS: Final = frozenset(".,:-–")
# What sets off a word that is a date only by itself.
_SEPARATORS: Final = frozenset("|·•∙‧—–-:,;()[]/~")
_HANGUL: Final = range(0xAC00, 0xD7A4)
_EASTERN: Final = range(0x3040, 0xD7A4)
_PARTICLES: Final = frozenset("에의부까쯤")
_NUMBERS: Final = re.compile("[abny]")


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date in a text: ``text[start:end]`` is ``raw``."""

    start: int
    end: int
    raw: str


def search_dates(text: str) -> tuple[DateSpan, ...]:
    """The dates in a text, in its order, each of which ``read_date`` reads.

    A word such as ``yesterday`` and a short form such as ``3d`` are dates where separators set them off, or where
    they follow a word of bylines (``asked yesterday``).
    """
    if not may_hold_date(text):
        return ()
    tokens = tokens_of(text)
    if forms.CORE.search(tokens.classes) is None:
        return ()
    spans: list[DateSpan] = []
    position = 0
    starts: list[int] = []
    while match := forms.SOUGHT.search(tokens.classes, position):
        starts = starts or tokens.starts()
        first, last = match.span()
        if tokens.classes[last - 1] == " ":
            last -= 1
        span = _span(
            text, tokens, (first, last), (starts[first], starts[last]), is_alone=bool(match["alone"])
        )
        if span:
            spans.append(span)
        # A form that holds none may begin inside what was no date.
        position = last if span else first + 1
    return tuple(spans)


def _span(
    text: str, tokens: Tokens, places: tuple[int, int], ends: tuple[int, int], *, is_alone: bool
) -> DateSpan | None:
    """The span of what a form matched, if it is a date and no part of something else."""
    (first, last), (start, end) = places, ends
    raw = text[start:end]
    if raw.endswith(")") and "(" not in raw:
        last, end, raw = last - 1, end - 1, raw[:-1]
    if not _is_bounded(text, start, end) or (is_alone and not _stands_alone(tokens, first, last, raw)):
        return None
    words = tokens.words[first:last]
    if (
        len(words[0]) < 4
        and raw[0].islower()
        and "weekday" in WORDS.get(words[0], ())
        and words[1:2] == [" "]
    ):
        # ``to Mar 8``: Thursday for Finns, and a short word for the others. The date begins behind it.
        return None
    part = Tokens(words, tokens.classes[first:last])
    is_whole = start == 0 and end == len(text)
    if not is_whole and _is_everyday(part, raw, text[end : end + 2]):
        return None
    if read_printed(part, _ANY) is None:
        return None
    return DateSpan(start, end, raw)


def _is_bounded(text: str, start: int, end: int) -> bool:
    """Whether a date ends where it ends, and is no part of a longer word or number."""
    before, after = text[:start][-2:], text[end : end + 2]
    first, last = text[start], text[end - 1]
    if before and (_is_letter(before[-1]) or (before[-1] in _BINDING)):
        return False
    if after and (after[0] in _BINDING or _is_letter(after[0])):
        return False
    if last.isalpha() and after and ord(last) in _HANGUL and ord(after[0]) in _HANGUL:
        return after[0] in _PARTICLES
    if first.isdigit() and len(before) == 2 and before[1] in _BETWEEN_NUMBERS and before[0].isdigit():
        return False
    return not (last.isdigit() and len(after) == 2 and after[0] in _BETWEEN_NUMBERS and after[1].isdigit())


def _is_letter(sign: str) -> bool:
    return sign.isalnum() and ord(sign) not in _EASTERN


def _stands_alone(tokens: Tokens, first: int, last: int, raw: str) -> bool:
    if raw[0].isdigit() and not raw.islower():
        # ``5M`` are five millions.
        return False
    words = tokens.words
    before = next(
        (words[index] for index in (first - 1, first - 2) if index >= 0 and not words[index].isspace()), None
    )
    after = next((word for word in words[last : last + 2] if not word.isspace()), None)
    is_open = before is None or before in _SEPARATORS or "byline" in WORDS.get(before, ())
    return is_open and (after is None or after in _SEPARATORS)


def _is_everyday(part: Tokens, raw: str, after: str) -> bool:
    """Whether a month and one number may as well be a verb and its object: ``May 5 of you``, ``set 2014``."""
    if len(_NUMBERS.findall(part.classes)) > 1:
        return False
    start = 0
    for word in part.words:
        if "everyday" in WORDS.get(word, ()):
            return raw[start].islower() or (after[:1].isspace() and after[1:].islower())
        start += len(word)
    return False
