"""Dates without a zone are in the zone that the owner of the archive gives for their host."""

from pathlib import Path

import pytest

from scraper.errors import UsageError
from scraper.model.capture import Capture
from scraper.page.dates import Zone
from scraper.page.home_zones import HomeZones
from scraper.reading.fingerprint import reading_fingerprint
from scraper.reading.read_visit import read_visit
from scraper.records.cleaning import Policy
from scraper.records.reading import Reading
from scraper.records.row_types import PostRow
from scraper.settings import Settings
from scraper.settings_file import load_settings
from scraper.sites.registry import installed_sites
from tests.field.blogs import POST, page
from tests.sites.captures import capture, visit
from tests.sites.test_careerly_v2 import API, SHELL, URL
from tests.sites.test_careerly_v2 import POST as TOLD

KEY = bytes(32)
DATED = f'<time class="entry-date published" datetime="2026-03-01 10:00:00">1 March</time>{POST}'
ANSWERED = (capture(SHELL, URL), capture(TOLD | {"createdat": "2024-03-01T10:00:00"}, f"{API}/posts/77/"))
SHOWN = capture(
    "<title>커리어리</title><h1>봄이 오는 길목</h1><p>길목에 선 나무 이야기입니다.</p><p>2024년 3월 1일 오전 10:00</p><p>조회 12</p>",
    "https://careerly.co.kr/comments/77",
)


def settings(folder: Path, text: str) -> Settings:
    (folder / "postkeep.toml").write_text(text, encoding="utf-8")
    return load_settings(folder, {})


def row(own: Settings, *captures: Capture) -> PostRow:
    reading = read_visit(visit(*captures), Policy.of(own, KEY), installed_sites())
    assert isinstance(reading, Reading), reading
    return reading.post


@pytest.mark.parametrize("host", ["blog.example", "www.blog.example", "WWW.Blog.Example", "blog.example."])
@pytest.mark.parametrize("at", ["https://blog.example/2026/03/a-post/", "http://www.blog.example/a-post/"])
def test_a_blog_is_dated_in_the_zone_of_its_host(host: str, at: str, tmp_path: Path) -> None:
    own = settings(tmp_path, f'[host."{host}"]\nzone = "America/New_York"\n')
    post = row(own, page(DATED, url=at))
    seen = post["published_at"], post["published_zone"], post["published_zone_basis"]
    assert seen == ("2026-03-01T15:00:00Z", "America/New_York", "assumed")
    assert row(Settings(), page(DATED, url=at))["published_zone"] == "UTC"


def test_a_stated_offset_wins_over_the_owners_zone(tmp_path: Path) -> None:
    own = settings(tmp_path, '[host."blog.example"]\nzone = "America/New_York"\n')
    post = row(own, page(DATED.replace("10:00:00", "10:00:00+02:00")))
    assert (post["published_at"], post["published_zone_basis"]) == ("2026-03-01T08:00:00Z", "stated")


@pytest.mark.parametrize("host", ["careerly.co.kr", "WWW.careerly.co.kr", "v2.careerly.co.kr"])
def test_what_an_api_tells_is_dated_in_the_zone_of_its_site(host: str, tmp_path: Path) -> None:
    own = settings(tmp_path, f'[host."{host}"]\nzone = "America/New_York"\n')
    post = row(own, *ANSWERED)
    assert (post["published_zone"], post["published_zone_basis"]) == ("America/New_York", "assumed")
    assert row(Settings(), *ANSWERED)["published_zone"] == "Asia/Seoul"


def test_what_a_page_shows_is_dated_in_the_zone_of_its_site(tmp_path: Path) -> None:
    own = settings(tmp_path, '[host."www.careerly.co.kr"]\nzone = "America/New_York"\n')
    assert (row(own, SHOWN)["published_zone"], row(Settings(), SHOWN)["published_zone"]) == (
        "America/New_York",
        "Asia/Seoul",
    )


def test_a_host_of_letters_of_any_script_is_found_by_its_punycode(tmp_path: Path) -> None:
    own = settings(tmp_path, '[host."Blog.글.kr"]\nzone = "Asia/Tokyo"\ndelay = 9\n')
    assert own.for_host("blog.xn--bj0b.kr").delay == 9
    assert HomeZones(own.zones).at("https://blog.글.kr/a/") == Zone("Asia/Tokyo", "assumed")


def test_each_spelling_of_a_host_may_have_its_own_zone_and_no_other_host_has_it() -> None:
    zones = HomeZones({"a.example": "Asia/Seoul", "www.a.example": "Asia/Tokyo"})
    assert (zones.at("https://a.example/"), zones.at("https://www.a.example/")) == (
        Zone("Asia/Seoul", "assumed"),
        Zone("Asia/Tokyo", "assumed"),
    )
    assert (
        zones.at("https://b.a.example/") is zones.at("urn:x") is HomeZones().at("https://a.example/") is None
    )


@pytest.mark.parametrize("second", ["A.kr", "a.kr.", "A.KR"])
def test_one_host_in_two_tables_is_a_mistake(second: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="are the same host"):
        settings(tmp_path, f'[host."a.kr"]\ndelay = 3\n[host."{second}"]\nzone = "Asia/Seoul"\n')


def test_records_are_read_again_when_a_zone_changes(tmp_path: Path) -> None:
    own = settings(tmp_path, '[host."a.kr"]\nzone = "Asia/Seoul"\n')
    other = settings(tmp_path, '[host."a.kr"]\ndelay = 9\n')
    assert reading_fingerprint(own, KEY) != reading_fingerprint(Settings(), KEY)
    assert reading_fingerprint(other, KEY) == reading_fingerprint(Settings(), KEY)
