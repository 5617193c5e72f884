"""How somebody else asked for what their WARC file holds: the method, and what told the site who asks."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from scraper.archive.compose import ASKED_WITH
from scraper.archive.warc import WarcRecord, parse_fields, unbracketed
from scraper.model.exchange import read_fields
from scraper.model.url import without_credentials

GET: Final = "GET"
# Fields of a request with which a person, and not just anybody, asks (RFC 6265, RFC 9110 section 11.6.2, and usual ones).
_PERSONAL: Final = frozenset(
    {"cookie", "cookie2", "authorization", "x-api-key", "x-auth-token", "x-access-token", "x-session-token"}
)
_REQUEST_LINE: Final = re.compile(rb"[ \t\r\n]*([A-Za-z]+)[ \t]")
# Where tools say the method beside the request, or without one.
_METHOD_FIELDS: Final = ("WARC-Method", "WARC-Request-Method", "WARC-HTTP-Method", "HTTP-Method")
_METHOD_KEYS: Final = frozenset(
    {"method", "http-method", "httpmethod", "http_method", "request-method", "requestmethod"}
)
_METHOD_PARAMETER: Final = re.compile(r"[?&]__wb_method=([A-Za-z]+)")


@dataclass(frozen=True, slots=True)
class Asked:
    """``method`` is None where nothing says it; ``personal`` are the names of the fields that spoke for a person, sorted."""

    method: str | None = None
    personal: tuple[str, ...] = ()

    @property
    def is_get(self) -> bool:
        """Whether the answer is a capture of its URL: one to another method is none."""
        return self.method in {None, GET}

    def joined(self, other: "Asked") -> "Asked":
        """What the two say together; a method that is no GET is believed, whoever says it."""
        methods = [method for method in (self.method, other.method) if method]
        method = next((each for each in methods if each != GET), methods[0] if methods else None)
        return Asked(method, tuple(sorted({*self.personal, *other.personal})))


def asked_in(record: WarcRecord) -> Asked:
    """What a record says of the request that it is, or that it belongs to."""
    stated = Asked(next(_stated_methods(record), None), _stated_personal(record))
    if record.type != "request":
        return stated
    line = _REQUEST_LINE.match(record.block)
    fields = read_fields(record.block.partition(b"\r\n\r\n")[0])
    method = line[1].decode("ascii").upper() if line else None
    return stated.joined(Asked(method, personal_fields(fields)))


def personal_fields(fields: Iterable[tuple[str, str]], url: str = "") -> tuple[str, ...]:
    """Of the fields of a request the names of those that spoke for a person, sorted; so does a name or password in its ``url``."""
    names = {name.strip().lower() for name, value in fields if value} & _PERSONAL
    return tuple(sorted(names | ({"authorization"} if without_credentials(url) != url else set())))


def links_of(record: WarcRecord) -> tuple[str, ...]:
    """The ids by which a record and those of the same exchange know each other: its own, and those it names."""
    named = (unbracketed(value) for name, value in record.fields if name.lower() == "warc-concurrent-to")
    return tuple(each for each in dict.fromkeys((record.record_id, *named)) if each)


def _stated_methods(record: WarcRecord) -> Iterator[str]:
    for name in _METHOD_FIELDS:
        if value := record.get(name):
            yield value.strip().upper()
    yield from _methods_in_json(record.get("WARC-JSON-Metadata") or "")
    url = unbracketed(record.get("WARC-Target-URI") or "")
    if method := _METHOD_PARAMETER.search(url):
        yield method[1].upper()
    if record.type == "metadata":
        yield from (
            value.upper()
            for name, value in parse_fields(record.block)
            if name.strip().lower() in _METHOD_KEYS
        )
        yield from _methods_in_json(record.block.decode("utf-8", "replace"))


def _methods_in_json(text: str) -> Iterator[str]:
    if not text.lstrip().startswith("{"):
        return
    try:
        metadata = json.loads(text)
    except (ValueError, RecursionError):
        return
    yield from (
        value.upper()
        for name, value in metadata.items()
        if name.lower() in _METHOD_KEYS and isinstance(value, str)
    )


def _stated_personal(record: WarcRecord) -> tuple[str, ...]:
    names = {name.strip().lower() for name in (record.get(ASKED_WITH) or "").split(",")} - {""}
    url = unbracketed(record.get("WARC-Target-URI") or "")
    return tuple(sorted(names.union(personal_fields((), url))))
