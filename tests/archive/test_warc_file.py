"""WARC files far away: read as if they lay here, in one pass or by parts, and never to the half and called whole."""

import gzip
import io
import pickle
import random
from dataclasses import replace
from pathlib import Path

import fsspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.compose import ForeignRecord
from scraper.archive.foreign import read_foreign
from scraper.archive.foreign_records import ForeignProblem
from scraper.archive.record_ranges import RecordRange, write_ranges
from scraper.archive.remote_file import public_address
from scraper.archive.warc_file import WarcFile
from scraper.errors import RetryableError, SkippableError, StopError, UsageError
from tests.archive.file_server import FileServer, Served

_DATA = random.Random(1).randbytes(700_000)


def record(number: int, url: str | None = None, size: int = 300) -> bytes:
    body = random.Random(number).randbytes(size)
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nWARC-Date: 2022-10-20T01:02:03Z\r\n"
        f"WARC-Target-URI: {url or f'https://forum.example/{number}'}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def packed(count: int, size: int = 300) -> tuple[bytes, list[tuple[int, int]]]:
    members = [gzip.compress(record(number, size=size), mtime=0) for number in range(count)]
    offsets = [sum(map(len, members[:number])) for number in range(count)]
    return b"".join(members), [(at, len(member)) for at, member in zip(offsets, members, strict=True)]


def _all(warc: WarcFile) -> bytes:
    with warc.open() as file:
        return file.read()


def _urls(warc: WarcFile) -> list[str]:
    return [item.url if isinstance(item, ForeignRecord) else item.what for item in read_foreign(warc)]


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("has_length", [True, False])
def test_a_file_on_a_server_is_read_in_one_pass(server: FileServer, ranges: bool, has_length: bool) -> None:
    data, places = packed(40, 9_000)
    server.add("a.warc.gz", Served(data, ranges=ranges, has_length=has_length))
    warc = WarcFile.named(server.url("a.warc.gz"))
    assert _urls(warc) == [f"https://forum.example/{number}" for number in range(len(places))]
    assert len([asked for asked in server.asked if asked.sent]) == 1
    assert server.asked[0].headers["user-agent"].startswith("postkeep/")
    assert server.asked[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("ranges", [True, False])
def test_a_part_of_a_file_is_read_where_it_stands(server: FileServer, ranges: bool) -> None:
    server.add("a", Served(_DATA, ranges=ranges))
    with WarcFile.named(server.url("a")).open() as file:
        for at, count in ((500_000, 10), (0, 100), (699_990, 100), (20, 300_000), (500_000, 5), (800_000, 5)):
            file.seek(at)
            assert file.read(count) == _DATA[at : at + count]
        assert file.seek(-7, io.SEEK_END) == len(_DATA) - 7
        assert file.read() == _DATA[-7:]


@given(st.data())
def test_whatever_is_read_of_a_file_in_whatever_order_is_its_bytes(data: st.DataObject) -> None:
    size = data.draw(st.integers(0, 600_000))
    body = _DATA[:size]
    served = Served(
        body,
        ranges=data.draw(st.booleans()),
        cuts=data.draw(st.lists(st.integers(0, 300_000), max_size=3)),
        shorter=data.draw(st.none() | st.integers(70_000, 200_000)),
    )
    with FileServer(a=served) as server, WarcFile.named(server.url("a")).open() as file:
        local = io.BytesIO(body)
        for _ in range(data.draw(st.integers(1, 6))):
            at, count = data.draw(st.integers(0, 650_000)), data.draw(st.integers(0, 400_000))
            file.seek(at)
            local.seek(at)
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr("scraper.archive.remote_file.sleep", lambda _: None)
                assert file.read(count) == local.read(count)


@pytest.mark.parametrize("ranges", [True, False])
def test_a_connection_that_breaks_goes_on_at_the_byte(
    server: FileServer, waits: list[float], ranges: bool
) -> None:
    server.add("a", Served(_DATA, ranges=ranges, cuts=[100_000, 150_000, 5, 299_000]))
    assert _all(WarcFile.named(server.url("a"))) == _DATA
    if ranges:
        assert [asked.range for asked in server.asked] == [
            None,
            "bytes=100000-",
            "bytes=250000-",
            "bytes=250005-",
            "bytes=549005-",
        ]
        assert server.sent == len(_DATA)


def test_a_file_of_which_no_more_comes_is_never_taken_for_whole(
    server: FileServer, waits: list[float]
) -> None:
    data, places = packed(20, 5_000)
    cut = places[10][0]
    server.add("a.warc.gz", Served(data, ranges=False, cuts=[cut] * 9))
    read: list[ForeignRecord | ForeignProblem] = []
    with pytest.raises(RetryableError) as error:
        read.extend(read_foreign(WarcFile.named(server.url("a.warc.gz"))))
    assert str(error.value).startswith(
        f"{server.url('a.warc.gz')} cannot be read: it broke off at byte {cut}"
    )
    assert "Run the same command again later." in str(error.value)
    assert waits == [0.0, 1.0, 4.0, 15.0]


def test_an_answer_in_chunks_is_whole_where_its_last_chunk_came(
    server: FileServer, waits: list[float]
) -> None:
    served = server.add("a", Served(_DATA, ranges=False, chunked=True, cuts=[300_000, 600_000]))
    assert _all(WarcFile.named(server.url("a"))) == _DATA
    served.cuts = [300_000] * 9
    with pytest.raises(RetryableError, match="it broke off at byte 300000"):
        _all(WarcFile.named(server.url("a")))


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ({"Content-Range": "bytes 7-9/700000"}, "does not give the part"),
        ({"Content-Range": "bytes 500-699999/*"}, "does not give the part"),
        ({"Content-Range": "nonsense"}, "does not give the part"),
        ({"Content-Range": ""}, "does not give the part"),
        ({"Content-Length": "nonsense"}, "bad Content-Length"),
    ],
)
def test_an_answer_that_contradicts_itself_is_a_failure(
    server: FileServer, waits: list[float], headers: dict[str, str], says: str
) -> None:
    server.add("a", Served(_DATA, headers=headers))
    with WarcFile.named(server.url("a")).open() as file:
        file.seek(500)
        with pytest.raises((SkippableError, RetryableError), match=says):
            file.read()


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (404, "there is no such file"),
        (410, "no such file"),
        (403, "does not give it to us"),
        (418, "answers 418"),
    ],
)
def test_what_a_server_does_not_give_is_one_sentence(server: FileServer, status: int, says: str) -> None:
    server.add("a", Served(b"x", statuses=[status] * 2))
    warc = WarcFile.named(server.url("a"))
    for ask in (lambda: _all(warc), warc.identity):
        with pytest.raises(SkippableError, match=says) as error:
            ask()
        assert str(error.value).startswith(f"{server.url('a')} cannot be read: ")


