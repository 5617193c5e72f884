"""A forum that no site was written for: from its front page through boards to threads over pages, and what is left alone."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scraper.archive.check import check
from scraper.archive.read import open_to_read
from scraper.jobs.crawl.job import crawl
from scraper.jobs.crawl.strangers import MOST_IN_VAIN
from scraper.jobs.extract.anew import extract
from scraper.jobs.imports.files import import_files
from scraper.jobs.refresh.job import refresh
from scraper.jobs.workplace import Workplace
from scraper.records.store import Records
from tests.clock import VirtualClock
from tests.jobs.workplaces import SETTINGS, workplace_at
from tests.replica import forum
from tests.replica.forum import HOST, SITE, TOPICS, Topic, name_of, words_of
from tests.replica.routes import Answer, Deployment
from tests.replica.server import Replica

LONG = TOPICS[0]


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    with Records.open_to_read(folder / "records.sqlite") as records:
        return [dict(row) for row in records.rows(table)]


def asked(replica: Replica) -> list[str]:
    return [request.target for request in replica.log if request.host == HOST]


def assert_no_trap_was_asked_for(replica: Replica) -> None:
    assert [target for target in asked(replica) if target.startswith(forum.TRAPS)] == []


def thread_of(folder: Path, topic: Topic) -> list[dict[str, Any]]:
    (post,) = [row for row in rows(folder, "posts") if row["url"] == SITE + topic.path]
    return [row for row in rows(folder, "comments") if row["post_id"] == post["post_id"]]


def assert_is_whole(folder: Path, topics: Iterable[Topic]) -> None:
    posts = {row["url"]: row for row in rows(folder, "posts")}
    assert posts.keys() == {SITE + topic.path for topic in topics}
    for topic in topics:
        post, comments = posts[SITE + topic.path], thread_of(folder, topic)
        assert post["links"] == []
        assert (post["title"], post["text"], post["kind"]) == (topic.title, words_of(topic, 0), "topic")
        said = [(row["author_name"], row["text"]) for row in comments]
        assert said == [(name_of(topic, at), words_of(topic, at)) for at in range(1, topic.posts)]
        assert {(row["parent_id"], row["depth"]) for row in comments} == {(None, None)}
        assert len({row["comment_id"] for row in comments}) == topic.posts - 1


@pytest.mark.thorough
def test_a_front_page_leads_through_boards_to_whole_threads(tmp_path: Path, replica: Replica) -> None:
    folder = tmp_path / "archive"
    report = crawl([f"{SITE}/"], workplace_at(folder, VirtualClock(), replica), 50)
    assert report.exit_code == 0, report.items
    assert_is_whole(folder, TOPICS)
    assert_no_trap_was_asked_for(replica)
    assert len(asked(replica)) == len(set(asked(replica)))
    assert check(folder) == []
    before = {table: rows(folder, table) for table in ("posts", "comments", "metrics", "revisions")}
    extract(workplace_at(folder, VirtualClock()))
    assert {table: rows(folder, table) for table in before} == before


def test_no_more_posts_are_visited_than_were_asked_for(tmp_path: Path, replica: Replica) -> None:
    folder = tmp_path / "archive"
    crawl([f"{SITE}/b/workshop"], workplace_at(folder, VirtualClock(), replica), 3)
    newest = [topic for topic in reversed(TOPICS) if topic.board == "workshop"][:3]
    assert_is_whole(folder, newest)


@pytest.mark.parametrize("query", ["", "?page=2", "?page=3"])
def test_every_page_of_a_thread_leads_to_the_whole_of_it(
    tmp_path: Path, replica: Replica, query: str
) -> None:
    folder = tmp_path / "archive"
    (item,) = crawl([SITE + LONG.path + query], workplace_at(folder, VirtualClock(), replica)).items
    assert item.outcome == "done", item
    assert_is_whole(folder, [LONG])


def test_the_links_of_a_page_that_forbids_it_are_not_followed(tmp_path: Path, replica: Replica) -> None:
    workplace = workplace_at(tmp_path / "archive", VirtualClock(), replica)
    report = crawl([f"{SITE}/b/quiet"], workplace)
    assert report.exit_code == 1
    assert {target for target in asked(replica) if "." not in target} == {"/b/quiet"}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "the front page of a site"),
        ("/enter", "a form to sign in"),
        ("/saw", "a product"),
    ],
)
def test_what_is_no_post_is_rejected_with_what_it_is(tmp_path: Path, path: str, words: str) -> None:
    pages = {
        "/": "<title>Moim</title><h1>Moim</h1><p>Welcome to our little place for people who like wood.</p>",
        "/enter": "<title>Enter</title><form>Name <input name=n> Word <input type=password name=p></form>",
        "/saw": '<title>Saw</title><script type="application/ld+json">{"@type": "Product", "name": "Saw"}</script>'
        "<h1>Saw</h1><p>$19</p><p>Cuts wood.</p><form></form><form></form>",
    }
    instead = {
        (HOST, at): Answer(200, (("content-type", "text/html"),), body.encode()) for at, body in pages.items()
    }
    with Replica(Deployment(instead=instead)) as replica:
        report = crawl([SITE + path], workplace_at(tmp_path / "archive", VirtualClock(), replica))
    (item,) = report.items
    assert (item.outcome, report.exit_code) == ("rejected", 1)
    assert f"shows {words} (" in str(item.reason)


def test_a_front_page_that_leads_to_nothing_but_wares_is_given_up_and_rejected(tmp_path: Path) -> None:
    kinds = ("item", "ware", "thing")
    rows = "".join(
        f'<div class="{kind}"><h3><a href="/{kind}/{number}">A fine old saw of kind number {number}</a></h3><p>$1{number}</p></div>'
        for kind in kinds
        for number in range(5)
    )
    ware = (
        '<title>Saw</title><script type="application/ld+json">{"@type": "Product", "name": "Saw"}</script>'
        "<h1>Saw</h1><p>$19</p><p>Cuts wood.</p><form></form><form></form>"
    )
    pages = {"/": f"<title>Shop</title><h1>Shop</h1>{rows}"}
    pages |= {f"/{kind}/{number}": ware for kind in kinds for number in range(5)}
    instead = {
        (HOST, path): Answer(200, (("content-type", "text/html"),), body.encode())
        for path, body in pages.items()
    }
    with Replica(Deployment(instead=instead)) as replica:
        report = crawl([f"{SITE}/"], workplace_at(tmp_path / "archive", VirtualClock(), replica))
        targets = asked_since(replica, 0)
    assert [(item.outcome, report.exit_code) for item in report.items] == [("rejected", 1)]
    assert len(targets) == 1 + MOST_IN_VAIN


def followed(folder: Path, clock: VirtualClock, replica: Replica) -> Workplace:
    settings = replace(SETTINGS, follow=(f"{SITE}/b/garden",))
    return replace(workplace_at(folder, clock, replica), settings=settings)


def test_a_followed_board_shows_new_topics_and_new_replies(tmp_path: Path) -> None:
    clock, folder = VirtualClock(), tmp_path / "archive"
    garden = [topic for topic in TOPICS if topic.board == "garden"]
    with Replica() as replica:
        assert refresh(followed(folder, clock, replica)).exit_code == 0
        assert_is_whole(folder, garden)
        new = Topic(301, "garden", "옥상에서 토마토를 길러 본 분 계신가요", 3, 20)
        longer = replace(garden[0], posts=garden[0].posts + 9)
        replica.deployment = Deployment(topics=(longer, *garden[1:], new))
        clock.advance(60 * 86_400)
        refresh(followed(folder, clock, replica))
    assert_is_whole(folder, [longer, *garden[1:], new])
    assert_no_trap_was_asked_for(replica)


def test_a_saved_later_page_is_the_thread_as_far_as_it_shows_it(tmp_path: Path) -> None:
    saved = tmp_path / "page-2.html"
    saved.write_text(forum.page(LONG.path, "page=2")[1], encoding="utf-8")
    folder = tmp_path / "archive"
    workplace = workplace_at(folder, VirtualClock())
    (item,) = import_files([saved], workplace, url=f"{SITE}{LONG.path}?page=2").items
    assert item.outcome == "done", item
    (post,) = rows(folder, "posts")
    assert (post["url"], post["title"], post["text"]) == (SITE + LONG.path, LONG.title, None)
    assert (post["access"], post["comments_captured"]) == ("partial", 10)
    assert [row["text"] for row in thread_of(folder, LONG)] == [words_of(LONG, at) for at in range(10, 20)]


def test_the_warc_file_of_a_thread_is_the_thread(tmp_path: Path, replica: Replica) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    crawl([SITE + LONG.path], workplace_at(first, VirtualClock(), replica))
    with open_to_read(first) as archive:
        (visit,) = archive.visits()
        assert len([capture for capture in visit.captures if HOST in capture.url]) >= 3
    items = import_files(sorted((first / "warc").iterdir()), workplace_at(second, VirtualClock())).items
    assert [item.outcome for item in items].count("done") == 1, items
    assert_is_whole(second, [LONG])


SPRING = datetime(2026, 4, 20, 3, 0, tzinfo=UTC)


def asked_since(replica: Replica, before: int) -> list[str]:
    return [target for target in asked(replica)[before:] if not target.endswith((".txt", ".json"))]


def workshop_at(folder: Path, clock: VirtualClock, replica: Replica) -> Workplace:
    settings = replace(SETTINGS, follow=(f"{SITE}/b/workshop",))
    return replace(workplace_at(folder, clock, replica), settings=settings)


@pytest.mark.thorough
def test_a_followed_board_is_read_as_far_as_its_topics_have_moved(tmp_path: Path) -> None:
    """A reply to one topic costs a page of its board, and the last page of the topic with what follows it."""
    clock, folder = VirtualClock(SPRING), tmp_path / "archive"
    workshop = [topic for topic in TOPICS if topic.board == "workshop"]
    with Replica() as replica:
        refresh(workshop_at(folder, clock, replica))
        assert_is_whole(folder, workshop)
        clock.advance(3_600)
        before = len(asked(replica))
        refresh(workshop_at(folder, clock, replica))
        assert asked_since(replica, before) == ["/b/workshop"]

        longer = replace(LONG, posts=LONG.posts + 9, moved=21)
        replica.deployment = Deployment(topics=(longer, *TOPICS[1:]))
        clock.advance(2 * 86_400)
        before = len(asked(replica))
        refresh(workshop_at(folder, clock, replica))
    targets = asked_since(replica, before)
    assert targets[:2] == ["/b/workshop", "/b/workshop?page=2"]
    assert [target for target in targets if target.startswith(LONG.path)] == [
        f"{LONG.path}?page=3",
        f"{LONG.path}?page=4",
    ]
    assert_is_whole(folder, [longer, *workshop[1:]])
    assert check(folder) == []
    before_extract = {table: rows(folder, table) for table in ("posts", "comments", "metrics", "revisions")}
    extract(workplace_at(folder, VirtualClock()))
    assert {table: rows(folder, table) for table in before_extract} == before_extract


@pytest.mark.thorough
def test_of_a_known_thread_the_last_page_is_asked_for_and_the_whole_of_it_at_the_slow_rhythm(
    tmp_path: Path,
) -> None:
    clock, folder = VirtualClock(SPRING), tmp_path / "archive"
    with Replica() as replica:
        crawl([SITE + LONG.path], workplace_at(folder, clock, replica))
        whole = len([target for target in asked(replica) if target.startswith(LONG.path)])
        counts = []
        for _ in range(30):
            before = len(asked(replica))
            clock.advance(86_400 * 9)
            refresh(workplace_at(folder, clock, replica))
            counts.append(len([each for each in asked(replica)[before:] if each.startswith(LONG.path)]))
    assert whole == 3
    assert set(counts) == {0, 1, 3}
    assert counts.index(1) < counts.index(3)
    assert_is_whole(folder, [LONG])
