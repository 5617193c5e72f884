"""Every setting of postkeep.toml: its key, the kind of its value, what it means, and an example.

``settings_file`` reads by these tables, ``postkeep init`` writes its file from them, and docs/settings.md lists them. A key that is
absent has the default of its dataclass in ``settings``.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, get_args
from zoneinfo import available_timezones

from scraper.errors import UsageError
from scraper.settings import EMAIL_CONTACT, SCRUB_KINDS, NamePolicy

# Seconds. TOML has nan and inf too, and neither is a delay.
_LONGEST_DELAY: Final = 86_400
_URL: Final = re.compile(r"https?://[^\s()<>]+")
_DURATION: Final = re.compile(r"([0-9]{1,6})\s*(h|d|w)")
_HOURS: Final = {"h": 1, "d": 24, "w": 7 * 24}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind that ``is_valid`` knows and ``expected`` describes, in the file as in a variable."""

    expected: str
    is_valid: Callable[[Any], bool]
    convert: Callable[[Any], object] = lambda value: value

    def __call__(self, value: Any, source: str, key: str) -> Any:
        if not self.is_valid(value):
            raise UsageError(f"{source}: {key} {self.expected}, not {value!r}.")
        return self.convert(value)


def _is_url(value: Any) -> bool:
    return isinstance(value, str) and _URL.fullmatch(value) is not None


def _is_contact(value: Any) -> bool:
    return _is_url(value) or (isinstance(value, str) and (not value or bool(EMAIL_CONTACT.fullmatch(value))))


