"""The parts of a dataset card on how its rows came to be: how the hosts were treated, versions, changes, migrations."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from scraper.dataset.context import Conduct, Migration, Publication, PublishedVersion
from scraper.dataset.sections import table

_MINUTE: Final = 60.0


def conduct(figures: Conduct | None, takedowns: int) -> str:
    """How the hosts were treated, and how many takedowns are honoured."""
    honoured = f"Takedown requests that these rows honour: {takedowns:,}."
    if figures is None or not figures.requests:
        asked = (
            "" if figures is None or not figures.refused else f" ({figures.refused:,} requests were refused)"
        )
        return f"No host was visited for it{asked}: its pages were handed in as files. {honoured}"
    gap = ""
    if figures.shortest_gap is not None:
        gap = (
            f" The shortest time between an answer and the next request to the same host was "
            f"{figures.shortest_gap:,.1f} s; the waits that were owed add up to {_duration(figures.gaps_owed)}."
        )
    return (
        f"Every request and every decision against one is in a ledger, of which this is the sum: {figures.requests:,} "
        f"requests (those for robots.txt included) to {figures.hosts:,} {_plural('host', figures.hosts)}, never two at a "
        f"time to one of them. {figures.refused:,} were refused by the crawler's own rules before they were made, "
        f"{figures.refused_by_robots:,} of them by robots.txt. {figures.strained:,} were answered by 429 or 5xx, each of "
        f"which slows the crawler down, and {figures.failed:,} not at all.{gap} {honoured}"
    )


def pinning(publication: Publication) -> str:
    """How to load just this version; a hint where it has no tag."""
    tag = publication.tag or "TAG"
    return f'`load_dataset("{publication.named}", "posts", revision="{tag}")`'


def versions(publication: Publication, schema_version: str, rows: Mapping[str, int]) -> str:
    """The versions on the Hub, this one first."""
    if publication.tag is None and not publication.versions:
        return "This dataset was never published by its tool: there are no tags yet."
    this = [PublishedVersion(publication.tag, schema_version, rows)] if publication.tag else []
    listed = [*this, *publication.versions]
    names = list(dict.fromkeys(name for version in listed for name in version.rows))
    return table(
        ("tag", "schema", *names),
        [
            (f"`{version.tag}`", version.schema_version, *(_rows(version.rows, name) for name in names))
            for version in listed
        ],
    )


def changes(publication: Publication) -> str:
    """What changed since the newest version before this one."""
    if not publication.versions:
        return "There is no earlier version to compare with."
    listed = publication.changes or ("No file changed.",)
    return f"Since `{publication.versions[0].tag}`:\n\n" + "\n".join(f"- {change}" for change in listed)


def migrated(migration: Migration | None) -> str:
    """That the rows were brought forward from an older schema; empty where they were not."""
    if migration is None:
        return ""
    lacking = _listed(migration.lacking)
    return (
        f"\n\nThese rows were read under schema {migration.origin} and brought forward without reading the archive again. "
        + (f"Only a new extraction can fill {lacking}." if lacking else "Nothing was left unfilled by that.")
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _rows(rows: Mapping[str, int], name: str) -> str:
    return f"{rows[name]:,}" if name in rows else "none"


def _plural(noun: str, number: int) -> str:
    return noun if number == 1 else f"{noun}s"


def _duration(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{seconds:,.0f} s"
    return str(timedelta(seconds=round(seconds))) + " h"
