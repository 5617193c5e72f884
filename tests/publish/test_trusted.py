"""Publishing by trust: a workflow's identity is exchanged for a token of one repository, on loopback as it is documented."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from scraper.jobs.schedule.actions import workflow
from scraper.jobs.schedule.plan import NightlyRun, Program
from scraper.jobs.schedule.wheels import Wheel
from tests.hub.server import WRITER, HubServer
from tests.hub.trusted import RUNNER_TOKEN, WORKFLOW, Publisher, environment
from tests.publish.archives import Place
from tests.publish.shell import Shell


@pytest.mark.thorough
def test_a_trusted_workflow_publishes_without_a_stored_token(
    hub: HubServer, shell: Shell, tmp_path: Path
) -> None:
    place = Place(tmp_path / "archive").keep(70991)
    other = "me/trusting"
    assert shell.postkeep("publish", other, "--archive", place.folder).exit_code == 0
    hub.holdings.publishers.append(Publisher(f"datasets/{other}", tuple(WORKFLOW.items())))
    place.keep(71204)
    hub.seen.clear()
    around = environment(hub.url, f"datasets/{other}")
    ran = shell.postkeep("publish", other, "--archive", place.folder, **around)
    assert ran.exit_code == 0, ran.stderr
    assert len(hub.repository(other).tags) == 2
    assert len(hub.asked("POST", "/oauth/token")) == 1
    assert not hub.asked("GET", "whoami"), "nobody can be asked whose token it is"
    used = {seen.authorization for seen in hub.seen if seen.authorization}
    assert f"Bearer {WRITER}" not in used
    assert all(each.startswith(("Bearer hf_jwt_", f"Bearer {RUNNER_TOKEN}")) for each in used)
    commits = len(hub.repository(other).history("main"))
    again = shell.postkeep("publish", other, "--archive", place.folder, **around)
    assert again.exit_code == 0, again.stderr
    assert len(hub.repository(other).history("main")) == commits


@pytest.mark.thorough
@pytest.mark.parametrize(("may_ask", "said"), [(True, "invalid_grant"), (False, "id-token: write")])
def test_a_workflow_that_is_not_trusted_is_told_how_it_would_be(
    hub: HubServer, shell: Shell, place: Place, may_ask: bool, said: str
) -> None:
    around = environment(hub.url, f"datasets/me/nobody-{may_ask}", may_ask=may_ask)
    ran = shell.postkeep("publish", f"me/nobody-{may_ask}", "--archive", place.folder, **around)
    assert ran.exit_code == 2
    told = " ".join(ran.stderr.split())
    assert "as a trusted publisher" in told
    assert f"{hub.url}/datasets/me/nobody-{may_ask}/settings" in told.replace(" ", "")
    assert said in told or "400" in told
    assert RUNNER_TOKEN not in told
    assert "header." not in told
    dry = shell.postkeep("publish", f"me/nobody-{may_ask}", "--archive", place.folder, "--dry-run", **around)
    assert dry.exit_code == 0, dry.stderr
    assert "The Hub was not looked at" in dry.stdout


def test_a_token_of_another_dataset_publishes_nothing(hub: HubServer, shell: Shell, place: Place) -> None:
    hub.holdings.publishers.append(Publisher("datasets/me/other", tuple(WORKFLOW.items())))
    around = environment(hub.url, "datasets/me/other")
    ran = shell.postkeep("publish", "me/posts-of-mine", "--archive", place.folder, **around)
    assert ran.exit_code == 2
    assert "this token may not do that" in " ".join(ran.stderr.split())
    assert "me/posts-of-mine" not in hub.holdings.repositories


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("trusted", "secret", "resource"),
    [(True, WRITER, True), (True, "", True), (False, WRITER, False), (False, "", False)],
)
def test_the_printed_step_uses_the_exchange_and_falls_back_to_the_secret(
    hub: HubServer, tmp_path: Path, trusted: bool, secret: str, resource: bool
) -> None:
    name = f"me/step-{trusted}-{bool(secret)}"
    if trusted:
        hub.holdings.publishers.append(Publisher(f"datasets/{name}", tuple(WORKFLOW.items())))
    program = Program(Path("/usr/bin/postkeep"), Path("/usr/bin/python3"))
    wheels = (Wheel("postkeep-0.1.0-py3-none-any.whl", "0" * 64),)
    plan = NightlyRun(
        "nightly", Path("/srv/a"), program, "me", 4, 17, publish=name, store="box:kept", wheels=wheels
    )
    whole = yaml.safe_load(workflow(plan))
    assert whole["permissions"] == {"id-token": "write"}
    [step] = [step for step in whole["jobs"]["refresh"]["steps"] if step.get("name") == "Refresh"]
    scripts = {
        "hf": f'exec {sys.executable} -c "from huggingface_hub.cli.hf import main; main()" "$@"',
        "postkeep": 'echo "resource=${HF_OIDC_RESOURCE:-} token=$HF_TOKEN $*" > "$RUNNER_TEMP/said"',
    }
    for program_name, script in scripts.items():
        (tmp_path / program_name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (tmp_path / program_name).chmod(0o755)
    around = environment(hub.url, step["env"]["HF_OIDC_RESOURCE"]) | {"HF_TOKEN": secret}
    done = subprocess.run(
        ["bash", "-e", "-c", step["run"]],
        check=False,
        capture_output=True,
        text=True,
        env={
            **hub.environment(tmp_path / "home", None),
            **{key: value for key, value in around.items() if value is not None},
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "RUNNER_TEMP": str(tmp_path),
        },
    )
    assert done.returncode == 0, done.stderr
    said = (tmp_path / "said").read_text(encoding="utf-8")
    assert said.startswith(f"resource={f'datasets/{name}' if resource else ''} token={secret} refresh")
    assert "hf_jwt" not in done.stdout + done.stderr
    assert ("the secret HF_TOKEN is used" in done.stdout) is not resource
    assert ("nothing can be published" in done.stderr) is (not resource and not secret)
