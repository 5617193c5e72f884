"""The browser cuts texts as Python does: what is put into the search index is what a query asks for."""

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.viewer.search_terms import terms_of
from tests.conftest import REPOSITORY
from tests.slow.browser import pages_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow
_ASSETS: Final = REPOSITORY / "scraper" / "viewer" / "assets"
_TERMS_OF_EACH: Final = "(texts) => texts.map((text) => Array.from(postkeepTerms.termsOf(text)))"
# Characters whose forms meet: case, width, accents, jamo that join, marks that do not show.
_MEETING: Final = "Σςß İıſé한글 ㄱㅏ가각ｶﾞガＡ①ﬃ\u0301\u200d\u00ad\u0345"
_Item = TypeVar("_Item")
Cutter = Callable[[Sequence[str]], list[set[str]]]


@pytest.fixture(scope="module")
def cut_by_browser(browser: "Browser") -> Iterator[Cutter]:
    with pages_of(browser) as opened:
        page = opened("about:blank").page
        # One after the other within one call: what a script declares is there for the next.
        page.evaluate(
            "(sources) => (0, eval)(sources.join('\\n'))",
            [
                (_ASSETS / name).read_text(encoding="utf-8")
                for name in ("search-classes.js", "search-terms.js")
            ],
        )

        yield lambda texts: [set(terms) for terms in page.evaluate(_TERMS_OF_EACH, list(texts))]


def test_each_character_there_is_makes_the_same_terms(cut_by_browser: Cutter) -> None:
    points = [point for point in range(sys.maxunicode + 1) if not 0xD800 <= point < 0xE000]
    texts = [" ".join(f"{chr(point)}a{chr(point)}" for point in batched) for batched in _batches(points, 256)]
    for batch in _batches(texts, 512):
        for text, terms in zip(batch, cut_by_browser(batch), strict=True):
            assert terms == terms_of(text), ascii(text[0])


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(_MEETING)), min_size=20))
def test_any_text_makes_the_same_terms(cut_by_browser: Cutter, texts: list[str]) -> None:
    assert cut_by_browser(texts) == [terms_of(text) for text in texts]


def _batches(items: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))
