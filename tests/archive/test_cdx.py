"""Lines of indexes: every order of fields, every spelling of a key, and a reason for what is no line."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.cdx import CdxLines, IndexBlock, IndexedRecord, host_of_key, is_index_name
from scraper.archive.cdxj import is_of, url_key

_VALUES = {
    "N": "com,example)/talk/1",
    "a": "https://www.example.com/talk/1",
    "b": "20240102030405",
    "m": "text/html",
    "s": "200",
    "k": "ABCDEF",
    "r": "-",
    "R": "-",
    "M": "-",
    "S": "1234",
    "V": "567",
    "g": "crawl-1.warc.gz",
}
_AT = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
_RECORD = IndexedRecord(
    key="com,example)/talk/1",
    url="https://www.example.com/talk/1",
    at=_AT,
    status=200,
    media_types=("text/html",),
    digest="ABCDEF",
    file="crawl-1.warc.gz",
    offset=567,
    length=1234,
)


def _read(*lines: str) -> IndexedRecord | IndexBlock | None:
    reading = CdxLines()
    said = [reading.read(line) for line in lines]
    return said[-1]


@pytest.mark.parametrize("letters", ["N b a m s k r M S V g", "N b a m s k r V g", "N b a m s k r M V g"])
@pytest.mark.parametrize("has_header", [True, False])
def test_the_usual_orders_of_fields_are_read(letters: str, has_header: bool) -> None:
    line = " ".join(_VALUES[letter] for letter in letters.split()) + "\n"
    header = [f" CDX {letters}\n"] if has_header else []
    record = _read(*header, line)
    assert isinstance(record, IndexedRecord)
    expected = (
        _RECORD
        if "S" in letters
        else IndexedRecord(
            _RECORD.key, _RECORD.url, _AT, 200, ("text/html",), "ABCDEF", "crawl-1.warc.gz", 567, None
        )
    )
    assert record == expected


@given(st.permutations(sorted(_VALUES)), st.sampled_from(" \t|"))
def test_a_header_says_the_order_whatever_it_is(letters: list[str], delimiter: str) -> None:
    header = f"{delimiter}CDX{delimiter}{delimiter.join(letters)}\n"
    line = delimiter.join(_VALUES[letter] for letter in letters) + "\n"
    assert _read(header, line) == _RECORD


def test_a_header_holds_until_the_next() -> None:
    reading = CdxLines()
    reading.read(" CDX N b a g V")
    assert isinstance(reading.read("com,a)/ 2024 http://a.com/ f.warc.gz 1"), IndexedRecord)
    reading.read("CDX V g a b N")
    assert reading.read("1 f.warc.gz http://a.com/ 2024 com,a)/") == IndexedRecord(
        "com,a)/", "http://a.com/", datetime(2024, 1, 1, tzinfo=UTC), None, (), "", "f.warc.gz", 1, None
    )


def test_the_place_in_an_unpacked_file_is_taken_where_there_is_no_other() -> None:
    record = _read(" CDX N b a V v g", "com,a)/ 2024 http://a.com/ - 77 f.warc")
    assert isinstance(record, IndexedRecord)
    assert record.offset == 77


def test_a_length_of_no_bytes_is_none_that_is_known() -> None:
    record = _read('com,a)/ 2024 {"url": "http://a.com/", "filename": "f.warc", "offset": 7, "length": 0}')
    assert isinstance(record, IndexedRecord)
    assert (record.offset, record.length) == (7, None)


@pytest.mark.parametrize("as_text", [True, False])
@pytest.mark.parametrize("shape", ["cdxj", "json"])
def test_cdxj_is_read(shape: str, as_text: bool) -> None:
    fields = {
        "url": _RECORD.url,
        "mime": "text/html",
        "mime-detected": "application/xhtml+xml",
        "status": "200" if as_text else 200,
        "digest": "ABCDEF",
        "length": "1234" if as_text else 1234,
        "offset": "567" if as_text else 567,
        "filename": "crawl-1.warc.gz",
    }
    line = f"{_RECORD.key} 20240102030405 {json.dumps(fields)}\n"
    if shape == "json":
        line = json.dumps({"urlkey": _RECORD.key, "timestamp": "20240102030405", **fields})
    record = _read(line)
    assert isinstance(record, IndexedRecord)
    assert record.media_types == ("text/html", "application/xhtml+xml")
    assert (record.url, record.at, record.status, record.offset, record.length) == (
        _RECORD.url,
        _AT,
        200,
        567,
        1234,
    )


def test_a_line_without_a_url_is_known_by_its_key() -> None:
    record = _read('com,example)/talk/1 20240102 {"offset": 5, "filename": "f.warc.gz"}')
    assert isinstance(record, IndexedRecord)
    assert (record.url, record.length, record.status) == ("com,example)/talk/1", None, None)


def test_a_revisit_is_one() -> None:
    record = _read(
        f'com,example)/ 20240102030405 {{"url": "{_RECORD.url}", "mime": "warc/revisit", "offset": 1, "filename": "f"}}'
    )
    assert isinstance(record, IndexedRecord)
    assert record.is_revisit


@pytest.mark.parametrize(
    "line",
    [
        "com,example)/ 20240102030405\tcdx-00000.gz\t10\t20\t1",
        'com,example)/ 20240102030405 {"offset": 10, "length": 20, "digest": "sha256:x", "filename": "cdx-00000.gz"}',
    ],
)
def test_what_leads_to_a_part_of_an_index_is_read(line: str) -> None:
    assert _read(line) == IndexBlock("com,example)/", "cdx-00000.gz", 10, 20)


@pytest.mark.parametrize("line", ["", "  \n", "!meta 0 {}", "# a word", " CDX N b a m s k r M S V g\r\n"])
def test_lines_that_say_nothing_are_passed_over(line: str) -> None:
    assert _read(line) is None


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("a b c", "3 fields"),
        ("com,a)/ 20240102030405 {broken", "no JSON"),
        ("com,a)/ 20240102030405 {}", "in which file"),
        ('com,a)/ 20240102030405 {"offset": -1, "filename": "f"}', "in which file"),
        ('com,a)/ 20240102030405 {"offset": 1e3, "filename": "f"}', "in which file"),
        ('com,a)/ 20241302030405 {"offset": 1, "filename": "f"}', "when"),
        ('{"offset": 1, "filename": "f", "timestamp": "2024"}', "of which URL"),
        ("com,a)/ 20240102030405 {" + '"a":{' * 5000, "no JSON"),
        ("com,a)/ - http://a.com/ - - - - - - 1 f.warc", "when"),
        ('com,a)/ 2024 {"offset": 1, "filename": "x.cdx.gz"}', "where its part"),
    ],
)
def test_what_is_no_line_has_a_reason(line: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        _read(line)


@given(st.text() | st.builds("com,a)/ 2024 {}{}".format, st.sampled_from(["", "{"]), st.text()))
def test_any_text_is_a_line_or_has_a_reason(text: str) -> None:
    with suppress(ValueError):
        record = _read(text)
        if isinstance(record, IndexedRecord):
            assert record.file
            assert record.offset >= 0


@pytest.mark.parametrize(
    ("key", "host"),
    [
        ("com,example)/a", "example.com"),
        ("com,example,www)/a(b)", "example.com"),
        ("http://(com,example,)/a", "example.com"),
        ("com,example:8080)/a", "example.com"),
        ("example.com/a(b)c", "example.com"),
        ("www.example.com:80/", "example.com"),
        ("dns:example.com", None),
        ("-", None),
        ("", None),
    ],
)
def test_the_host_of_a_key(key: str, host: str | None) -> None:
    assert host_of_key(key) == host


@given(
    st.from_regex(
        r"https?://([a-z]{1,5}\.){1,3}[a-z]{2,4}(/[a-z]{0,4}){0,3}(\?[a-z]=[0-9]{1,3})?", fullmatch=True
    )
)
def test_a_url_is_known_by_itself_and_by_its_key(url: str) -> None:
    assert is_of(url, url)
    assert is_of(url_key(url), url)
    assert not is_of(url_key(url), "https://elsewhere.example/else")
    assert not is_of(url, url + "x")


@pytest.mark.parametrize(
    ("name", "is_index"),
    [
        ("a.cdx", True),
        ("a.cdx.gz", True),
        ("a.cdxj", True),
        ("indexes/cluster.idx", True),
        ("cc-index/cdx-00123.gz", True),
        ("metadata.yaml", False),
        ("a.warc.gz", False),
    ],
)
def test_indexes_are_known_by_their_names(name: str, is_index: bool) -> None:
    assert is_index_name(name) is is_index
