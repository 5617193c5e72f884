"""Pages out of a HAR file (HTTP Archive 1.2), as browsers' developer tools, Playwright and proxies write it."""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from scraper.archive.asking import GET, Asked, personal_fields
from scraper.archive.replay import BODY_LIMIT
from scraper.errors import SkippableError
from scraper.jobs.imports.passed_over import NO_GET
from scraper.jobs.imports.saved_page import NotTaken, SavedPage
from scraper.model.capture import CapturedAtBasis
from scraper.model.exchange import first_header
from scraper.model.url import parse_url, without_credentials

_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_BEGINNING: Final = re.compile(rb"\s*\{\s*\"log\"\s*:\s*\{")
_PAGE_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_JSON: Final = json.JSONDecoder()
_WHITE: Final = re.compile(r"[ \t\r\n]*")
# JSON may escape one half of a character alone, which no text in UTF-8 can hold.
_LONE: Final = re.compile("[\ud800-\udfff]")
# Where the browser says what an answer is for (Fetch Metadata): what fills a frame of a page is no page of its own.
_FRAMES: Final = frozenset({"iframe", "frame", "embed", "object"})

# Why an answer is passed over, as the report has it.
_NO_PAGE: Final = "Answers that are no pages: pictures, styles, scripts, data."
_FRAME: Final = "Frames within pages."
_NO_SUCCESS: Final = "Answers with another status than 200."
_NO_BODY: Final = "Pages whose bodies the file does not have. Save it with the content of the answers."
_FILE_BESIDE: Final = "Pages whose bodies lie in files beside the HAR file. Record with the content embedded."
_UNREADABLE_BODY: Final = "Pages whose bodies are in an encoding that cannot be undone."
_TOO_LONG: Final = f"Pages of more than {BODY_LIMIT >> 20} MB."
_NO_ENTRY: Final = "Entries that say no URL."


