"""A search through every byte of an archive that shares no code with the takedown: nothing may be found."""

import gzip
import html
import json
import re
import sqlite3
import unicodedata
import zlib
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

import pyarrow.parquet as pq
import zstandard
from warcio.archiveiterator import ArchiveIterator


def spellings(text: str) -> dict[str, bytes]:
    """``text`` in each way that it is looked for, as bytes."""
    escaped = json.dumps(text)[1:-1]
    forms = {
        "plain": text,
        "nfd": unicodedata.normalize("NFD", text),
        "entities": html.escape(text),
        "decimal": "".join(f"&#{ord(character)};" for character in text),
        "hex": "".join(f"&#x{ord(character):x};" for character in text),
        "json": escaped,
        "json in json": json.dumps(escaped)[1:-1],
        "percent": quote(text),
    }
    found = {name: form.encode() for name, form in forms.items()}
    for codec in ("cp949", "utf-16-le", "utf-16-be"):
        found[codec] = text.encode(codec, "replace")
    for codec in ("utf-8", "utf-16"):
        found[f"base64 of {codec}"] = b64encode(text.encode(codec))[:-4]
    return found


def everything_in(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of the archive as it lies there, every record of its WARC files and every value packed in its databases."""
    for path in sorted(archive.rglob("*")):
        if not path.is_file() or path.name in {"pseudonym.key", "lock"}:
            continue
        yield path.name, path.read_bytes()
        if path.suffix == ".sqlite":
            yield from ((f"{path.name}, unpacked", plain) for plain in packed_in(path))
        if path.suffix == ".parquet":
            yield from ((f"{path.name}, column {column}", value) for column, value in values_in(path))
        if path.name.endswith((".warc.gz", ".warc.gz.open")):
            with path.open("rb") as stream:
                for record in ArchiveIterator(stream, no_record_parse=True):
                    where = (
                        f"{path.name}: {record.rec_type} {record.rec_headers.get_header('WARC-Record-ID')}"
                    )
                    head = str(record.rec_headers).encode()
                    block = record.raw_stream.read()
                    yield where, head + block
                    yield from ((f"{where}, decoded", plain) for plain in decoded(block))


def packed_in(database: Path) -> Iterator[bytes]:
    """The values in a database that are compressed, as they read without it."""
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in connection.execute(f"SELECT * FROM {table}"):
                for value in row:
                    if isinstance(value, bytes):
                        with suppress(zlib.error):
                            yield zlib.decompress(value)
                        with suppress(zstandard.ZstdError):
                            yield zstandard.decompress(value)


def values_in(parquet: Path) -> Iterator[tuple[str, bytes]]:
    """The values of a Parquet file, with what is packed in them."""
    table = pq.read_table(parquet)
    for column in table.column_names:
        for value in table.column(column).to_pylist():
            if not isinstance(value, bytes):
                yield column, json.dumps(value, ensure_ascii=False, default=str).encode()
                continue
            yield column, value
            for packed in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", value):
                with suppress(zlib.error):
                    yield column, zlib.decompressobj().decompress(value[packed.start() :])
            for packed in re.finditer(rb"\x28\xb5\x2f\xfd", value):
                with suppress(zstandard.ZstdError):
                    yield (
                        column,
                        zstandard.ZstdDecompressor().decompressobj().decompress(value[packed.start() :]),
                    )


def decoded(block: bytes) -> Iterator[bytes]:
    """An HTTP block without its chunks and its content coding."""
    _, _, body = block.partition(b"\r\n\r\n")
    candidates = [body]
    if re.match(rb"[0-9a-fA-F]+\r\n", body):
        chunks, rest = [], body
        while (match := re.match(rb"([0-9a-fA-F]+)[^\r\n]*\r\n", rest)) and int(match[1], 16):
            size = int(match[1], 16)
            chunks.append(rest[match.end() : match.end() + size])
            rest = rest[match.end() + size + 2 :]
        candidates.append(b"".join(chunks))
    for candidate in candidates:
        for undo in (gzip.decompress, zlib.decompress, lambda data: zlib.decompress(data, -15)):
            try:
                yield undo(candidate)
            except (OSError, EOFError, zlib.error):
                continue


def places_of(archive: Path, *texts: str) -> list[str]:
    """Where any of ``texts`` stands in any spelling; markup and blanks within it aside."""
    looked_for = [(name, form) for text in texts for name, form in spellings(text).items()]
    found = []
    for where, octets in everything_in(archive):
        bare = re.sub(rb"<[^<>]*>", b"", octets)
        squeezed = re.sub(rb"\s+", b" ", bare)
        for name, form in looked_for:
            if form in octets or form in bare or form in squeezed:
                found.append(f"{where}: {name} of {form[:60]!r}")
    return found


def free_pages(database: Path) -> int:
    """How many pages of a database hold nothing any more."""
    with sqlite3.connect(database) as connection:
        (count,) = connection.execute("PRAGMA freelist_count").fetchone()
    return int(count)