def test_a_server_that_is_busy_is_waited_for_as_long_as_it_says(
    server: FileServer, waits: list[float]
) -> None:
    server.add("a", Served(b"whole", statuses=[503, 429, 500]))
    assert _all(WarcFile.named(server.url("a"))) == b"whole"
    assert waits == [0.0, 1.0, 4.0]


def test_a_server_that_is_not_there_is_a_sentence(waits: list[float]) -> None:
    with FileServer() as server:
        url = server.url("a")
    with pytest.raises(RetryableError, match=r"nothing of it came, after 5 tries"):
        _all(WarcFile.named(url))
    assert waits == [0.0, 1.0, 4.0, 15.0]


def test_redirects_are_followed_and_a_password_goes_to_no_other_server(server: FileServer) -> None:
    basic = "Basic dXNlcjpwYXNz"
    server.add("a", Served(b"whole", password=basic))
    assert _all(WarcFile.named(server.url("a", "user:pass@"))) == b"whole"
    with FileServer(b=b"elsewhere") as other:
        server.redirects = {"/moved": other.url("b"), "/here": server.url("a"), "/round": server.url("round")}
        assert _all(WarcFile.named(server.url("here", "user:pass@"))) == b"whole"
        assert _all(WarcFile.named(server.url("moved", "user:pass@"))) == b"elsewhere"
        assert "authorization" not in other.asked[0].headers
    with pytest.raises(SkippableError, match="from one address to the next"):
        _all(WarcFile.named(server.url("round")))


