"""The same rows give the same bytes in every file, whatever process, hash seed, zone, place or taste of plots."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scraper.dataset.layout import PLOTS
from tests.conftest import REPOSITORY


def _exported(folder: Path, **environment: str) -> dict[str, bytes]:
    command = [sys.executable, "-m", "tests.dataset.exporting", str(folder)]
    subprocess.run(command, check=True, cwd=REPOSITORY, env={**os.environ, **environment}, timeout=600)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.thorough
def test_two_processes_that_have_little_in_common_write_the_same_bytes(tmp_path: Path) -> None:
    taste = tmp_path / "matplotlibrc"
    taste.write_text("axes.facecolor: black\nfont.size: 30\nfigure.dpi: 20\nbackend: svg\n")
    one = _exported(tmp_path / "one", PYTHONHASHSEED="1", TZ="UTC")
    other = _exported(
        tmp_path / "deep" / "other",
        PYTHONHASHSEED="31337",
        TZ="Asia/Seoul",
        LC_ALL="C",
        MATPLOTLIBRC=str(taste),
    )
    assert {"README.md", "croissant.json", "manifest.json", *PLOTS} < one.keys()
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
