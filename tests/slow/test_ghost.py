"""A real Ghost, crawled by its sitemap with politeness on, against what it was seeded with."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import datasets
import pytest

from tests.commands import postkeep, postkeep_json
from tests.slow.ghost import Ghost, serving
from tests.slow.test_wordpress import begin

pytestmark = pytest.mark.slow

Row = dict[str, Any]


@pytest.fixture(scope="module")
def server(shared: Path) -> Iterator[Ghost]:
    with serving(shared) as ghost:
        yield ghost


@pytest.fixture(scope="module")
def crawled(server: Ghost, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Row]:
    """The archive of one crawl of the sitemap, and what the crawl said."""
    folder = tmp_path_factory.mktemp("ghost") / "archive"
    begin(folder)
    target = f"{server.site}/sitemap.xml"
    return folder, postkeep_json("crawl", target, "--archive", str(folder), *server.reaching)


@pytest.fixture(scope="module")
def dataset(crawled: tuple[Path, Row], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "dataset"
    postkeep("export", str(folder), "--archive", str(crawled[0]))
    return folder


def rows(dataset: Path, config: str) -> list[Row]:
    return list(datasets.load_dataset(str(dataset), config, split="train"))


def post_id(truth: Row) -> str:
    return f"127.0.0.1:posts-{truth['slug']}"


def shown(truth: Row) -> list[Row]:
    """The comments that the page of a post shows: none behind a gate, and none that was hidden."""
    if truth["members_only"]:
        return []
    return [comment for comment in truth["comments"] if comment.get("deleted_kind") != "hidden"]


def in_page_order(comments: list[Row]) -> list[str]:
    """The ids of comments as the page has them: the newest first, and below each its replies, the oldest first."""
    top = [each for each in comments if each["parent"] is None]
    return [
        each["id"]
        for above in reversed(top)
        for each in (above, *(reply for reply in comments if reply["parent"] == above["id"]))
    ]


def test_every_post_of_the_sitemap_is_read_and_the_rest_is_left_alone(
    crawled: tuple[Path, Row], server: Ghost
) -> None:
    items = crawled[1]["items"]
    assert {item["outcome"] for item in items} == {"done"}
    done = {item["target"]: item["post_id"] for item in items if item["post_id"]}
    assert done == {truth["url"]: post_id(truth) for truth in server.truth}
    assert items[0]["reason"].endswith("Left alone: front page (1), sitemap of people or tags (2).")


def test_the_ledger_is_judged_green_and_comments_of_gated_posts_were_not_asked_for(
    crawled: tuple[Path, Row], server: Ghost
) -> None:
    folder = crawled[0]
    postkeep("check", "--archive", str(folder))
    postkeep("check", "--politeness", "--archive", str(folder))
    ledger = "".join(
        path.read_text(encoding="utf-8") for path in sorted((folder / "ledger").rglob("*.jsonl"))
    )
    for truth in server.truth:
        assert (f"/members/api/comments/post/{truth['id']}/" in ledger) != truth["members_only"]


def test_every_post_is_what_was_seeded(dataset: Path, server: Ghost) -> None:
    posts = {row["post_id"]: row for row in rows(dataset, "posts")}
    assert posts.keys() == set(map(post_id, server.truth))
    for truth in server.truth:
        post = posts[post_id(truth)]
        assert (post["platform"], post["url"], post["title"]) == ("ghost", truth["url"], truth["title"])
        assert (post["author_name"], post["tags"]) == (truth["author"], truth["tags"])
        assert post["published_at"] == datetime.fromisoformat(truth["published"])
        edited = truth["edited"] and datetime.fromisoformat(truth["edited"])
        assert post["edited_at"] == edited
        public = "\n\n".join(truth["public_paragraphs"]) or None
        code = f"\n\n```\n{truth['code'].rstrip()}\n```" if truth["code"] else ""
        assert post["text"] == (public and public + code)


def test_a_gate_is_told_and_none_of_its_words_is_in_a_text(dataset: Path, server: Ghost) -> None:
    posts = {row["post_id"]: row for row in rows(dataset, "posts")}
    for truth in server.truth:
        post = posts[post_id(truth)]
        has_preview = bool(truth["public_paragraphs"])
        open_access = "partial" if has_preview else "gated"
        assert post["access"] == (open_access if truth["members_only"] else "full")
        assert [each["rule"] for each in post["removed"] or []] == (
            ["ghost.upgrade-call"] if truth["members_only"] else []
        )


def test_every_comment_is_what_was_seeded(dataset: Path, server: Ghost) -> None:
    comments = {row["comment_id"]: row for row in rows(dataset, "comments")}
    truths = {f"{post_id(post)}#{each['id']}": (post, each) for post in server.truth for each in shown(post)}
    assert comments.keys() == truths.keys()
    for comment_id, (post, truth) in truths.items():
        comment = comments[comment_id]
        parent = truth["logical_parent"] and f"{post_id(post)}#{truth['logical_parent']}"
        assert comment["parent_id"] == parent
        if truth["deleted"]:
            assert (comment["status"], comment["text"], comment["author_name"]) == ("placeholder", None, None)
            continue
        assert (comment["status"], comment["author_name"]) == ("present", truth["author"])
        assert comment["published_at"] == datetime.fromisoformat(truth["published"])
        assert comment["text"].replace("\n\n", "\n") == truth["text"]


def test_comments_stand_as_the_page_has_them_and_as_many_as_it_declares(dataset: Path, server: Ghost) -> None:
    comments, posts = rows(dataset, "comments"), {row["post_id"]: row for row in rows(dataset, "posts")}
    for truth in server.truth:
        own = [row for row in comments if row["post_id"] == post_id(truth)]
        own.sort(key=lambda row: row["position"])
        expected = in_page_order(shown(truth))
        assert [row["comment_id"].partition("#")[2] for row in own] == expected
        post = posts[post_id(truth)]
        if not truth["members_only"]:
            assert (post["comments_declared"], post["comments_captured"]) == (len(expected), len(expected))


def test_a_feed_a_tag_and_an_author_lead_to_posts(server: Ghost, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    begin(folder)
    truth = server.truth[0]
    lists = (f"{server.site}/author/{truth['author_key']}/", f"{server.site}/rss/")
    answer = postkeep_json("crawl", *lists, "--archive", str(folder), *server.reaching)
    done = {item["post_id"] for item in answer["items"] if item["post_id"]}
    assert {post_id(each) for each in server.truth if each["author_key"] == truth["author_key"]} <= done
