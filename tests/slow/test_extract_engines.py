"""An extraction of WARC files gives the same rows in one process, in a pool, on a Ray of its own and on a cluster, whatever dies."""

import base64
import json
import os
import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
import pytest

from tests.commands import environment
from tests.conftest import REPOSITORY
from tests.fixtures.pages import v1_post
from tests.jobs.processes import children_of
from tests.jobs.workplaces import KEY
from tests.slow.ray_nodes import SCALE, Nodes, nodes
from tests.slow.warc_folder import HARMS, spoiled, write_harmful_site, write_warcs

POSTKEEP: Final = SCALE / "postkeep"
ENGINES: Final = ("pool", "ray", "cluster")
# Nothing takes so long but what hangs.
PATIENCE: Final = 600

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not POSTKEEP.is_file(), reason="tests/slow/run installs Ray"),
]


@dataclass
class Place:
    """WARC files, an archive with the key, and how commands are run there."""

    folder: Path
    environment: dict[str, str]
    ends: ExitStack

    @cached_property
    def cluster(self) -> Nodes:
        """A Ray cluster of two nodes, from when it is asked for."""
        return self.ends.enter_context(nodes(1, 1, environment=self.environment))

    @property
    def warcs(self) -> Path:
        return self.folder / "warcs"

    def start(self, engine: str, dataset: str, warcs: Path | None = None) -> "subprocess.Popen[str]":
        """``postkeep extract --from`` with this engine."""
        options = {"plain": [], "pool": ["--workers", "2"], "ray": ["--ray", "local", "--workers", "2"]}
        if engine == "cluster":
            options["cluster"] = ["--ray", self.cluster.address]
        # The paths are relative, as people write them: nodes of a cluster work elsewhere.
        command = [str(POSTKEEP), "extract", "--from", str((warcs or self.warcs).relative_to(self.folder))]
        command += ["--into", dataset, "--archive", "archive", "--json", *options[engine]]
        variables = self.environment if engine != "cluster" else self.cluster.environment
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, engine: str, dataset: str, warcs: Path | None = None) -> dict[str, Any]:
        """What it answers."""
        return answer_of(self.start(engine, dataset, warcs))

    def rows(self, dataset: str) -> dict[str, list[dict[str, Any]]]:
        """Every row of the dataset, in order."""
        return {
            str(path.relative_to(self.folder / dataset)): pq.read_table(path).to_pylist()
            for path in sorted((self.folder / dataset / "data").rglob("*.parquet"))
        }


def answer_of(running: "subprocess.Popen[str]") -> dict[str, Any]:
    output, errors = running.communicate(timeout=PATIENCE)
    assert output, errors
    answer: dict[str, Any] = json.loads(output)
    return answer


def items_of(answer: dict[str, Any]) -> list[tuple[Any, ...]]:
    return sorted((item["target"], item["outcome"], str(item["reason"])) for item in answer["items"])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("engines")
    archive = folder / "archive"
    subprocess.run([str(POSTKEEP), "init", str(archive)], check=True, capture_output=True)
    (archive / "pseudonym.key").touch(mode=0o600)
    (archive / "pseudonym.key").write_bytes(KEY)
    write_warcs(folder / "warcs", files=4, pages=15)
    site = write_harmful_site(folder / "harm")
    variables = {**environment(), "PYTHONPATH": f"{site}{os.pathsep}{REPOSITORY}"}
    with ExitStack() as ends:
        yield Place(folder, variables, ends)


@pytest.fixture(scope="module")
def plain(place: Place) -> dict[str, Any]:
    """What the plain run answers."""
    return place.run("plain", "plain")


def test_the_plain_run_costs_what_is_broken_and_nothing_else(place: Place, plain: dict[str, Any]) -> None:
    assert plain["exit_code"] == 1
    failed = {item["target"] for item in plain["items"] if item["outcome"] == "failed"}
    assert {"warcs/truncated.warc.gz", "warcs/empty.warc.gz"} <= failed
    hostile = [item for item in plain["items"] if item["target"] == "warcs/hostile.warc.gz"]
    rejected = [str(item["reason"]) for item in hostile if item["outcome"] == "rejected"]
    # Two of them end their process, which is one reason.
    assert len(rejected) == len(HARMS) - 1
    assert (
        len(
            [
                reason
                for reason in rejected
                if reason.endswith("died (Abnormal termination). The page is kept. (2)")
            ]
        )
        == 1
    )
    posts = [
        row["post_id"] for name, rows in place.rows("plain").items() if "/posts/" in name for row in rows
    ]
    assert len([post for post in posts if post.startswith("harm:fine")]) == len(HARMS) + 1
    assert len([post for post in posts if post.startswith("careerly:comments-50")]) == 4 * 15


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_the_rows_of_the_plain_run(
    place: Place, plain: dict[str, Any], engine: str
) -> None:
    answer = place.run(engine, engine)
    assert items_of(answer) == items_of(plain)
    assert place.rows(engine) == place.rows("plain")
    assert manifest(place, engine) == manifest(place, "plain")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_worker_killed_in_the_middle_costs_no_row(place: Place, plain: dict[str, Any], engine: str) -> None:
    running = place.start(engine, f"{engine}-killed")
    with in_the_middle(place.folder / f"{engine}-killed.work", running):
        os.kill(worker_of(running, engine, place), signal.SIGKILL)
    answer = answer_of(running)
    assert items_of(answer) == items_of(plain)
    assert place.rows(f"{engine}-killed") == place.rows("plain")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_killed_in_the_middle_goes_on(place: Place, plain: dict[str, Any], engine: str) -> None:
    running = place.start(engine, f"{engine}-again")
    with in_the_middle(place.folder / f"{engine}-again.work", running):
        running.kill()
    running.communicate(timeout=PATIENCE)
    assert not (place.folder / f"{engine}-again" / "data").exists()
    assert items_of(place.run(engine, f"{engine}-again")) == items_of(plain)
    assert place.rows(f"{engine}-again") == place.rows("plain")


