"""A Ray cluster of this machine's own: nodes on addresses of the loopback range, which only who has its token may use."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.conftest import REPOSITORY
from tests.jobs.processes import children_of

SCALE: Final = REPOSITORY / "build" / "scale" / "bin"
PYTHON: Final = SCALE / "python"
HEAD: Final = "127.0.0.2"
# Seconds between two looks at whether a node has started.
_LOOK: Final = 0.1
_ATTEMPTS: Final = 4


@dataclass
class Nodes:
    """The nodes of a cluster, the first of which is its head."""

    folder: Path
    port: int
    client_port: int
    environment: dict[str, str]
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where a driver on this machine joins."""
        return f"{HEAD}:{self.port}"

    @property
    def client_address(self) -> str:
        """Where one from elsewhere does."""
        return f"ray://{HEAD}:{self.client_port}"

    def start(self, processors: int) -> "subprocess.Popen[bytes]":
        """Start one more node. On a busy machine one may not start in the half minute that Ray grants it."""
        number = len(self.running)
        command = [
            str(SCALE / "ray"),
            "start",
            "--block",
            f"--num-cpus={processors}",
            "--disable-usage-stats",
        ]
        command += [f"--node-ip-address=127.0.0.{number + 2}", "--object-store-memory=80000000"]
        if number:
            command += [f"--address={self.address}"]
        else:
            command += ["--head", f"--port={self.port}", f"--ray-client-server-port={self.client_port}"]
            command += ["--include-dashboard=false", f"--temp-dir={self.folder}"]
        for attempt in range(_ATTEMPTS):
            log = self.folder / f"node-{number}-{attempt}.log"
            with log.open("wb") as output:
                # Its workers work where it was started, which is not where a driver is.
                process = subprocess.Popen(
                    command, cwd=self.folder, env=self.environment, stdout=output, stderr=output
                )
            if _has_started(process, log):
                self.running.append(process)
                return process
        raise RuntimeError(log.read_text("utf-8"))

    def stop(self, process: "subprocess.Popen[bytes]") -> None:
        """End a node at once with all that it started, as where the power fails."""
        for each in (process.pid, *children_of(process.pid)):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        process.wait()


@contextmanager
def nodes(*processors: int, environment: Mapping[str, str] = os.environ) -> Iterator[Nodes]:
    """A cluster with a node for each number of processors."""
    # Its sockets lie in there, whose names must be short.
    folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))
    token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    cluster = Nodes(folder, _free_port(), _free_port(), {**environment, **token})
    with ExitStack() as ends:
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        for count in processors:
            ends.callback(cluster.stop, cluster.start(count))
        yield cluster


def _has_started(process: "subprocess.Popen[bytes]", log: Path) -> bool:
    # What a node says last before it waits for its end.
    while b"--block" not in log.read_bytes():
        if process.poll() is not None:
            return False
        time.sleep(_LOOK)
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HEAD, 0))
        port: int = probe.getsockname()[1]
        return port
