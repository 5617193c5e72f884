"""A thread four times as long takes about four times the work, whatever its pages are made of: calls are counted, not seconds."""

import json
import sys
from collections.abc import Callable, Iterable
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import read_page
from scraper.discussion.thread.spans import Holders, Span
from scraper.discussion.thread_match import TELLING, match
from scraper.discussion.told.depths import uncircled
from scraper.model.record import Comment, Record
from scraper.page.home_zones import NO_ZONES
from scraper.reading.document_reading import read_document
from scraper.sites.registry import installed_sites
from tests.fixtures.captures import capture_of

_POST = "Bread that rises for a whole day tastes of the field it came from. We baked it in the village oven, and everybody had some."
_FEW, _MANY = 100, 400
# Four times the comments: what takes each with each would take sixteen times the calls.
_MOST = 4.15


def _words(number: int) -> str:
    """A sentence like no other, numbers aside."""
    name = "".join("abcdefghij"[int(digit)] for digit in f"{number:04}")
    return (
        f"The loaf of {name} wants {number % 13} more hours by the stove, where {name[::-1]} keeps it warm."
    )


def _page(rows: str, head: str = "") -> str:
    return f'<html lang="en"><head><title>Slow bread</title>{head}</head><body><article><h1>Slow bread</h1><p>{_POST}</p></article><section>{rows}</section></body></html>'


def _row(number: int, inside: str = "", classes: str = "comment") -> str:
    return (
        f'<div class="{classes}" id="comment-{number}"><a class="author" href="/people/{number % 17}">Ann{number % 17}</a>'
        f'<time datetime="2024-05-0{1 + number % 9}T12:{number % 60:02}:00Z">{1 + number % 9} May 2024, 12:{number % 60:02}</time>'
        f"<p>{_words(number)}</p>{inside}</div>"
    )


def flat(count: int) -> str:
    """One under the other."""
    return _page("".join(map(_row, range(count))))


def replies_to_one(count: int) -> str:
    """All in one."""
    return _page(_row(0, "".join(map(_row, range(1, count)))))


def told_otherwise(count: int) -> str:
    """The page's data tells as many comments, none of which the page shows."""
    return _page("".join(map(_row, range(count))), _told(_words(each + 5000) for each in range(count)))


def told_in_part(count: int) -> str:
    """The page's data tells the words of half of the comments, and of the others something else."""
    texts = (_words(each) if each % 2 else _words(each + 5000) for each in range(count))
    return _page("".join(map(_row, range(count))), _told(texts))


def _told(texts: Iterable[str]) -> str:
    told = [
        {
            "@type": "Comment",
            "text": text,
            "author": {"@type": "Person", "name": f"Bo{number % 17}"},
            "dateCreated": "2024-05-01T12:00:00Z",
        }
        for number, text in enumerate(texts)
    ]
    data = {
        "@context": "https://schema.org",
        "@type": "DiscussionForumPosting",
        "headline": "Slow bread",
        "comment": told,
    }
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def told_in_place(count: int) -> str:
    """The comments are marked as such where they stand."""
    rows = (
        _row(number)
        .replace(
            'class="comment"',
            'class="comment" itemprop="comment" itemscope itemtype="https://schema.org/Comment"',
        )
        .replace("<p>", '<p itemprop="text">')
        for number in range(count)
    )
    return _page(
        f'<div itemscope itemtype="https://schema.org/DiscussionForumPosting"><meta itemprop="headline" content="Slow bread">{"".join(rows)}</div>'
    )


def quoting(count: int) -> str:
    """Each quotes words that nobody wrote."""
    quotes = (f"<blockquote><p>Nobody wrote number {number}</p></blockquote>" for number in range(count))
    return _page("".join(_row(number, quote) for number, quote in enumerate(quotes)))


