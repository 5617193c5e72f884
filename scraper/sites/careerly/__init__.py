"""Careerly (커리어리): posts and questions of professionals, in each generation of the site's pages."""

from scraper.sites.careerly.adapter import Careerly


def make_site() -> Careerly:
    """The adapter, for the registry."""
    return Careerly()
