"""Where in a text the words of a person stand, in whatever spelling, and the text with these words blacked out.

What is blacked out keeps its length and its frame: tags, quotes and brackets stay, letters become ``■`` (``*`` for those of
one byte), so that a page stays a page and a JSON answer stays one, and what others wrote in it reads as before.
"""

import base64
import gzip
import re
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from scraper.archive.redact_person import beside_name
from scraper.archive.redact_view import View, fold, readings, views
from scraper.archive.redact_wanted import RUN, Said, Wanted
from scraper.model.redaction import bar_for

_SHORT: Final = 12
_OBJECT: Final = 400
_FRAME: Final = frozenset("\"'`<>{}[]()=&\\/:;,\n\r\t")
_BOUNDS: Final = frozenset("\"'<>{}[]|\\\n\r\t")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_QUOTES: Final = re.compile(
    r"<(?P<tag>blockquote|q)\b.*?</(?P=tag)>|<aside[^>]*\bquote\b.*?</aside>|\[quote\b.*?\[/quote\]",
    re.DOTALL | re.IGNORECASE,
)
_WORD: Final = re.compile(r"\w")
Span = tuple[int, int]


def found_in(text: str, wanted: Wanted, said: Sequence[Said] = ()) -> bool:
    """Whether anything that goes stands in ``text``."""
    return may_hold(text, wanted) and bool(_spans(text, wanted, said))


def may_hold(text: str, wanted: Wanted) -> bool:
    """A quick look: False only where nothing that goes stands in ``text``, base64 within it included."""
    return any(map(wanted.may_be_in, readings(text))) or any(True for _ in _coded(text, wanted))


def blacked_out(text: str, wanted: Wanted, said: Sequence[Said] = ()) -> tuple[str, int]:
    """``text`` without what goes, and how many stretches of it were blacked out."""
    spans = _spans(text, wanted, said)
    pieces: list[str] = []
    at = 0
    for (start, end), bar in sorted(spans.items(), key=lambda item: (item[0][0], -item[0][1])):
        if end > at:
            pieces += [text[at:start], bar]
            at = end
    return "".join([*pieces, text[at:]]), len(spans)


def _spans(text: str, wanted: Wanted, said: Sequence[Said]) -> dict[Span, str]:
    """Each stretch of ``text`` to be replaced, with what replaces it: a character, or a whole base64 token."""
    found: dict[Span, str] = {}
    address = wanted.address
    for view in views(text):
        for start, end in _hits(view, wanted, said):
            for at in (*range(start, end), *beside_name(view, start, end, wanted)):
                _note(view, at, found)
            for span in _ids_near(view, start, wanted):
                _note_address(view, span, found)
        for match in address.finditer(view.text) if address else ():
            group = next((name for name, value in match.groupdict().items() if value is not None), 0)
            _note_address(view, match.span(group), found)
    for start, end in _coded(text, wanted):
        token = text[start:end]
        found[start, end] = re.sub(r"[^=]", "A", token)
    return found


def _ids_near(view: View, start: int, wanted: Wanted) -> Iterator[Span]:
    """A person's ids under a key of that name in the object in which something of theirs was found."""
    first = max(view.text.rfind("{", max(0, start - _OBJECT), start), 0)
    last = view.text.find("}", start, start + _OBJECT)
    if not first or last < 0:
        return
    for native in wanted.ids:
        pattern = rf"(?i:id)[\"'\\]{{1,4}}\s*:\s*[\"'\\]{{0,4}}({re.escape(native)})(?![\w-])"
        yield from (match.span(1) for match in re.compile(pattern).finditer(view.text, first, last))


def _note_address(view: View, span: Span, found: dict[Span, str]) -> None:
    first, last = span
    number = view.text[first:last]
    if number.isdecimal() and view.text[first - 1] in ": ":
        # A number outside quotes has to stay one, or its JSON would be none.
        for at, digit in zip(range(first, last), _other_number(number), strict=True):
            found[view.starts[at], view.ends[at]] = digit
        return
    for at in range(first, last):
        _note(view, at, found)


