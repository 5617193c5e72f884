"""croissant.json, judged by mlcroissant: it is valid, and what it yields are the rows."""

import dataclasses
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from scraper.dataset.context import Publication, PublishedVersion
from scraper.dataset.export import Form, export
from scraper.dataset.layout import CROISSANT
from scraper.dataset.migrate import migrate
from scraper.records.contract import Contract
from tests.dataset.rows import CARD, CONTRACT, Rows, comment, metric, post, revision
from tests.records.grown_schema import FIRST, MAJOR, as_major, as_minor

ROWS = Rows(
    posts=[
        post("a:1", "2021-05-01T00:00:00Z", tags=["하나", "둘"], edited_at="2021-05-02T00:00:00.000250Z"),
        post("a:10", "2022-05-01T00:00:00Z", views=2**53, removed=[], redactions=[]),
        post("a:2", None, title=None, license="CC-BY-4.0"),
    ],
    comments=[comment("a:10", 0), comment("a:10", 1, likes=3, is_accepted=True), comment("a:2", 0)],
    metrics=[metric("a:1", None, views=3), metric("a:1", "2026-01-01T00:00:00Z", views=4, score=-2)],
    revisions=[revision("a:1", 1, "처음"), revision("a:10#1", 1, "댓글")],
)
EARLIER = PublishedVersion("v1.0-20261124", "1.0.0", {"posts": 1})
PUBLISHED = dataclasses.replace(
    CARD,
    license="CC-BY-4.0",
    rights_statement="Only for research.",
    publication=Publication(
        "v1.0-20261125.2", (EARLIER,), repo="me/x", url="https://huggingface.co/datasets/me/x"
    ),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("croissant")


@pytest.fixture(scope="module")
def read(home: Path, schemas: Path) -> dict[str, dict[str, Any]]:
    """What mlcroissant says of exports in several forms, each in one process that knows nothing of ours."""
    export(ROWS, home / "whole", contract=CONTRACT, card=PUBLISHED)
    export(ROWS, home / "months", contract=CONTRACT, card=CARD, form=Form(year_limit=0))
    export(ROWS, home / "bare", contract=CONTRACT, card=CARD, form=Form(with_text=False))
    export(Rows(), home / "empty", contract=CONTRACT, card=CARD)
    export(ROWS, home / "major", contract=Contract.load(FIRST, schemas), card=CARD)
    migrate(home / "major", CARD.software, MAJOR, schemas)
    folders = [str(path) for path in sorted(home.iterdir())]
    command = [sys.executable, str(Path(__file__).with_name("croissant_reading.py")), *folders]
    done = subprocess.run(command, cwd=home, capture_output=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    return {Path(folder).name: found for folder, found in json.loads(done.stdout).items()}


def _sorted(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def test_it_is_croissant_1_1_without_errors_and_once_published_without_warnings(
    read: dict[str, dict[str, Any]], home: Path
) -> None:
    assert {found["version"] for found in read.values()} == {"http://mlcommons.org/croissant/1.1"}
    assert all(found["errors"] == [] for found in read.values())
    assert read["whole"]["warnings"] == []
    said = {name: json.loads((home / name / CROISSANT).read_text(encoding="utf-8")) for name in read}
    assert {name: found.get("url") for name, found in said.items() if "url" in found} == {
        "whole": "https://huggingface.co/datasets/me/x"
    }
    assert all("datePublished" in warning for found in read.values() for warning in found["warnings"])


@pytest.mark.parametrize("config", CONTRACT.configs)
@pytest.mark.parametrize("form", ["whole", "months"])
def test_the_records_it_yields_are_the_rows(read: dict[str, dict[str, Any]], form: str, config: str) -> None:
    expected = list(ROWS.rows(config))
    assert len(read[form]["records"][config]) == len(expected) > 0
    assert _sorted(read[form]["records"][config]) == _sorted(expected)


@pytest.mark.parametrize("config", CONTRACT.configs)
def test_so_are_those_of_a_schema_that_was_reshaped(read: dict[str, dict[str, Any]], config: str) -> None:
    expected = [as_major(config, as_minor(config, dict(row))) for row in ROWS.rows(config)]
    assert _sorted(read["major"]["records"][config]) == _sorted(expected)


def test_the_form_without_text_yields_as_many_records_and_no_text(read: dict[str, dict[str, Any]]) -> None:
    bare = read["bare"]["records"]
    assert {name: len(records) for name, records in bare.items()} == {"posts": 3, "comments": 3, "metrics": 2}
    assert all("text" not in record for record in (*bare["posts"], *bare["comments"]))
    assert read["empty"]["records"] == {}


def _said(home: Path, name: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((home / name / "croissant.json").read_text(encoding="utf-8"))
    return said


@pytest.mark.usefixtures("read")
def test_it_says_rights_origin_and_version(home: Path) -> None:
    said = _said(home, "whole")
    assert said["license"] == "CC-BY-4.0"
    assert "Only for research." in said["usageInfo"]["text"]
    assert said["isLiveDataset"] is True
    assert said["datePublished"] == "2026-11-25"
    assert said["version"] == "2026112502.0.0"
    assert said["citeAs"].startswith("@misc{")
    assert "version = {v1.0-20261125.2}" in said["citeAs"]
    assert said["prov:wasGeneratedBy"]["prov:wasAssociatedWith"]["name"] == CARD.software
    assert [origin["name"] for origin in said["prov:wasDerivedFrom"]] == ["a"]
    assert _said(home, "months")["version"] == "0.0.0"


@pytest.mark.usefixtures("read")
def test_its_fields_are_those_of_the_schema_with_their_meaning(home: Path) -> None:
    sets = {part["@id"]: part for part in _said(home, "whole")["recordSet"]}
    for config in CONTRACT.configs:
        fields = {field["@id"].partition("/")[2]: field for field in sets[config]["field"]}
        for column in CONTRACT.columns(config):
            field = fields.pop(column.name)
            assert field["description"] == column.description
            assert field.get("equivalentProperty") == column.same_as
            assert field.get("isArray", False) == column.is_list
            assert [part["@id"].rpartition("/")[2] for part in field.get("subField", [])] == [
                part.name for part in column.fields
            ]
        assert not fields
        assert [part["@id"] for part in sets[config]["key"]] == [
            f"{config}/{name}" for name in CONTRACT.key(config)
        ]
