"""The process behind ``Shell``: a request a line on stdin, an answer a line on stdout, both JSON."""

import json
import sys
from collections.abc import Callable
from typing import Any, Final

from datasets import load_dataset
from typer.testing import CliRunner

from scraper.cli.main import app


def _postkeep(argv: list[str], environment: dict[str, str | None]) -> dict[str, Any]:
    result = CliRunner().invoke(app, argv, env=environment, catch_exceptions=False)
    return {"exit_code": result.exit_code, "stdout": result.stdout, "stderr": result.stderr}


def _load(repo: str, config: str, revision: str | None, *, streaming: bool) -> list[dict[str, Any]]:
    return list(load_dataset(repo, config, revision=revision, split="train", streaming=streaming))


_REQUESTS: Final[dict[str, Callable[..., Any]]] = {"postkeep": _postkeep, "load": _load}


def _serve() -> None:
    # What the commands and the clients print must not come between the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        what, request = json.loads(line)
        try:
            answer = {"value": _REQUESTS[what](**request)}
        except Exception as error:  # noqa: BLE001 - the test that asked is told
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer, default=str) + "\n")
        answers.flush()


if __name__ == "__main__":
    _serve()
