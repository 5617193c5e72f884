"""Posts of a platform: no URL names its software, so the page tells. Over real sockets, from a WordPress of our own words."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scraper.archive.check import check
from scraper.archive.read import open_to_read
from scraper.jobs.crawl import crawl
from scraper.jobs.extract import extract
from scraper.jobs.strangers import MOST_IN_VAIN
from scraper.model.outcome import Item
from scraper.records.store import Records
from tests.clock import VirtualClock
from tests.jobs.workplaces import workplace_at
from tests.replica import routes
from tests.replica.routes import Answer
from tests.replica.server import Replica
from tests.replica.wordpress import ENTRIES, HOST, SITE

GARDEN, MEMBERS, WALK = (SITE + entry.path for entry in ENTRIES)
Pages = dict[str, Answer]


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Pages:
    """Answers by path and query, that the host gives instead of its own."""
    served: Pages = {}
    own: Callable[[str, str], Answer] = routes._blog

    def blog(path: str, query: str) -> Answer:
        return served.get(f"{path}?{query}" if query else path) or own(path, query)

    monkeypatch.setattr(routes, "_blog", blog)
    return served


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica() as served:
        yield served


def crawled(
    tmp_path: Path, replica: Replica, *targets: str, max_posts: int | None = None
) -> tuple[Item, ...]:
    workplace = workplace_at(tmp_path / "archive", VirtualClock(), replica)
    return crawl(targets, workplace, max_posts).items


def told(items: tuple[Item, ...]) -> list[tuple[str, str, str | None]]:
    return [(item.target, item.outcome, item.post_id) for item in items]


def asked(replica: Replica) -> list[str]:
    """The pages that were asked for, the files about rules aside."""
    return [
        request.target
        for request in replica.log
        if request.target not in {"/robots.txt", "/.well-known/tdmrep.json"}
    ]


def html(body: str, status: int = 200) -> Answer:
    return Answer(status, (("content-type", "text/html; charset=utf-8"),), body.encode())


def xml(body: str) -> Answer:
    return Answer(200, (("content-type", "text/xml"),), body.encode())


def sitemap(*urls: str) -> Answer:
    return xml("<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in urls) + "</urlset>")


EVERY = [
    (GARDEN, "done", f"{HOST}:posts-21"),
    (MEMBERS, "done", f"{HOST}:posts-34"),
    (WALK, "done", f"{HOST}:posts-40"),
]


def test_a_post_is_told_by_its_page_and_asked_for_once(tmp_path: Path, replica: Replica) -> None:
    assert told(crawled(tmp_path, replica, GARDEN)) == EVERY[:1]
    assert asked(replica) == ["/2026/03/window-garden/", "/2026/03/window-garden/comment-page-2/"]
    assert check(tmp_path / "archive") == []
    with Records.open_to_read(tmp_path / "archive" / "records.sqlite") as records:
        (post,) = records.rows("posts")
        assert (post["site"], post["platform"], post["url"]) == (HOST, "wordpress", GARDEN)
        assert [row["comment_id"].rpartition("#")[2] for row in records.rows("comments")] == [
            "301", "302", "304", "303", "309",
        ]  # fmt: skip


@pytest.mark.parametrize(
    "target",
    [
        f"{GARDEN}#comments",
        f"{GARDEN}?replytocom=301#respond",
        f"{GARDEN}comment-page-2/#comments",
        f"{GARDEN}?utm_source=letter&cpage=2",
        f"{SITE}/?p=21",
    ],
)
def test_every_way_to_a_post_is_that_post(tmp_path: Path, replica: Replica, target: str) -> None:
    (item,) = crawled(tmp_path, replica, target)
    assert (item.outcome, item.post_id) == ("done", f"{HOST}:posts-21")
    with Records.open_to_read(tmp_path / "archive" / "records.sqlite") as records:
        (post,) = records.rows("posts")
        assert (post["url"], post["comments_captured"]) == (GARDEN, 5)


@pytest.mark.parametrize(
    ("target", "posts"),
    [("/wp-sitemap.xml", EVERY), ("/feed/", EVERY[::-1]), ("/", EVERY[::-1])],
    ids=["sitemap", "feed", "listing"],
)
def test_lists_lead_to_posts(
    tmp_path: Path, replica: Replica, target: str, posts: list[tuple[str, str, str]]
) -> None:
    items = crawled(tmp_path, replica, SITE + target)
    assert told(tuple(item for item in items if item.post_id)) == posts
    fetched = asked(replica)
    assert len(fetched) == len(set(fetched))
    assert not [path for path in fetched if "category" in path or "author" in path or "users" in path]


def test_what_a_sitemap_index_leaves_alone_is_said(tmp_path: Path, replica: Replica) -> None:
    said = crawled(tmp_path, replica, f"{SITE}/wp-sitemap.xml")[0]
    assert said.outcome == "done"
    assert said.reason == "It led to 3 posts. Left alone: sitemap of people, categories or tags (2)."


def test_a_page_that_no_site_recognises_is_kept_and_rejected(
    tmp_path: Path, replica: Replica, pages: Pages
) -> None:
    pages["/about"] = html("<!doctype html><title>소개</title><p>손으로 쓴 페이지입니다.</p>")
    (item,) = crawled(tmp_path, replica, f"{SITE}/about")
    assert (item.outcome, item.post_id) == ("rejected", None)
    assert "is kept, but no site that postkeep reads recognises it as a post" in str(item.reason)
    assert asked(replica) == ["/about"]
    workplace = workplace_at(tmp_path / "archive", VirtualClock())
    assert [again.outcome for again in extract(workplace).items] == ["rejected"]
    with open_to_read(tmp_path / "archive") as archive:
        (visit,) = archive.visits()
        assert visit.captures[0].body.startswith(b"<!doctype html>")


def test_a_post_that_is_gone_is_rejected_by_its_status(tmp_path: Path, replica: Replica) -> None:
    (item,) = crawled(tmp_path, replica, f"{SITE}/2020/01/no-such/")
    assert item.outcome == "rejected"
    assert str(item.reason).endswith("answered with HTTP status 404, so there is no post to read.")


def test_a_host_that_nobody_knows_is_not_visited_in_vain_for_long(
    tmp_path: Path, replica: Replica, pages: Pages
) -> None:
    names = [f"/p{number}" for number in range(20)]
    pages |= {name: html("<p>아무것도 아닌 페이지</p>") for name in names}
    pages["/map.xml"] = sitemap(*(SITE + name for name in names))
    items = crawled(tmp_path, replica, f"{SITE}/map.xml")
    outcomes = [item.outcome for item in items]
    assert outcomes.count("rejected") == MOST_IN_VAIN
    assert outcomes.count("skipped") == len(names) - MOST_IN_VAIN
    assert asked(replica) == ["/map.xml", *names[:MOST_IN_VAIN]]


def test_pages_of_other_hosts_in_a_list_are_left_alone(
    tmp_path: Path, replica: Replica, pages: Pages
) -> None:
    pages["/map.xml"] = sitemap(WALK, "https://elsewhere.example/post")
    items = crawled(tmp_path, replica, f"{SITE}/map.xml")
    assert items[0].reason == "It led to 1 posts. Left alone: page on another host (1)."
    assert told(items[1:]) == EVERY[2:]
