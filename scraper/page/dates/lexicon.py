"""Texts as rows of classes: one character for each token, so that the forms of dates are patterns of a few characters."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

from scraper.page.dates.asian import ASIAN
from scraper.page.dates.european import EUROPEAN
from scraper.page.dates.language import Language

LANGUAGES: Final = (*EUROPEAN, *ASIAN)

# Numbers by what they can be: one digit, two, a year that a page may name, three or four digits.
ONE: Final = "a"
TWO: Final = "b"
YEAR: Final = "y"
SHORT: Final = "n"
# A word of no date, and the number of too many digits.
_OTHER: Final = "~"
_FIRST_CLASS: Final = 0xE000
_YEARS: Final = range(1900, 2200)
_CJK: Final = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_UNSEEN: Final = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff"
_WIDE: Final = re.compile("[\uff01-\uff5e]")
_NARROWED: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# The roles whose words are printed without their accents too.
_BARE: Final = frozenset({"month", "english_month", "weekday", "unit", "day_word"})
# Marks behind the parts of a date in scripts that write no spaces, and letters that alone are units.
_MARKS: Final = {
    "year_mark": "年,년,г,г.,م,года,р,року,r,roku",
    "month_mark": "月,월",
    "day_mark": "日,일,号,號,nap",
    "hour_mark": "시,时,時,點,点,h,h.,시경",
    "minute_mark": "분,分,min,m",
    "second_mark": "초,秒,s",
    "at": "t",
    "and": "and,und,et,y,e,en,i,och,og,и,ja,ve",
    "byline": (
        "posted,asked,answered,modified,edited,commented,replied,updated,viewed,active,joined,published,created,submitted,"
        "reply,post,erstellt,geschrieben,publié,publicado,pubblicato,geplaatst,napisano,skrev,작성"
    ),
    # Names of a day that alone are everyday words of another language: ``hier`` is here for Germans.
    "homograph": "hier,ma,dun",
    # Month names that are everyday words in one language or another.
    "everyday": "may,march,mar,dec,set,out,ara,tem,mag,gen,led,pro,lis,sie,lip,mart,may,mai,juin,lug,nov,ian",
}
_DAYS_LONG: Final = {"이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "열흘": 10}
_COMPACT: Final = "s,sec|m,min,mn|h,hr|d,j|w,wk|mo|y,yr"
# Zones that a page names behind a time; what they mean is another matter.
_ZONES: Final = (
    "z,ut,utc,gmt,est,edt,cst,cdt,mst,mdt,pst,pdt,et,ct,mt,pt,kst,jst,cet,cest,mez,mesz,bst,ist,wet,west,eet,eest,msk,"
    "aest,aedt,acst,awst,nzst,nzdt,akst,akdt,hst,hkt,sgt,brt,art,мск"
)


def _words(text: str) -> list[str]:
    return [word for word in text.split(",") if word]


def _valued(text: str, first: int = 1) -> Iterator[tuple[str, int]]:
    for value, words in enumerate(text.split("|"), start=first):
        yield from ((word, value) for word in _words(words))


def _of_language(language: Language) -> Iterator[tuple[str, str, int]]:
    """Word, role and value of every word of a language."""
    valued = {
        "month": language.months,
        "weekday": language.weekdays,
        "unit": language.units,
        "lone": language.lone,
        "count": language.numbers,
    }
    if language.code == "en":
        valued["english_month"] = language.months
    for role, text in valued.items():
        yield from ((word, role, value) for word, value in _valued(text))
    if language.code in {"ko", "ja", "zh"}:
        yield from ((word, "eastern_weekday", value) for word, value in _valued(language.weekdays))
    yield from ((word, "day_word", value) for word, value in _valued(language.days, 0))
    yield from (
        (word, "half", value)
        for value, half in enumerate((language.am, language.pm))
        for word in _words(half)
    )
    plain = {
        "on": language.on,
        "at": language.at,
        "of": language.of,
        "oclock": language.oclock,
        "now": language.now,
        "ago_before": language.ago_before,
        "ago": language.ago_after,
        "about": language.about,
        "few": language.few,
        "ordinal": language.ordinal,
    }
    for role, text in plain.items():
        yield from ((word, role, 0) for word in _words(text))


def _bare(word: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", word) if not unicodedata.combining(each))


def vocabulary(languages: Sequence[Language]) -> dict[str, dict[str, int]]:
    """The roles of each word, and its value in each. Of two languages that use a word in one role the first counts."""
    roles: dict[str, dict[str, int]] = defaultdict(dict)
    rows = [row for language in languages for row in _of_language(language)]
    rows += [(word, role, 0) for role, text in _MARKS.items() for word in _words(text)]
    rows += [(word, "compact", value) for word, value in _valued(_COMPACT)]
    rows += [(word, "zone", 0) for word in _words(_ZONES)]
    rows += [(word, "days_long", value) for word, value in _DAYS_LONG.items()]
    for word, role, value in rows:
        roles[word].setdefault(role, value)
    for word, role, value in rows:
        if role in _BARE:
            roles[_bare(word) if word.isalpha() and word < "\u0370" else word].setdefault(role, value)
    return dict(roles)


WORDS: Final = vocabulary(LANGUAGES)
_SETS: Final = sorted({frozenset(roles) for roles in WORDS.values()}, key=sorted)
_CLASS_OF_SET: Final = {roles: chr(_FIRST_CLASS + index) for index, roles in enumerate(_SETS)}


def _classes() -> dict[str, str]:
    """The class of each token that has one: of words by their roles, of numbers by their digits, of signs themselves."""
    classes = {str(number): ONE for number in range(10)}
    classes |= {f"{number:02}": TWO for number in range(100)}
    classes |= {str(number): YEAR for number in _YEARS}
    classes |= {sign: sign for sign in "./:,+@|()[]"}
    classes |= dict.fromkeys("-–—−‐‑", "-") | dict.fromkeys("'’‘`", "'") | dict.fromkeys("•·∙・ㆍ⋅‧●", "·")
    return classes | {word: _CLASS_OF_SET[frozenset(roles)] for word, roles in WORDS.items()}


_CLASSES: Final = _classes()


def _alternatives(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


_CJK_WORDS: Final = [word for word in WORDS if re.match(f"[{_CJK}]", word)]
_PHRASES: Final = [word for word in WORDS if not word.isalpha() and word not in _CJK_WORDS]
# By the first character, so that a word of no phrase is seen as such at once.
_PHRASE: Final = "|".join(
    f"{re.escape(first)}(?:{_alternatives([word[1:] for word in _PHRASES if word[0] == first])})"
    for first in sorted({word[0] for word in _PHRASES})
)
_TOKEN: Final = re.compile(
    rf"\d+|\s[\s{_UNSEEN}]*|[{_UNSEEN}][\s{_UNSEEN}]*"
    rf"|(?=[{_CJK}])(?:{_alternatives(_CJK_WORDS)}|.)"
    rf"|(?:{_PHRASE})(?![^\W_])"
    rf"|[^\W\d_{_CJK}]+|.",
    re.DOTALL,
)
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_TELLING_ROLES: Final = frozenset({"day_word", "now", "ago", "ago_before"})
# Of a phrase its longest word: ``il y a`` has none that tells, but a number does behind it.
_TELLING_WORDS: Final = frozenset(
    max(_LETTERS.findall(word), key=len)
    for word, roles in WORDS.items()
    if _TELLING_ROLES & roles.keys() and word[0] < "\u3000"
)
_TELLING_CJK: Final = re.compile(
    _alternatives([word for word in _CJK_WORDS if _TELLING_ROLES & WORDS[word].keys()])
)
_DIGIT: Final = re.compile(r"\d")
# What is as short as this stands on a page, and on the pages of a site, several times.
_LABEL: Final = 60


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text in lower case, and a row of as many classes."""

    words: Sequence[str]
    classes: str

    def starts(self) -> list[int]:
        """Where each token starts in the text, and where the last one ends."""
        return [0, *accumulate(map(len, self.words))]


