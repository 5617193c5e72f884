"""How a page's words lie: in one text, side by side, in paragraphs, in one article; or in scraps."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from scraper.discussion.body.blocks import Blocks
from scraper.discussion.thread.elements import Elements

# So much of a block is prose, and so many letters has a paragraph that says more than a caption or a teaser does.
_PROSE: Final = 0.6
_PARAGRAPH: Final = 200


@dataclass(frozen=True, slots=True)
class Shape:
    """``run`` is the number of letters of the sentences that stand side by side in one element (those of dense scripts three
    times). Of all letters of the page ``text`` are those of its main text, ``paragraphs`` those in long paragraphs, and ``article`` those in its
    largest ``article`` element; each 0 to 1.
    """

    text: float = 0.0
    run: int = 0
    paragraphs: float = 0.0
    article: float = 0.0


def shape_of(page: Elements, blocks: Blocks, barred: bytearray, size: int) -> Shape:
    """The shape of a page whose main text has ``size`` letters; ``barred`` are the texts that stand beside it."""
    runs: Counter[int] = Counter()
    paragraphs = 0
    for block, share in blocks.shares.items():
        if share >= _PROSE:
            letters = blocks.sizes[block]
            paragraphs += letters if letters > _PARAGRAPH else 0
            if not barred[page.first_text[block]]:
                runs[page.parents[block]] += letters
    articles = (blocks.size_in(element) for element, tag in enumerate(page.tags) if tag == "article")
    whole = max(blocks.size_in(0), 1)
    return Shape(
        size / whole, max(runs.values(), default=0), paragraphs / whole, max(articles, default=0) / whole
    )
