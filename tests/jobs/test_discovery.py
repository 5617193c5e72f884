"""From listings, feeds and sitemaps to posts: over real sockets, from a site of our own under Careerly's name."""

import gzip
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.archive.check import check
from scraper.archive.read import open_to_read
from scraper.jobs.crawl.job import crawl
from scraper.jobs.refresh.job import refresh
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item
from scraper.settings import Settings
from tests.archive.crashing import Crash, CrashingDisk
from tests.clock import VirtualClock
from tests.jobs.workplaces import SETTINGS, workplace_at
from tests.replica import routes
from tests.replica.routes import Answer, Deployment
from tests.replica.server import Replica

SITE = "https://careerly.co.kr"
POSTS = [f"{SITE}/comments/{number}" for number in (70991, 71204, 71655)]
Headers = tuple[tuple[str, str], ...]
Lists = dict[str, Answer]


def xml(body: str, status: int = 200, packed: bool = False) -> Answer:
    data = f'<?xml version="1.0" encoding="UTF-8"?>{body}'.encode()
    return Answer(status, (("content-type", "text/xml"),), gzip.compress(data) if packed else data)


def html(*links: str, following: str | None = None) -> Answer:
    onward = f'<a rel="next" href="{following}">다음</a>' if following else ""
    body = "".join(f'<a href="{link}">글</a>' for link in links) + onward
    return Answer(
        200, (("content-type", "text/html; charset=utf-8"),), f"<!doctype html><body>{body}".encode()
    )


def sitemap(*urls: str, packed: bool = False) -> Answer:
    return xml(
        "<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in urls) + "</urlset>", packed=packed
    )


def index(*urls: str) -> Answer:
    return xml(
        "<sitemapindex>" + "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls) + "</sitemapindex>"
    )


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch) -> Lists:
    """Lists by target, that the replica serves besides its own pages."""
    served: Lists = {}
    own: Callable[..., Answer] = routes._page

    def page(deployment: Deployment, path: str) -> Answer:
        return served.get(path) or own(deployment, path)

    monkeypatch.setattr(routes, "_page", page)
    return served


def place(tmp_path: Path, replica: Replica, settings: Settings = SETTINGS) -> Workplace:
    return replace(workplace_at(tmp_path / "archive", VirtualClock(), replica), settings=settings)


def outcomes(items: Sequence[Item]) -> list[tuple[str, str]]:
    return [(item.target, item.outcome) for item in items]


def asked(replica: Replica, since: int = 0) -> list[str]:
    """The pages that were asked for, the files about rules aside."""
    return [
        request.target
        for request in replica.log[since:]
        if request.target not in {"/robots.txt", "/.well-known/tdmrep.json"}
    ]


def test_a_sitemap_index_leads_to_posts_and_nothing_else_is_fetched(
    tmp_path: Path, lists: Lists, replica: Replica
) -> None:
    lists["/sitemap.xml"] = index(f"{SITE}/one.xml.gz", f"{SITE}/two.xml")
    lists["/one.xml.gz"] = sitemap(POSTS[0], f"{SITE}/jobs/1", f"{POSTS[1]}?utm_source=map", packed=True)
    lists["/two.xml"] = sitemap(POSTS[1], POSTS[2], f"{SITE}/profiles/9")
    report = crawl([f"{SITE}/sitemap.xml"], place(tmp_path, replica))
    assert outcomes(report.items) == [(url, "done") for url in POSTS]
    assert asked(replica) == [
        "/sitemap.xml",
        "/one.xml.gz",
        "/two.xml",
        *(url.removeprefix(SITE) for url in POSTS),
    ]
    assert check(tmp_path / "archive") == []
    with open_to_read(tmp_path / "archive") as archive:
        assert archive.latest(f"{SITE}/two.xml") is not None


