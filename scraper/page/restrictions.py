"""What rights signals come to: the most restrictive one wins."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from scraper.model.product import PRODUCT_TOKEN
from scraper.model.record import Signal
from scraper.page.robots_directives import directives_for_us
from scraper.page.signals import META, cache_directives

_NO_ARCHIVE: Final = frozenset({"noarchive", "no-archive"})
_NO_LEARNING: Final = frozenset({"noai", "noimageai", "noml", "noimageml"})
_ROBOTS: Final = frozenset({"x-robots-tag", META + "robots", META + PRODUCT_TOKEN})
# Uses of a dataset that Content-Signal and Content-Usage name, where the answer is no.
_NO_USE: Final = re.compile(
    r"\b(?:ai-train|ai-input|train-ai|train-genai|bots|tdm)\s*=\s*no?\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Restrictions:
    """What may be done with a page. ``refusals`` forbid keeping and publishing it unless its owner is asked;
    ``reservations`` leave keeping it free, and have publication ask first.
    """

    refusals: tuple[Signal, ...]
    reservations: tuple[Signal, ...]


def restrictions_of(signals: Iterable[Signal]) -> Restrictions:
    """The restrictions that all signals of a page come to. ``noindex`` and ``no-store`` block nothing."""
    every = tuple(signals)
    return Restrictions(
        refusals=tuple(signal for signal in every if _refuses(signal)),
        reservations=tuple(signal for signal in every if _reserves(signal)),
    )


def _refuses(signal: Signal) -> bool:
    if signal.signal == "cache-control":
        return bool(_NO_ARCHIVE & cache_directives(signal.value))
    return signal.signal in _ROBOTS and bool(_NO_ARCHIVE & directives_for_us(signal.value))


def _reserves(signal: Signal) -> bool:
    if signal.signal in _ROBOTS:
        return bool(_NO_LEARNING & directives_for_us(signal.value))
    if signal.signal.endswith("tdm-reservation"):
        return signal.value.strip().lower() in {"1", "true"}
    return signal.signal.endswith(("content-signal", "content-usage")) and bool(_NO_USE.search(signal.value))
