"""A real pywb on loopback, from the environment that tests/slow/run makes for it."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import REPOSITORY

COLLECTION: Final = "kept"
_BIN: Final = REPOSITORY / "build" / "pywb" / "bin"

needs_pywb = pytest.mark.skipif(not _BIN.is_dir(), reason="pywb is not installed; run tests/slow/run")


@contextmanager
def serving(home: Path, warcs: Iterable[Path]) -> Iterator[int]:
    """The port of a pywb that serves WARC or WACZ files as the collection ``kept``; ``home`` is emptied afterwards."""
    subprocess.run([_BIN / "wb-manager", "init", COLLECTION], cwd=home, check=True, capture_output=True)
    for warc in warcs:
        unpacking = ["--unpack-wacz"] if warc.suffix == ".wacz" else []
        command = [str(_BIN / "wb-manager"), "add", *unpacking, COLLECTION, str(warc)]
        subprocess.run(command, cwd=home, check=True, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [str(_BIN / "wayback"), "--port", str(port), "--bind", "127.0.0.1"]
    with subprocess.Popen(command, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()
    shutil.rmtree(home)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("pywb did not begin to serve within 30 seconds")
