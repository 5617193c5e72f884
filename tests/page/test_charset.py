import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.page import encodings
from scraper.page.charset import decode

HANGUL = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1)


@pytest.mark.parametrize(
    ("body", "content_type", "encoding", "rule"),
    [
        (b"\xef\xbb\xbf" + "펲".encode(), "text/html; charset=euc-kr", "utf-8", "bom"),
        ("똠방각하".encode("cp949"), "text/html; charset=EUC-KR", "cp949", "header"),
        (b"<meta charset='ks_c_5601-1987'>" + "뷁".encode("cp949"), "text/html", "cp949", "meta"),
        ("커리어리의 글".encode(), "text/html; charset=euc-kr", "utf-8", "utf-8"),
        ("커리어리의 글".encode(), None, "utf-8", "utf-8"),
        ("글을 읽고 씁니다".encode("cp949"), None, "cp949", "detector"),
        ("글".encode("cp949"), "text/html; charset=nonsense", "cp949", "detector"),
    ],
)
def test_the_first_rule_that_holds_decides(
    body: bytes, content_type: str | None, encoding: str, rule: str
) -> None:
    decoded = decode(body, content_type)
    assert (decoded.encoding, decoded.rule) == (encoding, rule)


def test_one_bad_byte_does_not_change_the_charset() -> None:
    decoded = decode("글을 읽고".encode("cp949") + b"\xff", "text/html; charset=euc-kr")
    assert decoded.encoding == "cp949"
    assert decoded.text.startswith("글을 읽고")


@given(HANGUL)
def test_labelled_korean_round_trips(text: str) -> None:
    assert decode(text.encode("cp949"), "text/html; charset=euc-kr").text == text


@given(
    st.binary(max_size=300),
    st.sampled_from([None, "text/html; charset=euc-kr", "text/plain; charset=utf-16"]),
)
def test_any_bytes_become_text_that_a_row_can_hold(body: bytes, content_type: str | None) -> None:
    text = decode(body, content_type).text
    assert "\x00" not in text
    text.encode()


@given(st.binary(max_size=200))
def test_what_means_nothing_in_utf8_is_mended_alike_by_python_and_by_the_rules_of_the_other_encodings(
    body: bytes,
) -> None:
    assert encodings.decode_as("utf-8", body) == body.decode("utf-8", encodings.ERRORS)


@pytest.mark.parametrize("before", [0, 1])
@pytest.mark.parametrize("beyond", range(-2, 4))
def test_korean_without_a_label_is_told_by_its_beginning_wherever_that_is_cut(
    before: int, beyond: int
) -> None:
    text = "a" * before + "\uac00" * (65_536 + beyond)
    decoded = decode(text.encode("cp949"))
    assert (decoded.text, decoded.encoding) == (text, "cp949")
