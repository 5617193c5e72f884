"""Ledger lines without the URLs that lead to what was taken down."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scraper.takedown.payload import holds
from scraper.takedown.scope import Scope


def lines_of(path: Path) -> Iterator[bytes]:
    """The lines of a file of the ledger."""
    with path.open("rb") as file:
        yield from file


def names_subject(line: bytes, scope: Scope) -> bool:
    """Whether a line leads to what is taken down."""
    entry = _ledger_line(line)
    if entry is None:
        return holds(line, None, scope.traces)
    return any(scope.names_url(text) for text in _texts_of(entry))


def hashed(line: bytes, scope: Scope) -> bytes:
    """A ledger line without the URL that leads to what goes; its host, times and numbers stay, so that it can be judged."""
    if not names_subject(line, scope):
        return line
    entry = _ledger_line(line)
    if entry is None:
        return b""
    detail = {
        name: scope.rule.alias(value) if isinstance(value, str) and scope.names_url(value) else value
        for name, value in entry["detail"].items()
        if name != "payload_digest"
    }
    url = scope.rule.alias(entry["url"])
    return (json.dumps(entry | {"url": url, "detail": detail}, ensure_ascii=False) + "\n").encode()


def _texts_of(entry: Mapping[str, object]) -> Iterator[str]:
    detail = entry["detail"]
    values = [entry["url"], *(detail.values() if isinstance(detail, dict) else ())]
    yield from (value for value in values if isinstance(value, str))


def _ledger_line(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return (
        entry
        if isinstance(entry, dict)
        and isinstance(entry.get("detail"), dict)
        and isinstance(entry.get("url"), str)
        else None
    )
