"""Run as a process of its own: a command of postkeep, and on stderr's last line how often it merged each post."""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from typing import Any

from scraper.cli.main import run
from scraper.records import store
from scraper.records.history import PostRows, merge
from scraper.records.reading import Reading

if __name__ == "__main__":
    merged: Counter[str] = Counter()

    def counting(readings: Iterable[Reading], *arguments: Any, **options: Any) -> PostRows:
        rows = merge(readings, *arguments, **options)
        merged[rows.post["post_id"]] += 1
        return rows

    vars(store)["merge"] = counting
    try:
        run()
    finally:
        print(json.dumps(merged), file=sys.stderr)