@pytest.mark.parametrize("coding", ["gzip", "x-gzip"])
def test_a_packed_file_that_is_called_packed_on_the_way_is_unpacked_once(
    server: FileServer, coding: str
) -> None:
    data, _ = packed(3)
    server.add("a.warc.gz", Served(data, headers={"Content-Encoding": coding}))
    assert len(_urls(WarcFile.named(server.url("a.warc.gz")))) == 3


def test_a_plain_file_that_a_server_packs_on_the_way_is_read(server: FileServer) -> None:
    plain = b"".join(record(number) for number in range(3))
    server.add("a.warc", Served(gzip.compress(plain), ranges=False, headers={"Content-Encoding": "gzip"}))
    assert len(_urls(WarcFile.named(server.url("a.warc")))) == 3
    server.add("b.warc", Served(plain, headers={"Content-Encoding": "br"}))
    with pytest.raises(SkippableError, match="sends it packed by br"):
        _urls(WarcFile.named(server.url("b.warc")))


def test_a_file_that_changes_while_it_is_read_is_a_failure(server: FileServer) -> None:
    served = server.add("a", Served(_DATA, cuts=[300_000]))
    with WarcFile.named(server.url("a")).open() as file:
        file.read(1000)
        served.etag = '"2"'
        with pytest.raises(RetryableError, match="has changed on its server"):
            file.read()


def test_what_identifies_a_file_changes_with_it(server: FileServer, tmp_path: Path) -> None:
    served = server.add("a", Served(b"12345"))
    remote = WarcFile.named(server.url("a"))
    first = remote.identity()
    assert first == remote.identity() == '5 "1"'
    served.etag = '"2"'
    assert remote.identity() != first
    server.add("empty", Served(b""))
    assert WarcFile.named(server.url("empty")).identity() == '0 "1"'
    path = tmp_path / "a.warc"
    path.write_bytes(b"1")
    before = WarcFile.at(path).identity()
    path.write_bytes(b"12")
    assert WarcFile.at(path).identity() != before
    with pytest.raises(SkippableError, match="nowhere cannot be read: No such file"):
        WarcFile.at(tmp_path / "nowhere").identity()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://user:s3cret@host.example/a.warc", "http://host.example/a.warc"),
        ("s3://key:s3cret@bucket/a.warc", "s3://bucket/a.warc"),
        (
            "https://host.example/a?X-Amz-Signature=s3cret&part=1&token=s3cret",
            "https://host.example/a?X-Amz-Signature=...&part=1&token=...",
        ),
        ("https://host.example/a?sig=s3cret;x=1", "https://host.example/a?sig=...;x=1"),
    ],
)
def test_credentials_are_never_told(address: str, said: str) -> None:
    warc = WarcFile.named(address)
    assert (warc.location, public_address(address)) == (said, said)
    assert "s3cret" not in repr(warc)


def test_errors_of_servers_and_stores_tell_no_credentials(server: FileServer) -> None:
    server.add("a", Served(b"", statuses=[403]))
    with pytest.raises(SkippableError) as error:
        _all(WarcFile.named(server.url("a?token=s3cret", "user:s3cret@")))
    assert "s3cret" not in str(error.value)
    for address in ("s3://key:s3cret@bucket/a", "nothing://key:s3cret@x/a"):
        with pytest.raises(UsageError) as usage:
            _all(WarcFile.named(address))
        assert "s3cret" not in str(usage.value)


def test_a_scheme_without_its_package_names_the_package() -> None:
    with pytest.raises(UsageError, match="pip install s3fs"):
        _all(WarcFile.named("s3://bucket/a.warc.gz"))
    with pytest.raises(UsageError, match="nothing that is installed reads nothing://"):
        _all(WarcFile.named("nothing://x/a"))


def test_files_in_other_stores_are_read(tmp_path: Path) -> None:
    data, places = packed(30, 300_000)
    fsspec.filesystem("memory").pipe("/streams/a.warc.gz", data)
    memory = WarcFile.named("memory://streams/a.warc.gz")
    assert len(_urls(memory)) == len(places)
    assert memory.identity().startswith(f"{len(data)} ")
    assert (memory.name, memory.location) == ("a.warc.gz", "memory://streams/a.warc.gz")
    path = tmp_path / "a b.warc.gz"
    path.write_bytes(data)
    named = WarcFile.named(path.as_uri())
    assert named == WarcFile.at(path)
    assert len(_urls(named)) == len(places)
    for address, says in (
        ("memory://streams/b.warc.gz", "there is no such file"),
        ("memory://streams", "it is a folder"),
    ):
        with pytest.raises(SkippableError, match=says):
            _urls(WarcFile.named(address))


