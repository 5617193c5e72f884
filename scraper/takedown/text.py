"""Where in a text the words of a person stand, in whatever spelling, and the text with these words blacked out.

What is blacked out keeps its length and its frame: tags, quotes and brackets stay, letters become ``■`` (``*`` for those of
one byte), so that a page stays a page and a JSON answer stays one, and what others wrote in it reads as before.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from scraper.model.redaction import bar_for
from scraper.takedown.page import FoldedView
from scraper.takedown.person import beside_name
from scraper.takedown.tokens import decoded, overwritten, tokens
from scraper.takedown.traces import FRAME, Span, Statement, Traces
from scraper.takedown.view import View, fold, readings, views

_OBJECT: Final = 400


def found_in(text: str, traces: Traces, statements: Sequence[Statement] = ()) -> bool:
    """Whether anything that goes stands in ``text``."""
    return may_hold(text, traces) and bool(_spans(text, traces, statements))


def leads_there(text: str, traces: Traces) -> bool:
    """Whether a short text, such as a URL, leads to what goes."""
    return found_in(text, traces.addresses(text))


def may_hold(text: str, traces: Traces) -> bool:
    """A quick look: False only where nothing that goes stands in ``text``, tokens within it included."""
    return any(map(traces.may_be_in, readings(text))) or any(True for _ in _coded(text, traces))


def blacked_out(text: str, traces: Traces, statements: Sequence[Statement] = ()) -> tuple[str, int]:
    """``text`` without what goes, and how many stretches of it were blacked out."""
    spans = _spans(text, traces, statements)
    pieces: list[str] = []
    at = 0
    for (start, end), bar in sorted(spans.items(), key=lambda item: (item[0][0], -item[0][1])):
        if end > at:
            pieces += [text[at:start], bar]
            at = end
    return "".join([*pieces, text[at:]]), len(spans)


def _spans(text: str, traces: Traces, statements: Sequence[Statement]) -> dict[Span, str]:
    """Each stretch of ``text`` to be replaced, with what replaces it: a character, or a whole token."""
    found: dict[Span, str] = {}
    stays = frozenset(fold(item.text) for item in statements if not item.is_taken)
    for view in views(text):
        page = FoldedView(view, statements, stays, traces)
        for start, end in page.hits():
            for at in (*range(start, end), *beside_name(view, start, end, traces, stays)):
                _note(view, at, found)
            for span in _ids_near(view, start, traces):
                _note_address(view, span, found)
        for match in page.addresses():
            group = next((name for name, value in match.groupdict().items() if value is not None), 0)
            _note_address(view, match.span(group), found)
    for start, end in _coded(text, traces):
        found[start, end] = overwritten(text[start:end])
    return found


def _ids_near(view: View, start: int, traces: Traces) -> Iterator[Span]:
    """A person's ids under a key of that name in the object in which something of theirs was found."""
    first = max(view.text.rfind("{", max(0, start - _OBJECT), start), 0)
    last = view.text.find("}", start, start + _OBJECT)
    if not first or last < 0:
        return
    for native in traces.ids:
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
    if character.isspace() or (character in FRAME and span[1] - span[0] == 1):
        return
    found[span] = found.get(span, "") or bar_for(character)


def _coded(text: str, traces: Traces) -> Iterator[Span]:
    """The tokens that hold what goes."""
    for start, end in tokens(text):
        token = text[start:end]
        holding = traces.tokens.get(token)
        if holding is None:
            holding = any(_is_held(reading, traces) for reading in decoded(token))
            traces.tokens.note(token, is_holding=holding)
        if holding:
            yield start, end


def _is_held(text: str, traces: Traces) -> bool:
    return may_hold(text, traces) and bool(_spans(text, traces, ()))
