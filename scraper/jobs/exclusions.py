"""What the owner decided to leave out, from decisions.jsonl and the opt-out file; read anew on each run."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Final

from scraper.archive.decisions import read_decisions
from scraper.archive.files import KEY_FILE
from scraper.errors import UsageError
from scraper.jobs.workplace import Workplace
from scraper.model.exclusions import Exclusions
from scraper.model.site import home_of
from scraper.model.url import host_of, identity, parse_url
from scraper.reading.named import AUTHOR_ID, authors_named, ids_of_name
from scraper.records.joined import JoinedRecords
from scraper.records.people import Pseudonyms, load_or_create_key
from scraper.sites.registry import Roots, installed_sites

# A name of a person may have this form too.
_HOST: Final = re.compile(r"(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}\.?")


def exclusions_of(workplace: Workplace, homes: Iterable[str] = ()) -> Exclusions:
    """All that is forgotten or opted out by now; ``homes`` are those whose people a bare name in the file can mean.

    Raises:
        ArchiveDamagedError: decisions.jsonl cannot be understood.
        UsageError: the opt-out file cannot be read, or a line of it says nothing.
    """
    forgotten = frozenset(
        decision.subject for decision in read_decisions(workplace.folder) if decision.kind == "tombstone"
    )
    if workplace.settings.opt_out is None:
        return Exclusions(forgotten)
    path = workplace.folder / workplace.settings.opt_out
    people = Pseudonyms(load_or_create_key(workplace.folder / KEY_FILE))
    return _opted_out(_lines(path), forgotten, people, frozenset(homes))


def exclusions_within(
    records: JoinedRecords, workplaces: Iterable[Workplace], more_posts: Iterable[str] = ()
) -> Exclusions:
    """All that any of the archives has forgotten or opted out, of the sites in the ``records``; under ids and addresses of before too.

    ``more_posts`` are the ids of posts that no records have: a bare name can mean the people of their sites as well.

    Raises:
        ArchiveDamagedError, UsageError: as ``exclusions_of``.
    """
    return exclusions_among(records, workplaces, map(home_of, chain(records.post_ids(), more_posts)))


def exclusions_among(
    records: JoinedRecords, workplaces: Iterable[Workplace], posts_homes: Iterable[str]
) -> Exclusions:
    """As ``exclusions_within``, where the homes of all posts are told.

    Raises:
        ArchiveDamagedError, UsageError: as ``exclusions_of``.
    """
    homes = frozenset(posts_homes)
    every = Exclusions.of_all(exclusions_of(each, homes) for each in workplaces)
    visited = frozenset[str]().union(*map(records.post_at, every.urls))
    return replace(
        every,
        forgotten=every.forgotten | records.ids_today(every.forgotten),
        opted_out=every.opted_out
        | records.ids_today(every.opted_out)
        | records.people_called(every.names)
        | visited,
    )


def _opted_out(
    lines: Iterable[str], forgotten: frozenset[str], people: Pseudonyms, homes: frozenset[str]
) -> Exclusions:
    ids: set[str] = set()
    urls: set[str] = set()
    hosts: set[str] = set()
    names: set[str] = set()
    for line in lines:
        url = parse_url(line)
        if url is not None:
            post = installed_sites().claimed(line)
            urls |= {identity(url.href), identity(installed_sites().canonical_url(line, Roots()))}
            ids |= {post.claim.post_id} if post else authors_named(line, people, homes)
        elif AUTHOR_ID.fullmatch(line):
            ids.add(line)
        else:
            if _HOST.fullmatch(line) and (host := host_of(f"https://{line}/")):
                hosts.add(host.rstrip("."))
            names |= ids_of_name(line, people, homes)
            ids |= {line, *authors_named(line, people, homes)}
    return Exclusions(forgotten, frozenset(ids), frozenset(urls), frozenset(hosts), frozenset(names))


def _lines(path: Path) -> Iterator[str]:
    """The lines of the opt-out file without its comments."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}, the opt_out file of postkeep.toml, cannot be read: {error}. Nothing is visited or exported without it."
        raise UsageError(message) from error
    for line in text.splitlines():
        entry = re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip()
        if entry:
            yield entry
