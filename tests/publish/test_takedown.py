"""Takedowns on the Hub: what leads to the subject is deleted, whatever comes in between; the rest still loads."""

import io
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from scraper.archive.decisions import append_decision
from scraper.archive.disk import Disk
from scraper.model.decision import Decision
from tests.hub.faults import Fault
from tests.hub.server import HubServer
from tests.publish.archives import Place
from tests.publish.shell import Shell
from tests.publish.test_publish import today

EARLY, SUBJECT, LATE = 70991, 71204, 72260
POST_ID = f"careerly:comments-{SUBJECT}"


def published(shell: Shell, repo: str, place: Place, *options: str, expect: int = 0) -> str:
    ran = shell.postkeep("publish", repo, "--archive", place.folder, *options)
    assert ran.exit_code == expect, ran.stderr
    return ran.stdout + ran.stderr


def take_down(place: Place, subject: str = POST_ID) -> None:
    append_decision(place.folder, Decision("tombstone", subject, datetime(2026, 1, 1, tzinfo=UTC)), Disk())


def holds(hub: HubServer, repo: str, subject: str = POST_ID) -> bool:
    """Whether any stored byte of the repository, referred to or not, names the subject."""
    repository = hub.repository(repo)
    tables = (pq.read_table(io.BytesIO(content)) for content in repository.large.values())
    small = (
        file.content
        for commit in repository.commits.values()
        for file in commit.files.values()
        if file.content
    )
    return any(subject in str(table.to_pylist()) for table in tables) or any(
        subject.encode() in content for content in small
    )


@pytest.fixture
def three_versions(shell: Shell, tmp_path: Path, request: pytest.FixtureRequest) -> tuple[str, Place]:
    """A repository with a version before the subject came, one with it, and one of a later change."""
    repo, place = f"me/{abs(hash(request.node.name)):x}", Place(tmp_path / "archive")
    for posts in ((EARLY,), (SUBJECT,), (LATE,)):
        published(shell, repo, place.keep(*posts))
    return repo, place


@pytest.mark.thorough
def test_versions_that_lead_to_the_subject_go_and_earlier_ones_stay(
    hub: HubServer, shell: Shell, three_versions: tuple[str, Place]
) -> None:
    repo, place = three_versions
    assert holds(hub, repo)
    take_down(place)
    said = published(shell, repo, place, "--dry-run")
    assert f"will be deleted: {today(2)}, {today(3)}" in said
    assert "cannot be called back" in said
    hub.repository(repo).converts["refs/convert/parquet"] = hub.repository(repo).head.oid
    assert "refs/convert/parquet" in published(shell, repo, place, "--dry-run")
    hub.repository(repo).converts.clear()
    published(shell, repo, place)
    repository = hub.repository(repo)
    assert set(repository.tags) == {today(), today(4)}
    assert [commit.title for commit in repository.history("main")] == [f"Publish {today(4)}"]
    assert not holds(hub, repo)
    assert [row["post_id"] for row in shell.load(repo, "posts", today())] == [f"careerly:comments-{EARLY}"]
    assert POST_ID not in {row["post_id"] for row in shell.load(repo, "posts", today(4))}
    assert len(shell.load(repo, "posts", today(4))) == 2
    commits = len(repository.commits)
    assert "No Parquet file changed" in published(shell, repo, place)
    assert len(repository.commits) == commits


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(Fault("DELETE", "/tag/", 403, skip=1), id="second-tag", marks=pytest.mark.slow),
        pytest.param(Fault("POST", "/lfs-files/batch", 400), id="stored-files", marks=pytest.mark.slow),
        pytest.param(Fault("POST", "/super-squash/", 403), id="squash", marks=pytest.mark.slow),
        pytest.param(Fault("POST", "/tag/", 403), id="new-tag", marks=pytest.mark.slow),
    ],
)
def test_a_takedown_that_broke_off_is_finished_by_the_next_run(
    step: Fault, hub: HubServer, shell: Shell, three_versions: tuple[str, Place]
) -> None:
    repo, place = three_versions
    take_down(place)
    hub.faults[:] = [step]
    ran = shell.postkeep("publish", repo, "--archive", place.folder)
    assert ran.exit_code != 0
    published(shell, repo, place)
    repository = hub.repository(repo)
    assert set(repository.tags) == {today(), today(4)}
    assert repository.tags[today(4)] == repository.head.oid
    assert len(repository.history("main")) == 1
    assert not holds(hub, repo)


