"""Terms by which the reader's search finds a text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.viewer.search_terms import TERM_LENGTH, folded, terms_of
from tests import search_classes


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("댓글을", {"댓글", "글을", "을"}),
        ("밥", {"밥"}),
        ("API를 배포했다", {"api", "를", "배포", "포했", "했다", "다"}),
        ("Café, CAFE\u0301 & ｃａｆｅ", {"cafe"}),
        ("Straße STRASSE", {"strasse"}),
        ("ΟΔΟΣ οδος", {"οδοσ"}),
        ("東京都 ﾃﾞｰﾀ", {"東京", "京都", "都", "デー", "ータ", "タ"}),
        ("ㅋㅋㅋ", {"ᄏᄏ", "ᄏ"}),
        ("snake_case 3.11 C++", {"snake", "case", "3", "11", "c"}),
        ("co\u00adop\u200berate", {"cooperate"}),
        ("Z̸̢̛͓a̴l̵g̶o̷", {"zalgo"}),
        ("\u202eabc\u202c <b>!", {"abc", "b"}),
        ("", set()),
        (" \n…!?🙂", set()),
    ],
)
def test_a_text_is_found_by_its_terms(text: str, terms: set[str]) -> None:
    assert terms_of(text) == terms


def test_a_word_without_end_is_one_short_term() -> None:
    assert terms_of("a" * 1_000_000) == {"a" * TERM_LENGTH}


@given(st.text())
def test_terms_hold_nothing_that_the_files_of_the_index_part_them_by(text: str) -> None:
    for term in terms_of(text):
        assert term
        assert not set(term) & set(' "\\\n')
        assert len(term) <= TERM_LENGTH


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_is_found_however_it_is_typed(text: str) -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert terms_of(unicodedata.normalize(form, folded(text))) == terms_of(text)


@given(st.text("가나다라마바사아자차 ", min_size=1), st.data())
def test_every_piece_of_korean_is_found(text: str, data: st.DataObject) -> None:
    words = text.split()
    if not words:
        return
    word = data.draw(st.sampled_from(words))
    start = data.draw(st.integers(0, len(word) - 1))
    piece = word[start : data.draw(st.integers(start + 1, len(word)))]
    terms = terms_of(text)
    if len(piece) == 1:
        assert any(term.startswith(piece) for term in terms)
    else:
        assert {piece[at : at + 2] for at in range(len(piece) - 1)} <= terms


@pytest.mark.thorough
def test_the_classes_are_those_of_unicode() -> None:
    written = search_classes.ASSET.read_text(encoding="ascii")
    if f'"{unicodedata.unidata_version}"' not in written:
        pytest.skip("written from other Unicode tables than this Python has")
    assert written == search_classes.asset_text()
