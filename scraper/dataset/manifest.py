"""manifest.json: which files an export has, what they hold, and digests by which two exports can be compared."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import msgspec
import pyarrow.parquet as pq

from scraper.dataset.context import CardContext
from scraper.dataset.features import projected, without_counts
from scraper.dataset.layout import MANIFEST, is_data_file
from scraper.errors import UsageError
from scraper.records.contract import Column, Row

MANIFEST_VERSION: Final = 1
_OTHER_FORMAT: Final = (
    "This folder holds the dataset in another format. Name one that `postkeep export` wrote without --format."
)


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One Parquet file: the SHA-256 of its bytes as hex, its size in bytes, its number of rows."""

    sha256: str
    bytes: int
    rows: int


@dataclass(frozen=True, slots=True)
class ConfigEntry:
    """One config: its rows and its files by path, relative to the dataset folder.

    ``digest`` (``sha256:<hex>``) is over the files: the lines that ``sha256sum`` prints for them in the config's
    folder. ``steady_digest`` is over the rows in their order without the columns that hold counts, whatever files
    they lie in: where it stayed and ``digest`` did not, only counts moved (or the software wrote the rows otherwise).
    """

    rows: int
    files: Mapping[str, FileEntry]
    digest: str
    steady_digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an export holds. It has no time, so that the same rows give the same bytes.

    ``schema_digest`` is that of ``schema_version``: two exports of one version whose digests differ were made from
    different drafts of it. ``card`` is what the card was filled in with, so that it can be made again from the folder.
    ``configs`` are those of this form, in the order of the schema; one without rows has no files.
    """

    schema_version: str
    schema_digest: str
    with_text: bool
    card: CardContext
    configs: Mapping[str, ConfigEntry]

    @property
    def software(self) -> str:
        """What wrote the export, with its version."""
        return self.card.software

    @property
    def takedowns(self) -> frozenset[str]:
        """The keyed digests of the takedowns that the export honours."""
        return frozenset(self.card.takedowns)

    def text(self) -> str:
        """The file, as JSON."""
        fields = {"manifest_version": MANIFEST_VERSION, "software": "", **asdict(self)}
        fields |= {name: fields["card"].pop(name) for name in ("software", "takedowns")}
        return json.dumps(fields, ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def parse(cls, text: str) -> "Manifest":
        """The manifest that a text holds.

        Raises:
            UsageError: it is none, or a later postkeep wrote it.
        """
        try:
            fields = json.loads(text)
            if "format" in fields:
                raise UsageError(_OTHER_FORMAT)
            version = fields.pop("manifest_version")
            if version == MANIFEST_VERSION:
                configs = {str(name): _config(part) for name, part in fields.pop("configs").items()}
                ours = {"software": fields.pop("software"), "takedowns": fields.pop("takedowns")}
                card = CardContext.parse({**fields.pop("card"), **ours})
                return _checked(cls(**fields, card=card, configs=configs))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            message = f"This is no {MANIFEST} that an export wrote ({error}). Export the dataset again."
            raise UsageError(message) from error
        message = f"The {MANIFEST} has version {version}; this postkeep reads {MANIFEST_VERSION}. Use a newer postkeep."
        raise UsageError(message)

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """The manifest of a dataset folder.

        Raises:
            UsageError: the folder has none, or none that can be read.
        """
        try:
            text = (folder / MANIFEST).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            message = (
                f"{folder} has no {MANIFEST} that can be read. Name a folder that `postkeep export` wrote."
            )
            raise UsageError(message) from error
        return cls.parse(text)


def manifest_digest(folder: Path) -> str:
    """The SHA-256 of the manifest of a dataset folder, as hex: by it the folder is known again as it was written."""
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


class SteadyDigest:
    """The digest over the rows of a config in their order, of the columns that hold no counts."""

    def __init__(self, columns: Iterable[Column]) -> None:
        steady = without_counts(columns)
        self._plain = sorted(column.name for column in steady if not column.fields)
        self._structs = [column for column in steady if column.fields]
        self._total = hashlib.sha256()
        self._encode = msgspec.json.Encoder(order="sorted").encode

    def see(self, row: Row) -> None:
        """Take in one row."""
        self.take(self.line(row))

    def line(self, row: Row) -> bytes:
        """What stands for one row."""
        values = dict(zip(self._plain, map(row.__getitem__, self._plain), strict=True))
        for column in self._structs:
            values[column.name] = projected(row[column.name], column)
        if not values:
            return b""
        # The bytes are those of json.dumps(values, ensure_ascii=False, sort_keys=True), in a quarter of its time.
        return msgspec.json.format(self._encode(values), indent=0) + b"\n"

    def take(self, lines: bytes) -> None:
        """Take in what stands for the next rows."""
        self._total.update(lines)

    @property
    def text(self) -> str:
        """``sha256:<hex>`` over the rows so far."""
        return f"sha256:{self._total.hexdigest()}"


def config_entry(files: Mapping[str, FileEntry], steady_digest: str) -> ConfigEntry:
    """The entry of a config with these files, sorted, and this digest over its rows."""
    lines = "".join(f"{entry.sha256}  {PurePosixPath(name).name}\n" for name, entry in files.items())
    return ConfigEntry(
        rows=sum(entry.rows for entry in files.values()),
        files=files,
        digest=f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}",
        steady_digest=steady_digest,
    )


def file_entry(path: Path) -> FileEntry:
    """The entry of a Parquet file that was written."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FileEntry(digest, path.stat().st_size, pq.read_metadata(path).num_rows)


def _config(fields: Mapping[str, Any]) -> ConfigEntry:
    files = {name: FileEntry(**entry) for name, entry in fields["files"].items()}
    return ConfigEntry(**{**fields, "files": files})


def _checked(manifest: Manifest) -> Manifest:
    """The manifest, or ValueError where its values are not of their kinds: it may come from somebody else's Hub."""
    _are(str, manifest.software, manifest.schema_version, manifest.schema_digest, *manifest.takedowns)
    _are(bool, manifest.with_text)
    for config in manifest.configs.values():
        _are(int, config.rows)
        _are(str, config.digest, config.steady_digest)
        for name, entry in config.files.items():
            _are(str, entry.sha256)
            _are(int, entry.bytes, entry.rows)
            if not is_data_file(PurePosixPath(name)):
                raise ValueError(f"{name} is no place of a data file")
    return manifest


def _are(kind: type, *values: object) -> None:
    for value in values:
        if type(value) is not kind:
            raise TypeError(f"{value!r} is not of type {kind.__name__}")
