"""Themes that mark comments otherwise, on a real WordPress: words without names, and the counts that the server has."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import datasets
import pytest

from tests.commands import postkeep
from tests.slow.test_wordpress import begin, plain
from tests.slow.wordpress import WordPress, serving

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wordpress(shared: Path) -> Iterator[WordPress]:
    with serving(shared, port=8821) as server:
        yield server


@pytest.fixture(scope="module", params=["odd1", "odd2"])
def tables(
    request: pytest.FixtureRequest,
    wordpress: WordPress,
    shared: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, list[dict[str, Any]]]:
    """The posts and comments of a crawl of the seeded blog in a theme."""
    place = tmp_path_factory.mktemp(request.param)
    begin(place / "archive")
    with wordpress.in_theme(shared / "testbed" / "wordpress-odd" / "themes", request.param):
        postkeep(
            "crawl", *(post["url"] for post in wordpress.truth), "--archive", str(place / "archive"), *wordpress.reaching
        )  # fmt: skip
    postkeep("export", str(place / "dataset"), "--archive", str(place / "archive"))
    return {
        name: list(datasets.load_dataset(str(place / "dataset"), name, split="train"))
        for name in ("posts", "comments")
    }


def seeded(wordpress: WordPress) -> dict[str, dict[str, Any]]:
    """The posts that everybody may read, by their ids."""
    return {f"127.0.0.1:posts-{post['id']}": post for post in wordpress.truth if not post["members_only"]}


def test_every_post_has_its_words_and_the_heading_of_its_own(
    tables: dict[str, list[dict[str, Any]]], wordpress: WordPress
) -> None:
    posts = {row["post_id"]: row for row in tables["posts"]}
    for post_id, truth in seeded(wordpress).items():
        assert plain(posts[post_id]["title"]) == plain(truth["title"])
        for paragraph in truth["paragraphs"]:
            assert plain(paragraph) in plain(posts[post_id]["text"])


def test_words_of_comments_are_what_was_written_and_nothing_of_the_theme(
    tables: dict[str, list[dict[str, Any]]], wordpress: WordPress
) -> None:
    """A comment may be missing where the theme gives no hold; then it is counted, never half read."""
    written = {
        f"{post_id}#{comment['id']}": comment
        for post_id, post in seeded(wordpress).items()
        for comment in post["comments"]
        if comment["in_html"]
    }
    rows = {row["comment_id"]: row for row in tables["comments"]}
    assert rows.keys() == written.keys()
    for comment_id, row in rows.items():
        assert plain(row["text"]).split() == plain(written[comment_id]["text"]).split()
        assert row["author_name"] == written[comment_id]["author"]


def test_counts_are_those_of_the_server(
    tables: dict[str, list[dict[str, Any]]], wordpress: WordPress
) -> None:
    posts = {row["post_id"]: row for row in tables["posts"]}
    for post_id, truth in seeded(wordpress).items():
        row, shown = posts[post_id], sum(comment["in_html"] for comment in truth["comments"])
        assert row["comments_declared"] == truth["comment_count"]
        assert row["comments_captured"] == shown
        assert row["access"] == ("full" if shown == truth["comment_count"] else "partial")
