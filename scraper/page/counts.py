"""Numbers as pages print them: ``14,757``, ``1 234``, ``1.234``, ``1.2만``, ``2.5천``, ``1.2k``; and bounds, which are none."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from scraper.model.record import Count, CountName
from scraper.page.characters import plain

_UNITS: Final = {
    **dict.fromkeys(("천", "千", "k", "mil", "tsd", "tys", "тыс", "тис"), 10**3),
    **dict.fromkeys(("만", "万", "萬"), 10**4),
    **dict.fromkeys(("m", "mio", "mln", "млн"), 10**6),
    **dict.fromkeys(("억", "亿", "億"), 10**8),
    **dict.fromkeys(("b", "bn", "mrd", "млрд"), 10**9),
    "조": 10**12,
    "lakh": 10**5,
    "crore": 10**7,
}
_LETTERED: Final = "|".join(sorted(filter(str.islower, _UNITS), key=len, reverse=True))
_UNIT: Final = rf"(?:[천만억千万萬亿億]|조(?!회)|(?:{_LETTERED})(?![^\W\d_])\.?)"
# Digits in groups, by whatever a language sets between them; those of India come in twos.
_GROUPED: Final = r"\d{1,3}(?:(?:,\d{3})+|(?:\.\d{3})+|(?:\s\d{3})+|(?:['’٬]\d{3})+)(?!\d)|\d{1,2}(?:,\d{2}){1,6},\d{3}(?!\d)"
# The form of a number, for patterns that look for one behind a label; with the sign of a lower bound.
NUMBER: Final = r"\d[\d,'’]{0,18}(?:\.\d{1,6})?(?:\s?(?:[천만억]|조(?!회)|[kKmMbB](?![A-Za-z])))?\+?"
_PART: Final = re.compile(
    rf"(?:(?P<scaled>\d{{1,3}}(?:,\d{{3}}){{1,6}}|\d{{1,19}})(?P<fraction>[.,٫]\d{{1,6}})?\s?(?P<unit>{_UNIT})|(?P<plain>{_GROUPED}|\d{{1,19}}))\s?",
    re.IGNORECASE,
)
_SUFFIX: Final = re.compile(r"\s?(?:개|회|명|건|번)\s?\Z")
_BETWEEN: Final = re.compile(r"[,.\s'’٬]")
_MOST: Final = 2**63 - 1
_LEAST_BEFORE: Final = r"over|more\sthan|at\sleast|above|plus\sde|au\smoins|über|mehr\sals|mindestens|más\sde|mais\sde|oltre|più\sdi|bem\smais\sde|ponad|более|больше|свыше|понад|بیش\sاز|أكثر\sمن|至少|超过|超過|최소|[>≥+]"
_LEAST_BEHIND: Final = (
    r"\+|plus\b|(?:or|and)\smore|이상|초과|여(?!\w)|여(?=\s?(?:개|명|건))|↑|以上|超|余|多(?!\w)"
)
_OTHER_BEFORE: Final = (
    r"about|around|zirka|circa|około|около|примерно|hampir|大约|大約|约|約|at\smost|no\smore\sthan|nearly|almost|approx(?:imately|\.)?|ca\.?|under|less\sthan|fewer\sthan|up\sto"
    r"|environ|moins\sde|rund|etwa|fast|unter|menos\sde|cerca\sde|약|최대|[<≤~≈±]"
)
_OTHER_BEHIND: Final = r"이하|미만|未満|以下|정도|쯤|가량|hundred|thousand|million|백|십"
_STATED: Final = re.compile(
    rf"(?P<before>(?<!\w)(?:(?P<least>{_LEAST_BEFORE})|{_OTHER_BEFORE})\s?)?"
    rf"(?<![\d.,])(?P<number>(?:{_GROUPED}|\d+)(?:[.,٫]\d{{1,6}}(?=\s?{_UNIT}))?(?:\s?{_UNIT}(?:\s\d+(?:\s?{_UNIT}))*)?)"
    rf"(?P<behind>\s?(?:개|명|건|회)?\s?(?:(?P<more>{_LEAST_BEHIND})|{_OTHER_BEHIND}))?",
    re.IGNORECASE,
)
# What makes another number of the digits that it stands at: a sign, a fraction, an exponent.
_MORE_BEFORE: Final = re.compile(r"(?:[-−–]|\d[.,٫eE])\Z")
_MORE_BEHIND: Final = re.compile(r"[.,٫]\d|[eE]\d|[¼-¾⅐-⅞]|[-−–]\d")
_COUNTED: Final = re.compile(r"\s?(?:개|건|명|회|comment|repl|respon|thought)", re.IGNORECASE)


def parse_number(raw: str) -> int | None:
    """The whole number that ``raw`` says, or None where it says none that an int64 can hold.

    Units add up as they are read aloud: ``1만 2천`` is 12000. A fraction must come out whole: ``1.2만`` is
    12000, ``1.5`` is no count. A bound (``99+``) is no number.
    """
    return _number(plain(raw)[:64])


# The pages of a site say the same small numbers over and over.
@lru_cache(maxsize=4096)
def _number(raw: str) -> int | None:
    text = _SUFFIX.sub("", raw)
    total, ceiling, position = Decimal(0), Decimal(10**30), 0
    while position < len(text):
        match = _PART.match(text, position)
        if match is None:
            return None
        digits = _BETWEEN.sub("", match["scaled"] or match["plain"])
        fraction = (match["fraction"] or "").replace(",", ".").replace("٫", ".")
        unit = (match["unit"] or "").lower().rstrip(".")
        scale = Decimal(_UNITS[unit] if unit else 1)
        part = Decimal(digits + fraction) * scale
        # Each further part must be smaller than the unit before it, or two numbers merely stand together.
        if scale >= ceiling or (position and part >= ceiling):
            return None
        total, ceiling, position = total + part, scale, match.end()
    return int(total) if position and total == int(total) <= _MOST else None


def parse_count(name: CountName, raw: str | int | None) -> Count | None:
    """The count ``name`` with its raw form kept; None where ``raw`` is missing or says nothing of a number.

    The value is None where the number cannot be read: a bound, several numbers, a form that is not known.
    """
    if raw is None or isinstance(raw, bool):
        return None
    text = str(raw).strip()
    return Count(name, parse_number(text), text) if any(map(str.isdecimal, text)) and text[0] != "-" else None


def find_count(name: CountName, text: str) -> Count | None:
    """The count in a heading: its one number, or the one before what is counted.

    None where the heading has no number. The value is None where it has several, or a bound.
    """
    numbers = list(_STATED.finditer(text))
    if len(numbers) > 1:
        numbers = [each for each in numbers if _COUNTED.match(text[each.end() :])] or numbers
    if len(numbers) != 1:
        return Count(name, None, text) if numbers else None
    (stated,) = numbers
    is_more = _MORE_BEFORE.search(text[: stated.start()]) or _MORE_BEHIND.match(text, stated.end("number"))
    if is_more:
        return Count(name, None, text.strip())
    is_bound = stated["before"] or stated["behind"]
    return Count(name, None, stated[0].strip()) if is_bound else parse_count(name, stated["number"])


def is_short(declared: Count | None, captured: int) -> bool | None:
    """Whether a page declares more than ``captured``; None where it declares what cannot be read."""
    if declared is None:
        return False
    if declared.value is not None:
        return captured < declared.value
    least = _least(declared.raw)
    return True if least is not None and captured < least else None


def _least(raw: str) -> int | None:
    """The number that ``raw`` says is not all."""
    stated = _STATED.fullmatch(plain(raw))
    return parse_number(stated["number"]) if stated and (stated["least"] or stated["more"]) else None
