"""Run in a process of its own: load each folder with the real ``datasets`` and print what it gives, as JSON.

Arguments are folders; configs of each are those it has. Two folders with ``:`` between are loaded apart and concatenated.
``HF_HOME`` is read at import, hence the process.
"""

import json
import sys
from datetime import datetime
from typing import Any

from datasets import concatenate_datasets, get_dataset_config_names, load_dataset


def _plain(value: object) -> str:
    assert isinstance(value, datetime)
    return value.isoformat().replace("+00:00", "Z")


def _load(folder: str) -> dict[str, Any]:
    loaded: dict[str, Any] = {}
    for config in get_dataset_config_names(folder):
        whole = load_dataset(folder, config)
        stream = load_dataset(folder, config, split="train", streaming=True)
        loaded[config] = {
            "splits": list(whole),
            "rows": list(whole["train"]),
            "streamed": list(stream),
            "types": {name: repr(feature) for name, feature in whole["train"].features.items()},
        }
    return loaded


def _concatenate(one: str, other: str) -> dict[str, Any]:
    configs = get_dataset_config_names(one)
    assert configs == get_dataset_config_names(other)
    both = {
        config: concatenate_datasets([load_dataset(folder, config, split="train") for folder in (one, other)])
        for config in configs
    }
    return {config: {"rows": list(rows)} for config, rows in both.items()}


if __name__ == "__main__":
    loaded = {name: _concatenate(*name.split(":")) if ":" in name else _load(name) for name in sys.argv[1:]}
    print(json.dumps(loaded, default=_plain))