@pytest.mark.parametrize("engine", ["plain", *ENGINES])
def test_a_run_with_nothing_left_to_do_reads_no_file(
    place: Place, plain: dict[str, Any], engine: str
) -> None:
    if not (place.folder / engine).exists():
        place.run(engine, engine)
    with spoiled(place.warcs):
        assert items_of(place.run(engine, engine)) == items_of(plain)
    assert place.rows(engine) == place.rows("plain")


def test_neither_key_nor_names_are_where_ray_leaves_them(place: Place, plain: dict[str, Any]) -> None:
    """In the files of its session, and in arguments and environments of its processes while they read."""
    running = place.start("cluster", "secret")
    traces: list[bytes] = []
    with in_the_middle(place.folder / "secret.work", running):
        for head in place.cluster.running:
            for process in (head.pid, *children_of(head.pid)):
                traces += [read_of(Path(f"/proc/{process}/{what}")) for what in ("cmdline", "environ")]
    answer_of(running)
    traces += [path.read_bytes() for path in place.cluster.folder.rglob("*") if path.is_file()]
    secrets = [KEY, KEY.hex().encode(), base64.b64encode(KEY).rstrip(b"="), base64.urlsafe_b64encode(KEY)]
    # What is searched through holds what it should.
    assert any(b"attempt_on_node" in trace for trace in traces)
    assert len(traces) > 50
    for secret in (*secrets, *names()):
        assert not any(secret in trace for trace in traces), secret


def test_a_key_that_is_not_on_a_node_ends_the_run_and_the_node_is_named(place: Place) -> None:
    key = place.folder / "archive" / "pseudonym.key"
    running = place.start("cluster", "keyless")
    try:
        with in_the_middle(place.folder / "keyless.work", running):
            key.rename(key.with_suffix(".away"))
        answer = answer_of(running)
    finally:
        key.with_suffix(".away").rename(key)
    assert answer["exit_code"] == 1
    assert f"The pseudonym key {key} is not on {os.uname().nodename}." in json.dumps(answer["items"])
    assert not (place.folder / "keyless").exists()


def test_the_figures_of_one_and_of_two_workers(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warcs = place.folder / "many"
    write_warcs(warcs, files=16, pages=120)
    for path in [path for path in warcs.iterdir() if not path.name.startswith("good")]:
        path.unlink()
    for engine in ("plain", "pool", "ray"):
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        assert place.run(engine, f"many-{engine}", warcs)["exit_code"] == 0
        after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        with capsys.disabled():
            print(f"\n{engine}: 1,920 pages in {ended - began:.1f} s, {cpu:.1f} s of processor time")


@contextmanager
def in_the_middle(work: Path, running: "subprocess.Popen[str]") -> Iterator[None]:
    """Once some files are read and others are not."""
    while not any(work.glob("shards/*.json")):
        assert running.poll() is None
        time.sleep(0.01)
    assert running.poll() is None
    yield


def worker_of(running: "subprocess.Popen[str]", engine: str, place: Place) -> int:
    """One of the processes that work on files, while the run is at work."""
    above = {running.pid} if engine != "cluster" else {head.pid for head in place.cluster.running}
    sign = b"spawn_main" if engine == "pool" else b"ray::attempt_on_node"
    while running.poll() is None:
        for parent in above:
            for process in children_of(parent):
                if sign in read_of(Path(f"/proc/{process}/cmdline")):
                    return process
    raise AssertionError("The run ended before one of its workers was seen.")


def read_of(path: Path) -> bytes:
    """What the file holds, nothing where its process is gone."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def names() -> list[bytes]:
    """The names of those who wrote what is in the files."""
    post = v1_post(70991)
    people = {post.by, *(comment.by for comment in post.comments)} - {None}
    return [person.name.encode() for person in people if person]


def manifest(place: Place, dataset: str) -> Any:
    return json.loads((place.folder / dataset / "manifest.json").read_text("utf-8"))
