"""The order of day, month and year in the numbers of a page's dates, by what they show."""

from collections.abc import Iterable, Iterator
from typing import Final

from scraper.page.dates import forms
from scraper.page.dates.lexicon import LANGUAGES, tokens_of
from scraper.page.dates.placing import DayOrder

_ORDERS: Final = {"dmy": DayOrder.DAY, "mdy": DayOrder.MONTH, "ymd": DayOrder.YEAR}
# Of English by its countries; where none is told, nothing is.
_COUNTRIES: Final = {
    "en-us": DayOrder.MONTH,
    "en-ph": DayOrder.MONTH,
    **dict.fromkeys(
        ("en-gb", "en-uk", "en-ie", "en-au", "en-nz", "en-in", "en-sg", "en-za", "en-my"), DayOrder.DAY
    ),
    "fr-ca": DayOrder.YEAR,
    "sv": DayOrder.YEAR,
}
_MOST_MONTHS: Final = 12
_MOST_DAYS: Final = 31


def day_order(raws: Iterable[str], language: str | None) -> DayOrder | None:
    """The order in which dates of one page give day, month and year in digits; None where it is not known.

    ``raws`` are dates, or texts with dates in them. The order is the one in which all of them are dates: a 13 in one place
    decides. Where several orders are left, the page's ``language`` (BCP 47) does, if everybody who writes it uses one.
    """
    possible = set(DayOrder)
    for raw in raws:
        for numbers in _unordered(raw):
            possible &= _orders(numbers)
    if len(possible) < 2:
        return next(iter(possible), None)
    spoken = _of_language(language) if language else None
    return spoken if spoken in possible else None


def _of_language(language: str) -> DayOrder | None:
    tag = language.lower().replace("_", "-")
    base = tag.partition("-")[0]
    return _COUNTRIES.get(tag) or _COUNTRIES.get(base) or _OF_LANGUAGE.get(base)


_OF_LANGUAGE: Final = {each.code: _ORDERS[each.order] for each in LANGUAGES if each.order} | {
    "nb": DayOrder.DAY,
    "nn": DayOrder.DAY,
}


def _unordered(text: str) -> Iterator[list[int]]:
    """The numbers of each date of a text that are in an unknown order, a year of four digits left out."""
    tokens = tokens_of(text)
    for pattern in forms.UNORDERED:
        names = [name for name in ("first", "second", "third") if name in pattern.groupindex]
        for match in pattern.finditer(tokens.classes):
            if "third" in names or match["sign"] != ".":
                yield [int(tokens.words[match.start(name)]) for name in names]


def _orders(numbers: list[int]) -> set[DayOrder]:
    """The orders in which numbers can be a day, a month and, where there are three, a year."""
    first, second, *rest = numbers
    readings = {DayOrder.DAY: (second, first), DayOrder.MONTH: (first, second)}
    if rest:
        readings[DayOrder.YEAR] = (second, rest[0])
    return {
        order
        for order, (month, day) in readings.items()
        if 1 <= month <= _MOST_MONTHS and 1 <= day <= _MOST_DAYS
    }
