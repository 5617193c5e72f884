"""The network and the Hub at their worst: never two commits, never none while saying done, always a sentence."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hub.faults import Fault
from tests.hub.server import OTHER, READER, WRITER, HubServer
from tests.publish.archives import Place
from tests.publish.shell import Shell
from tests.publish.test_publish import today

COMMIT = "/commit/main$"


@dataclass(frozen=True, slots=True)
class Case:
    """Faults on the way of one publication, which succeeds all the same."""

    name: str
    faults: tuple[Fault, ...]
    commits_asked: int = 1


SURVIVED = (
    Case("412-once", (Fault("POST", COMMIT, 412, message="A commit has happened since."),), 2),
    Case("500-after", (Fault("POST", COMMIT, 500, when="after"),)),
    Case("tag-500-after", (Fault("POST", "/tag/", 500, when="after"),)),
)
# As those above, at other places.
SURVIVED_TOO = (
    Case("500-before", (Fault("POST", COMMIT, 500),), 2),
    Case("dropped-after", (Fault("POST", COMMIT, when="after"),)),
    Case("429", (Fault("POST", COMMIT, 429, headers={"Retry-After": "0"}),), 2),
    Case("upload-slow", (Fault("PUT", "^/lfs/", trickle=True, times=3),)),
    Case("502-after", (Fault("POST", COMMIT, 502, when="after"),)),
    Case("dropped-before", (Fault("POST", COMMIT),), 2),
    Case("upload-dropped", (Fault("PUT", "^/lfs/"),)),
    Case("upload-429", (Fault("PUT", "^/lfs/", 429, headers={"Retry-After": "0"}),)),
    Case("look-fails-once", (Fault("GET", "/api/datasets/me/[^/]+$", 503, skip=1),)),
    Case("tag-dropped-after", (Fault("POST", "/tag/", when="after"),)),
    Case("create-500-after", (Fault("POST", "/api/repos/create", 500, when="after"),)),
)


def publish(shell: Shell, repo: str, place: Place, **environment: str | None) -> tuple[int, str]:
    ran = shell.postkeep("publish", repo, "--archive", place.folder, **environment)
    return ran.exit_code, ran.stderr


@pytest.mark.parametrize(
    "case",
    [
        *(pytest.param(case, id=case.name) for case in SURVIVED),
        *(pytest.param(case, id=case.name, marks=pytest.mark.slow) for case in SURVIVED_TOO),
    ],
)
def test_a_fault_costs_an_attempt_and_nothing_else(
    case: Case, hub: HubServer, shell: Shell, place: Place
) -> None:
    repo = f"me/{case.name}"
    hub.faults[:] = case.faults
    exit_code, said = publish(shell, repo, place)
    assert exit_code == 0, said
    assert all(fault.times == 0 for fault in case.faults)
    published = hub.repository(repo)
    assert [commit.title for commit in published.history("main")] == [f"Publish {today()}", "initial commit"]
    assert published.tags == {today(): published.head.oid}
    assert len(hub.asked("POST", f"{repo}/commit/")) == case.commits_asked


@pytest.mark.slow
def test_a_hub_that_moves_on_all_the_time_ends_the_run_with_nothing_published(
    hub: HubServer, shell: Shell, place: Place
) -> None:
    hub.faults[:] = [Fault("POST", COMMIT, 412, times=99)]
    exit_code, said = publish(shell, "me/always-412", place)
    assert exit_code == 1
    assert "No commit was made. Run the same command again." in said
    assert len(hub.asked("POST", "me/always-412/commit/")) == 5
    assert len(hub.repository("me/always-412").history("main")) == 1


@dataclass(frozen=True, slots=True)
class Refused:
    """A fault that ends the run, and what is then said."""

    name: str
    fault: Fault
    exit_code: int
    said: str


REFUSED = (
    Refused("unauthorized", Fault("POST", "/preupload/", 401, message="No"), 2, "does not accept this token"),
    Refused("forbidden", Fault("POST", COMMIT, 403, message="No"), 2, "Use a token with write access"),
    Refused("conflict", Fault("POST", COMMIT, 409, message="No"), 1, "the name is taken"),
    Refused("too-large", Fault("POST", COMMIT, 413, message="No"), 1, "--without text"),
    Refused(
        "no-room", Fault("POST", COMMIT, 403, message="Private storage limit reached"), 1, "no room left"
    ),
    Refused("gated", Fault("GET", "/api/datasets/", 403, code="GatedRepo"), 2, "granted on request"),
    Refused("bad-request", Fault("POST", COMMIT, 400, message="Bad YAML"), 1, "The Hub says: Bad YAML"),
)


@pytest.mark.parametrize(
    "case",
    [
        *(pytest.param(case, id=case.name) for case in REFUSED[:2]),
        *(pytest.param(case, id=case.name, marks=pytest.mark.slow) for case in REFUSED[2:]),
    ],
)
def test_a_refusal_is_a_sentence_with_its_remedy(
    case: Refused, hub: HubServer, shell: Shell, place: Place
) -> None:
    hub.faults[:] = [case.fault]
    ran = shell.postkeep("publish", f"me/{case.name}", "--archive", place.folder, "--json")
    [item] = ran.answer["items"]
    assert (ran.exit_code, item["outcome"]) == (case.exit_code, "failed")
    assert case.said in item["reason"]
    assert WRITER not in ran.stdout + ran.stderr


def test_tokens_and_names_that_will_not_do(hub: HubServer, shell: Shell, place: Place) -> None:
    hub.faults.clear()
    said = {
        "none": publish(shell, "me/x", place, HF_TOKEN=None),
        "unknown": publish(shell, "me/x", place, HF_TOKEN="hf_revoked"),
        "reader": publish(shell, "me/x", place, HF_TOKEN=READER),
        "elsewhere": publish(shell, "stranger/x", place),
        "no owner": publish(shell, "just-a-name", place),
        "bad name": publish(shell, "me/a b", place),
    }
    assert {exit_code for exit_code, _ in said.values()} == {2}
    assert "hf auth login" in said["none"][1]
    assert "does not accept this token" in said["unknown"][1]
    assert "may only read" in said["reader"][1]
    assert "write access to this namespace" in said["elsewhere"][1]
    assert "Write OWNER/NAME" in said["no owner"][1]
    assert "Write OWNER/NAME" in said["bad name"][1]
    assert not any("hf_revoked" in text or READER in text for _, text in said.values())
    assert not {"me/x", "stranger/x"} & hub.holdings.repositories.keys()


@pytest.mark.slow
def test_a_repository_of_somebody_else_is_not_written_to(hub: HubServer, shell: Shell, place: Place) -> None:
    assert publish(shell, "somebody/theirs", place, HF_TOKEN=OTHER)[0] == 0
    exit_code, said = publish(shell, "somebody/theirs", place)
    assert exit_code == 2
    assert "somebody/theirs" in said
    assert len(hub.repository("somebody/theirs").history("main")) == 2


@pytest.mark.thorough
def test_a_run_that_ended_between_commit_and_tag_is_finished_by_the_next(
    hub: HubServer, shell: Shell, place: Place
) -> None:
    hub.faults[:] = [Fault("POST", "/tag/", 403, message="not now")]
    assert publish(shell, "me/untagged", place)[0] == 2
    published = hub.repository("me/untagged")
    assert (len(published.history("main")), published.tags) == (2, {})
    assert publish(shell, "me/untagged", place)[0] == 0
    assert len(published.history("main")) == 2
    assert published.tags == {today(): published.head.oid}


@pytest.mark.slow
def test_a_tag_that_somebody_made_meanwhile_is_left_alone(hub: HubServer, shell: Shell, place: Place) -> None:
    assert publish(shell, "me/tagged", place)[0] == 0
    published = hub.repository("me/tagged")
    published.tags[today()] = published.history("main")[-1].oid
    published.tags[today(2)] = published.history("main")[-1].oid
    assert publish(shell, "me/tagged", place)[0] == 0
    assert set(published.tags) == {today(), today(2)}


@pytest.mark.slow
def test_without_a_network_the_sentence_names_the_hub(shell: Shell, place: Place, tmp_path: Path) -> None:
    with HubServer() as gone:
        pass
    with Shell(gone, tmp_path) as process:
        ran = process.postkeep("publish", "me/x", "--archive", place.folder)
    assert ran.exit_code == 1
    assert "cannot be reached" in ran.stderr
    assert "run the same command again" in ran.stderr
