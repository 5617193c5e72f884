"""Numbers as pages print them: ``14,757``, ``1.2만``, ``2.5천``, ``1.2k``."""

import re
from decimal import Decimal
from typing import Final

from scraper.model.record import Count, CountName
from scraper.page.characters import plain

_UNITS: Final = {
    "천": 10**3,
    "만": 10**4,
    "억": 10**8,
    "조": 10**12,
    "k": 10**3,
    "m": 10**6,
    "b": 10**9,
}
# The form of a number, for patterns that look for one behind a label.
NUMBER: Final = r"\d[\d,]{0,18}(?:\.\d{1,6})?(?:\s?(?:[천만억]|조(?!회))|[kKmMbB](?![A-Za-z]))?"
_PART: Final = re.compile(
    r"(\d{1,3}(?:,\d{3}){1,6}|\d{1,19})(\.\d{1,6})?\s?([천만억조kmb]?)\s?", re.IGNORECASE
)
_SUFFIX: Final = re.compile(r"\s?(?:개|회|명|건|번|\+)\s?$")
_MOST: Final = 2**63 - 1


def parse_number(raw: str) -> int | None:
    """The whole number that ``raw`` says, or None where it says none that an int64 can hold.

    Units add up as they are read aloud: ``1만 2천`` is 12000. A fraction must come out whole: ``1.2만`` is
    12000, ``1.5`` is no count.
    """
    text = _SUFFIX.sub("", plain(raw)[:64])
    total, ceiling, position = Decimal(0), Decimal(10**30), 0
    while position < len(text):
        match = _PART.match(text, position)
        if match is None:
            return None
        digits, fraction, unit = match.groups()
        scale = Decimal(_UNITS[unit.lower()] if unit else 1)
        part = Decimal(digits.replace(",", "") + (fraction or "")) * scale
        # Each further part must be smaller than the unit before it, or two numbers merely stand together.
        if scale >= ceiling or (position and part >= ceiling):
            return None
        total, ceiling, position = total + part, scale, match.end()
    return int(total) if position and total == int(total) <= _MOST else None


def parse_count(name: CountName, raw: str | int | None) -> Count | None:
    """The count ``name`` with its raw form kept; None where ``raw`` is missing or no count."""
    if raw is None or isinstance(raw, bool):
        return None
    text = str(raw).strip()
    value = parse_number(text)
    return None if value is None else Count(name, value, text)
