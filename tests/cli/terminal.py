"""``postkeep`` run within the test's process, with what it prints on each stream."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from typer.testing import CliRunner

from scraper.cli.main import app
from scraper.model.outcome import OUTCOME_WORDS
from tests.commands import FAST_HOSTS, reaching
from tests.replica.server import Replica

# Settings of whoever runs the tests must not reach them; None takes a variable away.
_UNSET: Final = dict.fromkeys(
    (
        "POSTKEEP_ARCHIVE",
        "POSTKEEP_CONTACT",
        "POSTKEEP_NAMES",
        "POSTKEEP_SCRUB",
        "POSTKEEP_CONNECT_TO",
        "POSTKEEP_CACERT",
        "POSTKEEP_ALLOW_HOST",
    )
)


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def answer(self) -> dict[str, Any]:
        """The one JSON object on stdout, held against its promised shape."""
        assert self.stdout.endswith("\n")
        assert self.stdout.count("\n") == 1
        answer: dict[str, Any] = json.loads(self.stdout)
        assert [*answer][:5] == ["command", "exit_code", "counts", "items", "outputs"]
        assert [*answer][5:] in ([], ["data"])
        assert answer["exit_code"] == self.exit_code
        assert list(answer["counts"]) == list(OUTCOME_WORDS)
        for item in answer["items"]:
            assert list(item) == ["target", "outcome", "post_id", "reason"]
        for word, count in answer["counts"].items():
            assert count == sum(item["outcome"] == word for item in answer["items"])
        return answer

    @property
    def outcomes(self) -> list[str]:
        """The outcome of each item of the JSON object, in order."""
        return [item["outcome"] for item in self.answer["items"]]

    @property
    def reasons(self) -> list[str | None]:
        """The reason of each item of the JSON object, in order."""
        return [item["reason"] for item in self.answer["items"]]


def postkeep(
    *arguments: str | Path,
    replica: Replica | None = None,
    env: dict[str, str] | None = None,
    expect: int | None = None,
) -> Ran:
    """Run one command and hold the exit code that is expected; ``replica`` is what it reaches as the network."""
    reach = reaching(replica) if replica else []
    result = CliRunner().invoke(
        app, [*map(str, arguments), *reach], env={**_UNSET, **(env or {})}, catch_exceptions=False
    )
    assert expect in {None, result.exit_code}, f"{arguments} ended with {result.exit_code}:\n{result.output}"
    return Ran(result.exit_code, result.stdout, result.stderr)


def imported(*arguments: str | Path, into: Path) -> Ran:
    """``import`` of these arguments into an archive, with what it says as JSON."""
    return postkeep("import", *arguments, "--archive", into, "--json")


def make_archive(folder: Path) -> Path:
    """An archive that may visit the replica without waiting."""
    postkeep("init", folder, "--contact", "test@example.org", expect=0)
    with (folder / "postkeep.toml").open("a", encoding="utf-8") as settings:
        settings.write(FAST_HOSTS)
    return folder
