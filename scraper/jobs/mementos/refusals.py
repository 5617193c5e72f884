"""Pages that their site itself refused, as far as this archive knows: a web archive is no way around that."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NoReturn

from scraper.archive.archive import Archive
from scraper.archive.ledger import ledger_files
from scraper.errors import RefusedError
from scraper.fetch.robots import judge
from scraper.model.product import PRODUCT_TOKEN
from scraper.model.stores import Clock, LedgerEntry
from scraper.model.url import host_of, parse_url
from scraper.settings import Settings

# How the ledger names a rule of a robots.txt that was there and said no.
_ROBOTS_RULE: Final = "robots.txt line"
_CLOSED: Final = frozenset({401, 403})


class SiteRefusals:
    """The refusals of each site: by its terms in the owner's settings, the last robots.txt and the ledger of this archive, its live visits.

    Nothing is asked of the site. A robots.txt that could not be reached is no word of the site's.
    """

    def __init__(self, archive: Archive, settings: Settings, clock: Clock) -> None:
        self._archive = archive
        self._clock = clock
        self._settings = settings
        self._refused = refused_by_robots(archive.folder)

    def require_open(self, url: str) -> None:
        """Raise RefusedError where the terms or the robots.txt of its own site forbid ``url``; the ledger is told."""
        parsed = parse_url(url)
        if parsed is None:
            return
        host = self._settings.for_host(parsed.host)
        if host.terms == "forbid" and not host.reason:
            message = (
                f"{url} is not sought in a web archive: postkeep.toml says that the terms of {parsed.host} forbid it. "
                f'Write a reason into [host."{parsed.host}"] if you may keep it all the same.'
            )
            self._refuse(url, message, "terms forbid")
        rule = self._robots_rule(parsed.origin, parsed.href)
        if rule:
            message = (
                f"{url} is not sought in a web archive: the site itself refused it ({rule}). Ask its owner."
            )
            self._refuse(url, message, "refused by the site itself")

    def require_ungated(self, post_url: str, *, is_gated: bool) -> None:
        """Raise RefusedError where the last live visit of a post met a closed door or ``is_gated``; the ledger is told."""
        if is_gated or self._archive.observed_statuses(post_url) & _CLOSED:
            message = f"{post_url} is not sought in a web archive: when it was visited, the site showed it to members only."
            self._refuse(post_url, message, "gated by the site itself")

    def _refuse(self, url: str, message: str, rule: str) -> NoReturn:
        self._archive.ledger.note(LedgerEntry(self._clock.now(), "refused", host_of(url), url, rule, {}))
        raise RefusedError(message, rule=rule)

    def _robots_rule(self, origin: str, url: str) -> str | None:
        copy = self._archive.robots.get_robots(origin)
        robots = judge(copy)
        if copy is None or robots.is_refusal:
            return "robots.txt, by the ledger" if url in self._refused else None
        verdict = robots.verdict(PRODUCT_TOKEN, url)
        return None if verdict.allowed else verdict.rule


def refused_by_robots(archive: Path) -> frozenset[str]:
    """The URLs of which the ledger's last word is that the site's robots.txt refused them."""
    refused: set[str] = set()
    for entry in _entries(archive):
        url = str(entry.get("url"))
        if entry.get("event") == "refused" and str(entry.get("rule")).startswith(_ROBOTS_RULE):
            refused.add(url)
        elif entry.get("event") == "request":
            refused.discard(url)
    return frozenset(refused)


def _entries(archive: Path) -> Iterator[dict[str, object]]:
    for path in ledger_files(archive):
        with path.open("rb") as file:
            for line in file:
                try:
                    entry = json.loads(line)
                except (ValueError, RecursionError):
                    continue  # `postkeep check` names the lines that are damaged.
                if isinstance(entry, dict):
                    yield entry
