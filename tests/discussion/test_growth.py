"""A thread four times as long takes about four times the work, whatever its pages are made of: calls are counted, not seconds."""

import sys
from collections.abc import Callable
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
from tests.fixtures.long_threads import (
    flat,
    marked_by_software,
    page_of,
    quoting,
    replies_to_one,
    row,
    told_in_part,
    told_in_place,
    told_otherwise,
)

_FEW, _MANY = 100, 400
# Four times the comments: what takes each with each would take sixteen times the calls.
_MOST = 4.15


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
        row(number).replace('class="comment"', f'class="comment" data-parent-id="{3 - number}"')
        for number in (1, 2)
    )
    record = read_page(page_of("".join((*circle, *map(row, range(3, 12))))), "https://example.org/slow")
    assert isinstance(record, Record)
    assert [comment.parent for comment in record.comments] == [None, 0, *[None] * 9]
