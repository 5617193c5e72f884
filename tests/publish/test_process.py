"""What only a process of its own can show: Ctrl-C in an upload, a Hub that is not to be asked, a home that cannot be written."""

import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from scraper.archive.files import PUBLICATION_FOLDER
from tests.commands import command_line
from tests.hub.faults import Fault
from tests.hub.server import HubServer
from tests.publish.archives import Place

pytestmark = pytest.mark.slow


def publish(repo: str, place: Place, environment: dict[str, str]) -> "subprocess.Popen[str]":
    command = command_line("publish", repo, "--archive", str(place.folder))
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def said(run: "subprocess.Popen[str]") -> tuple[int, str]:
    _, stderr = run.communicate()
    return run.returncode, stderr


def test_ctrl_c_in_an_upload_commits_nothing_and_the_same_command_goes_on(
    hub: HubServer, place: Place, tmp_path: Path
) -> None:
    stopped = threading.Event()
    upload = Fault("PUT", "^/lfs/me/stopped/", until=stopped, times=99)
    hub.faults[:] = [upload]
    run = publish("me/stopped", place, hub.environment(tmp_path))
    while upload.times == 99:
        assert run.poll() is None, said(run)
        time.sleep(0.001)
    run.send_signal(signal.SIGINT)
    stopped.set()
    exit_code, stderr = said(run)
    assert (exit_code, "The same command goes on from here: postkeep publish me/stopped" in stderr) == (
        130,
        True,
    )
    assert len(hub.repository("me/stopped").history("main")) == 1
    assert not (place.folder / PUBLICATION_FOLDER).exists()
    hub.faults.clear()
    exit_code, stderr = said(publish("me/stopped", place, hub.environment(tmp_path)))
    assert exit_code == 0, stderr
    assert len(hub.repository("me/stopped").history("main")) == 2


def test_where_the_hub_is_not_to_be_asked_nothing_is_sent(
    hub: HubServer, place: Place, tmp_path: Path
) -> None:
    hub.seen.clear()
    environment = {**hub.environment(tmp_path), "HF_HUB_OFFLINE": "1"}
    exit_code, stderr = said(publish("me/offline", place, environment))
    assert exit_code == 2
    assert "HF_HUB_OFFLINE is set, so the Hub is not asked. Unset it." in stderr
    assert not hub.seen


def test_a_publication_needs_no_home_that_can_be_written(hub: HubServer, place: Place) -> None:
    exit_code, stderr = said(publish("me/homeless", place, hub.environment(Path("/proc/nowhere"))))
    assert exit_code == 0, stderr
    assert hub.repository("me/homeless").tags
