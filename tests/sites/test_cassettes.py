"""Each site has cassettes, each cassette has its record: replayed through the real client, nothing else will do."""

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from scraper.jobs.record.cassette import as_json, cassette_at, expectation_of, recording_of
from scraper.jobs.record.job import read_post, visit_post
from scraper.model.record import CountName, Record
from scraper.sites.base import Site
from scraper.sites.registry import installed_sites
from tests.cassettes import CASSETTES, LIVE, cassettes_of, committed_cassettes
from tests.clock import VirtualClock
from tests.conftest import REPOSITORY
from tests.jobs.workplaces import workplace_at
from tests.replica.content import Kind, ReplicaPost, load_community
from tests.replica.expected import Layout, expected_comments, expected_post, layout_of
from tests.replica.routes import HOSTS

COUNTS: Final[tuple[CountName, ...]] = ("views", "saves", "likes", "reposts")
COMMITTED: Final = committed_cassettes()


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def replay(path: Path, folder: Path) -> tuple[Record, str]:
    """The record that a cassette is read as today, and its JSON."""
    with cassette_at(path, "none") as cassette:
        visit = visit_post(recording_of(path).target, workplace_at(folder / "archive", VirtualClock()))
        assert cassette.all_played
    record = read_post(visit).record
    return record, as_json(record, visit)


def post_of(target: str) -> tuple[ReplicaPost, Layout]:
    """The replica's post behind a URL, and the layout it was recorded in."""
    found = installed_sites().claimed(target)
    assert found is not None
    page, _, number = found.claim.post_id.removeprefix("careerly:").partition("-")
    kind: Kind = "question" if page == "qnas" else "post"
    if page != "posts" and (post := load_community().find(kind, int(number), "v1")):
        return post, layout_of(post)
    post = load_community().find(kind, int(number), "v2")
    assert post is not None
    return post, "v2-api"


@pytest.mark.parametrize("site", tuple(installed_sites()), ids=lambda site: site.name)
def test_every_site_has_a_cassette(site: Site[Any]) -> None:
    assert cassettes_of(site.name), "record one: `postkeep record`, see CONTRIBUTING.md"


def test_every_cassette_belongs_to_a_site() -> None:
    sites = {site.name for site in installed_sites()}
    folders = {path.parent for path in CASSETTES.rglob("*.yaml") if not path.is_relative_to(LIVE)}
    assert {folder.relative_to(CASSETTES).as_posix() for folder in folders} <= sites


@pytest.mark.parametrize("path", COMMITTED, ids=name)
def test_every_cassette_has_an_expectation(path: Path) -> None:
    assert expectation_of(path).is_file(), "run `make record`, and read what it wrote"


def test_no_expectation_is_left_of_a_cassette_that_is_gone() -> None:
    expected = {path for path in CASSETTES.rglob("*.expected.json") if not path.is_relative_to(LIVE)}
    assert expected == {expectation_of(path) for path in COMMITTED}


@pytest.mark.parametrize("path", COMMITTED, ids=name)
def test_a_replay_gives_exactly_the_expected_record(path: Path, tmp_path: Path) -> None:
    assert replay(path, tmp_path)[1] == expectation_of(path).read_text(encoding="utf-8")


@pytest.mark.thorough
@pytest.mark.parametrize("path", cassettes_of("careerly"), ids=name)
def test_the_expectation_is_what_the_replica_wrote(path: Path, tmp_path: Path) -> None:
    record, _ = replay(path, tmp_path)
    post, layout = post_of(recording_of(path).target)
    row = expected_post(post, layout)
    read = {"title": record.post.title, "text": record.post.text, "kind": record.post.kind}
    read |= {"access": record.post.access, "status": record.post.status}
    read |= {"author": record.post.author.native_id if record.post.author else None}
    assert read.items() <= ({"author": None} | row).items()
    counts = {name: record.post.count(name) for name in COUNTS}
    assert counts == {name: row.get(name) for name in COUNTS}
    rows = expected_comments(post, layout)
    assert [(comment.text, comment.parent, comment.status) for comment in record.comments] == [
        (row["text"], row["parent"], row["status"]) for row in rows
    ]


@pytest.mark.parametrize("path", COMMITTED, ids=name)
def test_a_cassette_says_where_and_when_it_was_recorded_and_nothing_of_this_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    recording = recording_of(path)
    assert text.startswith("metadata:\n  recorded:\n")
    assert recording.source
    assert recording.day
    for line in text.splitlines():
        if line.strip().startswith("uri: "):
            assert urlsplit(line.split()[-1]).netloc in HOSTS
    assert "127.0.0.1" not in text
    assert "localhost" not in text
    assert str(REPOSITORY) not in text


def test_a_request_that_was_not_recorded_fails_the_replay(tmp_path: Path) -> None:
    gated, other = (CASSETTES / "careerly" / f"{case}.yaml" for case in ("v2-gated", "v1-html"))
    with cassette_at(gated, "none"), pytest.raises(Exception, match="no recorded interaction"):
        visit_post(recording_of(other).target, workplace_at(tmp_path / "archive", VirtualClock()))
