"""``postkeep refresh --publish`` against a Hub on loopback: a commit where something changed, and none elsewhere."""

import pytest

from scraper.archive.runs import read_runs
from tests.hub.faults import Fault
from tests.hub.server import HubServer
from tests.publish.archives import POSTS, Place
from tests.publish.shell import Shell


@pytest.mark.thorough
def test_a_refresh_publishes_what_changed_and_nothing_else(
    hub: HubServer, shell: Shell, place: Place
) -> None:
    def commits(*flags: str) -> int:
        ran = shell.postkeep("refresh", "--archive", place.folder, "--publish", "me/fresh", *flags)
        assert ran.exit_code == 0, ran.stderr
        return len(hub.repository("me/fresh").history("main"))

    first = commits()
    assert commits() == first
    assert commits("--dry-run") == first
    place.keep(POSTS[0], views=99_999)
    assert commits() == first + 1
    assert hub.repository("me/fresh").visibility == "private"


@pytest.mark.thorough
def test_a_job_whose_publications_fail_is_not_fresh_until_one_succeeds(
    hub: HubServer, shell: Shell, place: Place
) -> None:
    def refresh(**environment: str | None) -> int:
        line = ("refresh", "--archive", place.folder, "--publish", "me/stuck")
        return shell.postkeep(*line, **environment).exit_code

    def fresh() -> tuple[int, str]:
        ran = shell.postkeep("check", "--fresh", "48h", "--archive", place.folder, "--json")
        return ran.exit_code, ran.answer["items"][0]["reason"]

    assert refresh(HF_TOKEN="hf_revoked0000") == 2
    exit_code, said = fresh()
    assert exit_code == 1
    assert "no publication to me/stuck has succeeded within 2 d; none ever succeeded" in said
    assert "failed: " in said
    assert "does not accept this token" in said
    assert "hf_revoked" not in said
    hub.faults[:] = [Fault("POST", "/commit/main$", 403, message="No")]
    assert refresh() == 2
    assert "Use a token with write access" in fresh()[1]
    assert shell.postkeep("publish", "me/other", "--archive", place.folder).exit_code == 0
    assert fresh()[0] == 1
    assert shell.postkeep("publish", "me/stuck", "--archive", place.folder, "--dry-run").exit_code == 0
    assert fresh()[0] == 1
    assert shell.postkeep("publish", "me/stuck", "--archive", place.folder).exit_code == 0
    assert fresh()[0] == 0
    assert refresh(HF_TOKEN="hf_revoked0000") == 2
    assert fresh()[0] == 0


@pytest.mark.thorough
def test_a_publication_that_nothing_called_for_counts(hub: HubServer, shell: Shell, place: Place) -> None:
    for _ in range(2):
        line = ("refresh", "--archive", place.folder, "--publish", "me/needless")
        assert shell.postkeep(*line).exit_code == 0
    assert len(hub.repository("me/needless").history("main")) == 2
    *_, last = read_runs(place.folder)
    assert last.publication is not None
    assert (last.publication.repo, last.publication.settled_at is None) == ("me/needless", False)
