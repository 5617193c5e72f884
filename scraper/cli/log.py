"""The log of a run for machines: JSON lines on stderr (RFC 8259, one object a line), times in UTC."""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import Final, Literal, Self
from uuid import uuid4

from scraper.cli.loudness import Loudness
from scraper.cli.printing import TROUBLE
from scraper.cli.waits import reason_words
from scraper.jobs.progress import Progress
from scraper.model.host_events import Answered, Asked, HostEvent, Wait
from scraper.model.outcome import Item, Report

Level = Literal["info", "warning", "error"]
Value = str | int | float | list[str] | dict[str, int] | None

# Tokens of the Hub, and user names and passwords in URLs (RFC 3986 section 3.2.1).
_SECRET: Final = re.compile(r"\bhf_[A-Za-z0-9]{8,}|(?<=://)[^/\s@]+(?=@)")
# Seconds: a shorter wait is the everyday pace.
_WORTH_SAYING: Final = 10.0


class JsonLog(Progress, logging.Handler):
    """Watches a job, and what the libraries it uses complain about, as JSON lines.

    Each line has ``time, level, event, command, run, target, outcome, reason``, null where there is nothing to say,
    and some have more. ASCII alone is written, so nothing in it drives a terminal.
    """

    def __init__(self, command: str, loudness: Loudness = Loudness.USUAL) -> None:
        logging.Handler.__init__(self, logging.WARNING)
        self.run_id = uuid4().urn
        self._command = command
        self._loudness = loudness

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

    def announce(self, sentence: str) -> None:
        """A line with what is to be known before the work begins."""
        self.line("info", "announced", message=sentence)

    def expect(self, total: int, doing: str) -> None:
        """A stretch of the job begins."""
        self.line("info", "expecting", total=total, doing=doing)

    def begin(self, target: str) -> None:
        """Work on one target begins."""
        self.line("info", "target", target=target)

    def end(self, item: Item) -> None:
        """One target is settled."""
        level: Level = "warning" if item.outcome in TROUBLE else "info"
        self.line(
            level,
            "settled",
            target=item.target,
            outcome=item.outcome,
            reason=item.reason,
            post_id=item.post_id,
        )

    def tell(self, event: HostEvent) -> None:
        """A host is waited for; asked and answered are said where more is to be said."""
        says_more = self._loudness >= Loudness.MORE
        match event:
            case Wait(host, reason, until) if says_more or reason.seconds >= _WORTH_SAYING:
                self.line(
                    "info",
                    "waiting",
                    reason=reason_words(reason),
                    host=host,
                    until=f"{until.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
                    cause=reason.cause,
                    seconds=reason.seconds,
                    failures=reason.failures,
                    status=reason.status,
                )
            case Asked() if says_more:
                self.line("info", "asked", target=event.url, host=event.host, rule=event.rule)
            case Answered() if says_more:
                self.line(
                    "info",
                    "answered",
                    target=event.url,
                    reason=event.trouble,
                    host=event.host,
                    status=event.status,
                    seconds=event.elapsed,
                    bytes=event.size,
                )

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
        """Write one line; what looks like a secret is taken out of it. Told to be quiet, it writes what is wrong alone."""
        if level == "info" and self._loudness <= Loudness.ERRORS:
            return
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
