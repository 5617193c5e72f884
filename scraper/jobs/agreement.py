"""What several archives must agree in before their rows can stand in one dataset: the pseudonym key, and what shapes rows and card."""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import Final

from scraper.archive.files import KEY_FILE, is_used
from scraper.errors import UsageError
from scraper.jobs.workplace import Workplace
from scraper.records.people import KEY_REMEDY, read_key
from scraper.settings import SETTINGS_FILE, HostSettings, Settings

# Settings that the card states, each once; an archive that leaves one out agrees with those that do not.
_STATED: Final[dict[str, Callable[[Settings], str | None]]] = {
    "title": lambda settings: settings.title,
    "rights_statement": lambda settings: settings.rights_statement,
    "contact": lambda settings: settings.contact,
}


def require_one_key(archives: Sequence[Path]) -> bytes | None:
    """The pseudonym key that all archives share; None where none of them has one yet.

    Raises:
        UsageError: two have different keys, or one has lost its key or never had one.
        ArchiveDamagedError: a key is damaged, or others may read it.
    """
    first: tuple[Path, bytes] | None = None
    keyless: list[Path] = []
    for archive in archives:
        key = read_key(archive / KEY_FILE)
        if key is None:
            keyless.append(archive)
        elif first is None:
            first = (archive, key)
        elif not hmac.compare_digest(first[1], key):
            raise UsageError(
                f"{first[0]} and {archive} have different pseudonym keys: one person would be two, so their rows cannot stand in "
                f"one dataset, and nothing was read. Make an archive that shares the key, `postkeep init NEW --key-of {quote(str(first[0]))}`, "
                f"import what {archive} has into it, `postkeep import {quote(str(archive / 'warc'))} --archive NEW`, and merge that instead."
            )
    for archive in keyless:
        if is_used(archive):
            raise UsageError(f"{archive} has captures and no {KEY_FILE}. {KEY_REMEDY}")
        if first:
            raise UsageError(
                f"{archive} has no pseudonym key yet, and would get another. Nothing was read. Leave it out, or let it share that of "
                f"the others: postkeep init {quote(str(archive))} --key-of {quote(str(first[0]))}"
            )
    return first[1] if first else None


def agreed_settings(workplaces: Sequence[Workplace]) -> Settings:
    """The settings of all archives as those of one.

    Raises:
        UsageError: two do not agree in one that rows or card depend on.
    """
    first = workplaces[0]
    for other in workplaces[1:]:
        for name, value in first.settings.shaping.items():
            if value != other.settings.shaping[name]:
                raise _disagreement(name, "rows depend on", first, other)
    stated = {name: _stated(name, workplaces) for name in _STATED}
    hosts = {host: _of_host(host, workplaces) for each in workplaces for host in each.settings.host}
    return replace(
        first.settings,
        title=stated["title"],
        rights_statement=stated["rights_statement"],
        contact=stated["contact"],
        scrub=min(each.settings.scrub for each in workplaces),
        host=dict(sorted(hosts.items())),
        opt_out=None,
        follow=(),
    )


def _stated(name: str, workplaces: Sequence[Workplace]) -> str | None:
    value_of = _STATED[name]
    stating = [each for each in workplaces if value_of(each.settings) is not None]
    for other in stating[1:]:
        if value_of(other.settings) != value_of(stating[0].settings):
            raise _disagreement(name, "the card states", stating[0], other)
    return value_of(stating[0].settings) if stating else None


def _of_host(host: str, workplaces: Sequence[Workplace]) -> HostSettings:
    """What is said of a host: by whoever says that its terms forbid crawling, if anyone does."""
    stated = [each.settings.host[host] for each in workplaces if host in each.settings.host]
    forbidding = sorted((each for each in stated if each.terms), key=lambda each: each.reason or "")
    return forbidding[0] if forbidding else stated[0]


def _disagreement(name: str, what: str, one: Workplace, other: Workplace) -> UsageError:
    return UsageError(
        f"{one.folder} and {other.folder} do not agree in `{name}`, which {what}, so nothing was read. Set the same in the "
        f"{SETTINGS_FILE} of both, then run the same command again."
    )
