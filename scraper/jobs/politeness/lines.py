"""The politeness ledger as its judge reads it: line by line, on a scale of seconds that never runs back."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Final

from scraper.archive.ledger import ledger_files

_EVENTS: Final = frozenset({"began", "request", "answer", "failed", "refused", "waiting"})
# Lines after which the clock may stand earlier than before, and the crawler knows it.
_NEW_CLOCK: Final = frozenset({"began", "waiting"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``place`` says where it stands; ``at`` is what it says of the time.

    ``seconds`` is the time on a scale that stands still where the clock was set back: of two lines it gives the
    least time that lies between them.
    """

    place: str
    at: datetime
    seconds: float
    event: str
    host: str
    url: str
    rule: str
    detail: Mapping[str, object]

    def number(self, name: str) -> float | None:
        """A number among the details; None where there is none of the name."""
        value = self.detail.get(name)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def text(self, name: str) -> str | None:
        """A text among the details; None where there is none of the name."""
        value = self.detail.get(name)
        return value if isinstance(value, str) else None

    def moment(self, name: str) -> datetime | None:
        """A moment among the details; None where there is none of the name."""
        try:
            moment = datetime.fromisoformat(self.text(name) or "")
        except ValueError:
            return None
        return moment if moment.tzinfo else None


@dataclass(frozen=True, slots=True)
class Illegible:
    """A line that is no ledger line."""

    place: str


def read_lines(archive: Path, others: Sequence[Path] = ()) -> Iterator[Line | Illegible]:
    """Every line of an archive's ledger in the order in which it was written.

    The last line of a file is passed over where a crash cut it short; and so are those with which a file of one of the ``others``
    begins, of which the archive is a copy then.
    """
    scale = _Scale()
    of_others = {other: {path.name: path for path in ledger_files(other)} for other in others}
    for path in ledger_files(archive):
        namesakes = [files[path.name] for files in of_others.values() if path.name in files]
        shared = max((_shared_lines(path, namesake) for namesake in namesakes), default=0)
        with path.open("rb") as file:
            for number, text in enumerate(file, start=1):
                if number > shared and text.endswith(b"\n"):
                    yield _line(f"{path.parent.name}/{path.name} line {number}", text, scale)


def _shared_lines(path: Path, other: Path) -> int:
    """With how many equal lines two files begin."""
    with path.open("rb") as mine, other.open("rb") as theirs:
        equal = takewhile(lambda lines: lines[0] == lines[1], zip(mine, theirs, strict=False))
        return sum(1 for _ in equal)


class _Scale:
    """Turns what the clock showed into seconds that never run back."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._latest = float("-inf")

    def seconds(self, at: datetime, *, is_new_clock: bool) -> float:
        seconds = at.timestamp() + self._ahead
        if is_new_clock and seconds < self._latest:
            self._ahead += self._latest - seconds
            seconds = self._latest
        self._latest = max(self._latest, seconds)
        return seconds


def _line(place: str, text: bytes, scale: _Scale) -> Line | Illegible:
    try:
        entry = json.loads(text)
        at = datetime.fromisoformat(entry["at"])
        event, host, url, rule = (str(entry[name]) for name in ("event", "host", "url", "rule"))
        detail = dict(entry["detail"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return Illegible(place)
    if event not in _EVENTS or at.tzinfo is None:
        return Illegible(place)
    seconds = scale.seconds(at, is_new_clock=event in _NEW_CLOCK)
    return Line(place, at, seconds, event, host, url, rule, detail)
