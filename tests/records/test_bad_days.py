"""Good visits, worse ones, bad days, deletions and returns in any order: what the rows of one post come to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.records.contract import Contract
from scraper.records.history import PostRows, merge
from scraper.records.reading import Departure, Reading
from tests.examples import examples
from tests.records.samples import CLAIM, a_comment, a_post, a_visit, counts, day, read

CONTRACT = Contract.load()
TEXTS = ("처음 쓴 글", "고쳐 쓴 글", "또 고쳐 쓴 글")
Kind = Literal["good", "cut", "gated", "partial", "gone", "withdrawn", "placeholder"]


@dataclass(frozen=True)
class Seen:
    """What one visit met; ``text`` is that of the post, which the visit saw or not."""

    kind: Kind
    text: str


seen = st.builds(
    Seen,
    st.sampled_from(["good", "good", "cut", "gated", "partial", "gone", "withdrawn", "placeholder"]),
    st.sampled_from(TEXTS),
)


def departure(number: int, status: Literal["gone", "withdrawn"] = "gone") -> Departure:
    capture = a_visit(number, day(number)).captures[0]
    return Departure(
        post_id=CLAIM.post_id,
        visit_id=f"visit-{number}",
        sequence=number,
        captured_at=day(number),
        captured_at_basis="observed",
        status=status,
        warc_record_id=capture.record_id,
        payload_digest=capture.payload_digest,
        reason="It is gone.",
    )


def reading(each: Seen, number: int) -> Reading:
    comments = [a_comment("첫 댓글", native_id="1"), a_comment("둘째 댓글", native_id="2")]
    declared = counts(comments=2, views=number)
    if each.kind == "gated":
        return read(a_post(None, title=None, access="gated"), number=number, at=day(number))
    if each.kind == "placeholder":
        post = a_post(None, title=None, status="withdrawn", counts=declared)
        return read(post, comments, number=number, at=day(number))
    if each.kind == "partial":
        post = a_post(each.text[:4] + "…", access="partial", counts=declared)
        return read(post, comments[:1], number=number, at=day(number))
    whole = read(a_post(each.text, counts=declared), comments, number=number, at=day(number))
    return replace(whole, is_cut=True, comments=whole.comments[:1]) if each.kind == "cut" else whole


def merged(visits: Sequence[Seen], *, keep: bool = False, random: Random | None = None) -> PostRows:
    readings, departures = [], []
    for number, each in enumerate(visits, 1):
        if each.kind in {"gone", "withdrawn"}:
            departures.append(departure(number, "gone" if each.kind == "gone" else "withdrawn"))
        else:
            readings.append(reading(each, number))
    if random:
        readings, departures = readings * 2, departures * 2
        random.shuffle(readings)
        random.shuffle(departures)
    return merge(readings, departures, keep_deleted_text=keep)


def last_word(visits: Sequence[Seen]) -> Seen:
    """The last visit that decides what is shown: a gate, a cut page and a part of the text say nothing against a whole one."""
    return [each for each in visits if each.kind not in {"gated", "cut", "partial"}][-1]


histories = st.lists(seen, max_size=7).map(lambda later: [Seen("good", TEXTS[0]), *later])


@examples(60)
@given(histories)
def test_the_last_good_text_survives_and_the_status_is_the_last_that_was_told(visits: list[Seen]) -> None:
    rows = merged(visits)
    last = last_word(visits)
    after = [each.kind for each in visits[max(i for i, each in enumerate(visits) if each == last) :]]
    if last.kind == "good":
        assert (rows.post["status"], rows.post["text"]) == ("live", last.text)
    elif "partial" not in after:
        assert rows.post["status"] == ("gone" if last.kind == "gone" else "withdrawn")
        assert (rows.post["text"], rows.post["title"]) == (None, None)
        assert [row for row in rows.revisions if row["item_type"] == "post"] == []
    for config in CONTRACT.configs:
        for row in rows.of(config):
            assert CONTRACT.problems(config, row) == ()


@examples(60)
@given(histories)
def test_revisions_count_from_1_without_gaps_and_each_differs_from_the_one_before(visits: list[Seen]) -> None:
    rows = merged(visits, keep=True)
    texts = [row for row in rows.revisions if (row["item_type"], row["field"]) == ("post", "text")]
    assert [row["revision"] for row in texts] == list(range(1, len(texts) + 1))
    versions = [row["text"] for row in texts]
    assert all(one != other for one, other in pairwise(versions))
    assert [row["revision"] for row in rows.revisions if row["item_type"] == "comment"] == [1, 1]


@examples(60)
@given(histories, st.randoms(use_true_random=False))
def test_neither_the_order_of_arrival_nor_a_visit_twice_matters(visits: list[Seen], random: Random) -> None:
    assert merged(visits, random=random) == merged(visits)


@examples(60)
@given(histories)
def test_first_seen_facts_outlive_every_deletion(visits: list[Seen]) -> None:
    rows = merged(visits)
    assert rows.post["first_seen"] == "2026-01-06T03:00:00Z"
    assert rows.post["author_id"] is not None
    assert {row["comment_id"] for row in rows.comments} == {f"{CLAIM.post_id}#1", f"{CLAIM.post_id}#2"}


def test_a_post_that_is_gone_takes_its_comments_with_it_until_it_returns() -> None:
    good = Seen("good", TEXTS[0])
    gone = merged([good, Seen("gone", ""), Seen("gone", "")])
    assert (gone.post["status"], gone.post["status_at"]) == ("gone", "2026-01-07T03:00:00Z")
    assert gone.post["warc_record_id"].endswith("2")
    assert [(row["status"], row["status_at"], row["text"]) for row in gone.comments] == [
        ("absent", "2026-01-07T03:00:00Z", None)
    ] * 2
    assert (gone.post["comments_captured"], gone.post["comments_declared"]) == (0, 2)
    assert gone.revisions == ()
    back = merged([good, Seen("gone", ""), good])
    assert (back.post["status"], back.post["text"], back.post["revision"]) == ("live", TEXTS[0], 1)
    assert [(row["status"], row["text"]) for row in back.comments] == [
        ("present", "첫 댓글"),
        ("present", "둘째 댓글"),
    ]
    assert len(back.revisions) == 4


def test_a_post_that_was_gone_before_it_was_first_seen_is_simply_there() -> None:
    assert merged([Seen("gone", ""), Seen("good", TEXTS[0])]).post["status"] == "live"
    with pytest.raises(ValueError, match="exactly one post"):
        merge([], [departure(1)])


def test_more_of_a_text_is_no_edit() -> None:
    pages = [
        a_post(text, access=access) for text, access in (("하나 둘…", "partial"), ("하나 둘 셋", "full"))
    ]
    rows = merge(read(post, number=number, at=day(number)) for number, post in enumerate(pages, 1))
    assert (rows.post["text"], rows.post["revision"]) == ("하나 둘 셋", 1)
    assert [(row["revision"], row["text"]) for row in rows.revisions if row["field"] == "text"] == [
        (1, "하나 둘 셋")
    ]


def test_pages_that_came_cut_off_count_only_where_there_are_no_others() -> None:
    cut = replace(read(a_post("첫 문단", counts=counts(views=1)), number=2, at=day(2)), is_cut=True)
    assert merge([cut]).post["text"] == "첫 문단"
    whole = read(a_post("첫 문단입니다.", counts=counts(views=12)), number=1, at=day(1))
    assert merge([whole, cut]) == merge([whole])
