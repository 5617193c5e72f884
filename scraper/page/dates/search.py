"""Dates inside short texts: bylines, footers, the lines of a list."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from scraper.page.dates import forms
from scraper.page.dates.lexicon import WORDS, Tokens, may_hold_date, tokens_of
from scraper.page.dates.placing import Frame
from scraper.page.dates.printed import read_printed
from scraper.page.home_zones import Zone

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
    position, starts = 0, [0]
    while match := forms.SOUGHT.search(tokens.classes, position):
        if position == 0:
            starts = tokens.starts()
        first, last = match.span()
        if tokens.classes[first:last].endswith(")") and "(" not in tokens.classes[first:last]:
            last -= 1
        place = _Place(text, tokens, first, last, starts[first], starts[last])
        # Another form may begin inside what is part of something else, none inside what is no day of any calendar.
        position = first + 1
        if place.is_bounded() and (place.is_set_off() or not match["alone"]) and not place.is_everyday():
            position = last
            if read_printed(Tokens(tokens.words[first:last], tokens.classes[first:last]), _ANY):
                spans.append(DateSpan(place.start, place.end, text[place.start : place.end]))
    return tuple(spans)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a text a form matched: its tokens, and its characters."""

    text: str
    tokens: Tokens
    first: int
    last: int
    start: int
    end: int

    def is_bounded(self) -> bool:
        """Whether a date ends where it ends, and is no part of a longer word or number."""
        text, end = self.text, self.end
        before, after = text[max(0, self.start - 2) : self.start], text[end : end + 2]
        first, last = text[self.start], text[end - 1]
        if before and (_is_letter(before[-1]) or before[-1] in _BINDING):
            return False
        if after and (_is_letter(after[0]) or after[0] in _BINDING):
            return False
        if after and ord(last) in _HANGUL and ord(after[0]) in _HANGUL:
            return after[0] in _PARTICLES
        return not (
            (first.isdigit() and before[1:] in _BETWEEN_NUMBERS and before[0].isdigit())
            or (last.isdigit() and after[:1] in _BETWEEN_NUMBERS and after[1:].isdigit())
        )

    def is_set_off(self) -> bool:
        """Whether nothing but separators and a word of bylines stands beside it."""
        words, raw = self.tokens.words, self.text[self.start : self.end]
        if raw[0].isdigit() and not raw.islower():
            # ``5M`` are five millions.
            return False
        before = [word for word in words[max(0, self.first - 2) : self.first] if not word.isspace()]
        after = [word for word in words[self.last : self.last + 2] if not word.isspace()]
        is_open = not before or before[-1] in _SEPARATORS or "byline" in WORDS.get(before[-1], ())
        return is_open and (not after or after[0] in _SEPARATORS)

    def is_everyday(self) -> bool:
        """Whether its words may as well be those of a sentence: ``May 5 of you``, ``set 2014``, ``to Mar 8``."""
        words = self.tokens.words[self.first : self.last]
        if len(words) == len(self.tokens.words):
            return False
        is_lower = self.text[self.start].islower()
        if is_lower and len(words[0]) < 4 and words[1:2] == [" "] and "weekday" in WORDS.get(words[0], ()):
            # ``to``: Thursday for Finns. The date begins behind it.
            return True
        if len(_NUMBERS.findall(self.tokens.classes[self.first : self.last])) > 1:
            return False
        offset = self.start
        for word in words:
            if "everyday" in WORDS.get(word, ()):
                after = self.text[self.end : self.end + 2]
                return self.text[offset].islower() or (after[:1].isspace() and after[1:].islower())
            offset += len(word)
        return False


def _is_letter(sign: str) -> bool:
    return sign.isalnum() and ord(sign) not in _EASTERN
