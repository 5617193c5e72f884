"""A text as it stands in a file, and what it says once escapes and markup are undone, each character traceable.

What a person wrote stands in a capture in many spellings: entities, ``\\u`` escapes, JSON in strings in HTML,
percent-encoding, markup within a sentence, other normal forms. A ``View`` is one way of reading the file; ``views`` gives all
of them, and every character of each knows which stretch of the file it came from.
"""

import html
import re
import unicodedata
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Final

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
_MARKUP: Final = re.compile(r"<!--.*?-->|<[/!?A-Za-z][^<>]*>", re.DOTALL)
_MARKS: Final = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ud7b0-\ud7ff\ufe20-\ufe2f\uff9e\uff9f"
_UNSETTLED: Final = re.compile(
    rf"[^\x00-\x7f\uac00-\ud7a3][{_MARKS}]*|[\x00-\x7f\uac00-\ud7a3][{_MARKS}]+", re.DOTALL
)
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_CONTROLS: Final = {"n": "\n", "r": "\r", "t": "\t", "b": " ", "f": " "}


@dataclass(frozen=True, slots=True)
class View:
    """One reading of a file's text: character ``i`` came from ``starts[i]`` up to ``ends[i]`` of it."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, text: str) -> "View":
        """The text as it stands."""
        return cls(text, range(len(text)), range(1, len(text) + 1))

    def substituted(self, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> "View":
        """The view with every match replaced; what replaces it came from all of the match."""
        pieces: list[str] = []
        starts, ends = array("I"), array("I")
        at = 0
        for match in pattern.finditer(self.text):
            first, last = match.span()
            new = replace(match)
            pieces += [self.text[at:first], new]
            starts.extend(self.starts[at:first])
            ends.extend(self.ends[at:first])
            starts.extend([self.starts[first]] * len(new))
            ends.extend([self.ends[last - 1]] * len(new))
            at = last
        if not at:
            return self
        starts.extend(self.starts[at:])
        ends.extend(self.ends[at:])
        return View("".join([*pieces, self.text[at:]]), starts, ends)

    def unescaped(self) -> "View":
        """One layer of escapes undone."""
        return self.substituted(_ESCAPE, _unescape)

    def without_markup(self) -> "View":
        """The text between the tags."""
        return self.substituted(_MARKUP, lambda _: "")

    def folded(self) -> "Fold":
        """Letters and digits alone, in one normal form and one case."""
        view = self
        if _is_unsettled(self.text):
            view = View.of(self.text).substituted(
                _UNSETTLED, lambda match: unicodedata.normalize("NFKC", match[0])
            )
        if len(view.text.casefold()) != len(view.text):
            own = View.of(self.text) if view is self else view
            view = own.substituted(_BEYOND_ASCII, lambda match: match[0].casefold())
        is_kept = list(map(str.isalnum, view.text))
        text = "".join(compress(view.text, is_kept)).casefold()
        if view is self:
            return Fold(text, array("I", compress(range(len(is_kept)), is_kept)), None)
        return Fold(
            text, array("I", compress(view.starts, is_kept)), array("I", compress(view.ends, is_kept))
        )


@dataclass(frozen=True, slots=True)
class Fold:
    """Letters and digits of a view: character ``i`` came from ``starts[i]`` up to ``end_of(i)`` of the view's text."""

    text: str
    starts: "array[int]"
    ends: "array[int] | None"

    def end_of(self, at: int) -> int:
        """Where in the view's text what a character came from ends; one character on, where each stands for itself."""
        return self.starts[at] + 1 if self.ends is None else self.ends[at]


def fold(text: str) -> str:
    """``text`` as ``View.folded`` has it."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text))).casefold()


def _is_unsettled(text: str) -> bool:
    """Whether any letter or digit of a text is another one in the normal form."""
    if unicodedata.is_normalized("NFKC", text):
        return False
    for match in _UNSETTLED.finditer(text):
        settled = unicodedata.normalize("NFKC", match[0])
        if settled != match[0] and any(map(str.isalnum, settled + match[0])):
            return True
    return False


def views(text: str) -> Iterator[View]:
    """Every reading of ``text``: with ever more layers of escapes undone, each with and without its markup."""
    view = View.of(text)
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


def readings(text: str) -> Iterator[str]:
    """The texts of ``views``, without the way back: quick to make, for looking whether there is anything at all."""
    for _ in range(_DEPTH):
        yield text
        for pattern, decode in _OCTETS:
            if (plain := pattern.sub(decode, text)) != text:
                yield plain
        bare = _MARKUP.sub("", text)
        if bare != text:
            yield bare
            unescaped = _ESCAPE.sub(_unescape, bare)
            if unescaped != bare:
                yield unescaped
        deeper = _ESCAPE.sub(_unescape, text)
        if deeper == text:
            return
        text = deeper


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
