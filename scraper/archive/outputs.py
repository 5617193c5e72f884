"""outputs.jsonl: which files and folders were written out of an archive, so that a takedown can name those that still hold something.

One line of JSON an output, only ever appended to, without the archive's lock: an output may be made while another run holds that. A
line is written by one ``write`` to a file that is open for appending, so lines of several processes do not mix.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from scraper.archive.files import OUTPUTS_FILE

OutputKind = Literal[
    "dataset", "merged", "extracted", "csv", "jsonl", "convokit", "wacz", "reader", "private-reader", "report"
]


@dataclass(frozen=True, slots=True)
class Output:
    """A file or folder at an absolute ``path``; ``kind`` is the form in which it holds what the archive has."""

    kind: OutputKind
    path: Path

    @property
    def is_there(self) -> bool:
        """Whether something is at its place, or may be: one that cannot be looked into counts as if."""
        try:
            return self.path.exists()
        except OSError:
            return True

    @property
    def work_folder(self) -> Path | None:
        """The folder beside it that keeps what was read for it; None where it has none."""
        return work_folder_of(self.path) if self.kind == "extracted" else None


@dataclass(frozen=True, slots=True)
class Origin:
    """What a dataset was when it was written, and where its rows come from.

    ``manifest`` is the SHA-256 of its manifest as hex, ``archives`` are the absolute paths of all archives that had a part in it.
    """

    manifest: str
    archives: tuple[Path, ...]


def work_folder_of(dataset: Path) -> Path:
    """Where an extraction keeps what it reads for a dataset."""
    dataset = dataset.resolve()
    return dataset.parent / f"{dataset.name}.work"


def remember(archive: Path, output: Output, origin: Origin | None = None) -> bool:
    """Note an output; False where the archive cannot be written, so that its owner can be told that it will not be named.

    An output that is noted already, with the same ``origin``, is not noted again.
    """
    absolute = Output(output.kind, output.path.absolute())
    if absolute in outputs_of(archive) and (origin is None or origin_of(archive, absolute.path) == origin):
        return True
    fields: dict[str, object] = {"kind": absolute.kind, "path": os.fsdecode(absolute.path)}
    if origin is not None:
        fields |= {"manifest": origin.manifest, "archives": [os.fsdecode(each) for each in origin.archives]}
    with suppress(OSError):
        return _append(archive / OUTPUTS_FILE, f"{json.dumps(fields)}\n".encode())
    return False


def outputs_of(archive: Path) -> tuple[Output, ...]:
    """The outputs that were noted, in that order, whether or not they are still there; what cannot be understood is passed over."""
    return tuple(dict.fromkeys(output for output, _ in _noted(archive)))


def origin_of(archive: Path, path: Path) -> Origin | None:
    """The origin of the dataset that was last written to ``path``, as the archive noted it; None where it noted none."""
    origins = [origin for output, origin in _noted(archive) if output.path.resolve() == path.resolve()]
    return origins[-1] if origins else None


def kind_at(archive: Path, path: Path) -> OutputKind | None:
    """What the dataset is that was last written to ``path``, as the archive noted it; None where it noted none."""
    kinds = [
        output.kind
        for output, origin in _noted(archive)
        if origin and output.path.resolve() == path.resolve()
    ]
    return kinds[-1] if kinds else None


def origins_of(archive: Path, path: Path) -> tuple[Origin, ...]:
    """The origins of all datasets that were written to ``path``, in that order."""
    return tuple(
        origin for output, origin in _noted(archive) if origin and output.path.resolve() == path.resolve()
    )


def _noted(archive: Path) -> Iterator[tuple[Output, Origin | None]]:
    try:
        lines = (archive / OUTPUTS_FILE).read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        if noted := _parsed(line):
            yield noted


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


def _parsed(line: bytes) -> tuple[Output, Origin | None] | None:
    try:
        fields = json.loads(line)
        kind, path = fields["kind"], Path(fields["path"])
        archives = tuple(map(Path, fields.get("archives", ())))
        origin = Origin(str(fields["manifest"]), archives) if "manifest" in fields else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return (Output(kind, path), origin) if kind in get_args(OutputKind) else None
