"""One run of a verb that works for long, as the archive remembers it, and in a few lines that a person reads in the morning."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from scraper.model.outcome import OutcomeWord

# The verb of a run that visits nobody.
PUBLISH: Final = "publish"
_UNITS: Final = ("B", "kB", "MB", "GB", "TB")


@dataclass(frozen=True, slots=True)
class Traffic:
    """What went over the wire: requests made, and bytes of answers as they came, heads included."""

    requests: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Findings:
    """What a run found out about posts; None where the verb does not look for it.

    ``new``, ``changed`` and ``gone`` are among the ``visited``; ``waiting`` are posts that are due and were not visited.
    """

    visited: int | None = None
    new: int | None = None
    changed: int | None = None
    gone: int | None = None
    waiting: int | None = None
    next_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PublicationOutcome:
    """What became of a publication to ``repo`` (``OWNER/NAME``) that a run was to make.

    ``settled_at``: when it was made, or found needless; None where it was not. ``reason`` says why it was not; None
    while it is to be made, and for ever where the run was killed before.
    """

    repo: str
    settled_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A run; ``ended_at`` is None while it goes on, and for ever where it was killed.

    ``completed``: it came to its own end, whatever became of its targets. ``reason`` says why it did not.
    ``publication`` is None where it was to make none.
    """

    run_id: str
    verb: str
    began_at: datetime
    ended_at: datetime | None = None
    completed: bool = False
    exit_code: int | None = None
    reason: str | None = None
    counts: dict[OutcomeWord, int] = field(default_factory=dict)
    traffic: Traffic = field(default_factory=Traffic)
    findings: Findings = field(default_factory=Findings)
    publication: PublicationOutcome | None = None

    @property
    def duration(self) -> timedelta | None:
        """How long it took; None where it did not end, or where the clock was set back meanwhile."""
        if self.ended_at is None or self.ended_at < self.began_at:
            return None
        return self.ended_at - self.began_at

    @property
    def was_in_vain(self) -> bool:
        """Whether there was something to do and nothing of it could be done."""
        tried = sum(self.counts.get(word, 0) for word in ("failed", "refused"))
        return tried > 0 and not self.counts.get("done", 0)


def summary_of(run: Run) -> tuple[str, ...]:
    """What was visited and found, what it cost, and what comes next; a line for each that is known."""
    lines = [_visited(run.findings), _spent(run), _ahead(run.findings)]
    return tuple(line for line in lines if line)


def duration_text(duration: timedelta) -> str:
    """``duration`` in its two largest units: ``2 d 3 h``, ``5 min 10 s``, ``12 s``."""
    seconds = int(duration.total_seconds())
    parts = [
        (seconds // 86400, "d"),
        (seconds // 3600 % 24, "h"),
        (seconds // 60 % 60, "min"),
        (seconds % 60, "s"),
    ]
    while len(parts) > 1 and parts[0][0] == 0:
        parts.pop(0)
    return " ".join(f"{number} {unit}" for number, unit in parts[:2] if number) or "0 s"


def bytes_text(count: int) -> str:
    """``count`` bytes in the largest decimal unit that leaves a digit before the point."""
    size, unit = float(count), 0
    while size >= 1000 and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{count} B" if unit == 0 else f"{size:.1f} {_UNITS[unit]}"


def _visited(findings: Findings) -> str:
    if findings.visited is None:
        return ""
    named = (("new", findings.new), ("changed", findings.changed), ("gone", findings.gone))
    counts = [f"{count} {word}" for word, count in named if count is not None]
    return ", ".join([f"{_counted(findings.visited, 'post')} visited", *counts]) + "."


def _spent(run: Run) -> str:
    traffic = run.traffic
    took = "" if run.duration is None else f" in {duration_text(run.duration)}"
    return f"{_counted(traffic.requests, 'request')}, {bytes_text(traffic.bytes)} received{took} (run {run.run_id})."


def _ahead(findings: Findings) -> str:
    parts = (
        [] if findings.waiting is None else [f"waiting for another run: {_counted(findings.waiting, 'post')}"]
    )
    if findings.next_due_at is not None:
        parts.append(f"the next is due {findings.next_due_at:%Y-%m-%d %H:%M} UTC")
    return f"{'; '.join(parts)}." if parts else ""


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
