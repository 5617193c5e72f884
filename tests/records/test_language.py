"""The language of a text, where its script decides it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.records.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("겨울 산책에서 배운 것", "ko"),
        ("React와 TypeScript로 만든 앱을 배포했습니다", "ko"),
        ("ㅋㅋㅋㅋ", "ko"),
        ("今日はとても寒いです", "ja"),
        ("カタカナ", "ja"),
        ("Only Latin words here", None),
        ("人工知能", None),
        ("Всё хорошо", None),
        ("This library, 이름 hanbit, is written in Rust for servers", None),
        ("한국어 문장 하나 日本語のぶんしょうもひとつ", None),
        ("123 🎉🎉", None),
        ("가", None),
        ("", None),
        (None, None),
        ("https://example.org/한국어/주소/입니다 see there", None),
        ("```\n# 한국어 주석입니다\nx = 1\n```\nThe code above", None),
        ("`변수이름` is a name", None),
        ("⟨email⟩ ⟨phone⟩ 주세요", "ko"),
    ],
)
def test_the_script_decides_or_nobody(text: str | None, language: str | None) -> None:
    assert language_of(text) == language


@given(
    st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=2),
    st.text("🎉👍 1,.!"),
)
def test_emoji_and_numbers_do_not_count(hangul: str, rest: str) -> None:
    assert language_of(rest + hangul + rest) == "ko"
