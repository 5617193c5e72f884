"""What a page's data tells of its post and thread, in whichever of its forms tells most."""

from dataclasses import replace

from scraper.discussion.any_site import any_site
from scraper.discussion.told.by_shape import HINTS, ShownPage, read_by_shape
from scraper.discussion.told.schema_org import read_schema_org
from scraper.discussion.told.telling import Frame, Telling
from scraper.page.document import Document
from scraper.page.state import state_values


def read_told(document: Document, frame: Frame, shown: ShownPage) -> Telling | None:
    """What the page tells; None where it tells nothing of a post or thread of its own. What schema.org says of the post stands
    also where the thread is in the state of the page's scripts.
    """
    described = read_schema_org(document.linked_data, document.microdata, frame)
    if described is not None and described.comments:
        return described
    values = state_values(document.tree, HINTS)
    stated = read_by_shape(values, frame, any_site(frame.zone, ""), shown) if values else None
    if stated is None or described is None:
        return stated or described
    return replace(stated, post=described.post if described.post.kind != "post" else stated.post)
