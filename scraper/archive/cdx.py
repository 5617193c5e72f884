"""Indexes of WARC files, line by line: CDX in any order of its fields, CDXJ, and what leads to parts of a compressed index.

Sources: https://iipc.github.io/warc-specifications/specifications/cdx-format/cdx-2015/ (the letters of the fields are those of
https://archive.org/web/researcher/cdx_legend.php), https://specs.webrecorder.net/cdxj/0.1.0/, and the ``cluster.idx`` of pywb and of
Common Crawl.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import msgspec

from scraper.archive.cdxj import plain_key

_HEADER: Final = re.compile(r"(?P<delimiter>[^A-Za-z0-9])?CDX(?P<letters>(?:[^A-Za-z0-9][A-Za-z])+)\s*\Z")
# The orders of lines that have no header over them, by how many fields there are.
_USUAL: Final = {len(letters): letters for letters in ("NbamskrVg", "NbamskrMVg", "NbamskrMSVg")}
_CDXJ: Final = re.compile(r"(\S+)[ \t]+(\d{4,17})[ \t]+(\{.*)", re.DOTALL)
_CLUSTER: Final = re.compile(r"(\S+) (\d{1,17})\t([^\t]+)\t(\d{1,18})\t(\d{1,18})(?:\t.*)?")
_NUMBER: Final = re.compile(r"\d{1,18}")
_STATUS: Final = re.compile(r"[1-9]\d\d")
_TIME: Final = re.compile(r"(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?\d*")
_LEAST: Final = (1, 1, 1, 0, 0, 0)
_WWW: Final = re.compile(r"\Awww\d*\.")
_NOTHING: Final = frozenset({"", "-"})
_INDEX_NAME: Final = re.compile(r"(?:\.cdxj?|\.idx)(?:\.gz)?\Z|(?:\A|/)cdx-\d+\.gz\Z", re.IGNORECASE)
REVISIT: Final = "warc/revisit"


@dataclass(frozen=True, slots=True)
class IndexedRecord:
    """One capture of an index. ``url`` is its URL, or, where the index has no more, ``key``, under which it is sorted.

    ``media_types`` is what the server said it is and what it was found to be, as far as the index has them. ``length`` is None where the
    index does not say it. ``offset`` and ``length`` are bytes of ``file``, as it lies there.
    """

    key: str
    url: str
    at: datetime | None
    status: int | None
    media_types: tuple[str, ...]
    digest: str
    file: str
    offset: int
    length: int | None

    @property
    def is_revisit(self) -> bool:
        """Whether the record has no payload of its own."""
        return REVISIT in self.media_types


@dataclass(frozen=True, slots=True)
class IndexBlock:
    """A stretch of a compressed index, of which the first line has this key."""

    key: str
    file: str
    offset: int
    length: int


def _any_key(_: str) -> bool:
    return True


class CdxLines:
    """Reads the lines of one index in turn: a header says how those behind it are to be read.

    Lines that begin with a key which is not ``wanted`` are passed over without a further look; ``passed_over`` counts them.
    """

    def __init__(self, wanted: Callable[[str], bool] = _any_key) -> None:
        self.passed_over = 0
        self._wanted = wanted
        self._letters: str | None = None
        self._delimiter = " "

    def read(self, line: str) -> IndexedRecord | IndexBlock | None:
        """What a line says; None for one that says nothing of a capture.

        Raises:
            ValueError: it is no line of an index; the message says why.
        """
        text = line.rstrip("\r\n")
        if not text or text.startswith(("!", "#")) or text.isspace():
            return None
        if "CDX" in text[:4] and (header := _HEADER.match(text)):
            letters = header["letters"]
            self._letters, self._delimiter = letters[1::2], letters[0]
            return None
        if match := _CLUSTER.fullmatch(text):
            return IndexBlock(match[1], match[3], int(match[4]), int(match[5]))
        if text.startswith("{"):
            fields = _object(text)
            return _of_fields(str(fields.get("urlkey") or ""), str(fields.get("timestamp") or ""), fields)
        key, parted, _ = text.partition(self._delimiter)
        if parted and (self._letters or "N").startswith("N") and not self._wanted(key):
            self.passed_over += 1
            return None
        if match := _CDXJ.fullmatch(text):
            return _of_fields(match[1], match[2], _object(match[3]))
        return self._of_letters(text)

    def _of_letters(self, text: str) -> IndexedRecord:
        values = text.split(self._delimiter) if self._letters else text.split()
        letters = self._letters or _USUAL.get(len(values), "")
        if len(values) != len(letters):
            raise ValueError(f"it has {len(values)} fields, where {len(letters) or '9 to 11'} are due")
        fields = dict(zip(letters, values, strict=True))
        offset = fields.get("V", "-")
        return _record(
            key=fields.get("N") or fields.get("A") or "",
            url=fields.get("a") or "",
            time=fields.get("b") or "",
            fields={
                "mime": fields.get("m"),
                "status": fields.get("s"),
                "digest": fields.get("k") or fields.get("c"),
                "filename": fields.get("g"),
                "offset": fields.get("v") if offset in _NOTHING else offset,
                "length": fields.get("S"),
            },
        )


def is_index_name(name: str) -> bool:
    """Whether a file of this name is an index."""
    return _INDEX_NAME.search(name) is not None


def host_of_key(key: str) -> str | None:
    """The host that a key begins with (``com,example)/path`` or ``example.com/path``), www aside; None where none can be told."""
    end = key.find(")")
    return _host_of(key[: end + 1] if end >= 0 else key.partition("/")[0])


@lru_cache(maxsize=4096)
def _host_of(beginning: str) -> str | None:
    plain = plain_key(beginning)
    turned, closed, _ = plain.partition(")")
    if closed and "/" not in turned:
        return ".".join(reversed(turned.partition(":")[0].split(","))) or None
    host = plain.partition("/")[0].partition(":")[0]
    return plain_host(host) if "." in host else None


def plain_host(host: str) -> str:
    """A host as keys have it: in small letters, and without www."""
    return _WWW.sub("", host.lower())


def _object(text: str) -> Mapping[str, Any]:
    try:
        fields = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(f"what it says is no JSON ({error})") from error
    if not isinstance(fields, dict):
        raise ValueError("what it says is no JSON object")  # noqa: TRY004 - it is a line that is wrong
    return fields


def _of_fields(key: str, time: str, fields: Mapping[str, Any]) -> IndexedRecord | IndexBlock:
    file = str(fields.get("filename") or "")
    if "url" not in fields and "status" not in fields and is_index_name(file):
        offset, length = _number(fields.get("offset")), _number(fields.get("length"))
        if offset is None or length is None:
            raise ValueError("it does not say where its part of the index lies")
        return IndexBlock(key, file, offset, length)
    return _record(key, str(fields.get("url") or fields.get("original") or ""), time, fields)


def _record(key: str, url: str, time: str, fields: Mapping[str, Any]) -> IndexedRecord:
    offset = _number(fields.get("offset"))
    file = str(fields.get("filename") or "")
    if offset is None or file in _NOTHING:
        raise ValueError("it does not say in which file and where the capture lies")
    if url in _NOTHING and key in _NOTHING:
        raise ValueError("it does not say of which URL the capture is")
    at = _time(time)
    if at is None:
        raise ValueError("it does not say when the capture was made")
    stated = fields.get("status") or fields.get("statuscode")
    types = (str(fields.get(name) or "").lower() for name in ("mime", "mime-detected", "mimetype"))
    status = str(stated)
    return IndexedRecord(
        key=key,
        url=key if url in _NOTHING else url,
        at=at,
        status=int(status) if _STATUS.fullmatch(status) else None,
        media_types=tuple(dict.fromkeys(each for each in types if each not in _NOTHING)),
        digest=str(fields.get("digest") or ""),
        file=file,
        offset=offset,
        length=_number(fields.get("length")) or None,
    )


def _number(stated: object) -> int | None:
    text = str(stated)
    return int(text) if _NUMBER.fullmatch(text) else None


def _time(digits: str) -> datetime | None:
    match = _TIME.fullmatch(digits)
    if match is None:
        return None
    year, month, day, hour, minute, second = (
        int(part or least) for part, least in zip(match.groups(), _LEAST, strict=True)
    )
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
