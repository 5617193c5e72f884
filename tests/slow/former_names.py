"""A script of the testbed, run with the readers under the names that they had when it was written: ``python -m`` this, and its path."""

import runpy
import sys

from scraper.model.capture import Capture
from scraper.page import listings
from scraper.page.document import Document
from scraper.page.leads import Leads
from scraper.sites import wordpress
from tests.sites.visited import make_wordpress

if __name__ == "__main__":
    read_document = listings.read_listing

    def read_capture(capture: Capture) -> Leads:
        return read_document(Document(capture))

    vars(listings)["read_listing"] = read_capture
    vars(wordpress)["make_site"] = make_wordpress
    runpy.run_path(sys.argv[1], run_name="__main__")
