"""What somebody names to be read: files, folders, patterns, lists, WACZ files and URLs, each once and nothing passed over in silence."""

import gzip
import itertools
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from scraper.archive.compose import ForeignRecord
from scraper.archive.foreign import read_foreign
from scraper.archive.warc_file import WarcFile
from scraper.errors import SkippableError, UsageError
from scraper.jobs.extract.identities import identities_of
from scraper.jobs.extract.inputs import Inputs, inputs_of
from tests.archive.file_server import FileServer, Served
from tests.archive.test_warc_file import packed, record


@pytest.fixture
def server() -> Iterator[FileServer]:
    with FileServer() as serving:
        yield serving


def _warc(path: Path, number: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(record(number)))
    return path


def wacz_of(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return path


def _urls(warc: WarcFile) -> list[str]:
    return [item.url if isinstance(item, ForeignRecord) else item.what for item in read_foreign(warc)]


def _locations(inputs: Inputs) -> list[str]:
    return [warc.location for warc in inputs.files]


def _reasons(inputs: Inputs) -> list[tuple[str, str, str]]:
    return [(item.target, item.outcome, item.reason or "") for item in inputs.items]


def test_the_order_in_which_files_are_named_means_nothing(tmp_path: Path) -> None:
    first, second = _warc(tmp_path / "b.warc.gz"), _warc(tmp_path / "a b\nc.warc.gz")
    (tmp_path / "page.html").write_text("<html><p>no WARC")
    named = [str(first), str(second), str(tmp_path / "page.html")]
    found = {inputs_of(each) for each in itertools.permutations(named)}
    (inputs,) = found
    assert _locations(inputs) == [str(second), str(first)]
    ((target, outcome, reason),) = _reasons(inputs)
    assert (target, outcome) == (str(tmp_path / "page.html"), "failed")
    assert "is no WARC, ARC or WACZ file" in reason


def test_a_file_that_is_named_twice_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _warc(tmp_path / "in" / "a.warc.gz")
    (tmp_path / "in" / "link.warc.gz").symlink_to(path)
    monkeypatch.chdir(tmp_path)
    inputs = inputs_of(
        [
            "in",
            "in/a.warc.gz",
            "./in/a.warc.gz",
            str(path),
            "in/*.gz",
            path.as_uri(),
            str(tmp_path / "in" / "link.warc.gz"),
        ]
    )
    assert len(inputs.files) == 1
    assert inputs.items == ()
    monkeypatch.chdir("/")
    assert _urls(inputs.files[0]) == ["https://forum.example/0"]


def test_a_folder_is_gone_through_and_what_is_no_warc_file_there_is_said(tmp_path: Path) -> None:
    root = tmp_path / "crawl"
    _warc(root / "deep" / "er" / "a.warc.gz")
    _warc(root / "b.arc.gz.of.no.name")
    (root / "deep" / "back").symlink_to(root)
    (root / "index.cdx").write_text(" CDX N b a\n")
    (root / "empty.warc").touch()
    (root / "bad.warc").write_bytes(b"\0\1\2nothing" * 50)
    os.mkfifo(root / "pipe.warc")
    inputs = inputs_of([str(root)])
    assert [Path(name).name for name in _locations(inputs)] == ["b.arc.gz.of.no.name", "a.warc.gz"]
    assert {Path(target).name: outcome for target, outcome, _ in _reasons(inputs)} == {
        "back": "skipped",
        "index.cdx": "skipped",
        "empty.warc": "failed",
        "bad.warc": "failed",
        "pipe.warc": "skipped",
    }


def test_what_names_nothing_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "archive" / "warc").mkdir(parents=True)
    inputs = inputs_of([str(tmp_path / name) for name in ("none.warc", "no*.warc", "empty", "archive")])
    assert inputs.files == ()
    reasons = {target: reason for target, _, reason in _reasons(inputs)}
    assert "No such file" in reasons[str(tmp_path / "none.warc")]
    assert "matches no file" in reasons[str(tmp_path / "no*.warc")]
    assert "holds no WARC" in reasons[str(tmp_path / "empty")]
    assert "is an archive of postkeep" in reasons[str(tmp_path / "archive")]