@pytest.mark.slow
def test_earlier_versions_stay_where_the_owner_says_so(
    hub: HubServer, shell: Shell, three_versions: tuple[str, Place]
) -> None:
    repo, place = three_versions
    take_down(place)
    published(shell, repo, place, "--keep-history")
    assert set(hub.repository(repo).tags) == {today(), today(2), today(3), today(4)}
    assert POST_ID not in {row["post_id"] for row in shell.load(repo, "posts", today(4))}


@pytest.mark.slow
def test_what_was_never_published_breaks_nothing(
    hub: HubServer, shell: Shell, three_versions: tuple[str, Place]
) -> None:
    repo, place = three_versions
    take_down(place, "careerly:comments-1")
    before = dict(hub.repository(repo).tags)
    published(shell, repo, place)
    assert hub.repository(repo).tags == before
    assert len(hub.repository(repo).history("main")) == 4

    def searched(*after: str) -> bool:
        """Whether a publication reads earlier data files; the newest manifest is always read."""
        hub.seen.clear()
        for subject in after:
            take_down(place, subject)
        published(shell, repo, place)
        return any(".parquet" in seen.path for seen in hub.seen)

    assert not searched()
    assert searched("careerly:comments-2")
    assert not searched()
    hub.repository(repo).tags["by-hand"] = hub.repository(repo).history("main")[1].oid
    assert searched()
    assert searched(POST_ID)
    assert not holds(hub, repo)


@pytest.mark.slow
def test_an_author_who_is_taken_down_leaves_with_posts_and_comments(
    hub: HubServer, shell: Shell, three_versions: tuple[str, Place]
) -> None:
    repo, place = three_versions
    [author] = {row["author_id"] for row in shell.load(repo, "posts") if row["post_id"] == POST_ID}
    take_down(place, author)
    published(shell, repo, place)
    assert not holds(hub, repo, author)


@pytest.mark.thorough
def test_an_older_copy_of_the_archive_neither_brings_back_nor_passes_over_a_takedown(
    hub: HubServer, shell: Shell, tmp_path: Path
) -> None:
    repo, place = "me/restored", Place(tmp_path / "archive").keep(EARLY, SUBJECT, LATE)
    older = Place.at(Path(shutil.copytree(place.folder, tmp_path / "older")))
    published(shell, repo, place)
    take_down(place)
    published(shell, repo, place)
    # As many takedowns as the Hub honours, and none of them the same.
    other = f"careerly:comments-{EARLY}"
    take_down(older, other)
    said = published(shell, repo, older, expect=1)
    assert f"would bring back what they took down: {POST_ID}. Nothing was published." in said
    assert not holds(hub, repo)
    take_down(older)
    published(shell, repo, older)
    assert not holds(hub, repo)
    assert not holds(hub, repo, other)
    assert [row["post_id"] for row in shell.load(repo, "posts")] == [f"careerly:comments-{LATE}"]


@pytest.mark.slow
def test_a_takedown_of_which_the_older_copy_has_nothing_is_honoured_by_whatever_follows(
    hub: HubServer, shell: Shell, tmp_path: Path
) -> None:
    repo, older = "me/restored-early", Place(tmp_path / "older").keep(LATE)
    place = Place.at(Path(shutil.copytree(older.folder, tmp_path / "archive"))).keep(SUBJECT)
    published(shell, repo, place)
    take_down(place)
    published(shell, repo, place)
    published(shell, repo, older.keep(EARLY))
    said = published(shell, repo, older.keep(SUBJECT), expect=1)
    assert f"would bring back what they took down: {POST_ID}." in said
    assert not holds(hub, repo)
