import re
from dataclasses import dataclass

MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|januar|februar|märz|maerz|mai|juni|juli|okt|dez|enero|marzo|abril|mayo|junio|julio|agosto|janvier|février|mars|avril|juin|juillet|août|décembre)[a-zéûä]*\.?"
DATE = re.compile(
    rf"""(?xi)
    \d{{4}}[-/.]\s?\d{{1,2}}[-/.]\s?\d{{1,2}}(?:[T\s,]+\d{{1,2}}:\d{{2}}(?::\d{{2}})?\S*)?
  | \d{{4}}년\s?\d{{1,2}}월\s?\d{{1,2}}일(?:\s(?:오전|오후)?\s?\d{{1,2}}(?::\d{{2}}|시\s?\d*분?))?
  | \b\d{{1,2}}[./-]\d{{1,2}}[./-](?:\d{{4}}|\d{{2}})\b(?:[\s,]+(?:at\s|um\s)?\d{{1,2}}[:.]\d{{2}}(?:\s?[ap]\.?m\.?)?)?
  | (?<!\w){MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s(?:'\d{{2}}|\d{{4}}))?(?:,?\s+(?:at\s|@\s|um\s|à\s|-\s)?\d{{1,2}}[:.]\d{{2}}(?::\d\d)?(?:\s?[ap]\.?m\.?)?)?
  | \b\d{{1,2}}(?:st|nd|rd|th|\.)?(?:\sde)?[\s-]{MONTH}(?:(?:\sde)?,?[\s-](?:'\d{{2}}|\d{{4}}))?(?:,?\s+(?:at\s|@\s|um\s|à\s|a\slas\s|-\s)?\d{{1,2}}[:.h]\d{{2}}(?:\s?(?:[ap]\.?m\.?|Uhr))?)?
  | (?:\b(?:an?|\d+)\s(?:second|minute|min|hour|hr|day|week|month|year)s?\sago)
  | \bvor\s(?:\d+|einem|einer)\s\w+ | \bhace\s\d+\s\w+ | il\sy\sa\s\d+\s\w+
  | (?:약\s?)?\d+\s?(?:초|분|시간|일|주|개월|달|년)\s?전
  | (?:yesterday|today|gestern|heute|어제|오늘)(?:,?\s(?:at\s|um\s)?\d{{1,2}}:\d{{2}}(?:\s?[ap]m)?)?
  | \b(?:mon|tues|wednes|thurs|fri|satur|sun)day\sat\s\d{{1,2}}:\d{{2}}(?:\s?[ap]m)?
  | \b\d{{1,2}}\s?[dhmy]\b(?=\s*(?:ago)?$)
    """
)
EDITED = re.compile(r"(?i)\bedit|수정|bearbeitet|modifi|geändert|letzt")
TELL = re.compile(r"\d|yesterday|today|gestern|heute|어제|오늘|an? \w+ ago|vor ein", re.I)


@dataclass(frozen=True, slots=True)
class DateSpan:
    start: int
    end: int
    raw: str


def may_hold_date(text: str) -> bool:
    return TELL.search(text) is not None


def search_dates(text: str) -> tuple[DateSpan, ...]:
    return tuple(DateSpan(m.start(), m.end(), m[0]) for m in DATE.finditer(text))


def edit_mark(text: str) -> bool:
    return EDITED.search(text) is not None
