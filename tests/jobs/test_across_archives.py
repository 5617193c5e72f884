"""Who asks in one of several archives that share a key is left out of all that is made of them, under whatever id the others know it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.jobs.forget import forget
from scraper.jobs.merge import merge
from scraper.jobs.publication.export import export
from scraper.jobs.workplace import Workplace
from tests.clock import VirtualClock
from tests.field.blogs import GENERATOR
from tests.jobs.rows import read_rows
from tests.jobs.workplaces import workplace_at
from tests.replica import v1
from tests.replica.content import load_community
from tests.takedown.archives import SITE, community_posts, keep_page, url_of, writing
from tests.takedown.searching import places_of

pytestmark = pytest.mark.thorough

POSTS = [post for post in community_posts() if post.by][:3]
BLOG_URL = "https://blog.example/snow/"
WORDS = "저는 이 글을 지워 달라고 부탁한 사람이고 여기에 이 글을 썼습니다"


def blog(head: str) -> bytes:
    """A post of a weblog, whose platform only ``head`` tells."""
    return (
        f'<!doctype html><html lang="ko"><head>{head}<title>눈 오는 날</title></head><body class="single single-post postid-4">'
        f'<article><h1 class="entry-title">눈 오는 날</h1><div class="entry-content"><p>{WORDS}.</p><p>{WORDS}, 두 번째로.</p></div>'
        "</article></body></html>"
    ).encode()


@pytest.fixture
def archives(tmp_path: Path) -> list[Workplace]:
    one, two = (workplace_at(tmp_path / name, VirtualClock()) for name in ("one", "two"))
    keep_page_of(one, 0, 1)
    keep_page_of(one, 1, 2)
    keep_page_of(two, 1, 3)
    keep_page_of(two, 2, 4)
    return [one, two]


def keep_page_of(place: Workplace, number: int, minute: int) -> None:
    post = POSTS[number]
    with writing(place) as archive:
        keep_page(archive, url_of(post), v1.post_page(load_community(), post, v1.Build()).encode(), minute)


def opted_out(place: Workplace, line: str) -> Workplace:
    (place.folder / "opt-out.txt").write_text(f"{line}\n", encoding="utf-8")
    return replace(place, settings=replace(place.settings, opt_out="opt-out.txt"))


def authors_in(folder: Path) -> set[str | None]:
    rows = read_rows(folder)
    return {row["author_id"] for config in ("posts", "comments") for row in rows.get(config, [])}


def merged(archives: Sequence[Workplace], folder: Path) -> Path:
    assert merge(archives, folder).exit_code == 0
    return folder


@pytest.mark.parametrize("basis", ["pseudonym", "name", "profile", "native id"])
def test_a_person_who_opted_out_of_one_is_left_out_of_what_all_are_merged_to(
    archives: list[Workplace], tmp_path: Path, basis: str
) -> None:
    his = POSTS[2].by
    assert his
    before = read_rows(merged(archives, tmp_path / "before"))
    (own,) = [row for row in before["posts"] if row["url"] == url_of(POSTS[2])]
    lines = {
        "pseudonym": own["author_id"],
        "name": his.name,
        "profile": f"{SITE}/profiles/{his.profile_id}",
        "native id": str(his.profile_id),
    }
    first = opted_out(archives[0], lines[basis])
    assert own["author_id"] not in authors_in(merged([first, archives[1]], tmp_path / "merged"))
    assert own["author_id"] not in authors_in(merged([archives[1], first], tmp_path / "turned"))


@pytest.mark.parametrize("turned", [False, True])
def test_a_post_that_one_took_down_goes_from_another_that_never_saw_whose_platform_it_is(
    tmp_path: Path, *, turned: bool
) -> None:
    one, two = (workplace_at(tmp_path / name, VirtualClock()) for name in ("one", "two"))
    heads = (GENERATOR, "")
    for place, head, minute in zip((one, two), heads[::-1] if turned else heads, (1, 2), strict=True):
        with writing(place) as archive:
            keep_page(archive, BLOG_URL, blog(head), minute)
        keep_page_of(place, 0, minute + 5)
    ids = {row["post_id"] for row in read_rows(merged([one, two], tmp_path / "merged"))["posts"]}
    assert len(ids) == 3
    forget(BLOG_URL, one, reason="Asked")
    merged([one, two], tmp_path / "merged")
    assert not places_of(tmp_path / "merged", WORDS)
    assert len(read_rows(tmp_path / "merged")["posts"]) == 1


def test_a_post_that_was_taken_down_does_not_come_back_from_a_page_that_hides_its_platform(
    tmp_path: Path,
) -> None:
    place = workplace_at(tmp_path / "one", VirtualClock())
    keep_page_of(place, 0, 1)
    with writing(place) as archive:
        keep_page(archive, BLOG_URL, blog(GENERATOR), 1)
    forget(BLOG_URL, place, reason="Asked")
    with writing(place) as archive:
        keep_page(archive, BLOG_URL, blog(""), 9)
    export(tmp_path / "dataset", place)
    assert len(read_rows(tmp_path / "dataset")["posts"]) == 1


def test_a_takedown_spares_the_other_posts_of_a_site_that_calls_its_home_page_canonical_on_each(
    tmp_path: Path,
) -> None:
    place = workplace_at(tmp_path / "one", VirtualClock())
    head = f'{GENERATOR}<link rel="canonical" href="https://blog.example/">'
    theirs = "다른 사람이 같은 블로그에 올린 글이고 아무도 지워 달라고 한 적이 없습니다"
    other = blog(head).replace(b"postid-4", b"postid-5").replace(WORDS.encode(), theirs.encode())
    with writing(place) as archive:
        keep_page(archive, BLOG_URL, blog(head), 1)
        keep_page(archive, "https://blog.example/rain/", other, 2)
    forget("blog.example:posts-4", place, reason="Asked")
    with writing(place) as archive:
        keep_page(archive, BLOG_URL, blog(head.removeprefix(GENERATOR)), 9)
    export(tmp_path / "dataset", place)
    assert [row["post_id"] for row in read_rows(tmp_path / "dataset")["posts"]] == ["blog.example:posts-5"]
