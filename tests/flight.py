"""Pages of Next.js' app router: a value as rows of React's flight format, pushed by scripts that cut it anywhere."""

import base64
import json
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

# Rows that hold no data: code, hints, errors, the start of a stream, bytes that look like the end of a line.
NOISE = (
    b'2:I[12345,["10","static/chunks/10.js"],"default"]\n',
    b':HL["/_next/static/css/a.css","style"]\n',
    b'3:E{"digest":"1"}\n',
    b"4:R\n",
    b"6:o6,\x00\xff\n9:{",
    b'1:"$Sreact.fragment"\n',
)


def rows(value: Any, is_row: Callable[[Any], bool]) -> list[bytes]:
    """The rows that tell ``value``, last its own; ``is_row`` says of each text, list and object whether it gets one."""
    done: list[bytes] = []

    def encoded(item: Any) -> Any:
        if isinstance(item, str):
            return referred("", text_row(item)) if is_row(item) else escaped(item)
        if isinstance(item, dict):
            model: Any = {key: encoded(child) for key, child in item.items()}
        elif isinstance(item, list):
            model = [encoded(child) for child in item]
        else:
            return item
        return referred("L", model_row(model)) if is_row(item) else model

    def referred(kind: str, row: bytes) -> str:
        number = f"{len(done) + 16:x}"
        done.append(number.encode() + b":" + row)
        return f"${kind}{number}"

    model = encoded(value)
    return [*done, b"0:" + model_row(model)]


def text_row(text: str) -> bytes:
    """A row of text, without its id: its length in bytes, and no line end."""
    content = text.encode()
    return b"T%x,%s" % (len(content), content)


def model_row(model: Any) -> bytes:
    """A row of JSON, without its id."""
    return json.dumps(model, ensure_ascii=False).encode() + b"\n"


def escaped(text: str) -> str:
    """A text as models write it."""
    return "$" + text if text.startswith("$") else text


def scripts(stream: bytes, cuts: Iterable[int] = ()) -> list[str]:
    """The scripts that push a stream, cut at these bytes: as text, or as base64 where a cut is within a character."""
    bounds = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    return ["(self.__next_f=self.__next_f||[]).push([0])", *(_push(stream[a:b]) for a, b in pairwise(bounds))]


def page(*all_rows: bytes) -> str:
    """A page that is nothing but the scripts of its rows."""
    pushed = (script.replace("<", "\\u003c") for script in scripts(b"".join(all_rows), range(0, 99_999, 301)))
    return "<body>" + "".join(f"<script>{script}</script>" for script in pushed) + "</body>"


def _push(chunk: bytes) -> str:
    try:
        payload = [1, chunk.decode()]
    except UnicodeDecodeError:
        payload = [3, base64.b64encode(chunk).decode()]
    return f"self.__next_f.push({json.dumps(payload)})"
