"""postkeep.toml and the POSTKEEP_* variables, read into ``Settings``; each mistake named with its file and remedy.

A flag wins over the environment, the environment over the file; nothing else reads the environment.
"""

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Final, cast

from scraper.errors import UsageError
from scraper.settings import (
    EMAIL_CONTACT,
    ENVIRONMENT_PREFIX,
    SCRUB_KINDS,
    SETTINGS_FILE,
    HostSettings,
    NamePolicy,
    PublishSettings,
    RefreshSettings,
    ScrubKind,
    Settings,
)

# Seconds. TOML has nan and inf too, and neither is a delay.
LONGEST_DELAY: Final = 86_400

# Between them lies what a schedule can keep and a person can mean.
_SHORTEST_INTERVAL: Final = timedelta(hours=1)
_LONGEST_INTERVAL: Final = timedelta(days=3650)

_URL_CONTACT: Final = re.compile(r"https?://[^\s()<>]+")
_DURATION: Final = re.compile(r"([0-9]{1,6})\s*(h|d|w)")
_HOURS: Final = {"h": 1, "d": 24, "w": 7 * 24}
# These are tables, which no variable can hold.
_TABLES: Final = frozenset({"host", "publish", "refresh"})


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
    variables = {name: ENVIRONMENT_PREFIX + name.upper() for name in known if name not in _TABLES}
    said = {name: variable for name, variable in variables.items() if variable in environment}
    table |= {name: environment[variable] for name, variable in said.items()}

    def source(key: str) -> str:
        return said.get(key, str(path))

    return Settings(
        contact=read_contact(table.get("contact"), source("contact")),
        title=_text(table, "title", source("title")),
        names=cast("NamePolicy", _one_of(table, "names", ("pseudonymous", "named"), source("names"))),
        scrub=_scrub(table.get("scrub", SCRUB_KINDS), source("scrub")),
        rights_statement=_text(table, "rights_statement", source("rights_statement")),
        license=_text(table, "license", source("license")),
        keep_noarchive=_flag(table, "keep_noarchive", source("keep_noarchive")) or False,
        keep_deleted_text=_flag(table, "keep_deleted_text", source("keep_deleted_text")) or False,
        listing_pages=_pages(table.get("listing_pages", 10), source("listing_pages")),
        opt_out=_text(table, "opt_out", source("opt_out")),
        follow=_follow(table.get("follow", ()), source("follow")),
        refresh=_refresh(table.get("refresh", {}), source("refresh")),
        host=_hosts(table.get("host", {}), source("host")),
        publish=_publish(table.get("publish", {}), str(path)),
    )


def read_contact(value: object, source: str) -> str | None:
    """A contact as ``source`` gives it; None where it is empty.

    Raises:
        UsageError: it is neither an e-mail address nor an http(s) URL.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str) and (EMAIL_CONTACT.fullmatch(value) or _URL_CONTACT.fullmatch(value)):
        return value
    raise UsageError(f"{source}: contact must be an e-mail address or an http(s) URL, not {value!r}.")


def read_duration(text: object, source: str) -> timedelta:
    """A time span as ``36h``, ``90d`` or ``2w``.

    Raises:
        UsageError: it is written in no such way.
    """
    match = _DURATION.fullmatch(text.strip().lower()) if isinstance(text, str) else None
    if match is None:
        raise UsageError(f'{source} must be hours, days or weeks such as "36h", "90d" or "2w", not {text!r}.')
    return timedelta(hours=int(match[1]) * _HOURS[match[2]])


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


def _follow(value: object, source: str) -> tuple[str, ...]:
    urls = value.split() if isinstance(value, str) else value
    if isinstance(urls, list | tuple) and all(
        isinstance(url, str) and _URL_CONTACT.fullmatch(url) for url in urls
    ):
        return tuple(urls)
    raise UsageError(f"{source}: follow must be a list of http(s) URLs, not {value!r}.")


def _refresh(table: object, source: str) -> RefreshSettings:
    if not isinstance(table, dict):
        raise UsageError(f"{source}: refresh settings are written as a table, [refresh].")
    where, defaults = f"{source}: [refresh]", RefreshSettings()
    known = [item.name for item in fields(RefreshSettings)]
    for key in table:
        if key not in known:
            raise UsageError(f"{where}: there is no setting {key!r}.{_nearest(key, known)}")
    shortest, longest = (
        read_duration(table[name], f"{where}: {name}") if name in table else default
        for name, default in (("shortest", defaults.shortest), ("longest", defaults.longest))
    )
    if not _SHORTEST_INTERVAL <= shortest <= longest <= _LONGEST_INTERVAL:
        raise UsageError(
            f"{where}: shortest must be 1h or more and no more than longest, which is 3650d at most."
        )
    return RefreshSettings(
        shortest,
        longest,
        requests=_budget(table, "requests", where, defaults.requests),
        bytes=_budget(table, "bytes", where, defaults.bytes),
        minutes=_budget(table, "minutes", where, defaults.minutes),
    )


def _budget(table: Mapping[str, object], name: str, where: str, default: int | None) -> int | None:
    """A positive number; 0 lifts a budget."""
    if name not in table:
        return default
    value = table[name]
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value or None
    raise UsageError(f"{where}: {name} must be a whole number from 1 up, or 0 for no bound, not {value!r}.")


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


def _publish(table: object, source: str) -> PublishSettings:
    where = f"{source}: [publish]"
    known = [item.name for item in fields(PublishSettings)]
    if not isinstance(table, dict):
        raise UsageError(f"{where} must be a table.")
    for key in table:
        if key not in known:
            raise UsageError(f"{where}: there is no setting {key!r}.{_nearest(key, known)}")
    default = PublishSettings()
    days = table.get("metrics_every_days", default.metrics_every_days)
    if not isinstance(days, int) or isinstance(days, bool) or days < 0:
        raise UsageError(f"{where}: metrics_every_days must be a number from 0 up, not {days!r}.")
    fall = table.get("largest_fall", default.largest_fall)
    if not isinstance(fall, int | float) or isinstance(fall, bool) or not 0 <= fall <= 1:
        raise UsageError(f"{where}: largest_fall must be a share from 0 to 1, such as 0.05, not {fall!r}.")
    return PublishSettings(days, float(fall))


def _is_delay(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LONGEST_DELAY
