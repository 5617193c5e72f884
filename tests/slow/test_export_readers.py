"""Exports as R and ConvoKit read them: the recipes of docs/export.md, and the corpus as ConvoKit loads and writes it."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from tests.conftest import REPOSITORY
from tests.dataset.rows import Rows, comment, post
from tests.dataset.test_export_recipes import MONTHS, ROWS, TITLES
from tests.dataset.test_formats import exported
from tests.test_docs import examples

CONVOKIT: Final = REPOSITORY / "build" / "convokit" / "bin" / "python"
_LOADING: Final = """
import json, sys
from convokit import Corpus

corpus = Corpus(filename=sys.argv[1])
told = {"speakers": {}, "utterances": {}, "whole": [], "conversations": {}}
for speaker in corpus.iter_speakers():
    told["speakers"][speaker.id] = [speaker.meta["known"], sorted(each.id for each in speaker.iter_utterances())]
for each in corpus.iter_utterances():
    told["utterances"][each.id] = [each.conversation_id, each.reply_to, each.timestamp, each.text, each.meta.to_dict()]
for each in corpus.iter_conversations():
    told["conversations"][each.id] = each.meta.to_dict()
    if each.check_integrity(verbose=False):
        told["whole"].append(each.id)
assert len(corpus.get_utterances_dataframe()) == len(told["utterances"])
corpus.dump("again", base_path=sys.argv[2])
exec(sys.argv[3])
for each in corpus.iter_conversations():
    assert {utterance.id for utterance in each.traverse("bfs")} == set(each.get_utterance_ids())
print(json.dumps(told))
"""

pytestmark = pytest.mark.slow
needs_r = pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
needs_convokit = pytest.mark.skipif(not CONVOKIT.is_file(), reason="tests/slow/run installs ConvoKit")


def _r(word: str, folder: Path, more: str) -> Any:
    """What an example in R leaves behind, as the expression ``more`` gives it as JSON."""
    blocks = [each.text for each in examples(REPOSITORY / "docs" / "export.md") if each.language == "r"]
    [code] = [block for block in blocks if word in block]
    script = f"options(warn = 2)\n{code}\ncat(jsonlite::toJSON({more}, auto_unbox = TRUE, na = 'null'), file = 'told.json')\n"
    (folder / "recipe.R").write_text(script, encoding="utf-8")
    command = ["Rscript", "--vanilla", "recipe.R"]
    subprocess.run(command, cwd=folder, check=True, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"})
    return json.loads((folder / "told.json").read_text("utf-8"))


@needs_r
def test_r_reads_csv_with_readr_as_the_document_shows(tmp_path: Path) -> None:
    exported(ROWS, tmp_path / "tables", "csv")
    told = _r(
        "library(readr)",
        tmp_path,
        "list(ids = posts$post_id, titles = posts$title, months = as.integer(months))",
    )
    assert dict(zip(told["ids"], told["titles"], strict=True)) == TITLES
    assert sorted(told["months"]) == sorted(MONTHS.values())


@needs_r
def test_r_reads_json_lines_with_jsonlite_as_the_document_shows(tmp_path: Path) -> None:
    exported(ROWS, tmp_path / "threads", "jsonl")
    told = _r("library(jsonlite)", tmp_path, "as.list(answered)")
    assert told == {"comment": 1, "post": 2, "unknown": 2}


@needs_r
def test_r_reads_a_thread_of_a_thousand_levels(tmp_path: Path) -> None:
    chain = [
        comment("a:1", number, parent_id=f"a:1#{number - 1}" if number else None, depth=number)
        for number in range(1000)
    ]
    exported(Rows(posts=[post("a:1")], comments=chain), tmp_path / "threads", "jsonl")
    assert _r("library(jsonlite)", tmp_path, "as.list(answered)") == {"comment": 999, "post": 1}


@needs_convokit
@pytest.mark.parametrize("with_text", [True, False])
def test_convokit_loads_the_corpus_and_writes_it_as_it_was(with_text: bool, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    exported(ROWS, folder, "convokit", with_text=with_text)
    order = re.findall(
        r"^for utterance .*\n(?:    .*\n)+", (folder / "README.md").read_text("utf-8"), re.MULTILINE
    )
    command = [CONVOKIT, "-W", "error::UserWarning", "-c", _LOADING, folder, tmp_path, *order]
    # A machine whose encoding is not UTF-8 reads it too.
    env = {"HOME": str(tmp_path), "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=env)
    assert "Warning" not in done.stdout + done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    written = [json.loads(line) for line in (folder / "utterances.jsonl").read_text("ascii").splitlines()]
    assert told["utterances"] == {
        each["id"]: [each["conversation_id"], each["reply-to"], each["timestamp"], each["text"], each["meta"]]
        for each in written
    }
    assert sorted(told["whole"]) == sorted(row["post_id"] for row in ROWS.posts)
    assert told["utterances"]["a:1#2"][1] == "a:1"
    assert told["utterances"]["a:1#2"][4]["parent"] == "unknown"
    assert told["speakers"]["unknown:a:1#2"] == [False, ["a:1#2"]]
    assert told["speakers"]["1" * 32] == [True, ["a:1#0", "a:1#1"]]
    for name in ("utterances.jsonl", "speakers.json", "conversations.json", "corpus.json"):
        assert _parsed(folder / name) == _parsed(tmp_path / "again" / name), name
    index, again = (_parsed(path / "index.json")[0] for path in (folder, tmp_path / "again"))
    assert {**index, "version": 0} == {**again, "version": 0}


def _parsed(path: Path) -> list[Any]:
    text = path.read_text("utf-8")
    lines = (
        [json.loads(line) for line in text.splitlines()] if path.suffix == ".jsonl" else [json.loads(text)]
    )
    return sorted(lines, key=lambda line: str(line.get("id")))
