"""The forms of dates, as patterns of classes of tokens (``lexicon``): what is read as a whole, and what is looked for in a text.

In these patterns a space is one token of white space, ``a`` a number of one digit, ``b`` of two, ``n`` of three or four,
``y`` a year; signs are themselves, and a word is a name in braces, which stands for all words that have that role. No part
repeats without a bound, so that a search is linear in its text.
"""

import re
from typing import Final

from scraper.page.dates.lexicon import role_class

_ROLE: Final = re.compile(r"\{([a-z_]+)\}")
_GROUP: Final = re.compile(r"\(\?P<[a-z]+>")
_BACK: Final = re.compile(r"\(\?P=[a-z]+\)")


def _classes(form: str) -> str:
    return _ROLE.sub(lambda match: role_class(match[1]), form)


def _compiled(form: str) -> re.Pattern[str]:
    return re.compile(_classes(form))


def _unnamed(form: str) -> str:
    return _GROUP.sub("(?:", form)


# Times of day. A point between hour and minute needs a word that says so.
_COLON: Final = (
    r"(?:(?P<early>{half}) ?)?(?P<hour>[ab])(?: ?:| ?{hour_mark}) ?(?P<minute>b|a(?= ?{minute_mark}))(?: ?{minute_mark})?"
    r"(?: ?:(?P<second>b)(?:[.,][abny])?| ?(?P<counted>[ab]) ?{second_mark})?(?: ?(?P<late>{half}))?(?: ?{oclock})?"
)
_POINT: Final = r"(?P<hour>[ab])\.(?P<minute>b) ?(?:(?P<late>{half})|{oclock})"
_HALF: Final = r"(?P<hour>[ab]) ?(?P<late>{half})"
_HOUR: Final = r"(?:(?P<early>{half}) ?)?(?P<hour>[ab]) ?(?:{hour_mark}|{oclock})"
_AFTER_WORD: Final = r"(?P<hour>[ab])\.(?P<minute>b)"
CLOCKS: Final = tuple(map(_compiled, (_COLON, _POINT, _HALF, _HOUR, _AFTER_WORD)))
_SURE_CLOCK: Final = _unnamed(f"(?:{_COLON}|{_POINT}|{_HALF})")
_CLOCK: Final = _unnamed(f"(?:{_COLON}|{_POINT}|{_HALF}|{_HOUR})")
_JOIN: Final = r"(?: ?[,·|@/-])? ?\(?(?:{at}\.?:? ?)?"
_ZONE: Final = r"(?: ?\(?(?P<zone>{zone}? ?[+-](?:n|b(?::?b)?)|{zone} ?[+-]a|{zone})\)?)?\)?"
_WHOLE_ZONE: Final = r"(?: \(?(?P<word>~)\)?)?"
_THEN: Final = (
    rf"(?:{_JOIN}(?P<after>{_CLOCK})|(?: ?,)? ?{{at}}\.? ?(?P<pointed>{_unnamed(_AFTER_WORD)})){_ZONE}"
)
_THEN_SURE: Final = rf"{_JOIN}(?P<after>{_SURE_CLOCK}){_ZONE}"

# Days. Between their parts a point, a sign, a word such as ``de``.
_SIGN: Final = r"\.? ?[,/-]? ?(?:{of} )?"
_YEAR: Final = r"(?:(?P<year>y)(?: ?{year_mark}\.?)?|'(?P<short>b))"
_MONTH_DAY_YEAR: Final = rf"(?P<month>{{month}}){_SIGN}(?P<day>[ab]){{ordinal}}?{_SIGN}{_YEAR}"
_DAY_MONTH_YEAR: Final = (
    rf"(?P<day>[ab])(?: ?{{ordinal}})?{_SIGN}(?P<month>{{month}})(?:{_SIGN}{_YEAR}|-(?P<dashed>b))"
)
_YEAR_MONTH_DAY: Final = rf"(?P<year>y){_SIGN}(?P<month>{{month}}){_SIGN}(?P<day>[ab]){{ordinal}}?\.?"
_EASTERN: Final = r"(?P<year>y) ?{year_mark} ?(?P<number>[ab]) ?{month_mark} ?(?P<day>[ab]) ?{day_mark}"
_YEAR_FIRST: Final = r"(?P<year>y)(?P<sign>[./-]) ?(?P<number>[ab])(?P=sign) ?(?P<day>[ab])\.?"
_UNORDERED: Final = r"(?P<first>[ab])(?P<sign>[./-]) ?(?P<second>[ab])(?P=sign) ?(?P<year>y)"
_SHORT: Final = r"(?P<first>[ab])(?P<sign>[./-]) ?(?P<second>[ab])(?P=sign) ?(?P<third>b)\.?"
_UNORDERED_DAY: Final = r"(?P<first>b)(?P<sign>[./-])(?P<second>b)\.?"
_MONTH_DAY: Final = r"(?P<month>{english_month})\.? ?(?P<day>[ab]){ordinal}?"
_DAY_MONTH: Final = r"(?P<day>[ab])(?: ?{ordinal})?\.? ?-?(?:{of} )?(?P<month>{month})"
_EASTERN_DAY: Final = r"(?P<number>[ab]) ?{month_mark} ?(?P<day>[ab]) ?{day_mark}"
_MONTH_YEAR: Final = rf"(?P<month>{{month}}){_SIGN}{_YEAR}"
_YEAR_MONTH: Final = r"(?P<year>y) ?{year_mark} ?(?P<number>[ab]) ?{month_mark}"

