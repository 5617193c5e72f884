"""A dataset whose schema grows on the Hub: every tag loads with the columns it had, old files beside new ones too."""

import dataclasses
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scraper.dataset.context import Publication
from scraper.dataset.export import export
from scraper.dataset.migrate import migrate
from scraper.records.contract import Contract
from tests.conftest import REPOSITORY
from tests.dataset.rows import CARD, Rows, comment, post
from tests.hub.server import HubServer
from tests.publish.shell import Shell
from tests.records.grown_schema import FIRST, MAJOR, MINOR, as_first, as_major, as_minor

REPO = "me/grown"
ROWS = Rows(
    posts=[
        as_first("posts", post("a:1", "2021-05-01T00:00:00Z", kind="topic")),
        as_first("posts", post("a:2", "2022-05-01T00:00:00Z")),
    ],
    comments=[as_first("comments", comment("a:2", 0))],
)
TAGS = {FIRST: "v1.0-20261123", MINOR: "v1.1-20261124", "mixed": "v1.1-20261124.2", MAJOR: "v2.0-20261125"}


@pytest.fixture(scope="module")
def hub() -> Iterator[HubServer]:
    with HubServer() as serving:
        yield serving


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory, schemas: Path) -> dict[str, Path]:
    home = tmp_path_factory.mktemp("growth")
    made = {name: home / name for name in TAGS}
    card = dataclasses.replace(CARD, publication=Publication(TAGS[FIRST]))
    export(ROWS, home / "first", contract=Contract.load(FIRST, schemas), card=card)
    for folder in made.values():
        shutil.copytree(home / "first", folder)
    migrate(made[MINOR], CARD.software, MINOR, schemas)
    migrate(made["mixed"], CARD.software, MINOR, schemas)
    shutil.copyfile(home / "first/data/posts/2021.parquet", made["mixed"] / "data/posts/2021.parquet")
    migrate(made[MAJOR], CARD.software, MAJOR, schemas)
    return made


@pytest.fixture(scope="module")
def shell(
    hub: HubServer, folders: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shell]:
    pairs = [word for name, tag in TAGS.items() for word in (tag, str(folders[name]))]
    command = [sys.executable, "-m", "tests.dataset.uploading", REPO, *pairs]
    environment = hub.environment(tmp_path_factory.mktemp("uploading"))
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    with Shell(hub, tmp_path_factory.mktemp("hf-home")) as process:
        yield process


def _posts(version: str) -> list[dict[str, Any]]:
    rows = [dict(row) for row in ROWS.posts]
    if version == FIRST:
        return rows
    minor = [as_minor("posts", row) for row in rows]
    return minor if version == MINOR else [as_major("posts", row) for row in minor]


def _with_times(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Times as the process writes them: it knows no better than ``str``."""
    return [
        {name: value.replace(" ", "T").replace("+00:00", "Z") if name.endswith("_at") and value else value
         for name, value in row.items()}
        for row in rows
    ]  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize("version", [FIRST, MINOR, MAJOR])
def test_every_tag_loads_with_the_columns_it_had(shell: Shell, version: str, streaming: bool) -> None:
    rows = shell.load(REPO, "posts", TAGS[version], streaming=streaming)
    assert _with_times(rows) == _posts(version)


def test_the_newest_loads_without_a_tag(shell: Shell) -> None:
    assert _with_times(shell.load(REPO, "posts")) == _posts(MAJOR)
    assert len(shell.load(REPO, "comments")) == 1


def test_an_old_file_beside_new_ones_loads_with_nulls(shell: Shell) -> None:
    rows = shell.load(REPO, "posts", TAGS["mixed"])
    assert [(row["schema_version"], row["section"]) for row in rows] == [(FIRST, None), (MINOR, None)]


def test_later_cards_list_the_first_version(folders: dict[str, Path]) -> None:
    for version in (MINOR, MAJOR):
        card = (folders[version] / "README.md").read_text(encoding="utf-8")
        assert f"| `{TAGS[FIRST]}` | 1.0.0 | 2 | 1 |" in card
        assert f"Schema {version} (a draft: " in card
        assert f"The schema went from 1.0.0 to {version}; the rows are the same." in card
