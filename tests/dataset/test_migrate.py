"""Exports of an older schema brought forward in place, and old files and new ones side by side."""

import copy
import dataclasses
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from scraper.dataset.context import Migration, Publication, PublishedVersion
from scraper.dataset.export import Form, export
from scraper.dataset.manifest import Manifest
from scraper.dataset.migrate import Migrated, migrate
from scraper.dataset.read import open_export
from scraper.errors import StopError, UsageError
from scraper.jobs.migrate_dataset import migrate_dataset
from scraper.records.contract import Contract
from tests.dataset.conftest import Load
from tests.dataset.rows import CARD, Rows, comment, metric, post, revision
from tests.records.grown_schema import (
    FIRST,
    LACKING,
    LACKING_OF_MAJOR,
    MAJOR,
    MINOR,
    as_first,
    as_major,
    as_minor,
    grown_schemas,
)

SOFTWARE = CARD.software
ROWS = Rows(
    posts=[
        as_first("posts", each)
        for each in (
            post("a:1", "2021-05-01T00:00:00Z", kind="topic", edited_at="2021-05-02T00:00:00.250000Z"),
            post("a:10", "2022-05-01T00:00:00Z"),
            post("a:2", None, extractor="plain"),
            post("b.example.org:3", "2021-12-31T00:00:00Z", tags=["하나", "둘"]),
        )
    ],
    comments=[
        as_first("comments", each)
        for each in (comment("a:10", 0), comment("a:10", 1, likes=3), comment("a:2", 0))
    ],
    metrics=[metric("a:1", None, views=3), metric("a:1", "2026-01-01T00:00:00Z", views=4)],
    revisions=[revision("a:1", 1, "처음"), revision("a:10#1", 1, "댓글")],
)
CONFIGS = ("posts", "comments", "metrics", "revisions")


