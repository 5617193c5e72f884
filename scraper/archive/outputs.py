"""outputs.jsonl: which files and folders were written out of an archive, so that a takedown can name those that still hold something.

One line of JSON an output, only ever appended to, without the archive's lock: an output may be made while another run holds that. A
line is written by one ``write`` to a file that is open for appending, so lines of several processes do not mix.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from scraper.archive.files import OUTPUTS_FILE

OutputKind = Literal["dataset", "csv", "jsonl", "convokit", "wacz", "reader", "private-reader", "report"]


@dataclass(frozen=True, slots=True)
class Output:
    """A file or folder at an absolute ``path``; ``kind`` is the form in which it holds what the archive has."""

    kind: OutputKind
    path: Path


def remember(archive: Path, output: Output) -> bool:
    """Note an output; False where the archive cannot be written, so that its owner can be told that it will not be named.

    An output that is noted already is not noted again.
    """
    absolute = Output(output.kind, output.path.absolute())
    if absolute in outputs_of(archive):
        return True
    line = json.dumps({"kind": absolute.kind, "path": os.fsdecode(absolute.path)}) + "\n"
    with suppress(OSError):
        return _append(archive / OUTPUTS_FILE, line.encode())
    return False


def outputs_of(archive: Path) -> tuple[Output, ...]:
    """The outputs that were noted, in that order, whether or not they are still there; what cannot be understood is passed over."""
    try:
        lines = (archive / OUTPUTS_FILE).read_bytes().splitlines()
    except OSError:
        return ()
    return tuple(dict.fromkeys(output for line in lines if (output := _output(line))))


def _append(path: Path, line: bytes) -> bool:
    """Add a line, and force it to the medium; False where the medium took only a part of it."""
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        # A line that a crash or a full disk cut short must not take this one with it.
        whole = line if not size or os.pread(descriptor, 1, size - 1) == b"\n" else b"\n" + line
        written = os.write(descriptor, whole)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return written == len(whole)


def _output(line: bytes) -> Output | None:
    try:
        fields = json.loads(line)
        kind, path = fields["kind"], Path(fields["path"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return Output(kind, path) if kind in get_args(OutputKind) else None
