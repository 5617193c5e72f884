"""Exports opened by the real ``datasets``, and a schema that has grown."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.conftest import REPOSITORY
from tests.records.grown_schema import grown_schemas

Load: TypeAlias = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Load:
    """Loads folders in one new process; all processes share one cache, as a user's do."""
    home = tmp_path_factory.mktemp("hf-home")
    environment = {**os.environ, "HF_HOME": str(home), "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(REPOSITORY)}

    def run(*folders: Path | str) -> dict[str, Any]:
        command = [sys.executable, "-m", "tests.dataset.loading", *map(str, folders)]
        done = subprocess.run(
            command, env=environment, cwd=home, capture_output=True, check=False, timeout=600
        )
        assert done.returncode == 0, done.stderr.decode()
        loaded: dict[str, Any] = json.loads(done.stdout)
        return loaded

    return run


@pytest.fixture(scope="session")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return grown_schemas(tmp_path_factory.mktemp("grown") / "schema")
