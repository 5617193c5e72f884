"""Time zones: the one that dates are in which state none, as the owner of an archive gives it for a host, or as it is assumed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from scraper.model.record import ZoneBasis
from scraper.model.url import parse_url

_WWW: Final = "www."


@dataclass(frozen=True, slots=True)
class Zone:
    """The zone that dates without one of their own are in, and how that is known."""

    name: str
    basis: ZoneBasis


@dataclass(frozen=True, slots=True)
class HomeZones:
    """IANA names by host; one is for the host with ``www.`` and without alike, unless each has its own."""

    by_host: Mapping[str, str] = field(default_factory=dict)

    def at(self, url: str) -> Zone | None:
        """The zone of dates without one on the page at ``url``; None where the owner gives none."""
        place = parse_url(url) if self.by_host else None
        if place is None:
            return None
        host = place.host.removesuffix(".")
        other = host.removeprefix(_WWW) if host.startswith(_WWW) else _WWW + host
        name = next((self.by_host[each] for each in (place.host, host, other) if each in self.by_host), None)
        return Zone(name, "assumed") if name else None


NO_ZONES: Final = HomeZones()
# A date without an offset is in the site's own zone, which no page names.
_BY_LANGUAGE: Final = {"ko": Zone("Asia/Seoul", "assumed"), "ja": Zone("Asia/Tokyo", "assumed")}
_NO_ZONE: Final = Zone("UTC", "assumed")


def zone_of(language: str | None) -> Zone:
    """The zone to assume for dates that state none, by the language of the page."""
    return _BY_LANGUAGE.get((language or "")[:2].lower(), _NO_ZONE)
