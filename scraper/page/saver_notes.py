"""What the tools that save pages write into them: where the page was, and when it was saved.

The tools are data: browsers (Save as), SingleFile, Save Page WE, WebScrapBook, monolith, MaoXian, HTTrack, and the Wayback Machine, whose replayed
pages people save. A note counts only where its tool puts it: in front of the page's body, or, of the Wayback Machine, behind its end.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Final

from scraper.model.url import without_credentials
from scraper.page.stated_url import is_whole

_START: Final = 65_536
_END: Final = 16_384
_BODY: Final = re.compile(r"<body\b", re.IGNORECASE)
_TAG: Final = re.compile(r"<(?:html|meta)\b(?:[^>\"']|\"[^\"]*\"|'[^']*'){0,1000}>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
# `https://web.archive.org/web/20200102123456id_/https://example.org/`
_REPLAYED: Final = re.compile(
    r"https?://[^/]+/(?:[^/]+/){0,2}?(?P<at>\d{14})(?:[a-z]{2}_)?/(?P<url>https?://.+)", re.IGNORECASE
)
_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec"
# What JavaScript prints of a Date, in English wherever it runs (ECMA-262 section 21.4.4.41); what follows names the zone in words.
_PRINTED: Final = re.compile(
    r"(?:[a-z]{3},? )?(?P<month>[a-z]{3}) (?P<day>\d{1,2}) (?P<year>\d{4}) (?P<time>\d\d:\d\d:\d\d) (?:GMT|UTC)(?P<zone>[+-]\d{4})?(?!\d)",
    re.IGNORECASE,
)
_OF_WAYBACK: Final = re.compile(
    r"(?P<time>\d\d:\d\d:\d\d) (?P<month>[a-z]{3}) (?P<day>\d\d), (?P<year>\d{4})", re.IGNORECASE
)
_DIGITS: Final = re.compile(r"\d{14}(?:\d{3})?")


@dataclass(frozen=True, slots=True)
class SaverNote:
    """``url`` is where the page was, ``saved_at`` when it was saved, in UTC; each is None where the tool does not say it.

    ``saved_raw`` is the time as the tool wrote it. One without its zone is no moment, so there ``saved_at`` is None.
    """

    saver: str
    url: str | None = None
    saved_at: datetime | None = None
    saved_raw: str | None = None


@dataclass(frozen=True, slots=True)
class _Words:
    """How a tool writes its note as a comment, with the groups ``url`` and ``at``."""

    saver: str
    pattern: re.Pattern[str]


def _words(saver: str, pattern: str) -> _Words:
    return _Words(saver, re.compile(pattern, re.IGNORECASE | re.DOTALL))


_COMMENTS: Final = (
    _words(
        "SingleFile",
        r"\s*(?:page saved with|archive processed by) singlefilez?\b.*?\burl: *(?P<url>\S+)(?:.*?\bsaved date: *(?P<at>[^\n]+))?",
    ),
    _words("monolith", r"\s*saved from (?P<url>\S+) at (?P<at>\S+) using monolith\b"),
    _words("a browser", r"\s*saved from url=\(\d{1,5}\)(?P<url>\S+)"),
    _words("MaoXian", r"\s*originalsrc: *(?P<url>\S+)"),
    _words(
        "HTTrack",
        r"\s*mirrored from \S+ by httrack website copier\b.*?, (?P<at>\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT)",
    ),
)
# Below which attribute of the root, or which name of a meta element, a tool writes URL and time.
_ATTRIBUTES: Final = (("WebScrapBook", "data-scrapbook-source", "data-scrapbook-create"),)
_METAS: Final = (("Save Page WE", "savepage-url", "savepage-date"),)
_WAYBACK: Final = re.compile(
    r"\s*FILE ARCHIVED ON (?P<at>[\w:, ]+?) AND RETRIEVED FROM THE\s+INTERNET ARCHIVE ON", re.IGNORECASE
)
_WAYBACK_URL: Final = re.compile(
    r"__wm\.wombat\(\s*[\"'](?P<url>https?://[^\"']+)[\"']\s*,\s*[\"'](?P<at>\d{14})", re.IGNORECASE
)


def saver_note(text: str) -> SaverNote | None:
    """The note of the tool that saved the page ``text``; None where there is none.

    Of a replayed page, by whatever tool it was saved, the URL is the one that was archived, and the time that of its capture.
    """
    body = _BODY.search(text, 0, _START)
    head = text[: body.start() if body else _START]
    note = _in_comments(head) or _in_tags(head) or _of_wayback(text)
    return _unreplayed(note, text) if note else None


def saved_time(raw: str) -> datetime | None:
    """The moment that a tool wrote, in UTC; None where it is no date that is known, or says no zone."""
    raw = raw.strip()
    try:
        if printed := _PRINTED.match(raw):
            return _moment(printed, printed["zone"] or "+0000")
        if archived := _OF_WAYBACK.match(raw):
            return _moment(archived, "+0000")
        if _DIGITS.fullmatch(raw):
            at = datetime.strptime(raw[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
            return at + timedelta(milliseconds=int(raw[14:] or 0))
        moment = datetime.fromisoformat(raw) if raw[:4].isdigit() else parsedate_to_datetime(raw)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError, TypeError):
        return None


def _moment(match: re.Match[str], zone: str) -> datetime:
    hours, minutes, seconds = map(int, match["time"].split(":"))
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5])) * (-1 if zone[0] == "-" else 1)
    month = _MONTHS.find(match["month"].lower()) // 4 + 1
    at = datetime(
        int(match["year"]), month, int(match["day"]), hours, minutes, seconds, tzinfo=timezone(offset)
    )
    return at.astimezone(UTC)


def _in_comments(head: str) -> SaverNote | None:
    for comment in _comments(head):
        for words in _COMMENTS:
            if match := words.pattern.match(comment):
                parts = match.groupdict()
                return _note(words.saver, parts.get("url"), parts.get("at"))
    return None


def _comments(text: str) -> Iterator[str]:
    """The words of the comments in markup, each up to its end."""
    begin = text.find("<!--")
    while begin >= 0 and (end := text.find("-->", begin + 4)) >= 0:
        yield text[begin + 4 : end]
        begin = text.find("<!--", end)


def _in_tags(head: str) -> SaverNote | None:
    if not any(url in head for _, url, _ in (*_ATTRIBUTES, *_METAS)):
        return None
    metas: dict[str, str] = {}
    for tag in _TAG.finditer(head):
        attributes = {
            name.lower(): html.unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(tag[0])
        }
        for saver, url, at in _ATTRIBUTES:
            if url in attributes:
                return _note(saver, attributes[url], attributes.get(at))
        metas.setdefault(attributes.get("name", "").lower(), attributes.get("content", ""))
    return next((_note(saver, metas[url], metas.get(at)) for saver, url, at in _METAS if url in metas), None)


def _of_wayback(text: str) -> SaverNote | None:
    for comment in _comments(text[-_END:]):
        if match := _WAYBACK.match(comment):
            return _note("the Wayback Machine", None, match["at"])
    return None


def _note(saver: str, url: str | None, raw: str | None) -> SaverNote:
    """A note with its URL where that is one of the web: pages are saved from disk too."""
    raw = raw.strip() if raw else None
    address = without_credentials(url) if url and is_whole(url) else None
    return SaverNote(saver, address, saved_time(raw) if raw else None, raw)


def _unreplayed(note: SaverNote, text: str) -> SaverNote:
    told = _REPLAYED.match(note.url or "") or (None if note.url else _WAYBACK_URL.search(text, 0, _START))
    if told is None or not is_whole(told["url"]):
        return note
    return replace(
        note, url=without_credentials(told["url"]), saved_at=saved_time(told["at"]), saved_raw=told["at"]
    )
