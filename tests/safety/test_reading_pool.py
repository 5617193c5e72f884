"""One bad page costs one page: the processes that read can be killed, and their memory is bounded."""

import re
from collections.abc import Iterator

import pytest

from scraper.reading.pool import Reader, ReadingLimits
from scraper.reading.read_visit import Unread
from tests.fixtures.pages import v1_page
from tests.safety.visits import (
    POST_ID,
    harmful_visit,
    reading_pool,
    visit_of,
)

LIMITS = ReadingLimits(seconds=600.0, memory=1 << 30)


@pytest.fixture(scope="module")
def page() -> bytes:
    return v1_page(70991).encode()


@pytest.fixture(scope="module")
def pool() -> Iterator[Reader]:
    with reading_pool(1, LIMITS) as pool:
        yield pool


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("hanging", r"took more than 600 seconds of processor time"),
        ("devouring", r"MemoryError"),
        ("leaving", r"process that read the page died"),
        ("crashing", r"process that read the page died"),
        ("exploding", r"RuntimeError"),
    ],
)
def test_a_harmful_page_costs_itself_and_no_other(pool: Reader, page: bytes, kind: str, reason: str) -> None:
    visits = [visit_of(page, number=1), harmful_visit(kind, 2), visit_of(page, number=3)]
    before, harmed, after = pool.read(visits)
    assert isinstance(harmed, Unread)
    assert re.search(reason, harmed.reason)
    assert (harmed.site, harmed.post_id) == ("harm", f"harm:{kind}")
    for reading in (before, after):
        assert not isinstance(reading, Unread), reading
        assert reading.post_id == POST_ID


@pytest.mark.thorough
def test_the_processor_time_that_a_page_may_cost_is_what_it_gets() -> None:
    with reading_pool(1, ReadingLimits(seconds=3.0)) as pool:
        (hanging,) = pool.read([harmful_visit("hanging-for-real", 1)])
    assert isinstance(hanging, Unread)
    assert "took more than 3 seconds of processor time" in hanging.reason


def test_a_page_that_waits_for_what_never_comes_is_given_up(page: bytes) -> None:
    with reading_pool(1, ReadingLimits(patience=0.5)) as pool:
        waited, after = pool.read([harmful_visit("waiting", 1), visit_of(page, number=2)])
    assert isinstance(waited, Unread)
    assert "took more than 0.5 seconds. It is kept" in waited.reason
    assert not isinstance(after, Unread) or "took more than 0.5 seconds" in after.reason


@pytest.mark.thorough
def test_results_come_in_the_order_of_the_visits_however_many_processes_die(page: bytes) -> None:
    kinds = (None, "leaving", None, "crashing", None, None, "leaving", None, None, None)
    visits = [
        harmful_visit(kind, number) if kind else visit_of(page, number=number)
        for number, kind in enumerate(kinds)
    ]
    with reading_pool(2, LIMITS) as pool:
        results = list(pool.read(visits))
    assert [isinstance(result, Unread) for result in results] == [kind is not None for kind in kinds]
    sequences = [
        result.visit.sequence if isinstance(result, Unread) else result.sequence for result in results
    ]
    assert sequences == list(range(len(kinds)))
