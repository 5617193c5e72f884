"""Several archives' records read as one: as if one archive had made every visit, in whatever order they are given."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model.site import Claim
from scraper.records.forgetting import all_without_forgotten
from scraper.records.history import PostRows
from scraper.records.joined import JoinedRecords
from scraper.records.reading import Departure, Reading
from scraper.records.store import RecordStore
from scraper.records.stored_rows import address_digest
from tests.examples import examples
from tests.records.samples import AUTHOR, READER, a_comment, a_post, counts, day, read

Visited = Reading | Departure


def reading(native: int, number: int, text: str, at: int | None, comments: Sequence[str] = ()) -> Reading:
    claim = Claim(f"madang:posts-{native}", f"https://madang.example/posts/{native}")
    return read(
        a_post(text, counts=counts(views=number)),
        [a_comment(each) for each in comments],
        number=number,
        at=None if at is None else day(at),
        claim=claim,
    )


def departure(native: int, number: int, at: int) -> Departure:
    return Departure(
        f"madang:posts-{native}", f"gone-{number}", number, day(at), "observed", "gone", f"urn:{number}", "sha256:0", "It is gone."
    )  # fmt: skip


def joined(archives: Sequence[Sequence[Visited]], place: Path) -> list[PostRows]:
    with TemporaryDirectory(dir=place) as folder, ExitStack() as opened:
        stores = []
        for number, visits in enumerate(archives):
            store = opened.enter_context(RecordStore(Path(folder, f"{number}.sqlite"), "f"))
            for each in visits:
                if isinstance(each, Reading):
                    assert store.put(each) == ()
                else:
                    store.put_departure(each)
            stores.append(store)
        records = JoinedRecords(stores)
        posts = list(records.posts())
        assert [post.post["post_id"] for post in posts] == list(records.post_ids())
        assert records.post_count() == len(posts)
        return posts


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where stores may lie for a while."""
    return tmp_path_factory.mktemp("joined")


# Visits of a few posts at a few moments, some of them of unknown time: most of them tie with another.
moments = st.one_of(st.none(), st.integers(1, 3))
texts = st.sampled_from(["처음", "고침", "다시 고침"])
details = st.tuples(
    st.integers(1, 3), moments, texts, st.lists(st.sampled_from(["가", "나", "다"]), max_size=3)
)


@st.composite
def archives_of_visits(draw: st.DrawFn) -> tuple[list[list[Visited]], list[int]]:
    """Archives that share some visits, and an order to give them in."""
    visits: list[Visited] = [
        replace(reading(native, number, text, at, comments), sequence=draw(st.integers(1, 3)))
        for number, (native, at, text, comments) in enumerate(draw(st.lists(details, max_size=7)), 1)
    ]
    visits += [departure(draw(st.integers(1, 3)), 90, 2)] if draw(st.booleans()) else []
    archives: list[list[Visited]] = [[], [], []]
    for visit in visits:
        for number in draw(st.sets(st.integers(0, 2), min_size=1)):
            archives[number].append(visit)
    return archives, draw(st.permutations(range(3)))


@examples(20)
@given(world=archives_of_visits())
def test_joined_archives_are_as_one_that_made_all_visits_in_whatever_order_they_are_given(
    place: Path, world: tuple[list[list[Visited]], list[int]]
) -> None:
    archives, order = world
    everything = [list({each.visit_id: each for archive in archives for each in archive}.values())]
    as_given = joined(archives, place)
    assert as_given == joined([archives[number] for number in order], place) == joined(everything, place)


def test_a_departure_that_another_archive_saw_counts(place: Path) -> None:
    (post,) = joined([[reading(1, 1, "글", 1)], [departure(1, 2, 2)]], place)
    assert (post.post["status"], post.post["text"]) == ("gone", None)
    assert joined([[], [departure(1, 2, 2)]], place) == []


def test_of_copies_of_one_visit_the_one_that_shows_least_counts(place: Path) -> None:
    whole = reading(1, 1, "글", 1, ["가", "나"])
    less = replace(whole, comments=whole.comments[:1], left_out=1)
    for archives in ([[whole], [less]], [[less], [whole]]):
        (post,) = joined(archives, place)
        assert [row["text"] for row in post.comments] == ["가"]


def test_what_is_forgotten_goes_from_every_reading_whatever_id_that_knows_it_by() -> None:
    derived = read(a_post(), [a_comment("지울 말"), a_comment("남을 말", author=AUTHOR)], number=1, at=day(1))
    native = read(
        a_post(),
        [a_comment("지울 말", native_id="5"), a_comment("남을 말", author=AUTHOR)],
        number=2,
        at=day(2),
    )
    site_id, derived_id = native.comments[0]["comment_id"], derived.comments[0]["comment_id"]
    assert site_id != derived_id
    for forgotten in (site_id, derived_id):
        kept = all_without_forgotten([native, derived], {forgotten})
        assert [[row["text"] for row in each.comments] for each in kept] == [["남을 말"], ["남을 말"]]
        assert [each.left_out for each in kept] == [1, 1]


def test_a_post_goes_with_all_its_readings_where_any_names_who_is_forgotten() -> None:
    by_author, by_reader = read(a_post(), number=1), read(a_post(author=READER), number=2)
    assert all_without_forgotten([by_author, by_reader], {str(by_reader.post["author_id"])}) == []
    assert all_without_forgotten([by_author, by_reader], {by_reader.post_id}) == []
    assert all_without_forgotten([by_author, by_reader], {"madang:posts-8"}) == [by_author, by_reader]


def test_ids_of_before_lead_to_those_of_today_in_whatever_archive_knows_them(place: Path) -> None:
    renamed = replace(
        reading(1, 1, "글", 1),
        former={"madang:posts-1": frozenset({"madang.example:old"})},
        address=address_digest("https://madang.example/posts/1?from=list"),
    )
    with TemporaryDirectory(dir=place) as folder, ExitStack() as opened:
        stores = [
            opened.enter_context(RecordStore(Path(folder, f"{number}.sqlite"), "f")) for number in range(2)
        ]
        stores[1].put(renamed)
        records = JoinedRecords(stores)
        former = {"madang.example:old", "madang.example:old#5"}
        assert records.ids_today(former) == {"madang:posts-1", "madang:posts-1#5"}
        assert records.former_ids("madang:posts-1") == {"madang.example:old"}
        assert records.post_at("https://madang.example/posts/1?from=list") == {"madang:posts-1"}
