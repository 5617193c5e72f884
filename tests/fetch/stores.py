"""Stores in memory, for the Protocols that the archive implements on disk."""

from scraper.model.exchange import Exchange
from scraper.model.stores import HostPace, LedgerEntry, LedgerEvent, RobotsCopy


class MemoryRobots:
    def __init__(self) -> None:
        self.copies: dict[str, RobotsCopy] = {}

    def get_robots(self, origin: str) -> RobotsCopy | None:
        return self.copies.get(origin)

    def put_robots(self, copy: RobotsCopy) -> None:
        self.copies[copy.origin] = copy


class MemoryPace:
    def __init__(self) -> None:
        self.paces: dict[str, HostPace] = {}

    def get_pace(self, host: str) -> HostPace | None:
        return self.paces.get(host)

    def put_pace(self, pace: HostPace) -> None:
        self.paces[pace.host] = pace


class MemoryLedger:
    def __init__(self) -> None:
        self.entries: list[LedgerEntry] = []

    def note(self, entry: LedgerEntry) -> None:
        self.entries.append(entry)

    def of(self, event: LedgerEvent) -> list[LedgerEntry]:
        return [entry for entry in self.entries if entry.event == event]


class MemoryRecorder:
    def __init__(self) -> None:
        self.kept: list[Exchange] = []

    def keep(self, exchange: Exchange) -> None:
        self.kept.append(exchange)

    def urls(self) -> list[str]:
        return [exchange.request.url for exchange in self.kept]
