"""Notes of the work folder that are believed only as they were written: a bit that flips, or another hand, makes them worthless."""

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec

_NoteT = TypeVar("_NoteT", bound=msgspec.Struct)


class Seal(msgspec.Struct, frozen=True):
    """The note beside a larger file: what that was made ``of``, and its SHA-256 in hex."""

    of: str
    sha256: str


def write_note(path: Path, note: msgspec.Struct) -> None:
    """Write a note in one step."""
    # Names of files may hold octets that are no text (PEP 383), which msgspec does not write.
    data = json.dumps(msgspec.to_builtins(note)).encode()
    draft = path.with_name(f"{path.name}.part")
    draft.write_bytes(f"{hashlib.sha256(data).hexdigest()}\n".encode() + data)
    draft.replace(path)


def read_note(path: Path, kind: type[_NoteT]) -> _NoteT | None:
    """The note at ``path``; None where there is none as it was written."""
    with suppress(OSError, ValueError, msgspec.MsgspecError):
        digest, _, data = path.read_bytes().partition(b"\n")
        if digest == hashlib.sha256(data).hexdigest().encode():
            return msgspec.convert(json.loads(data), kind)
    return None


def seal(path: Path, of: str) -> None:
    """Note beside a file that it is whole, and what it was made of."""
    write_note(_seal_of(path), Seal(of, digest_of(path)))


def is_sealed(path: Path, of: str) -> bool:
    """Whether a file was made of this, and is as it was when it was sealed."""
    note = read_note(_seal_of(path), Seal)
    return note is not None and note.of == of and path.is_file() and digest_of(path) == note.sha256


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _seal_of(path: Path) -> Path:
    return path.with_suffix(".json")