def test_patterns_go_through_no_links_and_match_as_they_are_written(tmp_path: Path) -> None:
    _warc(tmp_path / "in" / "a [1].warc.gz")
    _warc(tmp_path / "in" / "deep" / "er" / "b.warc.gz")
    for number in range(3):
        (tmp_path / "in" / "deep" / f"back{number}").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "deep" / "page.html").write_text("<html><p>no")
    names = {"a [1].warc.gz", "b.warc.gz"}
    for pattern in ("in/**/*.warc.gz", "in/**", "i[n]", "in/*"):
        inputs = inputs_of([str(tmp_path / pattern)])
        assert {warc.name for warc in inputs.files} == names, pattern
        assert len(inputs.files) == 2
        assert "failed" not in {item.outcome for item in inputs.items}
    (warc,) = inputs_of([str(tmp_path / "in" / "a [1].warc.gz")]).files
    assert warc.name == "a [1].warc.gz"


def test_a_zip_file_of_pages_is_missed_only_where_it_is_named(tmp_path: Path) -> None:
    _warc(tmp_path / "in" / "a.warc.gz")
    path = wacz_of(tmp_path / "in" / "pages.zip", {"a.html": b"<html>"})
    wacz_of(tmp_path / "in" / "b.wacz", {"datapackage.json": b"{}"})
    inputs = inputs_of([str(tmp_path / "in")])
    assert {Path(item.target).name: item.outcome for item in inputs.items} == {
        "pages.zip": "skipped",
        "b.wacz": "failed",
    }
    ((_, outcome, reason),) = _reasons(inputs_of([str(path)]))
    assert outcome == "failed"
    assert "a ZIP file without WARC files" in reason


def test_an_empty_name_is_not_the_folder_that_one_is_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _warc(tmp_path / "a.warc.gz")
    for text in ("", " ", "@"):
        inputs = inputs_of([text])
        assert inputs.files == ()
        assert [item.outcome for item in inputs.items] == ["failed"]


@pytest.mark.parametrize(
    "text", ["http://[bad/x.warc.gz", "@http://[", "http://a:99999/x", "zip://*::/none.zip", "~/no\0ne.warc"]
)
def test_what_is_no_address_is_a_failure(text: str, tmp_path: Path) -> None:
    listing = tmp_path / "a.paths"
    listing.write_text(f"{text}\n".replace("\0", ""))
    for named in (text, str(listing)):
        inputs = inputs_of([named])
        told = [item.reason or "" for item in inputs.items]
        for warc in inputs.files:
            with pytest.raises(SkippableError) as error:
                list(read_foreign(warc))
            told.append(str(error.value))
        assert told
        assert all("cannot be" in reason or "matches no file" in reason for reason in told)


def test_what_this_run_writes_is_not_read(tmp_path: Path) -> None:
    _warc(tmp_path / "in" / "a.warc.gz")
    _warc(tmp_path / "in" / "dataset.work" / "b.warc.gz")
    inputs = inputs_of([str(tmp_path / "in")], own=[tmp_path / "in" / "dataset.work"])
    assert [Path(name).name for name in _locations(inputs)] == ["a.warc.gz"]


@pytest.mark.parametrize("is_remote", [True, False])
@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_files_of_a_wacz_are_read_where_they_lie(
    tmp_path: Path, server: FileServer, is_remote: bool, compression: int
) -> None:
    data, places = packed(30, 20_000)
    members = {
        "datapackage.json": b"{}",
        "archive/b.warc.gz": data,
        "archive/a.warc": record(77),
        "pages/pages.jsonl": b"{}",
    }
    path = wacz_of(tmp_path / "a.wacz", members, compression)
    server.add("a.wacz", path.read_bytes())
    name = server.url("a.wacz") if is_remote else str(path)
    inputs = inputs_of([name])
    assert inputs.items == ()
    assert _locations(inputs) == [f"{name}:archive/a.warc", f"{name}:archive/b.warc.gz"]
    assert [warc.name for warc in inputs.files] == ["a.warc", "b.warc.gz"]
    assert _urls(inputs.files[0]) == ["https://forum.example/77"]
    records = list(read_foreign(inputs.files[1]))
    assert len(records) == len(places)
    assert isinstance(records[20], ForeignRecord)
    again = next(read_foreign(inputs.files[1], start=records[20].position))
    assert again == records[20]
    assert inputs.files[0].identity() != inputs.files[1].identity()
    if is_remote and compression == zipfile.ZIP_STORED:
        # The directory, a header, each member, one record again, and what changes with the file.
        assert server.sent < 2.5 * len(path.read_bytes())


