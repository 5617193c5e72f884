"""What single sites and platforms each have in common, so that an adapter says only what is its own."""

from scraper.model.capture import Capture, Visit
from scraper.model.site import Claim, Site, Trap


class SingleSite(Site):
    """A site on hosts of its own, whose URLs name its posts."""

    @property
    def traps(self) -> tuple[Trap, ...]:
        """None but those of every site."""
        return ()

    def address(self, url: str) -> str:
        """The canonical URL of a post; any other URL as it is."""
        claim = self.claims(url)
        return claim.url if claim else url

    def identify(self, visit: Visit) -> Claim | None:
        """The post that the visit was made for."""
        return self.claims(visit.url)

    def following(self, _capture: Capture) -> tuple[str, ...]:
        """Nothing: the pages of its lists name the next one as HTML has it."""
        return ()


class Platform(Site):
    """Software that stands on many hosts: only a captured page tells whether it is there, and which post it shows."""

    @property
    def hosts(self) -> frozenset[str]:
        """Any host may be one of a platform's."""
        return frozenset()

    def claims(self, _url: str) -> Claim | None:
        """Nothing: no URL names its software."""
        return None
