"""What is not taken in is said as what it is, and can be listed."""

import gzip
import json
from pathlib import Path

import pytest

from scraper.jobs.imports.files import ImportOptions, import_files
from scraper.jobs.workplace import Workplace
from scraper.model.capture import Capture
from scraper.page.document import Document
from scraper.page.instead import seen_instead
from tests.field.pages import Odd
from tests.field.records import HTML, warc_record

_FORM = b'<form action="/in"><input name="who"><input type="password" name="word"></form>'


def _coded(coding: str, body: bytes) -> bytes:
    return HTML.replace(b"\r\n\r\n", b"\r\nContent-Encoding: " + coding.encode() + b"\r\n\r\n") + body


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("block", "says"),
    [
        (_coded("dcb", b"\x01\x02\xff"), "content coding dcb"),
        (_coded("gzip", gzip.compress(b"<p>x</p>" * 9_000_000)), "are read"),
        (HTML + b"PK\x03\x04\0\0", "a ZIP archive"),
        (HTML + b"%PDF-1.7\n", "a PDF document"),
        (HTML + _FORM, "it asks to sign in"),
        (HTML.replace(b"200 OK", b"403 Forbidden") + b"<p>x", "HTTP status 403"),
        (_coded("gzip", gzip.compress(b"<p>words</p>" * 90)[:-9]), "it came incomplete"),
    ],
)
def test_what_is_no_page_is_said_as_what_it_is(
    workplace: Workplace, tmp_path: Path, block: bytes, says: str
) -> None:
    path = tmp_path / "m.warc"
    path.write_bytes(warc_record(1, block))
    (skipped,) = [item for item in import_files([path], workplace).items if item.outcome == "skipped"]
    assert skipped.target == "https://gang.example/1"
    assert says in str(skipped.reason)


@pytest.mark.parametrize("title", ["페이지를 찾을 수 없습니다 – 강", "404: This page could not be found"])
def test_a_saved_page_of_404_is_said_as_that(workplace: Workplace, tmp_path: Path, title: str) -> None:
    path = tmp_path / "saved.html"
    path.write_text(f"<!DOCTYPE html><title>{title}</title><h1>{title}</h1>", encoding="utf-8")
    (item,) = import_files([path], workplace, url="https://gang.example/gone/").items
    assert "it says that there is no such page" in str(item.reason)
    assert "`postkeep sites` lists them" not in str(item.reason)


def test_a_page_with_words_is_none_of_these() -> None:
    headers = (("Content-Type", "text/html"),)
    capture = Capture("", "https://gang.example/", 200, headers, str(Odd()).encode(), None, "unknown", "")
    assert seen_instead(Document(capture)) is None


def test_each_capture_that_is_passed_over_can_be_listed(workplace: Workplace, tmp_path: Path) -> None:
    path, listed = tmp_path / "m.warc", tmp_path / "skipped.jsonl"
    path.write_bytes(warc_record(1) + warc_record(2, HTML + _FORM))
    report = import_files([path], workplace, options=ImportOptions(skipped_to=listed))
    lines = [json.loads(line) for line in listed.read_text(encoding="utf-8").splitlines()]
    assert {line["url"] for line in lines} == {"https://gang.example/1", "https://gang.example/2"}
    assert {(line["captured_at"], line["file"]) for line in lines} == {("2024-03-07T00:00:00Z", str(path))}
    assert sorted(line["reason"] for line in lines) == sorted(
        str(item.reason) for item in report.items if item.outcome == "skipped"
    )
    assert report.outputs == (str(listed),)