def _export(folder: Path, schemas: Path, rows: Rows = ROWS, **form: Any) -> Path:
    export(rows, folder, contract=Contract.load(FIRST, schemas), card=CARD, form=Form(**form))
    return folder


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def _by_key(config: str, rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    key = {"posts": ["post_id"], "comments": ["comment_id"], "metrics": ["post_id", "observed_at"]}
    return sorted(rows, key=lambda row: [str(row[name]) for name in key.get(config, ["item_id", "revision"])])


def test_the_rows_of_an_export_can_be_read_back_in_their_order(tmp_path: Path, schemas: Path) -> None:
    folder = _export(tmp_path / "out", schemas, year_limit=0)
    source = open_export(folder)
    for config in CONFIGS:
        assert list(source.rows(config)) == list(ROWS.rows(config))


def test_an_export_made_of_an_export_is_the_same_bytes(tmp_path: Path, schemas: Path) -> None:
    one = _export(tmp_path / "one", schemas)
    export(open_export(one), tmp_path / "two", contract=Contract.load(FIRST, schemas), card=CARD)
    assert _files(one) == _files(tmp_path / "two")


def test_an_export_is_brought_forward_in_place(tmp_path: Path, schemas: Path) -> None:
    folder = _export(tmp_path / "out", schemas)
    assert migrate(folder, SOFTWARE, MINOR, schemas) == Migrated(FIRST, MINOR, LACKING)
    migrated = open_export(folder)
    assert migrated.manifest.schema_version == MINOR
    assert migrated.manifest.card.migration == Migration(FIRST, LACKING)
    for config in CONFIGS:
        assert list(migrated.rows(config)) == [as_minor(config, dict(row)) for row in ROWS.rows(config)]
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "read under schema 1.0.0 and brought forward" in card
    assert f"Only a new extraction can fill {', '.join(f'`{name}`' for name in LACKING)}." in card
    assert "| `parent_basis` | `string` | yes |" in card
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.thorough
def test_two_steps_at_once_give_the_bytes_of_two_one_after_the_other(tmp_path: Path, schemas: Path) -> None:
    one, other = (_export(tmp_path / name, schemas) for name in ("one", "other"))
    migrate(one, SOFTWARE, MAJOR, schemas)
    migrate(other, SOFTWARE, MINOR, schemas)
    assert migrate(other, SOFTWARE, MAJOR, schemas).lacking == LACKING_OF_MAJOR
    assert _files(one) == _files(other)
    rows = list(open_export(one).rows("posts"))
    assert rows == [as_major("posts", as_minor("posts", dict(row))) for row in ROWS.rows("posts")]
    assert (rows[0]["layout"], rows[0]["layout_version"], rows[0]["kind"]) == ("example.v1", "1", "thread")


def test_a_second_migration_touches_nothing(tmp_path: Path, schemas: Path) -> None:
    folder = _export(tmp_path / "out", schemas)
    migrate(folder, SOFTWARE, MAJOR, schemas)
    before, inode = _files(folder), folder.stat().st_ino
    again = migrate_dataset(folder, MAJOR, schemas)
    assert (_files(folder), folder.stat().st_ino) == (before, inode)
    [item] = again.items
    assert (item.outcome, again.outputs, again.summary) == ("skipped", (), (f"{folder}: {item.reason}",))
    assert item.reason == (
        "It follows schema 2.0.0 already, so nothing was changed. Only a new extraction can fill "
        f"{', '.join(LACKING_OF_MAJOR)}: export again from the archive."
    )


@pytest.mark.thorough
def test_the_form_without_text_stays_without_text(tmp_path: Path, schemas: Path) -> None:
    folder = _export(tmp_path / "out", schemas, with_text=False)
    lacking = ("comments.parent_basis", "comments.url")
    assert migrate(folder, SOFTWARE, MAJOR, schemas).lacking == lacking
    manifest = Manifest.read(folder)
    assert not manifest.with_text
    assert list(manifest.configs) == ["posts", "comments", "metrics"]
    [row, *_] = open_export(folder).rows("posts")
    assert "text" not in row
    assert row["access_evidence"] == [{"because": "fewer-comments"}]
    assert row["layout"] == "example.v1"


def test_what_no_export_wrote_is_refused_and_left(tmp_path: Path, schemas: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    with pytest.raises(UsageError, match=r"mine has no manifest\.json"):
        migrate(mine, SOFTWARE, MINOR, schemas)
    with pytest.raises(UsageError, match=r"absent is no folder\. Name one that `postkeep export` wrote"):
        migrate(tmp_path / "absent", SOFTWARE, MINOR, schemas)
    folder = _export(tmp_path / "out", schemas)
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"holds what no export wrote: notes\.txt"):
        migrate(folder, SOFTWARE, MINOR, schemas)
    assert (folder / "notes.txt").read_text() == "mine"


def test_files_that_are_not_as_they_were_exported_are_refused(tmp_path: Path, schemas: Path) -> None:
    folder = _export(tmp_path / "out", schemas)
    path = folder / "data/posts/2021.parquet"
    shutil.copyfile(folder / "data/posts/2022.parquet", path)
    with pytest.raises(UsageError, match=r"posts/2021\.parquet was changed since its export\. Export the"):
        migrate(folder, SOFTWARE, MINOR, schemas)
    path.unlink()
    with pytest.raises(UsageError, match=r"posts/2021\.parquet is missing but listed in its manifest"):
        migrate(folder, SOFTWARE, MINOR, schemas)
    shutil.copyfile(folder / "data/posts/2022.parquet", folder / "data/posts/2019.parquet")
    with pytest.raises(UsageError, match=r"posts/2019\.parquet is not listed in its manifest"):
        migrate(folder, SOFTWARE, MINOR, schemas)


def test_an_export_of_another_draft_is_refused(tmp_path: Path, schemas: Path) -> None:
    folder = _export(tmp_path / "out", schemas)
    other = grown_schemas(tmp_path / "schema")
    path = other / FIRST / "metrics.schema.json"
    path.write_text(path.read_text(encoding="utf-8").replace("How the counts", "The way the counts"), encoding="utf-8")  # fmt: skip
    with pytest.raises(UsageError, match=r"exported under another draft of schema 1\.0\.0"):
        migrate(folder, SOFTWARE, MINOR, other)


def test_rows_that_would_break_the_new_schema_leave_the_folder_as_it_was(
    tmp_path: Path, schemas: Path
) -> None:
    folder = _export(tmp_path / "out", schemas)
    before = _files(folder)
    broken = grown_schemas(tmp_path / "schema")
    path = broken / MINOR / "migration.json"
    said = json.loads(path.read_text())
    said["operations"]["posts"][0]["value"] = -1
    path.write_text(json.dumps(said))
    with pytest.raises(StopError, match=r"breaks it, so nothing was changed: posts\.section is -1; expected"):
        migrate(folder, SOFTWARE, MINOR, broken)
    assert _files(folder) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "schema"]


