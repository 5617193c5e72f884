"""One run of a verb that works for long, as the archive remembers it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from scraper.model.outcome import OutcomeWord

# The verb of a run that visits nobody.
PUBLISH: Final = "publish"


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
