"""The workflow's own scripts, run with the real rclone: an archive goes through a store, night after night, and loses nothing."""

import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from scraper.archive.check import check
from scraper.archive.files import closed_path, present_names
from scraper.archive.read import open_to_read
from scraper.jobs.schedule.actions import workflow
from scraper.jobs.schedule.plan import NightlyRun, Program
from scraper.jobs.schedule.wheels import Wheel
from tests.archive.making import keep_visit, open_archive
from tests.commands import POSTKEEP, environment

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("rclone") is None,
        reason="rclone is not installed; tests/slow/run installs it where it may",
    ),
]
WHEEL: Final = "postkeep-0.1.0-py3-none-any.whl"
POSTS: Final = tuple(f"https://careerly.co.kr/comments/{number}" for number in range(1, 4))


class Night:
    """One run of the workflow on a runner of its own, whose disk is empty; ``dies_at`` is the call of rclone that it dies at."""

    def __init__(self, place: Path, store: Path, dies_at: int = 0) -> None:
        self.temp = place
        self.archive = place / "archive"
        program, wheels = Program(POSTKEEP, POSTKEEP), (Wheel(WHEEL, sha256(b"wheel").hexdigest()),)
        plan = NightlyRun(
            "postkeep-a-123456", Path("/a"), program, "keeper", 4, 17, store="box:kept", wheels=wheels
        )
        whole: dict[Any, Any] = yaml.safe_load(workflow(plan))
        self._scripts = {step.get("name"): step.get("run") for step in whole["jobs"]["refresh"]["steps"]}
        programs = place / "bin"
        programs.mkdir(parents=True)
        (programs / "rclone").write_text(
            f'#!/bin/sh\necho x >> "{place}/calls"\n[ "$(wc -l < "{place}/calls")" -ne {dies_at} ] || exit 137\n'
            f'exec {shutil.which("rclone")} "$@"\n'
        )
        (programs / "python").write_text(f'#!/bin/sh\necho "$@" >> "{place}/installed"\n')
        for program_path in programs.iterdir():
            program_path.chmod(0o755)
        self._environment = {
            **environment(),
            "PATH": f"{programs}:{POSTKEEP.parent}:{os.environ['PATH']}",
            "STORE": "box:kept",
            "WHEELS": whole["env"]["WHEELS"],
            "RCLONE_CONF": f"[box]\ntype = alias\nremote = {store}",
            "RCLONE_CONFIG": str(place / "rclone.conf"),
            "RUNNER_TEMP": str(place),
            "GITHUB_RUN_ID": "1",
            "GITHUB_RUN_ATTEMPT": "1",
        }

    def step(self, name: str) -> subprocess.CompletedProcess[str]:
        command = ["bash", "-e", "-c", self._scripts[name]]
        return subprocess.run(command, check=False, env=self._environment, capture_output=True, text=True)

    def visited(self) -> list[str]:
        with open_to_read(self.archive) as archive:
            return [visit.url for visit in archive.visits()]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with an archive of one visit."""
    first = Night(tmp_path / "first", tmp_path / "store")
    with open_archive(first.archive) as archive:
        keep_visit(archive, POSTS[0])
    (first.archive / "postkeep.toml").write_text('contact = "test@example.org"\n')
    saved = first.step("Save")
    assert saved.returncode == 0, saved.stderr
    return tmp_path / "store"


def visit_more(night: Night) -> None:
    with open_archive(night.archive) as archive:
        keep_visit(archive, POSTS[1])


def test_what_a_night_kept_is_there_the_next_night(store: Path, tmp_path: Path) -> None:
    second = Night(tmp_path / "second", store)
    assert second.step("Restore").returncode == 0
    assert second.visited() == [POSTS[0]]
    visit_more(second)
    assert second.step("Save").returncode == 0
    third = Night(tmp_path / "third", store)
    assert third.step("Restore").returncode == 0
    assert third.visited() == list(POSTS[:2])
    assert check(third.archive) == []
    assert not (third.temp / "rclone.conf").exists()


def test_a_save_that_dies_anywhere_loses_nothing_that_was_stored(store: Path, tmp_path: Path) -> None:
    for at in range(1, 7):
        stored = Path(shutil.copytree(store, tmp_path / f"store-{at}"))
        dying = Night(tmp_path / f"dying-{at}", stored, dies_at=at + 3)  # the first three calls restore
        assert dying.step("Restore").returncode == 0
        visit_more(dying)
        saved = dying.step("Save")
        after = Night(tmp_path / f"after-{at}", stored)
        restored = after.step("Restore")
        assert restored.returncode == 0, restored.stderr
        assert check(after.archive) == []
        assert after.visited()[:1] == [POSTS[0]]
        # Once the captures are there, the night counts, whatever became of the rest.
        assert (POSTS[1] in after.visited()) is (at > 1)
        assert (saved.returncode == 0) is (at > 5)


def test_an_empty_store_is_no_archive_and_nothing_is_begun(tmp_path: Path) -> None:
    (tmp_path / "store" / "kept" / "warc").mkdir(parents=True)
    (tmp_path / "store" / "kept" / "kept").mkdir()
    night = Night(tmp_path / "night", tmp_path / "store")
    restored = night.step("Restore")
    assert restored.returncode == 1
    assert "The store holds no archive" in restored.stderr
    gone = Night(tmp_path / "gone", tmp_path / "nowhere")
    assert gone.step("Restore").returncode != 0


def test_a_store_that_lost_captures_stops_the_night(store: Path, tmp_path: Path) -> None:
    (lost,) = (store / "kept" / "warc").iterdir()
    lost.unlink()
    assert Night(tmp_path / "night", store).step("Restore").returncode != 0


def test_an_archive_that_came_to_harm_overwrites_nothing_in_the_store(store: Path, tmp_path: Path) -> None:
    night = Night(tmp_path / "night", store)
    assert night.step("Restore").returncode == 0
    visit_more(night)
    (name, _) = present_names(night.archive)
    path = closed_path(night.archive, name)
    path.write_bytes(path.read_bytes()[:100])
    assert night.step("Save").returncode == 1
    after = Night(tmp_path / "after", store)
    assert after.step("Restore").returncode == 0
    assert after.visited() == list(POSTS[:2])


def test_what_was_taken_out_of_the_archive_leaves_the_store(store: Path, tmp_path: Path) -> None:
    night = Night(tmp_path / "night", store)
    assert night.step("Restore").returncode == 0
    (store / "kept" / "warc" / "postkeep-20200101000000-00000.warc.gz").write_bytes(b"redacted since")
    assert night.step("Save").returncode == 0
    assert [path.name for path in (store / "kept" / "warc").iterdir()] == present_names(night.archive)


def test_a_runner_installs_the_wheel_of_the_store_and_no_other(store: Path, tmp_path: Path) -> None:
    night = Night(tmp_path / "night", store)
    assert night.step("Install postkeep").returncode != 0, "there is none"
    wheels = store / "kept" / "wheels"
    wheels.mkdir()
    (wheels / WHEEL).write_bytes(b"another wheel")
    assert night.step("Install postkeep").returncode != 0
    assert not (tmp_path / "night" / "installed").exists()
    (wheels / WHEEL).write_bytes(b"wheel")
    (wheels / "postkeep-9-py3-none-any.whl").write_bytes(b"of somebody")
    done = Night(tmp_path / "next", store)
    assert done.step("Install postkeep").returncode == 0
    assert (tmp_path / "next" / "installed").read_text().endswith(f"/wheels/{WHEEL}\n")
    assert [path.name for path in (tmp_path / "next" / "wheels").iterdir()] == [WHEEL]


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="systemd is not installed; tests/slow/run installs it where it may",
)
def test_systemd_reads_the_timers_in_utc() -> None:
    done = subprocess.run(
        ["systemd-analyze", "calendar", "*-*-* 04:17:00 UTC"],
        check=True, capture_output=True, text=True, env={**os.environ, "TZ": "Europe/Berlin"},
    )  # fmt: skip
    assert (
        "Normalized form: *-*-* 04:17:00 UTC" in done.stdout
        or "Original form: *-*-* 04:17:00 UTC" in done.stdout
    )
