"""What every verb shares: help with an example, one JSON object, one exit code, one stream for each thing."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from scraper.cli.main import app
from tests.cli.terminal import postkeep
from tests.conftest import REPOSITORY


def verbs() -> list[str]:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    return list(group.commands)


def example(verb: str) -> list[str]:
    """The words of the example in the verb's help."""
    found = re.search(r"Example: (postkeep .*)", postkeep(verb, "--help").stdout)
    assert found, f"the help of {verb} has no example on a line of its own"
    return shlex.split(found[1])


def test_the_verbs_of_the_design_are_there() -> None:
    assert {"init", "crawl", "import", "extract", "export", "check", "sites", "schema"} <= set(verbs())


@pytest.mark.parametrize("verb", verbs())
def test_every_verb_has_help_with_an_example_of_itself(verb: str) -> None:
    ran = postkeep(verb, "--help")
    assert ran.exit_code == 0
    assert example(verb)[:2] == ["postkeep", verb]
    options = [word for word in example(verb) if word.startswith("--")]
    assert all(f"  {option} " in ran.stdout for option in options)


@pytest.mark.parametrize("verb", verbs())
def test_every_verb_has_json(verb: str) -> None:
    assert "--json" in postkeep(verb, "--help").stdout


@pytest.mark.parametrize("verb", verbs())
def test_a_command_line_that_cannot_be_understood_is_2_and_still_one_object(verb: str) -> None:
    ran = postkeep(verb, "--no-such-option", "--json")
    assert ran.exit_code == 2
    assert ran.answer["command"] == verb
    assert ran.outcomes == ["failed"]
    assert "--no-such-option" in str(ran.reasons[0])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["export", "--json"], "DIR"),
        (["crawl", "--max-posts", "0", "--json"], "--max-posts"),
        (["crawl", "--json"], "TARGET"),
        (["import", "--json"], "FILE"),
        (["export", "out", "--without", "titles", "--json"], "--without titles"),
        (["no-such-verb", "--json"], "no-such-verb"),
        (["crawl", "x", "--connect-to", "nonsense", "--json"], "HOST1:PORT1:HOST2:PORT2"),
        (["crawl", "x", "--cacert", "no/such/file.pem", "--json"], "no/such/file.pem"),
    ],
)
def test_usage_mistakes_end_with_2_and_name_the_mistake(
    line: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = postkeep(*line)
    assert ran.exit_code == 2
    assert said in str(ran.reasons[0])
    assert not list(tmp_path.iterdir())


def test_without_json_a_mistake_is_said_on_stderr_and_stdout_stays_empty() -> None:
    ran = postkeep("export")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "DIR" in ran.stderr


def test_data_goes_to_stdout_and_progress_to_stderr(crawled: Path, tmp_path: Path) -> None:
    ran = postkeep("export", tmp_path / "dataset", "--archive", crawled)
    assert ran.exit_code == 0
    assert ran.stdout == f"{tmp_path / 'dataset'}\n"
    assert "3 done" in ran.stderr


def test_json_leaves_stderr_silent_and_says_the_same(crawled: Path, tmp_path: Path) -> None:
    ran = postkeep("export", tmp_path / "dataset", "--archive", crawled, "--json")
    assert ran.answer["outputs"] == [str(tmp_path / "dataset")]
    assert ran.answer["counts"]["done"] == 3
    assert ran.stderr == ""


def test_a_long_sentence_stays_on_one_line(tmp_path: Path) -> None:
    ran = postkeep("crawl", "https://careerly.co.kr/posts/73002", "--archive", tmp_path)
    assert ran.exit_code == 2
    assert ran.stderr.count("\n") == 1
    assert 'contact = "you@example.org"' in ran.stderr


def test_sites_and_schema_list_what_there_is() -> None:
    assert "careerly" in postkeep("sites").stdout
    columns = postkeep("schema").stdout
    assert all(f"  {name} " in columns for name in ("post_id", "comments_declared", "access_evidence"))


def test_the_version_is_told() -> None:
    assert re.fullmatch(r"postkeep \d+\.\d+\.\d+\n", postkeep("--version").stdout)


def test_no_help_waits_for_what_works() -> None:
    heavy = "{'asyncio', 'datasets', 'httpcore', 'httpx', 'huggingface_hub', 'jsonschema', 'matplotlib', 'numpy', 'pyarrow', 'rich', 'selectolax', 'sqlite3'}"
    asks = f"""
import sys
from scraper.cli.main import app
for verb in sys.argv[1:]:
    app([verb, "--help"], standalone_mode=False)
app(["--help"], standalone_mode=False)
print("loaded:", *sorted({heavy} & sys.modules.keys()))
"""
    command = [sys.executable, "-c", asks, *verbs()]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=REPOSITORY)
    assert done.stdout.count("Example: postkeep") >= len(verbs())
    assert done.stdout.splitlines()[-1] == "loaded:"


def test_the_list_of_verbs_says_each_in_a_whole_sentence() -> None:
    listed = postkeep("--help").stdout.partition("Commands:")[2]
    assert "..." not in listed
