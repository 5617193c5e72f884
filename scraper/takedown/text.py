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
from scraper.takedown.traces import FRAME, Statement, Traces
from scraper.takedown.view import Span, View, fold, views

_OBJECT: Final = 400


def found_in(text: str, traces: Traces, statements: Sequence[Statement] = ()) -> bool:
    """Whether anything that goes stands in ``text``."""
    if statements:
        return bool(_spans(text, traces, statements))
    return traces.texts_seen.of(text, lambda unseen: bool(_spans(unseen, traces, ())))


def leads_there(text: str, traces: Traces) -> bool:
    """Whether a short text, such as a URL, leads to what goes."""
    return found_in(text, traces.addresses(text))


def may_hold(text: str, traces: Traces) -> bool:
    """A quick look: False only where nothing that goes stands in ``text``, tokens within it included."""
    is_held = any(traces.may_be_in(view.text, view.folded().text) for view in views(text))
    return is_held or any(True for _ in _coded(text, traces))


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
    readings = [(view, view.folded()) for view in views(text)]
    coded = list(_coded(text, traces))
    if not coded and not any(traces.may_be_in(view.text, folded.text) for view, folded in readings):
        return {}
    bars: dict[Span, str] = {}
    stays = frozenset(fold(item.text) for item in statements if not item.is_taken)
    for view, folded in readings:
        page = FoldedView(view, folded, statements, stays, traces)
        for start, end in page.hits():
            for span in ((start, end), *beside_name(view, start, end, traces, stays)):
                _note(view, span, bars)
            for span in _ids_near(view, start, traces):
                _note_address(view, span, bars)
        for match in page.addresses():
            group = next((name for name, value in match.groupdict().items() if value is not None), 0)
            _note_address(view, match.span(group), bars)
    for start, end in coded:
        bars[start, end] = overwritten(text[start:end])
    return bars


def _ids_near(view: View, start: int, traces: Traces) -> Iterator[Span]:
    """A person's ids under a key of that name in the object in which something of theirs was found."""
    first = max(view.text.rfind("{", max(0, start - _OBJECT), start), 0)
    last = view.text.find("}", start, start + _OBJECT)
    if not first or last < 0:
        return
    for native in traces.ids:
        pattern = rf"(?i:id)[\"'\\]{{1,4}}\s*:\s*[\"'\\]{{0,4}}({re.escape(native)})(?![\w-])"
        yield from (match.span(1) for match in re.compile(pattern).finditer(view.text, first, last))


def _note_address(view: View, span: Span, bars: dict[Span, str]) -> None:
    first, last = span
    number = view.text[first:last]
    if number.isdecimal() and view.text[first - 1] in ": ":
        # A number outside quotes has to stay one, or its JSON would be none.
        bars.update(zip(view.spans(first, last), _other_number(number), strict=True))
    else:
        _note(view, span, bars)


def _other_number(number: str) -> str:
    return next(
        digit * len(number)
        for digit in "098"
        if digit * len(number) != number and (digit != "0" or len(number) == 1)
    )


def _note(view: View, span: Span, bars: dict[Span, str]) -> None:
    for character, origin in zip(view.text[slice(*span)], view.spans(*span), strict=True):
        start, end = origin
        is_frame = character in FRAME and end - start == 1
        if origin not in bars and not is_frame and not character.isspace():
            bars[origin] = bar_for(character)


def _coded(text: str, traces: Traces) -> Iterator[Span]:
    """The tokens that hold what goes."""

    def holds(token: str) -> bool:
        return any(found_in(reading, traces) for reading in decoded(token))

    for start, end in tokens(text):
        if traces.tokens_seen.of(text[start:end], holds):
            yield start, end
