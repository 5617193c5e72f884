"""The house of DESIGN: which room may import which, and where the few special things live."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

PACKAGE = REPOSITORY / "scraper"
GROUND_FLOOR = frozenset({"model", "settings", "settings_file", "errors"})
# room: the rooms it may import besides itself and the ground floor
ALLOWED: dict[str, frozenset[str]] = {
    "model": frozenset(),
    "settings": frozenset({"errors"}),
    "settings_file": frozenset({"errors", "settings"}),
    "errors": frozenset(),
    "fetch": GROUND_FLOOR,
    "archive": GROUND_FLOOR,
    "page": GROUND_FLOOR,
    "sites": GROUND_FLOOR | {"page"},
    "records": GROUND_FLOOR,
    "dataset": GROUND_FLOOR | {"records"},
    "publish": GROUND_FLOOR | {"dataset"},
    "jobs": GROUND_FLOOR | {"fetch", "archive", "page", "sites", "records", "dataset", "publish"},
    "cli": GROUND_FLOOR | {"jobs"},
}
# module: the one file that may import it
ONE_FILE = {"httpx": "fetch/client.py", "httpx2": "publish/hub.py", "huggingface_hub": "publish/hub.py"}
# These rooms compute; they neither open files nor sockets, and time is handed to them.
PURE_ROOMS = ("model", "page", "sites")
IMPURE_MODULES = frozenset(
    {"httpx", "httpcore", "socket", "sqlite3", "subprocess", "shutil", "tempfile", "time"}
)


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Every module name that the file imports, as written after ``import`` or ``from``, relative ones resolved."""
    package = ["scraper", *path.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield ".".join([*package[: len(package) - node.level + 1], node.module or ""])
        elif isinstance(node, ast.ImportFrom) and node.module == "scraper":
            yield from (f"scraper.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_what_the_design_allows(path: Path) -> None:
    room = room_of(path)
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


def test_every_room_has_its_rule() -> None:
    assert {room_of(path) for path in modules()} - {"__init__"} <= ALLOWED.keys()


def test_the_import_reader_sees_every_form_of_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.test_house.PACKAGE", tmp_path)
    (tmp_path / "page").mkdir()
    source = tmp_path / "page" / "example.py"
    source.write_text(
        "import scraper.jobs\nfrom scraper import cli\nfrom ..archive import write\nfrom httpx import get\n"
    )
    assert list(imported(source)) == ["scraper.jobs", "scraper.cli", "scraper.archive", "httpx"]


def test_no_code_lies_in_the_schema_folder() -> None:
    assert not list((REPOSITORY / "schema").rglob("*.py"))


def test_no_file_is_named_for_everything_and_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}
    assert not [path for path in modules() if vague & set(path.relative_to(PACKAGE).with_suffix("").parts)]


def test_no_module_touches_the_environment_but_the_command_line() -> None:
    offenders = [
        path
        for path in modules()
        if room_of(path) != "cli"
        and ("os.environ" in (text := path.read_text(encoding="utf-8")) or "getenv(" in text)
    ]
    assert not offenders
