"""Pages whose file says itself where and when they were saved, taken in by ``import``."""

import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import SkippableError
from scraper.jobs.imports.files import import_files
from scraper.jobs.imports.self_extracting import is_self_extracting, read_self_extracting
from scraper.jobs.workplace import Workplace
from scraper.model.capture import Capture
from tests.jobs.captures import visits
from tests.jobs.crawl_file import import_of

SAVED: Final = Path(__file__).parent / "saved"
URL: Final = "http://blog.example/posts/41"
COMPRESSED: Final = SAVED / "singlefile-compressed.html"


def capture_in(workplace: Workplace) -> Capture:
    ((capture,),) = [visit.captures for visit in visits(workplace)]
    return capture


@pytest.mark.parametrize(("name", "second"), [("singlefile.html", 54), ("singlefile-compressed.html", 59)])
def test_a_page_of_singlefile_is_taken_in_at_the_url_and_the_time_that_it_states(
    name: str, second: int, workplace: Workplace
) -> None:
    report = import_of(workplace, SAVED / name)
    assert [item.outcome for item in report.items] == ["done"]
    capture = capture_in(workplace)
    assert (capture.url, capture.captured_at, capture.captured_at_basis) == (
        URL,
        datetime(2026, 11, 29, 13, 7, second, tzinfo=UTC),
        "asserted",
    )
    assert "손으로 하던 열두 단계가".encode() in capture.body


def test_a_zip_file_of_singlefile_holds_one_page_and_its_frames_are_none(workplace: Workplace) -> None:
    report = import_of(workplace, SAVED / "singlefile-zip.zip")
    assert report.counts()["done"] == 1
    assert report.counts()["failed"] == 0
    assert any(item.reason and item.reason.startswith("Frames") for item in report.items)
    assert capture_in(workplace).url == URL


def test_it_is_taken_in_once(workplace: Workplace) -> None:
    import_of(workplace, SAVED / "singlefile.html")
    again = import_of(workplace, SAVED / "singlefile.html")
    assert [item.outcome for item in again.items] == ["skipped"]


def test_what_the_user_says_of_it_counts_more(workplace: Workplace) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    import_files([SAVED / "singlefile.html"], workplace, url="https://blog.example/p/41", captured_at=at)
    capture = capture_in(workplace)
    assert (capture.url, capture.captured_at) == ("https://blog.example/p/41", at)


def test_a_url_that_the_user_says_leaves_the_time(workplace: Workplace) -> None:
    import_files([SAVED / "singlefile.html"], workplace, url="https://blog.example/p/41")
    assert capture_in(workplace).captured_at == datetime(2026, 11, 29, 13, 7, 54, tzinfo=UTC)


def test_a_time_without_a_zone_is_unknown_and_said(workplace: Workplace, tmp_path: Path) -> None:
    text = (SAVED / "singlefile.html").read_text(encoding="utf-8")
    page = tmp_path / "page.html"
    page.write_text(
        text.replace(
            "Sun Nov 29 2026 22:07:54 GMT+0900 (Korean Standard Time)", "2026. 11. 29. 오후 10:07:54"
        )
    )
    (item,) = import_of(workplace, page).items
    assert item.outcome == "done"
    assert item.reason is not None
    assert "“2026. 11. 29. 오후 10:07:54”" in item.reason
    assert "--captured-at" in item.reason
    capture = capture_in(workplace)
    assert (capture.captured_at, capture.captured_at_basis) == (None, "unknown")


def packed(members: dict[str, str], *, encrypted: bool = False) -> bytes:
    buffer = BytesIO(b"<!DOCTYPE html><html data-sfz>")
    buffer.seek(0, 2)
    with zipfile.ZipFile(buffer, "a") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    data = buffer.getvalue()
    return (
        data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
        if encrypted
        else data
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (packed({"other.html": "<p>"}), "no page in it"),
        (packed({"index.html": "<p>"}, encrypted=True), "encrypted"),
        (COMPRESSED.read_bytes()[:30_000], "broken"),
        (b"<html data-sfz>", "broken"),
        (packed({"index.html": "x" * ((64 << 20) + 1)}), "longer than 64 MB"),
    ],
)
def test_a_page_that_cannot_be_unpacked_says_what_it_is(data: bytes, reason: str) -> None:
    with pytest.raises(
        SkippableError, match=r"page\.html is a page of SingleFile that unpacks itself"
    ) as error:
        list(read_self_extracting(data, "page.html"))
    assert reason in str(error.value)


@given(st.integers(0, COMPRESSED.stat().st_size - 1), st.binary(min_size=1, max_size=3))
def test_no_damage_breaks_the_reader(at: int, octets: bytes) -> None:
    data = COMPRESSED.read_bytes()
    damaged = data[:at] + octets + data[at + len(octets) :]
    assert is_self_extracting(data)
    try:
        (page,) = read_self_extracting(damaged, "page.html")
    except SkippableError:
        return
    assert page.media_type == "text/html"
