"""The form without text: every column is filled with marked words, and none that people wrote is found in any file."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from scraper.dataset.export import Form, export
from scraper.records.contract import Column
from tests.dataset.rows import CARD, CONTRACT, Rows, comment, metric, post, revision

# Free text that stays, each because it is not what people wrote: ours, or the site's word on itself and its rights.
STAYS = {
    *("platform", "url", "published_zone", "extractor", "license"),
    *("counts_raw.raw", "access_evidence.kind", "removed.rule"),
    *("field_sources.field", "field_sources.source", "rights.signal", "rights.value"),
    *("warc_record_id", "payload_digest"),
}
# Ids and codes that the schema binds to a form that has no room for words.
BOUND = {"post_id", "comment_id", "parent_id", "site", "author_id", "language", "schema_version"}


def _mark(config: str, name: str) -> str:
    return f"표시 {config} {name} 표시"


def _leaves(columns: tuple[Column, ...], prefix: str = "") -> Iterator[tuple[str, Column]]:
    for column in columns:
        if column.fields:
            yield from _leaves(column.fields, f"{prefix}{column.name}.")
        else:
            yield prefix + column.name, column


def _free_text(config: str) -> set[str]:
    """The columns of a config that can hold any words."""
    return {
        name
        for name, column in _leaves(CONTRACT.columns(config))
        if column.type == "string" and not column.values and name not in BOUND | STAYS
    }


def _filled(config: str, column: Column) -> Any:
    """The column, or each of its fields, with marked words."""
    if column.fields:
        single: Any = {
            part.name: part.values[0]
            if part.values
            else 1
            if part.type == "int64"
            else _mark(config, f"{column.name}.{part.name}")
            for part in column.fields
        }
    else:
        single = _mark(config, column.name)
    return [single] if column.is_list else single


def _marked(config: str) -> dict[str, Any]:
    names = {name.partition(".")[0] for name in _free_text(config)} | {"field_sources", "rights"}
    return {
        column.name: _filled(config, column) for column in CONTRACT.columns(config) if column.name in names
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bare")
    rows = Rows(
        posts=[post("a:1", **_marked("posts"))],
        comments=[comment("a:1", 0, **(_marked("comments") | {"author_id": "0" * 32, "author_id_basis": "id"}))],
        metrics=[metric("a:1", None, views=1)],
        revisions=[revision("a:1", 1, _mark("revisions", "text"))],
    )  # fmt: skip
    export(rows, folder, contract=CONTRACT, card=CARD, form=Form(with_text=False))
    return folder


def _words(folder: Path) -> str:
    """Everything that can be read in the folder: the text files, and the Parquet files' rows and statistics."""
    said = [path.read_text(encoding="utf-8") for path in folder.iterdir() if path.is_file()]
    for path in folder.rglob("*.parquet"):
        said += [json.dumps(pq.read_table(path).to_pylist(), ensure_ascii=False, default=str)]
        said += [str(pq.read_metadata(path).to_dict()), str(pq.read_schema(path).metadata)]
    return "\n".join(said)


def test_what_people_wrote_is_in_no_file(folder: Path) -> None:
    words = _words(folder)
    for config in CONTRACT.configs:
        for name in _free_text(config):
            assert _mark(config, name) not in words, f"{config}.{name}"
    assert "표시 revisions" not in words
    assert _mark("posts", "rights.value") in words, "the search itself finds what stays"


def test_every_column_that_can_hold_words_was_decided_on() -> None:
    """A new free text fails here until it is marked as content, or stays for a reason that is written down."""
    for config in ("posts", "comments"):
        undecided = {
            name
            for name, column in _leaves(CONTRACT.columns(config))
            if column.type == "string" and not column.values and not column.content
        } - (BOUND | STAYS)
        assert undecided == set()


def test_names_tags_links_and_raw_dates_are_among_what_goes() -> None:
    assert {"title", "text", "author_name", "published_raw", "tags", "links", "images"} <= _free_text("posts")
    assert {"access_evidence.detail", "removed.text"} <= _free_text("posts")
    assert {"text", "author_name", "published_raw", "removed.text"} <= _free_text("comments")


def test_the_card_says_what_is_left_out_and_that_addresses_stay(folder: Path) -> None:
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "This is the form without text" in card
    assert (
        "`posts`: section, title, text, author_name, published_raw, edited_raw, tags, links, images" in card
    )
    assert "an address can repeat words of its post's title" in card