def lower(text: str) -> str:
    """``text`` in lower case and with narrow digits and signs, character by character."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(each.lower() if len(each.lower()) == 1 else each for each in text)
    return lowered.translate(_NARROWED) if _WIDE.search(lowered) else lowered


def tokens_of(text: str) -> Tokens:
    """The tokens of a text. They are the whole of it, in its order."""
    return _tokens_of_label(text) if len(text) <= _LABEL else _tokens_of(text)


def _tokens_of(text: str) -> Tokens:
    words = _TOKEN.findall(lower(text))
    return Tokens(words, "".join([_CLASSES.get(word) or _class_of_rest(word) for word in words]))


# A date stands on its page once, and is looked for there before it is read.
_tokens_of_label: Final = lru_cache(maxsize=1024)(_tokens_of)


def _class_of_rest(token: str) -> str:
    if token[0].isspace() or not token[0].isprintable():
        return " "
    if not token.isdecimal() or len(token) > 4:
        return _OTHER
    return SHORT if token.isascii() else _CLASSES.get("".join(str(int(digit)) for digit in token), SHORT)


def may_hold_date(text: str) -> bool:
    """Whether a text has any of what every date has one of: a digit, or a word such as yesterday or ago."""
    return _may_label_hold_date(text) if len(text) <= _LABEL else _may_hold_date(text)


def _may_hold_date(text: str) -> bool:
    if _DIGIT.search(text):
        return True
    if not _TELLING_WORDS.isdisjoint(_LETTERS.findall(text.lower())):
        return True
    return not text.isascii() and _TELLING_CJK.search(text) is not None


_may_label_hold_date: Final = lru_cache(maxsize=4096)(_may_hold_date)


def role_class(role: str) -> str:
    """The pattern for one token of a role."""
    classes = "".join(sign for roles, sign in _CLASS_OF_SET.items() if role in roles)
    if not classes:
        raise KeyError(role)
    return f"[{classes}]"
