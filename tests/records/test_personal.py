"""Personal details: what is replaced, and what must stay."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.records.personal import _DETAILS, _Detail, scrub
from scraper.settings import SCRUB_KINDS, ScrubKind


@pytest.mark.parametrize(
    "text",
    [
        "hong.gil-dong+1@example.co.kr",
        "a_b@example.com",
        "a%40example.com",
        "hong (at) example.com",
        "hong[골뱅이]example.com",
    ],
)
def test_an_email_address_is_replaced_and_the_korean_particle_after_it_stays(text: str) -> None:
    assert scrub(f"문의는 {text}으로.", SCRUB_KINDS) == ("문의는 ⟨email⟩으로.", Counter({"email": 1}))


@pytest.mark.parametrize(
    "text",
    [
        "010-1234-5678",
        "01012345678",
        "010 1234 5678",
        "010.1234.5678",
        "(010) 1234-5678",
        "016-123-4567",
        "02-123-4567",
        "02)1234-5678",
        "(02) 1234-5678",
        "031-123-4567",
        "070-1234-5678",
        "0507-1234-5678",
        "080-123-4567",
        "+82 10-1234-5678",
        "+82-10-1234-5678",
        "+821012345678",
        "+82(0)10-1234-5678",
        "0082-2-123-4567",
        "+1 (415) 555-2671",
        "+1-415-555-2671",
        "+14155552671",
        "+44 20 7946 0958",
        "+33 6 12 34 56 78",
    ],
)
def test_a_telephone_number_is_replaced(text: str) -> None:
    assert scrub(f"전화 {text}입니다", SCRUB_KINDS) == ("전화 ⟨phone⟩입니다", Counter({"phone": 1}))


@pytest.mark.parametrize("text", ["900101-1234567", "000229-3123456", "751231 - 2******", "210531-4●●●●●●"])
def test_a_resident_registration_number_is_replaced_whatever_its_checksum(text: str) -> None:
    assert scrub(f"주민번호 {text}.", SCRUB_KINDS) == ("주민번호 ⟨id-number⟩.", Counter({"id-number": 1}))


@pytest.mark.parametrize(
    "text",
    [
        "조회 14,757",
        "1.2만",
        "₩1,000,000",
        "010,000원",
        "2022-10-16",
        "2022. 10. 16. 5:44",
        "2022-10-16T05:44:00+09:00",
        "2019 2020 2021 2022",
        "2020-2021",
        "12:30-13:30",
        "3.11.7",
        "10.0.19041.1234",
        "192.168.100.1",
        "1234-5678",
        "20221016-1234567",
        "901301-1234567",
        "900230-1234567",
        "900101-9234567",
        "978-89-01-12345-6",
        "979-11-5839-123-4",
        "9788901123456",
        "1588-1234",
        "110-123-456789",
        "+14,757",
        "UTC+9 2022-1016",
        "D+1 2022-10-16",
        "+1 2022-10-16 100",
        "pkg@1.2.3",
        "icon@2x.png",
        "@hong",
        "a3f01012345678ff",
        "3 + 4155552671",
    ],
)
def test_what_only_looks_alike_stays(text: str) -> None:
    assert scrub(text, SCRUB_KINDS) == (text, Counter())


def test_neighbours_are_all_counted() -> None:
    text = "010-1234-5678,010-2222-3333 a@b.kr/c@d.kr 900101-1234567"
    cleaned, redactions = scrub(text, SCRUB_KINDS)
    assert cleaned == "⟨phone⟩,⟨phone⟩ ⟨email⟩/⟨email⟩ ⟨id-number⟩"
    assert redactions == {"phone": 2, "email": 2, "id-number": 1}


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [((), "a@b.kr 010-1234-5678"), (("phone",), "a@b.kr ⟨phone⟩"), (("email",), "⟨email⟩ 010-1234-5678")],
)
def test_only_the_kinds_that_are_asked_for_are_replaced(kinds: tuple[ScrubKind, ...], expected: str) -> None:
    assert scrub("a@b.kr 010-1234-5678", kinds)[0] == expected


PIECES = st.sampled_from(
    [
        "010",
        "-",
        "1234",
        "5678",
        " ",
        ".",
        ",",
        "+82",
        "+1",
        "(",
        ")",
        "02",
        "a",
        "@",
        "b.kr",
        "%40",
        "900101",
        "1",
        "⟨",
        "⟩",
        "가",
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join) | st.text(), st.sets(st.sampled_from(SCRUB_KINDS)))
def test_scrubbing_twice_changes_nothing_more(text: str, kinds: set[ScrubKind]) -> None:
    once, _ = scrub(text, kinds)
    assert scrub(once, kinds) == (once, Counter())


DIGITS = st.from_regex(r"\+?\(?[0-9１]{1,6}\)?[-‐. (]?", fullmatch=True)


@pytest.mark.parametrize("detail", _DETAILS, ids=lambda detail: detail.kind)
@given(
    text=st.lists(PIECES | DIGITS | st.sampled_from(["(at)", "[AT]", "example.com", "＠", "82"]), max_size=12)
    .map("".join)
    .filter(bool)
)
def test_no_detail_is_without_the_sign_of_its_kind(detail: _Detail, text: str) -> None:
    if any(detail.is_one(match) for match in detail.pattern.finditer(text)):
        assert detail.sign.search(text)


DATES = st.builds(
    lambda at, form: at.strftime(form),
    st.datetimes(),
    st.sampled_from(
        ["%Y-%m-%d", "%Y.%m.%d", "%Y. %m. %d. %H:%M", "%Y년 %m월 %d일", "%Y-%m-%dT%H:%M:%S+09:00", "%y%m%d"]
    ),
)
NUMBERS = st.integers(min_value=0, max_value=10**15).map("{:,}".format)
VERSIONS = st.lists(st.integers(0, 99), min_size=2, max_size=4).map(lambda parts: ".".join(map(str, parts)))


@given(st.lists(DATES | NUMBERS | VERSIONS, min_size=1, max_size=4).map(", ".join))
def test_dates_counts_prices_and_versions_stay(text: str) -> None:
    assert scrub(text, SCRUB_KINDS) == (text, Counter())


@pytest.mark.parametrize("piece", ["a.", "a", "1", "+1 ", "1-", "010-", "a@a.", "(", "900101-"])
def test_a_long_hostile_text_is_scrubbed_in_linear_steps(piece: str) -> None:
    text = piece * 20_000
    assert len(scrub(text, SCRUB_KINDS)[0]) <= len(text) + len("⟨id-number⟩")
