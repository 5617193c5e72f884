"""A Hub's store of the Xet kind: hf_xet itself chunks and deduplicates into a folder, as it does towards a server.

The folder keeps what a server would be told: chunks in xorbs, and in shards which chunks make a file. The layout of a shard is
that of xet-core's ``mdb_shard``: a header of 48 bytes, then files, each with a head and segments of 48 bytes, ended by a head of ones.
"""

import struct
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import hf_xet

_ENTRY: Final = 48
_HASH: Final = 32
_END: Final = b"\xff" * _HASH
_HAS_VERIFICATION: Final = 0x80000000
_HAS_METADATA: Final = 0x40000000
_LONG: Final = 86_400


class XetFolder:
    """What is stored, in a folder. ``url`` is where clients are sent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def url(self) -> str:
        return f"local://{self._folder}"

    def hash_of(self, sha256: str) -> str | None:
        """The Xet hash of a stored file; None where it is not there."""
        shards = (self._folder / "xet" / "xorbs" / "shards").glob("*.mdb")
        found = (xet for path in shards for xet, digest in _files(path.read_bytes()) if digest == sha256)
        return next(found, None)

    def content(self, xet_hash: str, size: int) -> bytes:
        """The bytes of a stored file, put together by hf_xet."""
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder, "file")
            with hf_xet.XetSession().new_file_download_group(
                endpoint=self.url, token="none", token_expiry_unix_secs=int(time.time()) + _LONG
            ) as group:
                group.start_download_file(hf_xet.XetFileInfo(xet_hash, size), str(target))
            return target.read_bytes()


def _files(shard: bytes) -> Iterator[tuple[str, str]]:
    """The Xet hash and the SHA-256 of each file of which a shard tells both."""
    at = _ENTRY
    while shard[at : at + _HASH] not in {_END, b""}:
        xet_hash, (flags, segments) = shard[at : at + _HASH], struct.unpack_from("<II", shard, at + _HASH)
        at += _ENTRY * (1 + segments * (2 if flags & _HAS_VERIFICATION else 1))
        if flags & _HAS_METADATA:
            yield _shown(xet_hash), _shown(shard[at : at + _HASH])
            at += _ENTRY


def _shown(octets: bytes) -> str:
    """A hash as hf_xet writes it: four little-endian numbers of 64 bits."""
    return "".join(f"{number:016x}" for number in struct.unpack("<4Q", octets))
