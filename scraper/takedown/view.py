"""A text as it stands in a file, and what it says once escapes and markup are undone, each character traceable.

What a person wrote stands in a capture in many spellings: entities, ``\\u`` escapes, JSON in strings in HTML,
percent-encoding, markup within a sentence, other normal forms. A ``View`` is one way of reading the file; ``views`` gives all
of them, and every character of each knows which stretch of the file it came from.
"""

import html
import operator
import re
import string
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate, compress
from typing import Final

Span = tuple[int, int]
"""Where a stretch begins, and where what follows it begins."""

_DEPTH: Final = 5


def _utf8(prefix: str) -> str:
    """A pattern for the bytes of one character beyond ASCII, each in hexadecimal after ``prefix``."""
    more = rf"{prefix}[89ABab][0-9A-Fa-f]"
    lengths = (("[CDcd][0-9A-Fa-f]", 1), ("[Ee][0-9A-Fa-f]", 2), ("[Ff][0-4]", 3))
    return "|".join(f"{prefix}{first}(?:{more}){{{count}}}" for first, count in lengths)


_ESCAPE: Final = re.compile(
    r"&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?"
    r"|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\u[0-9a-fA-F]{4}|\\u\{[0-9a-fA-F]{1,6}\}|\\U[0-9a-fA-F]{8}|\\x[0-9a-fA-F]{2}|\\[0-9a-fA-F]{4,6} ?|\\[^ux]"
    rf"|%[0-7][0-9A-Fa-f]|{_utf8('%')}",
    re.DOTALL,
)
# Bytes of UTF-8 one by one: as scripts write them, and quoted-printable (RFC 2045 section 6.7).
_BYTES: Final = re.compile(rf"{_utf8('=')}|{_utf8(chr(92) * 2 + 'x')}")
# Two bytes of code page 949, the second of which may stand for itself.
_LEGACY_ESCAPE: Final = re.compile(
    r"%(?:8[1-9A-Fa-f]|[9A-Fa-f][0-9A-Fa-f])(?:%[4-9A-Fa-f][0-9A-Fa-f]|[A-Za-z])|%[0-7][0-9A-Fa-f]"
)
_TAG: Final = re.compile(r"<[/!?A-Za-z][^<>]*>")
_COMMENT_OR_TAG: Final = re.compile(rf"<!--.*?-->|{_TAG.pattern}", re.DOTALL)
_MARKS: Final = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ud7b0-\ud7ff\ufe20-\ufe2f\uff9e\uff9f"
_UNSETTLED: Final = re.compile(
    rf"[^\x00-\x7f\uac00-\ud7a3][{_MARKS}]*|[\x00-\x7f\uac00-\ud7a3][{_MARKS}]+", re.DOTALL
)
_RARE: Final = re.compile(r"[^\x00-\x7f\uac00-\ud7a3]")
# Marks that enclose are no part of any other character.
_COMPOSING: Final = re.compile(rf"(?![\u20dd-\u20e0\u20e2-\u20e4])[{_MARKS}]")
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_NO_LETTERS: Final = bytes(code for code in range(0x80) if not chr(code).isalnum())
_SMALL: Final = bytes.maketrans(string.ascii_uppercase.encode(), string.ascii_lowercase.encode())
# Characters in a block, so many that counting them is quick and few enough to look at one by one.
_BLOCK: Final = 512
_CONTROLS: Final = {"n": "\n", "r": "\r", "t": "\t", "b": " ", "f": " "}


