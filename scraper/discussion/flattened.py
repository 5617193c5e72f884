"""Flattened text of any site: a page whose markup is lost is read by the words on its lines."""

import re
from dataclasses import dataclass
from typing import Final

from scraper.discussion.any_site import any_site
from scraper.discussion.discussion_page import DiscussionPage
from scraper.discussion.kind import PageKind
from scraper.discussion.lines.read import read_shown
from scraper.discussion.pages import Pages
from scraper.discussion.topics import Topics
from scraper.page.document import Document
from scraper.page.home_zones import zone_of

LAYOUT: Final = "generic.flattened/1"
_HANGUL: Final = re.compile(r"[\uac00-\ud7a3]")


@dataclass(frozen=True, slots=True)
class _Post:
    """The post of a text, of which nothing but the address is known."""

    url: str
    number: str = ""
    is_question: bool = False


def read_flattened_discussion(document: Document) -> DiscussionPage | None:
    """What a text that was a page shows of a post; None where no counts, dates or comments on its lines tell that it was one."""
    url = document.capture.url
    language = "ko" if _HANGUL.search(document.text) else None
    conventions = any_site(document.zones.at(url) or zone_of(language), LAYOUT)
    shown = read_shown(document.page, document.capture, _Post(url), conventions)
    if not shown.says_post:
        return None
    post, comments = shown.record.post, shown.record.comments
    kind = PageKind(
        "thread" if comments else "article",
        ("its lines say when it was written and how often it was seen",),
        1.0,
    )
    return DiscussionPage(
        kind, Pages(url, 0, ()), post, comments, post.title, is_closed=False, topics=Topics()
    )
