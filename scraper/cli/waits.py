"""Waits in words: why a host is left alone, and until when by the clock on the wall."""

from datetime import datetime, timedelta, tzinfo
from typing import assert_never

from scraper.model.host_events import Wait, WaitReason
from scraper.model.run import duration_text


def reason_words(reason: WaitReason) -> str:
    """Why a host is left alone, as one would say it: ``robots.txt asks for 5 s``."""
    gap = seconds_words(reason.seconds)
    match reason.cause:
        case "pace":
            return f"a pace of {gap}"
        case "crawl-delay":
            return f"robots.txt asks for {gap}"
        case "retry-after":
            return f"Retry-After asks for {gap}"
        case "slow":
            return f"slow answers: {gap} between two"
        case "earlier":
            return "owed since an earlier run"
        case "errors":
            return _errors_words(reason)
        case _:
            assert_never(reason.cause)


def wait_words(wait: Wait, now: datetime, zone: tzinfo | None) -> str:
    """The reason of a wait and its end: ``robots.txt asks for 5 s; next at 10:02:11``."""
    return f"{reason_words(wait.reason)}; next at {clock_words(wait.until, now, zone)}"


def clock_words(moment: datetime, now: datetime, zone: tzinfo | None) -> str:
    """A moment in ``zone`` (None: this machine's), with its date where that is not today's."""
    local, today = moment.astimezone(zone), now.astimezone(zone)
    return f"{local:%H:%M:%S}" if local.date() == today.date() else f"{local:%Y-%m-%d %H:%M}"


def seconds_words(seconds: float) -> str:
    """``0.02 s``, ``2.5 s``, ``1 min 30 s``."""
    if seconds < 1:
        return f"{seconds:.1g} s"
    return f"{seconds:.3g} s" if seconds < 60 else duration_text(timedelta(seconds=seconds))


def _errors_words(reason: WaitReason) -> str:
    if not reason.failures:
        return "slower for a while after errors"
    what = "no answer" if reason.status is None else f"answered {reason.status}"
    return what if reason.failures == 1 else f"{what}, {reason.failures} times in a row"
