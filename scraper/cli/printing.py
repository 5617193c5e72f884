"""What a run prints as it is: results and the one JSON object of ``--json`` on stdout, a traceback on stderr."""

import json
import re
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Final

from scraper.model.outcome import Item, OutcomeWord, Report

# The outcomes that somebody has to look at.
TROUBLE: Final[tuple[OutcomeWord, ...]] = ("failed", "refused", "rejected")

# C0 and C1 controls, DEL, and the characters that turn the direction of text: a title must not drive a terminal.
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """``text`` with control characters shown as escapes, and lone surrogates replaced."""
    visible = _CONTROL.sub(lambda match: f"\\x{ord(match.group()):02x}", text)
    return visible.encode("utf-8", "replace").decode()


def item_line(item: Item) -> str:
    """One line for one item: what became of it, which post it is, and why where that needs saying."""
    name = item.post_id or item.target
    if item.reason is None:
        line = name
    else:
        line = item.reason if item.reason.startswith(name) else f"{name}: {item.reason}"
    return printable(f"{item.outcome:<8} {line}")


def print_json(command: str, report: Report, exit_code: int) -> None:
    """The one object that ``--json`` promises on stdout, item after item: there may be more than memory has room for."""
    head = {"command": command, "exit_code": exit_code, "counts": report.counts()}
    sys.stdout.write(f'{json.dumps(head)[:-1]}, "items": [')
    for number, item in enumerate(report.items):
        sys.stdout.write((", " if number else "") + json.dumps(asdict(item)))
    sys.stdout.write(f'], "outputs": {json.dumps(list(report.outputs))}')
    if report.data is not None:
        sys.stdout.write(', "data": ')
        sys.stdout.writelines(_data_json(report.data))
    sys.stdout.write("}\n")
    sys.stdout.flush()


def _data_json(data: Mapping[str, object]) -> Iterator[str]:
    """The object in pieces: of an iterator in it, one item after the other."""
    opening = "{"
    for key, value in data.items():
        yield f"{opening}{json.dumps(key)}: "
        opening = ", "
        if isinstance(value, Iterator):
            yield "["
            for number, item in enumerate(value):
                yield (", " if number else "") + json.dumps(item)
            yield "]"
        else:
            yield json.dumps(value)
    yield "}" if data else "{}"


def print_lines(lines: Iterable[str]) -> None:
    """Lines on stdout, out of our hands when this returns; what its encoding lacks is shown as escapes."""
    for line in lines:
        sys.stdout.write(f"{encodable(line)}\n")
    sys.stdout.flush()


def encodable(line: str) -> str:
    """``line`` with what the encoding of stdout lacks shown as escapes."""
    encoding = sys.stdout.encoding or "utf-8"
    return line.encode(encoding, "backslashreplace").decode(encoding)


def print_traceback(error: Exception) -> None:
    """Where an error that nobody expected came from, on stderr, safe for the terminal."""
    for line in "".join(traceback.format_exception(error)).splitlines():
        sys.stderr.write(printable(line) + "\n")
