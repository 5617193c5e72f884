"""What a page may cost: dates without end are read up to a bound."""

from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.discussion.thread.elements import read_elements
from scraper.discussion.thread.marks import MOST_DATES, find_dates

_DATES = (
    "2024-03-{day:02d} 12:{minute:02d}",
    "{day} March 2024, {minute} minutes",
    "{minute}분 전",
    "3/{day}/2024",
)
_ATTRIBUTES = (
    'datetime="2024-03-{day:02d}T12:{minute:02d}:00Z"',
    'title="{day} May 2024"',
    'data-time="17100000{minute:02d}"',
)


def page_of(count: int, written: str, attribute: str) -> str:
    rows = (
        f"<p {attribute.format(day=at % 28 + 1, minute=at % 60)}>{written.format(day=at % 28 + 1, minute=at % 60)} {at}</p>"
        for at in range(count)
    )
    return f"<body><h1>A page of dates</h1>{''.join(rows)}</body>"


@settings(max_examples=4, deadline=None)
@given(
    st.sampled_from((100, MOST_DATES, MOST_DATES + 500)),
    st.sampled_from(_DATES),
    st.sampled_from(_ATTRIBUTES),
)
def test_no_page_has_more_dates_than_the_bound(count: int, written: str, attribute: str) -> None:
    body = LexborHTMLParser(page_of(count, written, attribute)).body
    assert body is not None
    dates = find_dates(read_elements(body))
    assert min(count, MOST_DATES) <= len(dates) <= 2 * MOST_DATES
