"""``postkeep schedule`` prints jobs that work, whatever the archive is called."""

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import UsageError
from scraper.jobs.schedule.actions import workflow
from scraper.jobs.schedule.job import crontab, make_plan, schedule
from scraper.jobs.schedule.plan import NightlyRun, Program, Scheduler
from scraper.jobs.schedule.systemd import units
from scraper.jobs.schedule.wheels import Wheel, read_wheels
from scraper.settings import Settings
from tests.cli.terminal import make_archive, postkeep
from tests.commands import POSTKEEP

ODD_NAMES: Final = (
    "archive",
    "내 기록",
    "50% of it",
    "a $HOME b",
    "it's",
    "%h %d",
    "a;b&c|d #e",
    "~x `id` $(id)",
)
STORES: Final = ("s3://my-bucket", "s3://my-bucket/posts/careerly", "box:postkeep", "b2_eu:keep/posts")
SETTINGS: Final = Settings(contact="test@example.org")


WHEEL: Final = Wheel("postkeep-0.1.0-py3-none-any.whl", "a" * 64)


def plan(
    archive: str = "/srv/archive", executable: str = "/opt/postkeep/bin/postkeep", **more: str
) -> NightlyRun:
    program = Program(Path(executable), Path("/usr/bin/python3"))
    return NightlyRun("postkeep-a-123456", Path(archive), program, "keeper", 4, 17, wheels=(WHEEL,), **more)


def job_lines(table: str) -> list[str]:
    """The lines of a crontab that start something."""
    return [line for line in table.splitlines() if re.match(r"\d", line)]


def run_as_cron_does(line: str, path: str) -> str:
    """Run the command of a crontab's line by the rule of crontab(5), with ``path`` as its PATH; gives what would be mailed."""
    command = line.split(None, 5)[5]
    said = re.split(r"(?<!\\)%", command)[0].replace("\\%", "%")
    done = subprocess.run(["sh", "-c", said], check=False, env={"PATH": path}, capture_output=True, text=True)
    return done.stdout + done.stderr


@pytest.fixture
def pretended(tmp_path: Path) -> Path:
    """A folder with a ``postkeep`` that notes its arguments and ends as the file ``code`` says, and a ``logger``."""
    folder = tmp_path / "bin % dir"
    folder.mkdir()
    scripts = {
        "postkeep": 'cd "$(dirname "$0")"; printf "%s\\n" "$@" > said; echo a line >&2; exit "$(cat code)"',
        "logger": 'cat > "$(dirname "$0")/logged"',
    }
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize("name", ODD_NAMES)
def test_cron_hands_over_the_very_path(name: str, pretended: Path) -> None:
    table = crontab(plan(f"/srv/{name}", str(pretended / "postkeep"), publish="me/posts"))
    (pretended / "code").write_text("0")
    refresh, check = job_lines(table)
    assert run_as_cron_does(refresh, f"{pretended}:/usr/bin:/bin") == ""
    words = ["refresh", "--archive", f"/srv/{name}", "--log-format", "json", "--publish", "me/posts"]
    assert (pretended / "said").read_text().splitlines() == words
    assert (pretended / "logged").read_text() == "a line\n"
    assert run_as_cron_does(check, "/usr/bin:/bin") == ""
    assert (pretended / "said").read_text().splitlines() == [
        "check",
        "--fresh",
        "48h",
        "--archive",
        f"/srv/{name}",
    ]


@pytest.mark.parametrize(
    ("code", "mails"), [(0, False), (1, False), (4, False), (2, True), (3, True), (5, True), (137, True)]
)
def test_cron_mails_when_somebody_has_to_look(code: int, mails: bool, pretended: Path) -> None:
    (pretended / "code").write_text(str(code))
    refresh, check = job_lines(crontab(plan(executable=str(pretended / "postkeep"))))
    mail = run_as_cron_does(refresh, f"{pretended}:/usr/bin:/bin")
    assert (f"ended with exit code {code}" in mail) is mails
    assert bool(mail) is mails
    assert ("a line" in run_as_cron_does(check, "/usr/bin:/bin")) is (code != 0)


