"""The engine of Ray tasks, on a Ray of its own and on a cluster of two nodes: what fails costs itself, nothing hangs, nothing is left."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.conftest import REPOSITORY
from tests.jobs.engine_work import noted
from tests.jobs.processes import children_of, gone, listening_addresses
from tests.slow.ray_nodes import PYTHON, Nodes, nodes

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PYTHON.is_file(), reason="tests/slow/run installs Ray"),
]
KINDS: Final = ("local", "auto", "address", "client")
# Nothing takes so long but what hangs.
PATIENCE: Final = 120


@pytest.fixture(scope="module")
def cluster() -> Iterator[Nodes]:
    with nodes(1, 1) as cluster:
        yield cluster


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    return folder


def started(kind: str, cluster: Nodes, scenario: str, notes: Path) -> "subprocess.Popen[bytes]":
    """A driver of its own that runs the scenario."""
    environment, address = dict(cluster.environment), kind
    if kind == "local":
        # A Ray of its own needs none of that, and has a token of its own.
        environment = dict(os.environ)
    elif kind == "auto":
        environment["RAY_ADDRESS"] = cluster.address
    else:
        address = {"address": cluster.address, "client": cluster.client_address}.get(kind, kind)
    command = [str(PYTHON), "-m", "tests.slow.ray_scenarios", address, scenario, str(notes)]
    return subprocess.Popen(
        command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def told(driver: "subprocess.Popen[bytes]") -> dict[str, Any]:
    """What came of the scenario, which is all that the driver printed."""
    output, errors = driver.communicate(timeout=PATIENCE)
    assert driver.returncode == 0, errors.decode()
    assert errors == b""
    answer: dict[str, Any] = json.loads(output)
    return answer


def wait_for_notes(notes: Path, count: int, driver: "subprocess.Popen[bytes]") -> None:
    """Go on when so many tasks are at work."""
    while sum(not note.name.endswith("child") for note in notes.iterdir()) < count:
        assert driver.poll() is None
        time.sleep(0.05)


@pytest.mark.parametrize("kind", KINDS)
def test_what_fails_costs_itself_wherever_the_cluster_is(kind: str, cluster: Nodes, notes: Path) -> None:
    scenario = "double,skip,raise,die,leave,lock,unread,die once,double"
    results = {
        number: (result, lost)
        for number, result, lost in told(started(kind, cluster, scenario, notes))["finished"]
    }
    assert results[0] == (0, None)
    assert results[1] == (None, "The file 1 is no WARC file.")
    assert "KeyError: 2" in results[2][1]
    assert (
        results[3]
        == results[4]
        == (None, "The workers on it died 2 times: Ray lost it (WorkerCrashedError).")
    )
    assert "cannot be handed over" in results[5][1]
    assert "cannot be handed over" in results[6][1]
    assert results[7] == (14, None)
    assert results[8] == (16, None)
    assert len(set(noted(notes))) == 2


@pytest.mark.parametrize("kind", ["local", "address"])
def test_work_has_processes_of_its_own(kind: str, cluster: Nodes, notes: Path) -> None:
    assert told(started(kind, cluster, "read", notes)) == {"finished": [[0, "Reading", None]]}


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_that_ends_the_run_ends_it(kind: str, cluster: Nodes, notes: Path) -> None:
    answer = told(started(kind, cluster, "stop,hang,hang,hang", notes))
    assert answer == {"error": ["UsageError", "The key is not on this machine."]}
    assert all(gone(process) for process in noted(notes))


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM], ids=lambda by: by.name)
@pytest.mark.parametrize("kind", KINDS)
def test_no_process_outlives_the_run(kind: str, cluster: Nodes, notes: Path, by: signal.Signals) -> None:
    with started(kind, cluster, "hang inside", notes) as driver:
        wait_for_notes(notes, 1, driver)
        own = children_of(driver.pid)
        driver.send_signal(by)
        driver.communicate(timeout=PATIENCE)
    assert len(noted(notes)) == 2
    assert all(gone(process) for process in (*noted(notes), *own))


def test_a_ray_of_its_own_is_reached_from_this_machine_alone(cluster: Nodes, notes: Path) -> None:
    with started("local", cluster, "wait,wait", notes) as driver:
        wait_for_notes(notes, 2, driver)
        listening = listening_addresses({driver.pid, *children_of(driver.pid)})
        (notes / "go").touch()
        assert told(driver) == {"finished": [[0, 0, None], [1, 2, None]]}
    assert len(listening) > 3
    assert all(address.is_loopback for address in listening)


def test_a_node_that_dies_costs_a_second_try(notes: Path) -> None:
    with nodes(1, 1) as cluster, started("address", cluster, "wait,wait", notes) as driver:
        wait_for_notes(notes, 2, driver)
        cluster.stop(cluster.running[1])
        (notes / "go").touch()
        assert told(driver) == {"finished": [[0, 0, None], [1, 2, None]]}


def test_a_cluster_without_a_processor_left_is_said(notes: Path) -> None:
    with nodes(0, 1) as cluster, started("address", cluster, "wait,double", notes) as driver:
        wait_for_notes(notes, 1, driver)
        cluster.stop(cluster.running[1])
        kind, message = told(driver)["error"]
    assert kind == "StopError"
    assert message.startswith(f"The Ray cluster at {cluster.address} has no processor left to work with.")


def test_a_cluster_that_ends_ends_the_run(notes: Path) -> None:
    with nodes(1) as cluster, started("address", cluster, "hang,hang", notes) as driver:
        wait_for_notes(notes, 1, driver)
        cluster.stop(cluster.running[0])
        _, errors = driver.communicate(timeout=PATIENCE)
    # It is Ray that ends its process.
    assert driver.returncode != 0
    assert b"Failed to connect to GCS" in errors


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "nowhere.invalid:6379"])
def test_where_no_cluster_is_it_is_said(cluster: Nodes, notes: Path, address: str) -> None:
    kind, message = told(started(address, cluster, "double", notes))["error"]
    assert kind == "StopError"
    assert message.startswith(f"Ray cannot be used on {address}: ")


def test_what_is_no_cluster_is_said(cluster: Nodes, notes: Path) -> None:
    server = subprocess.Popen(
        [str(PYTHON), "-m", "http.server", "--bind", "127.0.0.1", "0"],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with server:
        assert server.stdout is not None
        port = server.stdout.readline().split(b" port ")[1].split()[0].decode()
        try:
            for address in (f"127.0.0.1:{port}", f"ray://127.0.0.1:{port}"):
                kind, message = told(started(address, cluster, "double", notes))["error"]
                assert (kind, message.partition(": ")[0]) == ("StopError", f"Ray cannot be used on {address}")
        finally:
            server.terminate()


@pytest.mark.parametrize("kind", ["address", "client"])
def test_a_cluster_that_does_not_let_us_in_is_said(cluster: Nodes, notes: Path, kind: str) -> None:
    stranger = Nodes(cluster.folder, cluster.port, cluster.client_port, dict(cluster.environment))
    stranger.environment["RAY_AUTH_TOKEN"] = "0" * 64
    error, message = told(started(kind, stranger, "double", notes))["error"]
    assert (error, message.partition(": ")[0]) == (
        "StopError",
        f"Ray cannot be used on {cluster.address if kind == 'address' else cluster.client_address}",
    )
