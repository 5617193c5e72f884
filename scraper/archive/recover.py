"""What a run does first: put right what a crash of the one before left behind."""

from datetime import datetime
from pathlib import Path

from scraper.archive.disk import Disk, explained
from scraper.archive.files import WARC_FOLDER, left_open, open_path
from scraper.archive.index import Index
from scraper.archive.ledger import complete_ledger
from scraper.archive.members import whole_groups
from scraper.archive.state import State
from scraper.archive.stores import SqlitePaceStore
from scraper.archive.write import close_file


def recover(archive: Path, state: State, disk: Disk, now: datetime) -> None:
    """Put right what a crash left behind: files left open, ledger lines, and what hosts are owed after it.

    Stopped anywhere, it can simply be run again.

    Raises:
        StopError: the medium refused.
    """
    close_leftovers(archive, state, disk)
    with state.transaction():
        if complete_ledger(archive, state, disk):
            SqlitePaceStore(state).assume_asked(now)


def close_leftovers(archive: Path, state: State, disk: Disk) -> None:
    """Close every file that was left open.

    Whole groups behind the last committed offset are indexed first, so nothing that was whole is lost; a torn
    tail is cut. Stopped anywhere, it can simply be run again.

    Raises:
        StopError: the medium refused.
    """
    for name in left_open(archive):
        path = open_path(archive, name)
        end = _index_whole(path, name, state)
        with explained(path):
            if end == 0:
                disk.remove(path)
                disk.sync_folder(archive / WARC_FOLDER)
                continue
            if end < path.stat().st_size:
                disk.truncate(path, end)
        close_file(archive, name, disk)


def _index_whole(path: Path, name: str, state: State) -> int:
    """Index the whole groups behind the committed offset; the offset after the last of them."""
    index = Index(state)
    end = index.committed(name)
    with state.transaction():
        for group in whole_groups(path, end):
            for member in group:
                index.add(name, member)
            end = group[-1].end
    return end
