"""What an export costs, beside ``datasets`` writing the same rows, and beside pyarrow writing tables that are made already.

The peer gets the rows as JSON lines, and pyarrow as tables in memory: neither merges readings, checks rows, masks, sorts into years,
draws plots or writes a card.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from scraper.dataset.parquet import WRITER_OPTIONS
from tests.bench.pages import post_pages, write_warc
from tests.bench.table.cost import least
from tests.bench.table.figure import Benchmark, Beside, Figure
from tests.bench.verb_costs.bench import Bench

_POSTS: Final = 1000
_ROUNDS: Final = 3
# Argument: a file of JSON lines; beside it the rows are written in three formats. Prints what each took.
_PEER: Final = """\
import sys, time
from datasets import Dataset
from datasets.utils import disable_progress_bars
disable_progress_bars()
path = sys.argv[1]
began = time.process_time()
rows = Dataset.from_json(path, cache_dir=path + ".cache")
loaded = time.process_time() - began
for write, ending in ((rows.to_parquet, "parquet"), (rows.to_csv, "csv"), (rows.to_json, "jsonl")):
    began = time.process_time()
    write(f"{path}.{ending}")
    print(loaded + time.process_time() - began)
"""


def figures() -> Iterator[Figure]:
    """1,000 posts with 14,000 comments, as Parquet and in the other formats."""
    with tempfile.TemporaryDirectory(prefix="postkeep-bench-") as name:
        folder = Path(name)
        bench = Bench(folder, _ROUNDS)
        write_warc(post_pages(_POSTS), folder / "posts.warc.gz")
        bench.empty_archive()
        Bench(folder, 1).measure("import", "posts.warc.gz")
        parquet = bench.measure("export", "dataset")
        peers = _peers(folder)
        tables = [pq.read_table(path) for path in sorted((folder / "dataset" / "data").rglob("*.parquet"))]

        def bare() -> None:
            for number, table in enumerate(tables):
                pq.write_table(table, folder / f"bare-{number}.parquet", **WRITER_OPTIONS)

        limit = Beside("pyarrow, tables made already", least({"limit": bare})["limit"])
        what = f"{_POSTS:,} posts with {_POSTS * 14:,} comments"
        yield Figure(
            f"{what}, Parquet",
            "CPU s",
            parquet.seconds,
            Beside("datasets, from_json and to_parquet", peers[0]),
            limit,
            "start, plots and card with it",
        )
        for number, form in enumerate(("csv", "jsonl"), 1):
            cost = bench.measure("export", f"as-{form}", "--format", form)
            peer = Beside(f"datasets, from_json and to_{form.removesuffix('l')}", peers[number])
            yield Figure(f"the same, {form}", "CPU s", cost.seconds, peer)
        yield Figure(
            "the same, ConvoKit",
            "CPU s",
            bench.measure("export", "as-convokit", "--format", "convokit").seconds,
        )
        yield Figure("the same, WACZ", "CPU s", bench.measure("export", "--wacz", "out.wacz").seconds)


def _peers(folder: Path) -> list[float]:
    """CPU seconds of the peer for Parquet, CSV and JSON lines, over all configs, the least of its rounds."""
    rounds = []
    for number in range(_ROUNDS):
        spent = [0.0, 0.0, 0.0]
        for config in sorted((folder / "dataset" / "data").iterdir()):
            rows = [
                row for path in sorted(config.glob("*.parquet")) for row in pq.read_table(path).to_pylist()
            ]
            lines = folder / f"{config.name}-{number}.json"
            lines.write_text("".join(json.dumps(row, default=str, ensure_ascii=False) + "\n" for row in rows))
            command = [sys.executable, "-c", _PEER, str(lines)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            spent = [sum(pair) for pair in zip(spent, map(float, done.stdout.split()), strict=True)]
        rounds.append(spent)
    return [min(each) for each in zip(*rounds, strict=True)]


EXPORT: Final = Benchmark("export", "taking the dataset out", figures)
