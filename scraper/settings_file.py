"""postkeep.toml and the POSTKEEP_* variables, read into ``Settings``; each mistake named with its file and remedy.

A flag wins over the environment, the environment over the file; nothing else reads the environment. The tables at the
end list every key with the kind of its value; a key that is absent has the default of its dataclass.
"""

import difflib
import math
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, get_args
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import can_ada

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
    Settings,
)

# Seconds. TOML has nan and inf too, and neither is a delay.
_LONGEST_DELAY: Final = 86_400
# Between them lies what a schedule can keep and a person can mean.
_SHORTEST_INTERVAL: Final = timedelta(hours=1)
_LONGEST_INTERVAL: Final = timedelta(days=3650)
_URL: Final = re.compile(r"https?://[^\s()<>]+")
# A host as it stands in a URL: letters of any script go into it as Punycode, an IPv6 address in brackets.
_HOST_NAME: Final = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?|\[[0-9a-f:.]+\]", re.IGNORECASE)
_NOT_OF_HOSTS: Final = frozenset("/\\:@?#%[] \t")
_PLACE: Final = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)$")
_LINE_SHOWN: Final = 80
# By how tomllib begins its complaint.
_REMEDIES: Final = {
    "Invalid value": 'Text stands in quotes, such as contact = "you@example.org"; true and false are written small.',
    "Invalid statement": "A line is a key, an equals sign and a value, such as listing_pages = 10.",
    "Expected '=' after a key": "A line is a key, an equals sign and a value, such as listing_pages = 10.",
    "Expected newline or end of document": "One line holds one setting; text with spaces stands in quotes.",
    "Cannot overwrite a value": "This setting was given before; each stands once.",
    "Cannot declare": "This table was opened before; each [table] stands once.",
    "Expected ']'": "A table's name stands between brackets, such as [refresh].",
    "Unclosed array": "A list that begins with [ ends with ].",
    "Unterminated string": "Text that begins with a quote ends with one.",
    "Illegal character": "Text that begins with a quote ends with one in the same line.",
    "Unescaped": "In \"…\" a backslash is written twice; in '…' it stands as it is.",
    "Invalid initial character for a key part": "A key of other characters than letters, digits, - and _ stands in quotes.",
}
_DURATION: Final = re.compile(r"([0-9]{1,6})\s*(h|d|w)")
_HOURS: Final = {"h": 1, "d": 24, "w": 7 * 24}

# Reads the value that a source gives for a key; UsageError, naming both, where it is not of the kind.
_Kind = Callable[[Any, str, str], Any]


@dataclass(frozen=True, slots=True)
class _Value:
    """A kind that ``is_valid`` knows and ``expected`` describes, in the file as in a variable."""

    expected: str
    is_valid: Callable[[Any], bool]
    convert: Callable[[Any], object] = lambda value: value

    def __call__(self, value: Any, source: str, key: str) -> Any:
        if not self.is_valid(value):
            raise UsageError(f"{source}: {key} {self.expected}, not {value!r}.")
        return self.convert(value)


def load_settings(archive: Path, environment: Mapping[str, str]) -> Settings:
    """The settings of the archive folder; defaults where it has no postkeep.toml.

    Raises:
        UsageError: the file cannot be read, or a key or value is not one we know; the message names it.
    """
    path = archive / SETTINGS_FILE
    variables = {
        key: ENVIRONMENT_PREFIX + key.upper() for key, kind in _SETTINGS.items() if isinstance(kind, _Value)
    }
    overruled = {key: variable for key, variable in variables.items() if variable in environment}
    values = _read(_read_toml(path), _SETTINGS, str(path), without=overruled)
    for key, variable in overruled.items():
        values[key] = _SETTINGS[key](environment[variable], variable, key)
    return Settings(**values)


def read_contact(text: str, source: str) -> str | None:
    """A contact as ``source`` gives it; None where it is empty.

    Raises:
        UsageError: it is neither an e-mail address nor an http(s) URL.
    """
    contact: str | None = _CONTACT(text, source, "contact")
    return contact


