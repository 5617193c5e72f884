"""WordPress, on whatever host: posts and pages with their comments, of classic and of block themes, from HTML alone."""

from scraper.sites.wordpress.adapter import WordPress


def make_site() -> WordPress:
    """The adapter, for the registry."""
    return WordPress()
