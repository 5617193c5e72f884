"""Prompts leave a text where they stand as prompts do; a writer's own words stay."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.discussion.body.find import Bodies, Body
from scraper.discussion.thread.elements import read_elements
from scraper.page.prompts import PROMPTS, prompt_rule

FIRST = (
    "The ferry to the island leaves at seven in the morning, and it waits for nobody, whatever the weather."
)
SECOND = "On the way back it stops at the lighthouse, where the keeper takes the mail and hands over the log."
THIRD = "Whoever misses the last boat sleeps in the harbour, in a room that smells of tar and of oranges."
PROMPT = "Subscribe to our weekly newsletter, and we write to you once a week."


def _body(html: str) -> Body:
    tree = LexborHTMLParser(f"<body>{html}</body>")
    assert tree.body is not None
    body = Bodies(read_elements(tree.body)).body()
    assert body is not None
    return body


def _paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def test_prompt_in_a_box_of_its_own_leaves_with_the_box() -> None:
    body = _body(
        f"<div>{_paragraphs(*[FIRST] * 8)}<div><p>Stay close</p><p>{PROMPT}</p></div>{_paragraphs(SECOND, THIRD)}</div>"
    )
    assert (body.text() or "").endswith(f"{FIRST}\n\n{SECOND}\n\n{THIRD}")
    assert [(each.rule, each.text) for each in body.removed] == [
        ("sign-up-en", "Stay close"),
        ("sign-up-en", PROMPT),
    ]


def test_prompt_at_the_end_of_a_text_leaves_it() -> None:
    body = _body(f"<div>{_paragraphs(FIRST, SECOND, PROMPT)}</div>")
    assert body.text() == f"{FIRST}\n\n{SECOND}"
    assert [each.text for each in body.removed] == [PROMPT]


def test_prompt_that_a_writer_quotes_among_sentences_stays() -> None:
    body = _body(f"<div>{_paragraphs(FIRST, PROMPT, SECOND)}</div>")
    assert body.text() == f"{FIRST}\n\n{PROMPT}\n\n{SECOND}"
    assert body.removed == ()


def test_a_section_in_an_element_of_its_own_stays_with_a_prompt_in_it() -> None:
    long = f"{SECOND} {THIRD}"
    body = _body(
        f"<div>{_paragraphs(*[FIRST] * 20)}<div><p>{long}</p><div><p>{PROMPT}</p></div></div>{_paragraphs(FIRST)}</div>"
    )
    assert long in (body.text() or "")
    assert PROMPT not in (body.text() or "")


def test_a_page_that_is_nothing_but_a_prompt_keeps_its_words() -> None:
    assert _body(f"<div>{_paragraphs(PROMPT)}</div>").text() == PROMPT


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("Already have an account? Sign in", "gate-en"),
        ("Dieser Artikel ist nur für Abonnenten.", "gate-de"),
        ("Cet article est réservé aux abonnés", "gate-fr"),
        ("Contenido exclusivo para suscriptores", "gate-es"),
        ("続きを読むには会員登録が必要です", "gate-ja"),
        ("댓글을 보려면 로그인 후 이용해 주세요", "sign-up-ko"),
        ("로그인 후 이어서 읽으실 수 있습니다", "gate-ko"),
        ("Advertisement", "sales-en"),
        ("The advertisement in the harbour shows a ferry.", None),
        (f"{PROMPT} {' '.join([FIRST] * 3)}", None),
    ],
)
def test_rule_of_a_prompt(words: str, rule: str | None) -> None:
    assert prompt_rule(words) == rule


def test_catalogue_is_of_ten_languages_and_each_of_its_phrases_is_a_pattern() -> None:
    assert len({prompt.language for prompt in PROMPTS}) >= 10
    for prompt in PROMPTS:
        assert re.compile(prompt.phrases).search("") is None
