"""schema/ is data: every version, its examples and its digest."""

import ast
import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from scraper.errors import UsageError
from scraper.records.contract import CURRENT, Contract, schema_folder, schema_versions
from tests import row_types

SCHEMA = Path(__file__).resolve().parents[2] / "schema"
EXAMPLES = sorted(SCHEMA.glob("*/examples/*/*.json"))


def example(path: Path) -> tuple[Contract, str, dict[str, Any]]:
    version = path.relative_to(SCHEMA).parts[0]
    return Contract.load(version), path.name.partition(".")[0], json.loads(path.read_text(encoding="utf-8"))


def test_the_folder_holds_data_and_no_python() -> None:
    assert not list(SCHEMA.rglob("*.py"))


@pytest.mark.parametrize("version", schema_versions())
def test_every_config_of_every_version_has_examples_that_pass_and_that_fail(version: str) -> None:
    for kind in ("ok", "bad"):
        names = {path.name.partition(".")[0] for path in (SCHEMA / version / "examples" / kind).iterdir()}
        assert names == set(Contract.load(version).configs)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_each_example_gives_exactly_the_problems_it_states_and_is_not_touched(path: Path) -> None:
    contract, config, content = example(path)
    before = copy.deepcopy(content["row"])
    assert (path.parent.name == "ok") == ("problems" not in content)
    assert contract.problems(config, content["row"]) == tuple(content.get("problems", ()))
    assert content["row"] == before


@pytest.mark.parametrize("path", sorted(SCHEMA.glob("*/*.schema.json")), ids=lambda path: path.name)
def test_each_schema_is_sound_and_requires_all_its_columns_in_order(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert schema["required"] == list(schema["properties"])
    assert schema["additionalProperties"] is False
    assert set(schema["x-key"]) <= set(schema["properties"])


@pytest.mark.parametrize("version", schema_versions())
def test_every_column_and_every_field_of_a_struct_is_described(version: str) -> None:
    contract = Contract.load(version)
    for config in contract.configs:
        assert contract.description(config)
        for column in contract.columns(config):
            for described in (column, *column.fields):
                assert described.description.endswith("."), f"{config}.{described.name}"
                assert described.croissant_type.partition(":")[0] in {"sc", "cr"}
                assert (described.same_as or "https://schema.org/").startswith("https://schema.org/")


def test_frozen_versions_are_unchanged() -> None:
    digests = json.loads((SCHEMA / "digests.json").read_text(encoding="utf-8"))
    assert digests == {version: Contract.load(version).digest for version in digests}


def test_the_current_version_is_the_newest_in_the_folder_that_is_read() -> None:
    assert schema_versions()[-1] == CURRENT
    assert (schema_folder() / CURRENT / "posts.schema.json").is_file()


def test_a_version_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(UsageError, match=r"no schema version '9\.9\.9'\. Choose one of: 1\.0\.0"):
        Contract.load("9.9.9")


def test_the_types_of_rows_are_those_of_the_schema() -> None:
    written = ast.parse(row_types.MODULE.read_text(encoding="utf-8"))
    assert ast.unparse(ast.parse(row_types.module_text())) == ast.unparse(written)
