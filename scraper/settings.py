"""One frozen settings object, from postkeep.toml and POSTKEEP_* variables.

A flag wins over the environment, the environment over the file. ``cli`` builds it once and passes it down;
nothing else reads the environment.
"""

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Final, Literal, cast

from scraper.errors import UsageError

SETTINGS_FILE: Final = "postkeep.toml"
ENVIRONMENT_PREFIX: Final = "POSTKEEP_"
# Seconds. TOML has nan and inf too, and neither is a delay.
LONGEST_DELAY: Final = 86_400

NamePolicy = Literal["pseudonymous", "named"]
ScrubKind = Literal["email", "phone", "id-number"]
SCRUB_KINDS: Final[tuple[ScrubKind, ...]] = ("email", "phone", "id-number")

_EMAIL_CONTACT: Final = re.compile(r"[^@\s()<>]+@[^@\s()<>]+\.[^@\s()<>]+")
_URL_CONTACT: Final = re.compile(r"https?://[^\s()<>]+")


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


@dataclass(frozen=True, slots=True)
class Settings:
    """How one archive is crawled and published. ``contact`` is an e-mail address or a URL; None until set.

    ``keep_noarchive`` has pages kept that ask not to be archived; they are never published.
    ``listing_pages`` bounds how many pages of one listing or feed are followed.
    """

    contact: str | None = None
    names: NamePolicy = "pseudonymous"
    scrub: tuple[ScrubKind, ...] = SCRUB_KINDS
    rights_statement: str | None = None
    license: str | None = None
    keep_noarchive: bool = False
    listing_pages: int = 10
    host: Mapping[str, HostSettings] = field(default_factory=dict)

    @property
    def contact_email(self) -> str | None:
        """The contact where it is an e-mail address, for the ``From`` header (RFC 9110 section 10.1.2)."""
        return self.contact if self.contact and _EMAIL_CONTACT.fullmatch(self.contact) else None

    def for_host(self, host: str) -> HostSettings:
        """The owner's settings for a host; the defaults where there are none."""
        return self.host.get(host, HostSettings())

    def keeps_noarchive(self, host: str) -> bool:
        """Whether a page of this host is kept although it asks not to be archived."""
        own = self.for_host(host).keep_noarchive
        return self.keep_noarchive if own is None else own

    def require_contact(self) -> str:
        """The contact, or UsageError: nobody is visited by a crawler they cannot write to."""
        if self.contact is None:
            message = (
                f'No contact is set, so no site can be visited. Put contact = "you@example.org" into '
                f"{SETTINGS_FILE} (or set {ENVIRONMENT_PREFIX}CONTACT), so that the sites you visit can reach you."
            )
            raise UsageError(message)
        return self.contact


def load_settings(archive: Path, environment: Mapping[str, str]) -> Settings:
    """The settings of the archive folder; defaults where it has no postkeep.toml.

    Raises:
        UsageError: the file cannot be read, or a key or value is not one we know; the message names it.
    """
    path = archive / SETTINGS_FILE
    table = _read_toml(path)
    known = [item.name for item in fields(Settings)]
    for key in table:
        if key not in known:
            raise UsageError(f"{path}: there is no setting {key!r}.{_nearest(key, known)}")
    variables = {name: ENVIRONMENT_PREFIX + name.upper() for name in known if name != "host"}
    said = {name: variable for name, variable in variables.items() if variable in environment}
    table |= {name: environment[variable] for name, variable in said.items()}

    def source(key: str) -> str:
        return said.get(key, str(path))

    return Settings(
        contact=read_contact(table.get("contact"), source("contact")),
        names=cast("NamePolicy", _one_of(table, "names", ("pseudonymous", "named"), source("names"))),
        scrub=_scrub(table.get("scrub", SCRUB_KINDS), source("scrub")),
        rights_statement=_text(table, "rights_statement", source("rights_statement")),
        license=_text(table, "license", source("license")),
        keep_noarchive=_flag(table, "keep_noarchive", source("keep_noarchive")) or False,
        listing_pages=_pages(table.get("listing_pages", 10), source("listing_pages")),
        host=_hosts(table.get("host", {}), source("host")),
    )


def read_contact(value: object, source: str) -> str | None:
    """A contact as ``source`` gives it; None where it is empty.

    Raises:
        UsageError: it is neither an e-mail address nor an http(s) URL.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str) and (_EMAIL_CONTACT.fullmatch(value) or _URL_CONTACT.fullmatch(value)):
        return value
    raise UsageError(f"{source}: contact must be an e-mail address or an http(s) URL, not {value!r}.")


def _read_toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}. Mend the file, or move it away.") from error


def _nearest(key: str, known: list[str]) -> str:
    match = difflib.get_close_matches(key, known, n=1)
    return f" Did you mean {match[0]!r}?" if match else f" Known are: {', '.join(known)}."


def _text(table: Mapping[str, object], key: str, source: str) -> str | None:
    value = table.get(key)
    if value is None or isinstance(value, str):
        return value or None
    raise UsageError(f"{source}: {key} must be text in quotes, not {value!r}.")


def _flag(table: Mapping[str, object], key: str, source: str) -> bool | None:
    value = table.get(key)
    if value is None or isinstance(value, bool):
        return value
    if value in {"true", "false"}:
        return value == "true"
    raise UsageError(f"{source}: {key} must be true or false, not {value!r}.")


def _pages(value: object, source: str) -> int:
    number = int(value) if isinstance(value, str) and value.isdecimal() else value
    if isinstance(number, int) and not isinstance(number, bool) and number >= 1:
        return number
    raise UsageError(f"{source}: listing_pages must be a number from 1 up, not {value!r}.")


def _one_of(table: Mapping[str, object], key: str, allowed: tuple[str, ...], source: str) -> str:
    value = table.get(key, allowed[0])
    if value in allowed:
        return str(value)
    raise UsageError(f"{source}: {key} must be one of {', '.join(allowed)}, not {value!r}.")


def _scrub(value: object, source: str) -> tuple[ScrubKind, ...]:
    chosen = [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
    if isinstance(chosen, list | tuple) and all(kind in SCRUB_KINDS for kind in chosen):
        return tuple(kind for kind in SCRUB_KINDS if kind in chosen)
    raise UsageError(f"{source}: scrub must be a list of {', '.join(SCRUB_KINDS)}, not {value!r}.")


def _hosts(value: object, source: str) -> dict[str, HostSettings]:
    if not isinstance(value, dict):
        raise UsageError(f'{source}: host settings are written as a table, [host."example.org"].')
    return {name.lower(): _host(name, table, source) for name, table in value.items()}


def _host(name: str, table: object, source: str) -> HostSettings:
    where = f'{source}: [host."{name}"]'
    known = [item.name for item in fields(HostSettings)]
    if not isinstance(table, dict):
        raise UsageError(f"{where} must be a table.")
    for key in table:
        if key not in known:
            raise UsageError(f"{where}: there is no setting {key!r}.{_nearest(key, known)}")
    delay = table.get("delay")
    if delay is not None and not _is_delay(delay):
        raise UsageError(
            f"{where}: delay must be a number of seconds from 0 to {LONGEST_DELAY}, not {delay!r}."
        )
    if table.get("terms") not in {None, "forbid"}:
        raise UsageError(f'{where}: terms can only be "forbid", not {table["terms"]!r}.')
    return HostSettings(
        delay=None if delay is None else float(delay),
        zone=_text(table, "zone", where),
        terms=table.get("terms"),
        reason=_text(table, "reason", where),
        keep_noarchive=_flag(table, "keep_noarchive", where),
    )


def _is_delay(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LONGEST_DELAY
