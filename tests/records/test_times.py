"""Times as rows carry them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.records.times import is_time, parse_time, time_text


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_survives_the_way_into_a_row_and_back(at: datetime) -> None:
    assert parse_time(time_text(at)) == at
    assert is_time(time_text(at))


def test_a_time_of_another_zone_is_written_in_utc() -> None:
    seoul = timezone(timedelta(hours=9))
    assert time_text(datetime(2022, 10, 16, 5, 44, tzinfo=seoul)) == "2022-10-15T20:44:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2022-10-15",
        "2022-10-15T20:44:00",
        "2022-10-15T20:44:00+00:00",
        "2022-10-16T05:44:00+09:00",
        "2022-10-15T20:44:00.500Z",
        "2022-10-15T20:44:00.000000Z",
        "2022-10-15 20:44:00Z",
        "2022-02-30T00:00:00Z",
        "20221015T204400Z",
    ],
)
def test_no_other_spelling_is_a_time(text: str) -> None:
    assert not is_time(text)
    with pytest.raises(ValueError, match=r"not a time|isoformat|day is out of range"):
        parse_time(text)
