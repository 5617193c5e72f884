"""The text of a part of a page, as Markdown. WordPress's own line breaks in HTML never show."""

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from scraper.model.record import Removed
from scraper.model.url import Base
from scraper.page.blocks import to_markdown
from scraper.page.bounds import HostilePageError
from scraper.page.tree import read_node


@dataclass(frozen=True, slots=True)
class Fragment:
    """The text of an element, None where it has none, and the absolute addresses of its links and pictures. ``removed`` are prompts taken out of it."""

    text: str | None
    links: tuple[str, ...]
    images: tuple[str, ...]
    removed: tuple[Removed, ...] = ()


def read_fragment(node: LexborNode, base: Base) -> Fragment:
    """The text, links and pictures of an element of a page, resolved against ``base``."""
    try:
        page = read_node(node)
    except HostilePageError:
        return Fragment(None, (), ())
    return Fragment(
        to_markdown(page.blocks).strip() or None,
        absolute(page.hrefs, base),
        absolute([image.src for image in page.images], base),
    )


def words_of(node: LexborNode | None) -> str | None:
    """The words of an element on one line; None where it has none."""
    return " ".join(node.text(separator=" ").split()) or None if node is not None else None


def absolute(references: list[str], base: Base) -> tuple[str, ...]:
    """The absolute addresses of references, each once; those within the page itself left out."""
    urls = (base.resolve(reference) for reference in references if reference and reference[0] != "#")
    return tuple(dict.fromkeys(url for url in urls if url))
