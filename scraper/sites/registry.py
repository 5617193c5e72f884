"""Which sites there are, and which of them a page is of.

A single site tells its posts by their URLs. A platform may stand on any host, so a URL of a host that belongs to no single
site is visited first, and what was captured tells. What a platform adds to URLs is known only below a root where a page was
recognised as its.
"""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import Any

from scraper import sites
from scraper.model.site import Claim, Trap
from scraper.model.url import parse_url, strip_session, strip_tracking
from scraper.page.document import Document
from scraper.page.gates import GateRule
from scraper.sites.base import Platform, SingleSite, Site


@dataclass(frozen=True, slots=True)
class Claimed:
    """A post, and the site that reads it."""

    site: Site[Any]
    claim: Claim


@dataclass(frozen=True, slots=True)
class Roots:
    """Where platforms were recognised: the names of their adapters by the URL below which each stands."""

    by_url: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def platform_at(self, url: str) -> str | None:
        """The platform of the innermost root that ``url`` lies below; None where none is known there."""
        root = parse_url(url)
        folders = root.path.split("/")[:-1] if root else []
        for count in range(len(folders), 0, -1):
            if root and (name := self.by_url.get(_plain(f"{root.host}{'/'.join(folders[:count])}/"))):
                return name
        return None

    def with_root(self, url: str, platform: str) -> "Roots":
        """The roots with one more."""
        root = parse_url(url)
        if root is None:
            return self
        return Roots(MappingProxyType({**self.by_url, _plain(root.host + root.path): platform}))


def _plain(place: str) -> str:
    return place.removeprefix("www.")


class Sites:
    """The sites of one run: single sites before platforms, and each of the two kinds by rank, then by name."""

    def __init__(self, every: Iterable[Site[Any]]) -> None:
        ranked = sorted(every, key=lambda site: (site.rank, site.name))
        self.single = tuple(site for site in ranked if isinstance(site, SingleSite))
        self.platforms = tuple(site for site in ranked if isinstance(site, Platform))

    def __iter__(self) -> Iterator[Site[Any]]:
        return iter((*self.single, *self.platforms))

    @property
    def gate_rules(self) -> tuple[GateRule, ...]:
        """The prompts that sites are known to lay over posts."""
        return tuple(rule for site in self for rule in site.gate_rules)

    def named(self, name: str) -> Site[Any] | None:
        """The site of that name."""
        return next((site for site in self if site.name == name), None)

    def at(self, url: str) -> SingleSite[Any] | None:
        """The single site that the host of ``url`` belongs to, so that no platform can stand there."""
        parsed = parse_url(url)
        return next((site for site in self.single if parsed and parsed.host in site.hosts), None)

    def home_host(self, host: str) -> str:
        """The host that a host is asked for the sake of: of a single site's API the site's own, of any other itself."""
        homes = (min(site.hosts, key=len) for site in self.single if host in site.api_hosts)
        return next(homes, host)

    def claimed(self, url: str) -> Claimed | None:
        """The post that ``url`` alone names; None where it names none, or only the page can tell."""
        claims = ((site, site.claims(url)) for site in self.single)
        return next((Claimed(site, claim) for site, claim in claims if claim), None)

    def recognise(self, document: Document) -> tuple[Site[Any], object] | None:
        """The first site that a document is of, with what it read from it."""
        contents = ((site, site.read_document(document)) for site in self)
        return next(((site, content) for site, content in contents if content is not None), None)

    def canonical_url(self, url: str, roots: Roots) -> str:
        """The URL under which a page is visited that no URL tells the site of."""
        plain = strip_session(strip_tracking(url))
        platform = self._platform_at(url, roots)
        return platform.canonical_url(plain) if platform else plain

    def spellings(self, url: str) -> tuple[str, ...]:
        """The URLs under which the page at ``url`` may have been visited, whatever platform it is of."""
        plain = strip_session(strip_tracking(url))
        return (plain, *(platform.canonical_url(plain) for platform in self.platforms))

    def traps_at(self, url: str, roots: Roots) -> tuple[Trap, ...]:
        """What the site that ``url`` is known to be of leaves alone."""
        site = self.at(url) or self._platform_at(url, roots)
        return site.traps if site else ()

    def root_of(self, document: Document) -> tuple[str, str] | None:
        """Below which URL a document says that a platform stands, and which one."""
        if self.at(document.capture.url):
            return None
        roots = ((platform.root(document), platform.name) for platform in self.platforms)
        return next(((root, name) for root, name in roots if root is not None), None)

    def _platform_at(self, url: str, roots: Roots) -> Site[Any] | None:
        name = None if self.at(url) else roots.platform_at(url)
        return self.named(name) if name else None


@cache
def installed_sites() -> Sites:
    """Every adapter. A new file in ``scraper/sites`` that has ``make_site``, or ``make_sites`` for a table, is found here."""
    modules = tuple(
        importlib.import_module(f"{sites.__name__}.{each.name}")
        for each in pkgutil.iter_modules(sites.__path__)
    )
    single = (module.make_site() for module in modules if hasattr(module, "make_site"))
    tables = (module.make_sites() for module in modules if hasattr(module, "make_sites"))
    return Sites((*single, *chain.from_iterable(tables)))
