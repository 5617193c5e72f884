"""A schema folder that has grown: ours as 1.0.0, a minor version that adds a column, a major one that reshapes some.

What a row of 1.0.0 looks like under the later versions is said here a second time, in Python, so that the interpreter of
migrations is held against something that it did not compute itself.
"""

import copy
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.conftest import REPOSITORY

Row = dict[str, Any]
VERSIONS = ("1.0.0", "1.1.0", "2.0.0")
FIRST, MINOR, MAJOR = VERSIONS

_MINOR_STEP: Row = {
    "from": FIRST,
    "to": MINOR,
    "operations": {"posts": [{"op": "add", "path": "word_count", "value": None}]},
}
_SPLIT: Row = {"op": "split", "path": "extractor", "at": "/", "into": ["layout", "layout_version"]}
_MAJOR_STEP: Row = {
    "from": MINOR,
    "to": MAJOR,
    "operations": {
        "posts": [
            {"op": "rename", "path": "images", "to": "image_urls"},
            {"op": "rename", "path": "word_count", "to": "words"},
            {"op": "rename", "path": "access_evidence.kind", "to": "because"},
            _SPLIT,
            {"op": "move", "path": "warc_record_id", "to": "origin.record_id"},
            {"op": "move", "path": "payload_digest", "to": "origin.digest"},
            {"op": "map_values", "path": "kind", "values": {"topic": "thread"}},
            {"op": "drop", "path": "platform"},
        ],
        "comments": [_SPLIT],
    },
}


def grown_schemas(folder: Path) -> Path:
    """Make the folder; gives it."""
    shutil.copytree(REPOSITORY / "schema" / FIRST, folder / FIRST)
    _grow(folder, FIRST, MINOR, _MINOR_STEP, _minor_schema)
    _grow(folder, MINOR, MAJOR, _MAJOR_STEP, _major_schema)
    (folder / "digests.json").write_text("{}")
    return folder


def as_minor(config: str, row: Row) -> Row:
    """The row of 1.0.0 under 1.1.0."""
    new = copy.deepcopy(row)
    if config == "posts":
        new["word_count"] = None
    return _renumbered(new, MINOR)


def as_major(config: str, row: Row) -> Row:
    """The row of 1.1.0 under 2.0.0."""
    new = copy.deepcopy(row)
    if config in {"posts", "comments"}:
        layout, _, version = new.pop("extractor").partition("/")
        new |= {"layout": layout, "layout_version": version or None}
    if config == "posts":
        new["image_urls"] = new.pop("images")
        new["words"] = new.pop("word_count")
        new["access_evidence"] = [
            {"because": seen["kind"], "detail": seen["detail"]} for seen in new["access_evidence"]
        ]
        new["origin"] = {"record_id": new.pop("warc_record_id"), "digest": new.pop("payload_digest")}
        new["kind"] = "thread" if new["kind"] == "topic" else new["kind"]
        del new["platform"]
    return _renumbered(new, MAJOR)


def ok_examples(folder: Path, version: str) -> Iterator[tuple[str, Row]]:
    """The config and the row of each example that keeps the version."""
    for path in sorted((folder / version / "examples" / "ok").iterdir()):
        yield path.name.partition(".")[0], json.loads(path.read_text(encoding="utf-8"))["row"]


def bad_examples(folder: Path, version: str) -> Iterator[tuple[str, Row, tuple[str, ...]]]:
    """The config, the row and the problems of each example that breaks the version."""
    for path in sorted((folder / version / "examples" / "bad").iterdir()):
        said = json.loads(path.read_text(encoding="utf-8"))
        yield path.name.partition(".")[0], said["row"], tuple(said["problems"])


def _renumbered(row: Row, version: str) -> Row:
    return row | {"schema_version": version} if "schema_version" in row else row


def _grow(folder: Path, old: str, new: str, step: Row, change: Callable[[str, Row], None]) -> None:
    (folder / new).mkdir()
    for path in (folder / old).glob("*.schema.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))
        config = path.name.partition(".")[0]
        change(config, schema["properties"])
        if "schema_version" in schema["properties"]:
            schema["properties"]["schema_version"]["const"] = new
        schema["required"] = list(schema["properties"])
        _write(folder / new / path.name, schema)
    _write(folder / new / "migration.json", step)
    as_new = as_minor if new == MINOR else as_major
    for path in (folder / old / "examples" / "ok").iterdir():
        row = json.loads(path.read_text(encoding="utf-8"))["row"]
        config = path.name.partition(".")[0]
        _write(folder / new / "examples" / "ok" / path.name, {"row": as_new(config, row)})
    _, post = next(example for example in ok_examples(folder, new) if example[0] == "posts")
    for name, (changes, problems) in _BAD[new].items():
        bad = {"row": post | changes, "problems": problems}
        _write(folder / new / "examples" / "bad" / f"posts.{name}.json", bad)


_BAD: dict[str, dict[str, tuple[Row, list[str]]]] = {
    MINOR: {
        "negative": ({"word_count": -1}, ["posts.word_count is -1; expected 0 or more."]),
        "older": ({"schema_version": FIRST}, ['posts.schema_version is "1.0.0"; expected "1.1.0".']),
    },
    MAJOR: {
        "old-name": ({"images": []}, ["posts has images; expected only the columns of the schema."]),
        "old-word": (
            {"kind": "topic"},
            ['posts.kind is "topic"; expected one of post, question, article, thread.'],
        ),
        "half": (
            {"origin": {"digest": f"sha256:{'0' * 64}"}},
            ["posts.origin lacks record_id; expected every column, null where unknown."],
        ),
    },
}


def _minor_schema(config: str, columns: Row) -> None:
    if config == "posts":
        columns["word_count"] = {
            "description": "How many words the text has. Null where that was not counted.",
            "type": ["integer", "null"],
            "minimum": 0,
            "maximum": 9223372036854775807,
            "x-croissant-type": "sc:Integer",
        }


def _major_schema(config: str, columns: Row) -> None:
    if config in {"posts", "comments"}:
        text = {"type": ["string", "null"], "minLength": 1, "x-croissant-type": "sc:Text"}
        columns["layout"] = columns.pop("extractor")
        columns["layout_version"] = {"description": "The version of the layout's reader.", **text}
    if config == "posts":
        columns["image_urls"] = columns.pop("images")
        columns["words"] = columns.pop("word_count")
        columns["kind"]["enum"] = ["post", "question", "article", "thread"]
        seen = columns["access_evidence"]["items"]
        seen["properties"]["because"] = seen["properties"].pop("kind")
        seen["required"] = ["because", "detail"]
        parts = {"record_id": columns.pop("warc_record_id"), "digest": columns.pop("payload_digest")}
        columns["origin"] = {
            "description": "The capture that the row was read from.",
            "type": "object",
            "additionalProperties": False,
            "required": list(parts),
            "properties": parts,
            "x-croissant-type": "cr:RecordSet",
        }
        del columns["platform"]


def _write(path: Path, said: Row) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
