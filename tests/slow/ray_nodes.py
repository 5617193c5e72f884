"""A Ray cluster of this machine's own: nodes on addresses of the loopback range, which only who has its token may use."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.conftest import REPOSITORY
from tests.jobs.processes import children_of

SCALE: Final = REPOSITORY / "build" / "scale" / "bin"
PYTHON: Final = SCALE / "python"
HEAD: Final = "127.0.0.2"


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
        """Start one more node."""
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
        log = self.folder / f"node-{number}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(command, env=self.environment, stdout=output, stderr=output)
        self.running.append(process)
        # What it says last before it waits for its end.
        while b"--block" not in log.read_bytes():
            assert process.poll() is None, log.read_text("utf-8")
        return process

    def stop(self, process: "subprocess.Popen[bytes]") -> None:
        """End a node at once with all that it started, as where the power fails."""
        for each in (process.pid, *children_of(process.pid)):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        process.wait()


@contextmanager
def nodes(*processors: int) -> Iterator[Nodes]:
    """A cluster with a node for each number of processors."""
    # Its sockets lie in there, whose names must be short.
    folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))
    token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    cluster = Nodes(folder, _free_port(), _free_port(), {**os.environ, **token, "RAY_COLOR_PREFIX": "0"})
    with ExitStack() as ends:
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        for count in processors:
            ends.callback(cluster.stop, cluster.start(count))
        yield cluster


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HEAD, 0))
        port: int = probe.getsockname()[1]
        return port