_FULL: Final = (_MONTH_DAY_YEAR, _DAY_MONTH_YEAR, _YEAR_MONTH_DAY, _EASTERN, _YEAR_FIRST, _UNORDERED)
_YEARLESS: Final = (_MONTH_DAY, _DAY_MONTH, _EASTERN_DAY)
_MONTHS: Final = (_MONTH_YEAR, _YEAR_MONTH)
DAYS: Final = tuple(map(_compiled, (*_FULL, _SHORT, _UNORDERED_DAY, *_YEARLESS, *_MONTHS)))
UNORDERED: Final = tuple(map(_compiled, (_UNORDERED, _SHORT)))


def _one_of(forms: tuple[str, ...]) -> str:
    """The alternatives without the names of their parts; the sign that comes twice may differ, as the parts are read again."""
    return "(?:" + "|".join(_BACK.sub("[./-]", _unnamed(form)) for form in forms) + ")"


_WEEKDAY: Final = r"(?:\(?{weekday}\)?\.?,? ?(?:{on} )?)?"
_WEEKDAY_AFTER: Final = r"(?:,? ?\({weekday}\.?\)| ?{eastern_weekday}|,? {weekday}\.?(?=,? [ab]:))?"
_BEFORE: Final = rf"(?:(?P<before>{_CLOCK})(?: ?{{zone}})?(?: ?[,-])? ?(?:{{on}} )?)?"
_DATED: Final = (
    rf"{_BEFORE}{_WEEKDAY}(?P<date>{_one_of(_FULL)}){_WEEKDAY_AFTER}(?: ?\((?P<zoned>{{zone}})\))?"
)
_DATED_SHORT: Final = rf"{_WEEKDAY}(?P<date>{_one_of((_SHORT,))}){_WEEKDAY_AFTER}"
_CTIME: Final = r"{weekday} (?P<month>{month}) (?P<day>[ab]) (?P<hour>b):(?P<minute>b):(?P<second>b) (?:(?P<zone>{zone}) )?(?P<year>y)"
_ANNUAL: Final = rf"(?P<week>{_WEEKDAY})(?P<date>{_one_of(_YEARLESS)}){_WEEKDAY_AFTER}"
_MONTHLY: Final = rf"(?P<date>{_one_of(_MONTHS)})"
_NEAR: Final = r"(?:(?P<days>{day_word})|(?P<weekday>{weekday})\.?)"
_NUMBER: Final = r"(?:[abny]|{count}|{few})"
_UNIT: Final = rf"{_NUMBER} ?'? ?(?:{{unit}}|{{compact}})\.?"
_SPAN: Final = rf"(?P<span>{_UNIT}(?:,? ?(?:{{and}} )?{_UNIT}){{0,3}}|{{lone}}|{{days_long}})"
_AGO: Final = rf"(?:{{about}} ?)?{_SPAN} ?{{ago}}"
_SINCE: Final = rf"{{ago_before}} ?(?:{{about}} ?)?{_SPAN}"
_COMPACT: Final = r"(?P<span>[ab]{compact})"
_NOW: Final = r"(?P<now>{now})"
_DAY_WORD: Final = r"(?P<days>{day_word})"

WHOLE: Final = tuple(
    re.compile(rf"(?:{_classes('{on}')} )?{_classes(form)}")
    for form in (
        rf"{_DATED}(?:{_THEN}{_WHOLE_ZONE})?",
        rf"{_DATED_SHORT}(?:{_THEN}{_WHOLE_ZONE})?",
        _CTIME,
        rf"(?P<date>{_one_of((_UNORDERED_DAY,))}){_WEEKDAY_AFTER}{_THEN_SURE}",
        rf"{_ANNUAL}(?:{_THEN})?",
        _MONTHLY,
        rf"{_NEAR}{_THEN_SURE}",
        rf"{_DAY_WORD}",
        _AGO,
        _SINCE,
        _NOW,
        _COMPACT,
    )
)
# What every date has one of.
CORE: Final = _compiled(
    r"{month}|{day_word}|{now}|{ago}|{ago_before}|{month_mark}|[aby][./-] ?[ab][./-]|b[./-]b.? ?[ab]|[ab]{compact}"
    r"|{weekday}\.?[^~]{1,8}(?::b|{half}|{oclock})"
)
_START: Final = r"(?=[aby]|n|{weekday}|{month}|{day_word}|{now}|{about}|{count}|{few}|{lone}|{days_long}|{ago_before}|{half})"
# In a text, what is a date by its form alone; then what is one only where it stands for itself.
SOUGHT: Final = _compiled(
    f"{_START}(?:"
    + "|".join(
        map(
            _unnamed,
            (
                _CTIME,
                rf"{_DATED}(?:{_THEN})?",
                rf"{_DATED_SHORT}{_THEN}",
                rf"(?P<date>{_one_of((_UNORDERED_DAY,))}){_WEEKDAY_AFTER}{_THEN_SURE}",
                rf"{_ANNUAL}(?:{_THEN})?",
                _MONTHLY,
                rf"{_NEAR}{_THEN_SURE}",
                _AGO,
                _SINCE,
            ),
        )
    )
    + f"|(?P<alone>{_unnamed(f'{_DAY_WORD}|{_NOW}|{_COMPACT}')}))"
)
