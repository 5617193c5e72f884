"""How the readings of one post become its rows."""

import copy
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model.record import (
    GATED_SINCE,
    Access,
    Comment,
    Evidence,
    Moment,
    Person,
    Post,
    PostStatus,
    Precision,
)
from scraper.records.contract import Contract
from scraper.records.forgetting import without_forgotten
from scraper.records.history import PostRows, merge
from scraper.records.reading import Reading
from scraper.records.row_types import CountsRawStruct
from tests.records.samples import AUTHOR, READER, a_comment, a_post, counts, day, read

CONTRACT = Contract.load()


def visits(*pages: tuple[Post, Sequence[Comment]]) -> PostRows:
    """The rows of a post that was visited once a day."""
    return merge(read(post, comments, number=i, at=day(i)) for i, (post, comments) in enumerate(pages, 1))


def at(number: int) -> str:
    return f"2026-01-{5 + number:02d}T03:00:00Z"


def test_a_visit_that_finds_nothing_new_changes_no_byte() -> None:
    page = (a_post(counts=counts(views=3, comments=1)), [a_comment()])
    assert visits(page, page, page) == visits(page)


def test_only_the_rows_of_one_reading_are_those_that_the_store_has_checked() -> None:
    page = (a_post(), [a_comment()])
    assert visits(page).is_checked
    assert not visits(page, page).is_checked


def test_a_count_that_moved_moves_the_time_of_counts_and_nothing_else() -> None:
    rows = visits((a_post(counts=counts(views=3, likes=1)), []), (a_post(counts=counts(views=4)), []))
    assert (rows.post["views"], rows.post["likes"]) == (4, 1)
    assert (rows.post["counts_observed_at"], rows.post["captured_at"]) == (at(2), at(1))
    assert rows.post["counts_raw"] == [
        CountsRawStruct(name="views", raw="4"),
        CountsRawStruct(name="likes", raw="1"),
    ]
    assert [(row["observed_at"], row["views"], row["likes"]) for row in rows.metrics] == [
        (at(1), 3, 1),
        (at(2), 4, None),
    ]


def test_a_post_without_numbers_has_no_metrics() -> None:
    rows = visits((a_post(), []))
    assert rows.metrics == ()
    assert rows.post["counts_observed_at"] is None


def test_an_edit_is_a_revision_and_names_its_visit() -> None:
    rows = visits(
        (a_post("처음"), []),
        (a_post("처음"), []),
        (a_post("고침"), []),
        (a_post("고침", title="새 제목"), []),
    )
    assert (rows.post["text"], rows.post["revision"], rows.post["captured_at"]) == ("고침", 3, at(4))
    assert rows.post["first_seen"] == at(1)
    seen = [(row["field"], row["revision"], row["text"], row["observed_at"]) for row in rows.revisions]
    assert seen == [
        ("text", 1, "처음", at(1)),
        ("text", 2, "고침", at(3)),
        ("title", 1, "겨울 산책", at(1)),
        ("title", 3, "새 제목", at(4)),
    ]


def test_a_title_that_was_taken_away_is_a_revision_without_text() -> None:
    rows = visits((a_post(), []), (a_post(title=None), []))
    assert [(row["revision"], row["text"]) for row in rows.revisions if row["field"] == "title"] == [
        (1, "겨울 산책"),
        (2, None),
    ]


@pytest.mark.parametrize(("access", "text"), [("partial", "첫 문단"), ("unknown", None)])
def test_a_page_that_shows_less_never_overwrites_a_better_text(access: Access, text: str | None) -> None:
    whole = a_post(counts=counts(views=1))
    less = a_post(
        text, access=access, access_evidence=(Evidence("prompt", "A prompt."),), counts=counts(views=2)
    )
    rows = visits((whole, []), (less, []))
    assert rows.post["text"] == whole.text
    assert (rows.post["access"], rows.post["access_evidence"]) == ("full", [])
    assert (rows.post["captured_at"], rows.post["views"]) == (at(1), 2)
    assert rows.post["revision"] == 1