def _is_number(value: Any, least: float, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most


def _whole(least: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and _is_number(value, least, math.inf)


def _parts(value: Any, separator: str | None = None) -> list[Any] | None:
    """A list as the file has it, or the parts of a variable's text; None for what is neither."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(separator) if part.strip()]
    return value if isinstance(value, list) else None


def _is_list(value: Any, separator: str | None, is_item: Callable[[Any], bool]) -> bool:
    parts = _parts(value, separator)
    return parts is not None and all(map(is_item, parts))


def _duration(text: Any) -> timedelta | None:
    match = _DURATION.fullmatch(text.strip().lower()) if isinstance(text, str) else None
    return timedelta(hours=int(match[1]) * _HOURS[match[2]]) if match else None


_TEXT: Final = Kind("must be text in quotes", lambda value: isinstance(value, str), lambda text: text or None)
_CONTACT: Final = Kind(
    "must be an e-mail address or an http(s) URL", _is_contact, lambda contact: contact or None
)
_FLAG: Final = Kind(
    "must be true or false",
    lambda value: isinstance(value, bool) or value in ("true", "false"),
    lambda flag: flag in (True, "true"),
)
_NAMES: Final = Kind(
    f"must be one of {', '.join(get_args(NamePolicy))}", lambda value: value in get_args(NamePolicy)
)
_SCRUB: Final = Kind(
    f"must be a list of {', '.join(SCRUB_KINDS)}",
    lambda value: _is_list(value, ",", lambda kind: kind in SCRUB_KINDS),
    lambda chosen: tuple(kind for kind in SCRUB_KINDS if kind in (_parts(chosen, ",") or ())),
)
_URLS: Final = Kind(
    "must be a list of http(s) URLs",
    lambda value: _is_list(value, None, _is_url),
    lambda urls: tuple(_parts(urls) or ()),
)
_PAGES: Final = Kind(
    "must be a number from 1 up",
    lambda value: _whole(1)(int(value) if isinstance(value, str) and value.isdecimal() else value),
    int,
)
_BUDGET: Final = Kind(
    "must be a whole number from 1 up, or 0 for no bound",
    _whole(0),
    lambda number: number or None,
)
_INTERVAL: Final = Kind(
    'must be hours, days or weeks such as "36h", "90d" or "2w"',
    lambda value: _duration(value) is not None,
    _duration,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of postkeep.toml: the kind of its value, what it means in a sentence or two, and an ``example`` of a value, as TOML."""

    kind: Kind
    meaning: str
    example: str


# The keys before any table, in the order in which `postkeep init` writes them.
TOP: Final[Mapping[str, Setting]] = {
    "contact": Setting(
        _CONTACT,
        "An e-mail address or a web page, so that the sites you visit can reach you. Needed before any crawl.",
        '"you@example.org"',
    ),
    "names": Setting(
        _NAMES,
        '"pseudonymous": authors become keyed pseudonyms. "named": their names are kept as the site shows them.',
        '"pseudonymous"',
    ),
    "scrub": Setting(
        _SCRUB, "What is replaced in texts; [] keeps everything.", '["email", "phone", "id-number"]'
    ),
    "title": Setting(
        _TEXT,
        "The title of the dataset; without one it is named after its sites.",
        '"Questions and answers of a community"',
    ),
    "rights_statement": Setting(
        _TEXT,
        "What the dataset card says about rights in the posts.",
        '"Copyright in posts and comments stays with their authors."',
    ),
    "license": Setting(
        _TEXT, "The licence that you may give for your part of the work, by the Hub's name for it.", '"other"'
    ),
    "keep_noarchive": Setting(
        _FLAG,
        "true: pages that ask not to be archived (noarchive) are kept all the same. They are never published.",
        "false",
    ),
    "listing_pages": Setting(
        _PAGES, "How many pages of one listing or feed are followed to find posts.", "10"
    ),
    "opt_out": Setting(
        _TEXT,
        "A text file of those who asked to be left out: URLs, authors and hosts, one a line; # begins a comment.",
        '"opt-out.txt"',
    ),
    "keep_deleted_text": Setting(
        _FLAG,
        "true: what was deleted at its source stays in the published history. Its text leaves the rows in any case.",
        "false",
    ),
    "follow": Setting(
        _URLS,
        "Listings, feeds and sitemaps in which `postkeep refresh` looks for new posts.",
        '["https://example.org/feed"]',
    ),
}
REFRESH: Final[Mapping[str, Setting]] = {
    "shortest": Setting(_INTERVAL, "The shortest time between two looks at a post.", '"12h"'),
    "longest": Setting(_INTERVAL, "The longest time between two looks at a post.", '"90d"'),
    "requests": Setting(_BUDGET, "A run ends after so many requests; 0 lifts the bound.", "5000"),
    "bytes": Setting(
        _BUDGET, "A run ends after so many bytes, as they cross the wire; 0 lifts the bound.", "500000000"
    ),
    "minutes": Setting(_BUDGET, "A run ends after so many minutes; 0 lifts the bound.", "360"),
}
PUBLISH: Final[Mapping[str, Setting]] = {
    "metrics_every_days": Setting(
        Kind("must be a number from 0 up", _whole(0)),
        "Counts alone go out so many days after the last publication at the earliest.",
        "7",
    ),
    "largest_fall": Setting(
        Kind(
            "must be a share from 0 to 1, such as 0.05",
            lambda value: _is_number(value, 0, 1),
            float,
        ),
        "The share of a table's published rows that the next publication may lack.",
        "0.05",
    ),
}
HOST: Final[Mapping[str, Setting]] = {
    "delay": Setting(
        Kind(
            f"must be a number of seconds from 0 to {_LONGEST_DELAY}",
            lambda value: _is_number(value, 0, _LONGEST_DELAY),
            float,
        ),
        "At least so many seconds between two requests; a longer pace that the site asks for holds all the same.",
        "10",
    ),
    "zone": Setting(
        Kind(
            'must be the name of a time zone, such as "Asia/Seoul" (en.wikipedia.org/wiki/List_of_tz_database_time_zones)',
            lambda value: isinstance(value, str) and (not value or value in available_timezones()),
            lambda zone: zone or None,
        ),
        "Where its dates are at home, when they do not say.",
        '"Asia/Seoul"',
    ),
    "terms": Setting(
        Kind('can only be "forbid"', lambda value: value == "forbid"),
        "Its terms forbid crawling: nothing is visited without a written reason.",
        '"forbid"',
    ),
    "reason": Setting(
        _TEXT,
        "Why it is visited although its terms forbid it; goes into the ledger.",
        '"The operator agreed in writing."',
    ),
    "keep_noarchive": Setting(_FLAG, "As the setting of that name, for this host alone.", "true"),
}
