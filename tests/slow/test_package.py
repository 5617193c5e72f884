"""The sdist and the wheel, each installed into an empty virtual environment: the command runs, and its data files are there."""

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Final

import pytest

from scraper import __version__
from tests.conftest import REPOSITORY
from tests.fixtures.pages import v1_page

pytestmark = pytest.mark.slow

SUFFIXES: Final = (".whl", ".tar.gz")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The package in both forms, made of what git would commit."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--outdir", str(folder), str(REPOSITORY)]
    subprocess.run(command, check=True, capture_output=True)
    return {
        suffix: next(path for path in folder.iterdir() if path.name.endswith(suffix)) for suffix in SUFFIXES
    }


def run(*command: str | Path, folder: Path) -> str:
    """A command in ``folder``, with nothing of this checkout on its path; what it printed."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "POSTKEEP"))}
    done = subprocess.run(
        list(map(str, command)), check=False, cwd=folder, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_empty_environment_needs_nothing_but_the_package(
    suffix: str, built: dict[str, Path], tmp_path: Path
) -> None:
    run(sys.executable, "-m", "venv", "env", folder=tmp_path)
    pip = (tmp_path / "env/bin/python", "-m", "pip", "--quiet", "--disable-pip-version-check")
    run(*pip, "install", "--constraint", REPOSITORY / "constraints.txt", built[suffix], folder=tmp_path)
    postkeep = tmp_path / "env/bin/postkeep"
    assert __version__ in run(postkeep, "--version", folder=tmp_path)
    assert "posts" in run(postkeep, "schema", folder=tmp_path)
    (tmp_path / "page.html").write_text(v1_page(72260), encoding="utf-8")
    run(postkeep, "import", "page.html", folder=tmp_path)
    assert json.loads(run(postkeep, "export", "dataset", "--json", folder=tmp_path))["counts"]["done"] == 1
    assert "configs:" in (tmp_path / "dataset" / "README.md").read_text(encoding="utf-8")


def test_the_sdist_holds_what_its_own_tests_need_and_the_wheel_no_tests(built: dict[str, Path]) -> None:
    with tarfile.open(built[".tar.gz"]) as sdist:
        kept = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"Makefile", "constraints.txt", "tests/conftest.py", "docs/conf.py", "schema/digests.json"} <= kept
    with zipfile.ZipFile(built[".whl"]) as wheel:
        rooms = {name.partition("/")[0] for name in wheel.namelist()}
    assert rooms == {"scraper", f"postkeep-{__version__}.dist-info"}
