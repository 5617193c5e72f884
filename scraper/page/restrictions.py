"""What rights signals come to: the most restrictive one wins."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from scraper.model.content_signal import CONTENT_SIGNALS, Use, use_left
from scraper.model.product import PRODUCT_TOKEN
from scraper.model.record import Signal
from scraper.page.robots_directives import directives_for_us
from scraper.page.signals import LICENSE, META, cache_directives, target_of

_NO_ARCHIVE: Final = frozenset({"noarchive", "no-archive"})
_NO_FOLLOWING: Final = frozenset({"nofollow", "none"})
_NO_LEARNING: Final = frozenset({"noai", "noimageai", "noml", "noimageml"})
_ROBOTS: Final = frozenset({"x-robots-tag", META + "robots", META + PRODUCT_TOKEN})
_PREFERENCES: Final = ("content-usage", *CONTENT_SIGNALS)
# Uses of a dataset that Content-Signal and Content-Usage name, where the answer is no.
_NO_USE: Final = re.compile(
    r"\b(?:ai-train|ai-input|ai-use|train-ai|train-genai|bots|tdm)\s*[=:]\s*[\"']?\s*no?\b", re.IGNORECASE
)
_LICENSES: Final = frozenset({LICENSE, f"link {LICENSE}"})
# Licences that let anybody pass a text on, changed and for any purpose.
_FREE: Final = re.compile(
    r"(?:https?:)?//(?:www\.|[a-z]{2}\.)?(?:creativecommons\.org/(?:licenses/by(?:-sa)?/|publicdomain/)"
    r"|(?:gnu\.org|opensource\.org|opendatacommons\.org|apache\.org)/licenses/)",
    re.IGNORECASE,
)
_EVERYTHING: Final = "all"
_LEARNING: Final = frozenset({"ai-train", "ai-input"})
_FREE_OF_CHARGE: Final = frozenset({"", "free", "attribution"})


@dataclass(frozen=True, slots=True)
class Restrictions:
    """What may be done with a page.

    ``refusals`` forbid keeping and publishing it unless its owner is asked. ``withholdings`` leave keeping it free, and forbid
    publishing it; ``reductions`` forbid publishing what people wrote in it; ``reservations`` have publication ask first.
    """

    refusals: tuple[Signal, ...] = ()
    withholdings: tuple[Signal, ...] = ()
    reductions: tuple[Signal, ...] = ()
    reservations: tuple[Signal, ...] = ()


def restrictions_of(signals: Iterable[Signal]) -> Restrictions:
    """The restrictions that all signals of a page come to. ``noindex`` and ``no-store`` block nothing."""
    every = tuple(signals)
    return Restrictions(
        refusals=tuple(filter(_refuses, every)),
        withholdings=tuple(filter(_withholds, every)),
        reductions=tuple(filter(_reduces, every)),
        reservations=tuple(filter(_reserves, every)),
    )


def forbids_following(signals: Iterable[Signal]) -> bool:
    """Whether a page asks that none of its links be followed."""
    return any(
        signal.signal in _ROBOTS and _NO_FOLLOWING & directives_for_us(signal.value) for signal in signals
    )


def _refuses(signal: Signal) -> bool:
    if signal.signal == "cache-control":
        return bool(_NO_ARCHIVE & cache_directives(signal.value))
    if signal.signal in _ROBOTS:
        return bool(_NO_ARCHIVE & directives_for_us(signal.value))
    return _use_left(signal) == "immediate"


def _withholds(signal: Signal) -> bool:
    match signal.signal:
        case "rsl unavailable":
            return True
        case "rsl prohibits usage":
            return _EVERYTHING in _words(signal.value)
        case "rsl permits usage":
            return not _words(signal.value)
        case _:
            return False


def _reduces(signal: Signal) -> bool:
    return _use_left(signal) == "reference"


def _reserves(signal: Signal) -> bool:
    if signal.signal in _ROBOTS:
        return bool(_NO_LEARNING & directives_for_us(signal.value))
    if signal.signal in _LICENSES:
        return _FREE.match(target_of(signal.value) or signal.value) is None
    if signal.signal.endswith("tdm-reservation"):
        return signal.value.strip().lower() in {"1", "true"}
    if signal.signal.startswith("rsl "):
        return not _withholds(signal) and _reserves_by_licence(signal)
    return signal.signal.endswith(_PREFERENCES) and bool(_NO_USE.search(signal.value))


def _reserves_by_licence(signal: Signal) -> bool:
    """Whether a term of an RSL licence stands in the way of a dataset of texts, or leaves its owner to judge."""
    words = _words(signal.value)
    match signal.signal:
        case "rsl permits usage":
            return not words & {_EVERYTHING, "ai-all"} and not words >= _LEARNING
        case "rsl prohibits usage":
            return bool(words - {"search"})
        case "rsl payment":
            return signal.value not in _FREE_OF_CHARGE
        case _:
            # Who may read it, where, or against which token.
            return bool(words)


def _words(value: str) -> frozenset[str]:
    """The words of a list in RSL, in lower case; earlier drafts parted them by commas."""
    return frozenset(value.lower().replace(",", " ").split())


def _use_left(signal: Signal) -> Use | None:
    return use_left(signal.value) if signal.signal.endswith(tuple(CONTENT_SIGNALS)) else None
