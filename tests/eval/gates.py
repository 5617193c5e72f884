"""Words of sign-up and paywall prompts that are left in a post's text."""

import re
from collections.abc import Iterator
from typing import Final

from tests.eval.bodies import holds
from tests.eval.figure import Better, Figure, PageError, Results, mean

_CORPUS: Final = "wcxb-dev prompts"
# What the corpus names as no part of a text and asks the reader to sign up, sign in, subscribe, join or pay.
_PROMPT: Final = re.compile(
    r"(?i)\b(?:sign[ -]?(?:in|up)|log[ -]?in|register|registration|subscri(?:be|ption|bers?)|newsletters?|join (?:us|now|our|the|for)"
    r"|become a member|members? only|create (?:an )?account|free trial|premium|paywall|unlock)\b"
)


def figures(results: Results) -> Iterator[Figure]:
    """The share of pages with such words beside the text on which some are left in it."""
    pages = [each for each in results["wcxb-dev"] if each.read["kind"] is not None]
    left = mean(any(True for _ in _left(each.page.truth.get("without"), each.read["text"])) for each in pages)
    yield Figure(_CORPUS, "pages with a prompt's words in the text", len(pages), left, 0.005, Better.LESS)


def errors(results: Results) -> Iterator[PageError]:
    """Every prompt that is left in a text."""
    for each in results["wcxb-dev"]:
        for words in _left(each.page.truth.get("without"), each.read["text"]):
            yield PageError("prompt left in the text", each.page.name, f"{words!r} {each.page.url}")


def _left(snippets: list[str] | None, text: str | None) -> Iterator[str]:
    return (each for each in snippets or [] if _PROMPT.search(each) and holds(text, each))
