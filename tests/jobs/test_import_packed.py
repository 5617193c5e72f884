"""``import`` of ZIP and tar files of pages: read member by member, never unpacked, and never more than there is room for."""

import gzip
import io
import struct
import tarfile
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import SkippableError
from scraper.jobs.imports.bounds import LONGEST_PAGE, RestLostError, unpacked
from scraper.jobs.imports.files import import_files
from scraper.jobs.imports.member import Member
from scraper.jobs.imports.saved_page import NotTaken
from scraper.jobs.imports.tar_members import TarMembers
from scraper.jobs.imports.zip_members import opened_zip
from scraper.jobs.workplace import Workplace
from tests.jobs.captures import visits
from tests.jobs.crawl_file import CrawlFile, import_of
from tests.jobs.saved_files import (
    URLS,
    encrypted,
    named,
    page,
    reason,
    targets,
    text,
    write_tar,
    write_zip,
)

HTML = "saved/71655.html"


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    return tmp_path / "pages.zip"


def reasons(workplace: Workplace, path: Path) -> dict[str, str]:
    """Why each member that was not taken in was not."""
    report = import_of(workplace, path)
    return {
        item.target.removeprefix(f"{path}:"): item.reason or ""
        for item in report.items
        if item.outcome != "done"
    }


@pytest.mark.parametrize("name", ["pages.zip", "pages.tar", "pages.tar.gz"])
def test_pages_come_out_of_it_under_the_names_of_members(
    name: str, workplace: Workplace, tmp_path: Path
) -> None:
    path = tmp_path / name
    members = {
        "72260_files/frame.html": b"<html>",
        "한글/71655.txt": text(71655),
        "72260.html": page(72260),
        "__MACOSX/._72260.html": b"\0",
        "inner.html.gz": gzip.compress(page(72260, "gz")),
        "look.css": b"a {}",
    }
    (write_zip if name.endswith(".zip") else write_tar)(path, members)
    report = import_files([path], workplace, url=URLS)
    done = [f"{path}:{inner}" for inner in ("한글/71655.txt", "72260.html", "inner.html.gz")]
    assert [item.target for item in named(report, "done")] == done
    assert report.exit_code == 0
    assert [visit.captures[0].body for visit in visits(workplace)] == [
        text(71655),
        page(72260),
        page(72260, "gz"),
    ]


@pytest.mark.parametrize("write", [write_zip, write_tar])
def test_names_that_lead_out_are_names_and_nothing_is_written(
    write: object, workplace: Workplace, tmp_path: Path
) -> None:
    path = tmp_path / "deep" / "pages.zip"
    path.parent.mkdir()
    names = ["../../evil.html", "/etc/evil.html", "..\\evil2.html", "C:/evil.html", "a/\x1b[31m.html"]
    assert callable(write)
    write(path, {name: page(71655, name) for name in names})
    before = {each for each in tmp_path.rglob("*") if workplace.folder not in each.parents}
    report = import_of(workplace, path)
    assert len(named(report, "done")) == len(names)
    assert {each for each in tmp_path.rglob("*") if workplace.folder not in each.parents} == before


@pytest.mark.thorough
def test_bombs_are_refused_and_the_rest_goes_on(workplace: Workplace, packed: Path) -> None:
    large = b" " * (LONGEST_PAGE + 1)
    write_zip(
        packed,
        {"a.html": b"<html>" + large, "b.html.gz": gzip.compress(b"<html>" + large), HTML: page(71655)},
    )
    told = reasons(workplace, packed)
    assert "unpacks to more than 250 times" in told["a.html"]
    assert "unpacks to more than 250 times" in told["b.html.gz"]
    assert len(visits(workplace)) == 1


def test_a_size_that_is_not_true_is_not_believed(workplace: Workplace, packed: Path) -> None:
    write_zip(packed, {"a.html": b"<html>" + b" " * (8 << 20), HTML: page(71655)})
    data = bytearray(packed.read_bytes())
    struct.pack_into("<L", data, data.find(b"PK\x01\x02") + 24, 10)
    packed.write_bytes(data)
    assert set(reasons(workplace, packed)) == {"a.html"}
    assert len(visits(workplace)) == 1


