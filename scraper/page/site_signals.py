"""What a site says of the use of its pages in files of its own: robots.txt and ``/.well-known/tdmrep.json``."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from scraper.model.capture import Capture, Visit
from scraper.model.product import PRODUCT_TOKEN
from scraper.model.record import Signal
from scraper.model.url import Url, parse_url
from scraper.page.charset import decode

ROBOTS_PATH: Final = "/robots.txt"
TDMREP_PATH: Final = "/.well-known/tdmrep.json"
SITE_FILES: Final = (ROBOTS_PATH, TDMREP_PATH)

_MOST_CHARACTERS: Final = 1 << 19
_LINE: Final = re.compile(r"[ \t]*([A-Za-z-]+)[ \t]*:[ \t]*([^#\r\n]*)")
_USES: Final = frozenset({"content-signal", "content-usage"})
_RULES: Final = frozenset({"allow", "disallow", *_USES})
_PATH: Final = re.compile(r"(/\S*)\s+\S")
_MOST_RULES: Final = 1_000


def is_site_file(url: str) -> bool:
    """Whether a URL is that of a host's robots.txt or tdmrep.json."""
    if not url.endswith(SITE_FILES):
        return False
    parsed = parse_url(url)
    return parsed is not None and not parsed.query and parsed.path in SITE_FILES


def without_site_files(visit: Visit) -> Visit:
    """The visit as its site reads it: without the captures that only say how pages may be used."""
    pages = tuple(capture for capture in visit.captures if not is_site_file(capture.url))
    return replace(visit, captures=pages)


def site_file_signals(capture: Capture, page_url: str) -> tuple[Signal, ...]:
    """What a site file says of a page; empty where the page lies on another host, or the file could not be had."""
    file, page = parse_url(capture.url), parse_url(page_url)
    if file is None or page is None or file.host != page.host or capture.status not in {200, None}:
        return ()
    text = decode(capture.body, capture.header("content-type")).text[:_MOST_CHARACTERS]
    return tuple(_robots_txt(text, page) if file.path == ROBOTS_PATH else _tdmrep(text, page))


def _robots_txt(text: str, page: Url) -> Iterator[Signal]:
    """The Content-Signal and Content-Usage lines for all crawlers or for us (a line before any group is for all)."""
    agents: set[str] = set()
    in_rules = False
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        key, value = match[1].lower(), match[2].strip()
        if key == "user-agent":
            agents = {value.lower()} if in_rules else agents | {value.lower()}
            in_rules = False
        elif key in _RULES:
            in_rules = True
            if key in _USES and (not agents or agents & {"*", PRODUCT_TOKEN}) and _covers_line(value, page):
                yield Signal(f"robots.txt {key}", value)


def _covers_line(value: str, page: Url) -> bool:
    path = _PATH.match(value)
    return path is None or _covers(path[1], page)


def _tdmrep(text: str, page: Url) -> Iterator[Signal]:
    """The rules whose location covers the page (TDMRep section 5.2), one after the other."""
    try:
        rules = json.loads(text)
    except (ValueError, RecursionError):
        return
    for rule in rules[:_MOST_RULES] if isinstance(rules, list) else ():
        location = rule.get("location") if isinstance(rule, dict) else None
        if isinstance(location, str) and _covers(location, page):
            for key in ("tdm-reservation", "tdm-policy"):
                if key in rule:
                    yield Signal(f"tdmrep.json {key}", str(rule[key]))


def _covers(pattern: str, page: Url) -> bool:
    """Whether a pattern of robots.txt's kind (RFC 9309 section 2.2.3) covers the page's path and query."""
    path = page.path + ("?" + page.query if page.query else "")
    anchored = pattern.endswith("$")
    pieces = pattern.removesuffix("$").split("*")
    if not path.startswith(pieces[0]):
        return False
    at = len(pieces[0])
    for position, piece in enumerate(pieces[1:], start=1):
        if anchored and position == len(pieces) - 1:
            return path.endswith(piece) and len(path) - len(piece) >= at
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not anchored or at == len(path)
