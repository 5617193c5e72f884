"""Somebody else's WARC files: many hosts in one file, WARC 1.0, and only what was chosen of it."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.archive.warc_file import WarcFile
from scraper.jobs.imports.selection import Selection
from scraper.jobs.imports.warc_places import WarcPlaces
from scraper.jobs.workplace import Workplace
from tests.jobs.captures import visits
from tests.jobs.crawl_file import CrawlFile, import_of
from tests.jobs.mementos import POST, SITE, page, reasons, v2_captures


def crawl_of_many_hosts() -> CrawlFile:
    file = CrawlFile()
    for number in range(30):
        file.add(f"https://host-{number}.example/page", b"<p>" + b"x" * 1000)
    file.add(POST, page())
    for capture in v2_captures("20251201000000"):
        file.add(capture.url, capture.body, "2025-12-01T00:00:00Z", capture.status, capture.headers)
    for number in range(30):
        file.add(f"https://host-{number}.example/other", b"<p>")
    return file


@pytest.mark.parametrize("name", ["crawl.warc.gz", "crawl.warc"])
def test_posts_are_found_among_many_hosts_with_what_their_site_needs(
    name: str, workplace: Workplace, tmp_path: Path
) -> None:
    report = import_of(workplace, crawl_of_many_hosts().write(tmp_path / name))
    assert [(item.outcome, item.post_id) for item in report.items] == [
        ("done", "careerly:comments-70991"),
        ("done", "careerly:posts-73002"),
        *[("skipped", None)] * 63,
    ]
    assert [len(visit.captures) for visit in visits(workplace)] == [1, 3]


@pytest.mark.parametrize(
    ("selection", "post_ids"),
    [
        (Selection(hosts=("careerly.co.kr",)), {"careerly:comments-70991", "careerly:posts-73002"}),
        (Selection(hosts=("CO.KR",)), {"careerly:comments-70991", "careerly:posts-73002"}),
        (Selection(hosts=("example.org",)), set()),
        (Selection(hosts=("erly.co.kr",)), set()),
        (Selection(patterns=("*/comments/*",)), {"careerly:comments-70991"}),
        (Selection(patterns=("*/comments",)), set()),
        (Selection(patterns=("*/nothing", f"{SITE}/community?post=*")), {"careerly:posts-73002"}),
        (Selection(since=datetime(2025, 1, 1, tzinfo=UTC)), {"careerly:posts-73002"}),
        (Selection(until=datetime(2025, 1, 1, tzinfo=UTC)), {"careerly:comments-70991"}),
        (
            Selection(since=datetime(2022, 11, 8, tzinfo=UTC), until=datetime(2022, 11, 8, tzinfo=UTC)),
            set(),
        ),
    ],
)
def test_a_selection_takes_in_the_posts_it_names_and_all_that_they_need(
    selection: Selection, post_ids: set[str], workplace: Workplace, tmp_path: Path
) -> None:
    report = import_of(
        workplace, crawl_of_many_hosts().write(tmp_path / "crawl.warc.gz"), selection=selection
    )
    assert {item.post_id for item in report.items if item.outcome == "done"} == post_ids
    if not post_ids:
        assert "holds no page of a post to take in" in reasons(report, "failed")[0]
    # Of the captures in the file, each is a post's page or counted under a reason.
    counts = report.counts()
    assert counts["skipped"] + counts["done"] == 65


def test_whatever_is_passed_over_is_counted_under_its_reason(workplace: Workplace, tmp_path: Path) -> None:
    file = CrawlFile()
    file.add(POST, page())
    for number in range(3):
        file.add(f"https://host-{number}.example/page", b"<p>")
        file.add_revisit(f"https://host-{number}.example/page", "2023-01-01T00:00:00Z")
    file.add(f"{SITE}/profiles/7", b"no post")
    file.add("https://host-1.example/old", b"", status=301)
    report = import_of(workplace, file.write(tmp_path / "a.warc"))
    assert [item.outcome for item in report.items].count("done") == 1
    assert Counter(reasons(report, "skipped")) == {
        "Captures of URLs that are no posts of a site that postkeep reads.": 1,
        "Captures of pages that no site that postkeep reads recognises as posts.": 3,
        "Redirects; the page that one leads to counts by itself.": 1,
        "Revisits without a page to tell its site, of URLs of which the files hold no post either.": 3,
    }
    assert f"{SITE}/profiles/7" in [item.target for item in report.items if item.outcome == "skipped"]


def test_a_capture_without_a_time_is_not_chosen_by_time(workplace: Workplace, tmp_path: Path) -> None:
    file = CrawlFile()
    file.add(POST, page(), date="soon")
    report = import_of(
        workplace,
        file.write(tmp_path / "a.warc"),
        selection=Selection(since=datetime(2000, 1, 1, tzinfo=UTC)),
    )
    assert report.counts()["done"] == 0


@pytest.mark.parametrize(
    ("url", "exit_code"),
    [("https://careerly.co.kr/profiles/7", 0), ("https://example.org/", 1)],
    ids=["no post by its URL", "perhaps a post of a platform"],
)
def test_a_record_that_is_damaged_within_is_named_where_it_may_have_been_a_post(
    workplace: Workplace, tmp_path: Path, url: str, exit_code: int
) -> None:
    file = CrawlFile()
    file.add(url, b"no post")
    file.add(POST, page())
    path = file.write(tmp_path / "a.warc")
    path.write_bytes(path.read_bytes().replace(b"HTTP/1.1 200 X", b"XTTP/1.1 200 X", 1))
    report = import_of(workplace, path)
    assert (report.exit_code, report.counts()["done"]) == (exit_code, 1)


def test_the_place_nearest_in_time_is_found_however_many_hosts_are_asked_for(tmp_path: Path) -> None:
    file = CrawlFile()
    for year in (2021, 2023, 2022):
        for number in range(12):
            url = f"https://host-{number}.example/page"
            file.add(url, f"{number} in {year}".encode(), date=f"{year}-01-01T00:00:00Z")
    path = file.write(tmp_path / "a.warc.gz")
    with WarcPlaces([WarcFile.at(path)]) as places:
        for number in range(12):
            nearest = places.nearest(f"https://host-{number}.example/page", datetime(2022, 3, 1, tzinfo=UTC))
            assert [record.block.split()[-1] for record in nearest] == [b"2022", b"2023", b"2021"]
        assert not list(places.nearest("https://host-3.example/elsewhere", None))
        assert not list(places.nearest("no URL", None))
