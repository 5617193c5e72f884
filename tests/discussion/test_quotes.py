"""The line that says whom a quotation is of holds a name, and is no word of the record's."""

from selectolax.lexbor import LexborHTMLParser

from scraper.discussion.thread.elements import read_elements
from scraper.discussion.thread.read import read_thread


def _thread(*bodies: str) -> list[str | None]:
    records = "".join(
        f'<div class="message" id="m{number}"><a class="user" href="/u/{name}">{name}</a>'
        f'<time datetime="2024-03-0{number}T10:00:00Z">{number} March</time><div class="content">{body}</div></div>'
        for number, (name, body) in enumerate(zip(("Minji", "Juno", "Hana"), bodies, strict=True), 1)
    )
    tree = LexborHTMLParser(f"<html><body><h1>Maps</h1>{records}</body></html>")
    assert tree.body is not None
    return [record.text for record in read_thread(read_elements(tree.body)).records]


def test_the_name_over_a_quotation_leaves_the_text() -> None:
    texts = _thread(
        "<p>Which of the old maps of the city do you like best?</p>",
        '<div class="quote"><div><a href="/u/Minji">Minji said:</a></div><blockquote>Which of the old maps?</blockquote></div>'
        "<p>The one of the rivers, by far.</p>",
        "<p>Juno의 덧글:</p><blockquote><p>The one of the rivers</p></blockquote><p>I like that of the hills.</p>",
    )
    assert texts[1] == "> Which of the old maps?\n\nThe one of the rivers, by far."
    assert texts[2] == "> The one of the rivers\n\nI like that of the hills."


def test_the_date_behind_the_name_leaves_the_text_too() -> None:
    cite = '<cite><a href="/u/Minji">Minji</a> wrote: <a href="#m1">↑</a> Thu Sep 12, 2024 10:20 am</cite>'
    texts = _thread(
        "<p>Which of the old maps of the city do you like best?</p>",
        f"<blockquote><div>{cite}Which of the old maps?</div></blockquote><p>The one of the rivers, by far.</p>",
        "<p>I like that of the hills better than any other.</p>",
    )
    assert texts[1] == "> Which of the old maps?\n\nThe one of the rivers, by far."


def test_words_that_end_in_a_colon_elsewhere_stay() -> None:
    texts = _thread(
        "<p>Minji wrote a list of the maps that she has, which is here:</p><ul><li>rivers</li></ul>",
        "<p>My grandfather said:</p><p>Never trust a map of roads alone.</p>",
        "<p>Juno: thank you for the list of all these maps.</p>",
    )
    assert texts[1] == "My grandfather said:\n\nNever trust a map of roads alone."
    assert texts[2] == "Juno: thank you for the list of all these maps."
