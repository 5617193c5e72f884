"""URLs as the WHATWG standard reads them, and the one spelling under which we keep each."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urljoin

import can_ada

# Parameters that say who shared a link, never what it leads to. Version 1 of the list.
TRACKING_PARAMETERS: Final = re.compile(
    r"^(utm_[a-z_]+|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|igshid|mc_cid|mc_eid|_hsenc|_hsmi|ref_src)$"
)
# RFC 3986 section 3.2.1, with slashes of either kind and also where the scheme is missing.
_USERINFO: Final = re.compile(r"(^|[/\\]{2})[^/\\?#\s]*@")


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
        default = {"http": 80, "https": 443}[self.scheme]
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
    try:
        text.encode()
        parsed = can_ada.parse(text.strip())
    except ValueError:
        return None
    scheme = parsed.protocol.rstrip(":")
    if scheme not in {"http", "https"} or not parsed.hostname:
        return None
    port = int(parsed.port) if parsed.port else {"http": 80, "https": 443}[scheme]
    parsed.hash = parsed.username = parsed.password = ""
    return Url(parsed.href, scheme, parsed.hostname, port, parsed.pathname, parsed.search.removeprefix("?"))


def host_of(text: str) -> str:
    """The host of an http(s) URL; empty where ``text`` is none."""
    url = parse_url(text)
    return url.host if url else ""


def without_credentials(text: str) -> str:
    """``text`` without the user name and the password of the URL that it is or nearly is; otherwise unchanged.

    They are never sent, and whatever a user typed is repeated in reports, ledger and archive.
    """
    try:
        text.encode()
        parsed = can_ada.parse(text.strip())
    except ValueError:
        return _USERINFO.sub(r"\1", text)
    if not (parsed.username or parsed.password):
        return text if parsed.hostname else _USERINFO.sub(r"\1", text)
    parsed.username = parsed.password = ""
    return parsed.href


def resolve(base: str, reference: str) -> str | None:
    """The absolute http(s) URL that ``reference`` means on the page ``base``, or None."""
    try:
        url = parse_url(urljoin(base, reference.strip()))
    except ValueError:
        return None
    return url.href if url else None


def is_near(one: str, other: str) -> bool:
    """Whether two URLs lie on one host, or one's host within the other's domain; ``www.`` aside."""
    hosts = [url.host.removeprefix("www.") if (url := parse_url(text)) else text for text in (one, other)]
    return hosts[0] == hosts[1] or hosts[0].endswith(f".{hosts[1]}") or hosts[1].endswith(f".{hosts[0]}")


def strip_tracking(text: str) -> str:
    """``text`` normalised, without fragment and tracking parameters; unchanged where it is no http(s) URL."""
    url = parse_url(text)
    if url is None:
        return text
    base, _, query = url.href.partition("?")
    kept = [part for part in query.split("&") if part and not _is_tracking(part)]
    return base + ("?" + "&".join(kept) if kept else "")


def _is_tracking(part: str) -> bool:
    name = part.partition("=")[0].lower()
    return TRACKING_PARAMETERS.match(name) is not None
