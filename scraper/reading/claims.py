"""Which site reads a URL or a visit, and as which post.

A single site tells its posts by their URLs. A platform may stand on any host, so a URL of a host that belongs to no single
site is visited first, and what was captured tells.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from scraper.model.capture import Visit
from scraper.model.exchange import Request
from scraper.model.site import Claim, Site, Trap
from scraper.model.url import parse_url, strip_tracking
from scraper.sites.registry import all_sites


@dataclass(frozen=True, slots=True)
class Claimed:
    """A post, and the site that reads it."""

    site: Site
    claim: Claim


def claimed(url: str) -> Claimed | None:
    """The first site that knows ``url`` as one of its posts; None where no URL alone tells."""
    for site in all_sites():
        claim = site.claims(url)
        if claim:
            return Claimed(site, claim)
    return None


def recognised(visit: Visit) -> Claimed | None:
    """The site that knows the visit as one of its posts, by its URL or else by its captures; None where none does."""
    found = claimed(visit.url)
    if found is not None or is_of_single_site(visit.url):
        return found
    for site in _platforms():
        claim = site.identify(visit)
        if claim:
            return Claimed(site, claim)
    return None


def next_requests(visit: Visit) -> tuple[Request, ...]:
    """What else a visit needs: what its site says, and before anything tells the site, the page itself."""
    if not visit.captures and claimed(visit.url) is None:
        return (Request(visit.url),)
    found = recognised(visit)
    return found.site.next_requests(visit) if found else ()


def is_of_single_site(url: str) -> bool:
    """Whether the host of ``url`` belongs to a single site, so that no platform can stand there."""
    parsed = parse_url(url)
    return parsed is not None and any(parsed.host in site.hosts for site in all_sites())


def address(url: str) -> str:
    """The address under which a page is visited that no URL tells the site of: each page has one."""
    plain = strip_tracking(url)
    for site in _platforms():
        plain = site.address(plain)
    return plain


def traps_at(url: str) -> tuple[Trap, ...]:
    """What the site of a URL's host leaves alone; where it is no single site's, what any platform does."""
    parsed = parse_url(url)
    own = [site for site in all_sites() if parsed and parsed.host in site.hosts]
    return tuple(trap for site in own or _platforms() for trap in site.traps)


def unclaimed_reason(url: str) -> str:
    """The sentence for a URL that no site claims."""
    return f"{url} is not the URL of a post on a site that postkeep reads. `postkeep sites` lists them."


def unimported_reason(url: str) -> str:
    """The sentence for a saved page that no site knows as a post of its own."""
    if is_of_single_site(url):
        return unclaimed_reason(url)
    return f"no site that postkeep reads recognises the page of {url} as a post. `postkeep sites` lists them."


def unrecognised_reason(visit: Visit) -> str:
    """The sentence for a visit that no site recognises as one to a post of its own."""
    if is_of_single_site(visit.url) or parse_url(visit.url) is None:
        return unclaimed_reason(visit.url)
    statuses = [capture.status for capture in visit.captures if capture.status is not None]
    if statuses and statuses[-1] != 200:
        return f"{visit.url} answered with HTTP status {statuses[-1]}, so there is no post to read."
    return (
        f"{visit.url} is kept, but no site that postkeep reads recognises it as a post. "
        "`postkeep sites` lists them."
    )


def _platforms() -> Iterator[Site]:
    return (site for site in all_sites() if not site.hosts)
