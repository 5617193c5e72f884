"""URLs as the WHATWG standard reads them, and the one spelling under which we keep each."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final
from urllib.parse import parse_qsl

import can_ada

# Parameters that say who shared a link, never what it leads to. Version 1 of the list.
TRACKING_PARAMETERS: Final = re.compile(
    r"^(utm_[a-z_]+|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|igshid|mc_cid|mc_eid|_hsenc|_hsmi|ref_src)$"
)
# What a server hands each visitor to be known by: a name that says so, or a value that no page is named by.
_SESSION: Final = re.compile(
    r"(?:(?:(?:php|asp\.?net_?|j)?sess(?:ion)?_?id|sid|cfid|cftoken|zenid|oscsid|phpsessid)=[a-z0-9,-]{16,}|s=[0-9a-f]{32})\Z",
    re.IGNORECASE,
)
_SESSION_IN_PATH: Final = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
# RFC 3986 section 3.2.1, with slashes of either kind and also where the scheme is missing.
_USERINFO: Final = re.compile(r"(^|[/\\]{2})[^/\\?#\s]*@")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
# What the URL standard strips around a reference, and takes out of its midst.
_AROUND: Final = "".join(map(chr, range(0x21)))
_WITHIN: Final = str.maketrans("", "", "\t\n\r")
_REFERENCE_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SLASHES: Final = ("/", "\\")
_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED: Final = re.compile(r"[A-Za-z0-9._~-]")
# Longer ones are parsed each time: they would take too much memory to remember.
_USUAL_LENGTH: Final = 500
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]+")


@dataclass(frozen=True, slots=True)
class Url:
    """A parsed http or https URL. ``host`` is lower case, without port; ``port`` is the port in effect."""

    href: str
    scheme: str
    host: str
    port: int
    path: str
    query: str

    @property
    def origin(self) -> str:
        """Scheme, host and any port that is not the scheme's own: ``https://careerly.co.kr``."""
        default = _DEFAULT_PORTS[self.scheme]
        return f"{self.scheme}://{self.host}" + ("" if self.port == default else f":{self.port}")

    def parameter(self, name: str) -> str | None:
        """The first value of a query parameter; None where it is missing."""
        return next(
            (value for key, value in parse_qsl(self.query, keep_blank_values=True) if key == name), None
        )


def parse_url(text: str) -> Url | None:
    """``text`` as an absolute http(s) URL without fragment and credentials, or None where it is no such URL.

    Hosts, dots and escapes are normalised as browsers do it (WHATWG URL); the query keeps its order.
    """
    return _parsed_before(text) if len(text) <= _USUAL_LENGTH else _as_url(text)


def _as_url(text: str) -> Url | None:
    parsed = _parsed(text)
    scheme = parsed.protocol.rstrip(":") if parsed else ""
    if parsed is None or scheme not in _DEFAULT_PORTS or not parsed.hostname:
        return None
    port = int(parsed.port) if parsed.port else _DEFAULT_PORTS[scheme]
    # Each of these has the whole URL parsed anew.
    if "#" in text:
        parsed.hash = ""
    if "@" in text:
        parsed.username = parsed.password = ""
    return Url(parsed.href, scheme, parsed.hostname, port, parsed.pathname, parsed.search.removeprefix("?"))


# A page, and the pages of a host, name the same few again and again.
_parsed_before: Final = lru_cache(maxsize=2048)(_as_url)


def _parsed(text: str) -> can_ada.URL | None:
    try:
        text.encode()
        return can_ada.parse(text)
    except ValueError:
        return None


def host_of(text: str) -> str:
    """The host of an http(s) URL; empty where ``text`` is none."""
    url = parse_url(text)
    return url.host if url else ""


def without_credentials(text: str) -> str:
    """``text`` without the user name and the password of the URL that it is or nearly is; otherwise unchanged.

    They are never sent, and whatever a user typed is repeated in reports, ledger and archive.
    """
    parsed = _parsed(text.strip())
    if parsed and parsed.protocol == "mailto:":
        return text
    if parsed is None:
        return _USERINFO.sub(r"\1", text)
    if not (parsed.username or parsed.password):
        return text if parsed.hostname else _USERINFO.sub(r"\1", text)
    parsed.username = parsed.password = ""
    return parsed.href


@dataclass(frozen=True)
class Base:
    """What the references of a document are resolved against: its base URL, and the codec that it is written in.

    The query of a reference is sent in that encoding (WHATWG URL 4.4, query state); of UTF-16 and of documents whose encoding
    nobody knows in UTF-8 (WHATWG Encoding 4.3, "get an output encoding").
    """

    url: str
    encoding: str = "utf-8"

    def resolve(self, reference: str) -> str | None:
        """The absolute http(s) URL that ``reference`` means in the document, or None."""
        url = self.target(reference)
        return url.href if url else None

    def target(self, reference: str) -> Url | None:
        """The http(s) URL that ``reference`` means in the document, parsed; None where it means none."""
        absolute = _absolute(self._around, _encoded_query(reference, self.encoding))
        return parse_url(absolute) if absolute is not None else None

    def permalink(self, reference: str) -> str | None:
        """The absolute http(s) URL with its fragment, which names a part of a page; None where ``reference`` means none."""
        url, _, fragment = reference.partition("#")
        absolute = self.resolve(url or self.url)
        return f"{absolute}#{fragment}" if absolute and fragment else absolute

    def at(self, stated: str | None) -> "Base":
        """The base that a document states for itself (HTML 4.2.3); this one where it states none that is a URL."""
        url = None if stated is None else _absolute(self._around, _encoded_query(stated, self.encoding))
        parsed = _parsed(url) if url else None
        if parsed is None or parsed.protocol in {"data:", "javascript:"}:
            return self
        return Base(parsed.href, self.encoding)

    @cached_property
    def _around(self) -> Url | None:
        return parse_url(self.url)


