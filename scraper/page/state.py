"""The state that a page's scripts start from: JSON of its own, what is assigned to a global name, Nuxt's, Next.js' streamed rows."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from scraper.page.devalue import unflatten
from scraper.page.flight import read_flight
from scraper.page.json_text import parse_json
from scraper.page.references import resolve_references
from scraper.page.script_values import read_script_value

_JSON_TYPE: Final = re.compile(r"application/(?:[\w.-]+\+)?json|text/json", re.IGNORECASE)
_LINKED: Final = "ld+json"
_NUXT: Final = "__NUXT_DATA__"
_FLIGHT: Final = "__next_f"
# Where a script hands a value to a global name.
_ASSIGNED: Final = re.compile(
    r"(?:\b(?:window|self|globalThis)\s*(?:\.\s*[\w$]+|\[\s*[\"'][^\"']{1,80}[\"']\s*\])|(?:\A|[;\n])\s*(?:var|let|const)\s+[\w$]+)\s*=\s*(?=[\[{(]|JSON\.parse)"
)
_MOST_ASSIGNED: Final = 40
# The sum of what is read of a page, in characters.
_MOST: Final = 4_000_000
_LEAST: Final = 40


def state_values(tree: LexborHTMLParser, hints: Sequence[str]) -> tuple[object, ...]:
    """The values in the scripts of a page that say one of ``hints``, which all are looked through for first.

    References between them are resolved: what holds itself is gone into once only.
    """
    left, streamed, values = _MOST, list[str](), list[object]()
    is_streamed = False
    for node in tree.css("script:not([src])"):
        attributes = node.attributes
        kind = (attributes.get("type") or "").strip().lower()
        if _LINKED in kind:
            continue
        text = node.text()
        if len(text) < _LEAST or (left := left - len(text)) < 0:
            continue
        is_hinted = any(hint in text for hint in hints)
        if _FLIGHT in text[:200]:
            streamed.append(text)
            is_streamed = is_streamed or is_hinted
        elif is_hinted:
            is_json = _JSON_TYPE.fullmatch(kind) or attributes.get("id") in {"__NEXT_DATA__", _NUXT}
            values += [parse_json(text)] if is_json else _assigned(text)
    resolved = [
        part for value in values if value is not None for part in resolve_references(unflatten(value))
    ]
    return (*resolved, *(read_flight(streamed) if is_streamed else ()))


def _assigned(script: str) -> Iterator[object]:
    """The values that a script assigns to global names."""
    decoder, at = json.JSONDecoder(), 0
    for _ in range(_MOST_ASSIGNED):
        match = _ASSIGNED.search(script, at)
        if match is None:
            return
        at = match.end()
        try:
            value, at = decoder.raw_decode(script, at)
        except (ValueError, RecursionError):
            value = read_script_value(script, at)
        if isinstance(value, dict | list):
            yield value
