"""Titles, authors and dates of posts."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from tests.eval.corpora import measures
from tests.eval.figure import Better, Figure, PageError, Results, mean
from tests.eval.reading import Result

_CORPORA = ("wcxb-dev", "trafilatura990", "fundus258", "parser-meta", "zh69", "htmldate1000")
_POSTS = {"article", "forum"}


def figures(results: Results) -> Iterator[Figure]:
    """Of the pages whose truth has the field: the share read rightly; of dates also the share read wrongly."""
    for corpus in _CORPORA:
        pages = _posts(results[corpus])
        dated = [each for each in pages if _day(each.page.truth.get("date"))]
        yield Figure(corpus, "date, the right day", len(dated), mean(map(_is_date, dated)))
        wrong = mean(each.read["date"] is not None and not _is_date(each) for each in dated)
        yield Figure(corpus, "date, another day", len(dated), wrong, better=Better.LESS)
        titled = [each for each in pages if each.page.truth.get("title")]
        if titled:
            yield Figure(corpus, "title, word-F1", len(titled), mean(map(_title, titled)))
        signed = [each for each in pages if each.page.truth.get("authors")]
        if signed:
            yield Figure(corpus, "author, one of the true ones", len(signed), mean(map(_is_author, signed)))


def errors(results: Results) -> Iterator[PageError]:
    """Every date, title and author that is read wrongly."""
    for each in chain.from_iterable(_posts(results[corpus]) for corpus in _CORPORA):
        truth, read, page = each.page.truth, each.read, f"{each.page.corpus}/{each.page.name}"
        if read["kind"] is None:
            continue
        if _day(truth.get("date")) and not _is_date(each):
            kind = "unknown" if read["date"] is None else "another"
            yield PageError(f"date: {kind}", page, f"{truth['date']}, read as {read['date']} {each.page.url}")
        if truth.get("authors") and not _is_author(each):
            kind = "unknown" if read["author"] is None else "another"
            yield PageError(f"author: {kind}", page, f"{truth['authors']}, read as {read['author']!r}")
        if truth.get("title") and _title(each) < 0.8:
            kind = "unknown" if read["title"] is None else "another"
            yield PageError(f"title: {kind}", page, f"{truth['title']!r}, read as {read['title']!r}")


def _posts(results: Sequence[Result]) -> list[Result]:
    """The pages that are posts, as far as the corpus says what its pages are."""
    return [each for each in results if each.page.truth.get("page_type", "article") in _POSTS]


def _day(date: Any) -> str | None:
    """A true date's day in the form of ISO 8601; None where there is none."""
    head = str(date or "").split("T")[0].split(" ")[0]
    parts = head.split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return None
    return f"{int(parts[0]):04}-{int(parts[1]):02}-{int(parts[2]):02}"


def _is_date(result: Result) -> bool:
    return _day(result.page.truth["date"]) == _day(result.read["date"])


def _title(result: Result) -> float:
    f1: float = measures().word_f1(result.page.truth["title"], result.read["title"])
    return f1


def _is_author(result: Result) -> bool:
    """Whether the author read is one of the true ones, or all of them at once."""
    name, authors = measures().name, result.page.truth["authors"]
    read = name(result.read["author"])
    return bool(read) and (
        read in {name(each) for each in authors}
        or sorted(read.split()) == sorted(name(" ".join(authors)).split())
    )
