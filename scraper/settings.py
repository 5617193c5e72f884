"""One frozen settings object. ``cli`` builds it once, by ``settings_file``, and passes it down."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal

from scraper.errors import UsageError

SETTINGS_FILE: Final = "postkeep.toml"
ENVIRONMENT_PREFIX: Final = "POSTKEEP_"

NamePolicy = Literal["pseudonymous", "named"]
ScrubKind = Literal["email", "phone", "id-number"]
SCRUB_KINDS: Final[tuple[ScrubKind, ...]] = ("email", "phone", "id-number")

EMAIL_CONTACT: Final = re.compile(r"[^@\s()<>]+@[^@\s()<>]+\.[^@\s()<>]+")


@dataclass(frozen=True, slots=True)
class HostSettings:
    """What the owner says about one host. ``delay`` is the least gap between requests, in seconds.

    ``keep_noarchive`` overrules the archive's own setting of that name; None leaves it.
    ``terms = "forbid"`` marks a host whose terms forbid crawling; visiting it then needs a written ``reason``.
    """

    delay: float | None = None
    zone: str | None = None
    terms: Literal["forbid"] | None = None
    reason: str | None = None
    keep_noarchive: bool | None = None


@dataclass(frozen=True, slots=True)
class PublishSettings:
    """When and how far a publication may go without anyone looking.

    A change in counts alone goes out ``metrics_every_days`` days after the last publication at the earliest.
    ``largest_fall`` is the share of a table's published rows that may be missing from the next publication.
    """

    metrics_every_days: int = 7
    largest_fall: float = 0.05


@dataclass(frozen=True, slots=True)
class ConnectTo:
    """Requests for ``host:port`` go to ``to_host:to_port`` instead, as curl's option of the same name does."""

    host: str
    port: int
    to_host: str
    to_port: int


@dataclass(frozen=True, slots=True)
class Network:
    """How to reach a test server on loopback. Empty for everyday use.

    ``connect_to`` allows the addresses it names and no others; ``allow_hosts`` lifts the address and port
    rules for the hosts it names; ``cacert`` is a PEM file of authorities to trust besides the usual ones.
    """

    connect_to: tuple[ConnectTo, ...] = ()
    allow_hosts: frozenset[str] = frozenset()
    cacert: Path | None = None
    _redirects: Mapping[tuple[str, int], ConnectTo] = field(init=False, repr=False, compare=False)
    _allowed: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make ready what is asked for with every request."""
        # The first entry of a place counts.
        redirects = {(_bare(entry.host), entry.port): entry for entry in reversed(self.connect_to)}
        object.__setattr__(self, "_redirects", redirects)
        object.__setattr__(self, "_allowed", frozenset(map(_bare, self.allow_hosts)))

    def redirected_to(self, host: str, port: int) -> ConnectTo | None:
        """The ``connect_to`` entry for a host and port; None where the connection goes where the URL says."""
        return self._redirects.get((_bare(host), port))

    def is_lifted(self, host: str, port: int) -> bool:
        """Whether a host is named here as one of ours, so that no address or port rule holds."""
        return _bare(host) in self._allowed or (_bare(host), port) in self._redirects


def _bare(host: str) -> str:
    return host.strip("[]").lower()


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one answer is read, and for how long: octets as they cross the wire, and seconds.

    ``wire_bytes`` counts the head too; ``quiet`` bounds each connect, read and write, ``total`` the whole exchange.
    """

    head_bytes: int = 64 * 1024
    wire_bytes: int = 32 * 1024 * 1024
    quiet: float = 30.0
    total: float = 120.0


@dataclass(frozen=True, slots=True)
class RefreshSettings:
    """How often a post is looked at again, and what one run of ``postkeep refresh`` may cost.

    ``shortest`` and ``longest`` bound the time between two looks at a post. ``requests``, ``bytes`` (as they cross the
    wire) and ``minutes`` end a run; None is no end.
    """

    shortest: timedelta = timedelta(hours=12)
    longest: timedelta = timedelta(days=90)
    requests: int | None = None
    bytes: int | None = None
    minutes: int | None = 360


@dataclass(frozen=True, slots=True)
class Settings:
    """How one archive is crawled and published. ``contact`` is an e-mail address or a URL; None until set.

    ``title`` is that of the dataset; None: it is named after its sites.

    ``keep_noarchive`` has pages kept that ask not to be archived; they are never published.
    ``keep_deleted_text`` leaves the texts of deleted posts and comments in the published history.
    ``listing_pages`` bounds how many pages of one listing or feed are followed. ``follow`` names the listings, feeds and
    sitemaps in which ``postkeep refresh`` looks for new posts. ``opt_out`` names a file,
    from the archive folder, of URLs, authors and hosts that are left out.
    """

    contact: str | None = None
    title: str | None = None
    names: NamePolicy = "pseudonymous"
    scrub: tuple[ScrubKind, ...] = SCRUB_KINDS
    rights_statement: str | None = None
    license: str | None = None
    keep_noarchive: bool = False
    keep_deleted_text: bool = False
    listing_pages: int = 10
    opt_out: str | None = None
    follow: tuple[str, ...] = ()
    refresh: RefreshSettings = field(default_factory=RefreshSettings)
    host: Mapping[str, HostSettings] = field(default_factory=dict)
    publish: PublishSettings = field(default_factory=PublishSettings)

    @property
    def contact_email(self) -> str | None:
        """The contact where it is an e-mail address, for the ``From`` header (RFC 9110 section 10.1.2)."""
        return self.contact if self.contact and EMAIL_CONTACT.fullmatch(self.contact) else None

    def for_host(self, host: str) -> HostSettings:
        """The owner's settings for a host; the defaults where there are none."""
        return self.host.get(host, HostSettings())

    @property
    def zones(self) -> dict[str, str]:
        """The zones that the owner gives, by host."""
        return {name: host.zone for name, host in sorted(self.host.items()) if host.zone}

    @property
    def shaping_readings(self) -> dict[str, object]:
        """The settings that readings depend on, by their keys: with another of them the same page gives other rows.

        Whoever reads is given these and no others (``records.cleaning.Policy``).
        """
        scrub = tuple(kind for kind in SCRUB_KINDS if kind in self.scrub)
        return {"names": self.names, "scrub": scrub, "license": self.license, "zone": self.zones}

    @property
    def shaping(self) -> dict[str, object]:
        """As ``shaping_readings``, with what the rows depend on that readings are merged into."""
        return {**self.shaping_readings, "keep_deleted_text": self.keep_deleted_text}

    def keeps_noarchive(self, host: str) -> bool:
        """Whether a page of this host is kept although it asks not to be archived."""
        own = self.for_host(host).keep_noarchive
        return self.keep_noarchive if own is None else own

    def require_contact(self) -> str:
        """The contact, or UsageError: nobody is visited by a crawler they cannot write to."""
        if self.contact is None:
            message = (
                f'No contact is set, so no site can be visited. Put contact = "you@example.org" into {SETTINGS_FILE} '
                f"(`postkeep init ARCHIVE --contact you@example.org` does), or set {ENVIRONMENT_PREFIX}CONTACT, so that the "
                f"sites you visit can reach you."
            )
            raise UsageError(message)
        return self.contact
