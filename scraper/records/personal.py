"""Personal details in texts: e-mail addresses, telephone numbers and resident registration numbers.

Each is replaced by the name of its kind between ``⟨`` and ``⟩``. A number is taken only where its form says what
it is, so prices, dates, versions, counts and order numbers stay.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
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
_DATE: Final = re.compile(rf"(?:19|20)\d\d{_GAP}\d{{1,2}}{_GAP}\d{{1,2}}(?!\d)")


def scrub(text: str, kinds: Collection[ScrubKind]) -> tuple[str, Mapping[ScrubKind, int]]:
    """``text`` with the details of these kinds replaced, and how many of each were. Scrubbing twice changes nothing."""
    redactions: dict[ScrubKind, int] = {}
    before = None
    # What was replaced may uncover its neighbour (two numbers parted by a comma), hence until nothing changes.
    while text != before:
        before = text
        for detail in _DETAILS:
            if detail.kind in kinds:
                text, count = detail.without(text)
                if count:
                    redactions[detail.kind] = redactions.get(detail.kind, 0) + count
    return text, redactions


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


@dataclass(frozen=True, slots=True)
class _Detail:
    """A kind of personal detail: what has its form, and whether that is one.

    No text without its ``sign`` has one: that is sought first, which costs a hundredth, for most texts have none.
    """

    kind: ScrubKind
    pattern: re.Pattern[str]
    sign: re.Pattern[str]
    is_one: Callable[[re.Match[str]], bool] = lambda _: True

    def without(self, text: str) -> tuple[str, int]:
        """``text`` with the details of this kind replaced, and how many were."""
        if not self.sign.search(text):
            return text, 0
        count = 0

        def replace(match: re.Match[str]) -> str:
            nonlocal count
            if not self.is_one(match):
                return match[0]
            count += 1
            return f"⟨{self.kind}⟩"

        return self.pattern.sub(replace, text), count


# In this order: an address may hold digits, and a registration number must not be read as a telephone's. Each sign opens with
# a letter or a class of them, which the search for a pattern skips to.
_DETAILS: Final = (
    _Detail("email", _EMAIL, re.compile(r"@|＠|%40|\[(?:at|AT|골뱅이)[\])]|\((?:at|AT|골뱅이)[\])]")),
    _Detail("id-number", _ID_NUMBER, re.compile(r"\d\d{5} ?[-‐-―－]"), _is_plausible_birth),
    _Detail(
        "phone",
        _PHONE,
        re.compile(r"\+[1-9][-‐-―－. ()\d]{7}|0(?<!\d0)[0-8][-‐-―－. ()\d]{8}"),
        _is_telephone,
    ),
)
