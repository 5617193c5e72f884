"""``export`` in formats other than Parquet: the rows of the dataset, what it says, and what it is remembered as."""

import csv
import json
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
import pytest

from scraper.archive.outputs import Output, outputs_of
from tests.cli.terminal import postkeep

FORMATS: Final = ("csv", "jsonl", "convokit")


def _exported(archive: Path, folder: Path, *arguments: str) -> Path:
    ran = postkeep("export", folder, "--archive", archive, "--json", *arguments, expect=0)
    assert ran.answer["outputs"] == [str(folder)]
    return folder


def _ids(dataset: Path, config: str, column: str) -> list[str]:
    files = sorted((dataset / "data" / config).iterdir())
    return sorted(value for file in files for value in pq.read_table(file).column(column).to_pylist())


def test_every_format_has_the_rows_of_the_dataset(crawled: Path, tmp_path: Path) -> None:
    dataset = _exported(crawled, tmp_path / "dataset")
    folders = {name: _exported(crawled, tmp_path / name, "--format", name) for name in FORMATS}
    posts, comments = _ids(dataset, "posts", "post_id"), _ids(dataset, "comments", "comment_id")
    assert comments

    def rows(name: str) -> list[dict[str, str]]:
        with (folders["csv"] / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    assert sorted(row["post_id"] for row in rows("posts.csv")) == posts
    assert sorted(row["comment_id"] for row in rows("comments.csv")) == comments
    lines: list[dict[str, Any]] = [
        json.loads(line) for line in (folders["jsonl"] / "posts.jsonl").read_text("utf-8").splitlines()
    ]
    assert [line["post_id"] for line in lines] == posts
    utterances = (folders["convokit"] / "utterances.jsonl").read_text("ascii").splitlines()
    assert sorted(json.loads(line)["id"] for line in utterances) == sorted(posts + comments)


def test_what_was_written_out_of_an_archive_is_remembered(crawled: Path, tmp_path: Path) -> None:
    for name in FORMATS:
        _exported(crawled, tmp_path / name, "--format", name)
    _exported(crawled, tmp_path / "dataset")
    assert outputs_of(crawled) == (
        Output("csv", tmp_path / "csv"),
        Output("jsonl", tmp_path / "jsonl"),
        Output("convokit", tmp_path / "convokit"),
        Output("dataset", tmp_path / "dataset"),
    )


def test_a_csv_export_says_what_a_spreadsheet_makes_of_it(crawled: Path, tmp_path: Path) -> None:
    ran = postkeep("export", tmp_path / "csv", "--format", "csv", "--archive", crawled, expect=0)
    assert "have a ' before them" in " ".join(ran.stderr.split())
    assert "32,767 characters" in " ".join(ran.stderr.split())


@pytest.mark.parametrize("name", FORMATS)
def test_the_form_without_text_exists_in_every_format(name: str, crawled: Path, tmp_path: Path) -> None:
    folder = _exported(crawled, tmp_path / "bare", "--format", name, "--without", "text")
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["with_text"] is False
    assert not list(folder.glob("revisions*"))


def test_what_takes_a_parquet_dataset_says_that_a_folder_is_none(crawled: Path, tmp_path: Path) -> None:
    folder = _exported(crawled, tmp_path / "csv", "--format", "csv")
    ran = postkeep("schema", "migrate", folder, expect=2)
    assert "another format" in " ".join(ran.stderr.split())


def test_a_format_that_there_is_not_is_named(tmp_path: Path) -> None:
    ran = postkeep("export", tmp_path / "out", "--format", "xlsx", "--json", expect=2)
    [reason] = ran.reasons
    assert reason is not None
    assert "xlsx" in reason
    assert "csv" in reason


def test_the_captures_are_written_beside_the_dataset(crawled: Path, tmp_path: Path) -> None:
    folder, file = tmp_path / "dataset", tmp_path / "out.wacz"
    ran = postkeep("export", folder, "--wacz", file, "--archive", crawled, expect=0)
    assert ran.stdout.splitlines() == [str(folder), str(file)]
    assert "It is raw: it holds names" in " ".join(ran.stderr.split())
    assert file.is_file()
    assert (folder / "data").is_dir()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Give a DIR"),
        (["--wacz", "out.wacz", "--format", "csv"], "Give a DIR"),
        (["--wacz", "out.wacz", "--without", "text"], "raw and whole"),
        (["out", "--private"], "--wacz FILE"),
        (["out.WACZ"], "say: --wacz out.WACZ"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_written(
    arguments: list[str], said: str, crawled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    ran = postkeep("export", *arguments, "--archive", crawled, "--json", expect=2)
    [reason] = ran.reasons
    assert reason is not None
    assert said in reason
    assert set(tmp_path.iterdir()) == before
