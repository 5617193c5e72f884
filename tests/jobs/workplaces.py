"""Workplaces for tests: an archive folder, the replica as the network, and pages read in the test's own process."""

import sqlite3
from dataclasses import replace
from io import FileIO
from pathlib import Path
from typing import Final

from scraper.archive.disk import Disk
from scraper.jobs.init import init
from scraper.jobs.workplace import Workplace
from scraper.model.stores import Clock
from scraper.settings import HostSettings, Settings
from tests.fixtures.reading import shared_reading
from tests.replica.routes import HOSTS
from tests.replica.server import Replica

UNHURRIED: Final = HostSettings(delay=0.0)
SETTINGS: Final = Settings(
    names="named",
    contact="test@example.org",
    host=dict.fromkeys(HOSTS, UNHURRIED),
)
KEY: Final = bytes(range(32))


class VolatileDisk(Disk):
    """A disk for tests of many runs that none of them cuts off: nothing waits for the medium."""

    def sync(self, file: FileIO) -> None:
        pass

    def sync_folder(self, folder: Path) -> None:
        pass

    def commit(self, connection: sqlite3.Connection) -> None:
        super().commit(connection)
        connection.execute("PRAGMA synchronous = OFF")


def workplace_at(
    folder: Path, clock: Clock, replica: Replica | None = None, disk: Disk | None = None
) -> Workplace:
    """An archive folder as ``postkeep init`` makes it, with a known pseudonym key."""
    if not folder.exists():
        init(folder, "test@example.org")
        key = folder / "pseudonym.key"
        key.touch(mode=0o600)
        key.write_bytes(KEY)
    workplace = shared_reading(Workplace(folder, SETTINGS, clock, disk=disk or Disk()))
    return replace(workplace, network=replica.network) if replica else workplace