def test_a_feed_leads_to_posts_and_a_second_crawl_asks_whether_it_has_changed(
    tmp_path: Path, lists: Lists, replica: Replica
) -> None:
    items = "".join(f"<item><link>{url}</link></item>" for url in POSTS[:2])
    lists["/feed"] = xml(f"<rss><channel>{items}</channel></rss>")
    workplace = place(tmp_path, replica)
    for _ in range(2):
        assert outcomes(crawl([f"{SITE}/feed"], workplace).items) == [(url, "done") for url in POSTS[:2]]
    conditional = [request for request in replica.log if dict(request.headers).get("if-none-match")]
    assert [request.target for request in conditional] == ["/feed", "/comments/70991", "/comments/71204"]


@pytest.mark.parametrize("kind", ["listing", "feed", "sitemap"])
def test_a_refresh_finds_what_is_new_on_a_list_that_it_follows(
    kind: str, tmp_path: Path, lists: Lists, replica: Replica
) -> None:
    def listed(*urls: str) -> Answer:
        items = "".join(f"<item><link>{url}</link></item>" for url in urls)
        feed = xml(f"<rss><channel>{items}</channel></rss>")
        return {"listing": html(*urls), "feed": feed, "sitemap": sitemap(*urls)}[kind]

    workplace = place(tmp_path, replica, replace(SETTINGS, follow=(f"{SITE}/list",)))
    lists["/list"] = listed(*POSTS[:1])
    assert outcomes(refresh(workplace).items) == [(POSTS[0], "done")]
    before = len(replica.log)
    lists["/list"] = listed(*POSTS)
    assert sorted(outcomes(refresh(workplace).items)) == [(url, "done") for url in POSTS[1:]]
    assert set(asked(replica, before)) == {"/list", *(url.removeprefix(SITE) for url in POSTS[1:])}


def test_the_sites_own_listing_leads_to_its_posts(tmp_path: Path, replica: Replica) -> None:
    report = crawl([f"{SITE}/trends"], place(tmp_path, replica), max_posts=2)
    assert [item.outcome for item in report.items if item.post_id] == ["done", "done"]


def test_the_pages_of_a_listing_are_followed_as_far_as_the_settings_say(
    tmp_path: Path, lists: Lists, replica: Replica
) -> None:
    for number, post in enumerate(POSTS):
        lists[f"/list/{number}"] = html(post, following=f"/list/{number + 1}")
    report = crawl([f"{SITE}/list/0"], place(tmp_path, replica, replace(SETTINGS, listing_pages=2)))
    said, *posts = report.items
    assert outcomes(tuple(posts)) == [(url, "done") for url in POSTS[:2]]
    assert said.outcome == "done"
    assert "page beyond listing_pages (1)" in str(said.reason)


def test_a_listing_that_goes_on_without_anything_new_ends(
    tmp_path: Path, lists: Lists, replica: Replica
) -> None:
    for number in range(10):
        lists[f"/list/{number}"] = html(POSTS[0], following=f"/list/{number + 1}")
    report = crawl([f"{SITE}/list/0"], place(tmp_path, replica))
    assert asked(replica) == ["/list/0", "/list/1", "/comments/70991"]
    assert "pages after one without a new post (1)" in str(report.items[0].reason)


def test_traps_are_left_alone_and_said(tmp_path: Path, lists: Lists, replica: Replica) -> None:
    lists["/list"] = html(
        f"{POSTS[0]}#comments", f"{POSTS[0]}?replytocom=3", "/calendar/2031/12", "/comments/71204"
    )
    lists["/map"] = index("https://other.example/sitemap.xml", f"{SITE}/a.xml?PHPSESSID=0123456789abcdef0123")
    report = crawl([f"{SITE}/list", f"{SITE}/map"], place(tmp_path, replica))
    reasons = " ".join(str(item.reason) for item in report.items if item.reason)
    assert "reply link (1)" in reasons
    assert "list on another host (1)" in reasons
    assert "session id (1)" in reasons
    assert asked(replica) == ["/list", "/map", "/comments/70991", "/comments/71204"]


