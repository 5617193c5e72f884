"""One captured page of a WordPress: whether it is one, which post it shows, and its tree."""

import re
from dataclasses import dataclass, replace
from typing import Final, Self

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.model.capture import Capture
from scraper.model.site import Claim
from scraper.model.url import Base, parse_url
from scraper.page.document import Document
from scraper.sites.wordpress.addresses import canonical, host_of, without_text_page

_MARK: Final = re.compile(
    r"<meta[^>]{0,40}[\"']generator[\"'][^>]{0,40}WordPress|https://api\.w\.org/|/wp-(?:content|includes)/"
)
# How the lists of core and of its common plugins begin: a style sheet of theirs, or the generator of a feed.
_LIST_MARK: Final = re.compile(
    r"<\?xml-stylesheet[^>]{0,400}(?:/wp-|sitemap[a-z_-]{0,40}\.xsl)|<generator>https?://(?:www\.)?wordpress\.org/"
)
_START_OF_LIST: Final = 16_384
_SITEMAP_PATH: Final = re.compile(r"/wp-sitemap[a-z0-9_-]{0,100}\.xml\Z")
# Body classes of core (get_body_class): what is no post, and the id of one.
_NO_POST: Final = frozenset({"home", "blog", "archive", "search", "error404", "attachment"})
_BODY_ID: Final = re.compile(r"(?:postid|page-id)-(\d{1,18})")
_API_ROOT: Final = re.compile(r"(.*?)/?(?:wp-json\b.*|index\.php/.*|\?rest_route=.*)?\Z", re.DOTALL)
_API_POST: Final = re.compile(r"wp/v2/[a-z0-9_-]{1,40}/(\d{1,18})/?\Z")


@dataclass(frozen=True, slots=True)
class Screen:
    """A page that WordPress made."""

    capture: Capture
    tree: LexborHTMLParser
    base: Base
    linked_data: tuple[object, ...] = ()

    @classmethod
    def of(cls, document: Document) -> Self | None:
        """The page, or None where the document is none of WordPress's, or is too costly to parse."""
        if not is_wordpress(document) or document.is_hostile:
            return None
        return cls(document.capture, document.tree, document.base, document.linked_data)

    def copy(self) -> Self:
        """The page with a tree of its own, for who takes it apart."""
        return replace(self, tree=self.tree.clone())

    @property
    def number(self) -> str | None:
        """The id of the one post that the page shows; None for lists and error pages.

        Posts, pages and posts of other types count in one series (``wp_posts.ID``), so the number alone is enough.
        """
        body = self.tree.body
        classes = (body.attributes.get("class") or "").split() if body is not None else []
        if self.capture.status not in {200, None} or _NO_POST.intersection(classes):
            return None
        for name in classes:
            if match := _BODY_ID.fullmatch(name):
                return match[1]
        for link in self.tree.css('link[rel~="alternate"][type="application/json"][href]'):
            if match := _API_POST.search(link.attributes.get("href") or ""):
                return match[1]
        return self._number_of_shortlink()

    @property
    def claim(self) -> Claim | None:
        """The claim on the post that the page shows; None where it shows none."""
        number = self.number
        if number is None:
            return None
        url = without_text_page(
            canonical(self._absolute(self.link("canonical")), self.capture.url), self.text_page
        )
        folder = self.folder
        return Claim(f"{host_of(url)}:{folder}posts-{number}", url)

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
        found = (self.tree.css_first(selector) for selector in selectors)
        return next((node for node in found if node is not None), None)

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
        root = self.link("https://api.w.org/")
        if root is None:
            return ""
        parsed = parse_url(self.base.resolve(root) or "")
        path = _API_ROOT.sub(r"\1", parsed.path).strip("/") if parsed else ""
        return f"{path}/" if path else ""

    def _absolute(self, reference: str | None) -> str | None:
        return self.base.resolve(reference) if reference else None

    def _number_of_shortlink(self) -> str | None:
        parsed = parse_url(self.base.resolve(self.link("shortlink") or "") or "")
        if parsed is None:
            return None
        number = parsed.parameter("p") or parsed.parameter("page_id") or ""
        return number if number.isdecimal() and len(number) <= 18 else None


def is_wordpress(document: Document) -> bool:
    """Whether a document is a page of WordPress, whatever it shows."""
    return document.is_markup and _MARK.search(document.text) is not None


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
