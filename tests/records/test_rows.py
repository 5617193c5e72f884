"""From a record to the rows of one reading."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model.record import Count, Evidence, FieldSource, Moment, Person, Record, Removed, Signal
from scraper.model.site import Claim
from scraper.records.cleaning import Policy
from scraper.records.contract import Contract
from scraper.records.reading import Reading
from scraper.records.row_types import CountsRawStruct, FieldSourcesStruct, RedactionsStruct
from scraper.records.rows import read_rows
from scraper.settings import Settings
from tests.records.samples import (
    AUTHOR,
    CLAIM,
    KEY,
    PEOPLE,
    POLICY,
    READER,
    Madang,
    a_comment,
    a_post,
    a_visit,
    counts,
    day,
    read,
)

CONTRACT = Contract.load()


def problems(reading: Reading) -> list[str]:
    found = list(CONTRACT.problems("posts", reading.post))
    return found + [problem for row in reading.comments for problem in CONTRACT.problems("comments", row)]


def test_a_post_becomes_a_row_that_keeps_the_contract() -> None:
    post = a_post(
        counts=counts(views=14757, saves=148, comments=2),
        tags=("산책",),
        access="unknown",
        access_evidence=(Evidence("prompt", "A prompt stood after the text."),),
        removed=(Removed("madang.prompt", "이어서 읽으려면 가입하세요"),),
        field_sources=(FieldSource("comments", "label", "stated"), FieldSource("author", "html", "inferred")),
        rights=(Signal("meta robots", "noai"),),
    )
    reading = read(post, [a_comment(), a_comment("저도요.", parent=0, depth=1)])
    assert problems(reading) == []
    row = reading.post
    assert (row["views"], row["saves"], row["likes"]) == (14757, 148, None)
    assert row["counts_raw"][0] == CountsRawStruct(name="views", raw="14,757")
    assert (row["comments_declared"], row["comments_captured"]) == (2, 2)
    assert row["published_at"] == "2025-12-01T00:30:00Z"
    assert (row["first_seen"], row["captured_at"], row["counts_observed_at"]) == ("2026-01-05T03:00:00Z",) * 3
    assert row["field_sources"] == [
        FieldSourcesStruct(field="comments_declared", source="label", confidence="stated"),
        FieldSourcesStruct(field="author_id", source="html", confidence="inferred"),
    ]
    assert row["language"] == "ko"
    assert row["author_id"] == PEOPLE.author_id("madang", "id", "u-31")


def test_a_visit_of_unknown_time_has_no_times_at_all() -> None:
    reading = read(a_post(counts=counts(views=1)), [a_comment()], at=None)
    assert problems(reading) == []
    assert reading.captured_at is None
    post = reading.post
    times = (post["status_at"], post["first_seen"], post["captured_at"], post["counts_observed_at"])
    assert times == (None,) * 4
    assert post["captured_at_basis"] == "unknown"


def test_no_name_address_or_number_slips_through_any_column() -> None:
    leak = "김하늘 hong@example.com 010-1234-5678 900101-1234567 https://madang.example/profiles/u-31"
    post = a_post(
        text=f"본문 {leak}".replace("김하늘 ", ""),
        title="제목 hong@example.com",
        published=replace(Moment("어제"), raw="어제 hong@example.com"),
        counts=(Count("views", 3, "3 hong@example.com"),),
        tags=("hong@example.com",),
        links=("https://madang.example/profiles/u-31", "mailto:hong@example.com", "tel:010-1234-5678"),
        images=("https://img.example/users/u-31/1.png",),
        access_evidence=(Evidence("prompt", leak),),
        removed=(Removed("prompt", leak),),
        rights=(Signal("contact", leak.removeprefix("김하늘 ")),),
    )
    comment = a_comment(
        leak.removeprefix("김하늘 "), removed=(Removed("footer", f"박바다 {leak}"),), likes=None
    )
    claim = Claim("madang:posts-7", "https://madang.example/@u-31/posts/7")
    reading = read(post, [comment], claim=claim)
    assert problems(reading) == []
    everything = json.dumps([reading.post, reading.comments], ensure_ascii=False)
    for secret in ("김하늘", "박바다", "hong@", "1234-5678", "900101", "u-31", "u-77"):
        assert secret not in everything


def test_replacements_are_counted_over_title_and_text() -> None:
    reading = read(a_post(title="a@b.kr", text="c@d.kr 010-1234-5678"), [a_comment("e@f.kr")])
    assert reading.post["redactions"] == [
        RedactionsStruct(kind="email", count=2),
        RedactionsStruct(kind="phone", count=1),
    ]
    assert reading.comments[0]["redactions"] == [RedactionsStruct(kind="email", count=1)]


def test_names_and_urls_stay_where_the_owner_publishes_names() -> None:
    policy = Policy.of(Settings(names="named", scrub=(), license="CC-BY-4.0"), KEY)
    post = a_post(text="a@b.kr", links=("https://madang.example/profiles/u-31",))
    row = read(post, policy=policy).post
    assert (row["author_name"], row["text"], row["license"]) == ("김하늘", "a@b.kr", "CC-BY-4.0")
    assert row["links"] == ["https://madang.example/profiles/u-31"]


def test_a_person_without_an_id_is_known_by_name_and_nobody_by_nothing() -> None:
    assert read(a_post(author=Person(None, "김하늘"))).post["author_id_basis"] == "name"
    nobody = read(a_post(author=Person(None, None))).post
    assert (nobody["author_id"], nobody["author_id_basis"]) == (None, None)


@pytest.mark.parametrize(
    ("author", "said", "expected"),
    [
        (AUTHOR, None, True),
        (READER, None, False),
        (Person(None, "김하늘"), None, None),
        (None, None, None),
        (READER, True, True),
        (AUTHOR, False, False),
    ],
)
def test_who_wrote_the_post_is_what_the_page_says_or_ids_prove(
    author: Person | None, said: bool | None, expected: bool | None
) -> None:
    (row,) = read(a_post(), [a_comment(author=author, is_post_author=said)]).comments
    assert row["is_post_author"] is expected


def test_comments_have_the_site_s_ids_or_derived_ones_and_point_to_their_parents() -> None:
    comments = [
        a_comment("하나", native_id="11"),
        a_comment("둘", parent=0, depth=1),
        a_comment("둘", parent=1, depth=2),
        a_comment(None, author=None, status="placeholder", parent=2, depth=3),
    ]
    reading = read(a_post(), comments)
    assert problems(reading) == []
    ids = [row["comment_id"] for row in reading.comments]
    assert ids[0] == "madang:posts-7#11"
    assert ids[1] == PEOPLE.comment_id("madang:posts-7", PEOPLE.author_id("madang", "id", "u-77"), "둘", 1)
    assert ids[2] == ids[1][:-1] + "2"
    assert [row["comment_id_basis"] for row in reading.comments] == ["site", "derived", "derived", "derived"]
    assert [row["parent_id"] for row in reading.comments] == [None, ids[0], ids[1], ids[2]]
    assert [row["position"] for row in reading.comments] == [0, 1, 2, 3]
    assert reading.post["comments_captured"] == 4


def test_a_comment_shown_twice_under_one_native_id_is_one_comment() -> None:
    comments = [
        a_comment("하나", native_id="11"),
        a_comment("둘", native_id="12"),
        a_comment("둘", native_id="12"),
        a_comment("셋", native_id="13", parent=2, depth=1),
    ]
    rows = read(a_post(), comments).comments
    assert [row["comment_id"].partition("#")[2] for row in rows] == ["11", "12", "13"]
    assert [row["position"] for row in rows] == [0, 1, 2]
    assert rows[2]["parent_id"] == "madang:posts-7#12"


def test_two_comments_under_one_native_id_are_both_kept() -> None:
    rows = read(a_post(), [a_comment("하나", native_id="11"), a_comment("둘", native_id="11")]).comments
    assert [row["text"] for row in rows] == ["하나", "둘"]
    assert [row["comment_id_basis"] for row in rows] == ["site", "derived"]


def test_a_derived_id_does_not_hang_on_dates() -> None:
    one, other = (
        read(a_post(), [a_comment(published=Moment(raw))], at=day(number)).comments[0]
        for number, raw in ((0, "3일 전"), (1, "4일 전"))
    )
    assert one["comment_id"] == other["comment_id"]
    assert (one["published_raw"], one["published_at"]) == ("3일 전", None)


def test_half_characters_of_a_page_are_mended() -> None:
    reading = read(a_post(text="눈 \ud83c\udf28 \ud800", title=None), [a_comment("네", native_id="1\udc00")])
    assert problems(reading) == []
    assert reading.post["text"] == "눈 🌨 \ufffd"
    json.dumps([reading.post, reading.comments], ensure_ascii=False).encode()


def test_a_record_of_a_capture_that_the_visit_lacks_is_refused() -> None:
    record = Record("madang.html/1", "urn:uuid:elsewhere", a_post())
    with pytest.raises(ValueError, match="names urn:uuid:elsewhere, which visit visit-1 does not hold"):
        read_rows(record, CLAIM, a_visit(1), Madang(), POLICY)


@given(
    st.lists(
        st.tuples(st.sampled_from(["네", "a@b.kr", None]), st.sampled_from([None, "1", "2"]), st.booleans()),
        max_size=8,
    )
)
def test_every_list_of_comments_gives_distinct_ids_and_sound_rows(
    drawn: list[tuple[str | None, str | None, bool]],
) -> None:
    comments = [
        a_comment(
            text,
            native_id=native,
            author=READER if signed else None,
            status="present" if text else "placeholder",
        )
        for text, native, signed in drawn
    ]
    reading = read(a_post(), comments)
    ids = [row["comment_id"] for row in reading.comments]
    assert len(set(ids)) == len(ids) == reading.post["comments_captured"]
    assert [row["position"] for row in reading.comments] == list(range(len(ids)))
    assert problems(reading) == []


def test_a_comment_says_its_permalink_its_edit_and_how_it_is_known_what_it_answers() -> None:
    first = a_comment(
        url="https://madang.example/@박바다/notes/5",
        edited=Moment("(수정됨)"),
        field_sources=(FieldSource("*", "html", "inferred"),),
    )
    reading = read(
        a_post(section="산책 모임", edited=Moment("수정: 김하늘")),
        [
            first,
            a_comment("저도요.", parent=0, parent_basis="quote", depth=1),
            a_comment("네.", parent_basis="quote"),
        ],
    )
    assert problems(reading) == []
    rows = reading.comments
    assert [row["parent_basis"] for row in rows] == [None, "quote", None]
    assert (rows[0]["edited_at"], rows[0]["edited_raw"]) == (None, "(수정됨)")
    assert rows[0]["url"] == f"https://madang.example/@⟨{rows[0]['author_id']}⟩/notes/5"
    assert rows[0]["field_sources"] == [FieldSourcesStruct(field="*", source="html", confidence="inferred")]
    assert (reading.post["section"], reading.post["edited_raw"]) == (
        "산책 모임",
        f"수정: ⟨{reading.post['author_id']}⟩",
    )


def test_who_is_named_keeps_the_name_in_permalinks() -> None:
    policy = replace(POLICY, names="named")
    reading = read(a_post(), [a_comment(url="https://madang.example/@박바다/notes/5")], policy=policy)
    assert reading.comments[0]["url"] == "https://madang.example/@박바다/notes/5"
