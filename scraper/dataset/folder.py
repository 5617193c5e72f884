"""The dataset folder as a whole: whether it is ours to replace, and its replacement in one step.

A new dataset is built in a folder beside the target and then exchanged with it, so that at every moment the
target holds the old dataset or the new one, whole. What is not of our making is never replaced.
"""

import ctypes
import errno
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

from scraper.dataset.layout import CARD, is_data_file, is_formatted_file, is_metadata_file
from scraper.errors import StopError, UsageError

_SEAL: Final = re.compile(r"<!-- Made by postkeep; changes here are lost. sha256:([0-9a-f]{64}) -->\n")
_PREVIOUS: Final = "previous"
_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
_CANNOT_EXCHANGE: Final = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP}


def sealed(card: str) -> str:
    """The card with a last line by which it is known again as ours and unchanged."""
    return f"{card}<!-- Made by postkeep; changes here are lost. sha256:{_digest(card)} -->\n"


@contextmanager
def replacing(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Gives an empty folder to build in and one for scratch; on success the first takes the place of ``folder``.

    On an error ``folder`` stays as it was. What an interrupted export left beside it is cleaned up.

    Raises:
        UsageError: ``folder`` cannot be replaced, or holds something that an export did not write.
        StopError: the disk refused.
    """
    folder = folder.resolve()
    try:
        with _desk(folder) as desk:
            built, scratch = desk / "built", desk / "scratch"
            built.mkdir()
            scratch.mkdir()
            yield built, scratch
            _sync(built)
            refuse_foreign(folder)
            _exchange(folder, built, desk / _PREVIOUS)
    except OSError as error:
        message = (
            f"The dataset could not be written to {folder}: {error}. What stood there is unchanged. "
            f"Make room or grant the right to write there, or export to another folder."
        )
        raise StopError(message) from error


@contextmanager
def _desk(folder: Path) -> Iterator[Path]:
    """A folder to work in, beside the target and so on the same disk; what an interrupted export left is undone."""
    desk = _desk_of(folder)
    _recover(folder, desk / _PREVIOUS)
    refuse_foreign(folder)
    shutil.rmtree(desk, ignore_errors=True)
    desk.mkdir(parents=True)
    try:
        yield desk
    finally:
        _recover(folder, desk / _PREVIOUS)
        shutil.rmtree(desk, ignore_errors=True)


def forget_half_made(folder: Path) -> None:
    """Remove what a run that was killed left beside a dataset while it wrote that. The caller sees to it that none is at work.

    Raises:
        OSError: it cannot be removed.
    """
    folder = folder.resolve()
    desk = _desk_of(folder)
    _recover(folder, desk / _PREVIOUS)
    if desk.exists():
        shutil.rmtree(desk)


def _desk_of(folder: Path) -> Path:
    return folder.parent / f".{folder.name}.postkeep"


def refuse_foreign(folder: Path) -> None:
    """Leave what is not ours alone.

    Raises:
        UsageError: ``folder`` cannot be replaced, or holds something that an export did not write.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file. Name a folder for the dataset.")
    if folder.is_mount() or Path.cwd().is_relative_to(folder):
        message = (
            f"{folder} is a mount point or the folder you stand in, which cannot be replaced as a whole. "
            f"Export to a folder inside it, such as {folder / 'dataset'}."
        )
        raise UsageError(message)
    foreign = sorted(_foreign(folder))
    if foreign:
        shown = ", ".join(foreign[:5]) + (f" and {len(foreign) - 5} more" if len(foreign) > 5 else "")
        message = (
            f"{folder} holds what no export wrote: {shown}. Nothing was touched. "
            f"Move it away, or export to another folder."
        )
        raise UsageError(message)


def _foreign(folder: Path) -> Iterator[str]:
    """What stands in the folder that an export would not have written; all of it where the card is not ours."""
    files = [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
    ours = _is_sealed(folder / CARD)
    for path in files:
        name = PurePosixPath(path.relative_to(folder).as_posix())
        has_place = is_metadata_file(name) or is_data_file(name) or is_formatted_file(name)
        if not ours and name == PurePosixPath(CARD):
            yield f"{name} (changed since an export wrote it, or never written by one)"
        elif path.is_symlink() or not ours or not has_place:
            yield str(name)


def _is_sealed(card: Path) -> bool:
    try:
        text = card.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return False
    body, _, last = text.removesuffix("\n").rpartition("\n")
    seal = _SEAL.fullmatch(last + "\n")
    return seal is not None and seal[1] == _digest(body + "\n")


def _digest(card: str) -> str:
    return hashlib.sha256(card.encode()).hexdigest()


def _recover(folder: Path, previous: Path) -> None:
    """Undo half an exchange, where one was interrupted on a system that cannot exchange in one step."""
    if previous.exists() and not folder.exists():
        previous.rename(folder)


def _exchange(folder: Path, built: Path, previous: Path) -> None:
    if not folder.exists():
        built.rename(folder)
    elif not _exchange_at_once(folder, built):
        folder.rename(previous)
        built.rename(folder)


def _exchange_at_once(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where the system cannot (Linux can: renameat2(2))."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    paths = os.fsencode(one), os.fsencode(other)
    if libc.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), str(one))


def _sync(folder: Path) -> None:
    """See all below the folder onto the disk, so that a power cut after the exchange finds it there."""
    for path in [folder, *folder.rglob("*")]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
