"""How the hosts were treated, counted from the ledger for the dataset card.

Hosts are counted and not named: the ledger also knows those whose posts were taken down.
"""

from collections.abc import Iterable

from scraper.dataset.context import Conduct
from scraper.jobs.politeness.lines import Illegible, Line


def conduct_of(lines: Iterable[Line | Illegible]) -> Conduct:
    """The figures over all lines; those that are none are passed over (``postkeep check`` names them)."""
    hosts: set[str] = set()
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
