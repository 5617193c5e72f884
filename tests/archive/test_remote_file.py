"""Servers and stores that give a file late, in part, or another one: it comes whole, or is not taken for whole."""

import random
from typing import Any

import fsspec
import pytest
from fsspec.core import url_to_fs
from fsspec.implementations.memory import MemoryFileSystem

from scraper.archive.warc_file import WarcFile
from scraper.errors import RetryableError
from tests.archive.file_server import FileServer, Served

_DATA = random.Random(1).randbytes(700_000)


def _all(warc: WarcFile) -> bytes:
    with warc.open() as file:
        return file.read()


def test_a_server_that_gives_less_of_a_range_than_was_asked_for_is_asked_for_the_rest(
    server: FileServer, waits: list[float]
) -> None:
    server.add("a", Served(_DATA, shorter=300_000))
    with WarcFile.named(server.url("a")).open() as file:
        file.seek(500)
        assert file.read() == _DATA[500:]


def test_a_long_file_may_break_off_often_as_long_as_more_of_it_comes_each_time(
    server: FileServer, waits: list[float]
) -> None:
    server.add("a", Served(_DATA, cuts=[80_000] * 8))
    assert _all(WarcFile.named(server.url("a"))) == _DATA
    assert waits == [0.0] * 8


@pytest.mark.parametrize(("stated", "wait"), [("7", 7.0), ("86400", 120.0), ("soon", 0.0)])
def test_a_server_is_waited_for_as_long_as_it_asks_within_bounds(
    server: FileServer, waits: list[float], stated: str, wait: float
) -> None:
    server.add("a", Served(b"whole", statuses=[503], retry_after=stated))
    assert _all(WarcFile.named(server.url("a"))) == b"whole"
    assert waits == [wait]


@pytest.mark.parametrize(
    ("modified", "etag", "is_other"),
    [
        ("Tue, 06 Jan 2026 00:00:00 GMT", '"1"', True),
        # Several servers of one file may each have an ETag of their own.
        ("Mon, 05 Jan 2026 00:00:00 GMT", '"2"', False),
    ],
)
def test_a_file_is_another_where_the_time_of_its_last_change_is(
    server: FileServer, waits: list[float], modified: str, etag: str, is_other: bool
) -> None:
    served = server.add("a", Served(_DATA, cuts=[300_000], modified="Mon, 05 Jan 2026 00:00:00 GMT"))
    with WarcFile.named(server.url("a")).open() as file:
        file.read(1000)
        served.modified, served.etag = modified, etag
        if is_other:
            with pytest.raises(RetryableError, match="has changed on its server"):
                file.read()
        else:
            assert file.read() == _DATA[1000:]


class _ShortFiles(MemoryFileSystem):  # type: ignore[misc]  # fsspec tells no types
    """A store that gives ten bytes less of each file than it says to have."""

    protocol = "short"

    def info(self, path: str, **options: Any) -> dict[str, Any]:
        about: dict[str, Any] = super().info(path, **options)
        return {**about, "size": about["size"] + 10}


def test_a_store_that_gives_less_than_a_file_has_is_never_taken_to_give_all(waits: list[float]) -> None:
    fsspec.register_implementation("short", _ShortFiles, clobber=True)
    files, path = url_to_fs("short://streams/a")
    files.pipe(path, b"x" * 90)
    with pytest.raises(RetryableError, match=r"gave the bytes up to 90 only, of those up to 100"):
        _all(WarcFile.named("short://streams/a"))
