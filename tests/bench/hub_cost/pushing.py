"""The peer's half of ``publication``, in a process of its own: ``push_to_hub`` of the rows of an exported folder.

Arguments: the repository, and the folder.
"""

import sys
from pathlib import Path

from datasets import Dataset

from scraper.records.contract import Contract


def main(repository: str, folder: Path) -> None:
    """Push every config of the folder, its rows in the order of their key as the record store gives them."""
    contract = Contract.load()
    for config in contract.configs:
        files = sorted(str(path) for path in (folder / "data" / config).glob("*.parquet"))
        if files:
            rows = Dataset.from_parquet(files, cache_dir=str(folder.parent / "cache"))
            rows.sort(list(contract.key(config))).flatten_indices().push_to_hub(
                repository, config, split="train"
            )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
