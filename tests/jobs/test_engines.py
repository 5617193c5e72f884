"""Engines: one function over many tasks, where a task that fails costs itself and no process is left behind."""

import fcntl
import os
import re
import signal
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any, Final

import pytest

from scraper.errors import StopError, UsageError
from scraper.jobs.engines.attempt import outcome_of, packed
from scraper.jobs.engines.engine import Engine, Finished, PlainEngine
from scraper.jobs.engines.pool import PoolEngine
from scraper.jobs.engines.ray_engine import RayEngine, attempt_on_node
from tests.conftest import REPOSITORY
from tests.jobs import engine_reading, engine_work
from tests.jobs.engine_work import Task, noted, work
from tests.jobs.processes import gone

ENGINES: Final[dict[str, Callable[[], Engine]]] = {"plain": PlainEngine, "pool": lambda: PoolEngine(2)}
Outcome = tuple[Any, str | None]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with ENGINES[request.param]() as engine:
        yield engine


@pytest.fixture
def pool() -> Iterator[Engine]:
    with PoolEngine(2) as engine:
        yield engine


def outcomes(engine: Engine, tasks: list[Task]) -> dict[int, Outcome]:
    """What came of each task, by its number."""
    finished: list[Finished[Task, Any]] = list(engine.run(work, tasks))
    assert sorted(each.task.number for each in finished) == sorted(task.number for task in tasks)
    return {each.task.number: (each.result, each.lost) for each in finished}


def test_each_task_has_its_result_whatever_the_order(engine: Engine) -> None:
    tasks = [Task(number) for number in range(7)]
    assert outcomes(engine, tasks) == {number: (number * 2, None) for number in range(7)}
    assert list(engine.run(work, [])) == []


def test_a_function_that_raises_costs_its_task_and_says_why(engine: Engine) -> None:
    told = outcomes(engine, [Task(1, "skip"), Task(2, "refuse"), Task(3, "raise"), Task(4)])
    assert told[1] == (None, "The file 1 is no WARC file.")
    assert told[2] == (None, "It is forbidden.")
    assert str(told[3][1]).startswith("The work on it failed: KeyError: 3 (engine_work.py, line ")
    assert told[4] == (8, None)


def test_an_error_that_ends_the_run_ends_it(engine: Engine) -> None:
    with pytest.raises(UsageError, match=r"The key is not on this machine\."):
        list(engine.run(work, [Task(1, "stop")]))


def test_tasks_are_taken_as_workers_come_free(engine: Engine) -> None:
    taken = 0

    def endless() -> Iterator[Task]:
        nonlocal taken
        for taken in count(1):
            yield Task(taken)

    run = engine.run(work, endless())
    for number, _ in enumerate(islice(run, 9), 1):
        assert taken <= number + 4
    run.close()  # type: ignore[attr-defined]


@pytest.mark.thorough
def test_a_worker_that_dies_costs_its_task_and_no_other(pool: Engine) -> None:
    told = outcomes(pool, [Task(0), Task(1, "die"), Task(2), Task(3, "leave"), Task(4), Task(5)])
    assert told.pop(1) == (None, "The workers on it died 2 times: killed by SIGKILL.")
    assert told.pop(3) == (None, "The workers on it died 2 times: it left with exit code 3.")
    assert told == {number: (number * 2, None) for number in (0, 2, 4, 5)}


def test_a_task_whose_worker_died_is_tried_once_more(pool: Engine, tmp_path: Path) -> None:
    assert outcomes(pool, [Task(1, "die once", tmp_path)]) == {1: (2, None)}
    assert len(set(noted(tmp_path))) == 2


@pytest.mark.thorough
@pytest.mark.parametrize("when", ["idle", "handed"])
def test_workers_that_die_before_they_take_a_task_cost_it_no_try(when: str) -> None:
    with PoolEngine(2) as engine:
        told = outcomes(engine, [Task(0, "process"), Task(1, "process")])
        processes = {process for process, _ in told.values()}
        assert len(processes) == 2
        for process in processes:
            os.kill(process, signal.SIGKILL if when == "idle" else signal.SIGSTOP)
        workers = tuple(engine._workers) if when == "handed" else ()
        killing = threading.Thread(target=_kill_once_handed_a_task, args=[workers])
        killing.start()
        assert outcomes(engine, [Task(2)]) == {2: (4, None)}
        killing.join()
        assert all(map(gone, processes))


def _kill_once_handed_a_task(workers: tuple[Any, ...]) -> None:
    """Kill each of the workers, which have stopped, once something that they did not read is in their pipe."""
    for worker in workers:
        unread = bytearray(4)
        while not int.from_bytes(unread, sys.byteorder):
            fcntl.ioctl(worker.pipe.fileno(), termios.TIOCOUTQ, unread)
        worker._process.kill()


def test_a_result_that_cannot_be_handed_over_costs_its_task(pool: Engine) -> None:
    told = outcomes(pool, [Task(1, "lock"), Task(2, "unread"), Task(3)])
    assert "cannot be handed over: TypeError: cannot pickle '_thread.lock' object" in str(told[1][1])
    assert "cannot be handed over: TypeError: " in str(told[2][1])
    assert told[3] == (6, None)


def test_a_worker_may_be_kept_from_taking_all_memory() -> None:
    with PoolEngine(1, memory=2 << 30) as engine:
        told = outcomes(engine, [Task(1, "eat"), Task(2)])
    assert "MemoryError" in str(told[1][1])
    assert told[2] == (4, None)


