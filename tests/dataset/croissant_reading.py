"""Run in a process of its own: read each folder's croissant.json with mlcroissant, and print what it yields, as JSON.

Nothing of ours is imported here: what is read is what anybody would read.
"""

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import mlcroissant


def _plain(value: object) -> Any:
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        return {name.rpartition("/")[2]: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if hasattr(value, "isoformat"):
        return value.isoformat().replace("+00:00", "Z")
    return value


def _read(folder: str) -> dict[str, Any]:
    dataset = mlcroissant.Dataset(Path(folder, "croissant.json"))
    issues = dataset.metadata.ctx.issues
    sets = [part.id for part in dataset.metadata.record_sets]
    return {
        "version": dataset.metadata.ctx.conforms_to.value,
        "errors": sorted(issues.errors),
        "warnings": sorted(issues.warnings),
        "records": {name: [_plain(record) for record in dataset.records(name)] for name in sets},
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps({folder: _read(folder) for folder in sys.argv[1:]}))
