"""What a page's data tells of its post and thread, in whichever of its forms tells most."""

from scraper.discussion.told.schema_org import read_schema_org
from scraper.discussion.told.telling import Frame, Telling
from scraper.page.document import Document


def read_told(document: Document, frame: Frame) -> Telling | None:
    """What the page tells; None where it tells nothing of a post or thread of its own."""
    return read_schema_org(document.linked_data, document.microdata, frame)
