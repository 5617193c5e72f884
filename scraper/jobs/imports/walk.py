"""The files below a folder, in the order of their names; links to folders lead nowhere."""

import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from scraper.archive.files import is_archive
from scraper.jobs.imports.file_kind import unreadable
from scraper.jobs.imports.no_pages import (
    LINKED_FOLDERS,
    OWN,
    SPECIAL,
    page_stem,
    reason_against_file,
    reason_against_folder,
)
from scraper.jobs.imports.saved_page import NotTaken


@dataclass(frozen=True, slots=True)
class _Folder:
    path: Path


def files_below(root: Path, own: Collection[Path] = ()) -> Iterator[Path | NotTaken]:
    """The files below ``root`` that may hold pages, and what else is there with why it is none; so are files and folders of our ``own``.

    A folder that cannot be read is one problem, and costs nothing else. Names are sorted by their bytes, folder by folder.
    """
    open_folders = [_children(root, own)]
    while open_folders:
        child = next(open_folders[-1], None)
        if child is None:
            open_folders.pop()
        elif isinstance(child, _Folder):
            open_folders.append(_children(child.path, own))
        else:
            yield child


def is_folder(path: Path) -> bool:
    """Whether there is a folder at ``path``; what no file can be named is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _children(folder: Path, own: Collection[Path]) -> Iterator[Path | _Folder | NotTaken]:
    try:
        names = sorted((path.name for path in folder.iterdir()), key=os.fsencode)
    except OSError as error:
        yield NotTaken(str(folder), "failed", str(unreadable(folder, error)))
        return
    stems = {stem for name in names if (stem := page_stem(name))}
    for name in names:
        path = folder / name
        try:
            yield _child(path, name, stems, own)
        except OSError as error:
            yield NotTaken(str(path), "failed", str(unreadable(path, error)))


def _child(path: Path, name: str, stems: Collection[str], own: Collection[Path]) -> Path | _Folder | NotTaken:
    is_link = stat.S_ISLNK(path.lstat().st_mode)
    if is_link and not path.exists():
        return NotTaken(str(path), "failed", f"{path} is a link that leads nowhere.")
    mode = path.stat().st_mode
    is_folder = stat.S_ISDIR(mode)
    if is_folder:
        reason = reason_against_folder(name, stems)
    else:
        reason = reason_against_file(name) or (None if stat.S_ISREG(mode) else SPECIAL)
    if path.absolute() in own or (is_folder and is_archive(path)):
        reason = OWN
    elif reason is None and is_folder and is_link:
        reason = LINKED_FOLDERS
    if reason:
        return NotTaken(str(path), "skipped", reason)
    return _Folder(path) if is_folder else path
