"""The log of a run for machines: JSON lines on stderr (RFC 8259, one object a line), times in UTC."""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import Final, Literal, Self
from uuid import uuid4

from scraper.jobs.progress import Progress
from scraper.model.outcome import Item, Report

Level = Literal["info", "warning", "error"]
Value = str | int | list[str] | dict[str, int] | None

# Tokens of the Hub, and user names and passwords in URLs (RFC 3986 section 3.2.1).
_SECRET: Final = re.compile(r"\bhf_[A-Za-z0-9]{8,}|(?<=://)[^/\s@]+(?=@)")
_TROUBLE: Final = frozenset({"failed", "refused", "rejected"})


class JsonLog(Progress, logging.Handler):
    """Watches a job, and what the libraries it uses complain about, as JSON lines.

    Each line has ``time, level, event, command, run, target, outcome, reason``, null where there is nothing to say,
    and some have more. ASCII alone is written, so nothing in it drives a terminal.
    """

    def __init__(self, command: str) -> None:
        logging.Handler.__init__(self, logging.WARNING)
        self.run_id = uuid4().urn
        self._command = command

    def __enter__(self) -> Self:
        logging.captureWarnings(capture=True)
        logging.getLogger().addHandler(self)
        self.line("info", "began")
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)
        logging.captureWarnings(capture=False)

    def emit(self, record: logging.LogRecord) -> None:
        """A library's complaint, as an event of ours."""
        level: Level = "error" if record.levelno >= logging.ERROR else "warning"
        self.line(level, "library", reason=record.getMessage(), library=record.name)

    def expect(self, total: int, doing: str) -> None:
        """A stretch of the job begins."""
        self.line("info", "expecting", total=total, doing=doing)

    def begin(self, target: str) -> None:
        """Work on one target begins."""
        self.line("info", "target", target=target)

    def end(self, item: Item) -> None:
        """One target is settled."""
        level: Level = "warning" if item.outcome in _TROUBLE else "info"
        self.line(
            level,
            "settled",
            target=item.target,
            outcome=item.outcome,
            reason=item.reason,
            post_id=item.post_id,
        )

    def wait(self, reason: str) -> None:
        """The job waits."""
        self.line("info", "waiting", reason=reason)

    def finish(self, report: Report) -> None:
        """The run came to its end: what it did, in numbers and in lines for a person."""
        self.line(
            "warning" if report.exit_code else "info",
            "ended",
            exit_code=report.exit_code,
            counts={str(word): count for word, count in report.counts().items()},
            outputs=list(report.outputs),
            summary=list(report.summary),
        )

    def fail(self, reason: str, exit_code: int, error: Exception | None = None) -> None:
        """The run broke off; ``error`` is one that nobody expected."""
        trace = [] if error is None else "".join(traceback.format_exception(error)).splitlines()
        self.line("error", "ended", reason=reason, exit_code=exit_code, traceback=trace)

    def line(self, level: Level, event: str, **more: Value) -> None:
        """Write one line; what looks like a secret is taken out of it."""
        about: dict[str, Value] = {
            "time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
            "level": level,
            "event": event,
            "command": self._command,
            "run": self.run_id,
            "target": None,
            "outcome": None,
            "reason": None,
        }
        text = json.dumps({name: _without_secrets(value) for name, value in (about | more).items()})
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def _without_secrets(value: Value) -> Value:
    if isinstance(value, str):
        return _SECRET.sub("⟨secret⟩", value.encode("utf-8", "replace").decode())
    if isinstance(value, list):
        return [_SECRET.sub("⟨secret⟩", text) for text in value]
    return value