def test_indexes_within_indexes_end(tmp_path: Path, lists: Lists, replica: Replica) -> None:
    for depth in range(9):
        lists[f"/map/{depth}"] = index(f"{SITE}/map/{depth + 1}")
    report = crawl([f"{SITE}/map/0"], place(tmp_path, replica))
    assert asked(replica) == ["/map/0", "/map/1", "/map/2", "/map/3"]
    assert "list too deep below the target (1)" in str(report.items[0].reason)
    assert report.exit_code == 1


def test_a_post_that_is_named_and_found_is_visited_once(
    tmp_path: Path, lists: Lists, replica: Replica
) -> None:
    lists["/list"] = html(POSTS[0], POSTS[1])
    report = crawl([POSTS[0], POSTS[0], f"{SITE}/list"], place(tmp_path, replica))
    assert outcomes(report.items) == [(POSTS[0], "skipped"), (POSTS[0], "done"), (POSTS[1], "done")]


def test_max_posts_ends_the_search_too(tmp_path: Path, lists: Lists, replica: Replica) -> None:
    lists["/sitemap.xml"] = index(f"{SITE}/one.xml", f"{SITE}/two.xml")
    lists["/one.xml"] = sitemap(*POSTS[:2])
    report = crawl([f"{SITE}/sitemap.xml"], place(tmp_path, replica), max_posts=1)
    assert outcomes(report.items) == [(f"{SITE}/sitemap.xml", "done"), (POSTS[0], "done")]
    assert (
        report.items[0].reason
        == "It led to 2 posts. Left alone: further lists, for --max-posts was reached (1), post beyond --max-posts (1)."
    )
    assert asked(replica) == ["/sitemap.xml", "/one.xml", "/comments/70991"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (html("/about"), "It leads to none either."),
        (xml("<opml/>"), "no sitemap and no feed"),
        (Answer(410), "HTTP status 410"),
    ],
)
def test_a_page_that_leads_to_no_post_is_named(
    tmp_path: Path, lists: Lists, replica: Replica, answer: Answer, said: str
) -> None:
    lists["/page"] = answer
    (item,) = crawl([f"{SITE}/page"], place(tmp_path, replica)).items
    assert (item.target, item.outcome) == (f"{SITE}/page", "failed")
    assert "postkeep sites" in str(item.reason)
    assert said in str(item.reason)


def test_a_list_that_breaks_off_gives_its_posts_and_is_said(
    tmp_path: Path, lists: Lists, replica: Replica
) -> None:
    lists["/broken.xml"] = xml(f"<urlset><url><loc>{POSTS[0]}</loc></url><url>")
    report = crawl([f"{SITE}/broken.xml"], place(tmp_path, replica))
    assert outcomes(report.items) == [(f"{SITE}/broken.xml", "failed"), (POSTS[0], "done")]


@pytest.mark.thorough
def test_a_crawl_cut_off_anywhere_does_not_look_for_its_posts_again(
    tmp_path: Path, lists: Lists, replica: Replica
) -> None:
    lists["/map"] = index(f"{SITE}/one.xml")
    lists["/one.xml"] = sitemap(*POSTS[:2])
    workplace = place(tmp_path / "whole", replica)
    disk = CrashingDisk(1_000_000, "before")
    crawl([f"{SITE}/map"], replace(workplace, disk=disk))
    for at in range(10, disk.operations, 7):
        before = len(replica.log)
        cut = place(tmp_path / str(at), replica)
        with pytest.raises(Crash):
            crawl([f"{SITE}/map"], replace(cut, disk=CrashingDisk(at, "before")))
        report = crawl([f"{SITE}/map"], cut)
        assert outcomes(report.items) == [(url, "done") for url in POSTS[:2]], at
        again = asked(replica, before)
        # What came but was not kept when the crash came is asked for once more.
        assert len([target for target in again if target.startswith("/comments/")]) <= 3, at
        assert len(again) <= 6, at
