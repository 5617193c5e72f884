"""Hacker News, and whatever runs its software: stories whose comments stand in one table, each with how deep it is indented.

Its pages tell all that its APIs do but for the points of comments, which nobody is shown; these stand on other hosts, and what a site's
robots.txt refuses is not had from there. Its robots.txt asks for 30 seconds between requests. A page of one comment names the story that
it is on, and leads there. A comment without words (``[flagged]``, ``[dead]``, ``[deleted]``) is a placeholder.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from selectolax.lexbor import LexborNode

from scraper.discussion.marked import MarkedPost
from scraper.model.capture import Visit
from scraper.model.exchange import Request
from scraper.model.record import Count, FieldSource, Person, Record, Rejection
from scraper.model.url import identity
from scraper.page.document import Document
from scraper.sites.base import Part
from scraper.sites.board_table import Board, topic_form, traps
from scraper.sites.boards import BoardSite, Topic, site_of, topic_of
from scraper.sites.generic import GenericPage

_HACKER_NEWS: Final = Board(
    "hackernews",
    ("hnmain",),
    ("#hnmain", "tr.athing", ".hnname, .comment-tree, .commtext"),
    (topic_form(r"item\?(?:[^#]*&)?id=(?P<id>\d+)(?=[&#]|\Z)", "item?id={id}"),),
    traps(
        r"/(?:reply|vote|hide|fave|login|flag|submit)(?=[/?]|\Z)",
        r"/(?:user|threads|submitted)(?=[/?]|\Z)",
    ),
    label="items",
    page_form="&p={}",
)
_MOMENT: Final = re.compile(r"(?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?: (?P<stamp>\d{9,10}))?")
_POINTS: Final = re.compile(r"\d{1,9}")
_TITLE: Final = ".titleline > a[href]"
_STORY: Final = ".onstory a[href]"
# So wide is a step of the indentation, where no attribute tells it.
_STEP: Final = 40


class HackerNews(BoardSite):
    """Stories with their comments."""

    def topic(self, document: Document, content: GenericPage) -> Topic | None:
        """The story; on a page of one comment that which it is on."""
        link = document.tree.css_first(_STORY)
        story = document.base.resolve(link.attributes.get("href") or "") if link is not None else None
        return (topic_of(self.board, story) if story else None) or super().topic(document, content)

    def marked(self, document: Document) -> Sequence[MarkedPost]:
        """The story, and the comments by how deep they are indented."""
        return tuple(_marked(document)) if self.is_topic(document) else ()

    def read_document(self, document: Document) -> GenericPage | None:
        """A page of a story, with its points, and where it leads."""
        content = super().read_document(document)
        post = content.page.post if content else None
        if content is None or post is None:
            return content
        score, link = (document.tree.css_first(f"table.fatitem {each}") for each in (".score", _TITLE))
        points = _POINTS.match(score.text()) if score is not None else None
        url = document.base.resolve(link.attributes.get("href") or "") if link is not None else None
        leads = (url,) if url and identity(url) != identity(content.claim.url) else ()
        counts = tuple(each for each in post.counts if each.name != "score")
        post = replace(
            post,
            counts=(*counts, Count("score", int(points[0]), points[0])) if points else counts,
            links=tuple(dict.fromkeys((*leads, *(post.links or ())))),
            field_sources=(*post.field_sources, FieldSource("score", "html", "stated"))
            if points
            else post.field_sources,
        )
        return replace(content, page=replace(content.page, post=post))

    def next_requests(self, visit: Visit, parts: Sequence[Part[GenericPage]]) -> tuple[Request, ...]:
        """The other pages of the story, which come first where one comment was asked for."""
        had = {identity(capture.url) for capture in visit.captures}
        claim = self.claim_of(visit, parts)
        if claim and identity(claim.url) not in had:
            return (Request(claim.url),)
        return super().next_requests(visit, [part for part in parts if part.content.page.post])

    def join(self, visit: Visit, parts: Sequence[Part[GenericPage]]) -> Record | Rejection:
        """The story with its comments; pages of one comment add what the others lack."""
        return super().join(visit, sorted(parts, key=lambda part: part.content.page.post is None))


def _marked(document: Document) -> Iterator[MarkedPost]:
    story = document.tree.css_first("table.fatitem tr.athing:not(.comtr)")
    is_comment = document.tree.css_first(_STORY) is not None
    head = document.tree.css_first("table.fatitem")
    if head is not None and story is not None and (number := story.attributes.get("id")):
        body = head.css_first(".commtext" if is_comment else ".toptext")
        yield _post(head, number, body, document, opens=not is_comment)
    above: list[tuple[int, str]] = []
    for node in document.tree.css("tr.athing.comtr[id]"):
        depth, number = _depth(node), node.attributes.get("id") or ""
        while above and above[-1][0] >= depth:
            above.pop()
        answers = above[-1][1] if above else None
        above.append((depth, number))
        body = node.css_first(".commtext")
        post = _post(node, number, body, document, opens=False)
        notice = node.css_first(".comment") if body is None else None
        yield replace(post, answers=answers, body=post.body or notice, is_placeholder=body is None)


def _post(
    node: LexborNode, number: str, body: LexborNode | None, document: Document, *, opens: bool
) -> MarkedPost:
    user, age = node.css_first("a.hnuser"), node.css_first(".age[title]")
    told = _MOMENT.match(age.attributes.get("title") or "") if age is not None else None
    name = user.text(strip=True) if user is not None else None
    return MarkedPost(
        node,
        number,
        body,
        url=document.base.resolve(f"item?id={number}"),
        author=Person(f"/user?id={name}", name) if name else None,
        date=(told["stamp"] or f"{told['at']}Z") if told else None,
        opens=opens,
        besides=tuple(body.css(".reply")) if body is not None else (),
    )


def _depth(node: LexborNode) -> int:
    cell, image = node.css_first("td.ind"), node.css_first("td.ind img")
    indent = cell.attributes.get("indent") if cell is not None else None
    width = image.attributes.get("width") if image is not None else None
    if indent and indent.isdecimal():
        return int(indent)
    return int(width) // _STEP if width and width.isdecimal() else 0


def make_site() -> BoardSite:
    """The adapter, for the registry."""
    return site_of(_HACKER_NEWS, HackerNews)