def test_cron_is_told_utc_and_an_hour_that_no_zone_skips() -> None:
    table = crontab(plan())
    assert "CRON_TZ=UTC" in table.splitlines()
    assert [line.split()[:2] for line in job_lines(table)] == [["17", "4"], ["17", "16"]]


@pytest.mark.thorough
@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.parametrize("publish", [None, "me/posts"])
def test_systemd_finds_no_fault_with_the_units(name: str, publish: str | None, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed; `make test-slow` installs it")
    archive = tmp_path / name
    archive.mkdir()
    (archive / "postkeep.toml").write_text("")
    program = Program(POSTKEEP, POSTKEEP.resolve())
    made = make_plan(archive, program, "root", SETTINGS, publish=publish)
    report = schedule(Scheduler.SYSTEMD, made, tmp_path / "units")
    done = subprocess.run(
        ["systemd-analyze", "verify", *report.outputs], check=False, capture_output=True, text=True
    )
    about_ours = [line for line in done.stderr.splitlines() if "postkeep" in line]
    assert (done.returncode, about_ours) == (0, [])


def settings_of(unit: str) -> dict[str, list[str]]:
    """The settings of a unit, each with its values."""
    found: dict[str, list[str]] = {}
    for line in unit.splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def test_systemd_is_told_what_the_archive_needs_and_no_more() -> None:
    service, timer, check, check_timer = (
        settings_of(file.text) for file in units(plan("/srv/내 기록 50% $x"))
    )
    escaped = '"/srv/내 기록 50%% $x"'
    assert service["ReadWritePaths"] == service["RequiresMountsFor"] == [escaped]
    argument = escaped.replace("$", "$$")
    assert service["ExecStart"] == [
        f"/opt/postkeep/bin/postkeep refresh --archive {argument} --log-format json"
    ]
    assert service["ProtectHome"] == service["PrivateTmp"] == ["yes"]
    assert service["ProtectSystem"] == ["strict"]
    assert service["SuccessExitStatus"] == ["1 4 143"]
    assert "SuccessExitStatus" not in check
    assert check["PrivateNetwork"] == ["yes"]
    assert timer["OnCalendar"] == ["*-*-* 04:17:00 UTC"]
    assert check_timer["OnCalendar"] == ["*-*-* 16:17:00 UTC"]
    assert timer["Persistent"] == ["true"]
    assert timer["RandomizedDelaySec"]


@pytest.mark.parametrize(
    ("archive", "executable", "home", "private_tmp"),
    [
        ("/home/me/archive", "/usr/bin/postkeep", "read-only", "yes"),
        ("/srv/archive", "/home/me/.venv/bin/postkeep", "read-only", "yes"),
        ("/homely/archive", "/usr/bin/postkeep", "yes", "yes"),
        ("/var/tmp/archive", "/usr/bin/postkeep", "yes", "no"),
    ],
)
def test_systemd_hides_what_the_archives_place_allows(
    archive: str, executable: str, home: str, private_tmp: str
) -> None:
    for file in units(plan(archive, executable)):
        if file.place.endswith(".service"):
            found = settings_of(file.text)
            assert (found["ProtectHome"], found["PrivateTmp"]) == ([home], [private_tmp])


def test_the_hubs_token_is_a_credential_and_only_where_something_is_published() -> None:
    assert "LoadCredential" not in "".join(file.text for file in units(plan()))
    (service, *_) = units(plan(publish="me/posts"))
    assert settings_of(service.text)["LoadCredential"] == ["hf_token:/etc/postkeep/postkeep-a-123456.token"]
    assert "--publish me/posts" in service.text


@pytest.mark.parametrize("name", ['a"b', "a\\b"])
def test_systemd_says_which_names_it_cannot_hold(name: str) -> None:
    with pytest.raises(UsageError, match="Rename it"):
        units(plan(f"/srv/{name}"))


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("publish", [None, "me/posts"])
def test_the_workflow_is_one_by_its_schema(store: str, publish: str | None, tmp_path: Path) -> None:
    more = {"store": store} | ({"publish": publish} if publish else {})
    file = tmp_path / "workflow.yml"
    file.write_text(workflow(plan(**more)), encoding="utf-8")
    check = POSTKEEP.with_name("check-jsonschema")
    subprocess.run(
        [check, "--builtin-schema", "vendor.github-workflows", file], check=True, capture_output=True
    )


def parsed(store: str = STORES[0], **more: str) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load(workflow(plan(store=store, **more)))
    return found


def steps(store: str = STORES[0], **more: str) -> dict[str, Mapping[str, Any]]:
    return {
        step.get("name", step.get("uses")): step for step in parsed(store, **more)["jobs"]["refresh"]["steps"]
    }


@pytest.mark.parametrize("store", STORES)
def test_the_workflow_shows_nobody_the_archive_and_holds_few_rights(store: str) -> None:
    text, whole = workflow(plan(store=store, publish="me/posts")), parsed(store, publish="me/posts")
    assert whole["permissions"] == {"id-token": "write"}
    assert parsed(store)["permissions"] == {}
    assert whole["concurrency"] == {"group": "postkeep-a-123456", "cancel-in-progress": False}
    assert whole["jobs"]["refresh"]["timeout-minutes"] < 360
    assert whole[True]["schedule"] == [{"cron": "17 4 * * *"}]
    used = [step["uses"] for step in whole["jobs"]["refresh"]["steps"] if "uses" in step]
    assert all(re.fullmatch(r"actions/setup-python@[0-9a-f]{40}", name) for name in used)
    assert "cat " not in text
    # Secrets reach the environment of the steps that need them, and never a command.
    assert not [
        step for step in steps(store, publish="me/posts").values() if "secrets." in step.get("run", "")
    ]
    assert "secrets." not in json.dumps(whole["env"])


SUMS: Final = {
    "postkeep-0.1.0-py3-none-any.whl": b"wheel of ours",
    "brotli-1.2-cp312-cp312-manylinux_2_28_x86_64.whl": b"b",
}


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """A folder of wheels, and in the store the same."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for name, octets in SUMS.items():
        (folder / name).write_bytes(octets)
    shutil.copytree(folder, tmp_path / "store" / "wheels")
    return folder


def install(wheel: Path, place: Path) -> "subprocess.CompletedProcess[str]":
    """The step that installs, with an rclone that copies from a folder, and a Python that notes what it is told."""
    written = workflow(replace(plan(store="box:kept"), wheels=read_wheels(wheel)))
    whole = yaml.safe_load(written)
    script = next(
        step["run"] for step in whole["jobs"]["refresh"]["steps"] if step.get("name") == "Install postkeep"
    )
    programs = place / "bin"
    programs.mkdir()
    scripts = {
        "rclone": 'mkdir -p "$5"; while read -r name; do cp "$4/$name" "$5"; done < "$3"',
        "python": 'printf "%s\\n" "$@" > "$RUNNER_TEMP/installed"',
    }
    for name, text in scripts.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    environment = {
        "PATH": f"{programs}:/usr/bin:/bin",
        "RUNNER_TEMP": str(place),
        "STORE": str(place / "store"),
        "WHEELS": whole["env"]["WHEELS"],
        "RCLONE_CONF": "",
        "RCLONE_CONFIG": str(place / "rclone.conf"),
    }
    return subprocess.run(
        ["bash", "-e", "-c", script], check=False, env=environment, capture_output=True, text=True
    )


def test_a_runner_installs_the_very_wheels_of_the_store_and_nothing_else(
    wheels: Path, tmp_path: Path
) -> None:
    (tmp_path / "store" / "wheels" / "postkeep-9.9-py3-none-any.whl").write_bytes(b"of somebody else")
    done = install(wheels, tmp_path)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "wheels").iterdir()) == sorted(SUMS)
    words = (tmp_path / "installed").read_text(encoding="utf-8").splitlines()
    assert words[-4:-1] == ["--no-index", "--find-links", str(tmp_path / "wheels")]
    assert words[-1] == str(tmp_path / "wheels" / "postkeep-0.1.0-py3-none-any.whl")


def test_a_wheel_that_was_changed_in_the_store_is_not_installed(wheels: Path, tmp_path: Path) -> None:
    for name in SUMS:
        (tmp_path / "store" / "wheels" / name).write_bytes(b"changed")
    done = install(wheels, tmp_path)
    assert done.returncode != 0
    assert "FAILED" in done.stdout
    assert not (tmp_path / "installed").exists()


def test_a_wheel_alone_has_what_it_needs_from_the_index(wheels: Path, tmp_path: Path) -> None:
    done = install(wheels / "postkeep-0.1.0-py3-none-any.whl", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "--no-index" not in (tmp_path / "installed").read_text(encoding="utf-8")


def test_the_workflow_names_wheels_by_their_sums_and_runs_their_python(wheels: Path, tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "archive")
    ran = postkeep(
        "schedule", "github-actions", "--store", STORES[0], "--wheel", wheels, "--archive", archive
    )
    assert ran.exit_code == 0, ran.stderr
    for name, octets in SUMS.items():
        assert f"    {sha256(octets).hexdigest()}  {name}\n" in ran.stdout
    assert 'python-version: "3.12"' in ran.stdout
    assert "checkout" not in ran.stdout


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "no wheel lies there"),
        (["brotli-1.2-py3-none-any.whl"], "A runner has no postkeep"),
        (["postkeep-1-py3-none-any.whl", "postkeep-2-py3-none-any.whl"], "several wheels of postkeep"),
        (["postkeep-1-py3-none-any.whl", "b-1-cp312-cp312-macosx_11_0_arm64.whl"], "Linux on x86-64"),
        (["postkeep-1-py3-none-any.whl", "b-1-cp312-cp312-musllinux_1_2_x86_64.whl"], "Linux on x86-64"),
        (
            ["b-1-cp311-cp311-linux_x86_64.whl", "c-1-cp312-cp312-linux_x86_64.whl"],
            "several versions of Python: 3.11, 3.12",
        ),
        (["postkeep-1-py3-none-any.whl", "a$(id)-1-py3-none-any.whl"], "no name of a wheel"),
        (["postkeep-1-py3-none-any.whl", "a\nb: c-1-py3-none-any.whl"], "no name of a wheel"),
    ],
)
def test_wheels_that_no_runner_can_install_are_refused(names: list[str], said: str, tmp_path: Path) -> None:
    archive, folder = make_archive(tmp_path / "archive"), tmp_path / "wheels"
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(b"")
    ran = postkeep(
        "schedule", "github-actions", "--store", STORES[0], "--wheel", folder, "--archive", archive
    )
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert said in " ".join(ran.stderr.split())


def test_a_wheel_that_is_not_there_is_refused(tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "archive")
    for line in (("--wheel", tmp_path / "postkeep-1-py3-none-any.whl"), ()):
        ran = postkeep("schedule", "github-actions", "--store", STORES[0], *line, "--archive", archive)
        assert (ran.exit_code, ran.stdout) == (2, "")
        assert "--wheel" in ran.stderr
    ran = postkeep(
        "schedule",
        "github-actions",
        "--store",
        STORES[0],
        "--wheel",
        tmp_path / "wheels",
        "--archive",
        archive,
    )
    assert "nothing at that place" in " ".join(ran.stderr.split())


def test_the_hubs_token_reaches_the_step_that_publishes_alone() -> None:
    holders = [name for name, step in steps(publish="me/posts").items() if "HF_TOKEN" in step.get("env", {})]
    assert holders == ["Refresh"]
    assert not [name for name, step in steps().items() if "HF_TOKEN" in step.get("env", {})]


@pytest.mark.parametrize("store", STORES)
def test_its_scripts_are_bash_and_save_goes_on_after_a_failure(store: str) -> None:
    for step in steps(store).values():
        if "run" in step:
            subprocess.run(["bash", "-n", "-c", step["run"]], check=True)
    assert steps(store)["Save"]["if"] == "always() && steps.restore.outcome == 'success'"


@pytest.mark.parametrize(
    "store",
    [
        "https://example.org/bucket", "/srv/backup", "backup", "s3://", "s3://UPPER/x", "s3://key:secret@bucket", "box:",
        ":s3,access_key_id=AKIA:bucket", "box:a b", "s3://bucket/${{ secrets.X }}", "box:$(id)", "box:a\n", "",
    ],
)  # fmt: skip
def test_what_is_no_private_store_is_refused_without_repeating_it(store: str) -> None:
    with pytest.raises(UsageError, match="--store") as refusal:
        workflow(plan(store=store))
    assert len(store) < 8 or store not in str(refusal.value)


def test_without_a_store_it_is_refused_and_nothing_is_printed(tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "archive")
    ran = postkeep("schedule", "github-actions", "--archive", archive)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "--store s3://BUCKET/FOLDER" in ran.stderr


@pytest.mark.parametrize("scheduler", ["cron", "systemd"])
def test_it_prints_what_can_be_piped_and_one_object_with_json(scheduler: str, tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "내 기록")
    printed = postkeep("schedule", scheduler, "--archive", archive)
    assert printed.exit_code == 0
    assert str(archive) in printed.stdout
    assert str(POSTKEEP) in printed.stdout
    answer = postkeep("schedule", scheduler, "--archive", archive, "--json").answer
    assert "\n".join(answer["outputs"]) + "\n" == printed.stdout


def test_it_writes_files_into_a_folder_and_over_none(tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "archive")
    line = ("schedule", "systemd", "--archive", archive, "--into", tmp_path / "units")
    answer = postkeep(*line, "--json").answer
    assert sorted(map(str, (tmp_path / "units").iterdir())) == sorted(answer["outputs"])
    assert postkeep(*line).exit_code == 2


@pytest.mark.parametrize("name", ["a\nb", "a\rb", "a\x1bb", "a\u202eb", "a\u2028b"])
def test_a_name_that_no_job_can_hold_is_refused(name: str, tmp_path: Path) -> None:
    ran = postkeep("schedule", "cron", "--archive", make_archive(tmp_path / name), "--json")
    assert ran.exit_code == 2
    assert "line break or a control character" in str(ran.reasons[0])


def test_a_job_that_could_visit_nobody_is_refused(tmp_path: Path) -> None:
    assert postkeep("init", tmp_path / "archive").exit_code == 0
    environment = {"POSTKEEP_CONTACT": "me@example.org"}
    ran = postkeep("schedule", "cron", "--archive", tmp_path / "archive", "--json", env=environment)
    assert ran.exit_code == 2
    assert "No contact is set" in str(ran.reasons[0])
    assert "is no archive" in str(postkeep("schedule", "cron", "--archive", tmp_path, "--json").reasons[0])


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12))
def test_archives_spread_over_two_hours_and_are_told_apart(name: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scraper.jobs.schedule.job.is_archive", lambda _: True)
        program = Program(Path("/bin/postkeep"), Path("/bin/python"))
        one, other = (make_plan(Path("/srv", name + end), program, "me", SETTINGS) for end in ("1", "2"))
    assert one.name != other.name
    assert re.fullmatch(r"postkeep-[a-z0-9-]+", one.name)
    assert one.hour in {4, 5}
    assert 0 <= one.minute < 60


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"], exclude_characters="\0"), min_size=1))
def test_cron_and_a_shell_read_any_name_back(name: str) -> None:
    refresh, _ = job_lines(crontab(plan(f"/srv/{name}")))
    command = re.split(r"(?<!\\)%", refresh.split(None, 5)[5])[0].replace("\\%", "%")
    words = shlex.split(command, posix=True)
    assert words[words.index("--archive") + 1] == str(Path(f"/srv/{name}"))


def test_the_jobs_use_verbs_and_options_that_there_are() -> None:
    for file in units(plan()):
        for command in settings_of(file.text).get("ExecStart", []):
            _, verb, *words = shlex.split(command)
            options = {word for word in words if word.startswith("--")}
            help_text = postkeep(verb, "--help").stdout
            assert options
            assert all(f"  {option} " in help_text for option in options), verb
