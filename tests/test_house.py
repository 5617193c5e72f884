"""The house of DESIGN: which room may import which, and where the few special things live."""

from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.house import picture
from tests.house.imports import (
    PACKAGE,
    circle_in,
    imported,
    jobs_arrows,
    modules,
    parts_of,
    room_arrows,
)
from tests.marked import shown

GROUND_FLOOR = frozenset({"model", "settings", "settings_table", "settings_file", "errors"})
# room: the rooms it may import besides itself and the ground floor
ALLOWED: dict[str, frozenset[str]] = {
    "model": frozenset(),
    "errors": frozenset(),
    "settings": frozenset({"errors"}),
    "settings_table": frozenset({"errors", "settings"}),
    "settings_file": frozenset({"errors", "settings", "settings_table"}),
    "fetch": GROUND_FLOOR,
    "archive": GROUND_FLOOR,
    "page": GROUND_FLOOR,
    "discussion": GROUND_FLOOR | {"page"},
    "sites": GROUND_FLOOR | {"page", "discussion"},
    "records": GROUND_FLOOR,
    "drift": GROUND_FLOOR | {"records"},
    "reading": GROUND_FLOOR | {"page", "sites", "records", "drift"},
    "takedown": GROUND_FLOOR | {"archive", "page", "sites", "records", "reading"},
    "dataset": GROUND_FLOOR | {"records"},
    "publish": GROUND_FLOOR | {"dataset"},
    "viewer": GROUND_FLOOR | {"archive", "records"},
    "jobs": GROUND_FLOOR
    | {
        "fetch",
        "archive",
        "page",
        "discussion",
        "sites",
        "records",
        "drift",
        "reading",
        "takedown",
        "dataset",
        "publish",
        "viewer",
    },
    "cli": GROUND_FLOOR | {"jobs"},
}
# folder of jobs: the other folders it may import; what lies beside the folders composes for all of them
JOBS_ALLOWED: dict[str, frozenset[str]] = {
    "crawl": frozenset(),
    "engines": frozenset(),
    "extract": frozenset({"engines", "imports", "politeness", "publication"}),
    "imports": frozenset(),
    "look": frozenset({"politeness", "refresh"}),
    "mementos": frozenset({"crawl", "imports"}),
    "politeness": frozenset(),
    "probe": frozenset({"imports"}),
    "record": frozenset({"crawl"}),
    "publication": frozenset({"politeness"}),
    "refresh": frozenset({"crawl", "publication"}),
    "report": frozenset({"look", "politeness", "refresh"}),
    "schedule": frozenset(),
    "takedown_requests": frozenset({"publication"}),
}
# module: the one file that may import it
ONE_FILE = {"httpx": "fetch/client.py", "httpx2": "publish/hub.py", "huggingface_hub": "publish/hub.py"}
# These rooms compute; they neither open files nor sockets, and time is handed to them.
PURE_ROOMS = ("model", "page", "discussion", "sites")
IMPURE_MODULES = frozenset(
    {"httpx", "httpcore", "socket", "sqlite3", "subprocess", "shutil", "tempfile", "time"}
)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_what_the_design_allows(path: Path) -> None:
    room = parts_of(path)[0]
    if room == "__init__":
        return
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "scraper" and len(parts) > 1 and parts[1] not in {room, "__version__"}:
            assert parts[1] in ALLOWED[room], f"{room} must not import {name}"
        if parts[0] in ONE_FILE:
            assert path == PACKAGE / ONE_FILE[parts[0]], f"only {ONE_FILE[parts[0]]} imports {parts[0]}"
        if room in PURE_ROOMS:
            assert parts[0] not in IMPURE_MODULES, f"{room} is pure and must not import {name}"


def test_every_room_has_its_rule_and_no_way_leads_back() -> None:
    assert room_arrows().keys() == ALLOWED.keys()
    assert not circle_in(room_arrows())


def test_a_folder_of_jobs_imports_only_the_folders_that_the_design_allows() -> None:
    arrows = jobs_arrows()
    for folder, allowed in JOBS_ALLOWED.items():
        assert arrows[folder] & JOBS_ALLOWED.keys() <= allowed, folder


def test_every_folder_of_jobs_has_its_rule_and_no_way_leads_back() -> None:
    folders = {path.name for path in (PACKAGE / "jobs").iterdir() if (path / "__init__.py").is_file()}
    assert folders == JOBS_ALLOWED.keys()
    assert not circle_in(jobs_arrows())


def test_a_circle_is_seen_and_named() -> None:
    lean = {"a": frozenset({"b"}), "b": frozenset({"c"}), "c": frozenset({"a"}), "d": frozenset({"a"})}
    assert circle_in(lean) == ["a", "b", "c", "a"]
    assert not circle_in({**lean, "c": frozenset()})


def test_the_import_reader_sees_every_form_of_import(tmp_path: Path) -> None:
    (tmp_path / "page").mkdir()
    source = tmp_path / "page" / "example.py"
    source.write_text(
        "import scraper.jobs\nfrom scraper import cli\nfrom ..archive import write\nfrom httpx import get\n"
    )
    assert list(imported(source, tmp_path)) == ["scraper.jobs", "scraper.cli", "scraper.archive", "httpx"]


def test_the_picture_of_the_rooms_is_that_of_the_imports() -> None:
    assert picture.PICTURE.read_text(encoding="utf-8") == picture.drawn()
    assert shown(picture.DOCUMENT, picture.BEGIN, picture.END) == picture.table()


def test_no_code_lies_in_the_schema_folder() -> None:
    assert not list((REPOSITORY / "schema").rglob("*.py"))


def test_no_file_is_named_for_everything_and_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}
    assert not [path for path in modules() if vague & set(parts_of(path))]


def test_no_module_touches_the_environment_but_the_command_line() -> None:
    offenders = [
        path
        for path in modules()
        if parts_of(path)[0] != "cli"
        and ("os.environ" in (text := path.read_text(encoding="utf-8")) or "getenv(" in text)
    ]
    assert not offenders
