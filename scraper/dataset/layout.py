"""Where rows lie in a dataset folder: ``data/<config>/<YYYY>.parquet``, by when their post was published.

Comments, metrics and revisions lie with their post. A year that grew too large is parted into months
(``YYYY-MM``); posts without a date lie in ``undated``. Both are called a part.
"""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from scraper.records.contract import CONFIGS, Row

SPLIT: Final = "train"
UNDATED: Final = "undated"
CARD: Final = "README.md"
MANIFEST: Final = "manifest.json"
CROISSANT: Final = "croissant.json"
CITATION: Final = "CITATION.cff"
PLOTS: Final = ("plots/posts-by-month.png", "plots/comments-captured.png", "plots/languages.png")
# The files of a folder that is written as CSV, as JSON lines or for ConvoKit.
CSV_FILES: Final[Mapping[str, str]] = {config: f"{config}.csv" for config in CONFIGS}
JSON_LINES: Final = "posts.jsonl"
UTTERANCES: Final = "utterances.jsonl"
SPEAKERS: Final = "speakers.json"
CONVERSATIONS: Final = "conversations.json"
CORPUS: Final = "corpus.json"
INDEX: Final = "index.json"
# A larger file is slow to load and, edited in many places, is stored anew almost whole.
YEAR_LIMIT: Final = 256_000_000

_FORMATTED: Final = frozenset(
    {*CSV_FILES.values(), JSON_LINES, UTTERANCES, SPEAKERS, CONVERSATIONS, CORPUS, INDEX}
)
_PART: Final = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?|undated")


def month_of(published_at: str | None) -> str:
    """The month, as ``YYYY-MM`` in UTC, of a time as rows carry it; ``undated`` for None."""
    return UNDATED if published_at is None else published_at[:7]


def year_of(month: str) -> str:
    """The year that a month lies in; ``undated`` lies in ``undated``."""
    return UNDATED if month == UNDATED else month[:4]


def data_file(config: str, part: str) -> PurePosixPath:
    """The path of one part of a config, relative to the dataset folder."""
    return PurePosixPath("data", config, f"{part}.parquet")


def data_files(config: str) -> str:
    """The pattern, relative to the dataset folder, of all files of a config."""
    return str(data_file(config, "*"))


def is_data_file(path: PurePosixPath) -> bool:
    """Whether ``path``, relative to a dataset folder, has the form of a data file's."""
    return _PART.fullmatch(path.stem) is not None and path == data_file(path.parent.name, path.stem)


def is_metadata_file(path: PurePosixPath) -> bool:
    """Whether ``path``, relative to a dataset folder, is that of a file about the data."""
    return str(path) in {CARD, CITATION, MANIFEST, CROISSANT, *PLOTS}


def is_formatted_file(path: PurePosixPath) -> bool:
    """Whether ``path``, relative to a folder, is that of a data file in a format that ``load_dataset`` does not ask for."""
    return str(path) in _FORMATTED


def post_of(row: Row) -> str:
    """The id of the post that a row of any config belongs to; a revision names its post or its comment."""
    post_id: str = row["post_id"] if "post_id" in row else row["item_id"].partition("#")[0]
    return post_id
