"""Forum pages of which the truth is the whole thread as one text."""

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from tests.eval.corpora import measures
from tests.eval.figure import Figure, PageError, Results, mean, whole_text
from tests.eval.reading import Result

_CORPUS = "wcxb-dev forum pages"


def figures(results: Results) -> Iterator[Figure]:
    """Word-F1 over all pages, and over those whose truth is whole and on the page."""
    chosen = _chosen(results)
    yield Figure(_CORPUS, "whole thread, word-F1", len(chosen), mean(map(thread_f1, chosen)), 0.86)
    whole = [each for each in chosen if measures().is_whole(each.page.truth["body"], visible(each))]
    yield Figure(
        _CORPUS, "the same, truth whole and on the page", len(whole), mean(map(thread_f1, whole)), 0.90
    )


def errors(results: Results) -> Iterator[PageError]:
    """Every thread that is read badly, and how."""
    for each in _chosen(results):
        f1 = thread_f1(each)
        if f1 < 0.85:
            words = measures().words
            true, got = len(words(each.page.truth["body"])), len(words(whole_text(each)))
            shown = measures().overlap(
                measures().shingles(each.page.truth["body"], 1), measures().shingles(visible(each), 1)
            )[1]
            kind = (
                "the truth is not on the page" if shown < 0.9 else "too little" if got < true else "too much"
            )
            detail = f"F1 {f1:.2f}, {true} words true, {got} read, {shown:.2f} on the page, {len(each.read['comments'])} comments {each.page.url}"
            yield PageError(f"thread: {kind}", each.page.name, detail)


def thread_f1(result: Result) -> float:
    """The word-F1 of a page's whole thread."""
    f1: float = measures().word_f1(result.page.truth["body"], whole_text(result))
    return f1


def visible(result: Result) -> str:
    """All words that a page shows."""
    body = LexborHTMLParser(result.page.html.decode("utf-8", "replace")).body
    if body is None:
        return ""
    body.strip_tags(["script", "style", "template"])
    return body.text(separator=" ")


def _chosen(results: Results) -> list[Result]:
    return [
        each
        for each in results["wcxb-dev"]
        if each.page.truth["page_type"] == "forum" and each.page.truth.get("body")
    ]
