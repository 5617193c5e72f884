"""The row on the card: real, short, the same in any order, and text whatever stands in it."""

import dataclasses
import json
import random
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from scraper.dataset.card import ConfigCard, dataset_card
from scraper.dataset.figures import Tally
from scraper.dataset.sample import sample
from tests.dataset.rows import CARD, CONTRACT, Row, post

COLUMNS = CONTRACT.columns("posts")
HOSTILE = "```\n</code></pre><script>alert(1)</script>\n| a | b |\n|---|---|\n---\nlicense: mit\n---\n<!-- -->\u202e\u0007&lt;"


def _shown(row: Row) -> dict[str, Any]:
    block = re.fullmatch(r"[^\n]+:\n\n```json\n(.*)\n```", sample(row, COLUMNS), re.DOTALL)
    assert block
    shown: dict[str, Any] = json.loads(block[1])
    return shown


def test_it_is_a_real_row_without_the_columns_that_are_null() -> None:
    row = post("a:1")
    shown = _shown(row)
    assert shown == {name: row[name] for name in shown}
    assert {column.name for column in COLUMNS} - shown.keys() == {
        name for name, value in row.items() if value in (None, [])
    }


def test_long_texts_and_lists_are_cut() -> None:
    shown = _shown(post("a:1", text="가" * 5000, images=[f"https://example.org/{n}.png" for n in range(99)]))
    assert shown["text"] == "가" * 160 + "…"
    assert len(shown["images"]) == 3
    assert len(sample(post("a:1", text="`" * 100_000), COLUMNS)) < 10_000


@given(st.text())
def test_whatever_a_post_says_stays_in_its_block(text: str) -> None:
    text = text or "글"
    tokens = MarkdownIt().parse(sample(post("a:1", text=text + HOSTILE, title=HOSTILE), COLUMNS))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close", "fence"]
    assert not set("<>&\u202e\u0007") & set(tokens[-1].content)
    assert json.loads(tokens[-1].content)["title"] == HOSTILE


def _sampled(rows: list[Row]) -> Any:
    tally = Tally()
    for row in rows:
        tally.see("posts", row)
    chosen = tally.figures().sample
    return chosen and chosen["post_id"]


def test_the_same_row_is_chosen_in_any_order_one_shown_whole_and_with_comments_first() -> None:
    whole: dict[str, Any] = {"access": "full", "access_evidence": []}
    rows = [
        post("a:0", access="unknown"),
        post("a:3", **whole),
        post("a:2", **whole),
        post("a:1", **whole, comments_declared=0, comments_captured=0),
    ]
    for seed in range(10):
        random.Random(seed).shuffle(rows)
        assert _sampled(rows) == "a:2"
    assert _sampled([]) is None


def _card(rows: list[Row], **changes: Any) -> str:
    tally = Tally()
    for row in rows:
        tally.see("posts", row)
    configs = [ConfigCard("posts", "The posts.", COLUMNS, (), "sha256:posts")]
    return dataset_card(dataclasses.replace(CARD, **changes), CONTRACT.version, configs, tally.figures())


def test_the_card_of_a_gated_dataset_shows_none_of_its_rows() -> None:
    rows = [post("a:1", text="문을 연 사람만 읽는 글")]
    assert "문을 연 사람만" in _card(rows)
    assert "문을 연 사람만" not in _card(rows, gated=True)
    assert "This page can be read by everybody".lower() in _card(rows, gated=True).lower()


def test_the_form_without_text_shows_no_text() -> None:
    bare = CONTRACT.without_content().columns("posts")
    row = post("a:1", text="본문의 말", title="제목의 말")
    assert "본문의 말" not in sample(row, bare)
    assert "sign-up-prompt" in sample(row, bare)
    assert "회원가입하고" not in sample(row, bare)
