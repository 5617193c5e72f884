"""What is wrong with a thread as it was read, by kind: the same matching as the figures, looked at comment by comment."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.eval.corpora import measures
from tests.eval.reading import Result


@dataclass(frozen=True, slots=True)
class ThreadError:
    """One error of a page: its kind, and what is true beside what was read."""

    kind: str
    detail: str


def errors_of(result: Result) -> list[ThreadError]:
    """Every error in the comments of a page."""
    truth, got = result.page.truth["comments"], result.read["comments"]
    pairs = measures().match(truth, got)
    taken = dict(pairs)
    errors: list[ThreadError] = []
    if result.trouble:
        errors.append(ThreadError("reader raised", result.trouble))
    errors += (
        ThreadError(f"missed: {_where(each, result)}", _quote(each))
        for at, each in enumerate(truth)
        if at not in taken
    )
    read = set(taken.values())
    errors += (
        ThreadError(f"extra: {_what(each, result)}", _quote(each))
        for at, each in enumerate(got)
        if at not in read
    )
    for true, mine in pairs:
        errors += _field_errors(truth[true], got[mine])
    errors += _edge_errors(truth, got, taken)
    return errors


def _where(comment: Mapping[str, Any], result: Result) -> str:
    """Where a missed comment's words went."""
    got = result.read["comments"]
    if not got:
        return "no thread seen"
    words = measures().shingles(comment["text"])
    if any(_recall(words, each["text"]) >= 0.8 for each in got):
        return "merged with others, or words around it"
    if _recall(words, result.read["text"]) >= 0.8:
        return "in the post's text"
    if any(_recall(words, each["text"]) >= 0.2 for each in got):
        return "cut, or in pieces"
    return "nowhere in the output"


def _what(comment: Mapping[str, Any], result: Result) -> str:
    """What an extra comment holds."""
    words = measures().shingles(comment["text"])
    root = (result.page.truth.get("root") or {}).get("text") or ""
    if not words:
        return "without words"
    if _recall(words, root) >= 0.5:
        return "the post itself"
    whole = [each["text"] for each in result.page.truth["comments"]]
    if any(_recall(words, each) >= 0.5 for each in whole):
        return "a piece of a comment, or it again"
    if any(_recall(measures().shingles(each), comment["text"]) >= 0.5 for each in whole):
        return "several comments in one"
    return "no comment"


def _recall(words: Counter[tuple[str, ...]], text: str | None) -> float:
    """The part of ``words`` that a text has."""
    recall: float = measures().overlap(words, measures().shingles(text))[1]
    return recall


def _field_errors(true: Mapping[str, Any], mine: Mapping[str, Any]) -> Iterator[ThreadError]:
    name = measures().name
    if true.get("author") and name(true["author"]) != name(mine.get("author")):
        kind = "author: unknown" if mine.get("author") is None else "author: another"
        yield ThreadError(kind, f"{true['author']!r}, read as {mine.get('author')!r}")
    if true.get("author") and _leaks(true, mine):
        yield ThreadError("a name in the text", _quote(mine))
    if true.get("date") and str(true["date"])[:10] != str(mine.get("date"))[:10]:
        kind = "date: unknown" if mine.get("date") is None else "date: another"
        yield ThreadError(kind, f"{true['date']}, read as {mine.get('date')}")


def _leaks(true: Mapping[str, Any], mine: Mapping[str, Any]) -> bool:
    name = measures().name
    author = name(true["author"])
    return name(mine["text"]).startswith(f"{author} ") and not name(true["text"]).startswith(author)


def _edge_errors(truth: list[dict[str, Any]], got: list[Any], taken: dict[int, int]) -> Iterator[ThreadError]:
    back = {mine: true for true, mine in taken.items()}
    for true, mine in taken.items():
        parent = truth[true].get("parent")
        told = got[mine].get("parent")
        is_due = parent is not None and parent in taken
        is_told = told is not None and told >= 0 and told in back
        if is_due and not (is_told and back[told] == parent):
            yield ThreadError("reply: another parent" if is_told else "reply: no parent", _quote(truth[true]))
        elif is_told and not is_due:
            yield ThreadError("reply: a parent where the truth has none", _quote(truth[true]))


def _quote(comment: Mapping[str, Any]) -> str:
    text = " ".join((comment["text"] or "").split())
    shown = text if len(text) <= 100 else f"{text[:70]} … {text[-25:]}"
    return f"{comment.get('author') or '?'}: {shown}"
