"""``postkeep`` and the Hub's real clients in one process of their own, with a fresh HF_HOME.

``HF_ENDPOINT`` and ``HF_HOME`` are read at import, hence the process; starting one takes seconds, hence one for
many commands.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.cli.terminal import Ran
from tests.conftest import REPOSITORY
from tests.hub.server import HubServer


@dataclass(slots=True)
class Shell:
    """A context manager: the process lives while it is open."""

    hub: HubServer
    home: Path
    _process: "subprocess.Popen[str] | None" = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.publish.shell_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=self.hub.environment(self.home),
            cwd=REPOSITORY,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        self._process.communicate()

    def postkeep(self, *arguments: str | Path, **environment: str | None) -> Ran:
        """Run one command, with the writer's token unless told otherwise; None takes a variable away."""
        said = self._answer("postkeep", argv=[str(word) for word in arguments], environment=environment)
        return Ran(said["exit_code"], said["stdout"], said["stderr"])

    def load(self, repo: str, config: str, revision: str | None = None, *, streaming: bool = False) -> Any:
        """The rows that ``load_dataset`` gives."""
        return self._answer("load", repo=repo, config=config, revision=revision, streaming=streaming)

    def _answer(self, what: str, **request: Any) -> Any:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([what, request]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the process has ended"
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["value"]
