"""The line over a quotation that says whom it quotes: a name, which is no word of the record's."""

import re
from collections.abc import Set as AbstractSet
from typing import Final

from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.names import QUOTING

_LONGEST: Final = 80
_MOST_WORDS: Final = 12
_MOST_TEXTS: Final = 5
_LEVELS: Final = 3
_NEXT: Final = 3
# In mail: ``On Monday, Ann Miller <ann@…> wrote:``, perhaps on two lines, with the quoted lines behind.
_ATTRIBUTION: Final = re.compile(
    r"^(?:(?:On|Am|Le|El|Op|Den|Dnia|Il|Em)\b[^\n]{0,160}\n)?[^\n>]{0,160}\b(?:wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev"
    r"|napisał\w{0,3}|писал\w{0,3})[^\n]{0,30}:[ \t]*\n(?=[ \t]*>)",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTES: Final = frozenset(("blockquote", "aside", "q"))
_SAYS: Final = re.compile(
    r"\b(?:said|says|wrote|writes|posted|schrieb|schreibt|sagte|a\s+écrit|a\s+dit|escribió|dijo|escreveu|disse|ha\s+scritto|schreef|skrev|napisał\w*|"
    r"писал\w*|написал\w*)\b(?:[^.!?:]{0,40}[:：↑]"
    # The date of what is quoted may stand behind.
    r"(?:\W*(?:[^\W\d]{2,9}[\s,.]+){0,2}\d[\w\s,.:]{0,40})?)?\W*$",
    re.IGNORECASE,
)


def leads_quote(page: Elements, element: int, names: AbstractSet[str]) -> bool:
    """Whether an element is the line that says whom the quotation around it, or right behind it, is of.

    ``names`` are those of the thread's authors, in lower case.
    """
    first, last = page.first_text[element], page.last_text[element]
    if not 0 < last - first <= _MOST_TEXTS:
        return False
    words = page.text_of(element)
    if len(words) > _LONGEST or len(words.split()) > _MOST_WORDS:
        return False
    ends = words.rstrip().endswith((":", "：", "↑"))
    says = _SAYS.search(words) is not None
    if not (says or (ends and words.lower().startswith(tuple(names)))):
        return False
    return _is_in_quote(page, element) or _is_before_quote(page, element)


def _is_in_quote(page: Elements, element: int) -> bool:
    around = page.ancestors(element, _LEVELS)
    return any(
        page.tags[each] in _QUOTES or QUOTING(page.attributes[each].get("class") or "") for each in around
    )


def _is_before_quote(page: Elements, element: int) -> bool:
    """Whether the next element, or one of the first in it (a row, a cell), is a quotation."""
    behind = page.ends[element]
    return any(
        page.tags[each] in _QUOTES or QUOTING(page.attributes[each].get("class") or "")
        for each in range(behind, min(behind + _NEXT, len(page.tags)))
        if page.parents[each] >= page.parents[behind]
    )


def without_attributions(text: str) -> str:
    """A text of plain lines without those that say whom the quoted lines behind them are of."""
    return _ATTRIBUTION.sub("", text) if ">" in text else text
