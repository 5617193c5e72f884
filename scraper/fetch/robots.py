"""robots.txt as RFC 9309 has it: a parser, a matcher, and what each kind of answer permits.

Where Google's parser reads a file otherwise than the RFC, the stricter reading holds: a Disallow counts if either
has it cover the URL, an Allow only if both do; a line may lack its colon, and usual misspellings are understood.
``Crawl-delay`` is read as an extension, and so is a ``Content-Signal`` of ``use=immediate``: what nothing may be stored of
is not asked for.
"""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from scraper.model.content_signal import CONTENT_SIGNALS, scoped, use_left
from scraper.model.stores import RobotsCopy
from scraper.model.url import parse_url

ROBOTS_PATH: Final = "/robots.txt"
# RFC 9309 section 2.5 asks for at least 500 KiB.
MAX_ROBOTS_BYTES: Final = 512 * 1024

# How much of a pattern is quoted in the ledger, in octets.
MAX_RULE_TEXT: Final = 200
# Google's parser reads no further into a line.
GOOGLE_LINE_BYTES: Final = 2083 * 8 - 1

_LINE: Final = re.compile(rb"[ \t]*(user[ -]?agent|[a-z-]+)[ \t]*[: \t][ \t]*(.*)", re.DOTALL | re.IGNORECASE)
_USER_AGENT: Final = frozenset({b"user-agent", b"useragent", b"user agent"})
_DISALLOW: Final = frozenset({b"disallow", b"dissallow", b"dissalow", b"disalow", b"diasllow", b"disallaw"})
_CONTENT_SIGNALS: Final = frozenset(name.encode() for name in CONTENT_SIGNALS)
_PRODUCT_TOKEN: Final = re.compile(rb"[A-Za-z_-]+")
_ANY_AGENT: Final = re.compile(rb"\*(?=\s|$)")
_SECONDS: Final = re.compile(rb"\d{1,9}(\.\d{0,9})?|\.\d{1,9}")