def test_a_gate_that_comes_later_leaves_the_text_and_is_said_until_the_page_is_open_again() -> None:
    whole, gated = a_post(), a_post(None, title=None, access="gated")
    shut = visits((whole, []), (gated, []), (gated, []))
    assert (shut.post["text"], shut.post["title"], shut.post["access"]) == (whole.text, whole.title, "full")
    (evidence,) = shut.post["access_evidence"]
    assert evidence["kind"] == GATED_SINCE
    assert at(2) in evidence["detail"]
    assert (shut.post["captured_at"], shut.post["revision"]) == (at(2), 1)
    for page in (whole, a_post("첫", access="partial")):
        opened = visits((whole, []), (gated, []), (page, []))
        assert (opened.post["text"], opened.post["access_evidence"]) == (whole.text, [])


def test_a_text_that_a_gate_first_withheld_is_no_edit_when_it_comes() -> None:
    rows = visits((a_post(None, access="gated"), []), (a_post("이제 보입니다."), []))
    assert (rows.post["text"], rows.post["access"], rows.post["revision"]) == ("이제 보입니다.", "full", 1)
    assert [row["observed_at"] for row in rows.revisions if row["field"] == "text"] == [at(2)]


def test_of_two_cut_texts_the_longer_stays_and_an_edited_one_wins() -> None:
    long, short, other = (a_post(text, access="partial") for text in ("하나 둘 셋", "하나 둘…", "넷 다섯"))
    assert visits((long, []), (short, [])).post["text"] == "하나 둘 셋"
    assert visits((short, []), (long, [])).post["text"] == "하나 둘 셋"
    assert visits((long, []), (other, [])).post["text"] == "넷 다섯"


@pytest.mark.parametrize("status", ["gone", "withdrawn"])
def test_a_post_that_was_deleted_shows_nothing_of_itself_and_its_revisions_stay_only_if_asked(
    status: PostStatus,
) -> None:
    shown = a_post(links=("https://a.example/",), tags=("산책",), counts=counts(views=3))
    pages = (shown, a_post(None, title=None, status=status))
    readings = [read(post, number=i, at=day(i)) for i, post in enumerate(pages, 1)]
    rows = merge(readings)
    assert (rows.post["status"], rows.post["status_at"], rows.post["first_seen"]) == (status, at(2), at(1))
    assert [rows.post[name] for name in ("title", "text", "language", "links", "tags")] == [None] * 5
    assert (rows.post["views"], rows.revisions) == (3, ())
    kept = merge(readings, keep_deleted_text=True)
    assert kept.post == rows.post
    assert [row["field"] for row in kept.revisions] == ["text", "title"]


def test_the_status_time_is_when_the_status_was_first_found() -> None:
    words: list[PostStatus] = ["live", "unknown", "gone", "gone"]
    rows = visits(*[(a_post(None if status == "gone" else "글", status=status), []) for status in words])
    assert (rows.post["status"], rows.post["status_at"]) == ("gone", at(3))


def test_of_several_readings_of_a_date_the_most_precise_then_the_earliest_wins() -> None:
    def published(raw: str, precision: Precision, hour: int) -> tuple[Post, list[Comment]]:
        moment = Moment(raw, datetime(2025, 12, 1, hour, tzinfo=UTC), "Asia/Seoul", "assumed", precision)
        return a_post(published=moment), []

    rows = visits(
        (a_post(published=Moment("얼마 전")), []),
        published("12월 1일", "day", 0),
        published("오전 9시 30분", "minute", 1),
        published("오전 9시 31분", "minute", 2),
        published("한 달 전", "month", 3),
    )
    assert rows.post["published_raw"] == "오전 9시 30분"


def test_what_a_later_page_does_not_say_stays_known_and_an_id_outweighs_a_name() -> None:
    rows = visits((a_post(tags=("산책",)), []), (a_post(author=Person(None, "김하늘"), tags=None), []))
    first = visits((a_post(tags=("산책",)), []))
    assert rows == first
    assert (
        visits((a_post(author=None), []), (a_post(author=AUTHOR), [])).post["author_id"]
        == first.post["author_id"]
    )


