"""Other people's archives: all that is in them is read, or reported with its reason; nothing ends a file without a word."""

import gzip
import os
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.compose import ForeignRecord
from scraper.archive.foreign import read_foreign
from scraper.archive.foreign_records import ForeignProblem
from scraper.archive.warc_file import WarcFile
from scraper.errors import SkippableError
from scraper.jobs.imports.file_kind import FileKind, kind_of
from scraper.jobs.imports.wacz import unpacked_wacz
from tests.field.records import address, arc_file, arc_record, warc_record

_A, _B, _C = (warc_record(number) for number in (1, 2, 3))


def _numbers(path: Path) -> tuple[list[int], list[str]]:
    """The numbers of the records in a file, each of which is read again from its own position, and the problems."""
    items = list(read_foreign(WarcFile.at(path)))
    records = [item for item in items if isinstance(item, ForeignRecord)]
    for record in records:
        again = next(read_foreign(WarcFile.at(path), start=record.position))
        assert isinstance(again, ForeignRecord)
        assert (again.url, again.block) == (record.url, record.block)
    problems = [item.what for item in items if isinstance(item, ForeignProblem)]
    return [int(record.url.rpartition("/")[2]) for record in records], problems


def _file(folder: Path, data: bytes, name: str = "m.warc.gz") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _split(data: bytes, size: int) -> bytes:
    return b"".join(gzip.compress(data[at : at + size]) for at in range(0, len(data), size))


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(_A + _B + _C),
        gzip.compress(_A + _B) + gzip.compress(_C),
        gzip.compress(_A) + gzip.compress(_B + _C),
        _split(_A + _B + _C, 100),
        gzip.compress(_A) + gzip.compress(b"") + gzip.compress(_B) + gzip.compress(_C),
        zstandard.compress(_A) + zstandard.compress(_B + _C),
        b"\xef\xbb\xbf" + _A + _B + _C,
        gzip.compress(_A) + _B + gzip.compress(_C),
        _A + gzip.compress(_B) + _C,
        _A + _B + gzip.compress(_C),
        gzip.compress(_A + _B) + _C,
        zstandard.compress(_A) + _B + gzip.compress(_C),
    ],
)
def test_records_need_not_be_members(tmp_path: Path, data: bytes) -> None:
    assert _numbers(_file(tmp_path, data)) == ([1, 2, 3], [])


@pytest.mark.parametrize("junk", [b"\0" * 1024, b"\n", b"\r\n", b"\r\n\r\n\r\n", b" \t\n\0"])
@pytest.mark.parametrize("packed", [True, False])
def test_padding_behind_and_between_records_is_no_damage(tmp_path: Path, junk: bytes, packed: bool) -> None:
    pack = gzip.compress if packed else bytes
    data = pack(_A) + junk + pack(_B) + pack(_C) + junk
    assert _numbers(_file(tmp_path, data)) == ([1, 2, 3], [])


def _lower(record: bytes) -> bytes:
    head, _, rest = record.partition(b"\r\n\r\n")
    version, *lines = head.split(b"\r\n")
    parted = [line.partition(b":") for line in lines]
    return (
        b"\r\n".join([version, *(name.lower() + colon + value for name, colon, value in parted)])
        + b"\r\n\r\n"
        + rest
    )


@pytest.mark.parametrize(
    "record",
    [
        _lower(_A),
        warc_record(1, nl="\n", end=b"\n\n"),
        warc_record(1, end=b"\n"),
        warc_record(1, end=b""),
        warc_record(1, version="0.18"),
        warc_record(1, version="1.1"),
        _A.replace(b"WARC/1.0", b"warc/1.0"),
        _A.replace(b"WARC-Type: response", b"WARC-Type : Response"),
        _A.replace(b"WARC-Target-URI: ", b"WARC-Target-URI:\r\n  "),
        _A.replace(address(1).encode(), b"<" + address(1).encode() + b">"),
    ],
)
@pytest.mark.parametrize("packed", [True, False])
def test_heads_are_read_in_every_spelling(tmp_path: Path, record: bytes, packed: bool) -> None:
    pack = gzip.compress if packed else bytes
    assert _numbers(_file(tmp_path, pack(record) + pack(_B))) == ([1, 2], [])


@pytest.mark.parametrize(
    ("damaged", "says"),
    [
        (warc_record(1, length=20), "does not end where its length of 20 bytes says"),
        (warc_record(1, length=99_999), "was cut off"),
        (_A.replace(b"Content-Length: ", b"Content-Size: "), "does not say how long it is"),
        (_A.replace(b"Content-Length: ", b"Content-Length: x"), "does not say how long it is"),
        (b"junk that no tool wrote\n", "no record begins at byte"),
        (_A[:60] + b"\r\n", "no whole header"),
    ],
)
@pytest.mark.parametrize("packing", ["plain", "a member each", "one member"])
def test_what_cannot_be_read_is_said_and_the_rest_goes_on(
    tmp_path: Path, damaged: bytes, says: str, packing: str
) -> None:
    pack = gzip.compress if packing == "a member each" else bytes
    data = pack(_C) + pack(damaged) + pack(_B) + pack(_C)
    numbers, problems = _numbers(_file(tmp_path, gzip.compress(data) if packing == "one member" else data))
    assert numbers == [3, 2, 3]
    assert len(problems) == 1
    assert says in problems[0]
    assert "reading goes on at byte" in problems[0]