@pytest.mark.thorough
def test_work_has_processes_of_its_own(pool: Engine) -> None:
    finished = pool.run(engine_reading.read, [Task(1), Task(2)])
    assert [(each.result, each.lost) for each in finished] == [("Reading", None)] * 2


@pytest.mark.parametrize(
    ("hang", "each"),
    [(engine_work.work, 1), pytest.param(engine_reading.hang, 2, marks=pytest.mark.thorough)],
    ids=["itself", "its own"],
)
def test_no_process_outlives_an_engine_that_is_left(
    tmp_path: Path, hang: Callable[[Task], Any], each: int
) -> None:
    started = tmp_path / "started"
    started.mkdir()

    def tasks() -> Iterator[Task]:
        yield Task(1, "hang", started)
        while not any(note.name.endswith("-1") for note in started.iterdir()):
            pass
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), PoolEngine(2) as engine:
        # The second task is asked for while the first is at work.
        list(engine.run(hang, tasks()))
    processes = noted(started)
    assert len(processes) == each
    assert all(gone(process) for process in processes)


def test_what_is_at_work_ends_with_its_run_and_the_engine_can_run_again(pool: Engine, tmp_path: Path) -> None:
    def tasks() -> Iterator[Task]:
        yield Task(1, "hang", tmp_path)
        while not noted(tmp_path):
            pass
        yield Task(2, "stop")

    with pytest.raises(StopError):
        list(pool.run(work, tasks()))
    assert all(gone(process) for process in noted(tmp_path))
    assert [each.result for each in pool.run(work, [Task(3)])] == [6]


_PARENT: Final = """
import sys
from pathlib import Path
from scraper.jobs.engines.pool import PoolEngine
from tests.jobs.engine_work import Task
from tests.jobs.{module} import {function}

def run():
    with PoolEngine(2) as engine:
        list(engine.run({function}, [Task(n, "hang", Path(sys.argv[1])) for n in (1, 2)]))
"""
_GUARDED: Final = """
if __name__ == "__main__":
    run()
"""


def _parent(script: Path, work: Callable[[Task], Any], end: str) -> "subprocess.Popen[bytes]":
    """A process of its own that hands two tasks to a pool; what each leaves is in ``started`` beside the script."""
    module = work.__module__.rpartition(".")[2]
    script.write_text(_PARENT.format(module=module, function=work.__name__) + end, encoding="utf-8")
    started = script.with_name("started")
    started.mkdir()
    command = [sys.executable, str(script), str(started)]
    return subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, stderr=subprocess.PIPE
    )


@pytest.mark.thorough
def test_processes_that_cannot_be_started_are_said_and_do_not_hang(tmp_path: Path) -> None:
    # Whoever starts processes by spawn must not do so at import.
    _, errors = _parent(tmp_path / "parent.py", work, "run()").communicate(timeout=60)
    said = errors.decode().splitlines()[-1]
    assert said.endswith(
        "StopError: No worker can be started: it left with exit code 1. Free memory, then run the same command again."
    )


def test_no_process_is_met_by_ctrl_c_before_it_ignores_it() -> None:
    # In a process that has not started any before: the first one brings the tracker of multiprocessing along.
    script = "from tests.jobs.engine_reading import deaf; print(*deaf())"
    ran = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, check=True)
    assert ran.stdout.split() == [b"True", b"True", b"True"]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("hang", "each"), [(engine_work.work, 1), (engine_reading.hang, 2)], ids=["itself", "its own"]
)
@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_no_process_outlives_the_run(
    tmp_path: Path, hang: Callable[[Task], Any], each: int, by: signal.Signals
) -> None:
    parent = _parent(tmp_path / "parent.py", hang, _GUARDED)
    started = tmp_path / "started"
    while sum(note.name.endswith(("-1", "-2")) for note in started.iterdir()) < 2:
        assert parent.poll() is None
    parent.send_signal(by)
    _, errors = parent.communicate(timeout=60)
    if by is signal.SIGINT:
        assert errors.splitlines()[-1] == b"KeyboardInterrupt"
    processes = noted(started)
    assert len(processes) == 2 * each
    assert all(gone(process) for process in processes)


def test_ray_that_is_not_installed_is_said_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    environment = {"PATH": "/bin"}
    with (
        pytest.raises(UsageError, match=r"Install it: pip install 'postkeep\[scale\]'"),
        RayEngine("local", environment),
    ):
        pass
    assert environment == {"PATH": "/bin"}


@pytest.mark.parametrize(
    "address", ["", "cluster", "127.0.0.1", "http://a:1", "ray://a", "a:1/b", "a:70000", "ray://[a:1"]
)
def test_an_address_that_is_none_is_refused_before_anything_is_asked(address: str) -> None:
    with (
        pytest.raises(UsageError, match=r"Write local, auto, HOST:PORT or ray://HOST:PORT"),
        RayEngine(address, {}),
    ):
        pass


def test_a_node_with_another_version_says_so_and_which_it_is() -> None:
    with pytest.raises(
        StopError,
        match=rf"The Ray node {re.escape(os.uname().nodename)} has postkeep .*, and this is 0\.0\.0",
    ):
        outcome_of(attempt_on_node("0.0.0", packed(work, Task(1))))


@pytest.mark.thorough
def test_processes_that_last_as_long_as_their_worker_end_in_order(tmp_path: Path) -> None:
    with PoolEngine(1) as engine:
        assert [
            each.result for each in engine.run(engine_reading.read_again, [Task(1, folder=tmp_path)])
        ] == ["Reading"]
        assert not noted(tmp_path)
    assert len(noted(tmp_path)) == 1
