"""A schema folder that has grown: our 1.0.0 and 1.1.0, and a made-up major version that reshapes some columns.

What a row of 1.0.0 looks like under the later versions is said here a second time, in Python, so that the interpreter of
migrations is held against something that it did not compute itself.
"""

import copy
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.conftest import REPOSITORY

Row = dict[str, Any]
VERSIONS = ("1.0.0", "1.1.0", "2.0.0")
FIRST, MINOR, MAJOR = VERSIONS

# What 1.1.0 adds to the configs of 1.0.0, and what stands there in a row that knows nothing of it.
_ADDED: Mapping[str, Row] = {
    "posts": {"section": None, "edited_raw": None},
    "comments": {"url": None, "parent_basis": None, "edited_raw": None, "field_sources": []},
}
LACKING = (
    "comments.edited_raw",
    "comments.parent_basis",
    "comments.url",
    "posts.edited_raw",
    "posts.section",
)
LACKING_OF_MAJOR = (*LACKING[:3], "posts.board", "posts.edited_raw")

_SPLIT: Row = {"op": "split", "path": "extractor", "at": "/", "into": ["layout", "layout_version"]}
_MAJOR_STEP: Row = {
    "from": MINOR,
    "to": MAJOR,
    "operations": {
        "posts": [
            {"op": "rename", "path": "images", "to": "image_urls"},
            {"op": "rename", "path": "section", "to": "board"},
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
    for version in (FIRST, MINOR):
        shutil.copytree(REPOSITORY / "schema" / version, folder / version)
    _grow(folder)
    (folder / "digests.json").write_text("{}")
    return folder


def as_first(config: str, row: Mapping[str, Any]) -> Row:
    """The row of 1.1.0 as 1.0.0 had it."""
    kept = {name: value for name, value in row.items() if name not in _ADDED.get(config, {})}
    return _renumbered(copy.deepcopy(kept), FIRST)


def as_minor(config: str, row: Mapping[str, Any]) -> Row:
    """The row of 1.0.0 under 1.1.0."""
    return _renumbered(copy.deepcopy({**row, **_ADDED.get(config, {})}), MINOR)


def as_major(config: str, row: Row) -> Row:
    """The row of 1.1.0 under 2.0.0."""
    new = copy.deepcopy(row)
    if config in {"posts", "comments"}:
        layout, _, version = new.pop("extractor").partition("/")
        new |= {"layout": layout, "layout_version": version or None}
    if config == "posts":
        new["image_urls"] = new.pop("images")
        new["board"] = new.pop("section")
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


def _grow(folder: Path) -> None:
    (folder / MAJOR).mkdir()
    for path in (folder / MINOR).glob("*.schema.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))
        _major_schema(path.name.partition(".")[0], schema["properties"])
        if "schema_version" in schema["properties"]:
            schema["properties"]["schema_version"]["const"] = MAJOR
        schema["required"] = list(schema["properties"])
        _write(folder / MAJOR / path.name, schema)
    _write(folder / MAJOR / "migration.json", _MAJOR_STEP)
    for path in (folder / MINOR / "examples" / "ok").iterdir():
        row = json.loads(path.read_text(encoding="utf-8"))["row"]
        config = path.name.partition(".")[0]
        _write(folder / MAJOR / "examples" / "ok" / path.name, {"row": as_major(config, row)})
    _, post = next(example for example in ok_examples(folder, MAJOR) if example[0] == "posts")
    for name, (changes, problems) in _BAD.items():
        bad = {"row": post | changes, "problems": problems}
        _write(folder / MAJOR / "examples" / "bad" / f"posts.{name}.json", bad)


_BAD: dict[str, tuple[Row, list[str]]] = {
    "old-name": ({"images": []}, ["posts has images; expected only the columns of the schema."]),
    "old-word": (
        {"kind": "topic"},
        ['posts.kind is "topic"; expected one of post, question, article, thread.'],
    ),
    "half": (
        {"origin": {"digest": f"sha256:{'0' * 64}"}},
        ["posts.origin lacks record_id; expected every column, null where unknown."],
    ),
}


def _major_schema(config: str, columns: Row) -> None:
    if config in {"posts", "comments"}:
        text = {"type": ["string", "null"], "minLength": 1, "x-croissant-type": "sc:Text"}
        columns["layout"] = columns.pop("extractor")
        columns["layout_version"] = {"description": "The version of the layout's reader.", **text}
    if config == "posts":
        columns["image_urls"] = columns.pop("images")
        columns["board"] = columns.pop("section")
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
