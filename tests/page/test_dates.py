from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.page.dates import Zone, is_date, read_date

SEOUL = Zone("Asia/Seoul", "assumed")
CAPTURED = datetime(2023, 3, 10, 12, 0, tzinfo=UTC)

local_minutes = st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)).map(  # noqa: DTZ001 - local by intent
    lambda at: at.replace(second=0, microsecond=0)
)


def _utc(local: datetime) -> datetime:
    return local.replace(tzinfo=ZoneInfo("Asia/Seoul")).astimezone(UTC)


def _korean(at: datetime) -> str:
    half = "오전" if at.hour < 12 else "오후"
    return f"{at.year}년 {at.month}월 {at.day}일 {half} {at.hour % 12 or 12}:{at.minute:02}"


@given(local_minutes)
def test_a_korean_date_with_its_half_of_the_day_round_trips(at: datetime) -> None:
    moment = read_date(_korean(at), SEOUL, None)
    assert moment is not None
    assert (moment.at, moment.precision, moment.zone_basis) == (_utc(at), "minute", "assumed")


@given(
    local_minutes,
    st.sampled_from(["%Y.%m.%d. %H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y년 %m월 %d일 %H:%M"]),
)
def test_numeric_dates_round_trip(at: datetime, form: str) -> None:
    moment = read_date(at.strftime(form), SEOUL, None)
    assert moment is not None
    assert (moment.at, moment.precision) == (_utc(at), "minute")


@given(st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)), st.integers(-12 * 4, 14 * 4))  # noqa: DTZ001
def test_iso_and_mail_dates_keep_the_offset_that_they_state(naive: datetime, quarters: int) -> None:
    offset = timedelta(minutes=15 * quarters)
    text = (naive.replace(microsecond=0)).isoformat()
    sign, minutes = ("-" if quarters < 0 else "+"), abs(15 * quarters)
    stated = f"{sign}{minutes // 60:02}:{minutes % 60:02}"
    moment = read_date(text + stated, SEOUL, None)
    assert moment is not None
    assert moment.at == naive.replace(microsecond=0, tzinfo=UTC) - offset
    assert (moment.zone_basis, moment.precision) == ("stated", "second")
    mail = read_date(format_datetime(moment.at), SEOUL, None)
    assert mail is not None
    assert (mail.at, mail.zone) == (moment.at, "UTC")


@given(st.dates(datetime(1990, 1, 1).date(), datetime(2099, 12, 31).date()))  # noqa: DTZ001
def test_a_date_without_a_time_is_the_start_of_its_day(day: datetime) -> None:
    moment = read_date(f"{day.year}년 {day.month:02}월 {day.day:02}일", SEOUL, None)
    assert moment is not None
    assert moment.at == datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Asia/Seoul")).astimezone(UTC)
    assert moment.precision == "day"


@pytest.mark.parametrize(
    ("raw", "back", "precision"),
    [
        ("3일 전", timedelta(days=3), "day"),
        ("하루 전", timedelta(days=1), "day"),
        ("어제", timedelta(days=1), "day"),
        ("3시간전", timedelta(hours=3), "hour"),
        ("한 시간 전", timedelta(hours=1), "hour"),
        ("5분 전", timedelta(minutes=5), "minute"),
        ("10초 전", timedelta(seconds=10), "second"),
        ("방금", timedelta(0), "minute"),
        ("방금 전", timedelta(0), "minute"),
        ("일주일 전", timedelta(days=7), "month"),
        ("한 달 전", timedelta(days=28), "month"),
        ("2년 전", timedelta(days=730), "year"),
    ],
)
def test_relative_dates_count_back_from_the_capture(raw: str, back: timedelta, precision: str) -> None:
    moment = read_date(raw, SEOUL, CAPTURED)
    assert moment is not None
    assert (moment.raw, moment.at, moment.precision) == (raw, CAPTURED - back, precision)


@pytest.mark.parametrize("raw", ["3일 전", "어제", "방금", "10월 16일", "어제 오후 3:20"])
def test_without_a_capture_time_relative_dates_are_kept_but_not_placed(raw: str) -> None:
    moment = read_date(raw, SEOUL, None)
    assert moment is not None
    assert (moment.raw, moment.at) == (raw, None)


def test_a_date_without_a_year_is_the_last_one_before_the_capture() -> None:
    before, after = read_date("3월 1일", SEOUL, CAPTURED), read_date("10월 16일", SEOUL, CAPTURED)
    assert before is not None
    assert before.at == datetime(2023, 2, 28, 15, tzinfo=UTC)
    assert after is not None
    assert after.at == datetime(2022, 10, 15, 15, tzinfo=UTC)


def test_a_naive_api_time_is_in_the_zone_handed_in() -> None:
    moment = read_date("2025-09-12 04:48:02", SEOUL, None)
    assert moment is not None
    assert (moment.at, moment.zone, moment.zone_basis) == (
        datetime(2025, 9, 11, 19, 48, 2, tzinfo=UTC),
        "Asia/Seoul",
        "assumed",
    )


@pytest.mark.parametrize(
    "raw", ["", "14", "2월 30일", "2022년 13월 1일", "3일", "일 전", "2022년 10월 16일에 만나요", "1.2.3"]
)
def test_what_is_no_date_is_none(raw: str) -> None:
    assert not is_date(raw)


@given(st.text(max_size=70))
def test_no_text_breaks_the_reader(text: str) -> None:
    moment = read_date(text, SEOUL, CAPTURED)
    assert moment is None or moment.raw == text.strip()


def test_what_was_read_without_a_time_of_capture_decides_nothing_with_one() -> None:
    zone = Zone("UTC", "assumed")
    for raw, alone, seen in (
        ("11.12.2023", (2023, 12, 11), (2023, 11, 12)),
        ("2023년 12월 11일", (2023, 12, 11), (2023, 12, 11)),
    ):
        for captured_at, expected in (
            (None, alone),
            (datetime(2023, 11, 15, tzinfo=UTC), seen),
            (None, alone),
        ):
            moment = read_date(raw, zone, captured_at)
            assert moment is not None
            assert moment.at == datetime(*expected, tzinfo=UTC)
