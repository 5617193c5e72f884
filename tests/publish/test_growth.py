"""A schema that grows, published by the verb of each version: every tag loads as it was, and cards list them all."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.hub.server import HubServer
from tests.publish.archives import POSTS, Place
from tests.publish.later import Postkeep
from tests.publish.shell import Shell
from tests.records.grown_schema import FIRST, LACKING_OF_MAJOR, MAJOR, MINOR, grown_schemas

REPO = "me/growing-schema"
VERSIONS = (FIRST, MINOR, MAJOR)

pytestmark = pytest.mark.slow


def tag(version: str) -> str:
    number = VERSIONS.index(version) + 1
    return f"v{version.rpartition('.')[0]}-{datetime.now(UTC):%Y%m%d}" + (f".{number}" if number > 1 else "")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("growth")


@pytest.fixture(scope="module")
def postkeeps(home: Path) -> dict[str, Postkeep]:
    schemas = grown_schemas(home / "schema")
    return {version: Postkeep.of(version, schemas, home / version) for version in VERSIONS}


@pytest.fixture(scope="module")
def rows(
    hub_server: HubServer, shell: Shell, home: Path, postkeeps: dict[str, Postkeep]
) -> dict[str, list[dict[str, Any]]]:
    """The posts of each tag, loaded after all versions were published."""
    archive = Place(home / "archive").keep(*POSTS).folder
    for postkeep in postkeeps.values():
        postkeep.run("publish", REPO, "--archive", archive, hub=hub_server, home=home / "hf")
    return {version: shell.load(REPO, "posts", tag(version)) for version in VERSIONS}


def test_every_tag_loads_with_the_columns_of_its_version(
    shell: Shell, rows: dict[str, list[dict[str, Any]]]
) -> None:
    posts = {version: [row["post_id"] for row in found] for version, found in rows.items()}
    assert posts[FIRST] == posts[MINOR] == posts[MAJOR] != []
    assert {version: {row["schema_version"] for row in found} for version, found in rows.items()} == {
        version: {version} for version in VERSIONS
    }
    first, minor, major = (rows[version][0] for version in VERSIONS)
    assert minor.keys() - first.keys() == {"section", "edited_raw"}
    assert major.keys() - minor.keys() == {"layout", "layout_version", "image_urls", "board", "origin"}
    assert f"{major['layout']}/{major['layout_version']}" == first["extractor"]
    assert major["image_urls"] == first["images"]
    assert major["origin"]["record_id"] == first["warc_record_id"]
    assert shell.load(REPO, "posts") == rows[MAJOR]
    assert len(shell.load(REPO, "comments", tag(MINOR), streaming=True)) > 0


def test_the_card_lists_every_version(hub_server: HubServer, rows: dict[str, list[dict[str, Any]]]) -> None:
    card = hub_server.read(REPO, "README.md").decode()
    assert list(hub_server.repository(REPO).tags) == [tag(version) for version in VERSIONS]
    for version in (FIRST, MINOR):
        assert f"| `{tag(version)}` | {version} | {len(rows[version])} |" in card
    assert f"Schema {MAJOR}" in card
    assert f"The schema went from {MINOR} to {MAJOR}." in card


def test_an_old_export_is_brought_forward_and_says_what_only_a_new_extraction_can_fill(
    hub_server: HubServer, home: Path, postkeeps: dict[str, Postkeep], rows: dict[str, list[dict[str, Any]]]
) -> None:
    dataset = home / "dataset"
    postkeeps[FIRST].run("export", dataset, "--archive", home / "archive", hub=hub_server, home=home / "hf")
    said = postkeeps[MAJOR].run("schema", "migrate", dataset, hub=hub_server, home=home / "hf")
    assert f"Only a new extraction can fill {', '.join(LACKING_OF_MAJOR)}" in said
    again = postkeeps[MAJOR].run("schema", "migrate", dataset, hub=hub_server, home=home / "hf")
    assert "follows schema 2.0.0 already" in again
    with Shell(hub_server, home / "hf-of-reader") as reader:
        assert reader.load(str(dataset), "posts") == rows[MAJOR]