def _other_number(number: str) -> str:
    return next(
        digit * len(number)
        for digit in "098"
        if digit * len(number) != number and (digit != "0" or len(number) == 1)
    )


def _note(view: View, at: int, found: dict[Span, str]) -> None:
    character, span = view.text[at], (view.starts[at], view.ends[at])
    if character.isspace() or (character in _FRAME and span[1] - span[0] == 1):
        return
    found[span] = found.get(span, "") or bar_for(character)


def _hits(view: View, wanted: Wanted, said: Sequence[Said]) -> Iterator[Span]:
    """Stretches of the view's own text that go."""
    folded = view.folded()
    page = _Page(view, folded, said, wanted)
    for start, end in (*page.runs(), *page.short_texts(), *page.names()):
        yield page.widened(start, end)
    for sign in wanted.signs:
        for start in _occurrences(view.text, sign):
            if page.is_bounded(start, start + len(sign)):
                yield start, start + len(sign)


class _Page:
    """One view with its fold, and where on it the texts of others stand."""

    def __init__(self, view: View, folded: View, said: Sequence[Said], wanted: Wanted) -> None:
        self._view = view
        self._folded = folded
        self._wanted = wanted
        self._said = said
        self._back = _positions(view, folded)
        stays = {fold(item.text) for item in said if not item.is_taken}
        stays |= {fold(text) for text in wanted.others}
        self._others = sorted(
            (at, at + len(text)) for text in stays - {""} for at in _occurrences(folded.text, text)
        )
        self._ends_with_mark = any(text.rstrip() and _is_mark(text.rstrip()[-1]) for text in wanted.texts)
        self._quotes = [match.span() for match in _QUOTES.finditer(view.text)]

    def runs(self) -> Iterator[Span]:
        """Stretches of the longer texts."""
        text, known = self._folded.text, self._wanted.runs
        if not known:
            return
        begun, end = None, 0
        for at in range(len(text) - RUN + 1):
            if text[at : at + RUN] in known:
                if begun is not None and at > end:
                    yield from self._rightly_taken(begun, end)
                    begun = None
                begun = at if begun is None else begun
                end = at + RUN
        if begun is not None:
            yield from self._rightly_taken(begun, end)

    def short_texts(self) -> Iterator[Span]:
        """Short texts that stand by themselves."""
        for text in self._wanted.folds:
            for start in _occurrences(self._folded.text, text):
                end = start + len(text)
                is_alone = self.is_bounded(self._back[start], self._back[end - 1] + 1)
                if is_alone and (len(text) >= _SHORT or self._said or self._has_name_near(start)):
                    yield from self._rightly_taken(start, end)

    def names(self) -> Iterator[Span]:
        """What the person is called, outside what others wrote; of two people of one name, by the text that follows."""
        shared = {fold(item.name) for item in self._said if item.name and not item.is_taken}
        for name in filter(None, map(fold, self._wanted.names)):
            for start in _occurrences(self._folded.text, name):
                end = start + len(name)
                inside = any(first <= start and end <= last for first, last in self._others)
                if inside and not self._is_mention(start):
                    continue
                if self._is_name(start, end) and not (name in shared and self._is_of_another(start)):
                    yield start, end

    def is_bounded(self, start: int, end: int) -> bool:
        """Whether frame stands on both sides of a stretch of the view, blanks and marks aside."""
        return self._meets_bound(start - 1, -1) and self._meets_bound(end, 1)

    def widened(self, start: int, end: int) -> Span:
        """A stretch of the fold as one of the view, with the marks around it that are no frame."""
        first, last = self._back[start], bisect_left(self._view.ends, self._folded.ends[end - 1]) + 1
        text = self._view.text
        while first and _is_mark(text[first - 1]):
            first -= 1
        end = last
        while last < len(text) and (_is_mark(text[last]) or (text[last].isspace() and self._ends_with_mark)):
            last += 1
            end = end if text[last - 1].isspace() else last
        return first, end

    def _meets_bound(self, at: int, step: int) -> bool:
        text, ends, starts = self._view.text, self._view.ends, self._view.starts
        while 0 <= at < len(text):
            if text[at] in _BOUNDS:
                return True
            if _WORD.match(text[at]):
                # Markup that a view leaves out is frame too.
                inner, outer = (at, at + 1) if step < 0 else (at - 1, at)
                return starts[outer] > ends[inner]
            if 0 <= at - step < len(text):
                inner, outer = (at, at - step) if step < 0 else (at - step, at)
                if starts[outer] > ends[inner]:
                    return True
            at += step
        return True

    def _rightly_taken(self, start: int, end: int) -> Iterator[Span]:
        """The parts of a hit that are not within what another wrote; a marked quote in that is taken all the same."""
        equal = [(first, last) for first, last in self._others if first <= start and end <= last]
        if not equal:
            yield start, end
        elif (start, end) in equal and len(equal) == 1:
            if self._is_taken_by_order(start, end):
                yield start, end
        else:
            at, last_at = self._back[start], self._back[end - 1]
            if any(first <= at and last_at < last for first, last in self._quotes):
                yield start, end

    def _is_taken_by_order(self, start: int, end: int) -> bool:
        """Of equal texts by several people: whose this one is, by the order on the page; where that is unclear, it goes."""
        text = self._folded.text[start:end]
        whose = [item.is_taken for item in self._said if fold(item.text) == text]
        if not any(whose):
            return False
        size = end - start
        places = [
            at
            for at in _occurrences(self._folded.text, text)
            if self.is_bounded(self._back[at], self._back[at + size - 1] + 1)
        ]
        if start not in places or len(places) % len(whose):
            return True
        return whose[places.index(start) % len(whose)]

    def _is_name(self, start: int, end: int) -> bool:
        """Whether a word begins and, where it is written in letters with cases, ends with the name."""
        first, last = self._back[start], self._back[end - 1]
        text = self._view.text
        if first and _WORD.match(text[first - 1]) and self._view.starts[first] == self._view.ends[first - 1]:
            return False
        if last + 1 >= len(text) or not _WORD.match(text[last + 1]):
            return True
        if self._view.starts[last + 1] > self._view.ends[last]:
            return True
        return end - start >= 2 and not text[last].isascii()

    def _is_mention(self, start: int) -> bool:
        first = self._back[start]
        return first > 0 and self._view.text[first - 1] == "@"

    def _is_of_another(self, start: int) -> bool:
        """Whether the text that follows a name is one that stays."""
        following: list[tuple[int, bool]] = []
        for item in self._said:
            text = fold(item.text)
            found = self._folded.text.find(text, start) if text else -1
            if found >= 0:
                following.append((found, item.is_taken))
        return bool(following) and not min(following)[1]

    def _has_name_near(self, start: int) -> bool:
        near = self._folded.text[max(0, start - 200) : start + 200]
        return any(fold(name) in near for name in self._wanted.names)


