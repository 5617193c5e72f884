"""Migrations as data: what each operation does, and what holds of every version of a schema that grew."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scraper.errors import UsageError
from scraper.records.contract import Contract, schema_versions
from scraper.records.migration import lacking, migrated, parse_step, steps_between
from tests.conftest import REPOSITORY
from tests.examples import examples
from tests.records.grown_schema import (
    FIRST,
    MAJOR,
    MINOR,
    VERSIONS,
    as_major,
    as_minor,
    bad_examples,
    grown_schemas,
    ok_examples,
)

OURS = REPOSITORY / "schema"


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return grown_schemas(tmp_path_factory.mktemp("schema"))


@pytest.fixture(scope="module")
def contracts(schemas: Path) -> dict[str, Contract]:
    return {version: Contract.load(version, schemas) for version in VERSIONS}


def step(*operations: dict[str, Any]) -> Any:
    return parse_step({"from": "1", "to": "2", "operations": {"posts": list(operations)}})


@pytest.mark.parametrize(
    ("operation", "before", "after"),
    [
        ({"op": "add", "path": "b", "value": []}, {"a": 1}, {"a": 1, "b": []}),
        ({"op": "add", "path": "a.b", "value": 0}, {"a": [{}, {"c": 1}]}, {"a": [{"b": 0}, {"c": 1, "b": 0}]}),
        ({"op": "add", "path": "a.b", "value": 0}, {"a": None}, {"a": None}),
        ({"op": "drop", "path": "a"}, {"a": 1, "b": 2}, {"b": 2}),
        ({"op": "drop", "path": "a.c"}, {"a": {"b": 1, "c": 2}}, {"a": {"b": 1}}),
        ({"op": "drop", "path": "x"}, {"a": 1}, {"a": 1}),
        ({"op": "rename", "path": "a", "to": "b"}, {"a": None}, {"b": None}),
        ({"op": "rename", "path": "a.b", "to": "c"}, {"a": [{"b": 1}]}, {"a": [{"c": 1}]}),
        ({"op": "move", "path": "a", "to": "b.c"}, {"a": 1}, {"b": {"c": 1}}),
        ({"op": "move", "path": "b.c", "to": "a"}, {"b": {"c": 1, "d": 2}}, {"b": {"d": 2}, "a": 1}),
        ({"op": "move", "path": "b.c", "to": "a"}, {"b": None}, {"b": None}),
        ({"op": "move", "path": "x", "to": "b.c"}, {"a": 1}, {"a": 1}),
        ({"op": "map_values", "path": "a", "values": {"x": "y"}}, {"a": "x"}, {"a": "y"}),
        ({"op": "map_values", "path": "a", "values": {"x": "y"}}, {"a": ["x", "z"]}, {"a": ["y", "z"]}),
        ({"op": "map_values", "path": "a", "values": {"x": None}}, {"a": "x"}, {"a": None}),
        ({"op": "map_values", "path": "a", "values": {"1": "y"}}, {"a": 1}, {"a": 1}),
        ({"op": "split", "path": "a", "at": "/", "into": ["b", "c"]}, {"a": "x/y/z"}, {"b": "x", "c": "y/z"}),
        ({"op": "split", "path": "a", "at": "/", "into": ["a", "c"]}, {"a": "x"}, {"a": "x", "c": None}),
        ({"op": "split", "path": "a", "at": "/", "into": ["b", "c"]}, {"a": None}, {"b": None, "c": None}),
    ],
)  # fmt: skip
def test_an_operation_does_what_it_says_and_leaves_its_input(
    operation: dict[str, Any], before: dict[str, Any], after: dict[str, Any]
) -> None:
    kept = copy.deepcopy(before)
    assert migrated("posts", before, [step(operation)]) == after
    assert before == kept
    assert migrated("comments", before, [step(operation)]) == kept


def test_a_value_that_is_added_is_not_shared_between_rows() -> None:
    adding = [step({"op": "add", "path": "tags", "value": []})]
    one, other = migrated("posts", {}, adding), migrated("posts", {}, adding)
    one["tags"].append("x")
    assert other == {"tags": []}


@pytest.mark.parametrize(
    "said",
    [
        {"from": "1", "to": "2", "operations": {"posts": [{"op": "guess", "path": "a"}]}},
        {"from": "1", "to": "2", "operations": {"posts": [{"op": "drop", "path": "a", "to": "b"}]}},
        {"from": "1", "to": "2", "operations": {"posts": [{"op": "rename", "path": "a"}]}},
        {"from": "1", "to": "2", "code": "lambda row: row"},
        {"to": "2"},
    ],
)
def test_what_is_no_migration_is_not_half_understood(said: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        parse_step(said)


def test_what_operations_cannot_say_asks_for_a_new_extraction() -> None:
    far = parse_step(
        {"from": "1.0.0", "to": "2.0.0", "needs_extraction": "The text is cut into sentences now."}
    )
    with pytest.raises(
        UsageError, match=r"1\.0\.0 cannot be brought to 2\.0\.0: The text is cut into sentences now\. Export"
    ):
        migrated("posts", {}, [far])


def test_columns_that_cannot_be_filled_are_followed_through_later_steps() -> None:
    first = step({"op": "add", "path": "a", "value": None}, {"op": "add", "path": "b", "value": 0})
    later = step(
        {"op": "add", "path": "c", "value": None},
        {"op": "rename", "path": "a", "to": "d"},
        {"op": "move", "path": "d", "to": "e.f"},
        {"op": "split", "path": "c", "at": " ", "into": ["g", "h"]},
        {"op": "add", "path": "i", "value": None},
        {"op": "drop", "path": "i"},
    )
    assert lacking([first]) == ("posts.a",)
    assert lacking([first, later]) == ("posts.e.f", "posts.g", "posts.h")
    assert lacking([later], lacking([first])) == lacking([first, later])


@pytest.mark.parametrize("version", VERSIONS)
def test_examples_keep_and_break_their_version_as_they_say(
    schemas: Path, contracts: dict[str, Contract], version: str
) -> None:
    contract = contracts[version]
    for config, row in ok_examples(schemas, version):
        assert contract.problems(config, row) == ()
    for config, row, problems in bad_examples(schemas, version):
        assert contract.problems(config, row) == problems


@pytest.mark.parametrize("version", VERSIONS)
def test_examples_of_each_version_migrate_to_the_newest_and_are_not_touched(
    schemas: Path, contracts: dict[str, Contract], version: str
) -> None:
    newest = contracts[MAJOR]
    steps = steps_between(version, MAJOR, schemas)
    for config, row in ok_examples(schemas, version):
        before = copy.deepcopy(row)
        now = migrated(config, row, steps)
        assert newest.problems(config, now) == ()
        assert row == before
        assert migrated(config, now, steps_between(MAJOR, MAJOR, schemas)) == now


def test_a_migrated_example_is_the_row_that_the_next_version_would_have(schemas: Path) -> None:
    for config, row in ok_examples(schemas, FIRST):
        minor = as_minor(config, row)
        assert migrated(config, row, steps_between(FIRST, MINOR, schemas)) == minor
        assert migrated(config, minor, steps_between(MINOR, MAJOR, schemas)) == as_major(config, minor)


@settings(examples(60), suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(data=st.data())
def test_any_row_that_keeps_a_version_keeps_the_next_once_migrated(
    schemas: Path, contracts: dict[str, Contract], data: st.DataObject
) -> None:
    old, new = data.draw(st.sampled_from([(FIRST, MINOR), (MINOR, MAJOR), (FIRST, MAJOR)]))
    examples = list(ok_examples(schemas, old))
    config, row = data.draw(st.sampled_from(examples))
    others = [other for name, other in examples if name == config]
    mixed = {name: data.draw(st.sampled_from(others))[name] for name in row}
    assume(not contracts[old].problems(config, mixed))
    before = copy.deepcopy(mixed)
    now = migrated(config, mixed, steps_between(old, new, schemas))
    assert contracts[new].problems(config, now) == ()
    assert mixed == before


@examples(60)
@given(data=st.data())
def test_two_steps_at_once_are_the_two_one_after_the_other(schemas: Path, data: st.DataObject) -> None:
    config, row = data.draw(st.sampled_from(list(ok_examples(schemas, FIRST))))
    if "extractor" in row:
        row["extractor"] = data.draw(st.text("ab/", max_size=6))
    halfway = migrated(config, row, steps_between(FIRST, MINOR, schemas))
    assert migrated(config, halfway, steps_between(MINOR, MAJOR, schemas)) == migrated(
        config, row, steps_between(FIRST, MAJOR, schemas)
    )


def test_every_migration_of_ours_leads_from_the_version_before() -> None:
    versions = schema_versions()
    steps = steps_between(versions[0], versions[-1])
    assert [step.target for step in steps] == list(versions[1:])
    newest = Contract.load(versions[-1])
    for version in versions:
        for config, row in ok_examples(OURS, version):
            assert newest.problems(config, migrated(config, row, steps_between(version, versions[-1]))) == ()


def test_the_digest_of_a_version_holds_its_migration_too(schemas: Path, tmp_path: Path) -> None:
    other = grown_schemas(tmp_path)
    path = other / MINOR / "migration.json"
    said = json.loads(path.read_text())
    said["operations"]["posts"][0]["value"] = 0
    before = Contract.load(MINOR, schemas).digest
    assert Contract.load(MINOR, other).digest == before
    path.write_text(json.dumps(said))
    assert Contract.load(MINOR, other).digest != before


def test_a_version_is_a_draft_until_its_digest_is_written_down(tmp_path: Path) -> None:
    folder = grown_schemas(tmp_path)
    assert not Contract.load(FIRST, folder).is_frozen
    (folder / "digests.json").write_text(json.dumps({FIRST: Contract.load(FIRST, folder).digest}))
    assert Contract.load(FIRST, folder).is_frozen
    assert not Contract.load(MINOR, folder).is_frozen


def test_rows_are_only_brought_forward_and_between_known_versions(schemas: Path) -> None:
    with pytest.raises(
        UsageError, match=r"Schema 2\.0\.0 is newer than 1\.1\.0; rows are only brought forward"
    ):
        steps_between(MAJOR, MINOR, schemas)
    with pytest.raises(
        UsageError, match=r"no schema version '3\.0\.0' here; this postkeep knows 1\.0\.0, 1\.1\.0, 2"
    ):
        steps_between("3.0.0", MAJOR, schemas)


def test_a_step_that_leads_elsewhere_than_its_place_says_is_an_error(tmp_path: Path) -> None:
    folder = grown_schemas(tmp_path)
    (folder / MAJOR / "migration.json").write_text(json.dumps({"from": FIRST, "to": MAJOR}))
    with pytest.raises(ValueError, match=r"the migration of 2\.0\.0 leads from 1\.0\.0 to 2\.0\.0"):
        steps_between(FIRST, MAJOR, folder)
