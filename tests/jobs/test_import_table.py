"""``import --from TABLE``: a table of files as spreadsheets write it, and each row's trouble is its own."""

import unicodedata
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scraper.errors import UsageError
from scraper.jobs.imports.files import ImportOptions, import_files
from scraper.jobs.imports.table import Table, TableRow
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report
from tests.jobs.captures import visits
from tests.jobs.crawl_file import CrawlFile
from tests.jobs.saved_files import named, page, reason, text, write_folder, write_zip

URL = "https://careerly.co.kr/comments/71655"
AT = "2023-05-01T09:00:00+09:00"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "mine", {"texts/71655.txt": text(71655), "72260.html": page(72260)})


def imported(workplace: Workplace, folder: Path, table: str | bytes, name: str = "urls.csv") -> Report:
    path = folder / name
    path.write_bytes(table.encode() if isinstance(table, str) else table)
    return import_files([], workplace, options=ImportOptions(table=path))


@pytest.mark.parametrize(
    "table",
    [
        f"file,url,captured_at\ntexts/71655.txt,{URL},{AT}\n",
        f"\ufefffile,url,captured_at\r\ntexts/71655.txt,{URL},{AT}\r\n",
        f'Captured_At, URL ,note,FILE\n"{AT}","{URL}","a, b",texts/71655.txt',
        f"file\turl\tcaptured_at\ntexts/71655.txt\t{URL}\t{AT}",
        f"file;url;captured_at\ntexts\\71655.txt;{URL};{AT}\n;;\n\n",
        f"file,url,captured_at\ntexts/71655.txt,{URL},{AT}\n".encode("utf-16"),
        f"file,url,captured_at,제목\ntexts/71655.txt,{URL},{AT},배포\n".encode("cp949"),
    ],
)
def test_a_table_says_where_and_when_in_any_form(table: str, workplace: Workplace, folder: Path) -> None:
    report = imported(workplace, folder, table)
    assert [item.post_id for item in report.items] == ["careerly:comments-71655"]
    (visit,) = visits(workplace)
    assert visit.captured_at == datetime(2023, 5, 1, tzinfo=UTC)
    assert visit.captures[0].captured_at_basis == "asserted"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("gone.txt,,", "No such file"),
        (",https://example.org/,", "names no file"),
        ("texts/71655.txt,careerly.co.kr/1,", "is no URL"),
        (f"texts/71655.txt,{URL},2023-05-01 09:00", "add time and zone"),
        (f"texts/71655.txt,{URL},last May", "ISO 8601"),
        (f"texts/71655.txt,{URL},0001-01-01T00:00:00+09:00", "ISO 8601"),
        (f"texts/71655.txt,{URL},2999-01-01T00:00:00Z", "in the future"),
        (f"texts/71655.txt,{URL},{AT},more", "4 cells where the header has 3"),
        (f"texts,{URL},", "is a folder"),
        (f"{'x' * 300},{URL},", "File name too long"),
        (f"{'x/' * 3000},{URL},", "File name too long"),
        ("\0,,", "cannot be read"),
        ('"texts/71655.txt"x,,', "Mend its quotes"),
    ],
)
def test_a_row_that_is_wrong_is_named_and_the_rest_goes_on(
    row: str, said: str, workplace: Workplace, folder: Path
) -> None:
    report = imported(workplace, folder, f"file,url,captured_at\n\n{row}\n72260.html,,\n")
    assert [item.post_id for item in named(report, "done")] == ["careerly:comments-72260"]
    assert said in reason(report)
    assert reason(report).startswith(f"{folder / 'urls.csv'}, line 3: ")
    assert report.exit_code == 1


def test_a_quote_that_never_ends_costs_what_stands_after_it(workplace: Workplace, folder: Path) -> None:
    report = imported(workplace, folder, 'file,url\n72260.html,\n"texts/71655.txt,\nmore,\n')
    assert len(named(report, "done")) == 1
    assert "lines 3 to 4" in reason(report)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("", "names no column file, but nothing"),
        ("path,url\na,b\n", "no column file, but path, url"),
        ("file,url,URL\n", "url twice"),
        (b"PK\x03\x04\x14\0\0\0\xff\xfe", "an Excel workbook"),
        (b"file,url\n\xff\xff\xff\xff", "UTF-8 or CP949"),
    ],
)
def test_what_is_no_such_table_is_said_before_anything_is_made(
    table: str | bytes, said: str, workplace: Workplace, folder: Path
) -> None:
    with pytest.raises(UsageError, match=said):
        imported(workplace, folder, table)
    assert not (workplace.folder / "state.sqlite").exists()


def test_a_table_that_is_not_there_is_said(workplace: Workplace, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        import_files([], workplace, options=ImportOptions(table=tmp_path / "gone.csv"))


def test_names_that_a_mac_decomposes_are_those_of_the_table(workplace: Workplace, folder: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "배포 기록.txt")
    write_folder(folder, {decomposed: text(71655)})
    report = imported(workplace, folder, f"file,url\n배포 기록.txt,{URL}\n")
    assert len(named(report, "done")) == 1


def test_what_says_itself_where_it_was_needs_no_url_and_takes_no_other(
    workplace: Workplace, folder: Path
) -> None:
    crawl = CrawlFile()
    crawl.add(URL, page(71655))
    crawl.write(folder / "crawl.warc.gz")
    write_zip(folder / "pages.zip", {"1.html": page(72260, "1")})
    assert len(named(imported(workplace, folder, "file\ncrawl.warc.gz\npages.zip\n"), "done")) == 2
    report = imported(workplace, folder, f"file,url\ncrawl.warc.gz,{URL}\npages.zip,{URL}\n")
    assert [item.outcome for item in report.items] == ["failed", "failed"]


def test_a_pattern_fills_what_the_table_leaves_out(workplace: Workplace, folder: Path) -> None:
    path = folder / "urls.tsv"
    path.write_text("file\turl\ntexts/71655.txt\t\n", encoding="utf-8")
    options = ImportOptions(table=path)
    url = "https://careerly.co.kr/comments/{name}"
    assert import_files([], workplace, url=url, options=options).exit_code == 0
    with pytest.raises(UsageError, match="--url says where one page was"):
        import_files([], workplace, url=URL, options=options)


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
@example(b'x"\n')
def test_any_bytes_are_rows_or_one_error(data: bytes) -> None:
    with NamedTemporaryFile(suffix=".csv") as written:
        written.write(b"file,url,captured_at\n" + data)
        written.flush()
        with suppress(UsageError):
            for row in Table(Path(written.name), datetime(2025, 1, 1, tzinfo=UTC)).rows():
                assert isinstance(row, TableRow) or row.reason.startswith(row.place)
