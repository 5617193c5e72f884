"""The judge's own reading of robots.txt: RFC 9309 and no more, written apart from the crawler's."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

# RFC 9309 section 2.5: at least 500 KiB are read.
_READ: Final = 512 * 1024
_TOKEN: Final = re.compile(r"[a-z_-]+|\*")
_DELAY: Final = re.compile(r"[0-9]{0,9}\.?[0-9]{0,9}")
_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED: Final = re.compile(r"[A-Za-z0-9._~-]")


class _Rule(NamedTuple):
    allow: bool
    pattern: str
    line: int


@dataclass(frozen=True, slots=True)
class AgentRules:
    """What a robots.txt says to one crawler: its rules, and the delay it asks for, in seconds."""

    rules: tuple[_Rule, ...] = ()
    crawl_delay: float = 0.0

    def refusal(self, url: str) -> str | None:
        """The line that refuses ``url``; None where it may be visited (sections 2.2.2 and 2.2.3)."""
        parts = urlsplit(url)
        path = _normal((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        matching = [rule for rule in self.rules if _covers(rule.pattern, path)]
        longest = max(matching, key=lambda rule: (len(rule.pattern), rule.allow), default=None)
        if longest is None or longest.allow:
            return None
        return f"line {longest.line}: Disallow: {longest.pattern}"


def read_rules(body: bytes, agent: str) -> AgentRules:
    """The rules for ``agent``, from all groups that name it, else from those for ``*`` (section 2.2.1)."""
    records = list(_records(body))
    agents = {value for _, key, value in records if key == "user-agent"}
    wanted = agent.lower() if agent.lower() in agents else "*"
    rules, delays = [], [0.0]
    named: set[str] = set()
    has_rules = False
    for line, key, value in records:
        if key == "user-agent":
            named = {value} if has_rules else named | {value}
            has_rules = False
        elif key in {"allow", "disallow"}:
            has_rules = has_rules or bool(named)
            if wanted in named and value:
                rules.append(_Rule(key == "allow", _normal(value), line))
        elif wanted in named and _DELAY.fullmatch(value) and any(map(str.isdigit, value)):
            delays.append(float(value))
    return AgentRules(tuple(rules), max(delays))


def _records(body: bytes) -> Iterator[tuple[int, str, str]]:
    """Line number, key in lower case, and value of each record; the value of User-agent is its product token."""
    whole = body if len(body) <= _READ else body[:_READ].rpartition(b"\n")[0]
    text = whole.decode("utf-8-sig", "surrogateescape")
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip(" \t").lower(), value.strip(" \t")
        if key == "user-agent":
            token = _TOKEN.match(value.lower())
            value = token[0] if token else ""
        if colon and key in {"user-agent", "allow", "disallow", "crawl-delay"}:
            yield number, key, value


def _normal(path: str) -> str:
    """One spelling for each path: unreserved characters plain, all beyond ASCII escaped, escapes in upper case."""
    escaped = quote(path.encode("utf-8", "surrogateescape"), safe="!#$%&'()*+,/:;=?@[]~")
    return _ESCAPE.sub(_plain_if_unreserved, escaped)


def _plain_if_unreserved(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if _UNRESERVED.fullmatch(character) else escape[0].upper()


def _covers(pattern: str, path: str) -> bool:
    """Whether a path begins with what a pattern describes; ``$`` at its end stands for the end of the path."""
    is_anchored = pattern.endswith("$")
    reached = {0}
    for piece in re.findall(r"\*|[^*]+", pattern.removesuffix("$")):
        if piece == "*":
            reached = set(range(min(reached), len(path) + 1))
        else:
            reached = {at + len(piece) for at in reached if path.startswith(piece, at)}
        if not reached:
            return False
    return not is_anchored or len(path) in reached
