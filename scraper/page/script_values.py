"""Values written in JavaScript: what scripts assign that is no JSON, and what Nuxt 2 wraps in a call.

Literals alone (ECMA-262 sections 12.9 and 13.2); nothing is run. Code gives None.
"""

import re
from dataclasses import dataclass
from typing import Final

from scraper.page.json_text import parse_json
from scraper.page.references import containers

_LEXEME: Final = re.compile(
    r"""\s*+(?:(?P<text>"[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*'|`[^`\\$]*(?:\\.[^`\\$]*)*`)"""
    r"""|(?P<number>-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_$][\w$]*)|(?P<sign>![01]|[][{}(),:;.=]))""",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(
    r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ESCAPES: Final = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "0": "\0",
    "\n": "",
    "\r\n": "",
}
_CONSTANTS: Final = {
    "true": True,
    "false": False,
    "null": None,
    "undefined": None,
    "NaN": None,
    "Infinity": None,
}
_CALL: Final = re.compile(r"\(\s*function\s*\(([\w$,\s]*)\)\s*\{")
_DEEPEST: Final = 200
_MOST: Final = 2_000_000


class _NoValueError(ValueError):
    """What stands there is no literal."""


@dataclass(frozen=True, slots=True)
class _Name:
    name: str


def read_script_value(script: str, start: int = 0) -> object:
    """The value of the literal, or of the call of a function that returns one, at ``start``; None where there is neither."""
    try:
        reader = _Reader(script[:_MOST], start)
        return reader.called() if _CALL.match(script, start) else _filled(reader.value(0), {})
    except (_NoValueError, RecursionError):
        return None


class _Reader:
    def __init__(self, script: str, at: int) -> None:
        self._script = script
        self._at = at

    def called(self) -> object:
        """What a function returns that is called on the spot, its parameters replaced by what it is called with."""
        opening = _CALL.match(self._script, self._at)
        if opening is None:
            raise _NoValueError
        parameters = [name.strip() for name in opening[1].split(",")]
        self._at = opening.end()
        kept: dict[str, dict[str, object]] = {}
        while not self._takes("return"):
            self._assignment(kept)
        value = self.value(0)
        self._takes(";")
        self._expect("}")
        self._takes(")")
        arguments = self._list("(", ")", 0)
        values = dict(zip(parameters, arguments, strict=False))
        for name, properties in kept.items():
            if isinstance(held := values.get(name), dict):
                held.update(properties)
        return _filled(value, values)

    def value(self, depth: int) -> object:
        """The value at the place."""
        kind, lexeme = self._next()
        if depth > _DEEPEST:
            raise _NoValueError
        if kind == "text":
            return _text(lexeme)
        if kind == "number":
            return float(lexeme) if set(lexeme) & set(".eE") else int(lexeme)
        if kind == "name":
            return self._named(lexeme, depth)
        if lexeme in {"!0", "!1"}:
            return lexeme == "!0"
        self._at -= len(lexeme)
        if lexeme == "[":
            return self._list("[", "]", depth)
        if lexeme == "{":
            return self._object(depth)
        raise _NoValueError

    def _named(self, name: str, depth: int) -> object:
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        if name == "void":
            self.value(depth + 1)
            return None
        if name == "new":
            name = self._next()[1]
        while self._takes("."):
            name = f"{name}.{self._next()[1]}"
        if self._peek() != "(":
            return _Name(name)
        given = self._list("(", ")", depth)
        first = given[0] if given else None
        if name == "JSON.parse" and isinstance(first, str):
            return parse_json(first)
        return first if name == "Date" else None

    def _list(self, opening: str, closing: str, depth: int) -> list[object]:
        self._expect(opening)
        values: list[object] = []
        while not self._takes(closing):
            if self._takes(","):
                values.append(None)
                continue
            values.append(self.value(depth + 1))
            if self._peek() != closing:
                self._expect(",")
        return values

    def _object(self, depth: int) -> dict[str, object]:
        self._expect("{")
        values: dict[str, object] = {}
        while not self._takes("}"):
            kind, lexeme = self._next()
            if kind not in {"text", "number", "name"}:
                raise _NoValueError
            key = _text(lexeme) if kind == "text" else lexeme
            if self._peek() in {",", "}"}:
                values[key] = _Name(key)
            else:
                self._expect(":")
                values[key] = self.value(depth + 1)
            if self._peek() != "}":
                self._expect(",")
        return values

    def _assignment(self, kept: dict[str, dict[str, object]]) -> None:
        """``a.id=7;``: how such functions write what stands in several places."""
        kind, name = self._next()
        self._expect(".")
        _, key = self._next()
        self._expect("=")
        if kind != "name":
            raise _NoValueError
        kept.setdefault(name, {})[key] = self.value(0)
        self._takes(";")

    def _next(self) -> tuple[str, str]:
        match = _LEXEME.match(self._script, self._at)
        if match is None or match.lastgroup is None:
            raise _NoValueError
        self._at = match.end()
        return match.lastgroup, match[match.lastgroup]

    def _peek(self) -> str | None:
        match = _LEXEME.match(self._script, self._at)
        return match[match.lastgroup] if match and match.lastgroup else None

    def _takes(self, lexeme: str) -> bool:
        if self._peek() != lexeme:
            return False
        self._next()
        return True

    def _expect(self, lexeme: str) -> None:
        if not self._takes(lexeme):
            raise _NoValueError


def _text(lexeme: str) -> str:
    text = _ESCAPE.sub(_escaped, lexeme[1:-1])
    if _SURROGATE.search(text) is None:
        return text
    # Two halves that escapes kept apart are one character again.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _escaped(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2] or escape[3]
    if code is None:
        return _ESCAPES.get(escape[4], escape[4])
    number = int(code, 16)
    return chr(number) if number <= 0x10FFFF else "\ufffd"


def _filled(value: object, names: dict[str, object]) -> object:
    """A value with what its names stand for; None for those that stand for nothing."""
    root: list[object] = [value]
    for holder in containers(root):
        if isinstance(holder, dict):
            holder.update({key: _meant(child, names) for key, child in holder.items()})
        else:
            holder[:] = [_meant(child, names) for child in holder]
    return root[0]


def _meant(child: object, names: dict[str, object]) -> object:
    if not isinstance(child, _Name):
        return child
    held = names.get(child.name)
    return None if isinstance(held, _Name) else held
