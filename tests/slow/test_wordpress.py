"""A real WordPress, crawled by its sitemap with politeness on, against what it was seeded with."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import datasets
import pytest

from tests.commands import postkeep, postkeep_json
from tests.slow.wordpress import Theme, WordPress, serving

pytestmark = pytest.mark.slow

# robots.txt, its crawl delay and the ledger hold as anywhere; the pause is short because the server is ours.
UNHURRIED = '\n[host."127.0.0.1"]\ndelay = 0.05\n'
TYPOGRAPHY = str.maketrans("“”‘’", "\"\"''")


def begin(folder: Path) -> None:
    """An archive with the names of authors as they are, so that they can be compared."""
    postkeep("init", str(folder), "--contact", "test@example.org")
    settings = folder / "postkeep.toml"
    said = re.sub(r"(?m)^names = .*$", 'names = "named"', settings.read_text(encoding="utf-8"))
    settings.write_text(said + UNHURRIED, encoding="utf-8")


@pytest.fixture(scope="module", params=["twentytwentyone", "twentytwentythree"])
def wordpress(request: pytest.FixtureRequest, shared: Path) -> Iterator[WordPress]:
    theme: Theme = request.param
    with serving(shared, theme) as server:
        yield server


@pytest.fixture(scope="module")
def crawled(wordpress: WordPress, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The archive of one crawl of the sitemap, and what the crawl said."""
    folder = tmp_path_factory.mktemp("wordpress") / "archive"
    begin(folder)
    target = f"{wordpress.site}/wp-sitemap.xml"
    answer = postkeep_json("crawl", target, "--archive", str(folder), *wordpress.reaching)
    return folder, answer


@pytest.fixture(scope="module")
def dataset(crawled: tuple[Path, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "dataset"
    postkeep("export", str(folder), "--archive", str(crawled[0]))
    return folder


def rows(dataset: Path, config: str) -> list[dict[str, Any]]:
    return list(datasets.load_dataset(str(dataset), config, split="train"))


def plain(text: str | None) -> str:
    """A text without its typography: WordPress shows other quotation marks than were typed."""
    return (text or "").translate(TYPOGRAPHY)


def test_every_post_of_the_sitemap_is_read_and_the_rest_is_left_alone(
    crawled: tuple[Path, dict[str, Any]], wordpress: WordPress
) -> None:
    items = crawled[1]["items"]
    done = {item["target"]: item["post_id"] for item in items if item["post_id"]}
    seeded = {post["url"]: f"127.0.0.1:posts-{post['id']}" for post in wordpress.truth}
    assert seeded.items() <= done.items()
    assert {item["outcome"] for item in items} == {"done"}
    assert items[0]["reason"].endswith(
        "Left alone: front page (1), sitemap of people, categories or tags (3)."
    )


def test_the_ledger_is_judged_green(crawled: tuple[Path, dict[str, Any]]) -> None:
    postkeep("check", "--archive", str(crawled[0]))
    postkeep("check", "--politeness", "--archive", str(crawled[0]))


def test_every_post_is_what_was_seeded(dataset: Path, wordpress: WordPress) -> None:
    posts = {row["url"]: row for row in rows(dataset, "posts")}
    for truth in wordpress.truth:
        post = posts[truth["url"]]
        assert post["platform"] == "wordpress"
        assert plain(post["title"]) == plain(truth["title"])
        assert post["author_name"] == truth["author"]
        assert post["published_at"] == datetime.fromisoformat(truth["published"])
        assert {*truth["tags"], truth["category"]} == set(post["tags"])
        if truth["members_only"]:
            assert (post["text"], post["access"]) == (None, "gated")
            assert [removed["rule"] for removed in post["removed"]] == [
                "wordpress.protected-title", "wordpress.password-form",
            ][-len(post["removed"]):]  # fmt: skip
        else:
            for paragraph in truth["paragraphs"]:
                assert plain(paragraph) in plain(post["text"])
            assert truth["code"] is None or truth["code"].strip() in post["text"]


def test_every_comment_in_the_html_is_what_was_seeded(dataset: Path, wordpress: WordPress) -> None:
    comments = {row["comment_id"]: row for row in rows(dataset, "comments")}
    expected = {
        f"127.0.0.1:posts-{post['id']}#{comment['id']}": (post, comment)
        for post in wordpress.truth
        for comment in post["comments"]
        if comment["in_html"]
    }
    assert comments.keys() == expected.keys()
    for comment_id, (post, truth) in expected.items():
        comment = comments[comment_id]
        parent = truth["parent"] and f"127.0.0.1:posts-{post['id']}#{truth['parent']}"
        assert (comment["parent_id"], comment["depth"]) == (parent, truth["depth"])
        assert comment["author_name"] == truth["author"]
        assert comment["published_at"] == datetime.fromisoformat(truth["published"])
        assert plain(comment["text"]).split() == plain(truth["text"]).split()


def test_a_thread_that_is_shorter_than_it_says_is_flagged(dataset: Path, wordpress: WordPress) -> None:
    by_url = {post["url"]: post for post in wordpress.truth}
    for row in rows(dataset, "posts"):
        truth = by_url.get(row["url"])
        shown = sum(comment["in_html"] for comment in truth["comments"]) if truth else 0
        if truth and not truth["members_only"]:
            assert row["comments_captured"] == shown
            assert row["access"] == ("partial" if shown < truth["comment_count"] else "full")


def test_the_server_can_be_changed(wordpress: WordPress, tmp_path: Path) -> None:
    """What tests of refreshing lean on: an edit, a comment more, a comment gone, a lock, a post gone."""
    folder = tmp_path / "archive"
    begin(folder)
    walk, repair, code, bus = wordpress.truth[:4]
    wordpress.edit_post(walk["id"], "<p>고쳐 쓴 글이다.</p>")
    added = wordpress.add_comment(repair["id"], "새 사람", "늦게 단 댓글")
    wordpress.trash_comment(repair["comments"][0]["id"])
    wordpress.set_password(code["id"], "열쇠")
    wordpress.trash_post(bus["id"])
    urls = [post["url"] for post in (walk, repair, code, bus)]
    answer = postkeep_json("crawl", *urls, "--archive", str(folder), *wordpress.reaching, expect=1)
    outcomes = {item["target"]: item["outcome"] for item in answer["items"]}
    assert [outcomes[url] for url in urls] == ["done", "done", "done", "rejected"]
    exported = tmp_path / "dataset"
    postkeep("export", str(exported), "--archive", str(folder))
    posts = {row["url"]: row for row in rows(exported, "posts")}
    assert posts[walk["url"]]["text"] == "고쳐 쓴 글이다."
    assert posts[code["url"]]["access"] == "gated"
    (comment,) = rows(exported, "comments")
    assert (comment["comment_id"], comment["text"]) == (
        f"127.0.0.1:posts-{repair['id']}#{added}",
        "늦게 단 댓글",
    )
