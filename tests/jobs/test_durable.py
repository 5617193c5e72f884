"""What a crawl forces to the medium: a step an exchange, and no more."""

from pathlib import Path

from tests.bench.verb_costs.durable import operations_a_page


def test_a_page_crawled_makes_at_most_four_durable_operations(tmp_path: Path) -> None:
    assert operations_a_page(tmp_path) <= 4
