"""Dates as programs of the field print them: with the suffix of RFC 9557, and with words for zones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.page.dates import Zone, read_date
from tests.field.pages import Odd, read

SEOUL = Zone("Asia/Seoul", "assumed")
AT = datetime(2024, 3, 5, 5, 22, 11, tzinfo=UTC)
LOCAL = datetime(2024, 3, 5, 14, 22, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "zone"),
    [
        ("2024-03-05T14:22:11+09:00[Asia/Seoul]", "Asia/Seoul"),
        ("2024-03-05T14:22:11.123456789+09:00[!Asia/Seoul]", "Asia/Seoul"),
        ("2024-03-05T14:22:11+09:00[+09:00]", "+09:00"),
        ("2024-03-05T14:22:11[Asia/Seoul]", "Asia/Seoul"),
        ("2024-03-05T05:22:11Z[Asia/Seoul]", "Asia/Seoul"),
        ("2024-03-05t05:22:11z[!Asia/Seoul]", "Asia/Seoul"),
        ("2024-03-05T06:22:11+01:00[Europe/Paris][u-ca=hebrew]", "Europe/Paris"),
        ("2024-03-05T06:22:11+01:00[Europe/Paris][!u-ca=islamic-civil]", "Europe/Paris"),
        ("2024-03-05T14:22:11+09:00[u-ca=japanese]", "+09:00"),
        ("2024-03-05T14:22:11+09:00[_note=x][knort=blargel]", "+09:00"),
        ("2024-03-05T14:22:11+09:00[Mars/Olympus]", "+09:00"),
        ("2024-03-05T14:22:11+09:00[Europe/Paris]", "+09:00"),
        ("2024-03-05T02:22:11.123456789-03:00[America/Argentina/Buenos_Aires][u-ca=gregory]", "America/Argentina/Buenos_Aires"),
    ],
)  # fmt: skip
def test_the_suffix_of_rfc_9557_names_a_zone(raw: str, zone: str) -> None:
    moment = read_date(raw, Zone("America/New_York", "assumed"), None)
    assert moment is not None
    assert (moment.raw, moment.at, moment.zone, moment.zone_basis) == (raw, AT, zone, "stated")


@pytest.mark.parametrize(
    "raw",
    [
        "2024-03-05T14:22:11+09:00[!Europe/Paris]",
        "2024-03-05T14:22:11+09:00[!Mars/Olympus]",
        "2024-03-05T14:22:11+09:00[Asia/Seoul][!knort=blargel]",
        "2024-03-05T14:22:11+09:00[Asia/Seoul][!u-ca=martian]",
        "2024-03-05T14:22:11+09:00[!_note=x]",
        "2024-03-05T14:22:11[Mars/Olympus]",
        "2024-03-05T14:22:11+09:00[../../etc/passwd][",
        "2024-03-05[Asia/Seoul]",
        "[Asia/Seoul]",
    ],
)
def test_what_a_suffix_forbids_to_pass_over_is_no_date(raw: str) -> None:
    assert read_date(raw, SEOUL, None) is None


@pytest.mark.parametrize(
    "tags", ["[Asia/Seoul]", "[!Asia/Seoul][u-ca=gregory][_source=a-long-remark-of-a-program]"]
)
def test_a_post_is_dated_by_its_suffixed_date(tags: str) -> None:
    time = (
        f'<time class="entry-date published" datetime="2024-03-05T14:22:11+09:00{tags}">2024년 3월 5일</time>'
    )
    published = read(Odd(time=time)).post.published
    assert published is not None
    assert (published.at, published.zone) == (AT, "Asia/Seoul")


@pytest.mark.parametrize(
    ("word", "hours"),
    [("UT", 0), ("GMT", 0), ("UTC", 0), ("EST", 5), ("EDT", 4), ("CST", 6), ("CDT", 5), ("MST", 7), ("MDT", 6), ("PST", 8), ("PDT", 7), ("pst", 8)],
)  # fmt: skip
def test_a_zone_word_that_rfc_5322_defines_is_an_offset(word: str, hours: int) -> None:
    moment = read_date(f"Tue, 05 Mar 2024 14:22:11 {word}", SEOUL, None)
    assert moment is not None
    assert (moment.at, moment.zone_basis) == (LOCAL + timedelta(hours=hours), "stated")


@pytest.mark.parametrize("word", ["KST", "JST", "CET", "CEST", "BST", "IST", "J", "XYZ", "NZDT"])
@pytest.mark.parametrize(
    "form", ["Tue, 05 Mar 2024 14:22:11 {}", "2024-03-05 14:22:11 {}", "March 5, 2024, 14:22:11 {}"]
)
def test_a_zone_word_that_nobody_defines_is_no_offset_of_zero(form: str, word: str) -> None:
    moment = read_date(form.format(word), SEOUL, None)
    if word == "J" and not form.startswith("Tue"):
        assert moment is None
        return
    assert moment is not None
    assert (moment.at, moment.zone, moment.zone_basis) == (AT, "Asia/Seoul", "assumed")


@pytest.mark.parametrize("letter", ["A", "K", "M", "N", "Y", "k"])
def test_a_single_letter_says_nothing_of_a_zone(letter: str) -> None:
    moment = read_date(f"05 Mar 2024 14:22:11 {letter}", SEOUL, None)
    assert moment is not None
    assert (moment.at, moment.zone, moment.zone_basis) == (LOCAL, "UTC", "assumed")


@pytest.mark.parametrize(
    "raw",
    [
        "Tue, 05 Mar 2024 14:22:11 +0900 (KST)",
        "2024-03-05 14:22:11 GMT+0900",
        "2024-03-05 14:22:11 UTC+09:00",
    ],
)
def test_an_offset_counts_whatever_words_stand_beside_it(raw: str) -> None:
    moment = read_date(raw, Zone("UTC", "assumed"), None)
    assert moment is not None
    assert (moment.at, moment.zone, moment.zone_basis) == (AT, "+09:00", "stated")


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - in UTC
    st.sampled_from(["Asia/Seoul", "America/New_York", "Europe/Paris", "Asia/Kolkata", "UTC"]),
    st.sampled_from(["", "!"]),
)
def test_a_suffixed_date_round_trips(at: datetime, name: str, critical: str) -> None:
    at = at.replace(microsecond=0)
    moment = read_date(f"{at.astimezone(ZoneInfo(name)).isoformat()}[{critical}{name}]", SEOUL, None)
    assert moment is not None
    assert (moment.at, moment.zone) == (at, name)


@given(st.text(st.sampled_from("2024-03T:5+[]!/=Asia u"), max_size=80))
def test_nothing_in_a_suffix_raises(text: str) -> None:
    read_date(f"2024-03-05T14:22:11+09:00{text}", SEOUL, None)


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("2024-03-05T24:00:00+09:00", "2024-03-05T15:00:00+00:00"),
        ("2024-12-31T24:00Z", "2025-01-01T00:00:00+00:00"),
        ("2024-12-31T23:59:60Z", "2025-01-01T00:00:00+00:00"),
        ("Tue, 31 Dec 2024 23:59:60 GMT", "2025-01-01T00:00:00+00:00"),
        ("Tue, 5 Mar 24 14:22:11 +0900 (KST)", "2024-03-05T05:22:11+00:00"),
        ("5 Mar 24 14:22 +0900", "2024-03-05T05:22:00+00:00"),
    ],
)
def test_the_end_of_a_day_a_leap_second_and_a_year_of_two_digits_are_read(raw: str, at: str) -> None:
    moment = read_date(raw, SEOUL, None)
    assert moment is not None
    assert moment.at == datetime.fromisoformat(at)


@pytest.mark.parametrize(
    "raw", ["2024-03-05T24:00:01Z", "2024-03-05T24:01Z", "2024-03-05T25:00Z", "2024-03-05T10:60Z", "2024-03-05T10:00:61Z"]
)  # fmt: skip
def test_a_time_that_no_day_has_is_no_date(raw: str) -> None:
    assert read_date(raw, SEOUL, None) is None
