"""``postkeep refresh`` over real sockets: what is due and no more, new posts, budgets, kills, and what it costs."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from scraper.archive.archive import Archive
from scraper.archive.files import RECORDS_FILE
from scraper.archive.lock import Lock
from scraper.archive.read import open_to_read
from scraper.archive.runs import read_runs
from scraper.errors import ArchiveHeldError, UsageError
from scraper.jobs.crawl.job import crawl
from scraper.jobs.crawl.targets import Target
from scraper.jobs.crawl.visit import Visits
from scraper.jobs.politeness.judge import judge_politeness
from scraper.jobs.refresh.budget import Budget
from scraper.jobs.refresh.due import visited_posts
from scraper.jobs.refresh.job import refresh
from scraper.jobs.refresh.plan import plan
from scraper.jobs.refresh.rhythm import Bounds
from scraper.jobs.workplace import Workplace
from scraper.model.capture import Capture
from scraper.model.exchange import Exchange
from scraper.model.outcome import Item, Report
from scraper.records.store import Records
from scraper.settings import HostSettings, Settings
from scraper.sites.base import Tail
from tests.clock import VirtualClock
from tests.examples import few_of
from tests.jobs.rows import exported_rows
from tests.jobs.workplaces import SETTINGS, workplace_at
from tests.replica.content import SITE_HOST, Community, load_community
from tests.replica.routes import Answer, Deployment
from tests.replica.server import Failure, Replica
from tests.replica.wordpress import ENTRIES, HOST, SITE

COMMUNITY = load_community()
OLD = "https://careerly.co.kr/comments/71655"
DAY = 24 * 3600
SITE_FILES = ("/robots.txt", "/.well-known/tdmrep.json")


def place(folder: Path, replica: Replica, clock: VirtualClock, settings: Settings = SETTINGS) -> Workplace:
    return replace(workplace_at(folder / "archive", clock, replica), settings=settings)


def pages(replica: Replica, since: int = 0) -> list[str]:
    """The targets that were asked for, site files aside."""
    return [request.target for request in replica.log[since:] if request.target not in SITE_FILES]


def visited(report: Report) -> list[str]:
    return [item.target for item in report.items if item.outcome != "skipped"]


def v1_posts() -> list[str]:
    posts = COMMUNITY.newest("post", "v1")
    return [post.url("v1") for post in posts]


def all_days(replica: Replica, workplace: Workplace, clock: VirtualClock, days: int) -> list[int]:
    """How many posts each of so many nightly runs visits."""
    counts = []
    for _ in range(days):
        clock.advance(DAY)
        counts.append(len(visited(refresh(workplace))))
    return counts


def test_what_is_not_due_is_not_visited_and_what_is_due_is_asked_for_conditionally(tmp_path: Path) -> None:
    clock = VirtualClock()
    with Replica() as replica:
        workplace = place(tmp_path, replica, clock)
        crawl([OLD], workplace)
        clock.advance(DAY)
        before = len(replica.log)
        assert refresh(workplace).items == ()
        assert pages(replica, before) == []
        clock.advance(200 * DAY)
        assert visited(refresh(workplace)) == [OLD]
        (asked,) = [request for request in replica.log[before:] if request.target == "/comments/71655"]
    assert dict(asked.headers)["if-none-match"]
    assert visited(plan(workplace)) == []


@pytest.mark.thorough
def test_a_young_post_is_looked_at_again_within_36_hours_then_ever_more_rarely(tmp_path: Path) -> None:
    (post, *_) = [post for post in COMMUNITY.newest("post", "v1") if post.prompt != "cuts"]
    clock = VirtualClock()
    young = replace(post, at=(clock.now() - timedelta(hours=20)).replace(tzinfo=None))
    with Replica(Deployment(Community((young,)))) as replica:
        workplace = place(tmp_path, replica, clock)
        crawl([young.url("v1")], workplace)
        counts = all_days(replica, workplace, clock, 40)
    looks = [day for day, count in enumerate(counts, 1) if count]
    assert looks[0] == 1
    gaps = [later - before for before, later in pairwise(looks)]
    assert gaps == sorted(gaps)
    assert 4 <= len(looks) <= 7


@pytest.mark.thorough
def test_an_archive_in_which_nothing_changed_costs_a_twentieth_of_the_bytes_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = VirtualClock()
    bodies = body_bytes_kept(monkeypatch)
    with Replica() as replica:
        workplace = place(tmp_path, replica, clock)
        crawl(
            [post.url(generation) for post in COMMUNITY.posts for generation in post.generations], workplace
        )
        bodies.append(0)
        clock.advance(400 * DAY)
        report = refresh(workplace)
    assert len(visited(report)) > 20
    assert bodies[0] > 0
    print(f"{bodies[1] / bodies[0]:.1%} of the body bytes of the first crawl")
    assert bodies[1] <= 0.05 * bodies[0]


def test_new_posts_of_followed_lists_are_found_and_visited_once(tmp_path: Path) -> None:
    clock = VirtualClock()
    settings = replace(SETTINGS, follow=(f"https://{SITE_HOST}/trends",))
    newest, *others = COMMUNITY.newest("post", "v1")
    with Replica(Deployment(Community(tuple(others)))) as replica:
        workplace = place(tmp_path, replica, clock, settings)
        assert sorted(visited(refresh(workplace))) == sorted(post.url("v1") for post in others)
        replica.deployment = Deployment(Community((newest, *others)))
        clock.advance(DAY / 4)
        assert visited(refresh(workplace)) == [newest.url("v1")]
        clock.advance(DAY / 4)
        assert visited(refresh(workplace)) == []


def test_a_new_post_that_failed_is_tried_again_in_its_rhythm_and_once_a_run(tmp_path: Path) -> None:
    clock = VirtualClock()
    newest = COMMUNITY.newest("post", "v1")[0]
    settings = replace(SETTINGS, follow=(f"https://{SITE_HOST}/trends",))
    with Replica(Deployment(Community((newest,))), faults={newest.path("v1"): [Failure(503)] * 9}) as replica:
        workplace = place(tmp_path, replica, clock, settings)
        assert [item.outcome for item in refresh(workplace).items] == ["failed"]
        replica.plan_faults({})
        assert visited(refresh(workplace)) == []
        clock.advance(DAY)
        assert visited(refresh(workplace)) == [newest.url("v1")]


def test_a_post_of_a_platform_is_refreshed_and_found_gone_though_its_page_tells_no_platform_any_more(
    tmp_path: Path,
) -> None:
    clock = VirtualClock()
    entry = ENTRIES[0]
    missing = Answer(404, (("content-type", "text/html"),), b"<title>Not found</title>")
    about = Answer(200, (("content-type", "text/html"),), b"<title>About</title><p>By hand.</p>")
    urls = "".join(f"<url><loc>{SITE}{path}</loc></url>" for path in (entry.path, "/about"))
    settings = replace(SETTINGS, follow=(f"{SITE}/map.xml",))
    instead = {
        (HOST, "/about"): about,
        (HOST, "/map.xml"): Answer(200, (("content-type", "text/xml"),), f"<urlset>{urls}</urlset>".encode()),
    }
    with Replica(Deployment(instead=instead)) as replica:
        workplace = place(tmp_path, replica, clock, settings)
        assert SITE + entry.path in visited(refresh(workplace))
        clock.advance(200 * DAY)
        assert visited(refresh(workplace)) == [SITE + entry.path]
        replica.deployment = Deployment(instead=instead | {(HOST, entry.path): missing})
        clock.advance(200 * DAY)
        (item,) = refresh(workplace).items
    assert (item.outcome, item.post_id) == ("done", f"{HOST}:posts-{entry.number}")
    rows = exported_rows(workplace, tmp_path / "dataset")
    (post,) = rows["posts"]
    assert (post["status"], post["text"]) == ("gone", None)
    assert {row["status"] for row in rows["comments"]} <= {"absent", "placeholder"}


def test_a_post_of_a_platform_that_leads_to_its_login_page_is_withdrawn(tmp_path: Path) -> None:
    clock = VirtualClock()
    entry = ENTRIES[0]
    sent = Answer(302, (("location", f"/wp-login.php?redirect_to={entry.path}"),))
    login = Answer(
        200, (("content-type", "text/html"),), b"<title>Log In</title><form><input name=log></form>"
    )
    with Replica() as replica:
        workplace = place(tmp_path, replica, clock)
        crawl([SITE + entry.path], workplace)
        replica.deployment = Deployment(instead={(HOST, entry.path): sent, (HOST, "/wp-login.php"): login})
        clock.advance(200 * DAY)
        (item,) = refresh(workplace).items
    assert item.outcome == "done"
    (post,) = exported_rows(workplace, tmp_path / "dataset")["posts"]
    assert (post["status"], post["text"]) == ("withdrawn", None)
    assert post["status_at"] is not None


@pytest.mark.parametrize("budget", few_of([Budget(requests=4), Budget(bytes=800), Budget(minutes=1)], 1))
def test_a_budget_ends_a_run_between_visits_and_the_next_runs_do_the_rest(
    tmp_path: Path, budget: Budget
) -> None:
    clock = VirtualClock()
    posts = v1_posts()
    with Replica() as replica:
        workplace = place(tmp_path, replica, clock)
        crawl(posts, workplace)
        clock.advance(400 * DAY)
        slow = replace(workplace, settings=replace(SETTINGS, host={SITE_HOST: HostSettings(delay=20)}))
        first = refresh(slow if budget.minutes else workplace, budget)
        waiting = first.items[-1]
        rest = refresh(workplace)
    done = visited(first)
    assert 0 < len(done) < len(posts)
    assert waiting.outcome == "skipped"
    assert waiting.reason is not None
    assert waiting.reason.startswith(f"{len(posts) - len(done):,} post")
    assert "for the next run: the budget of" in waiting.reason
    assert sorted([*done, *visited(rest)]) == sorted(posts)
    assert first.exit_code == 0


def test_a_run_that_was_killed_is_gone_on_with_and_visits_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = VirtualClock()
    posts = v1_posts()[:4]
    with Replica() as replica:
        workplace = place(tmp_path, replica, clock)
        crawl(posts, workplace)
        clock.advance(400 * DAY)
        before = len(replica.log)
        interrupt_after(2, monkeypatch)
        with pytest.raises(KeyboardInterrupt):
            refresh(workplace)
        monkeypatch.undo()
        refresh(workplace)
    asked = pages(replica, before)
    assert sorted(asked) == sorted({url.removeprefix(f"https://{SITE_HOST}") for url in posts})


@pytest.mark.thorough
def test_months_of_downtime_are_caught_up_by_one_look_at_each_post_at_the_usual_pace(tmp_path: Path) -> None:
    clock = VirtualClock()
    with Replica() as replica:
        workplace = place(tmp_path, replica, clock)
        crawl(v1_posts(), workplace)
        for days in (120, 300):
            clock.advance(days * DAY)
            before = len(replica.log)
            refresh(workplace)
            asked = pages(replica, before)
            assert asked
            assert len(asked) == len(set(asked))
            clock.advance(60)
            assert visited(refresh(workplace)) == []
    assert judge_politeness(workplace.folder, workplace.progress).exit_code == 0


@pytest.mark.parametrize("back", few_of([timedelta(days=40), timedelta(hours=1)], 1))
def test_a_clock_that_was_set_back_costs_no_look_and_stops_no_later_run(
    tmp_path: Path, back: timedelta
) -> None:
    clock = VirtualClock()
    with Replica() as replica:
        workplace = place(tmp_path, replica, clock)
        crawl([OLD], workplace)
        clock.advance(200 * DAY)
        assert visited(refresh(workplace)) == [OLD]
        earlier = replace(workplace, clock=VirtualClock(clock.now() - back))
        assert visited(refresh(earlier)) == []
        clock.advance(200 * DAY)
        assert visited(refresh(workplace)) == [OLD]


def test_a_plan_says_what_is_due_and_why_and_asks_nobody(tmp_path: Path) -> None:
    clock = VirtualClock()
    with Replica() as replica:
        workplace = place(tmp_path, replica, clock)
        crawl([OLD], workplace)
        clock.advance(100 * DAY)
        before = len(replica.log)
        report = plan(workplace)
        assert len(replica.log) == before
    post, summary = report.items
    assert (post.target, post.post_id, post.outcome) == (OLD, "careerly:comments-71655", "skipped")
    assert post.reason is not None
    assert "at its last look, on 2026-01-05, its words changed" in post.reason
    assert "1 requests and " in post.reason
    assert summary.reason is not None
    assert summary.reason.startswith("1 of 1 posts are due")
    assert "A run ends after 360 minutes" in summary.reason


def test_what_a_run_says_of_the_posts_it_visited_and_of_the_next_is_what_all_looks_say(
    tmp_path: Path,
) -> None:
    clock = VirtualClock()
    posts = v1_posts()
    with Replica() as replica:
        workplace = place(tmp_path, replica, clock)
        crawl(posts, workplace)
        clock.advance(400 * DAY)
        looked = visited(refresh(workplace, Budget(requests=4)))
    *_, run = read_runs(workplace.folder)
    with (
        closing(Records.open_to_read(workplace.folder / RECORDS_FILE)) as records,
        open_to_read(workplace.folder) as archive,
    ):
        known = list(visited_posts(records.looks(), archive, Bounds()))
    again = [post for post in known if post.rhythm.at >= run.began_at]
    assert 0 < len(again) < len(posts)
    assert run.findings.visited == len(looked) == len(again)
    assert run.findings.changed == sum(post.last_change == "changed" for post in again)
    assert run.findings.next_due_at == min(post.due_at(clock.now(), Bounds()) for post in known)


def test_one_run_at_a_time_and_none_without_a_contact(tmp_path: Path) -> None:
    workplace = workplace_at(tmp_path / "archive", VirtualClock())
    with pytest.raises(UsageError, match="postkeep init ARCHIVE --contact"):
        refresh(replace(workplace, settings=Settings()))
    with Replica() as replica:
        crawl([OLD], place(tmp_path, replica, VirtualClock()))
    with Lock(workplace.folder), pytest.raises(ArchiveHeldError):
        refresh(workplace)


def test_an_archive_that_is_gone_is_named_and_not_made_again(tmp_path: Path) -> None:
    gone = replace(workplace_at(tmp_path / "archive", VirtualClock()), folder=tmp_path / "gone")
    for workplace in (gone, replace(gone, settings=Settings())):
        with pytest.raises(UsageError, match=r"gone is no archive.*disk is missing"):
            refresh(workplace)
    assert not gone.folder.exists()


def interrupt_after(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C when so many posts were visited."""
    visit, made = Visits.visit, [0]

    async def interrupted(self: Visits, target: Target, tail: Tail | None = None) -> Item:
        if made[0] == count:
            raise KeyboardInterrupt
        made[0] += 1
        return await visit(self, target, tail)

    monkeypatch.setattr(Visits, "visit", interrupted)


def body_bytes_kept(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The bytes of all bodies that are kept from now on, site files aside, added to the last number of the list."""
    keep, kept = Archive.keep, [0]

    def counted(self: Archive, exchange: Exchange, visit_id: str | None = None) -> Capture:
        if not exchange.request.url.endswith(SITE_FILES):
            kept[-1] += len(exchange.body)
        return keep(self, exchange, visit_id)

    monkeypatch.setattr(Archive, "keep", counted)
    return kept
