"""A run in a few lines that a person reads in the morning."""

from datetime import timedelta

from scraper.model.run import Findings, Run

_UNITS = ("B", "kB", "MB", "GB", "TB")


def summary_of(run: Run) -> tuple[str, ...]:
    """What was visited and found, what it cost, and what comes next; a line for each that is known."""
    lines = [_found(run.findings), _spent(run), _ahead(run.findings)]
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


def _found(findings: Findings) -> str:
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
