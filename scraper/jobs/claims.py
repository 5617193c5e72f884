"""Which site reads a URL, and as which post."""

from dataclasses import dataclass

from scraper.model.site import Claim, Site
from scraper.sites.registry import all_sites


@dataclass(frozen=True, slots=True)
class Claimed:
    """A post URL, the site that reads it, and the post it leads to."""

    site: Site
    claim: Claim


def claimed(url: str) -> Claimed | None:
    """The first site that knows ``url`` as one of its posts; None where no site does."""
    for site in all_sites():
        claim = site.claims(url)
        if claim:
            return Claimed(site, claim)
    return None


def may_list_posts(host: str) -> bool:
    """Whether pages of ``host`` can be lists of posts that some site reads."""
    return any(host in site.hosts for site in all_sites())


def unclaimed_reason(url: str) -> str:
    """The sentence for a URL that no site claims."""
    return f"{url} is not the URL of a post on a site that postkeep reads. `postkeep sites` lists them."