def is_har(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is a HAR file."""
    try:
        return _BEGINNING.match(_utf8(head)) is not None
    except UnicodeDecodeError:
        return False


def read_har(data: bytes, name: str) -> Iterator[SavedPage | NotTaken]:
    """The pages in the HAR file ``name``, in its order, and what in it is none; one entry is in memory at a time.

    A page is an answer of HTML with status 200 to a GET. What is kept of it is its body: no field of request or answer. Of a file that breaks off
    the entries before that are read.

    Raises:
        SkippableError: it is no HAR file, or broken before its first entry.
    """
    text = _utf8(data).decode("utf-8", "replace")
    count = 0
    try:
        at = _member(text, _member(text, 0, "log"), "entries")
        for entry in _elements(text, at):
            count += 1
            yield _taken(_Entry(entry), name)
    except KeyError as error:
        raise SkippableError(f"{name} is JSON and no HAR file: it has no {error.args[0]}.") from error
    except (ValueError, RecursionError) as error:
        if not count:
            raise SkippableError(f"{name} is a broken HAR file ({error}). Save it again.") from error
        yield NotTaken(
            name, "failed", f"{name} breaks off behind entry {count} ({error}). Save it again for the rest."
        )


def _member(text: str, at: int, name: str) -> int:
    """Where the value of the member ``name`` of the JSON object at ``at`` begins.

    Raises:
        KeyError: there is none, or no object.
        ValueError: the object breaks off before it.
    """
    at = _blank(text, at)
    if text[at : at + 1] != "{":
        raise KeyError(name) if text[at:] else ValueError("it is empty")
    while text[at : at + 1] in {"{", ","}:
        at = _blank(text, at + 1)
        if text[at : at + 1] == "}":
            break
        key, at = _JSON.raw_decode(text, at)
        at = _blank(text, at)
        if text[at : at + 1] != ":":
            raise ValueError(f"no value at character {at}")
        at = _blank(text, at + 1)
        if key == name:
            return at
        at = _blank(text, _JSON.raw_decode(text, at)[1])
    if text[at : at + 1] != "}":
        raise ValueError(f"it breaks off at character {at}")
    raise KeyError(name)


def _elements(text: str, at: int) -> Iterator[object]:
    """The elements of the JSON array at ``at``, each read when it is asked for.

    Raises:
        KeyError: there is no array.
        ValueError: it breaks off.
    """
    if text[at : at + 1] != "[":
        raise KeyError("entries")
    if text.startswith("]", _blank(text, at + 1)):
        return
    while text[at : at + 1] in {"[", ","}:
        element, at = _JSON.raw_decode(text, _blank(text, at + 1))
        yield element
        at = _blank(text, at)
    if text[at : at + 1] != "]":
        raise ValueError(f"it breaks off at character {at}")


def _blank(text: str, at: int) -> int:
    """The place of the first character from ``at`` on that is no white space."""
    return _WHITE.match(text, at).end()  # type: ignore[union-attr] # it matches anywhere


def _utf8(data: bytes) -> bytes:
    mark, encoding = next(((mark, name) for mark, name in _BOMS if data.startswith(mark)), (b"", "utf-8"))
    kept = data[len(mark) :] if mark else data
    if encoding == "utf-8":
        return kept
    return kept[: len(kept) // 2 * 2].decode(encoding, "replace").encode()


class _Entry:
    """One entry, whose members may be missing or of another type than the standard has them."""

    def __init__(self, value: object) -> None:
        entry = _mapping(value)
        self.started = _text(entry, "startedDateTime")
        self._request = _mapping(entry.get("request"))
        self._response = _mapping(entry.get("response"))
        self.content = _mapping(self._response.get("content"))
        self.stated_url = _text(self._request, "url")

    @property
    def url(self) -> str | None:
        return without_credentials(self.stated_url) if parse_url(self.stated_url) else None

    @property
    def asked(self) -> Asked:
        fields = _fields(self._request)
        if self._request.get("cookies"):
            fields.append(("cookie", "set"))
        return Asked(_text(self._request, "method").upper() or GET, personal_fields(fields, self.stated_url))

    @property
    def destination(self) -> str:
        return (first_header(tuple(_fields(self._request)), "sec-fetch-dest") or "").strip().lower()

    @property
    def status(self) -> str:
        return str(self._response.get("status"))

    @property
    def content_type(self) -> str:
        stated = _text(self.content, "mimeType")
        return stated if "/" in stated else first_header(tuple(_fields(self._response)), "content-type") or ""

    @property
    def at(self) -> datetime | None:
        """When it was asked for, in UTC; None where that is not told with its zone."""
        try:
            moment = datetime.fromisoformat(self.started.strip())
            return moment.astimezone(UTC) if moment.tzinfo else None
        except (ValueError, OverflowError):
            return None


def _taken(entry: _Entry, name: str) -> SavedPage | NotTaken:
    url, at, asked = entry.url, entry.at, entry.asked
    if url is None:
        return NotTaken(name, "skipped", _NO_PAGE if entry.stated_url else _NO_ENTRY)
    name = f"{name}:{url}"
    kind = entry.content_type.partition(";")[0].strip().lower()
    if reason := _reason_to_skip(entry, asked, kind):
        return NotTaken(name, "skipped", reason)
    if reason := _lack(entry):
        return NotTaken(name, "failed", reason)
    basis: CapturedAtBasis = "asserted" if at else "unknown"
    text = _text(entry.content, "text")
    if not _encoding(entry):
        body = _LONE.sub("�", text).encode()
        return SavedPage(name, body, f"{kind}; charset=utf-8", url, at, basis, asked, decoded=True)
    try:
        body = b64decode(text)
    except ValueError:
        return NotTaken(name, "failed", _UNREADABLE_BODY)
    if not body.strip():
        return NotTaken(name, "failed", _NO_BODY)
    charset = _CHARSET.search(entry.content_type)
    media_type = f"{kind}; charset={charset[1]}" if charset else kind
    return SavedPage(name, body, media_type, url, at, basis, asked)


def _reason_to_skip(entry: _Entry, asked: Asked, kind: str) -> str | None:
    """Why an answer is no page that anybody would want; None where it is one."""
    if kind not in _PAGE_TYPES:
        return _NO_PAGE
    if not asked.is_get:
        return NO_GET
    if entry.status != "200":
        return _NO_SUCCESS
    return _FRAME if entry.destination in _FRAMES else None


def _lack(entry: _Entry) -> str | None:
    """Why a page cannot be had; None where it can."""
    text = _text(entry.content, "text")
    if not text.strip():
        return _FILE_BESIDE if _text(entry.content, "_file") else _NO_BODY
    if len(text) > BODY_LIMIT:
        return _TOO_LONG
    return None if _encoding(entry) in {"", "base64"} else _UNREADABLE_BODY


def _encoding(entry: _Entry) -> str:
    return _text(entry.content, "encoding").strip().lower()


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(mapping: dict[str, Any], name: str) -> str:
    value = mapping.get(name)
    return value if isinstance(value, str) else ""


def _fields(message: dict[str, Any]) -> list[tuple[str, str]]:
    fields = message.get("headers")
    each = [_mapping(field) for field in fields] if isinstance(fields, list) else []
    return [(_text(field, "name"), _text(field, "value")) for field in each]
