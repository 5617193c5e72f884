"""How an archive grew, month by month, from its index alone."""

from dataclasses import dataclass
from typing import Final

from scraper.archive.state import State

_BY_MONTH: Final = """
    SELECT substr(begun_at, 1, 7) AS month, count(*) AS visits,
        sum(NOT EXISTS (
            SELECT 1 FROM visits AS earlier WHERE earlier.url = visits.url AND earlier.sequence < visits.sequence
        )) AS first_visits,
        sum((SELECT count(*) FROM visit_captures WHERE visit_captures.visit_id = visits.visit_id)) AS captures,
        sum((
            SELECT ifnull(sum(length), 0) FROM visit_captures JOIN records USING (record_id)
            WHERE visit_captures.visit_id = visits.visit_id
        )) AS bytes
    FROM visits WHERE ended_at IS NOT NULL GROUP BY month ORDER BY month
"""


@dataclass(frozen=True, slots=True)
class MonthOfGrowth:
    """What one month (``YYYY-MM``, UTC) added: visits, those that were the first of their URL, captures, and bytes of WARC records.

    A capture that several visits share is counted with each of them.
    """

    month: str
    visits: int
    first_visits: int
    captures: int
    bytes: int


def growth_by_month(state: State) -> tuple[MonthOfGrowth, ...]:
    """The months in which anything was visited or imported, oldest first."""
    return tuple(MonthOfGrowth(*row) for row in state.rows(_BY_MONTH))
