"""What a site says of the use of its pages in files of its own: robots.txt and ``/.well-known/tdmrep.json``."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from scraper.model.content_signal import CONTENT_SIGNALS, scoped
from scraper.model.product import PRODUCT_TOKEN
from scraper.model.record import Signal
from scraper.model.url import parse_url
from scraper.page.document import Document
from scraper.page.json_text import parse_json
from scraper.page.path_pattern import covers, length_of, path_of

ROBOTS_PATH: Final = "/robots.txt"
TDMREP_PATH: Final = "/.well-known/tdmrep.json"
SITE_FILES: Final = (ROBOTS_PATH, TDMREP_PATH)

LICENSE: Final = "robots.txt license"
CONTENT_SIGNAL_NAMES: Final = frozenset(f"robots.txt {name}" for name in CONTENT_SIGNALS)

_MOST_CHARACTERS: Final = 1 << 19
_LINE: Final = re.compile(r"[ \t]*([A-Za-z-]+)[ \t]*:[ \t]*([^#\r\n]*)")
_AGENT: Final = re.compile(r"\*(?=\s|$)|[a-z_-]+")
_CONTENT_USAGE: Final = "content-usage"
_LICENSE: Final = "license"
# A License line is none: whoever does not know it reads the group as if it were not there (RFC 9309 section 2.2.4).
_RULES: Final = frozenset({"allow", "disallow", _CONTENT_USAGE, *CONTENT_SIGNALS})
_MOST_RULES: Final = 1_000


def is_site_file(url: str) -> bool:
    """Whether a URL is that of a host's robots.txt or tdmrep.json."""
    if not url.endswith(SITE_FILES):
        return False
    parsed = parse_url(url)
    return parsed is not None and not parsed.query and parsed.path in SITE_FILES


@dataclass(frozen=True, slots=True)
class SiteStatement:
    """A signal that a site file gives for the pages of its host whose paths ``pattern`` covers; for all where it is None.

    Of those that go ``by_length`` the ones with the longest pattern that covers a page decide, and no others count.
    """

    signal: Signal
    pattern: str | None
    by_length: bool = False

    @property
    def length(self) -> int:
        """The length of the pattern in octets; a statement for all pages is one for ``/``."""
        return length_of(self.pattern or "/")


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
    path = path_of(page)
    covering = [each for each in statements if each.pattern is None or covers(each.pattern, path)]
    longest = max((each.length for each in covering if each.by_length), default=0)
    for statement in covering:
        if not statement.by_length or statement.length == longest:
            yield statement.signal


@dataclass(slots=True)
class _Group:
    """A group of robots.txt while it is read: whom it names, and the lines in it that speak of use."""

    agents: set[str] = field(default_factory=set)
    lines: list[tuple[str, str]] = field(default_factory=list)
    has_rules: bool = False

    def of(self, key: str) -> list[str]:
        return [value for name, value in self.lines if name == key]


def _robots_txt(text: str) -> Iterator[SiteStatement]:
    """What the groups for us say of use, and what stands in none.

    The lines of Content-Signal for all crawlers count beside those for us. Those of Content-Usage count in the group that names
    us, else in that for all (draft-ietf-aipref-attach-05 section 3.1); those of License in the same, and where it has none, those
    outside of groups (RSL 1.0 section 4.4.2).
    """
    groups = _groups(text.removeprefix("\ufeff"))
    ours = [group for group in groups if PRODUCT_TOKEN in group.agents]
    everybody = [group for group in groups if "*" in group.agents and PRODUCT_TOKEN not in group.agents]
    outside = [group for group in groups if not group.agents]
    for group in (*outside, *everybody, *ours):
        for key, value in group.lines:
            if key in CONTENT_SIGNALS:
                yield SiteStatement(Signal(f"robots.txt {key}", value), scoped(value)[0])
    for group in (*outside, *(ours or everybody)):
        for value in group.of(_CONTENT_USAGE):
            signal = Signal(f"robots.txt {_CONTENT_USAGE}", value)
            yield SiteStatement(signal, scoped(value)[0], by_length=True)
    own = [value for group in ours or everybody for value in group.of(_LICENSE)]
    for value in own or [value for group in outside for value in group.of(_LICENSE)]:
        yield SiteStatement(Signal(LICENSE, value), None)


def _groups(text: str) -> list[_Group]:
    """The groups of a robots.txt; the first one is of the lines outside of all groups, and names nobody.

    A License line after a blank one stands apart from the group above it, as a Sitemap line at the end of a file does.
    """
    outside = _Group()
    groups = [outside]
    is_apart = False
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            is_apart |= not line.strip()
            continue
        key, value = match[1].lower(), match[2].strip()
        if key == "user-agent":
            agent = _AGENT.match(value.lower())
            if groups[-1].has_rules or not groups[-1].agents:
                groups.append(_Group())
            groups[-1].agents.add(agent[0] if agent else value.lower())
            is_apart = False
        elif key == _LICENSE and is_apart:
            outside.lines.append((key, value))
        elif key in _RULES or key == _LICENSE:
            groups[-1].has_rules |= key in _RULES
            groups[-1].lines.append((key, value))
            is_apart = False
    return groups


def _tdmrep(text: str) -> Iterator[SiteStatement]:
    """The rules with the locations that they cover (TDMRep section 5.2), one after the other."""
    rules = parse_json(text)
    for rule in rules[:_MOST_RULES] if isinstance(rules, list) else ():
        location = rule.get("location") if isinstance(rule, dict) else None
        if isinstance(location, str):
            for key in ("tdm-reservation", "tdm-policy"):
                if key in rule:
                    yield SiteStatement(Signal(f"tdmrep.json {key}", str(rule[key])), location)
