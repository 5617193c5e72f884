"""Links that lead round in circles, told by their form alone."""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl

from scraper.model.site import Trap
from scraper.model.url import parse_url

_LONGEST: Final = 2_000
_MOST_SEGMENTS: Final = 20
_MOST_PARAMETERS: Final = 12
_REPEATS: Final = 3
_REPLY: Final = frozenset({"replytocom", "replyto", "reply_to", "unapproved", "moderation-hash"})
_SESSION: Final = re.compile(
    r"(?i)(?:php|asp\.?net_?|j)?sess(?:ion)?_?id|sid|cfid|cftoken|zenid|oscsid|phpsessid"
)
_SESSION_IN_PATH: Final = re.compile(r"(?i);(?:jsessionid|sid)=|/\(s\([a-z0-9]{24}\)\)/")
_SESSION_VALUE: Final = re.compile(r"(?i)[a-z0-9,-]{16,}")
_CALENDAR: Final = re.compile(r"(?i)/(?:calendar|events?)/(?:.*/)?\d{4}[/-]\d{1,2}")
_CALENDAR_PARAMETERS: Final = frozenset(
    {"tribe-bar-date", "ical", "outlook-ical", "eventdisplay", "calendar-date"}
)


def trap_in(url: str, of_site: Sequence[Trap] = ()) -> str | None:
    """What makes a URL one that is not followed, on its own site (``of_site``) or anywhere; None for every other."""
    parsed = parse_url(url)
    if parsed is None:
        return "no http or https URL"
    if len(parsed.href) > _LONGEST:
        return "overlong URL"
    target = f"{parsed.path}?{parsed.query}"
    own = next((trap.kind for trap in of_site if trap.form.search(target)), None)
    if own:
        return own
    parameters = [(name.lower(), value) for name, value in parse_qsl(parsed.query, keep_blank_values=True)]
    names = {name for name, _ in parameters}
    if names & _REPLY:
        return "reply link"
    if _SESSION_IN_PATH.search(parsed.path) or any(
        _SESSION.fullmatch(name) and _SESSION_VALUE.fullmatch(value) for name, value in parameters
    ):
        return "session id"
    if _CALENDAR.search(parsed.path) or names & _CALENDAR_PARAMETERS:
        return "calendar"
    segments = [segment for segment in parsed.path.split("/") if segment]
    if len(segments) > _MOST_SEGMENTS or any(segments.count(each) >= _REPEATS for each in set(segments)):
        return "repeating path"
    return "too many parameters" if len(parameters) > _MOST_PARAMETERS else None