def test_a_comment_missing_from_a_whole_visit_is_absent_and_loses_its_text() -> None:
    one, two = a_comment("하나", native_id="1"), a_comment("둘", native_id="2")
    rows = visits((a_post(counts=counts(comments=2)), [one, two]), (a_post(counts=counts(comments=1)), [two]))
    gone, stayed = sorted(rows.comments, key=lambda row: str(row["comment_id"]))
    assert (gone["status"], gone["status_at"], gone["text"], gone["captured_at"]) == (
        "absent",
        at(2),
        None,
        at(2),
    )
    assert (stayed["status"], stayed["position"]) == ("present", 0)
    assert (rows.post["comments_declared"], rows.post["comments_captured"]) == (1, 1)
    assert [row["text"] for row in rows.revisions if row["item_type"] == "comment"] == ["둘"]


@pytest.mark.parametrize(
    "later",
    [a_post(counts=counts(comments=2)), a_post(), a_post(None, access="gated", counts=counts(comments=0))],
    ids=["fewer than declared", "none declared", "gated"],
)
def test_absence_from_a_visit_that_did_not_see_all_is_not_deletion(later: Post) -> None:
    comments = [a_comment("하나", native_id="1"), a_comment("둘", native_id="2")]
    rows = visits((a_post(), comments), (later, []))
    assert [row["status"] for row in rows.comments] == ["present", "present"]
    assert rows.post["comments_captured"] == 2


def test_what_was_deleted_does_not_come_back_because_somebody_else_was_forgotten() -> None:
    deleted, hers, his = (a_comment(text, native_id=text) for text in ("하나", "둘", "셋"))
    pages = ((3, [deleted, hers, his]), (2, [hers, his]))
    readings = [
        read(a_post(counts=counts(comments=declared)), comments, number=i, at=day(i))
        for i, (declared, comments) in enumerate(pages, 1)
    ]
    her_id = readings[0].comments[1]["comment_id"]
    kept = [each for reading in readings if (each := without_forgotten(reading, {her_id: her_id}))]
    gone, stayed = sorted(merge(kept).comments, key=lambda row: str(row["status"]))
    assert (gone["status"], gone["text"], gone["status_at"]) == ("absent", None, at(2))
    assert (stayed["status"], stayed["text"]) == ("present", "셋")


def test_a_comment_that_was_absent_can_return() -> None:
    one = a_comment("하나", native_id="1")
    full, empty = a_post(counts=counts(comments=1)), a_post(counts=counts(comments=0))
    (row,) = visits((full, [one]), (empty, []), (full, [one])).comments
    assert (row["status"], row["status_at"], row["text"], row["revision"]) == ("present", at(3), "하나", 1)


def test_a_deleted_comment_becomes_its_placeholder_and_keeps_its_author() -> None:
    before = a_comment("하나", native_id="1")
    after = a_comment(None, native_id="1", status="placeholder", author=None)
    (row,) = visits((a_post(), [before]), (a_post(), [after])).comments
    assert (row["status"], row["text"], row["language"]) == ("placeholder", None, None)
    assert row["author_id"] is not None


def test_a_withheld_comment_keeps_its_last_text() -> None:
    (row,) = visits(
        (a_post(), [a_comment("하나", native_id="1")]), (a_post(), [a_comment(None, native_id="1")])
    ).comments
    assert (row["text"], row["captured_at"]) == ("하나", at(1))


def test_an_edited_comment_is_a_revision_of_its_own() -> None:
    before, after = a_comment("하나", native_id="1"), a_comment("하나!", native_id="1")
    rows = visits((a_post(), [before]), (a_post(), [after]))
    assert (rows.comments[0]["revision"], rows.comments[0]["captured_at"]) == (2, at(2))
    assert (rows.post["revision"], rows.post["captured_at"]) == (1, at(1))