# RFC 3986: an escape, or an octet that is neither unreserved nor reserved. ``$`` is spelled %24 so that only
# the end anchor of a pattern means anything.
_TO_RESPELL: Final = re.compile(rb"%([0-9A-Fa-f]{2})|([^A-Za-z0-9._~!&'()*+,;=:@/?#\[\]%-])")
# Unreserved octets, and the reserved ones that delimit nothing in a path or a query.
_SAME_WHEN_ESCAPED: Final = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!'(),;:@[]"
)
_ESCAPED_IN_QUERY: Final = re.compile(rb"%(2F|3F)")
_ESCAPE: Final = re.compile(rb"%[0-9A-Fa-f]{2}")
_ESCAPE_OR_BEYOND_ASCII: Final = re.compile(_ESCAPE.pattern + rb"|[\x80-\xff]")
_AFTER_AUTHORITY: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*([^#]*)", re.DOTALL)


class RobotsVerdict(NamedTuple):
    """Whether a URL may be visited, and the rule that says so, in words for the ledger."""

    allowed: bool
    rule: str


class Spellings(NamedTuple):
    """A pattern, or the path and query of a URL, as each reading compares it.

    ``plain``: RFC 9309 section 2.2.2. ``unescaped``: as plain, with ``/`` and ``?`` unescaped in the query, for
    the table there has ``?u=https://a.b`` equal ``?u=https%3A%2F%2Fa.b``. ``literal``: as Google does it,
    escapes left alone and long lines cut.
    """

    plain: bytes
    unescaped: bytes
    literal: bytes


@dataclass(frozen=True, slots=True)
class RobotsRule:
    """One Allow or Disallow line, or a Content-Signal that forbids as much. ``line`` counts from 1; an ``anchored`` pattern must reach the URL's end."""

    allow: bool
    line: int
    text: str
    anchored: bool
    pattern: Spellings

    @property
    def specificity(self) -> int:
        """The length of the pattern in octets: the longest match decides."""
        return len(self.pattern.plain) + self.anchored

    def matches(self, target: Spellings) -> bool:
        """Whether the rule covers the target: a Disallow in any reading, an Allow only in the RFC's and Google's."""
        plain, unescaped, literal = (
            _covers(pattern, octets, anchored=self.anchored)
            for pattern, octets in zip(self.pattern, target, strict=True)
        )
        return plain and literal if self.allow else plain or unescaped or literal


@dataclass(frozen=True, slots=True)
class Group:
    """The rules for some product tokens (lower case; ``*`` for every crawler), and any delays, in seconds."""

    agents: frozenset[str]
    rules: tuple[RobotsRule, ...]
    crawl_delays: tuple[float, ...]


class UnstoredPages(NamedTuple):
    """The pages of which nothing may be stored, for the crawlers that ``agents`` name; for all where there are none."""

    agents: frozenset[str]
    rule: RobotsRule

    def binds(self, token: str) -> bool:
        """Whether a crawler of this product token, in lower case, has to leave the pages alone."""
        return not self.agents or not self.agents.isdisjoint((token, "*"))


@dataclass(frozen=True, slots=True)
class Robots:
    """What one robots.txt says. ``blanket`` is the verdict on every page where the answer was no rules at all.

    ``unstored`` are pages that may be asked for by the rules, and that a Content-Signal lets nobody keep.
    """

    groups: tuple[Group, ...] = ()
    blanket: RobotsVerdict | None = None
    unstored: tuple[UnstoredPages, ...] = ()

    @property
    def is_refusal(self) -> bool:
        """Whether the answer for robots.txt refuses every page."""
        return self.blanket is not None and not self.blanket.allowed

    def verdict(self, product_token: str, url: str) -> RobotsVerdict:
        """Whether the crawler may visit ``url``: the longest matching pattern decides, Allow wins a tie.

        RFC 9309 section 2.2.2. ``/robots.txt`` itself is always allowed. Of Content-Signals, those for all crawlers bind
        beside those for this one.
        """
        target = _target(url)
        if target.plain == ROBOTS_PATH.encode():
            return RobotsVerdict(allowed=True, rule="robots.txt itself may always be asked for")
        if self.blanket:
            return self.blanket
        rules = [rule for group in self._groups_for(product_token) for rule in group.rules]
        best = max(
            (rule for rule in rules if rule.matches(target)),
            key=lambda rule: (rule.specificity, rule.allow),
            default=None,
        )
        if best is None or best.allow:
            token = product_token.lower()
            signals = (each.rule for each in self.unstored if each.binds(token))
            best = next((rule for rule in signals if rule.matches(target)), best)
        if best is None:
            return RobotsVerdict(allowed=True, rule="no rule of robots.txt matches")
        return RobotsVerdict(best.allow, f"robots.txt line {best.line}: {best.text}")

    def crawl_delay(self, product_token: str) -> float | None:
        """The gap that robots.txt asks this crawler for, in seconds; the longest where it names several."""
        delays = [delay for group in self._groups_for(product_token) for delay in group.crawl_delays]
        return max(delays, default=None)

    def _groups_for(self, product_token: str) -> tuple[Group, ...]:
        """All groups that name the token, else all for ``*`` (section 2.2.1: groups of one token are one)."""
        token = product_token.lower()
        named = tuple(group for group in self.groups if token in group.agents)
        return named or tuple(group for group in self.groups if "*" in group.agents)


def parse_robots(body: bytes) -> Robots:
    """The groups of a robots.txt. Never raises: lines that make no sense are passed over (section 2.2)."""
    groups: list[_OpenGroup] = []
    unstored: list[UnstoredPages] = []
    named = _NamedAgents()
    for number, key, value, cut in _lines(body):
        if key in _USER_AGENT:
            if not groups or groups[-1].rules:
                groups.append(_OpenGroup(set(), [], []))
            groups[-1].agents.update(_agents(value))
            named.add(_agents(value))
            continue
        named.is_complete |= key in {b"allow", *_DISALLOW, *_CONTENT_SIGNALS}
        if key in _CONTENT_SIGNALS:
            rule = _unstored(value, number)
            unstored += [UnstoredPages(frozenset(named.agents), rule)] if rule else []
        elif groups and (key == b"allow" or key in _DISALLOW):
            groups[-1].rules.append(_rule(value, cut, number, allow=key == b"allow"))
        elif groups and key == b"crawl-delay" and _SECONDS.fullmatch(value):
            groups[-1].delays.append(float(value))
    return Robots(tuple(group.closed() for group in groups), unstored=tuple(unstored))


def judge(copy: RobotsCopy | None, parse: Callable[[bytes], Robots] = parse_robots) -> Robots:
    """The rules that a copy stands for, by the status it came with (RFC 9309 section 2.3.1).

    2xx: its rules. 4xx: everything is allowed, except that 429 refuses as 5xx and no answer do. A redirect that
    led nowhere refuses too. A copy that refuses keeps its delays, which may come from an older body.
    """
    if copy is None or copy.status is None:
        blanket = RobotsVerdict(allowed=False, rule="robots.txt could not be reached")
    elif 200 <= copy.status <= 299:
        return parse(copy.body)
    elif 400 <= copy.status <= 499 and copy.status != 429:
        return Robots(
            blanket=RobotsVerdict(allowed=True, rule=f"robots.txt answered {copy.status}: there is none")
        )
    else:
        blanket = RobotsVerdict(allowed=False, rule=f"robots.txt answered {copy.status}")
    return Robots(parse(copy.body).groups if copy else (), blanket)


class _OpenGroup(NamedTuple):
    """A group that is still being read."""

    agents: set[str]
    rules: list[RobotsRule | None]
    delays: list[float]

    def closed(self) -> Group:
        rules = tuple(rule for rule in self.rules if rule is not None)
        return Group(frozenset(self.agents), rules, tuple(self.delays))


@dataclass(slots=True)
class _NamedAgents:
    """The crawlers that the lines below speak to; a Content-Signal ends a row of names as a rule does."""

    agents: set[str] = field(default_factory=set)
    is_complete: bool = False

    def add(self, agents: Iterable[str]) -> None:
        self.agents = {*agents} if self.is_complete else {*self.agents, *agents}
        self.is_complete = False


def _lines(body: bytes) -> Iterator[tuple[int, bytes, bytes, bytes]]:
    """Each line that has a key: its number, key in lower case, value without comment, and value as Google cuts it."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        body = body.decode("utf-16", "replace").encode()
    body = body.removeprefix(codecs.BOM_UTF8)
    if len(body) > MAX_ROBOTS_BYTES:
        # A line cut in two could allow more than the whole one did.
        body = body[: max(body.rfind(b"\n", 0, MAX_ROBOTS_BYTES), body.rfind(b"\r", 0, MAX_ROBOTS_BYTES)) + 1]
    for number, line in enumerate(body.splitlines(), start=1):
        match = _LINE.fullmatch(line.partition(b"#")[0])
        if match:
            kept = max(0, GOOGLE_LINE_BYTES - match.start(2))
            yield number, match[1].lower(), match[2].strip(b" \t"), match[2][:kept].strip(b" \t")


def _agents(value: bytes) -> Iterator[str]:
    """The token a User-agent line names: up to the first octet that no token has, so ``FooBot/2.0`` is FooBot."""
    match = _ANY_AGENT.match(value) or _PRODUCT_TOKEN.match(value)
    if match:
        yield match[0].decode("ascii").lower()


def _rule(value: bytes, cut: bytes, number: int, *, allow: bool) -> RobotsRule | None:
    """The rule of an Allow or Disallow line; None where its pattern is empty and so matches nothing."""
    if not value:
        return None
    return RobotsRule(
        allow=allow,
        line=number,
        text=f"{'Allow' if allow else 'Disallow'}: {value[:MAX_RULE_TEXT].decode(errors='replace')}",
        anchored=value.endswith(b"$"),
        pattern=_spellings(
            value.removesuffix(b"$"), _ESCAPE_OR_BEYOND_ASCII.sub(_escape, cut.removesuffix(b"$"))
        ),
    )


def _unstored(value: bytes, number: int) -> RobotsRule | None:
    """The rule that a Content-Signal comes to where it lets nobody store the pages; None where it does not."""
    text = value.decode(errors="replace")
    if use_left(text) != "immediate":
        return None
    pattern = (scoped(text)[0] or "/").encode()
    rule = _rule(pattern, pattern, number, allow=False)
    return replace(rule, text=f"Content-Signal: {text[:MAX_RULE_TEXT]}") if rule else None


def _target(url: str) -> Spellings:
    """What patterns are compared with: the path and the query; ``/`` where ``url`` is no http(s) URL."""
    parsed = parse_url(url)
    if parsed is None:
        return Spellings(b"/", b"/", b"/")
    path = _after_authority(parsed.href)
    literal = _after_authority(url) or path
    return _spellings(path.replace(b"*", b"%2A"), _ESCAPE.sub(_escape, literal))


def _after_authority(url: str) -> bytes:
    match = _AFTER_AUTHORITY.match(url)
    if match is None:
        return b""
    return (match[1] if match[1].startswith("/") else "/" + match[1]).encode()


def _spellings(octets: bytes, literal: bytes) -> Spellings:
    plain = _TO_RESPELL.sub(_respell, octets)
    path, mark, query = plain.partition(b"?")
    unescaped = path + mark + _ESCAPED_IN_QUERY.sub(lambda match: bytes.fromhex(match[1].decode()), query)
    return Spellings(plain, unescaped, literal)


def _respell(match: re.Match[bytes]) -> bytes:
    octet = int(match[1], 16) if match[1] else match[2][0]
    return bytes((octet,)) if octet in _SAME_WHEN_ESCAPED else b"%%%02X" % octet


def _escape(match: re.Match[bytes]) -> bytes:
    return match[0].upper() if match[0].startswith(b"%") else b"%%%02X" % match[0][0]


def _covers(pattern: bytes, target: bytes, *, anchored: bool) -> bool:
    """Whether the target begins with the pattern, ``*`` being any octets; when anchored, whether it is all of it."""
    first, *middle = pattern.split(b"*")
    if not target.startswith(first):
        return False
    if not middle:
        return not anchored or target == first
    last = middle.pop() if anchored else b""
    at = len(first)
    for piece in middle:
        place = target.find(piece, at)
        if place < 0:
            return False
        at = place + len(piece)
    return target.endswith(last) and len(target) - len(last) >= at
