"""Posts of a platform: no URL names its software, so the page tells. Over real sockets, from a WordPress of our own words."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from scraper.archive.check import check
from scraper.archive.read import open_to_read
from scraper.jobs.crawl.job import crawl
from scraper.jobs.crawl.strangers import MOST_IN_VAIN
from scraper.jobs.extract.anew import extract
from scraper.jobs.imports.files import import_files
from scraper.model.outcome import Item
from scraper.records.store import Records
from tests.archive.crashing import Crash, CrashingDisk
from tests.clock import VirtualClock
from tests.examples import few_of
from tests.jobs.captures import crawl_is_over, page_captures
from tests.jobs.crawl_file import CrawlFile
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


def items_of_crawl(
    tmp_path: Path, replica: Replica, *targets: str, max_posts: int | None = None
) -> Sequence[Item]:
    workplace = workplace_at(tmp_path / "archive", VirtualClock(), replica)
    return crawl(targets, workplace, max_posts).items


def told(items: Sequence[Item]) -> list[tuple[str, str, str | None]]:
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
    """A sitemap as WordPress makes it, told by its style sheet."""
    style = f'<?xml-stylesheet type="text/xsl" href="{SITE}/wp-sitemap.xsl" ?>'
    return xml(f"{style}<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in urls) + "</urlset>")


EVERY = [
    (GARDEN, "done", f"{HOST}:posts-21"),
    (MEMBERS, "done", f"{HOST}:posts-34"),
    (WALK, "done", f"{HOST}:posts-40"),
]


def test_a_post_is_told_by_its_page_and_asked_for_once(tmp_path: Path, replica: Replica) -> None:
    assert told(items_of_crawl(tmp_path, replica, GARDEN)) == EVERY[:1]
    assert asked(replica) == ["/2026/03/window-garden/", "/2026/03/window-garden/comment-page-2/"]
    assert check(tmp_path / "archive") == []
    with Records.open_to_read(tmp_path / "archive" / "records.sqlite") as records:
        (post,) = records.rows("posts")
        assert (post["site"], post["platform"], post["url"]) == (HOST, "wordpress", GARDEN)
        assert [row["comment_id"].rpartition("#")[2] for row in records.rows("comments")] == [
            "301", "302", "304", "303", "309",
        ]  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("every", few_of([9, 1], 1))
def test_a_crawl_cut_off_between_the_look_at_a_page_and_the_visit_asks_for_nothing_it_has(
    tmp_path: Path, pages: Pages, replica: Replica, every: int
) -> None:
    pages["/moved"] = Answer(301, (("location", GARDEN),), b"")
    target, clock = f"{SITE}/moved", VirtualClock()
    whole = CrashingDisk(1_000_000, "before")
    crawl([target], workplace_at(tmp_path / "whole", clock, replica, whole))
    again = 0
    for at in range(1, whole.operations + 1, every):
        folder = tmp_path / str(at)
        with pytest.raises(Crash):
            crawl([target], workplace_at(folder, clock, replica, CrashingDisk(at, "before")))
        kept = page_captures(folder) if (folder / "warc").is_dir() else Counter()
        before = len(asked(replica))
        over = crawl_is_over(folder, 1)
        (item,) = crawl([target], workplace_at(folder, clock, replica)).items
        assert (item.outcome, item.post_id) == ("done", f"{HOST}:posts-21"), at
        if kept and not over:
            again += 1
            assert page_captures(folder) == page_captures(tmp_path / "whole"), at
            assert not {f"{SITE}{path}" for path in asked(replica)[before:]} & kept.keys(), at
    assert again


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
    (item,) = items_of_crawl(tmp_path, replica, target)
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
    items = items_of_crawl(tmp_path, replica, SITE + target)
    assert told(tuple(item for item in items if item.post_id)) == posts
    fetched = asked(replica)
    assert len(fetched) == len(set(fetched))
    assert not [path for path in fetched if "category" in path or "author" in path or "users" in path]


def test_what_a_sitemap_index_leaves_alone_is_said(tmp_path: Path, replica: Replica) -> None:
    said = items_of_crawl(tmp_path, replica, f"{SITE}/wp-sitemap.xml")[0]
    assert said.outcome == "done"
    assert (
        said.reason
        == "It led to 3 posts. Left alone: front page (1), sitemap of people, categories or tags (2)."
    )


def test_a_page_that_is_no_post_is_kept_and_rejected_with_what_it_is(
    tmp_path: Path, replica: Replica, pages: Pages
) -> None:
    pages["/about"] = html("<!doctype html><title>소개</title><p>손으로 쓴 페이지입니다.</p>")
    (item,) = items_of_crawl(tmp_path, replica, f"{SITE}/about")
    assert (item.outcome, item.post_id) == ("rejected", None)
    assert item.reason == (
        f"{SITE}/about shows something else (its address is that of a shop or of a list) instead of a post."
    )
    assert asked(replica) == ["/about"]
    workplace = workplace_at(tmp_path / "archive", VirtualClock())
    assert [again.outcome for again in extract(workplace).items] == ["rejected"]
    with open_to_read(tmp_path / "archive") as archive:
        (visit,) = archive.visits()
        assert visit.captures[0].body.startswith(b"<!doctype html>")


def test_a_post_that_is_gone_is_rejected_by_its_status(tmp_path: Path, replica: Replica) -> None:
    (item,) = items_of_crawl(tmp_path, replica, f"{SITE}/2020/01/no-such/")
    assert item.outcome == "rejected"
    assert str(item.reason).endswith("answered with HTTP status 404, so there is no post to read.")


def test_a_host_that_nobody_knows_is_not_visited_in_vain_for_long(
    tmp_path: Path, replica: Replica, pages: Pages
) -> None:
    names = [f"/p{number}" for number in range(20)]
    pages |= {name: html("<p>아무것도 아닌 페이지</p>") for name in names}
    pages["/map.xml"] = sitemap(*(SITE + name for name in names))
    items = items_of_crawl(tmp_path, replica, f"{SITE}/map.xml")
    outcomes = [item.outcome for item in items]
    assert outcomes.count("rejected") == MOST_IN_VAIN
    assert outcomes.count("skipped") == len(names) - MOST_IN_VAIN
    assert asked(replica) == ["/map.xml", *names[:MOST_IN_VAIN]]


def test_pages_of_other_hosts_in_a_list_are_left_alone(
    tmp_path: Path, replica: Replica, pages: Pages
) -> None:
    pages["/map.xml"] = sitemap(WALK, "https://elsewhere.example/post")
    items = items_of_crawl(tmp_path, replica, f"{SITE}/map.xml")
    assert items[0].reason == "It led to 1 posts. Left alone: page on another host (1)."
    assert told(items[1:]) == EVERY[2:]


def reached(items: Sequence[Item]) -> set[str]:
    return {str(item.post_id).rpartition("-")[2] for item in items if item.outcome == "done" and item.post_id}


def listing(*links: str, older: str | None = None) -> Answer:
    """A list of posts as a theme of WordPress shows it."""
    shown = "".join(
        f'<article class="hentry"><h2 class="entry-title"><a href="{link}">글</a></h2></article>'
        for link in links
    )
    onward = f'<a class="next page-numbers" href="{older}">이전 글</a>' if older else ""
    head = f'<link rel="https://api.w.org/" href="{SITE}/wp-json/" />'
    return html(f'<!doctype html><head>{head}</head><body class="blog">{shown}{onward}</body>')


def test_a_list_goes_on_page_after_page_and_ends_where_nothing_new_comes(
    tmp_path: Path, replica: Replica, pages: Pages
) -> None:
    pages["/"] = listing(GARDEN, older=f"{SITE}/page/2/")
    pages["/page/2/"] = listing(WALK, older=f"{SITE}/page/3/")
    pages |= {f"/page/{n}/": listing(WALK, older=f"{SITE}/page/{n + 1}/") for n in range(3, 40)}
    items = items_of_crawl(tmp_path, replica, f"{SITE}/")
    assert reached(items) == {"21", "40"}
    assert items[0].reason == "It led to 2 posts. Left alone: pages after one without a new post (1)."
    assert [path for path in asked(replica) if "/page/" in path] == ["/page/2/", "/page/3/"]


def test_a_list_that_never_ends_is_bounded_by_the_posts_wanted_and_says_so(
    tmp_path: Path, replica: Replica, pages: Pages
) -> None:
    pages["/"] = listing(GARDEN, MEMBERS, WALK, older=f"{SITE}/page/2/")
    items = items_of_crawl(tmp_path, replica, f"{SITE}/", max_posts=2)
    assert reached(items) == {"21", "34"}
    assert (
        items[0].reason
        == "It led to 3 posts. Left alone: further lists, for --max-posts was reached (1), post beyond --max-posts (1)."
    )


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("url", "kind"),
    [
        (f"{GARDEN}?replytocom=301", "reply link"),
        (f"{GARDEN}?PHPSESSID=0123456789abcdef0123", "session id"),
        (f"{SITE}/events/2031/12/", "calendar"),
        (f"{SITE}/?s=상추", "search"),
        (f"{GARDEN}?share=mastodon", "button in the form of a link"),
        (f"{SITE}/wp-json/wp/v2/posts/21", "address of the software itself"),
        (f"{SITE}/" + "a/b/" * 4, "repeating path"),
    ],
)
def test_a_hostile_list_leads_into_no_trap(
    tmp_path: Path, replica: Replica, pages: Pages, url: str, kind: str
) -> None:
    pages["/map.xml"] = sitemap(GARDEN, url.replace("&", "&amp;"), WALK)
    items = items_of_crawl(tmp_path, replica, f"{SITE}/map.xml")
    assert reached(items) == {"21", "40"}
    said = [str(item.reason) for item in items if item.target.endswith("map.xml")]
    assert said == [f"It led to 2 posts. Left alone: {kind} (1)."]
    assert asked(replica) == [
        "/map.xml",
        "/2026/03/window-garden/",
        "/2026/03/window-garden/comment-page-2/",
        "/2026/05/night-walk/",
    ]


def test_pages_of_comments_without_end_are_left_when_they_repeat(
    tmp_path: Path, replica: Replica, pages: Pages
) -> None:
    path = ENTRIES[0].path
    own = routes._blog(path, "").body.decode()
    for number in range(1, 60):
        onward = f'<a href="{SITE}{path}comment-page-{number + 1}/">다음 댓글</a>'
        pages[f"{path}comment-page-{number}/" if number > 1 else path] = html(own + onward)
    (item,) = items_of_crawl(tmp_path, replica, GARDEN)
    assert item.outcome == "done"
    assert len(asked(replica)) == 2
    with Records.open_to_read(tmp_path / "archive" / "records.sqlite") as records:
        (post,) = records.rows("posts")
        assert post["access"] == "partial"
        assert "comment-pages" in {evidence["kind"] for evidence in post["access_evidence"]}


def test_a_saved_page_tells_its_platform(tmp_path: Path) -> None:
    saved = tmp_path / "saved.html"
    saved.write_bytes(routes._blog(ENTRIES[0].path, "").body)
    plain = tmp_path / "plain.html"
    plain.write_text("<p>손으로 쓴 페이지</p>", encoding="utf-8")
    workplace = workplace_at(tmp_path / "archive", VirtualClock())
    (item,) = import_files([saved], workplace).items
    assert (item.outcome, item.post_id) == ("done", f"{HOST}:posts-21")
    (item,) = import_files([plain], workplace, url=f"{SITE}/plain").items
    assert item.outcome == "failed"
    assert "nothing that could be read as a post" in str(item.reason)


def test_the_warc_file_of_a_crawl_tells_the_posts_in_it(tmp_path: Path, replica: Replica) -> None:
    items_of_crawl(tmp_path, replica, GARDEN, WALK, f"{SITE}/2020/01/no-such/")
    (warc,) = (tmp_path / "archive" / "warc").iterdir()
    workplace = workplace_at(tmp_path / "again", VirtualClock())
    items = import_files([warc], workplace).items
    assert sorted(told(tuple(item for item in items if item.outcome == "done"))) == sorted(
        [EVERY[0], EVERY[2]]
    )
    assert {item.outcome for item in items} == {"done", "skipped"}
    with Records.open_to_read(tmp_path / "again" / "records.sqlite") as records:
        assert [row["comments_captured"] for row in records.rows("posts")] == [5, 0]


@pytest.mark.parametrize("first", ["page", "revisit"])
def test_a_revisit_of_a_page_that_told_its_site_is_a_visit_of_the_same_post(
    tmp_path: Path, first: str
) -> None:
    body = routes._blog(ENTRIES[0].path, "").body
    says = (f"WARC-Refers-To-Target-URI: {GARDEN}", "WARC-Refers-To-Date: 2026-03-03T00:00:00Z")
    file = CrawlFile()
    for kind in ("page", "revisit") if first == "page" else ("revisit", "page"):
        if kind == "page":
            file.add(GARDEN, body, "2026-03-03T00:00:00Z")
        else:
            file.add_revisit(GARDEN, "2026-04-03T00:00:00Z", *says)
    workplace = workplace_at(tmp_path / "archive", VirtualClock())
    items = import_files([file.write(tmp_path / "theirs.warc.gz")], workplace).items
    assert [(item.outcome, item.post_id) for item in items] == [("done", f"{HOST}:posts-21")] * 2
    with open_to_read(workplace.folder) as archive:
        assert [len(visit.captures) for visit in archive.visits()] == [1, 1]
