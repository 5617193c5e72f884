"""The main text of a page is found by where its sentences stand; what stands around them is left out."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.discussion.body.find import Bodies, Body
from scraper.discussion.thread.elements import Elements, read_elements

FIRST = (
    "The ferry to the island leaves at seven in the morning, and it waits for nobody, whatever the weather."
)
SECOND = "On the way back it stops at the lighthouse, where the keeper takes the mail and hands over the log."
THIRD = "Whoever misses the last boat sleeps in the harbour, in a room that smells of tar and of oranges."
KOREAN = "섬으로 가는 배는 아침 일곱 시에 떠나며 날씨가 어떻든 아무도 기다리지 않는다. 돌아오는 길에는 등대에 들른다."


def _page(body: str) -> Elements:
    tree = LexborHTMLParser(f"<body>{body}</body>")
    assert tree.body is not None
    return read_elements(tree.body)


def _body(body: str) -> Body:
    found = Bodies(_page(body)).body()
    assert found is not None
    return found


def _text(body: str) -> str | None:
    return _body(body).text()


def _paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def test_text_is_without_menu_title_and_footer() -> None:
    page = (
        "<nav><a href='/'>Home</a> <a href='/about'>About us</a></nav>"
        f"<div><h1>The ferry</h1><p>By Jo Harbour</p>{_paragraphs(FIRST, SECOND)}</div>"
        "<div>Our paper, 12 Quay Street. All rights reserved, since 1901.</div>"
    )
    assert _text(page) == f"{FIRST}\n\n{SECOND}"


@pytest.mark.parametrize(
    "beside",
    [
        "<aside><p>{}</p></aside>",
        "<div class='share-bar'><p>{}</p></div>",
        "<div id='relatedPosts'><p>{}</p></div>",
        "<div role='dialog'><p>{}</p></div>",
        "<figure><img src='a.png'><figcaption>{}</figcaption></figure>",
        "<p class='wp-caption-text'>{}</p>",
    ],
)
def test_what_stands_in_a_text_and_is_none_of_it_is_left_out(beside: str) -> None:
    page = f"<article>{_paragraphs(FIRST)}{beside.format(THIRD)}{_paragraphs(SECOND, FIRST)}</article>"
    assert _text(page) == f"{FIRST}\n\n{SECOND}\n\n{FIRST}"


def test_names_of_furniture_around_the_whole_text_mean_nothing() -> None:
    page = (
        f"<div class='content has-sidebar share'><div class='modal'>{_paragraphs(FIRST, SECOND)}</div></div>"
    )
    assert _text(page) == f"{FIRST}\n\n{SECOND}"


def test_cards_that_lead_elsewhere_are_left_out() -> None:
    cards = "".join(
        f"<div><h3><a href='/{place}'>Another story of the harbour</a></h3><p>{THIRD}</p></div>"
        for place in range(3)
    )
    page = f"<div>{_paragraphs(FIRST, SECOND, FIRST, SECOND, FIRST)}</div><div>{cards}</div>"
    assert THIRD not in (_text(page) or "")


def test_lists_tables_headings_and_code_stay() -> None:
    page = (
        f"<main><h1>Ferry</h1>{_paragraphs(FIRST)}<h2>Fares</h2><ul><li>Adults</li><li>Bicycles</li></ul>{_paragraphs(SECOND)}"
        "<table><tr><td>Monday</td><td>07:00</td></tr></table></main>"
    )
    assert _text(
        page
    ) == f"{FIRST}\n\n## Fares\n\n- Adults\n- Bicycles\n\n{SECOND}\n\nMonday | 07:00".replace("## ", "")


def test_standfirst_between_title_and_text_belongs_to_it() -> None:
    page = f"<header><h1>The ferry</h1><p>{THIRD}</p></header><div class='entry-content'>{_paragraphs(*[FIRST, SECOND] * 4)}</div>"
    assert (_text(page) or "").startswith(f"{THIRD}\n\n{FIRST}")


def test_sections_of_one_name_are_one_text() -> None:
    sections = "".join(
        f"<div class='story-body'>{_paragraphs(text)}</div>" for text in (FIRST, SECOND, THIRD)
    )
    assert _text(f"<div>{sections}</div>") == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


def test_text_in_a_dense_script_is_found() -> None:
    assert _text(f"<div><h1>배</h1><p>{KOREAN}</p></div><ul><li><a href='/1'>홈</a></li></ul>") == KOREAN


def test_comments_are_no_part_of_the_text() -> None:
    page = _page(f"<div>{_paragraphs(FIRST)}</div><ol><li>{_paragraphs(SECOND)}</li></ol>")
    thread = page.tags.index("ol")
    found = Bodies(page).body([range(thread, page.ends[thread])])
    assert found is not None
    assert found.text() == FIRST


@pytest.mark.parametrize("hidden", ["hidden id='S:0'", "style='visibility: hidden'", "style='display:none'"])
def test_a_page_whose_words_show_once_scripts_run_has_a_text(hidden: str) -> None:
    assert _text(f"<div {hidden}>{_paragraphs(FIRST, SECOND)}</div>") == f"{FIRST}\n\n{SECOND}"


def test_hidden_words_beside_a_text_stay_hidden() -> None:
    page = f"<div>{_paragraphs(FIRST, SECOND, THIRD)}<p hidden>{THIRD.upper()}</p></div>"
    assert _text(page) == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


def test_a_page_without_words_has_no_text() -> None:
    assert Bodies(_page("<div><img src='a.png'></div>")).body() is None


def test_confidence_is_less_where_little_is_said_or_much_stands_elsewhere() -> None:
    whole = _body(f"<div>{_paragraphs(*[FIRST, SECOND] * 3)}</div>")
    short = _body(f"<div>{_paragraphs(FIRST)}</div>")
    assert short.confidence < whole.confidence == 1.0
