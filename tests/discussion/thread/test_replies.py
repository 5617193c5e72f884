"""What a record answers, in each way in which pages show it."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.discussion.thread.elements import read_elements
from scraper.discussion.thread.read import read_thread
from scraper.discussion.thread.record import Thread

TEXTS = (
    "오늘 아침에 눈이 많이 와서 길이 미끄러웠습니다",
    "The repair took me three evenings and one borrowed wrench",
    "Ich habe es mit etwas Öl versucht und es läuft wieder",
    "저희 동네도 마찬가지라서 천천히 걸었어요",
)
NAMES = ("김하나", "Ann Miller", "Jörg", "박두리")


def inside(at: int) -> str:
    return (
        f'<a class="author" href="/user/{at}">{NAMES[at]}</a>'
        f'<time datetime="2024-05-0{at + 1}T10:00:00Z">day</time><div class="body"><p>{TEXTS[at]}</p></div>'
    )


def record(at: int, attributes: str = "", more: str = "") -> str:
    return f'<div class="comment" id="c-{at + 70}"{attributes}>{inside(at)}{more}</div>'


def thread(html: str) -> Thread:
    body = LexborHTMLParser(f"<body><h1>Title of it</h1>{html}</body>").body
    assert body is not None
    return read_thread(read_elements(body))


def relations(html: str) -> list[tuple[int | None, str | None, int | None]]:
    read = thread(html)
    assert [each.text for each in read.records] == list(TEXTS)
    assert [each.author and each.author.name for each in read.records] == list(NAMES)
    return [(each.parent, each.parent_basis, each.depth) for each in read.records]


CHAIN = [(None, None, 0), (0, "nesting", 1), (1, "nesting", 2), (None, None, 0)]


@pytest.mark.parametrize(
    "html",
    [
        record(0, more=record(1, more=record(2))) + record(3),
        record(0)
        + f'<div class="children">{record(1)}<div class="children">{record(2)}</div></div>'
        + record(3),
        "".join(record(at, f' data-depth="{depth}"') for at, depth in enumerate((0, 1, 2, 0))),
        "".join(
            f'<div class="row depth-{depth}">{record(at)}</div>' for at, depth in enumerate((1, 2, 3, 1))
        ),
        "".join(record(at, f' style="margin-left:{40 * depth}px"') for at, depth in enumerate((0, 1, 2, 0))),
        "".join(
            f'<table><tr><td><img src="s.gif" height="1" width="{20 * depth}"></td><td>{record(at)}</td></tr></table>'
            for at, depth in enumerate((0, 1, 2, 0))
        ),
    ],
    ids=("inside", "behind", "attribute", "class", "margin", "spacer"),
)
def test_where_a_record_stands_says_what_it_answers(html: str) -> None:
    assert relations(html) == CHAIN


@pytest.mark.parametrize(
    "mark",
    [
        ' data-parent-id="{}"',
        ' data-parent="c-{}"',
        ' data-in-reply-to="{}"',
    ],
)
def test_an_attribute_states_the_parent(mark: str) -> None:
    html = record(0) + record(1) + record(2, mark.format(70)) + record(3, mark.format(71))
    assert relations(html) == [(None, None, 0), (None, None, 0), (0, "stated", 1), (1, "stated", 1)]


def test_a_quote_that_names_its_source_is_an_answer_to_it() -> None:
    quote = '<blockquote data-source="post: 71"><p>three evenings</p></blockquote>'
    html = (
        record(0)
        + record(1)
        + record(2)
        + record(3).replace('<div class="body">', f'<div class="body">{quote}')
    )
    read = thread(html).records
    assert [(each.parent, each.parent_basis, each.depth) for each in read[:3]] == [(None, None, None)] * 3
    assert (read[3].parent, read[3].parent_basis) == (1, "quote")


def test_a_flat_thread_shows_no_relation() -> None:
    assert relations("".join(map(record, range(4)))) == [(None, None, None)] * 4
