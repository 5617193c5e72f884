"""WordPress's dates: exact in ``datetime`` attributes, else in the words that the theme's language has for them."""

import re
from datetime import datetime
from typing import Final

from selectolax.lexbor import LexborNode

from scraper.model.record import Moment
from scraper.page.dates import Zone, read_date
from scraper.sites.wordpress.fragment import words_of

_LONGEST: Final = 64
_BETWEEN: Final = re.compile(r"\s+at\s+|\s*[|·]\s*")


def moment(node: LexborNode | None, zone: Zone, captured_at: datetime | None) -> Moment | None:
    """The moment that a ``time`` element, or any element of a date's words, names; None where it names none."""
    if node is None:
        return None
    stated = node.attributes.get("datetime") or ""
    words = words_of(node) or ""
    moment_stated = moment_of(stated, zone, captured_at) if stated else None
    return moment_stated or moment_of(words, zone, captured_at)


def moment_of(raw: str, zone: Zone, captured_at: datetime | None) -> Moment | None:
    """The moment that ``raw`` names; of a form in words that cannot be read, the words alone."""
    if not re.search(r"\d", raw):
        return None
    if len(raw) > _LONGEST:
        # Words so long are no date, unless they are one of RFC 9557.
        return read_date(raw, zone, captured_at)
    plain = _BETWEEN.sub(" ", raw.replace("(", "").replace(")", ""))
    return read_date(raw, zone, captured_at) or read_date(plain, zone, captured_at) or Moment(raw.strip())