def test_derived_ids_give_way_when_the_site_s_own_appear_and_replies_follow() -> None:
    flat = [a_comment("하나", depth=None), a_comment("둘", depth=None), a_comment("둘", depth=None)]
    named = [
        a_comment("새 댓글", native_id="9"),
        a_comment("하나", native_id="1"),
        a_comment("둘", native_id="2", parent=1, depth=1),
        a_comment("둘", native_id="3"),
    ]
    rows = visits((a_post(), flat), (a_post(counts=counts(comments=4)), named))
    assert [row["comment_id"].partition("#")[2] for row in rows.comments] == ["9", "1", "2", "3"]
    assert [row["first_seen"] for row in rows.comments] == [at(2), at(1), at(1), at(1)]
    assert {row["comment_id_basis"] for row in rows.comments} == {"site"}
    assert rows.comments[2]["parent_id"] == "madang:posts-7#1"
    assert {row["item_id"] for row in rows.revisions} >= {"madang:posts-7#1", "madang:posts-7#2"}


def test_a_later_page_without_ids_or_authors_or_threads_loses_none_of_them() -> None:
    named = [a_comment("하나", native_id="1"), a_comment("둘", native_id="2", parent=0, depth=1)]
    flat = [
        a_comment("하나", author=None, depth=None),
        a_comment("둘", author=Person(None, "박바다"), depth=None),
    ]
    post = a_post(counts=counts(comments=2))
    assert visits((post, named), (post, flat)).comments == visits((post, named)).comments


def test_comments_of_two_people_or_two_native_ids_are_never_joined() -> None:
    post = a_post(counts=counts(comments=1))
    two_people = visits((post, [a_comment("네", author=AUTHOR)]), (post, [a_comment("네", author=READER)]))
    assert [row["status"] for row in two_people.comments] == ["absent", "present"] or len(
        two_people.comments
    ) == 2
    two_ids = visits((post, [a_comment("네", native_id="1")]), (post, [a_comment("네", native_id="2")]))
    assert sorted(row["status"] for row in two_ids.comments) == ["absent", "present"]


def test_equal_comments_of_unknown_authors_are_told_apart_by_their_place() -> None:
    unsigned = [a_comment(text, author=None, native_id=None) for text in ("네", "네", "네")]
    named = [
        a_comment("네", native_id="1"),
        a_comment("아니요", native_id="2"),
        a_comment("네", native_id="3"),
    ]
    rows = visits((a_post(), unsigned), (a_post(), named))
    assert [row["first_seen"] for row in rows.comments if row["comment_id_basis"] == "site"] == [
        at(1),
        at(2),
        at(1),
    ]


def test_two_comments_of_one_visit_are_two_even_if_one_has_an_id_the_other_once_had() -> None:
    derived, named = a_comment("네"), a_comment("네", native_id="1")
    edited = a_comment("고친 답", native_id="1")
    rows = visits((a_post(), [derived]), (a_post(), [named]), (a_post(), [edited, derived]))
    assert [row["text"] for row in rows.comments] == ["고친 답", "네"]
    assert [row["first_seen"] for row in rows.comments] == [at(1), at(3)]


def test_a_visit_to_some_of_the_comments_does_not_move_them() -> None:
    comments = [a_comment(str(i), native_id=str(i)) for i in range(4)]
    post = a_post(counts=counts(comments=4))
    rows = visits((post, comments), (post, comments[2:]))
    assert [row["position"] for row in rows.comments] == [0, 1, 2, 3]


def test_readings_of_unknown_time_come_first_and_keep_null_times() -> None:
    undated = read(a_post("옛글", counts=counts(views=1)), number=9, at=None)
    dated = read(a_post("새글", counts=counts(views=2)), number=1, at=day(1))
    rows = merge([dated, undated])
    assert (rows.post["text"], rows.post["first_seen"], rows.post["captured_at"]) == ("새글", None, at(1))
    assert [row["observed_at"] for row in rows.metrics] == [None, at(1)]


