"""What the author of a post or a comment wrote, out of JSON: title, text, links and pictures."""

import re
from dataclasses import dataclass
from typing import Final

from scraper.discussion.conventions import Links
from scraper.discussion.titles import split_title
from scraper.discussion.told import fields
from scraper.model.record import FieldSource
from scraper.model.url import Base, strip_tracking
from scraper.page.blocks import Page, to_markdown
from scraper.page.bounds import HostilePageError
from scraper.page.characters import plain
from scraper.page.data import Fields
from scraper.page.tree import read_html

_HTML: Final = re.compile(
    r"\s*<[a-z][a-z0-9-]*[\s/>].*(?:</[a-z0-9-]+|<(?:br|hr|img)\b[^<>]*)>\s*", re.DOTALL | re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Writing:
    """``links`` and ``images`` are None where the data has no place for them."""

    title: str | None
    text: str | None
    title_is_first_line: bool
    links: tuple[str, ...] | None
    images: tuple[str, ...] | None

    def sources(self, source: str) -> list[FieldSource]:
        """Where title and text were read, ``source`` being the name of the data."""
        sources = [FieldSource("text", source, "stated")] if self.text else []
        if self.title and self.title_is_first_line:
            return [*sources, FieldSource("title", "first-line", "inferred")]
        return [*sources, FieldSource("title", source, "stated")] if self.title else sources


def read_content(item: Fields, base: Base, links: Links) -> Writing:
    """What a post says; the addresses of links and pictures are resolved against ``base``, links to people left out."""
    page = _page_of(item)
    text, title = _text(item, page), item.text(fields.TITLE)
    untitled = title is None
    if title is None and text is not None:
        title, text = split_title(text)
    elif title and text and text.startswith(title + "\n"):
        text = text[len(title) :].strip("\n")
    return Writing(title, text, untitled, _links(page, base, links), _images(item, page, base))


def read_text(item: Fields) -> str | None:
    """The text: verbatim, or from its HTML where that alone has the paragraphs, lists and code."""
    return _text(item, _page_of(item))


def _page_of(item: Fields) -> Page | None:
    text = item.text(fields.TEXT) or ""
    html = item.text(fields.HTML) or (text if _HTML.fullmatch(text) else None)
    try:
        return read_html(html) if html else None
    except HostilePageError:
        return None


def _text(item: Fields, page: Page | None) -> str | None:
    text, shown = item.text(fields.TEXT) or "", to_markdown(page.blocks) if page else ""
    if _HTML.fullmatch(text):
        text = ""
    if text and shown:
        same = "".join(plain(text).split()) == "".join(plain(shown).split())
        text = text if same and ("\n" in text or "\n" not in shown) else shown
    return (text or shown).strip("\n") or None


def _links(page: Page | None, base: Base, links: Links) -> tuple[str, ...] | None:
    if page is None:
        return None
    hrefs = (base.resolve(href) for href in page.hrefs if links.profile_id(href) is None)
    return tuple(dict.fromkeys(strip_tracking(href) for href in hrefs if href))


def _images(item: Fields, page: Page | None, base: Base) -> tuple[str, ...] | None:
    listed = fields.read_images(item)
    if listed is None and page is None:
        return None
    inside = [image.src for image in page.images] if page else []
    sources = (base.resolve(source) for source in [*(listed or ()), *inside])
    return tuple(dict.fromkeys(source for source in sources if source))
