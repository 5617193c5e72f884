"""How much of a post a signed-out reader was shown, and why we say so."""

import re
from collections.abc import Sequence
from typing import Final

from scraper.discussion.access import declared_words
from scraper.discussion.lines.sheet import Sheet
from scraper.discussion.vocabulary import Patterns
from scraper.model.record import Access, Count, Evidence
from scraper.page.blocks import Block
from scraper.page.characters import plain
from scraper.page.counts import is_short

_ELLIPSIS: Final = ("…", "...", "⋯")
# How sentences, and texts that end without a full stop, end: punctuation, brackets, symbols, hashtags, addresses.
_CLOSED: Final = re.compile(
    r"[.?!~♡♥)\]}>》⟫〉」』”’\"':;^*=/_\-]\Z|[^\w\s,]\Z|(?:#\S+|https?://\S+|www\.\S+)\Z"
)


def is_cut(text: str, words: Patterns) -> bool:
    """Whether a text stops in mid-sentence, or with an ellipsis."""
    end = plain(text)[-200:]
    if end.endswith(_ELLIPSIS):
        return True
    return bool(end) and not _CLOSED.search(end) and not words.text_end.search(end)


def judge(
    sheet: Sheet, body: Sequence[Block], text: str | None, declared: Count | None, captured: int
) -> tuple[Access, tuple[Evidence, ...]]:
    """The access state with its evidence. ``partial`` needs proof; a prompt over a text that looks whole gives none."""
    gates = sheet.gates
    evidence: list[Evidence] = []
    if gates:
        evidence.append(Evidence("prompt", f"The page shows a sign-up prompt ({gates[0].rule})."))
    if declared is not None:
        detail = f"The page declares {declared_words(declared)} and shows {captured}."
        evidence.append(Evidence("comments", detail))
    short = is_short(declared, captured)
    if text is None:
        return ("gated" if gates else "unknown"), tuple(evidence)
    cut = bool(gates) and _cut_at_prompt(sheet, body)
    if cut:
        evidence.append(
            Evidence("text-cut", f"The text stops at the prompt in mid-sentence: “…{text[-30:]}”.")
        )
    if cut or short:
        return "partial", tuple(evidence)
    if gates:
        evidence.append(Evidence("text-whole", "The text before the prompt ends as a whole sentence."))
    return ("unknown" if gates or short is None else "full"), tuple(evidence)


def _cut_at_prompt(sheet: Sheet, body: Sequence[Block]) -> bool:
    if not body or body[-1].box.within("li"):
        return False
    last = body[-1].index
    return any(gate.start > last and gate.start - last <= 3 for gate in sheet.gates) and is_cut(
        body[-1].text, sheet.words
    )
