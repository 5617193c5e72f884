"""``--images``: the pictures in a post's own body are kept, under the rules that hold for pages."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scraper.archive.read import open_to_read
from scraper.jobs.crawl.job import crawl
from scraper.jobs.forget import forget
from scraper.model.capture import Capture
from tests.clock import VirtualClock
from tests.jobs.workplaces import workplace_at
from tests.replica import routes
from tests.replica.content import load_community
from tests.replica.routes import Answer, Deployment, RobotsFile
from tests.replica.server import Replica
from tests.takedown.searching import places_of

HOST = "careerly.co.kr"
POST = f"https://{HOST}/posts/72260"
PICTURES = tuple(f"https://{HOST}/images/portfolio-cover-{number}.png" for number in (1, 2))
PNG = b"\x89PNG\r\n\x1a\n\x00picture"


@pytest.fixture(autouse=True)
def pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two pictures on the host of the post's page; the second asks not to be archived."""
    own: Callable[..., Answer] = routes._page

    def page(deployment: Deployment, path: str) -> Answer:
        if path.startswith("/images/"):
            tag = (("x-robots-tag", "noarchive"),) if path.endswith("2.png") else ()
            return Answer(200, (("content-type", "image/png"), *tag), PNG)
        return own(deployment, path)

    monkeypatch.setattr(routes, "_page", page)


def deployment(**said: Any) -> Deployment:
    """The replica's community, with the post's pictures on the host of its page."""
    community = load_community()
    posts = tuple(replace(post, images=PICTURES) if post.images else post for post in community.posts)
    return Deployment(community=replace(community, posts=posts), **said)


def kept(folder: Path) -> list[Capture]:
    with open_to_read(folder) as archive:
        return [capture for visit in archive.visits() for capture in visit.captures]


def test_the_pictures_of_a_post_are_kept_and_what_is_missing_is_counted(tmp_path: Path) -> None:
    with Replica(deployment()) as replica:
        workplace = workplace_at(tmp_path / "archive", VirtualClock(), replica)
        (item,) = crawl([POST], workplace, with_images=True).items
        asked = [f"https://{request.host}{request.target}" for request in replica.log]
    assert (item.outcome, item.reason) == ("done", "1 of its images could not be kept; the ledger says why.")
    assert [url for url in asked if "/images/" in url] == list(PICTURES)
    assert [(each.url, each.body) for each in kept(workplace.folder) if "/images/" in each.url] == [
        (PICTURES[0], PNG)
    ]


def test_nothing_but_the_post_is_asked_for_without_the_flag(tmp_path: Path) -> None:
    with Replica(deployment()) as replica:
        workplace = workplace_at(tmp_path / "archive", VirtualClock(), replica)
        crawl([POST], workplace)
        assert not [request for request in replica.log if "/images/" in request.target]


def test_robots_txt_holds_for_pictures_too(tmp_path: Path) -> None:
    robots = RobotsFile(body="User-agent: *\nDisallow: /images/\n")
    with Replica(deployment(robots={HOST: robots})) as replica:
        workplace = workplace_at(tmp_path / "archive", VirtualClock(), replica)
        (item,) = crawl([POST], workplace, with_images=True).items
        assert not [request for request in replica.log if "/images/" in request.target]
    assert (item.outcome, item.reason) == ("done", "2 of its images could not be kept; the ledger says why.")


@pytest.mark.thorough
def test_the_pictures_of_a_forgotten_post_go_with_it(tmp_path: Path) -> None:
    other = f"https://{HOST}/posts/73002"
    with Replica(deployment()) as replica:
        workplace = workplace_at(tmp_path / "archive", VirtualClock(), replica)
        crawl([POST, other], workplace, with_images=True)
        before = [each.record_id for each in kept(workplace.folder) if other in each.url]
    assert places_of(workplace.folder, PICTURES[0], PNG[-8:].decode())
    forget(POST, workplace, reason="Asked by its author")
    assert places_of(workplace.folder, PICTURES[0], PICTURES[1], PNG[-8:].decode()) == []
    assert before
    assert before == [each.record_id for each in kept(workplace.folder) if other in each.url]


@pytest.mark.thorough
def test_the_pictures_in_a_forgotten_persons_posts_go_too(tmp_path: Path) -> None:
    post = load_community().find("post", 72260, "v2")
    assert post is not None
    assert post.by is not None
    with Replica(deployment()) as replica:
        workplace = workplace_at(tmp_path / "archive", VirtualClock(), replica)
        crawl([POST], workplace, with_images=True)
    forget(post.by.name, workplace, reason="Asked by its author")
    assert places_of(workplace.folder, post.by.name, PICTURES[0], PICTURES[1], PNG[-8:].decode()) == []