def test_a_wacz_with_odd_members_gives_those_that_can_be_read(tmp_path: Path) -> None:
    inner = wacz_of(tmp_path / "inner.wacz", {"archive/x.warc": record(1)}).read_bytes()
    members = {
        "archive/inner.wacz": inner,
        "../../up.warc": record(2),
        "archive/good.warc": record(3),
        "archive/bad.warc": record(4),
    }
    path = wacz_of(tmp_path / "a.wacz", members)
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        # The flag of an encrypted member, in its header and in the directory.
        where = data.find(mark, data.find(b"archive/bad.warc") - 60) if at == 6 else data.rfind(mark)
        data[where + at] |= 1
    path.write_bytes(data)
    inputs = inputs_of([str(path)])
    assert _locations(inputs) == [f"{path}:../../up.warc", f"{path}:archive/good.warc"]
    assert [_urls(warc) for warc in inputs.files] == [
        ["https://forum.example/2"],
        ["https://forum.example/3"],
    ]
    assert [(target, reason.partition(" is ")[2][:9]) for target, _, reason in _reasons(inputs)] == [
        (f"{path}:archive/bad.warc", "encrypted"),
        (f"{path}:archive/inner.wacz", "a WACZ fi"),
    ]


def test_a_large_wacz_of_zip64_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.wacz"
    with zipfile.ZipFile(path, "w") as package, package.open("archive/a.warc", "w", force_zip64=True) as file:
        file.write(record(5))
    (warc,) = inputs_of([str(path)]).files
    assert _urls(warc) == ["https://forum.example/5"]


@pytest.mark.parametrize("end", [0, 1, 30, 200])
def test_a_broken_wacz_is_a_failure(tmp_path: Path, end: int) -> None:
    path = wacz_of(tmp_path / "a.wacz", {"archive/a.warc": record(5)})
    path.write_bytes(path.read_bytes()[:end])
    inputs = inputs_of([str(path)])
    assert inputs.files == ()
    assert [outcome for _, outcome, _ in _reasons(inputs)] == ["failed"]


def test_a_packed_member_that_is_damaged_is_a_failure_of_its_file(tmp_path: Path) -> None:
    path = wacz_of(tmp_path / "a.wacz", {"archive/a.warc": record(5, size=90_000)}, zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    data[5_000] ^= 0xFF
    path.write_bytes(data)
    (warc,) = inputs_of([str(path)]).files
    with pytest.raises(SkippableError, match="cannot be unpacked to its end"):
        list(read_foreign(warc))


def test_a_list_on_a_server_names_files_as_common_crawl_does(server: FileServer) -> None:
    path = "crawl-data/CC-MAIN-2024-10/segments/1/warc/a b.warc.gz"
    lines = f"{path}\n\n# what follows is whole\n{server.url('other.warc.gz')}\r\n"
    listing = "crawl-data/CC-MAIN-2024-10/warc.paths.gz"
    server.add(listing, gzip.compress(lines.encode()))
    server.add("plain/list.txt", b"near.warc.gz\n")
    server.add("crawl-data/CC-MAIN-2024-10/segments/1/warc/a%20b.warc.gz", gzip.compress(record(1)))
    inputs = inputs_of([server.url(listing), "@" + server.url("plain/list.txt")])
    assert inputs.items == ()
    assert _locations(inputs) == sorted(
        [
            server.url("crawl-data/CC-MAIN-2024-10/segments/1/warc/a%20b.warc.gz"),
            server.url("other.warc.gz"),
            server.url("plain/near.warc.gz"),
        ]
    )
    named = next(warc for warc in inputs.files if "a%20b" in warc.location)
    assert _urls(named) == ["https://forum.example/1"]
    # Files that are named like WARC files are not looked into before they are read.
    assert {asked.path.rpartition(".")[2] for asked in server.asked[:-1]} == {"gz", "txt"}
    assert len(server.asked) == 3


def test_a_list_on_this_machine_is_read_from_its_folder_or_from_a_base(
    tmp_path: Path, server: FileServer
) -> None:
    _warc(tmp_path / "lists" / "a.warc.gz")
    _warc(tmp_path / "elsewhere" / "b.warc.gz")
    listing = tmp_path / "lists" / "mine.paths"
    listing.write_text(f"a.warc.gz\n{tmp_path}/elsewhere\nnone.warc.gz\n", encoding="utf-8")
    inputs = inputs_of([str(listing)])
    assert [Path(name).name for name in _locations(inputs)] == ["b.warc.gz", "a.warc.gz"]
    assert "No such file" in _reasons(inputs)[0][2]
    listing.write_text("x/a.warc.gz\n")
    assert _locations(inputs_of([f"@{listing}"], server.url("data"))) == [server.url("data/x/a.warc.gz")]
    assert _locations(inputs_of([f"@{listing}"], "memory://bucket/")) == ["memory://bucket/x/a.warc.gz"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (gzip.compress(b"a.warc.gz\n" * 99)[:-9], "cannot be read to its end"),
        (b"\0\0\0", "line 1 is no path"),
        (b"x" * 20_000, "a line longer than"),
        (b"/etc/a.warc", "a file of this machine"),
        (b"file:///etc/a.warc", "a file of this machine"),
    ],
)
def test_a_list_that_is_none_is_a_failure(server: FileServer, content: bytes, says: str) -> None:
    server.add("a.paths", content)
    inputs = inputs_of([server.url("a.paths")])
    assert [reason for _, _, reason in _reasons(inputs) if says in reason]
    assert not [warc for warc in inputs.files if warc.is_local]


