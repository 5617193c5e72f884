import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model.record import Count
from scraper.page.counts import parse_count, parse_number


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("0", 0),
        ("14,757", 14757),
        ("1.2만", 12000),
        ("3만", 30000),
        ("2.5천", 2500),
        ("1.2k", 1200),
        ("1.2K", 1200),
        ("1억", 100_000_000),
        ("1만 2천", 12000),
        ("1억 2,000만", 120_000_000),
        ("3M", 3_000_000),
        ("14개", 14),
        ("272회", 272),
        ("１２", 12),
    ],
)
def test_each_form_of_a_number_is_read(raw: str, value: int) -> None:
    assert parse_number(raw) == value


@pytest.mark.parametrize(
    "raw", ["", "만", "1.5", "1,2", "12 13", "1,2345", "-3", "1만 2만", "천 3", "9" * 19, "3시간"]
)
def test_what_is_no_whole_number_is_no_count(raw: str) -> None:
    assert parse_number(raw) is None


@given(st.integers(0, 2**63 - 1))
def test_digits_and_grouped_digits_round_trip(value: int) -> None:
    assert parse_number(str(value)) == value
    assert parse_number(f"{value:,}") == value


@given(
    st.integers(1, 99_999),
    st.sampled_from([("천", 100), ("만", 1000), ("억", 10**7), ("k", 100), ("M", 10**5)]),
)
def test_one_decimal_before_a_unit_is_a_tenth_of_it(tenths: int, unit: tuple[str, int]) -> None:
    name, tenth = unit
    assert parse_number(f"{tenths // 10}.{tenths % 10}{name}") == tenths * tenth


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    value = parse_number(text)
    assert value is None or 0 <= value < 2**63


def test_a_count_keeps_its_raw_form() -> None:
    assert parse_count("views", " 1.2만 ") == Count("views", 12000, "1.2만")
    assert parse_count("views", 7) == Count("views", 7, "7")
    assert parse_count("views", None) is None