@given(st.integers(1, 5), st.integers(0, 10_000), st.integers(1, 255))
def test_one_flipped_byte_costs_one_record_and_is_said(
    tmp_path_factory: pytest.TempPathFactory, count: int, at: int, bits: int
) -> None:
    members = [gzip.compress(warc_record(number), mtime=0) for number in range(count)]
    data = bytearray(b"".join(members))
    data[at % len(data)] ^= bits
    path = _file(tmp_path_factory.mktemp("flip"), bytes(data))
    try:
        numbers, problems = _numbers(path)
    except SkippableError:
        assert count == 1
        return
    assert len(numbers) >= count - 1
    assert len(numbers) == count or problems


@given(
    st.lists(
        st.sampled_from([b"", b"\0\0", b"\r\n", b"zz zz\n", b"WARC/1.0\r\nA: b\r\n"]), min_size=2, max_size=5
    )
)
def test_every_record_is_read_whatever_stands_between(
    tmp_path_factory: pytest.TempPathFactory, between: list[bytes]
) -> None:
    data = b"".join(junk + warc_record(number) for number, junk in enumerate(between))
    numbers, problems = _numbers(_file(tmp_path_factory.mktemp("between"), b"".join((_A, b"\r\n", data))))
    assert numbers == [1, *range(len(between))]
    assert len(problems) == sum(junk.strip(b"\0\r\n") != b"" for junk in between)


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("packing", ["plain", "a member each", "one member"])
def test_arc_files_are_read(tmp_path: Path, version: int, packing: str) -> None:
    about = "text/html; charset=utf-8" if version == 1 else "text/html 200 CHECKSUM - 1234 ours.arc"
    records = arc_file(arc_record(1, about), arc_record(2, about), version=version)
    pack = gzip.compress if packing == "a member each" else bytes
    data = b"".join(map(pack, records))
    path = _file(tmp_path, gzip.compress(data) if packing == "one member" else data, "ours.arc")
    assert kind_of(path) is FileKind.WARC
    assert _numbers(path) == ([1, 2], [])
    record = next(read_foreign(WarcFile.at(path)))
    assert isinstance(record, ForeignRecord)
    assert record.time.at is not None
    assert (record.time.at.isoformat(), record.server_address) == ("2024-03-07T00:00:00+00:00", "192.0.2.7")


def test_an_arc_file_without_its_version_block_is_one(tmp_path: Path) -> None:
    path = _file(tmp_path, gzip.compress(arc_record(1)) + gzip.compress(arc_record(2)), "ours.arc.gz")
    assert kind_of(path) is FileKind.WARC
    assert _numbers(path) == ([1, 2], [])


def test_damage_in_an_arc_file_costs_one_record(tmp_path: Path) -> None:
    broken = arc_record(1).replace(b"<p>", b"", 2)
    data = b"".join(arc_file(broken, arc_record(2), arc_record(3)))
    numbers, problems = _numbers(_file(tmp_path, data, "ours.arc"))
    assert numbers == [2, 3]
    assert len(problems) == 1


def _wacz(folder: Path, names: dict[str, bytes]) -> Path:
    path = folder / "a.wacz"
    with zipfile.ZipFile(path, "w") as package:
        for name, data in names.items():
            package.writestr(name, data)
    return path


@pytest.mark.parametrize("count", [1, 2])
def test_a_wacz_is_read_whichever_way_its_slashes_lean(tmp_path: Path, count: int) -> None:
    path = _wacz(tmp_path, {"archive/data.warc.gz": gzip.compress(_A)})
    path.write_bytes(path.read_bytes().replace(b"archive/data", b"archive\\data", count))
    with unpacked_wacz(path) as (warcs, problems):
        assert ([_numbers(warc) for warc in warcs], problems) == ([([1], [])], [])


def test_a_file_of_a_wacz_that_does_not_unpack_costs_itself(tmp_path: Path) -> None:
    path = _wacz(tmp_path, {"archive/1.warc": _A * 9, "archive/2.warc": _B})
    path.write_bytes(path.read_bytes().replace(b"<p>1</p>", b"<p>7</p>", 1))
    with unpacked_wacz(path) as (warcs, problems):
        assert 2 in {number for warc in warcs for number in _numbers(warc)[0]}
    assert "1.warc in it cannot be unpacked to its end: Bad CRC-32" in problems[0]


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (b"BZh91AY&SY\0\0", "bzip2"),
        (b"\xfd7zXZ\0\0\0", "an xz file"),
        (b"%PDF-1.4\n\0", "a PDF"),
        (b"7z\xbc\xaf'\x1c\0", "7z"),
    ],
)
def test_a_container_that_is_not_read_is_named(tmp_path: Path, head: bytes, says: str) -> None:
    with pytest.raises(SkippableError, match=says):
        kind_of(_file(tmp_path, head, "some.warc.bin"))


def test_a_warc_file_that_is_damaged_in_its_first_bytes_is_still_one(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(_A) + gzip.compress(_B))
    data[20] ^= 0xFF
    path = _file(tmp_path, bytes(data))
    assert kind_of(path) is FileKind.WARC
    numbers, problems = _numbers(path)
    assert (numbers, len(problems)) == ([2], 1)


def test_a_name_in_another_charset_is_kept_as_its_octets(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb0\xad.warc.gz"))
    path.write_bytes(gzip.compress(_A))
    record = next(read_foreign(WarcFile.at(path)))
    assert isinstance(record, ForeignRecord)
    assert record.origin is not None
    assert record.origin.fields[0] == ("Postkeep-Source-File", "%B0%AD.warc.gz")
