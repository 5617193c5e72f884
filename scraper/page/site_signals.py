"""What a site says of the use of its pages in files of its own: robots.txt and ``/.well-known/tdmrep.json``."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from scraper.model.product import PRODUCT_TOKEN
from scraper.model.record import Signal
from scraper.model.url import Url, parse_url
from scraper.page.document import Document
from scraper.page.json_text import parse_json

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


@dataclass(frozen=True, slots=True)
class SiteStatement:
    """A signal that a site file gives for the pages of its host whose paths ``pattern`` covers; for all where it is None."""

    signal: Signal
    pattern: str | None


def site_statements(document: Document) -> tuple[SiteStatement, ...]:
    """What a site file says, statement after statement; empty where the file could not be had, or is none."""
    file = parse_url(document.capture.url)
    if file is None or not is_site_file(document.capture.url) or document.capture.status not in {200, None}:
        return ()
    text = document.text[:_MOST_CHARACTERS]
    return tuple(_robots_txt(text) if file.path == ROBOTS_PATH else _tdmrep(text))


def signals_for(page_url: str, file_url: str, statements: Iterable[SiteStatement]) -> Iterator[Signal]:
    """The signals that a site file gives for a page; none where the page lies on another host."""
    file, page = parse_url(file_url), parse_url(page_url)
    if file is None or page is None or file.host != page.host:
        return
    for statement in statements:
        if statement.pattern is None or _covers(statement.pattern, page):
            yield statement.signal


def _robots_txt(text: str) -> Iterator[SiteStatement]:
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
            if key in _USES and (not agents or agents & {"*", PRODUCT_TOKEN}):
                path = _PATH.match(value)
                yield SiteStatement(Signal(f"robots.txt {key}", value), path[1] if path else None)


def _tdmrep(text: str) -> Iterator[SiteStatement]:
    """The rules with the locations that they cover (TDMRep section 5.2), one after the other."""
    rules = parse_json(text)
    for rule in rules[:_MOST_RULES] if isinstance(rules, list) else ():
        location = rule.get("location") if isinstance(rule, dict) else None
        if isinstance(location, str):
            for key in ("tdm-reservation", "tdm-policy"):
                if key in rule:
                    yield SiteStatement(Signal(f"tdmrep.json {key}", str(rule[key])), location)


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
        start = path.find(piece, at)
        if start < 0:
            return False
        at = start + len(piece)
    return not anchored or at == len(path)