def _positions(view: View, folded: View) -> list[int]:
    """For each character of the fold, where in the view it stands."""
    return [max(0, bisect_right(view.starts, start) - 1) for start in folded.starts]


def _occurrences(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + max(1, len(part)))


def _is_mark(character: str) -> bool:
    return not (character.isalnum() or character.isspace() or character in _FRAME or character == "_")


def _coded(text: str, wanted: Wanted) -> Iterator[Span]:
    """The base64 tokens that hold what goes (RFC 4648 sections 4 and 5)."""
    seen: dict[str, bool] = {}
    for match in _BASE64.finditer(text):
        token = match[0]
        if token not in seen:
            seen[token] = any(_is_held(reading, wanted) for reading in _decoded_token(token))
        if seen[token]:
            yield match.span()


def _is_held(text: str, wanted: Wanted) -> bool:
    return may_hold(text, wanted) and bool(_spans(text, wanted, ()))


def _decoded_token(token: str) -> Iterator[str]:
    body = token.rstrip("=").replace("-", "+").replace("_", "/")
    if len(body) % 4 == 1:
        return
    octets = base64.b64decode(body + "=" * (-len(body) % 4))
    if octets.startswith(b"\x1f\x8b"):
        try:
            octets = gzip.decompress(octets)
        except (OSError, EOFError, zlib.error):
            return
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp949"):
        try:
            yield octets.decode(encoding)
        except UnicodeDecodeError:
            continue
