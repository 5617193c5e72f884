"""Words by which threads of any language are told apart from what stands around them, as parts of regular expressions by language."""

import re
from collections.abc import Mapping
from typing import Final

# Dates beside these are of a person, or of another post, not of what was written.
_OF_OTHERS: Final[Mapping[str, str]] = {
    "en": r"join|member since|regist|since|birthday|last (?:seen|active|visit|login|reply|post|comment)",
    "de": r"dabei seit|mitglied|letzte antwort|letzter beitrag",
    "fr": r"inscri|membre|dernière réponse",
    "es": r"miembro|registrad|última respuesta",
    "ru": r"регистр",
    "ko": r"가입|마지막 (?:답글|댓글)",
    "ja": r"登録|最終返信",
    "zh": r"注册|最后回复",
}
# A time of day, or how long ago it was.
_CLOCK: Final[Mapping[str, str]] = {
    "": r"\d[:h.]\s?\d",
    "en": r"\bago\b",
    "ko": r"\d시\s?\d|전$",
    "ja": r"\d[時点]\s?\d|前$",
}
# What is said before and behind the name of who wrote.
_WROTE: Final[Mapping[str, str]] = {
    "en": r"posted|written|asked|answered|submitted",
    "de": r"geschrieben|verfasst",
    "es": r"publicado|escrito",
    "fr": r"publié|posté|écrit",
}
_BY: Final[Mapping[str, str]] = {
    "en": "by", "de": "von", "fr": "par", "es": "por", "it": "da|di", "nl": "door", "sv": "av", "ru": "от",
}  # fmt: skip
_SAYS: Final[Mapping[str, str]] = {
    "en": r"on|at|wrote|says|said|posted",
    "de": r"am|um|schrieb|schreibt|sagt(?:e)?",
    "fr": r"le|a\s(?:dit|écrit)",
    "es": r"el|dijo|dice|escribió",
    "it": r"il|ha\sscritto",
    "pt": r"em|disse",
    "nl": r"op",
    "sv": r"den|skrev",
    "ko": r"님이?",
    "ja": r"さん|より",
}
_ONWARD: Final[Mapping[str, str]] = {"": r"[»›>→]", "ko": r"다음"}


def _any(words: Mapping[str, str]) -> str:
    return "|".join(words.values())


OF_OTHERS: Final = re.compile(_any(_OF_OTHERS), re.IGNORECASE)
CLOCK: Final = re.compile(_any(_CLOCK))
BEFORE_NAME: Final = re.compile(rf"^\W*(?:(?:{_any(_WROTE)})\s+)?(?:{_any(_BY)})?\W+", re.IGNORECASE)
BEHIND_NAME: Final = re.compile(rf"[\s,·|:—–-]*(?:\b(?:{_any(_SAYS)})\b)*[\s,·|:—–-]*$", re.IGNORECASE)
ONWARD: Final = re.compile(_any(_ONWARD))
