"""NodeBB: topics whose posts bear their ids, their authors, their times and the ids of what they answer.

HTML alone tells all of that, twenty posts a page, so that its API is not asked. What its microdata tells otherwise: the opening post is
itself a comment there, the text of the topic is its title, and its change may be the last reply. A topic for members leads to a
form to sign in that answers 200, and is no post.
"""

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import unquote

from scraper.discussion.marked import MarkedPost
from scraper.model.record import Person
from scraper.model.url import parse_url
from scraper.page.document import Document
from scraper.sites.board_table import END, Board, topic_form, traps
from scraper.sites.boards import BoardSite, site_of

_NODEBB: Final = Board(
    "nodebb",
    ("nodebb", "NodeBB", "component="),
    (
        'meta[name="generator"][content*="NodeBB"], a[href*="nodebb.org"]',
        'script[src*="nodebb"], link[href*="nodebb"]',
        '[component="post"], [component="topic"], [component="category"]',
        '[component="post/content"], [component="category/topic"]',
        "#ajaxify-data, script#ajaxify-data",
    ),
    (topic_form(r"topic/(?P<id>\d+)(?P<slug>(?:/(?!\d+(?:[/?]|\Z))[^/?]+)?)" + END, "topic/{id}{slug}"),),
    traps(
        r"/(?:login|register|reset|compose)(?=[/?]|\Z)",
        r"/(?:user|users|uid|search|flags|groups)(?=[/?]|\Z)",
    ),
    page_form="?page={}",
)
_POST: Final = '[component="topic"] [component="post"][data-pid]'
_BODY: Final = '[component="post/content"]'
_ANSWERS: Final = '[component="post/parent"][data-parent-pid]'


class NodeBB(BoardSite):
    """Topics of NodeBB."""

    def marked(self, document: Document) -> Sequence[MarkedPost]:
        """The posts of a topic; what an event (a topic was locked, or moved) leaves between them is none."""
        return tuple(self._marked(document)) if self.is_topic(document) else ()

    def _marked(self, document: Document) -> Iterator[MarkedPost]:
        for node in document.tree.css(_POST):
            told = node.attributes
            number = told.get("data-pid")
            if not number:
                continue
            answers, stamp = node.css_first(_ANSWERS), told.get("data-timestamp")
            links = [
                url
                for link in node.css("a[href]")
                if (url := document.base.resolve(link.attributes["href"] or ""))
            ]
            yield MarkedPost(
                node,
                number,
                node.css_first(_BODY),
                answers=answers.attributes.get("data-parent-pid") if answers is not None else None,
                url=next((url for url in links if url.endswith(f"/post/{number}")), None),
                author=_author(told.get("data-username"), told.get("data-userslug"), links),
                date=stamp if stamp and stamp.isdecimal() else None,
                opens=told.get("data-index") == "0",
                is_placeholder="deleted" in (told.get("class") or "").split(),
            )


def _author(name: str | None, slug: str | None, links: Sequence[str]) -> Person | None:
    """Who wrote a post, by the path of their page; a guest has none."""
    paths = (url.path for link in links if (url := parse_url(link)))
    own = (path for path in paths if slug and unquote(path).endswith(f"/user/{slug}"))
    return Person(next(own, None), name) if name else None


def make_site() -> BoardSite:
    """The adapter, for the registry."""
    return site_of(_NODEBB, NodeBB)