def _read_toml(path: Path) -> dict[str, object]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path} cannot be read: it is no UTF-8 text (byte {error.start:,}). Save it as UTF-8."
        ) from error
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror or error}. Mend the file, or move it away."
        ) from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"{path} cannot be read: {_mistake(str(error), text)} Mend the file, or move it away."
        ) from error


def _mistake(error: str, text: str) -> str:
    """What ``tomllib`` complains of, in words: the line, and what stands there instead of what."""
    place = _PLACE.search(error)
    number = int(place[1]) if place and place[1] else len(text.rstrip().splitlines())
    line = (text.splitlines() or [""])[max(0, min(number, len(text.splitlines())) - 1)].strip()
    complaint = error[: place.start()].rstrip() if place else error
    if place and place[1] is None and complaint == "Invalid value":
        complaint = "Unclosed array" if "[" in line else complaint
    remedy = next(
        (words for start, words in _REMEDIES.items() if complaint.startswith(start)), f"{complaint}."
    )
    return f"line {number} is {line[:_LINE_SHOWN]!r}. {remedy}"


def _read(
    table: Mapping[str, object],
    keys: Mapping[str, _Kind],
    source: str,
    without: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The values of a table; those of the keys ``without`` come from elsewhere, and are not read."""
    for key in table:
        if key not in keys:
            nearest = difflib.get_close_matches(key, keys, n=1)
            hint = f"Did you mean {nearest[0]!r}?" if nearest else f"Known are: {', '.join(keys)}."
            raise UsageError(f"{source}: there is no setting {key!r}. {hint}")
    return {key: keys[key](value, source, key) for key, value in table.items() if key not in (without or {})}


def _refresh(value: Any, source: str, key: str) -> RefreshSettings:
    if not isinstance(value, dict):
        raise UsageError(f"{source}: {key} settings are written as a table, [{key}].")
    where = f"{source}: [{key}]"
    settings = RefreshSettings(**_read(value, _REFRESH, where))
    if not _SHORTEST_INTERVAL <= settings.shortest <= settings.longest <= _LONGEST_INTERVAL:
        raise UsageError(
            f"{where}: shortest must be 1h or more and no more than longest, which is 3650d at most."
        )
    return settings


def _hosts(value: Any, source: str, key: str) -> dict[str, HostSettings]:
    if not isinstance(value, dict):
        raise UsageError(f'{source}: {key} settings are written as a table, [{key}."example.org"].')
    for name in value:
        if not _is_host(name):
            host = urlsplit(name if "//" in name else f"//{name}").hostname or ""
            hint = f' Write [{key}."{host}"].' if _HOST_NAME.fullmatch(host) else ""
            raise UsageError(
                f'{source}: [{key}."{name}"] is not named after a host, such as "example.org".{hint}'
            )
    _no_host_twice(value, source, key)
    return {
        _spelling(name): HostSettings(**_table(host, _HOST, f'{source}: [{key}."{name}"]'))
        for name, host in value.items()
    }


def _spelling(host: str) -> str:
    """The name of a host as parsed URLs have it: ``Blog.글.kr`` is ``blog.xn--bj0b.kr`` there."""
    try:
        return can_ada.parse(f"http://{host}/").hostname.removesuffix(".")
    except ValueError:
        return host


def _is_host(name: str) -> bool:
    plain = name if name.isascii() or set(name) & _NOT_OF_HOSTS else _spelling(name)
    return _HOST_NAME.fullmatch(plain) is not None


def _no_host_twice(hosts: Mapping[str, object], source: str, key: str) -> None:
    names: dict[str, str] = {}
    for name in hosts:
        first = names.setdefault(_spelling(name), name)
        if first != name:
            message = f'{source}: [{key}."{first}"] and [{key}."{name}"] are the same host. Write its settings into one table.'
            raise UsageError(message)


def _publish(value: Any, source: str, key: str) -> PublishSettings:
    return PublishSettings(**_table(value, _PUBLISH, f"{source}: [{key}]"))


def _table(value: object, keys: Mapping[str, _Kind], where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UsageError(f"{where} must be a table.")
    return _read(value, keys, where)


def _is_url(value: Any) -> bool:
    return isinstance(value, str) and _URL.fullmatch(value) is not None


def _is_contact(value: Any) -> bool:
    return _is_url(value) or (isinstance(value, str) and (not value or bool(EMAIL_CONTACT.fullmatch(value))))


def _is_number(value: Any, least: float, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most


def _whole(least: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and _is_number(value, least, math.inf)


def _parts(value: Any, separator: str | None = None) -> list[Any] | None:
    """A list as the file has it, or the parts of a variable's text; None for what is neither."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(separator) if part.strip()]
    return value if isinstance(value, list) else None


def _is_list(value: Any, separator: str | None, is_item: Callable[[Any], bool]) -> bool:
    parts = _parts(value, separator)
    return parts is not None and all(map(is_item, parts))


def _duration(text: Any) -> timedelta | None:
    match = _DURATION.fullmatch(text.strip().lower()) if isinstance(text, str) else None
    return timedelta(hours=int(match[1]) * _HOURS[match[2]]) if match else None


_TEXT: Final = _Value(
    "must be text in quotes", lambda value: isinstance(value, str), lambda text: text or None
)
_CONTACT: Final = _Value(
    "must be an e-mail address or an http(s) URL", _is_contact, lambda contact: contact or None
)
_FLAG: Final = _Value(
    "must be true or false",
    lambda value: isinstance(value, bool) or value in ("true", "false"),
    lambda flag: flag in (True, "true"),
)
_NAMES: Final = _Value(
    f"must be one of {', '.join(get_args(NamePolicy))}", lambda value: value in get_args(NamePolicy)
)
_SCRUB: Final = _Value(
    f"must be a list of {', '.join(SCRUB_KINDS)}",
    lambda value: _is_list(value, ",", lambda kind: kind in SCRUB_KINDS),
    lambda chosen: tuple(kind for kind in SCRUB_KINDS if kind in (_parts(chosen, ",") or ())),
)
_URLS: Final = _Value(
    "must be a list of http(s) URLs",
    lambda value: _is_list(value, None, _is_url),
    lambda urls: tuple(_parts(urls) or ()),
)
_PAGES: Final = _Value(
    "must be a number from 1 up",
    lambda value: _whole(1)(int(value) if isinstance(value, str) and value.isdecimal() else value),
    int,
)
_BUDGET: Final = _Value(
    "must be a whole number from 1 up, or 0 for no bound",
    _whole(0),
    lambda number: number or None,
)
_INTERVAL: Final = _Value(
    'must be hours, days or weeks such as "36h", "90d" or "2w"',
    lambda value: _duration(value) is not None,
    _duration,
)
_SETTINGS: Final[Mapping[str, _Kind]] = {
    "contact": _CONTACT,
    "title": _TEXT,
    "names": _NAMES,
    "scrub": _SCRUB,
    "rights_statement": _TEXT,
    "license": _TEXT,
    "keep_noarchive": _FLAG,
    "keep_deleted_text": _FLAG,
    "listing_pages": _PAGES,
    "opt_out": _TEXT,
    "follow": _URLS,
    "refresh": _refresh,
    "host": _hosts,
    "publish": _publish,
}
_REFRESH: Final[Mapping[str, _Kind]] = {
    "shortest": _INTERVAL,
    "longest": _INTERVAL,
    "requests": _BUDGET,
    "bytes": _BUDGET,
    "minutes": _BUDGET,
}
_HOST: Final[Mapping[str, _Kind]] = {
    "delay": _Value(
        f"must be a number of seconds from 0 to {_LONGEST_DELAY}",
        lambda value: _is_number(value, 0, _LONGEST_DELAY),
        float,
    ),
    "zone": _Value(
        'must be the name of a time zone, such as "Asia/Seoul" (en.wikipedia.org/wiki/List_of_tz_database_time_zones)',
        lambda value: isinstance(value, str) and (not value or value in available_timezones()),
        lambda zone: zone or None,
    ),
    "terms": _Value('can only be "forbid"', lambda value: value == "forbid"),
    "reason": _TEXT,
    "keep_noarchive": _FLAG,
}
_PUBLISH: Final[Mapping[str, _Kind]] = {
    "metrics_every_days": _Value("must be a number from 0 up", _whole(0)),
    "largest_fall": _Value(
        "must be a share from 0 to 1, such as 0.05",
        lambda value: _is_number(value, 0, 1),
        float,
    ),
}
