"""Records of an archive as one WACZ 1.1.1 file (https://specs.webrecorder.net/wacz/1.1.1/), written in one pass and in flat memory.

No time of writing stands in it: the same records give the same bytes.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Final, Protocol

from scraper.archive.cdxj import INDEX_FILE, CaptureIndex, timestamp
from scraper.archive.read import ArchiveReader
from scraper.archive.replay import is_capture
from scraper.archive.warc import WarcRecord, unbracketed
from scraper.errors import ArchiveDamagedError

WACZ_VERSION: Final = "1.1.1"
SUFFIX: Final = ".wacz"
DATAPACKAGE: Final = "datapackage.json"
# No file in it comes near the 2 GiB from which ZIP64 has fields in the header of a file: a part of an archive is half as large. Where the
# header has these and the directory at the end does not, ReplayWeb.page looks for the file in the wrong place.
_BEGINNING: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Page:
    """What a reader begins at: a capture of ``url``, made ``at``, under a title."""

    url: str
    at: datetime
    title: str


@dataclass(frozen=True, slots=True)
class About:
    """What the package says of itself; ``description`` is Markdown."""

    title: str
    description: str
    software: str


@dataclass(slots=True)
class Packed:
    """What a package holds: its ``captures``, how many of them are ``pages``, and the records that could not be read."""

    captures: int = 0
    pages: int = 0
    damaged: list[ArchiveDamagedError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Resource:
    """One file of the package, as datapackage.json lists it."""

    name: str
    path: str
    hash: str
    bytes: int


class Choice(Protocol):
    """Which records of an archive are packed, and which of them are pages."""

    def takes(self, record: WarcRecord, request: WarcRecord | None) -> bool:
        """Whether a record is packed, with the ``request`` that it answers where that is kept."""

    def page(self, record: WarcRecord) -> Page | None:
        """The page that a packed capture is; None where a reader does not begin there."""


def write_wacz(path: Path, scratch: Path, archive: ArchiveReader, choice: Choice, about: About) -> Packed:
    """Write the package of the chosen records to a new file; ``scratch`` is a folder for what is sorted meanwhile.

    A record that cannot be read is left out and told of. The WARC files keep their names, and so does what opens them.
    """
    packed = Packed()
    with (
        CaptureIndex(scratch) as index,
        (scratch / "pages.jsonl").open("w+", encoding="utf-8", newline="\n") as pages,
        zipfile.ZipFile(path, "x", zipfile.ZIP_STORED, strict_timestamps=False) as package,
    ):
        resources: list[_Resource] = []
        first: Page | None = None
        pages.write(_line({"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}))
        for file in archive.files():
            warc = _WarcFile(package, file)
            for record, members in _groups(archive.records_of(file), choice, packed):
                at, length = warc.add(members)
                index.add(record, file, at, length)
                packed.captures += is_capture(record)
                page = choice.page(record)
                if page is not None:
                    first = first or page
                    packed.pages += 1
                    pages.write(_page_line(page))
            resources += warc.finish()
        resources = resources or list(_bare(package, archive))
        resources += _index_files(package, index)
        pages.seek(0)
        resources.append(_written(package, "pages/pages.jsonl", (line.encode() for line in pages)))
        _describe(package, resources, about, first)
    return packed


def is_wacz_of_ours(path: Path) -> bool:
    """Whether a file is a WACZ that postkeep wrote."""
    try:
        with zipfile.ZipFile(path) as package, package.open(DATAPACKAGE) as file:
            software = json.load(file)["software"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError, zipfile.BadZipFile):
        return False
    return isinstance(software, str) and software.startswith("postkeep ")


def _groups(
    records: Iterable[tuple[WarcRecord, bytes] | ArchiveDamagedError], choice: Choice, packed: Packed
) -> Iterator[tuple[WarcRecord, list[bytes]]]:
    """The chosen records of a WARC file, each with the members to write: its own last, before it its request, before the first one what opens the file."""
    opening: list[bytes] = []
    request: tuple[WarcRecord, bytes] | None = None
    for each in records:
        if isinstance(each, ArchiveDamagedError):
            packed.damaged.append(each)
            request = None
            continue
        record, member = each
        if record.type == "warcinfo":
            opening = [member]
        elif record.type == "request":
            request = each
        else:
            asked = request if request and _is_of(request[0], record) else None
            if choice.takes(record, asked[0] if asked else None):
                yield record, [*opening, *([asked[1]] if asked else []), member]
                opening = []
            request = None


def _bare(package: zipfile.ZipFile, archive: ArchiveReader) -> Iterator[_Resource]:
    """A WARC file with what opens it and nothing else, for a package in which there must be one."""
    for file in archive.files()[:1]:
        for each in islice(archive.records_of(file), 1):
            if not isinstance(each, ArchiveDamagedError):
                warc = _WarcFile(package, file)
                warc.add([each[1]])
                yield from warc.finish()


def _is_of(request: WarcRecord, record: WarcRecord) -> bool:
    return unbracketed(request.get("WARC-Concurrent-To") or "") == record.record_id


class _WarcFile:
    """A WARC file of the package, while it is written; it begins with the first record that goes into it."""

    def __init__(self, package: zipfile.ZipFile, name: str) -> None:
        self._package = package
        self._path = f"archive/{name}"
        self._file: IO[bytes] | None = None
        self._digest = hashlib.sha256()
        self._size = 0

    def add(self, members: Sequence[bytes]) -> tuple[int, int]:
        """Write the members of a group; gives where the last of them lies, and how long it is."""
        if self._file is None:
            self._file = self._package.open(_entry(self._path), "w")
        for member in members:
            self._file.write(member)
            self._digest.update(member)
            self._size += len(member)
        return self._size - len(members[-1]), len(members[-1])

    def finish(self) -> list[_Resource]:
        """Close the file; gives what there is to list of it."""
        if self._file is None:
            return []
        self._file.close()
        return [_resource(self._path, self._digest.hexdigest(), self._size)]


def _index_files(package: zipfile.ZipFile, index: CaptureIndex) -> list[_Resource]:
    entries: list[str] = [f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': INDEX_FILE})}\n"]

    def blocks() -> Iterator[bytes]:
        for block in index.blocks():
            entries.append(block.entry)
            yield block.data

    data = _written(package, f"indexes/{INDEX_FILE}", blocks())
    return [data, _written(package, "indexes/index.idx", (entry.encode() for entry in entries))]


def _describe(
    package: zipfile.ZipFile, resources: Iterable[_Resource], about: About, first: Page | None
) -> None:
    fields = {
        "profile": "data-package",
        "wacz_version": WACZ_VERSION,
        **asdict(about),
        **({"mainPageUrl": first.url, "mainPageDate": _second(first.at)} if first else {}),
        "resources": [asdict(resource) for resource in resources],
    }
    text = json.dumps(fields, ensure_ascii=False, indent=2).encode()
    package.writestr(_entry(DATAPACKAGE), text)
    digest = {"path": DATAPACKAGE, "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"}
    package.writestr(_entry("datapackage-digest.json"), json.dumps(digest, indent=2))


def _written(package: zipfile.ZipFile, path: str, pieces: Iterable[bytes]) -> _Resource:
    digest, size = hashlib.sha256(), 0
    with package.open(_entry(path), "w") as file:
        for piece in pieces:
            file.write(piece)
            digest.update(piece)
            size += len(piece)
    return _resource(path, digest.hexdigest(), size)


def _resource(path: str, digest: str, size: int) -> _Resource:
    return _Resource(path.rpartition("/")[2], path, f"sha256:{digest}", size)


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _BEGINNING)
    entry.external_attr = 0o600 << 16
    entry.create_system = 3
    return entry


def _page_line(page: Page) -> str:
    page_id = hashlib.sha256(f"{timestamp(page.at)} {page.url}".encode()).hexdigest()[:16]
    return _line({"id": page_id, "url": page.url, "ts": _second(page.at), "title": page.title})


def _second(at: datetime) -> str:
    """A time to the second, as replay tools compare it with the index."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _line(fields: Mapping[str, str]) -> str:
    return json.dumps(fields, ensure_ascii=False) + "\n"
