"""The captures of an imported file that are not taken in: counted by reason for people, listed one by one for whoever asks."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, TextIO

from scraper.model.outcome import Item
from scraper.model.url import parse_url

NO_GET: Final = "Answers to POST and other methods than GET, which are no captures of their URLs."
"""Why a capture that was asked for in such a way is passed over."""

_BEGINNING: Final = b'{"url": '


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


@dataclass(slots=True)
class PassedOver:
    """What of ``source``, a file or a folder, is passed over, by reason, in the order in which it came."""

    source: str
    captures: dict[str, list[PassedCapture]] = field(default_factory=dict)

    def add(self, url: str, at: datetime | None, reason: str) -> None:
        """Take in one capture."""
        self._add(PassedCapture(self.source, url, at, reason))

    def add_file(self, name: str, reason: str) -> None:
        """Take in one file, or a part of one."""
        self._add(PassedCapture(name, None, None, reason))

    def _add(self, passed: PassedCapture) -> None:
        self.captures.setdefault(passed.reason, []).append(passed)

    @property
    def counted(self) -> Iterator[Item]:
        """An item for each reason, with how many captures or files it holds for."""
        for reason, captures in self.captures.items():
            yield Item(self.source, "skipped", reason=f"{reason} ({len(captures)})")

    @property
    def items(self) -> Iterator[Item]:
        """An item for each capture or file."""
        return (capture.item for captures in self.captures.values() for capture in captures)

    def write(self, file: TextIO) -> None:
        """Add a line of JSON for each: its URL, time, file and reason."""
        for captures in self.captures.values():
            for capture in captures:
                _write(file, capture.url, capture.at, capture.file, capture.reason)


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
