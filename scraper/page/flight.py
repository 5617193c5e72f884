"""React's flight format, which Next.js' app router pushes into its pages: rows of models that refer to each other.

As React 18 and 19 write it (``react-client/src/ReactFlightClient.js``) and Next.js cuts it into scripts
(``next/src/server/app-render/use-flight-response.tsx``).
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from scraper.page.json_text import parse_json
from scraper.page.references import Container, children, containers

_PUSH: Final = re.compile(r"__next_f(?:\s*\|\|\s*\[\]\s*\))?\.push\(\s*")
_TEXT_CHUNK: Final = 1
_BINARY_CHUNK: Final = 3
# Rows of text and of bytes tell their length in bytes; others end with their line.
_ROW: Final = re.compile(rb"([0-9a-f]{0,8}):(?:([AGLMOSTUVbglmos])([0-9a-f]{1,8}),)?")
# A row, as it is or as a lazy part, promise, map, set or iterator, and the keys that lead into it.
_REFERENCE: Final = re.compile(r"\$[@LQWi]?([0-9a-f]{1,8})((?::[^:]*){0,64})")
_INDEX: Final = re.compile(r"[0-9]{1,7}")
_ELEMENT: Final = {"type": "1", "key": "2", "props": "3"}
# Rows that refer to each other in a circle stand for nothing.
_MOST_STEPS: Final = 128
_MOST_STEPS_OF_A_PAGE: Final = 2_000_000


def read_flight(scripts: Iterable[str]) -> list[Container]:
    """The objects and lists that the inline scripts of a page push, references replaced by what they name.

    Rows that another row refers to are met there, and come by themselves only where nothing else leads to them.
    Dates and big integers are text. What is no data (code, symbols, ``undefined``) or was not captured is None.
    Values are shared, and may hold themselves.
    """
    rows = list(_rows(b"".join(chunk for script in scripts for chunk in _chunks(script))))
    models = [model for _, model in rows if isinstance(model, dict | list)]
    named = _resolve(models, dict(reversed(rows)))
    roots = [model for model in models if id(model) not in named]
    placed = {id(holder) for holder in containers(*roots)}
    return roots + [model for model in models if id(model) not in placed]


def _resolve(models: Sequence[Container], rows: Mapping[str, object]) -> set[int]:
    """Put what strings stand for in their place; the identities of the values that some stood for.

    All are told before any is replaced: ``$$5`` is the text ``$5``, and no reference thereafter.
    """
    steps, named = iter(range(_MOST_STEPS_OF_A_PAGE)), set[int]()
    replacements: list[tuple[Container, list[object]]] = []
    for holder in containers(*models):
        held = children(holder)
        if any(map(_is_encoded, held)):
            told = [_decoded(child, rows, steps) for child in held]
            named.update(id(new) for old, new in zip(held, told, strict=True) if new is not old)
            replacements.append((holder, told))
    for holder, told in replacements:
        if isinstance(holder, dict):
            holder.update(zip(list(holder), told, strict=True))
        else:
            holder[:] = told
    return named


def _chunks(script: str) -> Iterator[bytes]:
    """The parts of the stream that a script pushes."""
    decoder, at = json.JSONDecoder(), 0
    while push := _PUSH.search(script, at):
        try:
            chunk, at = decoder.raw_decode(script, push.end())
        except (ValueError, RecursionError):
            # A browser runs none of it.
            return
        match chunk:
            case [kind, str(text)] if kind == _TEXT_CHUNK:
                yield text.encode("utf-8", "surrogatepass")
            case [kind, str(text)] if kind == _BINARY_CHUNK:
                yield _bytes(text)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except ValueError:
        return b""


def _rows(stream: bytes) -> Iterator[tuple[str, object]]:
    """Id and model of each row of data. Texts are given as models write them; one that was cut is left out."""
    at = 0
    while at < len(stream):
        row = _ROW.match(stream, at)
        if row and row[2]:
            start, at = row.end(), row.end() + int(row[3], 16)
            if row[2] == b"T" and at <= len(stream):
                text = stream[start:at].decode("utf-8", "replace")
                yield row[1].decode(), "$" + text if text.startswith("$") else text
            continue
        end = stream.find(b"\n", at)
        end = end if end >= 0 else len(stream)
        if row and (model := parse_json(stream[row.end() : end])) is not None:
            yield row[1].decode(), model
        at = end + 1


def _is_encoded(child: object) -> bool:
    return isinstance(child, str) and child.startswith("$") and child != "$"


def _decoded(value: object, rows: Mapping[str, object], steps: Iterator[int]) -> object:
    """What a child of a model stands for; ``steps`` are those left to a page."""
    if not _is_encoded(value):
        return value
    path: list[str] = []
    for _ in islice(steps, _MOST_STEPS):
        if isinstance(value, str) and (reference := _REFERENCE.fullmatch(value)):
            path += reversed(reference[2].split(":")[1:])
            value = rows.get(reference[1])
        elif path:
            value = _child(value, path.pop())
        else:
            return _literal(value)
    return None


def _child(value: object, key: str) -> object:
    if isinstance(value, list):
        index = _ELEMENT.get(key, key) if value[:1] == ["$"] else key
        return value[int(index)] if _INDEX.fullmatch(index) and int(index) < len(value) else None
    return value.get(key) if isinstance(value, dict) else None


def _literal(value: object) -> object:
    """A value that is no reference: ``$$`` is a dollar sign, ``$D`` a date, ``$n`` a big integer."""
    if not isinstance(value, str) or not _is_encoded(value):
        return value
    if value[1] == "$":
        return value[1:]
    return value[2:] if value[1] in "Dn" else None
