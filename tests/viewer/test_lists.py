"""Lists: every post in all lists that it belongs to, and pages that stay when posts come."""

import re
from pathlib import Path
from typing import Final

import pytest

from scraper.viewer.paths import ALL_POSTS, list_path, month_list, post_path, site_list, state_list
from scraper.viewer.post import PostView
from tests.dataset.rows import comment, post
from tests.viewer.rows import view_of, write

_FULL: Final = {"access": "full", "access_evidence": []}


def made(count: int) -> list[PostView]:
    """So many posts, an hour apart."""
    return [
        view_of(post(f"example.org:posts-{number:04}", f"2022-{1 + number // 600:02}-{1 + number % 600 // 24:02}T{number % 24:02}:00:00Z"))
        for number in range(count)
    ]  # fmt: skip


def listed(folder: Path, path: str) -> list[str]:
    """The posts that a page of a list leads to, in its order."""
    page = (folder / path).read_text(encoding="utf-8")
    return re.findall(r'posts/[0-9a-f]{2}/([^"]*)\.html', page)


def names(views: list[PostView]) -> list[str]:
    return [post_path(view.rows.post["post_id"]).rpartition("/")[2].removesuffix(".html") for view in views]


def test_a_list_has_every_post_once_the_newest_first_and_its_full_pages_stay(tmp_path: Path) -> None:
    views = made(350)
    write(tmp_path, views[:345])
    pages = [list_path(ALL_POSTS), list_path(ALL_POSTS, 2), list_path(ALL_POSTS, 1)]
    assert [post for page in pages for post in listed(tmp_path, page)] == names(views[:345])[::-1]
    full = [(tmp_path / page).read_bytes() for page in pages[1:]]
    write(tmp_path, views)
    assert [(tmp_path / page).read_bytes() for page in pages[1:]] == full
    assert [post for page in pages for post in listed(tmp_path, page)] == names(views)[::-1]


def test_a_post_is_in_the_lists_of_its_site_month_and_states(tmp_path: Path) -> None:
    deleted = {"status": "absent", "status_at": "2023-02-01T10:00:00Z", "text": None, "language": None}
    one = view_of(post("a.example:posts-1", revision=2), [comment("a.example:posts-1", 0, **deleted)])
    other = view_of(post("b.example:posts-2", None, **_FULL))
    write(tmp_path, [one, other])
    places = {
        site_list("a.example"): [one],
        site_list("b.example"): [other],
        month_list("2022-10"): [one],
        month_list("undated"): [other],
        state_list("access-partial"): [one],
        state_list("access-full"): [other],
        state_list("edited"): [one],
        state_list("with-deleted-comments"): [one],
    }
    for folder, views in places.items():
        assert listed(tmp_path, list_path(folder)) == names(views)
    assert not (tmp_path / state_list("access-gated")).exists()
    home = (tmp_path / "index.html").read_text(encoding="utf-8")
    for folder in places:
        assert list_path(folder) in home


@pytest.mark.thorough
def test_the_home_page_stays_small_whatever_the_archive_holds(tmp_path: Path) -> None:
    views = [
        view_of(post(f"{'many-sites-' * 5}{number}.example:posts-{number}", f"{1900 + number // 2}-01-01T00:00:00Z", title="긴 제목 " * 60))
        for number in range(400)
    ]  # fmt: skip
    write(tmp_path, views)
    assert (tmp_path / "index.html").stat().st_size < 200_000


def test_paths_are_safe_on_every_file_system() -> None:
    ids = [
        "con:aux",
        "A:Posts-1",
        "a:posts-1",
        "../../etc/passwd",
        "한글:글",
        "x" * 900,
        'a/b\\c:*?"<>|',
        ".",
        " ",
        "e\u0301",
        "é",
    ]
    paths = [post_path(each) for each in ids]
    assert len({path.lower() for path in paths}) == len(ids)
    for path in paths:
        assert re.fullmatch(r"posts/[0-9a-f]{2}/[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.html", path)
        assert len(path) < 80
