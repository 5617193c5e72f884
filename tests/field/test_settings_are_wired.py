"""Every setting that is accepted has a test that shows what it does."""

import pytest

from scraper.settings_file import _HOST, _PUBLISH, _REFRESH, _SETTINGS
from tests.conftest import REPOSITORY

# key: the file of a test of its effect, and what sets it there
SHOWN_BY = {
    "contact": ("cli/test_crawl.py", "test_nobody_is_visited_without_a_contact"),
    "title": ("dataset/test_card.py", "title"),
    "names": ("records/test_rows.py", 'names="named"'),
    "scrub": ("records/test_rows.py", "scrub="),
    "rights_statement": ("publish/test_access.py", "rights_statement="),
    "license": ("records/test_rows.py", "license="),
    "keep_noarchive": ("jobs/test_rights.py", "keep_noarchive="),
    "keep_deleted_text": ("records/test_history.py", "keep_deleted_text="),
    "listing_pages": ("jobs/test_discovery.py", "listing_pages="),
    "opt_out": ("takedown/test_opt_out.py", "opt_out"),
    "follow": ("jobs/test_refresh.py", "follow="),
    "refresh.shortest": ("jobs/test_rhythm.py", "shortest"),
    "refresh.longest": ("jobs/test_rhythm.py", "longest"),
    "refresh.requests": ("jobs/test_refresh.py", "requests="),
    "refresh.bytes": ("jobs/test_refresh.py", "bytes="),
    "refresh.minutes": ("jobs/test_refresh.py", "minutes="),
    "host.delay": ("fetch/test_visitor.py", "HostSettings(delay"),
    "host.zone": ("field/test_home_zones.py", "zone = "),
    "host.terms": ("fetch/test_visitor.py", 'terms="forbid"'),
    "host.reason": ("fetch/test_visitor.py", "terms_reason"),
    "host.keep_noarchive": ("jobs/test_rights.py", "HostSettings("),
    "publish.metrics_every_days": ("publish/test_what_goes_out.py", "metrics_every_days"),
    "publish.largest_fall": ("publish/test_what_goes_out.py", "largest_fall"),
}
TABLES = {"refresh": _REFRESH, "host": _HOST, "publish": _PUBLISH}
KEYS = [key for key in _SETTINGS if key not in TABLES] + [
    f"{name}.{key}" for name, table in TABLES.items() for key in table
]


@pytest.mark.parametrize("key", KEYS)
def test_a_setting_that_is_accepted_is_shown_to_do_something(key: str) -> None:
    name, sets = SHOWN_BY[key]
    assert sets in (REPOSITORY / "tests" / name).read_text(encoding="utf-8")
