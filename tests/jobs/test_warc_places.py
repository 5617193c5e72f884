"""What is asked of the heads of files costs the same however many of them have one URL, one payload or one moment."""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from scraper.archive.compose import CaptureTime, ForeignRecord, Reference
from scraper.archive.warc_file import WarcFile
from scraper.jobs.imports.warc_heads import make_indexes, make_tables, seconds, url_key
from scraper.jobs.imports.warc_places import WarcPlaces

_URL = "https://moim.example/t/201"
_AT = datetime(2022, 11, 8, tzinfo=UTC)
_DIGEST = "sha1:AAAA"


def places_of(count: int) -> tuple[WarcPlaces, sqlite3.Connection]:
    """So many responses, revisits and untied requests of one URL and one payload, a second apart."""
    database = sqlite3.connect("", isolation_level=None)
    make_tables(database)
    key = url_key(_URL)
    for number in range(count):
        at = seconds(_AT + timedelta(seconds=number))
        for kind in ("response", "revisit"):
            row = (f"{kind}-{number}", key, at, _DIGEST, kind, 0, number, 0, number, 0)
            database.execute("INSERT INTO heads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        database.execute(
            "INSERT INTO requests VALUES (?, 'request', ?, ?, 'GET', 'cookie')", (number, key, at)
        )
        database.execute("INSERT INTO links VALUES ('one-id', ?)", (number,))
    make_indexes(database)
    return WarcPlaces([], database), database


def _record(*links: str) -> ForeignRecord:
    return ForeignRecord(_URL, True, b"", "", CaptureTime(_AT, "asserted"), "", links=links)


def _refers(
    own: str = _URL, record_id: str | None = None, date: datetime | None = None, digest: str | None = None
) -> Callable[[WarcPlaces], object]:
    reference = Reference("", record_id, _URL if date else None, date, digest)
    return lambda places: list(places.originals(reference, own))


@pytest.mark.parametrize(
    "ask",
    [
        _refers(digest=_DIGEST),
        _refers("https://moim.example/t/other", digest=_DIGEST),
        _refers(record_id="response-7"),
        _refers(date=_AT),
        lambda places: places.as_asked(_record()).asked_with,
        lambda places: places.as_asked(_record("one-id")).asked_with,
        lambda places: list(islice(places.nearest(_URL, _AT), 1)),
    ],
)
def test_a_question_costs_the_same_of_few_heads_and_of_many(ask: Callable[[WarcPlaces], object]) -> None:
    steps = []
    for count in (60, 1200):
        places, database = places_of(count)
        taken = [0]

        def step(taken: list[int] = taken) -> int:
            taken[0] += 1
            return 0

        database.set_progress_handler(step, 1)
        # The place that was found first is in a file that is not there.
        with suppress(IndexError):
            assert ask(places)
        database.set_progress_handler(None, 0)
        steps.append(taken[0])
        places.close()
    few, many = steps
    assert many < 2 * few


@pytest.mark.parametrize(("of_original", "of_reference"), [(500_000, 0), (0, 500_000), (100_000, 900_000)])
def test_a_reference_to_the_second_finds_its_original(of_original: int, of_reference: int) -> None:
    database = sqlite3.connect("", isolation_level=None)
    make_tables(database)
    for number, at in enumerate(
        (_AT - timedelta(milliseconds=1), _AT.replace(microsecond=of_original), _AT + timedelta(seconds=1))
    ):
        row = (f"r{number}", url_key(_URL), seconds(at), None, "response", number, 0, 0, 0, 0)
        database.execute("INSERT INTO heads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    make_indexes(database)
    warcs = [WarcFile.named(f"{number}.warc") for number in range(3)]
    with WarcPlaces(warcs, database) as places:
        reference = Reference("", None, _URL, _AT.replace(microsecond=of_reference), None)
        place = next(places.originals(reference, _URL))
        assert place.warc.location == "1.warc"
        exact = next(places.originals(replace(reference, date=_AT + timedelta(seconds=1)), _URL))
        assert exact.warc.location == "2.warc"