@pytest.fixture(scope="module")
def loaded(load: Load, schemas: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """One dataset as it grows: each version, and files of the first beside a card and files of the minor one."""
    home = tmp_path_factory.mktemp("grown")
    folders = {name: _export(home / name, schemas) for name in (FIRST, MINOR, MAJOR, "mixed")}
    migrate(folders[MINOR], SOFTWARE, MINOR, schemas)
    migrate(folders[MAJOR], SOFTWARE, MAJOR, schemas)
    for new in folders[MINOR].rglob("*"):
        if new.is_file() and new.name != "2021.parquet":
            shutil.copyfile(new, folders["mixed"] / new.relative_to(folders[MINOR]))
    joined = f"{folders[FIRST]}:{folders[MINOR]}"
    read = load(*folders.values(), joined)
    return {Path(path).name: configs for path, configs in read.items() if path != joined} | {
        "concatenated": read[joined]
    }


@pytest.mark.slow
@pytest.mark.parametrize("config", CONFIGS)
@pytest.mark.parametrize("way", ["rows", "streamed"])
def test_every_version_loads(loaded: dict[str, dict[str, Any]], config: str, way: str) -> None:
    first = _by_key(config, ROWS.rows(config))
    minor = [as_minor(config, dict(row)) for row in first]
    assert _by_key(config, loaded[FIRST][config][way]) == first
    assert _by_key(config, loaded[MINOR][config][way]) == minor
    assert _by_key(config, loaded[MAJOR][config][way]) == [as_major(config, row) for row in minor]


@pytest.mark.slow
@pytest.mark.parametrize("way", ["rows", "streamed"])
def test_old_files_beside_new_ones_load_with_nulls_where_they_lack_a_column(
    loaded: dict[str, dict[str, Any]], way: str
) -> None:
    rows = _by_key("posts", loaded["mixed"]["posts"][way])
    assert [(row["post_id"], row["section"], row["schema_version"]) for row in rows] == [
        ("a:1", None, FIRST),
        ("a:10", None, MINOR),
        ("a:2", None, MINOR),
        ("b.example.org:3", None, FIRST),
    ]
    expected = copy.deepcopy([as_minor("posts", dict(row)) for row in _by_key("posts", ROWS.posts)])
    assert [dict(row) | {"schema_version": MINOR} for row in rows] == expected


@pytest.mark.slow
@pytest.mark.parametrize("config", CONFIGS)
def test_an_old_export_and_a_new_one_are_concatenated(loaded: dict[str, dict[str, Any]], config: str) -> None:
    first = _by_key(config, ROWS.rows(config))
    minor = [as_minor(config, dict(row)) for row in first]
    rows = loaded["concatenated"][config]["rows"]
    old, new = rows[: len(first)], rows[len(first) :]
    assert _by_key(config, new) == minor
    unknown = {name for name in minor[0] if name not in first[0]}
    assert all(row[name] is None for row in old for name in unknown)
    assert _by_key(config, [{name: row[name] for name in first[0]} for row in old]) == first


@pytest.mark.thorough
def test_a_published_folder_that_is_migrated_becomes_what_follows_its_tag(
    tmp_path: Path, schemas: Path
) -> None:
    earlier = PublishedVersion("v1", "0.9.0", {"posts": 1, "comments": 2})
    card = dataclasses.replace(CARD, publication=Publication("v2", (earlier,), ("`posts`: 1 → 4 rows.",)))
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        export(ROWS, folder, contract=Contract.load(FIRST, schemas), card=card)
    migrate(one, SOFTWARE, MAJOR, schemas)
    migrate(other, SOFTWARE, MINOR, schemas)
    migrate(other, SOFTWARE, MAJOR, schemas)
    assert _files(one) == _files(other)
    text = (one / "README.md").read_text(encoding="utf-8")
    assert "| `v2` | 1.0.0 | 4 | 3 | 2 | 2 |\n| `v1` | 0.9.0 | 1 | 2 | none | none |" in text
    assert "Since `v2`:\n\n- The schema went from 1.0.0 to 2.0.0; the rows are the same.\n" in text
