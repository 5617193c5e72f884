"""An archive that may only be read is exported all the same."""

import ctypes
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.archive.making import keep_visit, open_archive
from tests.commands import command_line, environment, postkeep

# prctl(2), capabilities(7): what a process may not gain by starting a program, such as root's right to write everywhere.
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with one visit, and its export in ``expected`` beside it."""
    folder = tmp_path_factory.mktemp("made")
    with open_archive(folder / "archive") as opened:
        keep_visit(opened)
    postkeep("export", str(folder / "expected"), "--archive", str(folder / "archive"))
    return folder


@pytest.fixture
def archive(tmp_path: Path, made: Path) -> Iterator[Path]:
    """A copy of the archive of one visit, and its export in ``expected`` beside it."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    folder = tmp_path / "archive"
    yield folder
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700)


def without_rights_of_root() -> None:
    if os.geteuid() == 0 and ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0):
        raise OSError("the rights of root stay")


def run_read_only(archive: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    for path in (*archive.rglob("*"), archive):
        path.chmod(0o500 if path.is_dir() else 0o400)
    command = command_line(*arguments, "--archive", str(archive))
    return subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment(), preexec_fn=without_rights_of_root
    )  # fmt: skip


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.thorough
@pytest.mark.parametrize("missing", [[], ["records.sqlite"], ["records.sqlite", "lock"]], ids=str)
def test_an_archive_that_may_only_be_read_is_exported(
    missing: list[str], archive: Path, tmp_path: Path
) -> None:
    for name in missing:
        (archive / name).unlink()
    before = files(archive)
    done = run_read_only(archive, "export", str(tmp_path / "dataset"))
    assert done.returncode == 0, done.stderr
    assert files(archive) == before
    assert files(tmp_path / "dataset") == files(tmp_path / "expected")


@pytest.mark.thorough
def test_no_takedown_is_passed_over_where_it_cannot_be_completed(archive: Path, tmp_path: Path) -> None:
    pending = {"subject": "careerly:comments-1", "reason": "asked", "visits": []}
    (archive / "takedown.pending").write_text(json.dumps(pending) + "\n", encoding="utf-8")
    done = run_read_only(archive, "export", str(tmp_path / "dataset"))
    assert done.returncode == 1
    assert "a takedown in it waits to be completed" in done.stderr
    assert not (tmp_path / "dataset").exists()


@pytest.mark.thorough
@pytest.mark.parametrize("command", [["export", "dataset"], ["publish", "me/x", "--dry-run"]], ids=str)
def test_an_archive_without_its_key_that_may_only_be_read_is_told_as_that(
    command: list[str], archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (archive / "pseudonym.key").unlink()
    done = run_read_only(archive, *command)
    assert done.returncode == 1
    said = " ".join(done.stderr.split())
    assert f"{archive} has no pseudonym key, and none can be made there" in said
    assert "put the pseudonym.key of the archive that it was copied from beside it" in said
    assert "Errno" not in said


@pytest.mark.thorough
@pytest.mark.parametrize("command", [["extract"], ["backup", "copy"]], ids=str)
def test_what_has_to_write_asks_for_permission_and_not_for_space(
    command: list[str], archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run_read_only(archive, *command)
    assert done.returncode == 1
    assert "make the folder writable" in " ".join(done.stderr.split())
    assert "Free space" not in done.stderr


LOOKS = (
    ["status"],
    ["list"],
    ["list", "--failed"],
    ["refresh", "--dry-run"],
    ["drift"],
)


@pytest.mark.thorough
@pytest.mark.parametrize("arguments", LOOKS, ids=" ".join)
def test_an_archive_that_may_only_be_read_is_looked_at(arguments: list[str], archive: Path) -> None:
    postkeep("extract", "--archive", str(archive), expect=1)
    before = files(archive)
    done = run_read_only(archive, *arguments, "--json")
    assert done.returncode == 0, done.stdout
    data = json.loads(done.stdout).get("data")
    if arguments == ["status"]:
        assert not data["is_writable"]
        assert data["visits"]["rejected"] == 1
    if arguments == ["list", "--failed"]:
        assert len(data["failed"]) == 1
    assert files(archive) == before
