"""Sites as tests of an adapter speak to them: about visits whole, whose captures are read as any process reads them."""

from typing import Any

from scraper.model.capture import Capture, Visit
from scraper.model.exchange import Request
from scraper.model.record import Record, Rejection
from scraper.model.site import Claim
from scraper.page.document import Document
from scraper.page.home_zones import NO_ZONES, HomeZones
from scraper.reading.document_reading import read_document
from scraper.reading.read_visit import DocumentsOfVisit
from scraper.sites.base import Part, SingleSite, Site
from scraper.sites.careerly import make_site as make_careerly_site
from scraper.sites.registry import Sites, installed_sites
from scraper.sites.wordpress import make_site as make_wordpress_site


class VisitedSite:
    """One site, asked about visits."""

    def __init__(self, site: Site[Any]) -> None:
        self.site = site

    def claims(self, url: str) -> Claim | None:
        assert isinstance(self.site, SingleSite)
        return self.site.claims(url)

    def identify(self, visit: Visit) -> Claim | None:
        return self.site.claim_of(*self._read(visit))

    def recognises(self, capture: Capture) -> bool:
        return self.site.read_document(Document(capture)) is not None

    def next_requests(self, visit: Visit) -> tuple[Request, ...]:
        return self.site.next_requests(*self._read(visit))

    def read(self, visit: Visit) -> Record | Rejection:
        return self.site.join(*self._read(visit))

    def links(self, capture: Capture) -> tuple[str, ...]:
        return self.site.links(Document(capture))

    def following(self, capture: Capture) -> tuple[str, ...]:
        return self.site.following(Document(capture))

    def _read(self, visit: Visit) -> tuple[Visit, list[Part[Any]]]:
        whole = documents_of(visit, Sites([self.site]))
        return whole.visit, whole.parts(self.site.name)


def documents_of(visit: Visit, sites: Sites | None = None, zones: HomeZones = NO_ZONES) -> DocumentsOfVisit:
    """The visit with the readings of its documents; a document that cannot be read fails the test."""
    sites = sites or installed_sites()
    documents = [read_document(capture, sites, zones) for capture in visit.captures]
    troubles = [document.trouble for document in documents if document.trouble]
    assert not troubles, troubles
    return DocumentsOfVisit.of(visit, documents)


def make_careerly() -> VisitedSite:
    return VisitedSite(make_careerly_site())


def make_wordpress() -> VisitedSite:
    return VisitedSite(make_wordpress_site())
