"""What a file is, by its first bytes: pages are never taken for other files, and those are named."""

import bz2
import gzip
import lzma
from pathlib import Path

import pytest
import zstandard
from hypothesis import example, given
from hypothesis import strategies as st

from scraper.errors import SkippableError
from scraper.jobs.imports.file_kind import FileKind, kind_by_head
from scraper.jobs.imports.no_pages import page_stem, reason_against_file, reason_against_member
from scraper.jobs.imports.other_files import OtherFileError
from scraper.jobs.imports.stated_origin import UrlPattern
from scraper.model.url import parse_url
from tests.jobs.saved_files import page, text, write_tar


@pytest.mark.parametrize(
    "start", ["MZ세대가", "BM25 is", "ID3 tags", "PAR1S", "II. Teil", "Rar! he", "From a", "# A cookie file"]
)
def test_text_that_begins_as_another_file_does_is_text(start: str) -> None:
    assert kind_by_head(f"{start} and so on.\nMore of it.".encode(), "x") is FileKind.TEXT


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.ZstdCompressor().compress])
def test_kinds_are_told_packed_or_not(pack: object, tmp_path: Path) -> None:
    assert callable(pack)
    tar = write_tar(tmp_path / "a.tar", {"a": b"b"}).read_bytes()
    kinds = [kind_by_head(pack(content), "x") for content in (page(71655), text(71655), tar, b"WARC/1.1\r\n")]
    assert kinds == [FileKind.HTML, FileKind.TEXT, FileKind.TAR, FileKind.WARC]


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"7z\xbc\xaf\x27\x1c\0\4", "7z archive"),
        (b"Rar!\x1a\x07\x01\0", "RAR archive"),
        (bz2.compress(b"x"), "bzip2 file"),
        (lzma.compress(b"x"), "xz file"),
        (b"EGGA\0\1", "EGG archive"),
        (b"PK\x07\x08PK\x03\x04", "split"),
        (b"%PDF-1.7\n", "PDF"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "Hangul"),
        (b"bplist00\0", "webarchive"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE plist PUBLIC "x"><plist>', "webarchive"),
        (b"From a@b Mon Nov  3 10:00:00 2025\r\nSubject: x\r\n", "mailbox"),
        (b"# Netscape HTTP Cookie File\n.example.org\tTRUE\t/\tFALSE\t0\tsid\t1", "cookies"),
        (b"SQLite format 3\0\0", "SQLite"),
        (b"ITSF\x03\0\0\0", "CHM"),
        (gzip.compress(b"SQLite format 3\0\0"), "SQLite database, packed"),
        (gzip.compress(gzip.compress(b"<html>")), "gzip file, packed"),
        (bytes(range(256)), "no kind that is known"),
    ],
)
def test_other_files_are_named_as_what_they_are_with_what_to_do(head: bytes, what: str) -> None:
    with pytest.raises(OtherFileError, match=what) as raised:
        kind_by_head(head, "the-file")
    assert str(raised.value).startswith("the-file is a")
    assert str(raised.value).count(". ") >= 2


@given(st.binary(max_size=1000))
def test_any_bytes_have_a_kind_or_a_sentence(head: bytes) -> None:
    try:
        kind = kind_by_head(head, "x")
    except SkippableError as error:
        kind = None
        message = str(error)
        assert message.startswith("x is ")
    assert kind is None or isinstance(kind, FileKind)


@given(st.text(max_size=60))
def test_any_name_is_judged(name: str) -> None:
    stem = page_stem(name)
    assert stem is None or name.startswith(stem)
    reason = reason_against_file(name)
    assert reason is None or reason.endswith(".")
    reason_against_member(name, {stem or ""})


@example("...html")
@given(st.text(min_size=1, max_size=60).filter(lambda name: "/" not in name))
def test_a_name_fills_a_pattern_and_stays_in_its_place(name: str) -> None:
    pattern = UrlPattern.read("https://example.org/posts/{name}/view")
    assert pattern is not None
    if (page_stem(name) or name) in {".", ".."}:
        with pytest.raises(SkippableError, match="cannot take"):
            pattern.url_of(f"folder/{name}")
        return
    url = parse_url(pattern.url_of(f"folder/{name}"))
    assert url is not None
    assert url.href.startswith("https://example.org/posts/")
    assert url.href.endswith("/view")
