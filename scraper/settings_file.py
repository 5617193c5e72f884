"""postkeep.toml and the POSTKEEP_* variables, read into ``Settings``; each mistake named with its file and remedy.

A flag wins over the environment, the environment over the file; nothing else reads the environment. ``settings_table`` has every key
with the kind of its value.
"""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import can_ada

from scraper.errors import UsageError
from scraper.settings import (
    ENVIRONMENT_PREFIX,
    SETTINGS_FILE,
    HostSettings,
    PublishSettings,
    RefreshSettings,
    Settings,
)
from scraper.settings_table import HOST, PUBLISH, REFRESH, TOP, Setting

# Between them lies what a schedule can keep and a person can mean.
_SHORTEST_INTERVAL: Final = timedelta(hours=1)
_LONGEST_INTERVAL: Final = timedelta(days=3650)
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


# Reads the value that a source gives for a key; UsageError, naming both, where it is not of the kind.
_Reader = Callable[[Any, str, str], Any]


def load_settings(archive: Path, environment: Mapping[str, str]) -> Settings:
    """The settings of the archive folder; defaults where it has no postkeep.toml.

    Raises:
        UsageError: the file cannot be read, or a key or value is not one we know; the message names it.
    """
    path = archive / SETTINGS_FILE
    overruled = _overruled(environment)
    values = _read(_read_toml(path), _SETTINGS, str(path), without=overruled)
    for key, variable in overruled.items():
        values[key] = _SETTINGS[key](environment[variable], variable, key)
    return Settings(**values)


def origins_of(archive: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Where each setting comes from that is not left at its default: the path of the file, or the name of the variable.

    A setting of a table is named as in ``refresh.shortest`` and ``host."example.org".delay``.

    Raises:
        UsageError: the file cannot be read.
    """
    path = archive / SETTINGS_FILE
    origins: dict[str, str] = {}
    for key, value in _read_toml(path).items():
        for name in _names_in(key, value):
            origins[name] = str(path)
    return origins | _overruled(environment)


def _overruled(environment: Mapping[str, str]) -> dict[str, str]:
    """The settings that a variable gives, each with its name."""
    variables = {key: ENVIRONMENT_PREFIX + key.upper() for key in TOP}
    return {key: variable for key, variable in variables.items() if variable in environment}


def _names_in(key: str, value: object) -> Iterator[str]:
    if key == "host" and isinstance(value, dict):
        for host, table in value.items():
            yield from (setting_name(name, host) for name in table)
    elif isinstance(value, dict):
        yield from (f"{key}.{name}" for name in value)
    else:
        yield key


def setting_name(name: str, host: str) -> str:
    """The name of a setting of one host; the host as parsed URLs have it."""
    return f'host."{_spelling(host)}".{name}'


def read_contact(text: str, source: str) -> str | None:
    """A contact as ``source`` gives it; None where it is empty.

    Raises:
        UsageError: it is neither an e-mail address nor an http(s) URL.
    """
    contact: str | None = TOP["contact"].kind(text, source, "contact")
    return contact


def _read_toml(path: Path) -> dict[str, object]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
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
    keys: Mapping[str, _Reader],
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
    settings = RefreshSettings(**_read(value, _kinds(REFRESH), where))
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
        _spelling(name): HostSettings(**_table(host, _kinds(HOST), f'{source}: [{key}."{name}"]'))
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
    return PublishSettings(**_table(value, _kinds(PUBLISH), f"{source}: [{key}]"))


def _kinds(settings: Mapping[str, Setting]) -> dict[str, _Reader]:
    return {key: setting.kind for key, setting in settings.items()}


def _table(value: object, keys: Mapping[str, _Reader], where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UsageError(f"{where} must be a table.")
    return _read(value, keys, where)


_SETTINGS: Final[Mapping[str, _Reader]] = {
    **_kinds(TOP),
    "refresh": _refresh,
    "host": _hosts,
    "publish": _publish,
}
