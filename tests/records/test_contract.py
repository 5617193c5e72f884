"""The contract: columns as types, and all problems of a row."""

import copy
import json
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.records.contract import Contract
from scraper.records.problems import problems_of
from tests.conftest import REPOSITORY

CONTRACT = Contract.load()
OK = REPOSITORY / "schema" / CONTRACT.version / "examples" / "ok"
ROWS = {
    config: json.loads(next(iter(sorted(OK.glob(f"{config}.*")))).read_text())["row"]
    for config in CONTRACT.configs
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**65), 2**65) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


def column(config: str, name: str) -> Any:
    return next(column for column in CONTRACT.columns(config) if column.name == name)


# What schema 1.1.0 adds to the columns of 1.0.0, which the design lists.
ADDED: Final = {
    "posts": {"section", "edited_raw"},
    "comments": {"url", "parent_basis", "field_sources", "edited_raw"},
}


def test_the_columns_are_those_of_the_design_in_its_order(shared: Path) -> None:
    design = (shared / "DESIGN.md").read_text(encoding="utf-8")
    lines = design[design.index("- `posts`:") : design.index("- `captured_at`, `warc_record_id`")]
    for config in CONTRACT.configs:
        listing = lines[lines.index(f"`{config}`: `") :].partition("\n- ")[0].partition("; a row")[0]
        if config == "metrics":
            listing = listing.partition("`revisions`")[0]
        words = " ".join(listing.split()).removeprefix(f"`{config}`: ").replace("`", "")
        plain = "".join(_outside_brackets(words)).replace("list<>", "")
        named = [word.strip() for word in plain.partition(".")[0].split(",")]
        added = ADDED.get(config, set())
        assert named == [each.name for each in CONTRACT.columns(config) if each.name not in added]


def _outside_brackets(text: str) -> list[str]:
    depth, kept = 0, []
    for character in text:
        depth += character in "({"
        if depth == 0:
            kept.append(character)
        depth -= character in ")}"
    return kept


@pytest.mark.parametrize(
    ("name", "kind", "is_list", "nullable"),
    [
        ("post_id", "string", False, False),
        ("published_at", "timestamp", False, True),
        ("views", "int64", False, True),
        ("tags", "string", True, True),
        ("removed", "struct", True, False),
    ],
)
def test_a_column_knows_its_type(name: str, kind: str, is_list: bool, nullable: bool) -> None:
    found = column("posts", name)
    assert (found.type, found.is_list, found.nullable) == (kind, is_list, nullable)


def test_a_column_knows_its_words_and_the_fields_of_its_structs() -> None:
    assert column("posts", "author_id_basis").values == ("id", "name")
    assert [field.name for field in column("posts", "field_sources").fields] == [
        "field",
        "source",
        "confidence",
    ]
    assert column("comments", "is_accepted").type == "bool"
    assert CONTRACT.key("revisions") == ("item_id", "field", "revision")


def test_all_problems_of_a_row_are_named_at_once() -> None:
    row = ROWS["posts"] | {"views": "many", "access": "open", "extra": 1}
    assert CONTRACT.problems("posts", row) == (
        "posts has extra; expected only the columns of the schema.",
        'posts.access is "open"; expected one of full, partial, gated, unknown.',
        'posts.views is "many"; expected a whole number or null.',
    )


def test_a_long_value_is_shown_in_part() -> None:
    (problem,) = CONTRACT.problems("posts", ROWS["posts"] | {"kind": "가" * 500})
    assert len(problem) < 200


@given(st.data())
def test_the_fast_check_and_the_full_one_agree_on_any_row(data: st.DataObject) -> None:
    config = data.draw(st.sampled_from(CONTRACT.configs))
    row = ROWS[config] | data.draw(st.dictionaries(st.sampled_from(sorted(ROWS[config])), JSON, max_size=3))
    before = copy.deepcopy(row)
    loaded = CONTRACT._config[config]
    assert loaded.accepts(row) == (problems_of(row, loaded.schema) == ())
    assert row == before
