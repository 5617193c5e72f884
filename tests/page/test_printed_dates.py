"""Dates as discussions print them, in every language that is known."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model.record import Precision
from scraper.page.dates import DayOrder, Zone, day_order, is_date, read_date, search_dates
from scraper.page.dates.language import Language
from scraper.page.dates.lexicon import LANGUAGES, WORDS

ZONE: Final = Zone("UTC", "assumed")
# A Wednesday.
CAPTURED: Final = datetime(2025, 7, 2, 12, 0, tzinfo=UTC)

moments = st.datetimes(datetime(1990, 1, 1), datetime(2069, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001 - in UTC
    lambda at: at.replace(second=0, microsecond=0)
)
with_months = st.sampled_from([language for language in LANGUAGES if language.months])
any_language = st.sampled_from(LANGUAGES)


def words(text: str) -> list[list[str]]:
    """The alternatives of each value of a row of words."""
    return [[word for word in group.split(",") if word] for group in text.split("|")]


def read(raw: str, order: DayOrder | None = None) -> tuple[datetime | None, Precision | None]:
    moment = read_date(raw, ZONE, CAPTURED, order)
    assert moment is not None, raw
    return moment.at, moment.precision


def is_found(raw: str) -> bool:
    """Whether the search finds a date, and no more, in the middle of a byline and alone."""
    inside = f"Minji | {raw} | #4"
    spans = search_dates(inside)
    assert all(inside[span.start : span.end] == span.raw for span in spans)
    return [span.raw for span in spans] == [raw] and [span.raw for span in search_dates(raw)] == [raw]


@given(with_months, moments, st.data())
def test_a_date_with_the_name_of_its_month_round_trips(
    language: Language, at: datetime, data: st.DataObject
) -> None:
    month = data.draw(st.sampled_from(words(language.months)[at.month - 1]))
    joiner = data.draw(
        st.sampled_from(["", ",", " -", *(f" {word}" for word in language.at.split(",") if word)])
    )
    of = data.draw(st.sampled_from(["", *(f"{word} " for word in language.of.split(",") if word)]))
    form = data.draw(
        st.sampled_from(
            [
                "{at.day} {of}{month} {of}{at.year}",
                "{at.day:02} {month} {at.year}",
                "{at.day}. {month} {at.year}",
                "{at.day} {month}, {at.year}",
                "{month} {at.day}, {at.year}",
                "{at.year} {month} {at.day}",
            ]
        )
    )
    raw = form.format(at=at, month=month.capitalize(), of=of)
    assert read(raw) == (at.replace(hour=0, minute=0), "day")
    assert is_found(raw)
    timed = f"{raw}{joiner} {at.hour:02}:{at.minute:02}"
    assert read(timed) == (at, "minute")
    assert is_found(timed)


@given(
    moments,
    st.sampled_from(["am", "AM", "a.m.", " a.m.", " AM"]),
    st.sampled_from(["st", "nd", "rd", "th", ""]),
)
def test_american_dates_round_trip(at: datetime, half: str, ordinal: str) -> None:
    half = half if at.hour < 12 else half.replace("a", "p").replace("A", "P")
    for form in (
        "%B {day}, %Y at {clock}",
        "%b {day} '%y at {clock}",
        "%a, %b {day} %Y {clock}",
        "%a %b {day}, %Y {clock}",
    ):
        raw = at.strftime(form).format(
            day=f"{at.day}{ordinal}", clock=f"{at.hour % 12 or 12}:{at.minute:02}{half}"
        )
        assert read(raw) == (at, "minute")
        assert is_found(raw)


@given(moments, st.sampled_from(["./-", "年月日", "년월일"]))
def test_dates_that_begin_with_the_year_round_trip(at: datetime, signs: str) -> None:
    raws = [f"{at.year}{sign}{at.month}{sign}{at.day}" for sign in signs]
    if "/" not in signs:
        raws = [f"{at.year}{signs[0]}{at.month}{signs[1]}{at.day}{signs[2]}"]
    for raw in raws:
        timed = f"{raw} {at.hour:02}:{at.minute:02}"
        assert read(timed) == (at, "minute")
        assert is_found(raw)
        assert is_found(timed)


def units(language: Language) -> list[tuple[str, timedelta, Precision]]:
    lengths = (timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))
    precisions: tuple[Precision, ...] = ("second", "minute", "hour", "day")
    rows = zip(words(language.units), lengths, precisions, strict=False)
    return [(word, length, precision) for row, length, precision in rows for word in row]


@given(any_language, st.integers(2, 99), st.data())
def test_so_many_units_ago_round_trip(language: Language, number: int, data: st.DataObject) -> None:
    unit, length, precision = data.draw(st.sampled_from(units(language)))
    raws = [f"{number} {unit} {word}" for word in language.ago_after.split(",") if word]
    raws += [f"{word} {number} {unit}" for word in language.ago_before.split(",") if word]
    if not unit.isascii() and language.code in {"ja", "ko", "zh"}:
        raws += [raw.replace(" ", "") for raw in raws]
    for raw in raws:
        assert read(raw) == (CAPTURED - number * length, precision)
        assert is_found(raw)


@given(any_language, st.integers(0, 23), st.integers(0, 59), st.data())
def test_a_day_named_from_today_and_a_weekday_round_trip(
    language: Language, hour: int, minute: int, data: st.DataObject
) -> None:
    joiner = data.draw(st.sampled_from(["", ",", *(f" {word}" for word in language.at.split(",") if word)]))
    clock = f"{joiner} {hour:02}:{minute:02}"
    for back, group in enumerate(words(language.days)):
        raw = f"{data.draw(st.sampled_from(group)).capitalize()}{clock}"
        expected = CAPTURED.replace(hour=hour, minute=minute) - timedelta(days=back)
        assert read(raw) == (expected, "minute")
        assert is_found(raw)
    weekdays = words(language.weekdays)
    raw = f"{weekdays[CAPTURED.weekday() - 1][-1].capitalize()}{clock}"
    if len(weekdays[CAPTURED.weekday() - 1][-1]) > 1:
        assert read(raw)[0] == CAPTURED.replace(hour=hour, minute=minute) - timedelta(days=1)


@given(any_language)
def test_words_for_now_and_for_days_are_read_alone(language: Language) -> None:
    for group in words(language.now):
        for word in group:
            assert read(word) == (CAPTURED, "minute")
    for back, group in enumerate(words(language.days)):
        for word in group:
            if "homograph" not in WORDS[word]:
                assert read(word) == (CAPTURED - timedelta(days=back), "day")


def test_a_word_means_one_month_unit_and_day_in_all_languages() -> None:
    for role in ("months", "units", "days", "lone"):
        meanings: dict[str, set[int]] = {}
        for language in LANGUAGES:
            for value, group in enumerate(words(getattr(language, role))):
                for word in group:
                    meanings.setdefault(word, set()).add(value)
        assert not {word: values for word, values in meanings.items() if len(values) > 1}, role


def test_every_language_has_twelve_months_seven_days_and_units() -> None:
    for language in LANGUAGES:
        assert len(words(language.months)) in ({12} if language.months else {1})
        assert len(words(language.weekdays)) == len(words(language.units)) == 7
        assert set(language.now.split(",")) <= WORDS.keys()


@pytest.mark.parametrize(
    ("raw", "at", "precision"),
    [
        ("21. Juni 2019 um 14:07 Uhr", "2019-06-21 14:07", "minute"),
        ("le 3 mars 2014 à 10 h 22", "2014-03-03 10:22", "minute"),
        ("den 5 mars 2014 kl. 10.22", "2014-03-05 10:22", "minute"),
        ("14:07, 21. Juni 2019", "2019-06-21 14:07", "minute"),
        ("10:22, 5 March 2014 (UTC)", "2014-03-05 10:22", "minute"),
        ("5 марта 2014 г. в 10:22", "2014-03-05 10:22", "minute"),
        ("2014年3月5日 下午 3:20", "2014-03-05 15:20", "minute"),
        ("2014/03/05(水) 10:22:11", "2014-03-05 10:22:11", "second"),
        ("2014-03-05 Wed 10:22", "2014-03-05 10:22", "minute"),
        ("Tue Mar  5 10:22:11 UTC 2014", "2014-03-05 10:22:11", "second"),
        ("Dec 25, 2011 at 09:15 PM EST", "2011-12-26 02:15", "minute"),
        ("Mar 5, 2014 10:22 PM GMT+2", "2014-03-05 20:22", "minute"),
        ("05.03.2014, 10:22", "2014-03-05 10:22", "minute"),
        ("03 يونيو 2020م", "2020-06-03", "day"),
        ("5 במרץ 2014 בשעה 10:22", "2014-03-05 10:22", "minute"),
        ("Mar '12", "2012-03-01", "month"),
        ("March 2012", "2012-03-01", "month"),
        ("March 3", "2025-03-03", "day"),
        ("Aug 3 at 4:05", "2024-08-03 04:05", "minute"),
        # The last third of March that was a Sunday.
        ("Sun, Mar 3", "2024-03-03", "day"),
        ("Saturday at 5:12 PM", "2025-06-28 17:12", "minute"),
        ("Wednesday at 5:12 PM", "2025-06-25 17:12", "minute"),
        ("1 year, 2 months ago", "2024-05-02 12:00", "month"),
        ("an hour ago", "2025-07-02 11:00", "hour"),
        ("il y a une heure", "2025-07-02 11:00", "hour"),
        ("vor einem Tag", "2025-07-01 12:00", "day"),
        ("час назад", "2025-07-02 11:00", "hour"),
        ("5h", "2025-07-02 07:00", "hour"),
        ("2mo", "2025-05-02 12:00", "month"),
        ("a few minutes ago", "2025-07-02 12:00", "hour"),
        ("몇 시간 전", "2025-07-02 12:00", "day"),
    ],
)
def test_forms_of_their_own(raw: str, at: str, precision: str) -> None:
    assert read(raw) == (datetime.fromisoformat(at).replace(tzinfo=UTC), precision)
    assert read_date(raw, ZONE, None) is not None


@given(moments.filter(lambda at: at < CAPTURED), st.sampled_from("/-"))
def test_a_date_of_unknown_order_is_read_by_its_evidence_and_never_wrongly(at: datetime, sign: str) -> None:
    day, month = at.replace(hour=0, minute=0), f"{at.month}{sign}{at.day}{sign}{at.year}"
    assert read(month, DayOrder.MONTH) == (day, "day")
    assert read(f"{at.day:02}{sign}{at.month:02}{sign}{at.year}", DayOrder.DAY) == (day, "day")
    moment, precision = read(month)
    assert moment is not None
    assert (moment == day) if precision == "day" else (precision == "year" and moment.year == at.year)
    if at.day > 12:
        assert precision == "day"


def test_a_short_year_is_placed_by_a_known_order_alone() -> None:
    assert read("05/03/14 10:22") == (None, "minute")
    assert read("05/03/14 10:22", DayOrder.DAY)[0] == datetime(2014, 3, 5, 10, 22, tzinfo=UTC)
    assert read("05/03/14 10:22", DayOrder.MONTH)[0] == datetime(2014, 5, 3, 10, 22, tzinfo=UTC)
    assert read("24.03.05", DayOrder.YEAR)[0] == datetime(2024, 3, 5, tzinfo=UTC)
    assert not is_date("24.03.05")


def test_a_day_in_digits_without_a_year_is_placed_by_a_known_order() -> None:
    assert read("03-05 10:22") == (None, "minute")
    assert read("03-25 10:22")[0] == datetime(2025, 3, 25, 10, 22, tzinfo=UTC)
    assert read("03-05 10:22", DayOrder.YEAR)[0] == datetime(2025, 3, 5, 10, 22, tzinfo=UTC)
    assert read("03.05. 10:22", DayOrder.DAY)[0] == datetime(2025, 5, 3, 10, 22, tzinfo=UTC)
    assert is_found("03-05 10:22")
    assert not is_date("03-05")
    assert not is_date("33-05 10:22")


@pytest.mark.parametrize(
    ("raws", "language", "order"),
    [
        (["3/5/2014 10:22", "3/15/2014"], None, DayOrder.MONTH),
        (["By X on 15-3-2014", "3-5-2014"], None, DayOrder.DAY),
        (["3/15/2014", "15/3/2014"], "de", None),
        (["3/5/2014"], None, None),
        (["3/5/2014"], "en", None),
        (["3/5/2014"], "en-US", DayOrder.MONTH),
        (["3/5/2014"], "en-GB", DayOrder.DAY),
        (["3/5/2014"], "fr", DayOrder.DAY),
        (["3/5/2014"], "ko", None),
        (["3/15/2014"], "fr", DayOrder.MONTH),
        (["24.03.05 10:22"], "ko-KR", DayOrder.YEAR),
        (["45.03.05 10:22"], None, DayOrder.YEAR),
        ([], "nb", DayOrder.DAY),
        ([], None, None),
        (["99/99/2014"], None, None),
    ],
)
def test_the_order_of_a_page_is_decided_by_all_its_dates(
    raws: list[str], language: str | None, order: DayOrder | None
) -> None:
    assert day_order(raws, language) is order


@given(st.lists(st.dates(date(1990, 1, 1), date(2030, 1, 1)), min_size=1), st.booleans())
def test_an_order_that_evidence_decides_is_that_of_the_printer(days: list[date], day_first: bool) -> None:
    form = "{0.day}/{0.month}/{0.year}" if day_first else "{0.month}/{0.day}/{0.year}"
    order = day_order([form.format(day) for day in days], None)
    expected = DayOrder.DAY if day_first else DayOrder.MONTH
    assert order is (expected if any(day.day > 12 for day in days) else None)
