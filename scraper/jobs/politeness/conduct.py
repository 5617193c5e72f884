"""How the hosts were treated, counted from the ledger for the dataset card.

Hosts are counted and not named: the ledger also knows those whose posts were taken down.
"""

import hashlib
import math
from collections.abc import Iterable
from pathlib import Path

from scraper.archive.ledger import ledger_files
from scraper.dataset.context import Conduct
from scraper.jobs.politeness.lines import Illegible, Line, read_lines


def conduct_of_archives(archives: Iterable[Path]) -> Conduct:
    """The figures over the ledgers of several archives, in whatever order these are given; what copies of one have in common counts once."""
    hosts: set[str] = set()
    ordered = sorted(archives, key=_ledger_digest)
    parts = [
        conduct_of(read_lines(archive, ordered[:number]), hosts) for number, archive in enumerate(ordered)
    ]
    return Conduct(
        hosts=len(hosts),
        requests=sum(part.requests for part in parts),
        failed=sum(part.failed for part in parts),
        refused=sum(part.refused for part in parts),
        refused_by_robots=sum(part.refused_by_robots for part in parts),
        strained=sum(part.strained for part in parts),
        shortest_gap=min(
            (part.shortest_gap for part in parts if part.shortest_gap is not None), default=None
        ),
        gaps_owed=math.fsum(part.gaps_owed for part in parts),
    )


def _ledger_digest(archive: Path) -> bytes:
    digest = hashlib.sha256()
    for path in ledger_files(archive):
        with path.open("rb") as file:
            digest.update(path.name.encode() + hashlib.file_digest(file, "sha256").digest())
    return digest.digest()


def conduct_of(lines: Iterable[Line | Illegible], hosts: set[str] | None = None) -> Conduct:
    """The figures over all lines; those that are none are passed over (``postkeep check`` names them).

    ``hosts`` takes in the hosts that were asked.
    """
    hosts = set() if hosts is None else hosts
    counted = {"request": 0, "failed": 0, "refused": 0}
    by_robots = strained = 0
    shortest: float | None = None
    owed = 0.0
    for line in lines:
        if isinstance(line, Illegible):
            continue
        if line.event in counted:
            counted[line.event] += 1
        if line.event == "request":
            hosts.add(line.host)
            kept = line.number("gap_kept")
            if kept is not None:
                shortest = kept if shortest is None else min(shortest, kept)
            owed += line.number("gap_owed") or 0.0
        elif line.event == "answer":
            strained += _is_strained(line.number("status"))
        elif line.event == "refused":
            by_robots += line.rule.startswith("robots.txt")
    return Conduct(
        hosts=len(hosts),
        requests=counted["request"],
        failed=counted["failed"],
        refused=counted["refused"],
        refused_by_robots=by_robots,
        strained=strained,
        shortest_gap=shortest,
        gaps_owed=owed,
    )


def _is_strained(status: float | None) -> bool:
    return status is not None and (status == 429 or status >= 500)
