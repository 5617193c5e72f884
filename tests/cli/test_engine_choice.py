"""Which engine ``extract --from`` reads with: what cannot be is said before anything is read."""

import sys
from pathlib import Path

import pytest

from tests.cli.terminal import postkeep
from tests.jobs.test_extract_from import scattered


def _refused(tmp_path: Path, *arguments: str) -> str:
    scattered(tmp_path)
    command: tuple[str | Path, ...] = (
        "extract",
        "--from",
        tmp_path / "*.warc*",
        "--into",
        tmp_path / "dataset",
        "--json",
        *arguments,
    )
    ran = postkeep(*command, "--archive", tmp_path / "archive", expect=2)
    assert not (tmp_path / "dataset").exists()
    (reason,) = ran.reasons
    assert reason is not None
    return reason


def test_ray_that_is_not_installed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    assert "pip install 'postkeep[scale]'" in _refused(tmp_path, "--ray", "local")


def test_an_address_of_ray_has_one_of_four_forms(tmp_path: Path) -> None:
    assert "Write local, auto, HOST:PORT or ray://HOST:PORT." in _refused(tmp_path, "--ray", "somewhere")


def test_processes_are_not_counted_for_a_cluster_that_runs(tmp_path: Path) -> None:
    assert "a Ray cluster that runs has a count of its own" in _refused(
        tmp_path, "--ray", "auto", "--workers", "2"
    )


def test_an_archive_is_read_again_by_this_machine() -> None:
    ran = postkeep("extract", "--ray", "local", "--json", expect=2)
    assert ran.reasons == ["Name the WARC files to read with --from, and the dataset's folder with --into."]