@pytest.mark.parametrize("name", ["x/*.warc.gz", "x/", ""])
def test_files_of_a_server_cannot_be_listed(server: FileServer, name: str) -> None:
    ((_, outcome, reason),) = _reasons(inputs_of([server.url(name)]))
    assert outcome == "failed"
    assert "a web server does not list its files" in reason
    assert "@FILE" in reason


def test_what_a_server_gives_instead_of_a_file_is_a_failure(server: FileServer) -> None:
    server.add("file", b"<html><body>please sign in")
    server.add("gone.wacz", Served(b"", statuses=[404]))
    inputs = inputs_of([server.url("file"), server.url("gone.wacz")])
    assert inputs.files == ()
    reasons = [reason for _, _, reason in _reasons(inputs)]
    assert "is no WARC, ARC or WACZ file" in reasons[0]
    assert "there is no such file" in reasons[1]


def test_stores_are_listed(tmp_path: Path) -> None:
    memory = fsspec.filesystem("memory")
    for name in ("a.warc.gz", "deep/b.warc.gz", "deep/page.html"):
        memory.pipe(f"/inputs/{name}", gzip.compress(record(1)) if name.endswith("gz") else b"<html>no")
    folder = inputs_of(["memory://inputs"])
    assert _locations(folder) == ["memory://inputs/a.warc.gz", "memory://inputs/deep/b.warc.gz"]
    assert [outcome for _, outcome, _ in _reasons(folder)] == ["skipped"]
    assert inputs_of(["memory://inputs/**/*.gz"]).files == folder.files
    assert _urls(folder.files[1]) == ["https://forum.example/1"]
    assert "matches no file" in _reasons(inputs_of(["memory://inputs/*.none"]))[0][2]
    with pytest.raises(UsageError, match="pip install s3fs"):
        inputs_of(["s3://bucket/*.warc.gz"])


def test_what_many_files_are_now_is_asked_in_any_order_and_told_in_theirs(
    tmp_path: Path, server: FileServer
) -> None:
    for number in range(30):
        server.add(f"{number}.warc", Served(b"x" * number))
    files = [WarcFile.named(server.url(f"{number}.warc")) for number in range(30)]
    files[7:7] = [WarcFile.at(_warc(tmp_path / "a.warc")), WarcFile.named(server.url("none.warc"))]
    told = list(identities_of(files))
    assert [warc for warc, _ in told] == files
    identities = [identity for _, identity in told]
    assert identities[7] == files[7].identity()
    assert isinstance(identities[8], SkippableError)
    assert identities[:7] + identities[9:] == [f'{number} "1"' for number in range(30)]


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="there is no file here that cannot be read")
def test_a_file_that_its_medium_does_not_give_costs_itself(tmp_path: Path) -> None:
    good = _warc(tmp_path / "a.warc.gz")
    bad = tmp_path / "b.warc.gz"
    bad.symlink_to("/proc/self/mem")
    inputs = inputs_of([str(tmp_path)])
    assert _locations(inputs) == [str(good)]
    assert _reasons(inputs) == [(str(bad), "failed", f"{bad} cannot be read: Input/output error.")]
