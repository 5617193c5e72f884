"""One captured page of a WordPress: whether it is one, which post it shows, and its tree."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.model.capture import Capture
from scraper.model.site import Claim
from scraper.model.url import Base, parse_url
from scraper.page.dates import Zone
from scraper.page.document import Document
from scraper.page.home_zones import zone_of
from scraper.sites.wordpress.addresses import canonical, host_of, without_text_page
from scraper.sites.wordpress.other import Other, other_than_post
from scraper.sites.wordpress.place import folder_of, former_folder

_MARKS: Final = ("/wp-content/", "https://api.w.org/", "/wp-includes/")
_GENERATOR: Final = re.compile(r"<meta[^>]{0,40}[\"']generator[\"'][^>]{0,40}WordPress")
# How the lists of core and of its common plugins begin: a style sheet of theirs, or the generator of a feed.
_LIST_MARK: Final = re.compile(
    r"<\?xml-stylesheet[^>]{0,400}(?:/wp-|sitemap[a-z_-]{0,40}\.xsl)|<generator>https?://(?:www\.)?wordpress\.org/"
)
_START_OF_LIST: Final = 16_384
_SITEMAP_PATH: Final = re.compile(r"/wp-sitemap[a-z0-9_-]{0,100}\.xml\Z")
_BODY_ID: Final = re.compile(r"(?:postid|page-id)-(\d{1,20})")
_API_POST: Final = re.compile(r"wp/v2/[a-z0-9_-]{1,40}/(\d{1,20})/?\Z")
_MOST_DIGITS: Final = 20
_ARTICLE_ID: Final = re.compile(r"post-(\d{1,20})")


@dataclass(frozen=True, slots=True)
class Screen:
    """A page that WordPress made."""

    capture: Capture
    tree: LexborHTMLParser
    base: Base
    linked_data: tuple[object, ...]
    zone: Zone

    @classmethod
    def of(cls, document: Document) -> Self | None:
        """The page, or None where the document is none of WordPress's, or is too costly to parse."""
        if not is_wordpress(document) or document.is_hostile:
            return None
        root = document.tree.css_first("html")
        zone = zone_of(root.attributes.get("lang") if root is not None else None)
        return cls(
            document.capture,
            document.tree,
            document.base,
            document.linked_data,
            document.zones.at(document.capture.url) or zone,
        )

    @property
    def number(self) -> str | None:
        """The id of the one post that the page is of; None for lists and error pages.

        Posts, pages and posts of other types count in one series (``wp_posts.ID``), so the number alone is enough.
        """
        for name in sorted(self._classes):
            if match := _BODY_ID.fullmatch(name):
                return match[1]
        for link in self.tree.css('link[rel~="alternate"][type="application/json"][href]'):
            if match := _API_POST.search(link.attributes.get("href") or ""):
                return match[1]
        return self._number_of_addresses() or self._number_of_form()

    @property
    def other(self) -> Other | None:
        """What the page shows instead of a post; None where it shows one, or nothing that can be told."""
        place = parse_url(canonical(None, self.capture.url))
        is_root = place is not None and not place.query and place.path == f"/{self.folder}"
        return other_than_post(self.tree, self.linked_data, self._classes, is_root=is_root)

    @property
    def claim(self) -> Claim | None:
        """The claim on the post that the page is of, if it shows one; None where it is of none."""
        number = self.number
        if number is None or self.capture.status not in {200, None}:
            return None
        url = without_text_page(self._canonical, self.text_page)
        host, former = host_of(url), former_folder(self.tree, self.base)
        post_id, former_id = f"{host}:{self.folder}posts-{number}", f"{host}:{former}posts-{number}"
        return Claim(post_id, url, () if former_id == post_id else (former_id,))

    @property
    def text_page(self) -> int:
        """Which page of a text in several (``<!--nextpage-->``) is shown, as core marks it; 1 where nothing is marked."""
        marked = self.tree.css_first(".post-page-numbers.current, .page-links > .current")
        digits = re.search(r"\d{1,3}", marked.text()) if marked is not None else None
        return max(1, int(digits[0])) if digits else 1

    def link(self, relation: str) -> str | None:
        """Where the head's link of a relation leads; None where there is none."""
        node = self.tree.css_first(f'link[rel~="{relation}"][href]')
        return node.attributes.get("href") if node is not None else None

    def first(self, *selectors: str) -> LexborNode | None:
        """The first element of the first selector that has one."""
        nodes = (self.tree.css_first(selector) for selector in selectors)
        return next((node for node in nodes if node is not None), None)

    def within(
        self, around: LexborNode | None, selectors: Sequence[str], outside: frozenset[int] = frozenset()
    ) -> LexborNode | None:
        """The first element with words, inside ``around`` before anywhere on the page; none of the nodes ``outside``."""
        nodes = (
            node
            for root in (around, self.tree.body)
            for selector in selectors
            for node in (root.css(selector) if root is not None else ())
        )
        return next((node for node in nodes if node.mem_id not in outside and words_of(node)), None)

    def meta(self, *names: str) -> str | None:
        """The content of the first of these meta tags that has one."""
        for name in names:
            node = self.tree.css_first(f'meta[property="{name}"][content], meta[name="{name}"][content]')
            if node is not None and (content := (node.attributes.get("content") or "").strip()):
                return content
        return None

    @property
    def folder(self) -> str:
        """The folder in which this WordPress stands, with its slash: one host may have several, each counting anew."""
        return folder_of(self.capture, self.tree, self.base, self._canonical)

    @property
    def _classes(self) -> frozenset[str]:
        body = self.tree.body
        return frozenset((body.attributes.get("class") or "").split() if body is not None else ())

    @property
    def _canonical(self) -> str:
        return canonical(self._absolute(self.link("canonical")), self.capture.url)

    def _absolute(self, reference: str | None) -> str | None:
        return self.base.resolve(reference) if reference else None

    def _number_of_addresses(self) -> str | None:
        """The number in the page's short link, or in its own address where that has no other name for the post."""
        for reference in (self.link("shortlink"), self.link("canonical"), self.capture.url):
            parsed = parse_url(self._absolute(reference) or "")
            number = (parsed.parameter("p") or parsed.parameter("page_id") or "") if parsed else ""
            if number.isdecimal() and len(number) <= _MOST_DIGITS:
                return number
        return None

    def _number_of_form(self) -> str | None:
        """The number that the form for comments sends along, or that the page's only article has as its id."""
        field = self.tree.css_first('input[name="comment_post_ID"][value]')
        number = (field.attributes.get("value") or "") if field is not None else ""
        if number.isdecimal() and len(number) <= _MOST_DIGITS:
            return number
        ids = (
            _ARTICLE_ID.fullmatch(node.attributes.get("id") or "") for node in self.tree.css('[id^="post-"]')
        )
        numbers = {match[1] for match in ids if match}
        return numbers.pop() if len(numbers) == 1 else None


def words_of(node: LexborNode | None) -> str | None:
    """The words of an element on one line; None where it has none."""
    return " ".join(node.text(separator=" ").split()) or None if node is not None else None


def is_wordpress(document: Document) -> bool:
    """Whether a document is a page of WordPress, whatever it shows."""
    return document.is_markup and (
        any(map(document.holds, _MARKS))
        or (document.holds("WordPress") and _GENERATOR.search(document.text) is not None)
    )


def root_of(document: Document) -> str | None:
    """The URL below which the WordPress of a page stands: the folder of its API."""
    screen, place = Screen.of(document), parse_url(document.capture.url)
    return f"{place.origin}/{screen.folder}" if screen and place else None


def root_of_list(document: Document) -> str | None:
    """The URL of the folder in which a sitemap or a feed lies that says that WordPress made it."""
    capture, place = document.capture, parse_url(document.capture.url)
    if place is None or capture.status not in {200, None}:
        return None
    is_named = _SITEMAP_PATH.search(place.path) is not None and document.text.lstrip()[:1] == "<"
    if not is_named and _LIST_MARK.search(document.text, 0, _START_OF_LIST) is None:
        return None
    return place.origin + place.path[: place.path.rindex("/") + 1]