@dataclass(frozen=True)
class View:
    """One reading of a file's text, made of another by ``replace`` for every one of its ``matches``; the file itself has no ``source``.

    Where its characters came from is reckoned once somebody asks.
    """

    text: str
    source: "View | None" = None
    matches: Callable[[str], Iterator[re.Match[str]]] = _ESCAPE.finditer
    replace: Callable[[re.Match[str]], str] = operator.itemgetter(0)

    def substituted(self, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> "View":
        """The view with every match replaced; what replaces it came from all of the match."""
        text, count = pattern.subn(replace, self.text)
        return View(text, self, pattern.finditer, replace) if count else self

    def unescaped(self) -> "View":
        """One layer of escapes undone."""
        return self.substituted(_ESCAPE, _unescape)

    def without_markup(self) -> "View":
        """The text between the tags."""
        closed = _last_comment_end(self.text)
        text = _COMMENT_OR_TAG.sub("", self.text[:closed]) + _TAG.sub("", self.text[closed:])
        return View(text, self, markup, lambda _: "") if len(text) < len(self.text) else self

    def spans(self, first: int, last: int) -> list[Span]:
        """The stretch of the file that each character from ``first`` to ``last`` came from."""
        if self.source is None:
            return list(zip(range(first, last), range(first + 1, last + 1), strict=True))
        firsts, lasts, matches = self._substitutions
        spans: list[Span] = []
        at, number = first, bisect_right(firsts, first) - 1
        while at < last:
            if number >= 0 and at < lasts[number]:
                start, end = matches[number]
                origin = self.source.start(start), self.source.end(end - 1)
                stop = min(last, lasts[number])
                spans += [origin] * (stop - at)
            else:
                ahead = at - lasts[number] + matches[number][1] if number >= 0 else at
                stop = min(last, firsts[number + 1]) if number + 1 < len(firsts) else last
                spans += self.source.spans(ahead, ahead + stop - at)
            at = stop
            number = bisect_right(firsts, at, max(number, 0)) - 1
        return spans

    def start(self, at: int) -> int:
        """Where in the file what a character came from begins."""
        return self.spans(at, at + 1)[0][0]

    def end(self, at: int) -> int:
        """Where in the file what a character came from ends."""
        return self.spans(at, at + 1)[0][1]

    def is_joined(self, at: int) -> bool:
        """Whether nothing was left out before a place, which is not the first."""
        (_, end), (start, _) = self.spans(at - 1, at + 1)
        return start <= end

    @cached_property
    def _substitutions(self) -> tuple[list[int], list[int], list[Span]]:
        """Where what replaces a match begins and ends, and where in the source the match stands."""
        firsts: list[int] = []
        lasts: list[int] = []
        matches: list[Span] = []
        shift = 0
        for match in self.matches(self.source.text if self.source else ""):
            matches.append(span := match.span())
            firsts.append(span[0] + shift)
            shift += len(self.replace(match)) - (span[1] - span[0])
            lasts.append(span[1] + shift)
        return firsts, lasts, matches

    def folded(self) -> "Fold":
        """Letters and digits alone, in one normal form and one case."""
        view = View(self.text)
        rare = _rare(view.text)
        if not _is_settled(view.text, rare):
            view = view.substituted(_UNSETTLED, lambda match: unicodedata.normalize("NFKC", match[0]))
            rare = _rare(view.text)
        if any(len(character.casefold()) > 1 for character in rare):
            view = view.substituted(_BEYOND_ASCII, lambda match: match[0].casefold())
            rare = _rare(view.text)
        text = _letters(view.text, rare)
        return Fold(text.casefold() if any(each.casefold() != each for each in rare) else text, view, rare)


@dataclass(frozen=True)
class Fold:
    """Letters and digits of a view, each of which is one of ``settled``: the view's text in its normal form, with ``rare`` characters."""

    text: str
    settled: View
    rare: frozenset[str]

    def start(self, at: int) -> int:
        """Where in the view's text what a character came from begins."""
        return self.settled.start(self._place(at))

    def end(self, at: int) -> int:
        """Where in the view's text what a character came from ends."""
        return self.settled.end(self._place(at))

    def at(self, place: int) -> int:
        """The first character that came from a place of the view's text, or from behind it."""
        return bisect_left(range(len(self.text)), place, key=self.start)

    def _place(self, at: int) -> int:
        number = bisect_right(self._counts, at) - 1
        return self._places(number)[at - self._counts[number]]

    @cached_property
    def _counts(self) -> list[int]:
        """How many letters and digits stand before each block."""
        text = self.settled.text
        blocks = (text[at : at + _BLOCK] for at in range(0, len(text), _BLOCK))
        return list(accumulate((len(_letters(block, self.rare)) for block in blocks), initial=0))

    @cached_property
    def _places(self) -> Callable[[int], list[int]]:
        return cache(self._places_in)

    def _places_in(self, number: int) -> list[int]:
        """Where the letters and digits of a block stand."""
        first = number * _BLOCK
        block = self.settled.text[first : first + _BLOCK]
        return list(compress(range(first, first + len(block)), map(str.isalnum, block)))


def markup(text: str) -> Iterator[re.Match[str]]:
    """The tags and comments of a text; a comment that is never closed is as long as a tag would be (else each would be looked for to the end)."""
    closed = _last_comment_end(text)
    yield from _COMMENT_OR_TAG.finditer(text, 0, closed)
    yield from _TAG.finditer(text, closed)


def _last_comment_end(text: str) -> int:
    return text.rfind("-->") + len("-->") if "-->" in text else 0


def fold(text: str) -> str:
    """``text`` as ``View.folded`` has it."""
    return View(text).folded().text


def _letters(text: str, rare: Iterable[str]) -> str:
    """The letters and digits of a text, those of ASCII in small letters; ``rare`` are its characters beyond ASCII and Hangul."""
    octets = text.encode("utf-8", "surrogatepass").translate(_SMALL, _NO_LETTERS)
    kept = octets.decode("utf-8", "surrogatepass")
    for character in rare:
        if not character.isalnum():
            kept = kept.replace(character, "")
    return kept


def _rare(text: str) -> frozenset[str]:
    return frozenset() if text.isascii() else frozenset(_RARE.findall(text))


def _is_settled(text: str, rare: frozenset[str]) -> bool:
    """Whether every letter and digit of a text is the same one in the normal form."""
    if not rare:
        return True
    if any(map(_COMPOSING.match, rare)):
        return all(_is_kept(match[0]) for match in _UNSETTLED.finditer(text))
    return all(map(_is_kept, rare))


def _is_kept(text: str) -> bool:
    settled = unicodedata.normalize("NFKC", text)
    return settled == text or not any(map(str.isalnum, settled + text))


def views(text: str) -> Iterator[View]:
    """Every reading of ``text``: with ever more layers of escapes undone, each with and without its markup."""
    view = View(text)
    for _ in range(_DEPTH):
        yield view
        for pattern, decode in _OCTETS:
            if (plain := view.substituted(pattern, decode)) is not view:
                yield plain
        bare = view.without_markup()
        if bare is not view:
            yield bare
            unescaped = bare.unescaped()
            if unescaped is not bare:
                yield unescaped
        deeper = view.unescaped()
        if deeper is view or deeper.text == view.text:
            return
        view = deeper


def _unescape(match: re.Match[str]) -> str:
    escape = match[0]
    if escape[0] == "&":
        return html.unescape(escape)
    if escape[0] == "%":
        return _percent_decoded(escape)
    if len(escape) == 2:
        return _CONTROLS.get(escape[1], escape[1])
    if escape[1] not in "uUx":
        return _character(int(escape[1:], 16), escape)
    codes = [
        int(code, 16) for code in re.findall(r"[0-9a-fA-F]{2,}", escape.replace("{", "").replace("}", ""))
    ]
    if len(codes) == 2:
        return chr(0x10000 + ((codes[0] - 0xD800) << 10) + (codes[1] - 0xDC00))
    return _character(codes[0], escape) if codes else escape


def _character(code: int, escape: str) -> str:
    return chr(code) if code <= 0x10FFFF else escape


def _percent_decoded(escape: str) -> str:
    try:
        return bytes.fromhex(escape.replace("%", "")).decode()
    except UnicodeDecodeError:
        return escape


def _legacy(match: re.Match[str]) -> str:
    escape = match[0]
    octets = bytes.fromhex(escape[1:3]) + (
        bytes.fromhex(escape[4:6]) if escape[3:4] == "%" else escape[3:].encode("ascii")
    )
    try:
        return octets.decode("cp949")
    except UnicodeDecodeError:
        return escape


def _bytewise(match: re.Match[str]) -> str:
    try:
        return bytes.fromhex(re.sub(r"\\x|=", "", match[0])).decode()
    except UnicodeDecodeError:
        return match[0]


_OCTETS: Final = ((_LEGACY_ESCAPE, _legacy), (_BYTES, _bytewise))
