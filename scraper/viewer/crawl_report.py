"""What the report of a crawl shows, as plain values: the page is drawn from it, and ``--json`` gives the same numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from scraper.archive.growth import MonthOfGrowth
from scraper.model.run import Run


@dataclass(frozen=True, slots=True)
class HostPosts:
    """The posts of one host: ``declared`` and ``captured_of_declared`` comments are those of the posts that declare a number."""

    host: str
    posts: int
    comments: int
    declared: int
    captured_of_declared: int
    short: int
    access: Mapping[str, int]
    status: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class HostTraffic:
    """What was asked of one host. ``answers`` counts by class of status (``304`` apart, ``none`` where no answer came).

    Gaps are in seconds between an answer and the next request; ``least_margin`` is the least by which a gap that was kept exceeds the
    one that was owed. None where no two requests followed each other. ``last_at`` is a time in UTC.
    """

    host: str
    requests: int
    answers: Mapping[str, int]
    refused: int
    bytes: int
    longest_gap_owed: float | None
    shortest_gap_kept: float | None
    least_margin: float | None
    violations: int
    last_at: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A cause for which pages did not come: ``outcome`` is answered, failed or refused; ``example`` the URL it met last."""

    outcome: str
    cause: str
    times: int
    hosts: int
    example: str


@dataclass(frozen=True, slots=True)
class DayOfDue:
    """How many posts become due on one day (``YYYY-MM-DD``, UTC); those of today are due now."""

    day: str
    posts: int


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """Everything on the page. Times are in UTC as rows have them; ``bytes`` is by what the archive's files hold.

    ``visits`` counts those that were kept, not read yet, and rejected; ``drift`` has a sentence for each run that is held back.
    """

    archive: str
    made_at: str
    software: str
    hosts: tuple[HostPosts, ...]
    traffic: tuple[HostTraffic, ...]
    troubles: tuple[Trouble, ...]
    growth: tuple[MonthOfGrowth, ...]
    runs: tuple[Run, ...]
    drift: tuple[str, ...]
    due: tuple[DayOfDue, ...]
    next_due_at: str | None
    visits: Mapping[str, int]
    bytes: Mapping[str, int]
    tombstones: int
    notes: tuple[str, ...]
