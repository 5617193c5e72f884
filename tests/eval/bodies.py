"""A post's text: how much of it is read, and what else is read with it."""

from collections.abc import Iterator, Sequence

from tests.eval.corpora import measures
from tests.eval.figure import Better, Figure, PageError, Results, mean, whole_text
from tests.eval.reading import Result

_POOR = 0.8
_WITH_WORDS = ("wcxb-dev", "fundus258", "zh69", "trafilatura990")
# How far below trafilatura in the same run a figure may lie.
_MARGIN = 0.005


def figures(results: Results) -> Iterator[Figure]:
    """4-gram F1 where the truth is a text; snippets that must and must not be there where it is those."""
    for corpus, chosen in _with_body(results):
        f1 = mean(body_f1(each) for each in chosen)
        yield Figure(corpus, "text, 4-gram F1", len(chosen), f1, margin=_MARGIN)
    snippets = results["trafilatura990"]
    wanted, unwanted = snippet_shares(snippets)
    f1 = 2 * wanted / (wanted + 1 + unwanted) if wanted else 0.0
    yield Figure("trafilatura990", "snippets F1", len(snippets), f1, margin=_MARGIN)
    yield Figure("trafilatura990", "snippets of the text kept", len(snippets), wanted)
    yield Figure(
        "trafilatura990", "snippets of other things left in", len(snippets), unwanted, better=Better.LESS
    )
    wordpress = [
        each
        for corpus, pages in results.items()
        for each in pages
        if corpus in _WITH_WORDS and b"/wp-content/" in each.page.html and _shows_text(each)
    ]
    null = mean(not each.read["text"] for each in wordpress)
    yield Figure("WordPress pages of all corpora", "text null", len(wordpress), null, 0.0, Better.LESS)


def errors(results: Results) -> Iterator[PageError]:
    """Every text that is read badly, and how."""
    for corpus, chosen in _with_body(results):
        for each in chosen:
            f1 = body_f1(each)
            if f1 < _POOR:
                precision, recall, _ = measures().overlap(
                    measures().shingles(each.page.truth["body"]), measures().shingles(each.read["text"])
                )
                kind = _kind(each, precision, recall)
                detail = f"F1 {f1:.2f}, precision {precision:.2f}, recall {recall:.2f} {each.page.url}"
                yield PageError(f"text: {kind}", f"{corpus}/{each.page.name}", detail)


def body_f1(result: Result) -> float:
    """The 4-gram F1 of a page's text."""
    f1: float = measures().text_f1(result.page.truth["body"], result.read["text"])
    return f1


def snippet_shares(results: Sequence[Result]) -> tuple[float, float]:
    """Of all snippets: the share found of those that belong to the text, and of those that do not."""
    shares = []
    for key in ("with", "without"):
        snippets = [(each, part) for each in results for part in each.page.truth.get(key) or []]
        shares.append(mean(holds(each.read["text"], part) for each, part in snippets))
    return shares[0], shares[1]


def holds(text: str | None, snippet: str) -> bool:
    """Whether a text has a snippet, spaces and marks aside."""
    words = measures().words
    return f" {' '.join(words(snippet))} " in f" {' '.join(words(text))} "


def _with_body(results: Results) -> Iterator[tuple[str, list[Result]]]:
    for corpus in ("wcxb-dev", "fundus258", "zh69"):
        chosen = [each for each in results[corpus] if each.page.truth.get("body")]
        if corpus == "wcxb-dev":
            chosen = [each for each in chosen if each.page.truth["page_type"] == "article"]
        yield ("wcxb-dev articles" if corpus == "wcxb-dev" else corpus), chosen


def _kind(result: Result, precision: float, recall: float) -> str:
    if result.trouble:
        return "the reader raised"
    if result.read["kind"] is None:
        return "the page was refused"
    if not result.read["text"]:
        return "null"
    if recall < _POOR:
        whole = measures().shingles(whole_text(result))
        in_thread = measures().overlap(measures().shingles(result.page.truth["body"]), whole)[1]
        if in_thread - recall > 0.2:
            return "taken for comments"
        return "another text" if precision < 0.3 else "parts are missing"
    return "more than the text" if precision < _POOR else "both somewhat"


def _shows_text(result: Result) -> bool:
    truth = result.page.truth
    is_post = truth.get("page_type", "article") in {"article", "forum"}
    return is_post and bool(truth.get("body") or truth.get("with"))
