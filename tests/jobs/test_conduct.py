"""The card's figures of politeness, counted from ledger lines."""

from datetime import UTC, datetime

from scraper.dataset.context import Conduct
from scraper.jobs.politeness.conduct import conduct_of
from scraper.jobs.politeness.lines import Illegible, Line

AT = datetime(2026, 1, 1, tzinfo=UTC)


def line(event: str, host: str = "a.example", rule: str = "", **detail: object) -> Line:
    return Line("ledger/2026-01.jsonl line 1", AT, 0.0, event, host, f"https://{host}/", rule, detail)


def test_the_ledger_is_summed_up_without_naming_a_host() -> None:
    lines: list[Line | Illegible] = [
        line("began"),
        line("request", rule="robots.txt", gap_owed=None, gap_kept=None),
        line("answer", status=200),
        line("request", gap_owed=2.0, gap_kept=2.5),
        line("answer", status=503),
        line("request", gap_owed=4.0, gap_kept=4.0),
        line("failed"),
        line("request", "b.example", gap_owed=None, gap_kept=None),
        line("answer", "b.example", status=429),
        line("refused", rule="robots.txt line 3: Disallow: /"),
        line("refused", rule="terms forbid"),
        line("waiting", gap_owed=9.0),
        Illegible("ledger/2026-01.jsonl line 9"),
    ]
    assert conduct_of(lines) == Conduct(
        hosts=2,
        requests=4,
        failed=1,
        refused=2,
        refused_by_robots=1,
        strained=2,
        shortest_gap=2.5,
        gaps_owed=6.0,
    )


def test_an_archive_of_imported_files_has_nothing_to_sum_up() -> None:
    assert conduct_of([]) == Conduct()
