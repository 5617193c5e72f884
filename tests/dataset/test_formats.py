"""The dataset as CSV, as JSON lines and for ConvoKit: the same rows, whatever they hold, read back by what each README says."""

import contextlib
import csv
import dataclasses
import io
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.dataset.csv_files import LONGEST_CELL
from scraper.dataset.export import export
from scraper.dataset.folder import replacing
from scraper.dataset.formats import Format, Formatted, describe_formatted, write_formatted
from scraper.dataset.threads import DEEPEST, nested, parents_of
from scraper.errors import StopError, UsageError
from tests.dataset.rows import CARD, CONTRACT, Row, Rows, comment, metric, post, revision

FORMATS = get_args(Format)
NASTY = (
    "=HYPERLINK(0)",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "'",
    "''=1",
    "'=1",
    "007",
    "1e5",
    "12.5",
    "NA",
    "null",
    "nan",
    "None",
    '"',
    '","',
    "a,b",
    "a\r\nb",
    "a\rb",
    "a\nb\n",
    " a ",
    "\ufeffa",
    "true",
    "2022-10-15",
    "🙂👩🏽‍💻",
    "\u202eabc",
    "\u2028\u0085",
    "\\n",
    "[]",
    "{",
    "가" * 40_000,
)
"""Texts that one reader of CSV or another takes for something else."""
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1) | st.sampled_from(NASTY)
MOMENT = st.datetimes().map(lambda at: at.isoformat() + "Z")


def exported(rows: Rows, folder: Path, data_format: Format, *, with_text: bool = True) -> Formatted:
    with replacing(folder) as (built, scratch):
        data = write_formatted(
            rows, built, scratch, format=data_format, contract=CONTRACT, with_text=with_text
        )
        describe_formatted(built, data, CARD)
    return data


