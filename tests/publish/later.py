"""An earlier or a later postkeep, whose dataset follows another schema: a copy of this one, edited as its author would.

Pages are read as today; rows take the other form on their way out: that of a later version by its own migration, that of an
earlier one by losing the columns that it does not have.
"""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scraper.records.contract import CURRENT, schema_versions
from tests.conftest import REPOSITORY
from tests.hub.server import HubServer

_EDITS: Final = {
    "records/contract.py": (f'CURRENT: Final = "{CURRENT}"', 'CURRENT: Final = "{version}"'),
    "records/rows.py": ('"schema_version": CURRENT', f'"schema_version": "{CURRENT}"'),
    "records/store.py": ("self._contract = Contract.load()", f'self._contract = Contract.load("{CURRENT}")'),
    "jobs/outgoing.py": (
        "            self._require_kept_contract(rows)\n",
        (
            "            rows = PostRows(\n"
            '                as_there("posts", rows.post),\n'
            "                *(tuple(as_there(name, row) for row in rows.of(name))\n"
            '                  for name in ("comments", "metrics", "revisions")),\n'
            "            )\n"
            "            self._require_kept_contract(rows)\n"
        ),
    ),
}

_LATER: Final = """
from scraper.records.migration import migrated, steps_between

STEPS = steps_between("{current}", "{version}")


def as_there(config, row):
    return migrated(config, row, STEPS)
"""
_EARLIER: Final = """
THERE = Contract.load("{version}")


def as_there(config, row):
    kept = {{column.name: row[column.name] for column in THERE.columns(config)}}
    return kept | ({{"schema_version": "{version}"}} if "schema_version" in kept else {{}})
"""


@dataclass(frozen=True, slots=True)
class Postkeep:
    """One version of the command: the folder its package lies in."""

    folder: Path

    @staticmethod
    def of(version: str, schemas: Path, folder: Path) -> "Postkeep":
        """A copy of ours in ``folder`` that knows ``schemas`` and writes ``version``."""
        skip = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / "scraper", folder / "scraper", ignore=skip)
        shutil.copytree(schemas, folder / "schema")
        shutil.copy(REPOSITORY / "dataset_card.md", folder)
        for name, (old, new) in _EDITS.items() if version != CURRENT else ():
            path = folder / "scraper" / name
            text = path.read_text(encoding="utf-8")
            assert text.count(old) == 1, f"{name} has changed"
            path.write_text(text.replace(old, new.replace("{version}", version)), encoding="utf-8")
        if version != CURRENT:
            versions = schema_versions(schemas)
            there = _LATER if versions.index(version) > versions.index(CURRENT) else _EARLIER
            with (folder / "scraper/jobs/outgoing.py").open("a", encoding="utf-8") as file:
                file.write(there.format(current=CURRENT, version=version))
        return Postkeep(folder)

    def run(self, *arguments: str | Path, hub: HubServer, home: Path) -> str:
        """Run one command, which has to succeed; gives what it said."""
        program = "from scraper.cli.main import run; run()"
        done = subprocess.run(
            [sys.executable, "-c", program, *map(str, arguments)],
            env={**hub.environment(home), "PYTHONPATH": str(self.folder)},
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr
