"""Words of sign-up and paywall prompts that are left in a post's text, and which pages are told to withhold some of it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from scraper.model.record import Record
from scraper.page.prompts import is_gate
from tests.eval.bodies import holds
from tests.eval.figure import Better, Figure, PageError, Results, mean
from tests.eval.gate_pages import LABELS, GatePage, of_corpora, replicas
from tests.eval.readers import record_alone

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


def told(page: GatePage) -> str:
    """What is read of how much a page shows: one of the labels, or ``refused`` where it is taken for no post."""
    record = record_alone(page.html, page.url, None)
    if not isinstance(record, Record):
        return "refused"
    post = record.post
    withheld = {each.kind for each in post.access_evidence} & {"flag", "cut"}
    if post.access == "gated" or (post.access == "partial" and withheld):
        return "withheld"
    if any(is_gate(each.rule) for each in post.removed):
        return "prompt"
    return "quoted" if page.kept and page.kept in (post.text or "") else "open"


def confusion(pages: Iterable[GatePage]) -> dict[str, dict[str, int]]:
    """How many pages of each label are told as which."""
    counted = Counter((page.label, told(page)) for page in pages)
    return {
        label: {read: count for (own, read), count in sorted(counted.items()) if own == label}
        for label in LABELS
    }


def matrices() -> dict[str, dict[str, dict[str, int]]]:
    """The confusion of our own pages, and that of the corpora's."""
    return {"replicas": confusion(replicas()), "pages of the corpora": confusion(of_corpora())}
