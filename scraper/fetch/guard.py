"""Which URL and which address may be contacted at all: the public web, on the ports of the web."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from scraper.errors import RefusedError
from scraper.model.url import Url, parse_url
from scraper.settings import Network

WEB_PORTS: Final = frozenset({80, 443})

# IANA IPv4 Special-Purpose Address Registry (RFC 6890), multicast (RFC 5771), the withdrawn 6to4 relays
# (RFC 7526), and the one metadata service that a cloud put on a public address.
_CLOSED_V4: Final = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# IANA IPv6 Global Unicast Address Assignments: nothing outside 2000::/3 is global unicast. Mapped and
# compatible v4, NAT64, unique local, link-local, site-local and multicast addresses all lie outside.
_OPEN_V6: Final = IPv6Network("2000::/3")
# IANA IPv6 Special-Purpose Address Registry, within it: protocol assignments and Teredo, documentation, 6to4.
_CLOSED_V6: Final = tuple(
    IPv6Network(block) for block in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)


def check_url(text: str, network: Network) -> Url:
    """The parsed URL, if it may be visited as far as its own letters tell.

    Raises:
        RefusedError: not http(s), another port than 80 or 443, an address that is not public, or a second
            spelling of a host, which would have a pace and terms of its own.
    """
    url = parse_url(text)
    if url is None:
        raise RefusedError(
            f"{text!r} is not an http or https URL, so it is not visited.", rule="http(s) only"
        )
    if url.host.endswith("."):
        message = f"{url.href} has a dot after the name of its host. Write the name without it."
        raise RefusedError(message, rule="one spelling a host")
    if network.is_lifted(url.host, url.port):
        return url
    if url.port not in WEB_PORTS:
        message = f"{url.href} names port {url.port}; only 80 and 443 are visited. Use --allow-host {url.host} for a server of yours."
        raise RefusedError(message, rule="ports 80 and 443 only")
    if _as_address(url.host.strip("[]")) is not None:
        check_addresses(url.host, url.port, (url.host.strip("[]"),), network)
    return url


def check_addresses(host: str, port: int, addresses: Sequence[str], network: Network) -> None:
    """Whether ``host`` may be contacted, given all the addresses its name stands for.

    One address that is not public refuses all of them: a name that mixes the two is made to be misused.

    Raises:
        RefusedError: an address is private, reserved, or not written as an address.
    """
    if network.is_lifted(host, port):
        return
    for address in addresses:
        if not is_public(address):
            message = f"{host} stands for {address}, which is not a public address, so it is not contacted. Use --allow-host {host} for a server of yours."
            raise RefusedError(message, rule="public addresses only")


def is_public(address: str) -> bool:
    """Whether an address literal is unicast on the public internet; False for anything oddly written."""
    parsed = _as_address(address)
    if isinstance(parsed, IPv4Address):
        return not any(parsed in block for block in _CLOSED_V4)
    if isinstance(parsed, IPv6Address):
        return (
            parsed.scope_id is None
            and parsed in _OPEN_V6
            and not any(parsed in block for block in _CLOSED_V6)
        )
    return False


def _as_address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