def marked_by_software(count: int) -> str:
    """Comments of WordPress, half of which say no date."""
    rows = (
        f'<li id="comment-{number}" class="comment depth-1"><cite class="fn">Ann{number % 17}</cite>'
        + (f'<time datetime="2024-05-01T12:{number % 60:02}:00Z">1 May 2024</time>' if number % 2 else "")
        + f"<p>{_words(number)}</p></li>"
        for number in range(count)
    )
    generator = '<meta name="generator" content="WordPress 6.5">'
    return _page(f'<div id="comments"><ol class="comment-list">{"".join(rows)}</ol></div>', generator)


@pytest.mark.thorough
@pytest.mark.parametrize(
    "shape", [flat, replies_to_one, told_otherwise, told_in_part, told_in_place, quoting, marked_by_software]
)
def test_work_grows_with_the_comments(shape: Callable[[int], str]) -> None:
    few, many = (_calls(shape(count)) for count in (_FEW, _MANY))
    assert many / few < _MOST


def _calls(html: str) -> int:
    """How many calls it takes to read a page."""
    capture = capture_of(html.encode(), "https://example.org/slow")
    sites = installed_sites()
    return _counted(lambda: read_document(capture, sites, NO_ZONES))


def _counted(work: Callable[[], object]) -> int:
    """How many calls it takes, those of generators for each value and those into C included."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def test_texts_that_are_told_and_shown_in_other_words_are_not_compared_each_with_each() -> None:
    def work(count: int) -> int:
        told = [Comment(f"Crust {number:04} rests {count:04}") for number in range(count)]
        shown = [Comment(f"Loaf {number:04} rises {count:04}") for number in range(count)]
        return _counted(lambda: match(told, shown))

    assert work(_MANY) / work(_FEW) < _MOST


_TEXTS = st.lists(st.text("ab", min_size=0, max_size=12), max_size=12)


@given(_TEXTS, _TEXTS)
def test_what_overlaps_is_the_first_that_does(told: list[str], shown: list[str]) -> None:
    pairs = match([Comment(text) for text in told], [Comment(text) for text in shown])
    rest = set(range(len(shown)))
    expected = {}
    for at, text in enumerate(told):
        if (same := next((each for each in sorted(rest) if shown[each] == text), None)) is not None:
            expected[at] = same
            rest.discard(same)
    for at, text in enumerate(told):
        overlaps = (
            each
            for each in sorted(rest)
            if shown[each].endswith(text) or (len(shown[each]) >= TELLING and text.startswith(shown[each]))
        )
        if at not in expected and text and (found := next(overlaps, None)) is not None:
            expected[at] = found
            rest.discard(found)
    assert pairs == expected


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=8))
def test_the_innermost_span_is_the_last_to_begin_of_those_that_hold_an_element(
    bounds: list[tuple[int, int]],
) -> None:
    spans = [Span(min(each), max(each), 0, 0) for each in bounds]
    holders = Holders(spans)
    for element in range(-1, 22):
        holding = [at for at, span in enumerate(spans) if span.holds(element)]
        assert holders.innermost(element) == max(holding, key=lambda at: spans[at].start, default=None)


def test_who_answers_each_other_in_a_circle_answers_nobody() -> None:
    assert uncircled([None, 2, 1, 2, 3]) == [(None, 0), (None, 0), (1, 1), (2, 2), (3, 3)]


def test_a_chain_of_answers_is_as_deep_as_it_is_long() -> None:
    count = 10_000
    assert uncircled([None, *range(count - 1)])[-1] == (count - 2, count - 1)


def test_a_page_whose_comments_name_each_other_as_parents_is_read() -> None:
    circle = (
        _row(number).replace('class="comment"', f'class="comment" data-parent-id="{3 - number}"')
        for number in (1, 2)
    )
    record = read_page(_page("".join((*circle, *map(_row, range(3, 12))))), "https://example.org/slow")
    assert isinstance(record, Record)
    assert [comment.parent for comment in record.comments] == [None, 0, *[None] * 9]
