"""The captures of an imported file that are not taken in: counted by reason for people, listed one by one for whoever asks."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, TextIO

from scraper.jobs.scratch import Scratch
from scraper.model.outcome import Item
from scraper.model.url import parse_url

NO_GET: Final = "Answers to POST and other methods than GET, which are no captures of their URLs."
"""Why a capture that was asked for in such a way is passed over."""

_BEGINNING: Final = b'{"url": '
_TABLE: Final = (
    "CREATE TABLE passed (reason, file, url, at); CREATE INDEX passed_by_reason ON passed (reason);"
)
# An import may name many files, each of which has little to pass over: so much of each is held in memory.
_IN_MEMORY: Final = 256


@dataclass(frozen=True, slots=True)
class PassedCapture:
    """A capture by its URL and time (UTC; None where that is unknown), or a file (``url`` is None), and why it is not taken in."""

    file: str
    url: str | None
    at: datetime | None
    reason: str

    @property
    def item(self) -> Item:
        """The capture as an item of a report."""
        return Item(self.url or self.file, "skipped", reason=self.reason)


class PassedOver:
    """What of ``source``, a file or a folder, is passed over, by reason, in the order in which it came. All but the last of it lies on disk."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._counts: dict[str, int] = {}
        self._latest: list[PassedCapture] = []
        self._earlier: Scratch | None = None

    def __bool__(self) -> bool:
        return bool(self._counts)

    def add(self, url: str, at: datetime | None, reason: str) -> None:
        """Take in one capture."""
        self._add(PassedCapture(self.source, url, at, reason))

    def add_file(self, name: str, reason: str) -> None:
        """Take in one file, or a part of one."""
        self._add(PassedCapture(name, None, None, reason))

    @property
    def counts(self) -> Mapping[str, int]:
        """How many captures or files each reason holds for."""
        return self._counts

    @property
    def counted(self) -> Iterator[Item]:
        """An item for each reason, with how many captures or files it holds for."""
        for reason, count in self._counts.items():
            yield Item(self.source, "skipped", reason=f"{reason} ({count})")

    @property
    def items(self) -> Iterator[Item]:
        """An item for each capture or file."""
        return (capture.item for capture in self._captures())

    def write(self, file: TextIO) -> None:
        """Add a line of JSON for each: its URL, time, file and reason."""
        for capture in self._captures():
            _write(file, capture.url, capture.at, capture.file, capture.reason)

    def _add(self, passed: PassedCapture) -> None:
        self._counts[passed.reason] = self._counts.get(passed.reason, 0) + 1
        self._latest.append(passed)
        if len(self._latest) >= _IN_MEMORY:
            self._put_away()

    def _put_away(self) -> None:
        self._earlier = self._earlier or Scratch(_TABLE)
        for each in self._latest:
            at = each.at.isoformat() if each.at else None
            self._earlier.execute(
                "INSERT INTO passed VALUES (?, ?, ?, ?)", each.reason, each.file, each.url, at
            )
        self._latest.clear()

    def _captures(self) -> Iterator[PassedCapture]:
        for reason in self._counts:
            if self._earlier is not None:
                rows = self._earlier.rows(
                    "SELECT file, url, at FROM passed WHERE reason = ? ORDER BY rowid", reason
                )
                for file, url, at in rows:
                    yield PassedCapture(file, url, datetime.fromisoformat(at) if at else None, reason)
            yield from (each for each in self._latest if each.reason == reason)


def write_skipped(item: Item, file: TextIO) -> None:
    """Add a line of JSON for a target that was skipped, which is the URL of a capture or the name of a file."""
    is_url = parse_url(item.target) is not None
    _write(file, item.target if is_url else None, None, None if is_url else item.target, item.reason or "")


def begins_listing(path: Path) -> bool:
    """Whether a file begins as one that was written here."""
    with path.open("rb") as file:
        return file.read(len(_BEGINNING)) == _BEGINNING


def _write(file: TextIO, url: str | None, at: datetime | None, name: str | None, reason: str) -> None:
    captured_at = at.isoformat().replace("+00:00", "Z") if at else None
    line = {"url": url, "captured_at": captured_at, "file": name, "reason": reason}
    file.write(json.dumps(line, ensure_ascii=True) + "\n")