def resolve(base: str, reference: str) -> str | None:
    """The absolute http(s) URL that ``reference`` means on the page ``base`` (WHATWG URL 4.4), or None."""
    absolute = _absolute(parse_url(base), reference)
    url = parse_url(absolute) if absolute is not None else None
    return url.href if url else None


def _absolute(around: Url | None, reference: str) -> str | None:
    """``reference`` as a text that means without a base what it means on the page ``around``; None where it means nothing there."""
    text = _without_surrogates(reference).strip(_AROUND).translate(_WITHIN)
    scheme = _REFERENCE_SCHEME.match(text)
    if scheme and (around is None or scheme[1].lower() != around.scheme):
        return text
    if around is None:
        return None
    if scheme:
        # ``https:a`` is relative on a page of https.
        text = text[scheme.end() :]
    if text.startswith(_SLASHES):
        if text[1:].startswith(_SLASHES):
            return f"{around.scheme}://{text.lstrip('/' + _SLASHES[1])}"
        return around.origin + text
    if text.startswith("?"):
        return around.origin + around.path + text
    if not text or text.startswith("#"):
        return around.href
    return around.origin + around.path[: around.path.rindex("/") + 1] + text


def _without_surrogates(text: str) -> str:
    # The standard's strings are of scalar values: half a character is U+FFFD.
    return (
        text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    )


def _encoded_query(reference: str, encoding: str) -> str:
    """``reference`` with what is not ASCII in its query escaped as a page in ``encoding`` has it sent."""
    if encoding == "utf-8" or encoding.startswith("utf-16") or reference.isascii():
        return reference
    head, fragment_mark, fragment = reference.partition("#")
    path, query_mark, query = head.partition("?")
    escaped = _NOT_ASCII.sub(lambda match: _escaped(match[0], encoding), query)
    return path + query_mark + escaped + fragment_mark + fragment


def _escaped(text: str, encoding: str) -> str:
    # What the encoding has no octets for is sent as a reference to the character, itself escaped.
    octets = b"".join(_octets(character, encoding) for character in text)
    return "".join(chr(octet) if octet < 0x80 else f"%{octet:02X}" for octet in octets)


def _octets(character: str, encoding: str) -> bytes:
    try:
        return character.encode(encoding)
    except UnicodeEncodeError:
        return f"%26%23{ord(character)}%3B".encode()


def is_near(one: str, other: str) -> bool:
    """Whether two URLs lie on one host, or one's host within the other's domain; ``www.`` aside."""
    hosts = [url.host.removeprefix("www.") if (url := parse_url(text)) else text for text in (one, other)]
    return _is_within(hosts[0], hosts[1]) or _is_within(hosts[1], hosts[0])


def are_near(one: Url, other: Url) -> bool:
    """As ``is_near``, of URLs that are parsed already."""
    hosts = [url.host.removeprefix("www.") for url in (one, other)]
    return _is_within(hosts[0], hosts[1]) or _is_within(hosts[1], hosts[0])


def _is_within(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def identity(text: str) -> str:
    """What all spellings of one URL have in common (RFC 3986, 6.2.2): the case of an escape, and escapes of what needs none.

    For telling URLs apart, not for asking: servers may tell the spellings apart that the standard does not.
    """
    url = parse_url(text)
    return _ESCAPE.sub(_same_escape, url.href if url else text)


def _same_escape(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if _UNRESERVED.fullmatch(character) else escape[0].upper()


def strip_tracking(text: str) -> str:
    """``text`` normalised, without fragment and tracking parameters; unchanged where it is no http(s) URL."""
    url = parse_url(text)
    if url is None:
        return text
    base, _, query = url.href.partition("?")
    kept = [part for part in query.split("&") if part and not _is_tracking(part)]
    return base + ("?" + "&".join(kept) if kept else "")


def strip_session(text: str) -> str:
    """``text`` without what tells one visitor from the others; unchanged where it holds no such thing."""
    base, mark, query = text.partition("?")
    base = _SESSION_IN_PATH.sub("", base)
    kept = [part for part in query.split("&") if not _SESSION.match(part)]
    return (
        base + mark + query
        if len(kept) == query.count("&") + 1
        else base + ("?" + "&".join(kept) if kept else "")
    )


def _is_tracking(part: str) -> bool:
    name = part.partition("=")[0].lower()
    return TRACKING_PARAMETERS.match(name) is not None