def test_merging_takes_readings_of_one_post_and_at_least_one() -> None:
    one = read(a_post())
    with pytest.raises(ValueError, match="exactly one post"):
        merge([])
    with pytest.raises(ValueError, match="exactly one post"):
        merge([one, replace(one, post_id="madang:posts-8", visit_id="visit-2")])


ONE_COMMENT = st.builds(
    lambda text, status, native, author, depth: a_comment(
        text, native_id=native, author=author, depth=depth, status=status if text else "placeholder"
    ),
    st.sampled_from(["네", "아니요", "글쎄요", None]),
    st.sampled_from(["present", "unknown"]),
    st.sampled_from([None, "1", "2", "3"]),
    st.sampled_from([AUTHOR, READER, Person(None, "박바다"), None]),
    st.sampled_from([None, 0]),
)


@st.composite
def threads(draw: st.DrawFn) -> list[Comment]:
    comments = draw(st.lists(ONE_COMMENT, max_size=5))
    parents = [draw(st.none() | st.integers(0, at - 1)) if at else None for at in range(len(comments))]
    return [
        comment if parent is None else replace(comment, parent=parent, depth=1)
        for comment, parent in zip(comments, parents, strict=True)
    ]


PAGES = st.tuples(
    st.sampled_from(["full", "partial", "gated", "unknown"]), st.sampled_from(["하나", "하나 둘", "셋", None])
).flatmap(
    lambda drawn: st.builds(
        lambda title, author, status, numbers: a_post(
            None if drawn[0] == "gated" or status in {"gone", "withdrawn"} else drawn[1],
            title=title,
            access=drawn[0],
            author=author,
            status=status,
            counts=counts(**numbers),
        ),
        st.sampled_from(["제목", "새 제목", None]),
        st.sampled_from([AUTHOR, Person(None, "김하늘"), None]),
        st.sampled_from(["live", "gone", "withdrawn", "unknown"]),
        st.dictionaries(st.sampled_from(["views", "saves", "comments"]), st.integers(0, 4)),
    )
)


@st.composite
def histories(draw: st.DrawFn) -> list[Reading]:
    pages = draw(st.lists(st.tuples(PAGES, threads()), min_size=1, max_size=5))
    undated = draw(st.booleans())
    return [
        read(post, comments, number=number, at=None if undated and number == 1 else day(number))
        for number, (post, comments) in enumerate(pages, 1)
    ]


@given(histories(), st.randoms(use_true_random=False))
def test_merging_knows_no_order_of_arrival_and_counts_each_visit_once(
    readings: list[Reading], random: Random
) -> None:
    before = copy.deepcopy(readings)
    shuffled = [*readings, *readings]
    random.shuffle(shuffled)
    assert merge(shuffled) == merge(readings)
    assert readings == before


@given(histories())
def test_every_history_gives_rows_that_keep_the_contract_and_agree_with_each_other(
    readings: list[Reading],
) -> None:
    rows = merge(readings)
    for config in CONTRACT.configs:
        for row in rows.of(config):
            assert CONTRACT.problems(config, row) == ()
    ids = [row["comment_id"] for row in rows.comments]
    assert len(set(ids)) == len(ids)
    assert {row["parent_id"] for row in rows.comments} <= {None, *ids}
    assert rows.post["comments_captured"] == sum(row["status"] != "absent" for row in rows.comments)
    latest = {(row["item_id"], row["field"]): row for row in rows.revisions}
    for item_id, item in (
        (rows.post["post_id"], rows.post),
        *((row["comment_id"], row) for row in rows.comments),
    ):
        if item["text"] is not None:
            assert latest[item_id, "text"]["text"] == item["text"]
        assert all(row["revision"] <= item["revision"] for key, row in latest.items() if key[0] == item_id)


@pytest.mark.thorough
@given(histories())
def test_a_further_visit_like_the_last_changes_nothing(readings: list[Reading]) -> None:
    last = readings[-1]
    again = replace(last, visit_id="again", sequence=last.sequence + 1)
    assert merge([*readings, again]) == merge(readings)
