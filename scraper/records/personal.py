"""Personal details in texts: e-mail addresses, telephone numbers and resident registration numbers.

Each is replaced by the name of its kind between ``⟨`` and ``⟩``. A number is taken only where its form says what
it is, so prices, dates, versions, counts and order numbers stay.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection
from datetime import date
from typing import Final

from scraper.settings import ScrubKind

# Names of scaled images (``icon@2x.png``) have the form of an address and are none.
_EMAIL: Final = re.compile(
    r"(?<![A-Za-z0-9._%+-])"
    r"[A-Za-z0-9._%+-]{1,64}"
    r"(?:@|%40|＠|\s?[\[(](?:at|AT|골뱅이)[\])]\s?)"
    r"(?![1-4]x\.(?:png|jpe?g|gif|webp|svg|avif))"
    r"(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}"
)

# YYMMDD-Gxxxxxx: G is 1 to 8. Numbers given since October 2020 are random, so their checksum proves nothing.
_ID_NUMBER: Final = re.compile(
    r"(?<!\d)(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2}) ?[-‐-―－] ?[1-8](?:\d{6}|[*●xX]{6})(?!\d)"
)

_GAP: Final = r"[-‐-―－. ]"
_PHONE: Final = re.compile(
    rf"""
    (?<!\d)(?<!\d[-,])
    (?:
        # Korean numbers called from abroad: +82 10-1234-5678, 0082-2-123-4567
        (?:\+|00)82{_GAP}?(?:\(0\)|0)?(?:1[016789]|2|[3-6][1-5]|70|50\d|80){_GAP}?\d{{3,4}}{_GAP}?\d{{4}}
        # mobile numbers in groups
      | \(?01[016789]\)?{_GAP}{{1,3}}\d{{3,4}}{_GAP}{{1,3}}\d{{4}}
      | (?<![0-9A-Fa-f_-])01[016789]\d{{3,4}}{_GAP}?\d{{4}}(?![0-9A-Fa-f_])
        # landlines, internet telephony, personal and toll-free numbers: the prefix stands apart
      | \(?(?:02|0[3-6][1-5]|070|050\d|080)(?:\){_GAP}?|{_GAP})\d{{3,4}}{_GAP}\d{{4}}
        # other countries, E.164: a plus sign, then 8 to 15 digits in groups, or 11 to 15 in a row
      | (?<![\w+])\+(?!82)(?P<foreign>[1-9]\d{{0,2}}(?:{_GAP}?\(\d{{1,4}}\))?(?:{_GAP}\d{{1,4}}){{1,6}})
      | (?<![\w+])\+[1-9]\d{{10,14}}
    )
    (?!\d)(?!-\d)
    """,
    re.VERBOSE,
)
# What no detail is without; an escaped ``@`` has digits.
_MAY_HOLD_DETAIL: Final = re.compile(r"[\d@＠]|(?:at|AT|골뱅이)[\])]")
_DATE: Final = re.compile(rf"(?:19|20)\d\d{_GAP}\d{{1,2}}{_GAP}\d{{1,2}}(?!\d)")


def scrub(text: str, kinds: Collection[ScrubKind]) -> tuple[str, Counter[ScrubKind]]:
    """``text`` with the details of these kinds replaced, and how many of each were. Scrubbing twice changes nothing."""
    redactions: Counter[ScrubKind] = Counter()
    before = None if _MAY_HOLD_DETAIL.search(text) else text
    # What was replaced may uncover its neighbour (two numbers parted by a comma), hence until nothing changes.
    while text != before:
        before = text
        for kind, (pattern, is_detail) in _KINDS.items():
            if kind in kinds:
                text = pattern.sub(_replacing(kind, is_detail, redactions), text)
    return text, redactions


def _replacing(
    kind: ScrubKind, is_detail: Callable[[re.Match[str]], bool], redactions: Counter[ScrubKind]
) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        if not is_detail(match):
            return match[0]
        redactions[kind] += 1
        return f"⟨{kind}⟩"

    return replace


def _is_plausible_birth(match: re.Match[str]) -> bool:
    leap_year = 2000
    try:
        date(leap_year, int(match["month"]), int(match["day"]))
    except ValueError:
        return False
    return True


def _is_telephone(match: re.Match[str]) -> bool:
    foreign = match["foreign"]
    if foreign is None:
        return True
    return 8 <= sum(character.isdigit() for character in foreign) <= 15 and not _DATE.search(foreign)


# In this order: an address may hold digits, and a registration number must not be read as a telephone's.
_KINDS: Final[dict[ScrubKind, tuple[re.Pattern[str], Callable[[re.Match[str]], bool]]]] = {
    "email": (_EMAIL, lambda _: True),
    "id-number": (_ID_NUMBER, _is_plausible_birth),
    "phone": (_PHONE, _is_telephone),
}
