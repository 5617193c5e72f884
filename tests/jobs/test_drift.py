"""Drift over real crawls: a run that reads worse is held back, can be derived again, and waits for its owner."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.archive.archive import Archive
from scraper.archive.compose import ImportedFile
from scraper.archive.decisions import read_decisions
from scraper.archive.files import RECORDS_FILE
from scraper.errors import DriftError, UsageError
from scraper.jobs.crawl.job import crawl
from scraper.jobs.drift import accept_drift, list_drift, refuse_drift
from scraper.jobs.extract.anew import extract
from scraper.jobs.extractor import open_extractor
from scraper.jobs.publication.export import export
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report
from scraper.records.contract import Row
from scraper.records.store import Records
from tests.clock import VirtualClock
from tests.jobs.workplaces import VolatileDisk, workplace_at
from tests.replica.content import SITE_HOST, Community, ReplicaPost, load_community
from tests.replica.months import LOGIN_PAGE
from tests.replica.routes import Answer, Deployment
from tests.replica.server import Replica
from tests.replica.wordpress import ENTRIES, HOST, SITE

Edit = Callable[[ReplicaPost], ReplicaPost]


def is_plain(post: ReplicaPost) -> bool:
    return "v1" in post.generations and not post.deleted and not post.gated


class World:
    """One archive and the site it is crawled from, night after night."""

    def __init__(self, folder: Path, replica: Replica) -> None:
        self.clock = VirtualClock()
        self.replica = replica
        self.workplace: Workplace = workplace_at(folder, self.clock, replica, VolatileDisk())
        self.posts = [post for post in load_community().posts if is_plain(post)][:6]

    def night(
        self, edit: Edit = lambda post: post, instead: Mapping[tuple[str, str], Answer] | None = None
    ) -> Report:
        """The site as ``edit`` makes each post, with answers ``instead`` of some; all posts are visited."""
        self.clock.advance(86_400)
        posts = tuple(edit(post) for post in self.posts)
        self.replica.deployment = Deployment(Community(posts), instead=instead or {})
        return crawl([post.url("v1") for post in posts], self.workplace)

    def posts_now(self) -> list[Row]:
        with Records.open_to_read(self.workplace.folder / RECORDS_FILE) as records:
            return list(records.rows("posts"))

    def drifting_sites(self) -> list[str]:
        listed = list_drift(self.workplace)
        assert bool(listed.summary) == (not listed.items)
        return [item.target for item in listed.items]

    def require_no_drift(self) -> None:
        with open_extractor(self.workplace) as extractor:
            refuse_drift(extractor.store)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with Replica() as replica:
        yield World(tmp_path / "A", replica)


def cut_short(post: ReplicaPost) -> ReplicaPost:
    return replace(post, text=post.text[:40], comments=())


def with_more_views(post: ReplicaPost) -> ReplicaPost:
    return replace(post, views=post.views + 17)


@pytest.mark.thorough
def test_a_run_that_reads_worse_is_held_back_until_its_owner_accepts_it(world: World, tmp_path: Path) -> None:
    assert world.night().exit_code == 0
    assert world.night(with_more_views).exit_code == 0
    good = world.posts_now()
    world.require_no_drift()

    report = world.night(cut_short)
    assert report.exit_code == 1
    (item,) = [item for item in report.items if item.target == "careerly"]
    assert item.reason is not None
    assert "text shortened" in item.reason
    assert world.posts_now() == good
    with pytest.raises(DriftError, match="postkeep drift accept") as stopped:
        world.require_no_drift()
    assert stopped.value.exit_code == 5

    # All of it can be derived again from the archive alone.
    listed = list_drift(world.workplace)
    extract(world.workplace)
    assert world.posts_now() == good
    assert list_drift(world.workplace) == listed
    assert any(" → " in line and "40 characters" in line for line in listed.outputs)
    assert listed.exit_code == 1

    accepted = accept_drift(None, "They cut the site down to teasers.", world.workplace)
    assert accepted.exit_code == 0
    (decision,) = read_decisions(world.workplace.folder)
    assert (decision.kind, decision.subject) == ("drift-accepted", "careerly")
    cut = world.posts_now()
    assert cut != good
    extract(world.workplace)
    assert world.posts_now() == cut
    assert world.night(cut_short).exit_code == 0
    assert list_drift(world.workplace).outputs == ()
    assert export(tmp_path / "dataset", world.workplace).exit_code == 0


@pytest.mark.thorough
def test_a_run_after_a_held_one_is_judged_by_the_good_ones_and_a_good_one_ends_it(world: World) -> None:
    world.night()
    good = [row["text"] for row in world.posts_now()]
    world.night(cut_short)
    world.night(cut_short)
    assert world.drifting_sites() == ["careerly", "careerly"]
    assert world.night().exit_code == 0
    assert world.drifting_sites() == []
    assert [row["text"] for row in world.posts_now()] == good


def test_accepting_one_thing_accepts_no_other(world: World) -> None:
    world.night()
    world.night(cut_short)
    accept_drift("careerly", "Teasers.", world.workplace)
    report = world.night(lambda post: replace(cut_short(post), title=None))
    assert report.exit_code == 1
    assert world.drifting_sites() == ["careerly"]


def test_accepting_needs_a_reason_and_something_to_accept(world: World) -> None:
    world.night()
    with pytest.raises(UsageError, match="--reason"):
        accept_drift(None, " ", world.workplace)
    with pytest.raises(UsageError, match="No run of careerly is held back"):
        accept_drift("careerly", "No reason.", world.workplace)


def test_imports_are_no_run_of_the_site(world: World, tmp_path: Path) -> None:
    world.night()
    with closing(
        Archive.open(world.workplace.folder, clock=world.clock, warcinfo=world.workplace.warcinfo())
    ) as archive:
        for post in world.posts:
            visit_id = archive.begin_visit(post.url("v1"), "careerly")
            archive.keep_file(visit_id, ImportedFile(post.url("v1"), b"<html></html>", "text/html"))
            archive.end_visit(visit_id, whole=True)
    assert list_drift(world.workplace).outputs == ()


SHUT = {
    "404": Answer(404, (("content-type", "text/html"),), b"<title>Not found</title>"),
    "login": Answer(302, (("location", "/login?next=somewhere"),)),
}


@pytest.mark.thorough
@pytest.mark.parametrize("how", SHUT)
def test_a_site_that_answers_every_post_so_takes_none_away_until_its_owner_says_that_they_are_gone(
    world: World, how: str
) -> None:
    world.night()
    good = world.posts_now()
    shut = {(SITE_HOST, post.path("v1")): SHUT[how] for post in world.posts}
    shut[SITE_HOST, "/login"] = LOGIN_PAGE
    assert world.night(instead=shut).exit_code == 1
    assert world.posts_now() == good
    with pytest.raises(DriftError, match="gone"):
        world.require_no_drift()
    extract(world.workplace)
    assert world.posts_now() == good
    assert any("gone: " in line for line in list_drift(world.workplace).outputs)

    accept_drift("careerly", "The site has really deleted them.", world.workplace)
    assert {row["status"] for row in world.posts_now()} == {"gone" if how == "404" else "withdrawn"}
    assert {row["text"] for row in world.posts_now()} == {None}
    # The posts come back one day, and so does what they say.
    assert world.night().exit_code == 0
    assert [row["text"] for row in world.posts_now()] == [row["text"] for row in good]


def test_one_post_that_is_gone_goes_at_once(world: World) -> None:
    world.night()
    first = world.posts[0]
    assert world.night(instead={(SITE_HOST, first.path("v1")): SHUT["404"]}).exit_code == 0
    assert sorted(row["status"] for row in world.posts_now()) == ["gone", *["live"] * 5]


def test_posts_whose_pages_do_not_tell_their_platform_any_more_are_held_back_too(tmp_path: Path) -> None:
    clock, urls = VirtualClock(), [SITE + entry.path for entry in ENTRIES]
    with Replica() as replica:
        workplace = workplace_at(tmp_path / "A", clock, replica)
        crawl(urls, workplace)
        shut = {(HOST, entry.path): SHUT["404"] for entry in ENTRIES}
        replica.deployment = Deployment(instead=shut)
        clock.advance(86_400)
        assert crawl(urls, workplace).exit_code == 1
    with Records.open_to_read(workplace.folder / RECORDS_FILE) as records:
        assert {row["status"] for row in records.rows("posts")} == {"live"}
    assert [item.target for item in list_drift(workplace).items] == [HOST]
