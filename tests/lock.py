"""Write ``constraints.txt``: the versions that a fresh install of pyproject.toml gives today.

Run by ``make lock``. CI and the Makefile install with it; users who install the package get the ranges.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.conftest import REPOSITORY

HEADER = "# Written by `make lock`: what pyproject.toml gave on a fresh install. Not for editing by hand.\n"


def main() -> None:
    """Install into an empty virtual environment and freeze it."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [str(Path(folder, "bin", "python")), "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", f"{REPOSITORY}[dev,scale]"], check=True)
        frozen = subprocess.run([*pip, "freeze"], check=True, capture_output=True, text=True).stdout
    pins = [line for line in frozen.splitlines() if not line.startswith("postkeep")]
    (REPOSITORY / "constraints.txt").write_text(HEADER + "\n".join(pins) + "\n", encoding="utf-8")
    print(f"constraints.txt: {len(pins)} packages")


if __name__ == "__main__":
    main()
