"""postkeep from Python, as its users write it."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import open_archive, read_page
from scraper.archive.files import RECORDS_FILE
from scraper.archive.lock import Lock
from scraper.errors import UsageError
from scraper.model.record import Record, Rejection
from scraper.records.store import Records
from tests.cli.terminal import postkeep
from tests.fixtures.pages import v1_page, v1_post

URL = "https://careerly.co.kr/comments/72260"


def test_a_page_in_hand_gives_its_post_and_comments() -> None:
    record = read_page(v1_page(72260).encode(), URL)
    assert isinstance(record, Record)
    post = v1_post(72260)
    assert record.post.text is not None
    assert post.by is not None
    assert record.post.author is not None
    assert record.post.author.name == post.by.name
    assert len(record.comments) == len(post.comments)


def test_text_is_read_like_the_bytes_it_came_from_whatever_charset_the_page_names() -> None:
    page = v1_page(72260).replace("<head>", '<head><meta charset="euc-kr">', 1)
    as_text, as_bytes = read_page(page, URL), read_page(page.encode(), URL)
    assert isinstance(as_text, Record)
    assert isinstance(as_bytes, Record)
    assert as_text.post.text == as_bytes.post.text


def test_a_relative_date_needs_the_time_of_the_capture() -> None:
    page = v1_page(72260)
    without, captured = (
        read_page(page, URL),
        read_page(page, URL, captured_at=datetime(2023, 1, 1, tzinfo=UTC)),
    )
    assert isinstance(without, Record)
    assert isinstance(captured, Record)
    ages = [each.published for each in without.comments if each.published]
    assert ages
    assert all(each.at is None for each in ages if each.raw.endswith("전"))
    assert all(each.published.at for each in captured.comments if each.published)


@pytest.mark.parametrize("url", ["", "example.org/post", "/post", "file:///post.html", "http://[::1"])
def test_what_is_no_url_is_said_as_that(url: str) -> None:
    answer = read_page(v1_page(72260), url)
    assert isinstance(answer, Rejection)
    assert "is no http(s) URL" in answer.reason


@pytest.mark.parametrize("page", [b"", " \n"])
def test_an_empty_page_is_said_to_be_empty(page: bytes | str) -> None:
    answer = read_page(page, "https://maru.example/17")
    assert isinstance(answer, Rejection)
    assert answer.reason == "https://maru.example/17 is no page to read: it is empty."


def test_a_record_does_not_repeat_the_user_name_in_a_url() -> None:
    with_name = URL.replace("://", "://me:secret@")
    assert "secret" not in repr(read_page(v1_page(72260), with_name))
    assert "secret" not in repr(read_page("<p>Nothing.</p>", with_name))


def test_a_time_without_a_zone_is_no_moment() -> None:
    with pytest.raises(ValueError, match="time zone"):
        read_page("<p>글</p>", URL, captured_at=datetime(2023, 1, 1))  # noqa: DTZ001 - that is the mistake


def test_a_page_that_is_no_post_says_why() -> None:
    rejection = read_page("<html><body><p>Not here</p></body></html>", "https://shop.example/cart")
    assert isinstance(rejection, Rejection)
    assert "https://shop.example/cart" in rejection.reason


def test_what_a_page_says_of_its_use_is_in_the_record() -> None:
    page = v1_page(72260).replace("<head>", '<head><meta name="robots" content="noai">', 1)
    record = read_page(page, URL)
    assert isinstance(record, Record)
    assert "noai" in {signal.value for signal in record.post.rights}


@given(st.binary(max_size=400))
def test_nothing_that_a_page_holds_raises(body: bytes) -> None:
    assert isinstance(read_page(body, URL), Record | Rejection)


def test_importing_postkeep_loads_nothing_that_reads() -> None:
    code = "import sys, scraper; print(*(name for name in sys.modules if name.startswith('scraper.')))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert loaded.split() == []


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive with two posts."""
    folder = tmp_path / "archive"
    for number in (72260, 71655):
        page = tmp_path / f"{number}.html"
        page.write_text(v1_page(number), encoding="utf-8")
        url = f"https://careerly.co.kr/comments/{number}"
        ran = postkeep("import", str(page), "--url", url, "--archive", str(folder))
        assert ran.exit_code == 0, ran.stderr
    return folder


def test_an_archive_gives_the_rows_that_an_export_is_made_of(archive: Path) -> None:
    opened = open_archive(archive)
    with closing(Records.open_to_read(archive / RECORDS_FILE)) as records:
        expected = {name: list(records.rows(name)) for name in ("posts", "comments", "metrics", "revisions")}
    assert list(opened.posts()) == expected["posts"]
    assert list(opened.comments()) == expected["comments"]
    assert list(opened.metrics()) == expected["metrics"]
    assert list(opened.revisions()) == expected["revisions"]
    assert len(expected["posts"]) == 2
    assert expected["comments"]


def test_rows_are_read_while_a_run_holds_the_archive_and_do_not_hold_it_up(archive: Path) -> None:
    with Lock(archive):
        rows = open_archive(str(archive)).comments()
        first = next(rows)
        # A run writes while somebody is in the middle of the rows.
        with closing(sqlite3.connect(archive / RECORDS_FILE, timeout=0)) as database:
            database.execute("DELETE FROM readings WHERE post_id != ?", (first["post_id"],))
            database.commit()
        assert {row["post_id"] for row in rows} == {first["post_id"]}


def test_a_folder_that_is_no_archive_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no archive"):
        open_archive(tmp_path)
