"""A site that counts the replies to what it deleted and shows none still tells what they hang on."""

from collections.abc import Sequence

import pytest

from scraper.model.record import HIDDEN_REPLIES, Comment, Evidence
from scraper.records.history import PostRows, merge
from tests.records.samples import a_comment, a_post, counts, day, read

# Two threads: b and c answer a, d answers b; e stands alone, f answers it.
PARENTS = {"a": None, "b": "a", "c": "a", "d": "b", "e": None, "f": "e"}
ALL = "abcdef"


def visits(*nights: tuple[str, int], hides: bool = True) -> PostRows:
    """The rows of a post that showed these comments and declared so many, night by night."""
    return merge(
        read(
            a_post(
                counts=counts(comments=declared),
                access="full" if declared <= len(shown) else "partial",
                access_evidence=(Evidence(HIDDEN_REPLIES if hides else "comments", "Seen."),),
            ),
            thread(shown),
            number=number,
            at=day(number),
        )
        for number, (shown, declared) in enumerate(nights, 1)
    )


def thread(shown: str) -> Sequence[Comment]:
    """Comments of these ids, each under what it answers."""
    return [
        a_comment(
            f"글 {native}",
            native_id=native,
            parent=shown.index(parent) if (parent := PARENTS[native]) and parent in shown else None,
        )
        for native in shown
    ]


def absent(rows: PostRows) -> str:
    return "".join(row["comment_id"][-1] for row in rows.comments if row["status"] == "absent")


@pytest.mark.parametrize(
    ("nights", "gone"),
    [
        # One is deleted, and its replies are counted: 3 shown, 6 - 1 declared.
        ([(ALL, 6), ("aef", 5), ("aef", 5)], ""),
        ([(ALL, 6), ("acef", 5)], "b"),
        ([(ALL, 6), ("ef", 5)], "a"),
        ([(ALL, 6), ("ef", 5), ("ef", 5)], "a"),
        ([(ALL, 6), ("ef", 5), ("", 4)], "ae"),
        # A reply was deleted before what it answers.
        ([(ALL, 6), ("abcef", 5), ("acef", 4)], "bd"),
        ([(ALL, 6), ("abcef", 5), ("ef", 4)], "ad"),
        # What is missing would make up for more than the page declares: something is there that was not shown.
        ([(ALL, 6), ("ef", 6)], ""),
        ([(ALL, 6), ("abcd", 6)], ""),
        ([(ALL, 6), ("abcd", 5), ("abcd", 5)], "e"),
        # Two replies were hidden from the first visit on.
        ([("abcd", 6), ("abc", 5)], "d"),
        ([("abcd", 6), ("abc", 6), ("abc", 6)], ""),
        ([("abcd", 6), ("", 5)], "a"),
    ],
)
def test_what_the_missing_hang_on_is_absent_where_the_numbers_bear_it_out(
    nights: list[tuple[str, int]], gone: str
) -> None:
    rows = visits(*nights)
    assert absent(rows) == gone
    for row in rows.comments:
        assert (row["text"] is None) == (row["status"] == "absent")


def test_without_the_evidence_a_partial_page_proves_nothing() -> None:
    assert absent(visits((ALL, 6), ("ef", 5), hides=False)) == ""


def test_one_that_is_shown_again_is_there_again() -> None:
    rows = visits((ALL, 6), ("ef", 5), (ALL, 6))
    assert absent(rows) == ""
    assert [row["text"] for row in rows.comments] == [f"글 {native}" for native in ALL]
