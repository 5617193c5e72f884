"""The dataset in a format that other tools ask for, beside Parquet: the same rows, in files that a README beside them explains.

As with Parquet, the bytes depend on the rows, the card's context and the version of postkeep alone.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from scraper.dataset.context import CardContext
from scraper.dataset.convokit import ConvoKitCorpus
from scraper.dataset.csv_files import CsvFiles
from scraper.dataset.features import type_name
from scraper.dataset.figures import Figures, Tally
from scraper.dataset.folder import sealed
from scraper.dataset.json_lines import JsonLines
from scraper.dataset.layout import CARD, MANIFEST
from scraper.dataset.readme import readme
from scraper.records.contract import Contract
from scraper.records.history import PostRows

Format = Literal["csv", "jsonl", "convokit"]
_Writer: TypeAlias = CsvFiles | JsonLines | ConvoKitCorpus


@dataclass(frozen=True, slots=True)
class FormattedFile:
    """One file: the SHA-256 of its bytes as hex, and its size in bytes."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Formatted:
    """The rows of a dataset in a format, written. ``contract`` has the columns of this form, ``remarks`` are sentences for whoever asked for it."""

    format: Format
    contract: Contract
    with_text: bool
    figures: Figures
    files: Mapping[str, FormattedFile]
    remarks: tuple[str, ...]


def write_formatted(
    posts: Iterable[PostRows],
    folder: Path,
    scratch: Path,
    *,
    format: Format,  # noqa: A002 - the word of the option
    contract: Contract,
    with_text: bool,
) -> Formatted:
    """Write the data files of ``posts``, given by ``post_id``, into an empty folder; ``scratch`` is another."""
    formed = contract if with_text else contract.without_content()
    tally = Tally()
    with _writer(format, formed, folder, scratch) as writer:
        for post in posts:
            for config in formed.configs:
                for row in post.of(config):
                    tally.see(config, row)
            writer.add(post)
        remarks = writer.finish()
    files = {path.name: _file(path) for path in sorted(folder.iterdir())}
    return Formatted(format, formed, with_text, tally.figures(), files, remarks)


def describe_formatted(folder: Path, data: Formatted, card: CardContext) -> None:
    """Write the files that describe the data in a folder: the manifest, and a README that says what it is and how it is read."""
    (folder / MANIFEST).write_text(_manifest(data, card), encoding="utf-8", newline="\n")
    text = readme(data.format, data.contract, data.figures, card, with_text=data.with_text)
    (folder / CARD).write_text(sealed(text), encoding="utf-8", newline="\n")


def _writer(data_format: Format, contract: Contract, folder: Path, scratch: Path) -> _Writer:
    match data_format:
        case "csv":
            return CsvFiles(contract, folder)
        case "jsonl":
            return JsonLines(contract, folder)
        case "convokit":
            return ConvoKitCorpus(contract, folder, scratch)


def _file(path: Path) -> FormattedFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FormattedFile(digest, path.stat().st_size)


def _manifest(data: Formatted, card: CardContext) -> str:
    columns = {
        config: {column.name: type_name(column) for column in data.contract.columns(config)}
        for config in data.contract.configs
    }
    fields: dict[str, Any] = {
        "format": data.format,
        "software": card.software,
        "schema_version": data.contract.version,
        "schema_digest": data.contract.digest,
        "with_text": data.with_text,
        "rows": {config: data.figures.rows.get(config, 0) for config in data.contract.configs},
        "files": {name: asdict(file) for name, file in data.files.items()},
        "columns": columns,
        "takedowns": card.takedowns,
    }
    return json.dumps(fields, ensure_ascii=False, indent=2) + "\n"