@pytest.mark.thorough
def test_a_tar_file_that_unpacks_without_end_is_left(workplace: Workplace, tmp_path: Path) -> None:
    path = tmp_path / "pages.tar.gz"
    with gzip.open(path, "wb", compresslevel=9) as file:
        inner = io.BytesIO()
        with tarfile.open(fileobj=inner, mode="w") as tar:
            info = tarfile.TarInfo(HTML)
            info.size = len(page(71655))
            tar.addfile(info, io.BytesIO(page(71655)))
            huge = tarfile.TarInfo("huge.html")
            huge.size = 500 << 20
        file.write(inner.getvalue().rstrip(b"\0").ljust((len(page(71655)) + 1023) // 512 * 512, b"\0"))
        file.write(huge.tobuf())
        for _ in range(500):
            file.write(bytes(1 << 20))
    report = import_of(workplace, path)
    assert targets(report, "done", tmp_path) == [f"pages.tar.gz:{HTML}"]
    assert "unpacks to more than 250 times its size" in str([item.reason for item in report.items])


def test_archives_within_archives_are_named_and_not_opened(workplace: Workplace, tmp_path: Path) -> None:
    inner = write_zip(tmp_path / "inner.zip", {HTML: page(71655)}).read_bytes()
    tar = write_tar(tmp_path / "inner.tar.gz", {HTML: page(71655)}).read_bytes()
    crawl = CrawlFile()
    crawl.add("https://careerly.co.kr/comments/72260", page(72260))
    warc = crawl.write(tmp_path / "crawl.warc.gz").read_bytes()
    members = {"a.zip": inner, "b.tar.gz": tar, "c.7z": b"7z\xbc\xaf\x27\x1c\0\0", "d.warc.gz": warc}
    told = reasons(workplace, write_tar(tmp_path / "all.tar", members))
    assert "a ZIP file within another file. Unpack that" in told["a.zip"]
    assert "a tar file within another file" in told["b.tar.gz"]
    assert "a 7z archive" in told["c.7z"]
    assert "a WARC file within another file" in told["d.warc.gz"]


def test_warc_files_and_pages_come_out_of_one_zip_file(workplace: Workplace, packed: Path) -> None:
    crawl = CrawlFile()
    crawl.add("https://careerly.co.kr/comments/72260", page(72260))
    warc = crawl.write(packed.with_name("crawl.warc.gz")).read_bytes()
    report = import_of(workplace, write_zip(packed, {"crawl.warc.gz": warc, HTML: page(71655)}))
    assert [item.post_id for item in named(report, "done")] == [
        "careerly:comments-71655",
        "careerly:comments-72260",
    ]


def test_a_wacz_stays_one_and_its_other_files_are_no_pages(workplace: Workplace, packed: Path) -> None:
    crawl = CrawlFile()
    crawl.add("https://careerly.co.kr/comments/72260", page(72260))
    warc = crawl.write(packed.with_name("crawl.warc.gz")).read_bytes()
    members = {"datapackage.json": b"{}", "archive/data.warc.gz": warc, "pages/71655.html": page(71655)}
    report = import_of(workplace, write_zip(packed, members))
    assert [item.post_id for item in named(report, "done")] == ["careerly:comments-72260"]


def test_encrypted_members_are_said_and_the_others_taken(workplace: Workplace, packed: Path) -> None:
    encrypted(write_zip(packed, {"71655.html": page(71655)}))
    assert "is encrypted. Unpack the file with its password" in reasons(workplace, packed)["71655.html"]


@pytest.mark.parametrize(("method", "name"), [(zipfile.ZIP_BZIP2, "bzip2"), (zipfile.ZIP_LZMA, "LZMA")])
def test_other_ways_to_pack_are_named(method: int, name: str, workplace: Workplace, packed: Path) -> None:
    write_zip(packed, {HTML: page(71655)}, method)
    assert f"is packed by {name}" in reasons(workplace, packed)[HTML]


@pytest.mark.parametrize(
    ("member", "what"),
    [
        ("word/document.xml", "a Word document"),
        ("xl/workbook.xml", "an Excel workbook"),
        ("META-INF/container.xml", "an EPUB book"),
        ("META-INF/manifest.xml", "an OpenDocument file"),
    ],
)
def test_documents_that_are_zip_files_are_named(
    member: str, what: str, workplace: Workplace, tmp_path: Path
) -> None:
    path = write_zip(tmp_path / "a.docx", {"mimetype": b"x", member: b"<xml/>", "index.html": page(71655)})
    assert what in reason(import_of(workplace, path))


@pytest.mark.parametrize("name", ["empty.zip", "empty.tar.gz"])
def test_one_without_files_is_said(name: str, workplace: Workplace, tmp_path: Path) -> None:
    path = (write_zip if name.endswith(".zip") else write_tar)(tmp_path / name, {})
    if name.endswith(".zip"):
        assert "no file in it" in reason(import_of(workplace, path))
    assert import_of(workplace, path).exit_code == 1


def test_what_fills_the_frames_of_a_page_is_none(workplace: Workplace, packed: Path) -> None:
    members = {"index.html": page(71655), "frames/0/index.html": b"<html><body>x</body></html>"}
    report = import_of(workplace, write_zip(packed, members))
    assert [item.outcome for item in report.items] == ["done", "skipped"]


def test_too_many_members_are_refused_before_any_is_read(packed: Path) -> None:
    members = {f"{number}.html": b"x" for number in range(10)}
    with pytest.raises(SkippableError, match="too many members"), opened_zip(write_zip(packed, members), 9):
        pass
    path = write_tar(packed.with_name("a.tar"), members)
    with path.open("rb") as file, pytest.raises(SkippableError, match="too many members"):
        TarMembers(path, file, 3)


def test_a_broken_member_costs_itself(workplace: Workplace, packed: Path) -> None:
    write_zip(packed, {"a.html": page(72260), HTML: page(71655)}, zipfile.ZIP_STORED)
    data = bytearray(packed.read_bytes())
    data[data.find(b"<html")] ^= 1
    packed.write_bytes(data)
    assert "Bad CRC-32" in reasons(workplace, packed)["a.html"]
    assert len(visits(workplace)) == 1


def test_names_of_korean_windows_are_read(workplace: Workplace, packed: Path) -> None:
    write_zip(packed, {"abcd.txt": text(71655)})
    packed.write_bytes(packed.read_bytes().replace(b"abcd", "저장".encode("cp949")))
    report = import_of(workplace, packed)
    assert report.items[0].target == f"{packed}:저장.txt"


@pytest.mark.parametrize("cut", [1000, 400])
def test_a_tar_file_that_is_cut_off_gives_what_stands_before(
    cut: int, workplace: Workplace, tmp_path: Path
) -> None:
    path = write_tar(tmp_path / "pages.tar", {HTML: page(71655), "72260.html": page(72260)})
    path.write_bytes(path.read_bytes()[: 512 + -(-len(page(71655)) // 512) * 512 + cut])
    report = import_of(workplace, path)
    assert targets(report, "done", tmp_path) == [f"pages.tar:{HTML}"]
    assert "cut off" in reason(report)


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_are_read_in_every_form(form: int, tmp_path: Path) -> None:
    name = "/".join(["이름" * 6] * 4) if form != tarfile.USTAR_FORMAT else "a" * 90 + "/" + "b" * 90
    path = write_tar(tmp_path / "a.tar", {name: b"x", "b": b"y"}, form)
    with path.open("rb") as file:
        members = [member for member in TarMembers(path, file).members() if isinstance(member, Member)]
    assert [member.path for member in members] == [name, "b"]


def test_links_and_devices_in_a_tar_file_are_passed_over(workplace: Workplace, tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as tar:
        for name, kind in (("link.html", tarfile.SYMTYPE), ("pipe", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            tar.addfile(info)
    report = import_of(workplace, path)
    assert targets(report, "skipped", tmp_path) == ["a.tar:link.html", "a.tar:pipe"]


@given(st.binary(max_size=2000))
def test_any_bytes_after_a_header_end_in_a_sentence(data: bytes) -> None:
    info = tarfile.TarInfo("a.html")
    info.size = 100
    with NamedTemporaryFile() as written:
        written.write(info.tobuf() + data)
        written.flush()
        path = Path(written.name)
        with path.open("rb") as file, suppress(RestLostError):
            for member in TarMembers(path, file).members():
                assert isinstance(member, Member | NotTaken)


@given(st.binary(max_size=2000))
def test_what_is_packed_unpacks_to_itself(data: bytes) -> None:
    assert unpacked(gzip.compress(b"<" + data), "x", 4000) == b"<" + data


@pytest.mark.thorough
def test_a_zip_file_of_many_pages_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    write_tar(path, {f"{number}.html": b"<html>" + bytes(100_000) for number in range(200)})
    tracemalloc.start()
    with path.open("rb") as file:
        for member in TarMembers(path, file).members():
            assert isinstance(member, Member)
            member.read(10)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 << 20
