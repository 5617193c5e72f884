"""The screens of ``status``, ``list`` and ``show``: kept as text; and no text of a page drives a terminal or breaks a line."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from scraper.cli.screens.layout import clean, cut, padded, paragraphs, width_of, wrapped
from scraper.cli.screens.listing import failure_lines, failure_screen, listing_lines, listing_screen
from scraper.cli.screens.status import status_screen
from scraper.cli.screens.thread import thread_screen
from scraper.jobs.look.thread import ThreadData
from scraper.model.outcome import ViewLine
from tests.cli.looks import (
    FAILED,
    LISTED,
    english_thread,
    korean_thread,
    listed,
    plain,
    status_data,
)
from tests.cli.screens import assert_screen
from tests.cli.terminal import postkeep
from tests.cli.test_terminal_safety import CONTROLS
from tests.examples import examples

SCREENS: Final[dict[str, Callable[[int], Iterable[ViewLine]]]] = {
    "status": lambda width: status_screen(status_data(), width),
    "list": lambda width: listing_screen(LISTED, width),
    "list-failed": lambda width: failure_screen(FAILED, width),
    "show-korean": lambda width: thread_screen(korean_thread(), width),
    "show-english": lambda width: thread_screen(english_thread(), width),
}
# Controls, marks over marks, joined pictures, letters of two columns, letters that run the other way, and ordinary ones.
HOSTILE: Final = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from(
            "\x1b\x07\x9b\u202e\u2066\u200f\r\n\t\u2028\u200d\ufe0f\u0301\u20dd 한글字👩🇰🇷ａ\u1100\u1161.,)…\x00"
        ),
    ),
    max_size=200,
)
WIDTHS: Final = st.integers(20, 130)


def assert_fits(lines: Iterable[ViewLine], width: int) -> None:
    for line in map(plain, lines):
        assert not CONTROLS.search(line), ascii(line)
        assert "\n" not in line
        assert cell_len(line) <= width, ascii(line)


@pytest.mark.parametrize("width", [80, 40])
@pytest.mark.parametrize("name", SCREENS)
def test_the_screens_are_those_that_are_kept(name: str, width: int) -> None:
    lines = list(SCREENS[name](width))
    assert_fits(lines, width)
    assert_screen(f"{name}-{width}", "\n".join(map(plain, lines)))


@pytest.mark.parametrize("name", SCREENS)
def test_no_screen_is_wider_than_its_terminal(name: str) -> None:
    for width in range(20, 131):
        assert_fits(SCREENS[name](width), width)


def in_all_texts(value: Any, text: str) -> Any:
    """``value`` with ``text`` in place of whatever a page may have said; what we say ourselves stays."""
    ours = {
        "status",
        "access",
        "published_precision",
        "captured_at_basis",
        "item_type",
        "field",
        "parent_id",
        "comment_id",
        "parent_basis",
        "ended",
        "source",
        "outcome",
    }
    match value:
        case dict():
            return {key: each if key in ours else in_all_texts(each, text) for key, each in value.items()}
        case list() | tuple():
            return type(value)(in_all_texts(each, text) for each in value)
        case str():
            return text
    return value


@examples(60)
@given(HOSTILE, WIDTHS)
def test_whatever_a_post_holds_its_screen_is_tame_and_fits(text: str, width: int) -> None:
    thread: ThreadData = in_all_texts(english_thread(), text)
    assert_fits(thread_screen(thread, width), width)


@examples(60)
@given(HOSTILE, WIDTHS)
def test_whatever_an_archive_holds_its_status_is_tame_and_fits(text: str, width: int) -> None:
    assert_fits(status_screen(in_all_texts(status_data(), text), width), width)


@examples(100)
@given(HOSTILE, HOSTILE, WIDTHS)
def test_whatever_a_post_is_called_its_line_is_tame_and_fits(title: str, post_id: str, width: int) -> None:
    posts = [listed(title=title, post_id=post_id), listed(title=None, opening=title)]
    assert_fits(listing_screen(posts, width), width)
    assert_fits(failure_screen(in_all_texts(list(FAILED), title), width), width)


@given(HOSTILE, HOSTILE)
def test_a_line_in_a_pipe_has_its_columns_whatever_a_post_is_called(title: str, post_id: str) -> None:
    (line,) = map(plain, listing_lines([listed(title=title, post_id=post_id)]))
    assert line.count("\t") == 6
    assert not CONTROLS.search(line.replace("\t", ""))
    (line,) = map(plain, failure_lines([{"url": title, "outcome": "failed", "at": None, "reason": post_id}]))
    assert line.count("\t") == 3


@given(HOSTILE, st.integers(8, 60))
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    line = clean(text)
    lines = list(wrapped(line, width))
    assert "".join("".join(lines).split(" ")) == "".join(line.split(" "))
    assert all(width_of(each) <= width for each in lines)


@given(HOSTILE, st.integers(8, 60))
def test_paragraphs_lose_nothing_but_spaces_and_empty_lines(text: str, width: int) -> None:
    lines = list(paragraphs(text, width))
    assert all(cell_len(each) <= width for each in lines)
    assert not lines or (lines[0] and lines[-1])
    assert all(one or other for one, other in itertools.pairwise(lines))


@given(HOSTILE, st.integers(1, 40), st.booleans())
def test_a_cell_has_its_width(text: str, width: int, right: bool) -> None:
    cell = padded(clean(text), width, right=right)
    assert cell_len(cell) <= width
    assert width_of(cell) == width
    assert cell_len(cut(clean(text), width)) <= width


@given(HOSTILE)
def test_no_width_is_taken_for_less_than_it_is(text: str) -> None:
    assert cell_len(clean(text)) <= width_of(clean(text))


def test_korean_is_broken_at_spaces_and_chinese_between_characters() -> None:
    assert list(wrapped("오늘 아침에는 비가", 12)) == ["오늘", "아침에는", "비가"]
    assert list(wrapped("今日は雨が降りました。", 12)) == ["今日は雨が降", "りました。"]
    assert list(wrapped("가" * 9, 8)) == ["가가가가", "가가가가", "가"]


def test_marks_and_joined_pictures_stay_with_what_they_belong_to() -> None:
    family = "👩\u200d👩\u200d👧"
    lines = list(wrapped(family * 6, 12))
    assert all(line.replace(family, "") == "" for line in lines)
    assert list(wrapped("e\u0301" * 10, 8)) == ["e\u0301" * 8, "e\u0301" * 2]


def test_indented_lines_stay_indented() -> None:
    assert list(wrapped("    one two three", 12)) == ["    one two", "    three"]


def chain(length: int) -> ThreadData:
    thread = english_thread()
    first = thread["comments"][0]
    comments = [
        first
        | {
            "comment_id": f"p#{number}",
            "parent_id": f"p#{number - 1}" if number else None,
            "position": number,
        }
        for number in range(length)
    ]
    return {**thread, "comments": comments}


@pytest.mark.thorough
def test_a_chain_of_ten_thousand_replies_is_shown() -> None:
    lines = list(thread_screen(chain(10_000), 40))
    assert_fits(lines, 40)
    assert sum("Reply number" in plain(line) for line in lines) == 10_000


def test_comments_that_answer_each_other_in_a_circle_are_shown_once() -> None:
    thread = chain(3)
    circle = [row | {"parent_id": f"p#{(number + 1) % 3}"} for number, row in enumerate(thread["comments"])]
    lines = map(plain, thread_screen({**thread, "comments": circle}, 80))
    assert sum("Reply number" in line for line in lines) == 3


@pytest.mark.thorough
def test_a_comment_of_a_megabyte_is_laid_out() -> None:
    for text in ("a" * 1_000_000, "e" + "\u0301" * 1_000_000, "한" * 400_000):
        assert_fits(paragraphs(text, 80), 80)


def test_a_long_list_is_drawn_as_it_comes() -> None:
    def endless() -> Iterator[Any]:
        while True:
            yield listed()

    lines = listing_screen(endless(), 80)
    assert [next(lines) for _ in range(1000)]


@pytest.mark.parametrize("env", [{}, {"FORCE_COLOR": "1"}, {"NO_COLOR": "1"}], ids=str)
def test_a_pipe_gets_tabs_and_no_colours(env: dict[str, str], crawled_once: Path) -> None:
    ran = postkeep("list", "--archive", crawled_once, env=env, expect=0)
    assert [line.count("\t") for line in ran.stdout.splitlines()] == [6, 6, 6]
    assert "\x1b" not in ran.stdout


def test_colours_are_asked_for_and_left_out_by_the_usual_variables(crawled_once: Path) -> None:
    def shown(**env: str) -> str:
        return postkeep("show", "73002", "--archive", crawled_once, env=env, expect=0).stdout

    assert "\x1b[" not in shown()
    assert "\x1b[1m" in shown(FORCE_COLOR="1")
    assert "\x1b[33m" in shown(FORCE_COLOR="1", TERM="xterm")
    assert "\x1b[33m" not in shown(FORCE_COLOR="1", TERM="xterm", NO_COLOR="1")
