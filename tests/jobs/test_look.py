"""What a name means to ``show``, and what ``list`` chooses, on records of a made-up site."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scraper.archive.lock import Lock
from scraper.errors import UsageError
from scraper.jobs.look.listing import Choice, listed_posts
from scraper.jobs.look.thread import thread_of
from scraper.model.site import Claim
from scraper.records.reading import Reading
from scraper.records.store import RecordStore
from scraper.records.stored_rows import address_digest
from tests.records.samples import a_comment, a_post, day, read

Fill = Callable[..., None]


def reading(post_id: str, number: int, **columns: Any) -> Reading:
    """A visit to a post; ``columns`` take the place of those of its row."""
    claim = Claim(post_id, f"https://{post_id.partition(':')[0]}/p/{post_id.rpartition('-')[2]}")
    whole = read(a_post(), [a_comment("하나", native_id="1")], number=number, at=day(number), claim=claim)
    return replace(whole, post=whole.post | columns, address=address_digest(claim.url))  # type: ignore[arg-type]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / "postkeep.toml").write_text("")
    return tmp_path


@pytest.fixture
def fill(archive: Path) -> Fill:
    def put(*readings: Reading, held: tuple[str, ...] = ()) -> None:
        with RecordStore(archive / "records.sqlite", "f") as store:
            for each in readings:
                assert store.put(each) == ()
            store.hold(held)

    return put


def post_of(name: str, archive: Path) -> str:
    return thread_of(name, archive)["post"]["post_id"]


def test_a_name_that_several_posts_end_with_names_them(archive: Path, fill: Fill) -> None:
    fill(*(reading(f"{host}.example:posts-7", number) for number, host in enumerate("abcdefghijkl", start=1)))
    with pytest.raises(UsageError) as error:
        thread_of("7", archive)
    assert "7 can be 12 posts" in str(error.value)
    assert "a.example:posts-7, b.example:posts-7" in str(error.value)
    assert "and 2 more" in str(error.value)
    assert post_of("l.example:posts-7", archive) == "l.example:posts-7"


def test_the_end_of_an_id_begins_at_a_mark(archive: Path, fill: Fill) -> None:
    fill(reading("a.example:posts-17", 1), reading("a.example:blog/posts-7", 2))
    assert post_of("7", archive) == "a.example:blog/posts-7"
    assert post_of("posts-7", archive) == "a.example:blog/posts-7"
    assert post_of("17", archive) == "a.example:posts-17"


def test_a_former_id_leads_to_the_id_of_today(archive: Path, fill: Fill) -> None:
    former = {"a.example:posts-7": frozenset({"a.example:0123456789abcdef"})}
    fill(replace(reading("a.example:posts-7", 1), former=former))
    assert post_of("a.example:0123456789abcdef", archive) == "a.example:posts-7"


def test_a_post_is_shown_by_its_canonical_url_too(archive: Path, fill: Fill) -> None:
    fill(replace(reading("a.example:posts-7", 1), address=address_digest("https://a.example/?p=7")))
    assert post_of("https://a.example/?p=7", archive) == "a.example:posts-7"
    assert post_of("https://a.example/p/7#comment-1", archive) == "a.example:posts-7"
    assert thread_of("https://a.example/p/7#comment-1", archive)["comment_id"] == "a.example:posts-7#1"
    assert thread_of("https://a.example/p/7#top", archive)["comment_id"] is None


def test_what_is_held_back_is_said_to_be(archive: Path, fill: Fill) -> None:
    fill(reading("a.example:posts-7", 1), held=("visit-1",))
    with pytest.raises(UsageError, match="postkeep drift"):
        thread_of("a.example:posts-7", archive)
    with Lock(archive), pytest.raises(UsageError, match="still at work"):
        thread_of("a.example:posts-7", archive)
    assert not list(listed_posts(archive, Choice()))


@pytest.mark.parametrize(
    ("month", "ids"),
    [
        ("2023-05", ["a.example:posts-1"]),
        ("2023", ["a.example:posts-1", "a.example:posts-2"]),
        ("undated", ["a.example:posts-3"]),
        ("2023-01", []),
    ],
)
def test_a_post_whose_year_alone_is_known_is_of_no_month(
    month: str, ids: list[str], archive: Path, fill: Fill
) -> None:
    fill(
        reading("a.example:posts-1", 1, published_at="2023-05-31T23:59:59Z", published_precision="second"),
        reading("a.example:posts-2", 2, published_at="2023-01-01T00:00:00Z", published_precision="year"),
        reading(
            "a.example:posts-3",
            3,
            published_at=None,
            published_precision=None,
            published_raw=None,
            published_zone=None,
            published_zone_basis=None,
        ),
    )
    chosen = Choice(months=(month,))
    assert [post.post_id for post in listed_posts(archive, chosen)] == ids
