"""What peers read, kept outside the repository for whoever repeats a run while only postkeep changes."""

import json
import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from tests.eval.corpora import Page
from tests.eval.reading import Result, read_pages

CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "postkeep-eval"


def read_or_kept(reader: str, version: str, pages: Sequence[Page], *, jobs: int) -> list[Result]:
    """As ``read_pages``, each page once a version of the reader."""
    path = CACHE / f"{reader}-{version}.jsonl"
    kept = {}
    if path.is_file():
        with path.open(encoding="utf-8") as lines:
            kept = {key: row for key, *row in map(json.loads, lines)}
    new = [page for page in pages if _key(page) not in kept]
    if new:
        CACHE.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as lines:
            for each in read_pages(reader, new, jobs=jobs):
                row = [each.read, each.seconds, each.trouble]
                kept[_key(each.page)] = row
                lines.write(json.dumps([_key(each.page), *row]) + "\n")
    return [Result(page, *kept[_key(page)]) for page in pages]


def _key(page: Page) -> str:
    return sha256(page.url.encode() + b"\0" + page.html).hexdigest()[:24]
