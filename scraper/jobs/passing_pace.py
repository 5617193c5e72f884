"""What hosts are owed by a command that keeps nothing of its requests."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

from scraper.archive.lock import Lock, is_writable
from scraper.archive.migrate import open_state_to_read
from scraper.archive.state import STATE_FILE
from scraper.archive.stores import SqlitePaceStore
from scraper.jobs.workplace import Workplace
from scraper.model.stores import HostPace, PaceStore


class PassingPace:
    """A PaceStore that ends with the command.

    Nothing tells when a host was asked before, by such a command a moment ago or from elsewhere; so each is owed its gap from
    ``began`` on, or more where ``known`` says so.
    """

    def __init__(self, known: PaceStore | None, began: datetime) -> None:
        self._known = known
        self._began = began
        self._pace: dict[str, HostPace] = {}

    def get_pace(self, host: str) -> HostPace:
        """What is owed to a host."""
        if host in self._pace:
            return self._pace[host]
        known = self._known.get_pace(host) if self._known else None
        return known or HostPace(host, self._began, 0.0, noted_at=self._began)

    def put_pace(self, pace: HostPace) -> None:
        """Remember what is owed."""
        self._pace[pace.host] = pace


@contextmanager
def passing_pace(workplace: Workplace) -> Iterator[PassingPace]:
    """The pace for one command. Where ``workplace`` has an archive, what that knows is owed, and no run goes on beside.

    Raises:
        ArchiveHeldError: another run holds the archive.
    """
    folder, now = workplace.folder, workplace.clock.now()
    if not (folder / STATE_FILE).is_file():
        yield PassingPace(None, now)
        return
    with ExitStack() as opened:
        if is_writable(folder):
            opened.enter_context(Lock(folder))
        yield PassingPace(SqlitePaceStore(opened.enter_context(open_state_to_read(folder))), now)