def _recipe(folder: Path) -> dict[str, Any]:
    """What the code in the README of a folder leaves behind, run in it."""
    [code] = re.findall(
        r"^```python\n(.*?)^```$", (folder / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    names: dict[str, Any] = {}
    before = Path.cwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code, names)
            return {
                **names,
                **{config: names["read"](config) for config in CONTRACT.configs if "read" in names},
            }
    finally:
        os.chdir(before)


def _kept(name: str, config: str) -> bool:
    return any(column.name == name for column in CONTRACT.columns(config))


@st.composite
def _thread(draw: st.DrawFn, post_id: str) -> list[Row]:
    """Comments that answer each other, the post, nobody knows what, and comments that are gone."""
    size = draw(st.integers(0, 6))
    ids = [f"{post_id}#{number}" for number in range(size)]
    return [
        comment(
            post_id,
            number,
            parent_id=(parent := draw(st.sampled_from([None, f"{post_id}#gone", *ids]))),
            parent_basis=parent and "nesting",
            depth=draw(st.sampled_from([None, 3] if parent else [None, 0, 3])),
            text=(text := draw(st.none() | TEXT)),
            language=text and "ko",
            author_id=(author := draw(st.sampled_from([None, "1" * 32, "2" * 31 + "e"]))),
            author_id_basis=author and "id",
            author_name=author and draw(st.none() | TEXT),
            published_at=(at := draw(st.none() | MOMENT)),
            published_raw=at and draw(TEXT),
            published_zone=at and "UTC",
            published_zone_basis=at and "stated",
            published_precision=at and "second",
            is_accepted=draw(st.none() | st.booleans()),
            score=draw(st.none() | st.integers(-(2**63), 2**63 - 1)),
            removed=draw(st.lists(st.fixed_dictionaries({"rule": st.just("r"), "text": TEXT}), max_size=2)),
        )
        for number in range(size)
    ]


@st.composite
def _rows(draw: st.DrawFn) -> Rows:
    rows = Rows()
    for number in range(draw(st.integers(0, 3))):
        post_id = f"a:{number}"
        texts = st.none() | st.lists(TEXT, max_size=3)
        rows.posts.append(
            post(
                post_id,
                draw(st.none() | MOMENT),
                title=draw(st.none() | TEXT),
                text=(text := draw(st.none() | TEXT)),
                language=text and "ko",
                tags=draw(texts),
                links=draw(texts),
                views=draw(st.none() | st.integers(0, 2**63 - 1)),
            )
        )
        rows.comments.extend(draw(_thread(post_id)))
        if draw(st.booleans()):
            rows.metrics.append(metric(post_id, draw(st.none() | MOMENT), views=7))
            rows.revisions.append(revision(post_id, 1, draw(TEXT)))
        if rows.comments:
            rows.revisions.append(revision(rows.comments[-1]["comment_id"], 1, draw(TEXT)))
    unique = {(row["item_id"], row["revision"]): row for row in rows.revisions}
    return dataclasses.replace(rows, revisions=list(unique.values()))


REAL = Rows(
    posts=[
        post("a:1"),
        post("a:2", None, title=None, tags=[], removed=[]),
        post("b.example:3", status="gone", text=None, language=None),
    ],
    comments=[
        comment(
            "a:1", 0, text=None, language=None, status="absent", author_id="1" * 32, author_id_basis="id"
        ),
        comment(
            "a:1",
            1,
            parent_id="a:1#0",
            parent_basis="nesting",
            depth=1,
            author_id="1" * 32,
            author_id_basis="id",
        ),
        comment("a:1", 2, parent_id="a:1#9", parent_basis="mention", depth=1),
        comment("a:1", 3, depth=None),
        comment(
            "a:2",
            0,
            published_at="1969-12-31T23:59:59.500000Z",
            published_raw="그때",
            published_zone="UTC",
            published_zone_basis="stated",
            published_precision="second",
        ),
    ],
    metrics=[metric("a:1", None, views=3), metric("a:1", "2026-01-01T00:00:00Z", score=-2)],
    revisions=[revision("a:1", 1, "처음"), revision("a:1#1", 1, "댓글")],
)


# CSV


def _as_parquet(folder: Path, config: str) -> pd.DataFrame:
    return pd.read_parquet(folder / "data" / config, dtype_backend="pyarrow")


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame with lists as lists and one word for nothing."""

    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: plain(part) for name, part in value.items()}
        if isinstance(value, list) or hasattr(value, "tolist"):
            return [plain(part) for part in (value.tolist() if hasattr(value, "tolist") else value)]
        return None if value is None or pd.isna(value) else value

    return [
        {str(name): plain(value) for name, value in row.items()} for row in frame.to_dict(orient="records")
    ]


def _assert_csv_is_parquet(rows: Rows, folder: Path) -> None:
    exported(rows, folder / "csv", "csv")
    export(rows, folder / "parquet", contract=CONTRACT, card=CARD)
    read = _recipe(folder / "csv")
    for config in CONTRACT.configs:
        if not list(rows.rows(config)):
            assert read[config].empty
            continue
        parquet = _as_parquet(folder / "parquet", config)
        assert list(read[config].columns) == list(parquet.columns)
        key = list(CONTRACT.key(config))
        for name in parquet.columns:
            if not isinstance(parquet.dtypes[name], pd.ArrowDtype) or "list" not in str(parquet.dtypes[name]):
                assert read[config].dtypes[name] == parquet.dtypes[name], name
        assert sorted(map(repr, _plain(read[config]))) == sorted(map(repr, _plain(parquet))), key


def test_pandas_reads_back_from_csv_what_it_reads_from_parquet(tmp_path: Path) -> None:
    _assert_csv_is_parquet(REAL, tmp_path)


@pytest.mark.thorough
@given(rows=_rows())
def test_whatever_a_row_holds_pandas_reads_it_back_from_csv(
    rows: Rows, tmp_path_factory: pytest.TempPathFactory
) -> None:
    _assert_csv_is_parquet(rows, tmp_path_factory.mktemp("csv"))


@pytest.mark.parametrize("text", NASTY)
def test_no_text_is_a_formula_a_number_or_nothing_to_a_spreadsheet(text: str, tmp_path: Path) -> None:
    data = exported(
        Rows(posts=[post("a:1", title=text, author_id=None, author_id_basis=None)]), tmp_path / "csv", "csv"
    )
    with (tmp_path / "csv" / "posts.csv").open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    assert row["title"][0] not in "=+-@\t\r\n＝＋－＠"
    assert row["title"].removeprefix("'") == text
    assert not re.fullmatch(r"[0-9.]+(e[0-9]+)?", row["title"])
    assert f"{int(row['title'] != text):,} cells have a ' before them" in data.remarks[0]
    assert f"{int(len(text) > LONGEST_CELL)} cells are longer" in data.remarks[1]


def test_ids_of_digits_alone_stay_text(tmp_path: Path) -> None:
    exported(Rows(posts=[post("a:1", author_id="1" * 31 + "2")]), tmp_path / "csv", "csv")
    assert f",'{'1' * 31}2,".encode() in (tmp_path / "csv" / "posts.csv").read_bytes()


def test_csv_is_as_a_spreadsheet_wants_it(tmp_path: Path) -> None:
    exported(REAL, tmp_path / "csv", "csv")
    raw = (tmp_path / "csv" / "metrics.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfpost_id,observed_at,")
    assert raw.decode("utf-8-sig").splitlines(keepends=True)[1:] == [
        "a:1,,3,,,,,,\r\n",
        "a:1,2026-01-01T00:00:00Z,,,,,,-2,\r\n",
    ]


# JSON lines


def _flattened(lines: bytes) -> dict[str, list[Row]]:
    """The rows of all tables, from JSON lines."""
    rows: dict[str, list[Row]] = {config: [] for config in CONTRACT.configs}
    for line in lines.decode("utf-8").split("\n")[:-1]:
        _take(json.loads(line), rows)
    return rows


def _take(line: dict[str, Any], rows: dict[str, list[Row]]) -> None:
    waiting, post_id = line.pop("comments"), line["post_id"]
    rows["metrics"] += [{"post_id": post_id, **row} for row in line.pop("metrics")]
    items = [(post_id, "post", line.pop("revisions"))]
    rows["posts"].append(line)
    while waiting:
        each = waiting.pop(0)
        waiting += each.pop("replies")
        each.pop("parent")
        items.append((each["comment_id"], "comment", each.pop("revisions")))
        rows["comments"].append(each)
    rows["revisions"] += [
        {"item_id": item, "item_type": kind, **row} for item, kind, revisions in items for row in revisions
    ]


def _same(one: Iterable[Row], other: Iterable[Row]) -> bool:
    return sorted(json.dumps(row, sort_keys=True) for row in one) == sorted(
        json.dumps(row, sort_keys=True) for row in other
    )


@pytest.mark.thorough
@given(rows=_rows())
def test_json_lines_hold_every_row(rows: Rows, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("jsonl") / "out"
    exported(rows, folder, "jsonl")
    flattened = _flattened((folder / "posts.jsonl").read_bytes())
    ours = [row for row in rows.revisions if row["item_id"] in _ids(rows)]
    assert _same(flattened["revisions"], ours)
    for config in ("posts", "comments", "metrics"):
        assert _same(flattened[config], rows.rows(config)), config


def _ids(rows: Rows) -> set[str]:
    return {row["post_id"] for row in rows.posts} | {row["comment_id"] for row in rows.comments}


def test_a_thread_is_a_tree_that_says_what_it_does_not_know(tmp_path: Path) -> None:
    exported(REAL, tmp_path / "out", "jsonl")
    line, *_ = (tmp_path / "out" / "posts.jsonl").read_text("utf-8").split("\n")
    comments = json.loads(line)["comments"]
    assert [(each["comment_id"], each["parent"]) for each in comments] == [
        ("a:1#0", "post"),
        ("a:1#2", "unknown"),
        ("a:1#3", "unknown"),
    ]
    [reply] = comments[0]["replies"]
    assert (reply["comment_id"], reply["parent"]) == ("a:1#1", "comment")
    assert comments[1]["parent_id"] == "a:1#9"
    assert _recipe(tmp_path / "out")["comment"]


@pytest.mark.thorough
def test_a_thread_of_ten_thousand_levels_is_written_and_read(tmp_path: Path) -> None:
    one = comment("a:1", 0)
    deep: list[Row] = [
        one
        | {
            "comment_id": f"a:1#{number}",
            "position": number,
            "parent_id": f"a:1#{number - 1}" if number else None,
            "depth": number,
        }
        for number in range(10_000)
    ]
    rows = Rows(posts=[post("a:1")], comments=deep)
    exported(rows, tmp_path / "out", "jsonl")
    raw = (tmp_path / "out" / "posts.jsonl").read_bytes()
    assert _same(_flattened(raw)["comments"], iter(deep))
    level, depth = json.loads(raw)["comments"], 1
    while level[0]["replies"]:
        level, depth = level[0]["replies"], depth + 1
    assert depth == DEEPEST
    assert [each["depth"] for each in level] == list(range(DEEPEST - 1, 10_000))
    exported(rows, tmp_path / "corpus", "convokit")
    assert len((tmp_path / "corpus" / "utterances.jsonl").read_text("ascii").splitlines()) == 10_001


@given(edges=st.lists(st.integers(0, 9), min_size=10, max_size=10))
def test_comments_in_a_circle_are_not_lost(edges: list[int]) -> None:
    thread = [comment("a:1", number, parent_id=f"a:1#{to}", depth=None) for number, to in enumerate(edges)]
    parents = parents_of(thread)
    for each in thread:
        way, above = set(), each["comment_id"]
        while above is not None:
            assert above not in way
            way.add(above)
            above = parents[above]
    tree = nested(thread, lambda row, answered: {"id": row["comment_id"], "parent": answered})
    seen = []
    while tree:
        each = tree.pop()
        seen.append(each["id"])
        tree += each["replies"]
    assert sorted(seen) == sorted(row["comment_id"] for row in thread)


# ConvoKit; tests/slow/test_convokit.py has it loaded by ConvoKit


def test_a_corpus_says_who_answers_whom_and_what_nobody_knows(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    exported(REAL, folder, "convokit")
    lines = (folder / "utterances.jsonl").read_text("ascii").splitlines()
    utterances = {(each := json.loads(line))["id"]: each for line in lines}
    edges = {name: (each["reply-to"], each["meta"]["parent"]) for name, each in utterances.items()}
    assert edges == {
        "a:1": (None, None),
        "a:1#0": ("a:1", "post"),
        "a:1#1": ("a:1#0", "comment"),
        "a:1#2": ("a:1", "unknown"),
        "a:1#3": ("a:1", "unknown"),
        "a:2": (None, None),
        "a:2#0": ("a:2", "post"),
        "b.example:3": (None, None),
    }
    assert {each["conversation_id"] for each in utterances.values()} == {"a:1", "a:2", "b.example:3"}
    assert utterances["a:1#0"]["text"] == utterances["b.example:3"]["text"] == ""
    assert utterances["a:1#0"]["meta"]["status"] == "absent"
    assert [utterances[name]["timestamp"] for name in ("a:1", "a:2", "a:2#0")] == [1665866640, None, -0.5]
    speakers = json.loads((folder / "speakers.json").read_text("ascii"))
    assert utterances["a:1#0"]["speaker"] == utterances["a:1#1"]["speaker"] == "1" * 32
    assert utterances["a:1#2"]["speaker"] == "unknown:a:1#2"
    assert utterances["a:1#3"]["speaker"] == "unknown:a:1#3"
    assert {name for name, each in speakers.items() if not each["meta"]["known"]} == {
        "unknown:a:1#2",
        "unknown:a:1#3",
        "unknown:a:2#0",
    }
    assert {each["speaker"] for each in utterances.values()} == speakers.keys()
    conversations = json.loads((folder / "conversations.json").read_text("ascii"))
    assert conversations["a:1"]["meta"]["title"] == REAL.posts[0]["title"]
    assert [row["views"] for row in conversations["a:1"]["meta"]["metrics"]] == [3, None]
    assert utterances["a:1"]["meta"]["revisions"][0]["text"] == "처음"
    index = json.loads((folder / "index.json").read_text("ascii"))
    assert index["utterances-index"].keys() == utterances["a:1"]["meta"].keys()
    assert index["conversations-index"].keys() == conversations["a:1"]["meta"].keys()
    assert index["speakers-index"].keys() == speakers["1" * 32]["meta"].keys()


# All of them


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("data_format", FORMATS)
def test_the_same_rows_give_the_same_bytes_and_replace_each_other(
    data_format: Format, tmp_path: Path
) -> None:
    for other in FORMATS:
        exported(REAL, tmp_path / "one", other)
    exported(REAL, tmp_path / "one", data_format)
    data = exported(REAL, tmp_path / "two", data_format)
    assert _files(tmp_path / "one") == _files(tmp_path / "two")
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text("utf-8"))
    assert manifest["rows"] == {"posts": 3, "comments": 5, "metrics": 2, "revisions": 2}
    assert set(manifest["files"]) | {"README.md", "manifest.json"} == _files(tmp_path / "one").keys()
    assert set(manifest["files"]) == set(data.files)
    assert f"Schema {CONTRACT.version}" in (tmp_path / "one" / "README.md").read_text("utf-8")


@pytest.mark.parametrize("data_format", FORMATS)
def test_without_text_nothing_that_anyone_wrote_goes_out(data_format: Format, tmp_path: Path) -> None:
    exported(REAL, tmp_path / "out", data_format, with_text=False)
    everything = b"".join(_files(tmp_path / "out").values()).decode()
    everything += json.dumps(
        [json.loads(line) for line in everything.split("\n") if line.startswith('{"')], ensure_ascii=False
    )
    for written in (
        *filter(None, (row["text"] for row in (*REAL.posts, *REAL.comments, *REAL.revisions))),
        "⟪질문⟫",
        "그림.png",
    ):
        assert written not in everything
    assert "a:1#1" in everything
    assert "without text" in everything


@pytest.mark.parametrize("data_format", FORMATS)
def test_an_empty_dataset_is_written(data_format: Format, tmp_path: Path) -> None:
    exported(Rows(), tmp_path / "out", data_format)
    assert "no rows yet" in (tmp_path / "out" / "README.md").read_text("utf-8")
    if data_format == "convokit":
        for name in ("speakers", "conversations", "corpus", "index"):
            assert isinstance(json.loads((tmp_path / "out" / f"{name}.json").read_text("ascii")), dict)


class _Failing(Rows):
    def __iter__(self) -> Iterator[Any]:
        yield from super().__iter__()
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("data_format", FORMATS)
def test_a_disk_that_fills_leaves_what_stood_there(data_format: Format, tmp_path: Path) -> None:
    exported(REAL, tmp_path / "out", "csv")
    before = _files(tmp_path / "out")
    with pytest.raises(StopError, match="No space left"):
        exported(_Failing(posts=[post("a:9")]), tmp_path / "out", data_format)
    assert _files(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("data_format", FORMATS)
def test_a_folder_with_a_file_of_ones_own_is_left_alone(data_format: Format, tmp_path: Path) -> None:
    exported(REAL, tmp_path / "out", data_format)
    (tmp_path / "out" / "notes.csv").write_text("mine")
    with pytest.raises(UsageError, match=r"notes\.csv"):
        exported(REAL, tmp_path / "out", data_format)
    assert (tmp_path / "out" / "notes.csv").read_text() == "mine"
