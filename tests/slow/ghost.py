"""A real Ghost on loopback (npm), from the testbed beside the repository: installed once, seeded afresh, stopped at the end.

The first start installs Ghost into a folder of temporary files, which takes minutes and a gigabyte, and stays there for later runs.
Its content and what it was seeded with go into folders of the test's, so nothing in the testbed is written.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import pytest

from tests.conftest import REPOSITORY

_SCRIPT: Final = Path("testbed", "servers", "ghost", "start.sh")
_PORT: Final = 8844


@dataclass(frozen=True, slots=True)
class Ghost:
    """A Ghost that is up, with its install in ``state`` and what it was seeded with in ``folder``."""

    state: Path
    folder: Path
    port: int
    script: Path

    @property
    def site(self) -> str:
        """Where it stands, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def reaching(self) -> list[str]:
        """The options of ``postkeep crawl`` that let it reach this server."""
        authority = self.site.removeprefix("http://")
        return ["--connect-to", f"{authority}:{authority}", "--allow-host", "127.0.0.1"]

    @property
    def truth(self) -> list[dict[str, Any]]:
        """The posts as they were seeded, with their comments."""
        posts: list[dict[str, Any]] = json.loads(self._truth.read_text(encoding="utf-8"))["posts"]
        return posts

    def control(self, verb: Literal["start", "stop"]) -> subprocess.CompletedProcess[str]:
        """Start or stop it, by the testbed's script; what has no truth yet is seeded."""
        settings = {
            "TESTBED_STATE": str(self.state),
            "TRUTH": str(self._truth),
            "GHOST_PORT": str(self.port),
        }
        return subprocess.run(
            ["bash", str(self.script), verb],
            env=os.environ | settings,
            cwd=REPOSITORY,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @property
    def _truth(self) -> Path:
        return self.folder / "truth.json"


@contextmanager
def serving(shared: Path) -> Iterator[Ghost]:
    """A freshly seeded Ghost, stopped at the end; a test that cannot have one is skipped."""
    script = shared / _SCRIPT
    if not script.is_file():
        pytest.skip(f"needs {_SCRIPT} of the testbed beside the repository, which is not there")
    if shutil.which("npm") is None:
        pytest.skip("the testbed installs Ghost with npm, which is not there")
    state = Path(tempfile.gettempdir()) / f"postkeep-ghost-{os.getuid()}"
    with tempfile.TemporaryDirectory(prefix="postkeep-ghost-truth-") as folder:
        server = Ghost(state, Path(folder), _PORT, script)
        started = server.control("start")
        try:
            if started.returncode:
                pytest.skip(f"the testbed's Ghost did not start: {started.stdout[-400:]}")
            yield server
        finally:
            server.control("stop")