def test_a_file_goes_from_process_to_process(tmp_path: Path) -> None:
    warc = _ranged(tmp_path, WarcFile("a", "http://x/a"), RecordRange(1, 2, "https://x.example/"))
    assert pickle.loads(pickle.dumps(warc)) == warc


def _ranged(folder: Path, warc: WarcFile, *ranges: RecordRange) -> WarcFile:
    path = folder / "chosen"
    with path.open("wb") as file:
        return replace(warc, ranges=write_ranges(file, path, ranges))


def test_where_records_stand_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "chosen"
    each = [
        [RecordRange(7, None, "https://forum.example/글\n\ud800"), RecordRange(1 << 60, 9, "")],
        [],
        [RecordRange(0, 1, "com,example)/")],
    ]
    with path.open("wb") as file:
        written = [write_ranges(file, path, ranges) for ranges in each]
    assert [list(ranges) for ranges in written] == each
    assert len({ranges.digest for ranges in written}) == 3
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StopError, match="chosen, which says what is read of the files, cannot be read"):
        list(written[2])
    path.unlink()
    with pytest.raises(StopError, match="Run the same command again"):
        list(written[0])


@pytest.mark.parametrize("is_packed", [True, False])
@pytest.mark.parametrize("has_lengths", [True, False])
def test_chosen_records_are_read_by_their_ranges(
    tmp_path: Path, server: FileServer, is_packed: bool, has_lengths: bool
) -> None:
    records = [record(number, size=40_000) for number in range(40)]
    parts = [gzip.compress(each) if is_packed else each for each in records]
    server.add("a", b"".join(parts))
    ranges = [
        RecordRange(
            sum(map(len, parts[:number])),
            len(parts[number]) if has_lengths else None,
            f"https://forum.example/{number}",
        )
        for number in (3, 4, 5, 20, 39)
    ]
    warc = _ranged(tmp_path, WarcFile.named(server.url("a")), *ranges)
    assert _urls(warc) == [f"https://forum.example/{number}" for number in (3, 4, 5, 20, 39)]
    if has_lengths:
        assert [asked.range for asked in server.asked] == [
            f"bytes={first.offset}-{last.offset + (last.length or 0) - 1}"
            for first, last in ((ranges[0], ranges[2]), (ranges[3], ranges[3]), (ranges[4], ranges[4]))
        ]
    else:
        assert server.sent < sum(map(len, parts))


def test_a_place_where_no_such_record_stands_is_a_problem_of_that_record(tmp_path: Path) -> None:
    data, places = packed(4)
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data)
    right = [RecordRange(at, length, f"https://forum.example/{n}") for n, (at, length) in enumerate(places)]
    warc = _ranged(
        tmp_path,
        WarcFile.at(path),
        right[0],
        RecordRange(places[1][0], places[1][1], "https://forum.example/other"),
        RecordRange(places[2][0] + 3, 50, "https://forum.example/2"),
        RecordRange(places[2][0], places[2][1] - 60, "https://forum.example/2"),
        right[3],
        RecordRange(len(data) + 10, 100, "https://forum.example/9"),
    )
    items = list(read_foreign(warc))
    assert [item.url for item in items if isinstance(item, ForeignRecord)] == [right[0].url, right[3].url]
    problems = [item.what for item in items if isinstance(item, ForeignProblem)]
    assert "the record there is of https://forum.example/1" in problems[0]
    assert (
        f"a record of https://forum.example/2 at byte {places[2][0] + 3}, where it cannot be had"
        in problems[1]
    )
    assert "cut off" in problems[2]
    assert "the file ends before that" in problems[3]


def test_what_is_read_of_a_file_is_part_of_what_identifies_it(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(b"12345")
    whole = WarcFile.at(tmp_path / "a.warc")
    parts = [_ranged(tmp_path, whole, RecordRange(at, 2, "https://x.example/")) for at in (0, 1)]
    assert len({each.identity() for each in (whole, *parts)}) == 3
