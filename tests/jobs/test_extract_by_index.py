"""Indexes choose the records that are read: by host, URL, status, media type and date, and what is wrong with them is said."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

import fsspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.cdxj import url_key
from scraper.archive.compose import ForeignRecord
from scraper.archive.foreign import read_foreign
from scraper.errors import UsageError
from scraper.jobs.extract.by_index import IndexSelection, chosen_by_cdx
from scraper.jobs.extract.inputs import Inputs
from scraper.jobs.imports.selection import Selection
from tests.archive.file_server import FileServer, Served
from tests.archive.test_warc_file import record
from tests.jobs.test_extract_inputs import wacz_of

_HOSTS = ("forum.example", "talk.example", "www.other.example")


@dataclass
class Crawl:
    """A WARC file, packed, with the lines of its index."""

    name: str
    data: bytes = b""
    lines: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def add(self, url: str, stamp: str = "20240102030405", **fields: str) -> None:
        member = gzip.compress(record(len(self.lines), url))
        stated = {
            "url": url,
            "mime": "text/html",
            "status": "200",
            "digest": f"D{len(self.lines)}",
            "length": str(len(member)),
            "offset": str(len(self.data)),
            "filename": self.name,
        }
        self.lines.append((url_key(url), stamp, {**stated, **fields}))
        self.data += member

    def cdxj(self, *without: str) -> bytes:
        lines = [
            f"{key} {stamp} {json.dumps({name: value for name, value in stated.items() if name not in without})}\n"
            for key, stamp, stated in self.lines
        ]
        return "".join(sorted(lines)).encode()

    def cdx(self) -> bytes:
        names = ("url", "stamp", "url", "mime", "status", "digest", "-", "-", "length", "offset", "filename")
        lines = [
            " ".join([key, stamp, *({"-": "-", **stated}[name] for name in names[2:])]) + "\n"
            for key, stamp, stated in self.lines
        ]
        return (" CDX N b a m s k r M S V g\n" + "".join(sorted(lines))).encode()

    def cluster(self, count: int) -> tuple[bytes, bytes]:
        """A compressed index in parts of ``count`` lines, and what leads to them."""
        lines = self.cdxj().splitlines(keepends=True)
        parts, leading = b"", ""
        for at in range(0, len(lines), count):
            part = gzip.compress(b"".join(lines[at : at + count]))
            key, stamp, _ = lines[at].decode().split(" ", 2)
            leading += f"{key} {stamp}\tcdx-00000.gz\t{len(parts)}\t{len(part)}\t{at // count + 1}\n"
            parts += part
        return parts, leading.encode()


@pytest.fixture
def crawl() -> Crawl:
    crawl = Crawl("data/crawl-1.warc.gz")
    for number in range(30):
        crawl.add(f"https://{_HOSTS[number % 3]}/t/{number}")
    return crawl


@pytest.fixture
def server() -> Iterator[FileServer]:
    with FileServer() as serving:
        yield serving


def _placed(folder: Path, crawl: Crawl) -> str:
    path = folder / crawl.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(crawl.data)
    return str(folder)


def _index(folder: Path, data: bytes, name: str = "index.cdxj") -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)


def _read(inputs: Inputs) -> list[str]:
    with TemporaryDirectory() as name:
        return [
            item.url if isinstance(item, ForeignRecord) else item.what
            for warc in inputs.placed(Path(name, "chosen"))
            for item in read_foreign(warc)
        ]


def _reasons(inputs: Inputs) -> list[str]:
    return [item.reason or "" for item in inputs.items]


def _numbers(host: int) -> list[str]:
    return [f"https://{_HOSTS[host]}/t/{number}" for number in range(host, 30, 3)]


@pytest.mark.parametrize("form", ["cdxj", "cdxj.gz", "cdx", "cdx.gz", "without length", "without url"])
def test_chosen_hosts_are_read_and_no_others(tmp_path: Path, crawl: Crawl, form: str) -> None:
    data = crawl.cdx() if form.startswith("cdx") and "j" not in form else crawl.cdxj(*form.split()[1:])
    cdx = _index(tmp_path, gzip.compress(data) if form.endswith("gz") else data, form.replace(" ", "."))
    chosen = IndexSelection(Selection(hosts=("talk.example", "other.example")))
    inputs = chosen_by_cdx([cdx], [_placed(tmp_path, crawl)], chosen)
    assert inputs.items == ()
    (warc,) = inputs.files
    assert warc.location == str(tmp_path / crawl.name)
    assert sorted(_read(inputs)) == sorted(_numbers(1) + _numbers(2))


@pytest.mark.parametrize(
    ("chosen", "numbers"),
    [
        (IndexSelection(Selection(patterns=("*/t/1?", "https://forum.example/t/3"))), [3]),
        (IndexSelection(Selection(patterns=("*/t/2*",))), [2, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29]),
        (IndexSelection(statuses=("404",)), [1]),
        (IndexSelection(statuses=("4xx", "301")), [1, 2]),
        (IndexSelection(media_types=("application/*",)), [4, 5]),
        (IndexSelection(Selection(since=datetime(2025, 1, 1, tzinfo=UTC))), [6]),
        (IndexSelection(Selection(until=datetime(2024, 1, 1, tzinfo=UTC))), [7]),
    ],
)
def test_records_are_chosen_by_what_their_lines_say(
    tmp_path: Path, chosen: IndexSelection, numbers: list[int]
) -> None:
    crawl = Crawl("a.warc.gz")
    said = {
        1: {"status": "404"},
        2: {"status": "301"},
        4: {"mime": "application/json"},
        5: {"mime-detected": "application/xhtml+xml"},
    }
    stamps = {6: "20250607080910", 7: "20231231235959"}
    for number in range(30):
        crawl.add(
            f"https://forum.example/t/{number}", stamps.get(number, "20240607080910"), **said.get(number, {})
        )
    inputs = chosen_by_cdx([_index(tmp_path, crawl.cdxj())], [_placed(tmp_path, crawl)], chosen)
    assert _read(inputs) == [f"https://forum.example/t/{number}" for number in numbers]


def test_what_a_chosen_revisit_refers_to_comes_along(tmp_path: Path) -> None:
    crawl = Crawl("a.warc.gz")
    crawl.add("https://forum.example/t/1", "20200101000000", digest="SAME")
    crawl.add("https://forum.example/t/1", "20240101000000", digest="SAME", mime="warc/revisit", status="-")
    crawl.add("https://forum.example/t/2", "20200101000000", digest="OTHER")
    chosen = IndexSelection(Selection(since=datetime(2023, 1, 1, tzinfo=UTC)), ("200",), ("text/html",))
    inputs = chosen_by_cdx([_index(tmp_path, crawl.cdxj())], [_placed(tmp_path, crawl)], chosen)
    assert _read(inputs) == ["https://forum.example/t/1", "https://forum.example/t/1"]


def test_an_index_that_is_gone_before_it_is_asked_for_originals_is_told_of(
    tmp_path: Path, server: FileServer
) -> None:
    crawl = Crawl("a.warc.gz")
    crawl.add("https://forum.example/t/1", "20200101000000", digest="SAME")
    crawl.add("https://forum.example/t/1", "20240101000000", digest="SAME", mime="warc/revisit", status="-")
    server.add("index.cdxj", Served(crawl.cdxj(), gone_after=1))
    chosen = IndexSelection(Selection(since=datetime(2023, 1, 1, tzinfo=UTC)))
    inputs = chosen_by_cdx([server.url("index.cdxj")], [_placed(tmp_path, crawl)], chosen)
    assert [(item.target, item.outcome) for item in inputs.items] == [(server.url("index.cdxj"), "failed")]
    assert _read(inputs) == ["https://forum.example/t/1"]


@pytest.mark.parametrize("named", ["base", "list", "file"])
def test_a_part_of_common_crawl_is_read_by_its_index(
    tmp_path: Path, server: FileServer, crawl: Crawl, named: str
) -> None:
    parts, leading = crawl.cluster(3)
    server.add("cc-index/collections/A/indexes/cdx-00000.gz", parts)
    server.add("cc-index/collections/A/indexes/cluster.idx", leading)
    server.add(crawl.name, crawl.data)
    listing = "cc-index/collections/A/indexes/cdx-00000.gz\ncc-index/collections/A/metadata.yaml\ncc-index/collections/A/indexes/cluster.idx\n"
    server.add("crawl-data/A/cc-index.paths.gz", gzip.compress(listing.encode()))
    cdx = [server.url("cc-index/collections/A/indexes/cluster.idx")]
    if named == "list":
        (tmp_path / "cc-index.paths").write_text(listing)
        cdx = [str(tmp_path / "cc-index.paths")]
    base = server.url(crawl.name if named == "file" else "")
    inputs = chosen_by_cdx(cdx, [base], IndexSelection(Selection(hosts=("talk.example",))))
    assert inputs.items == ()
    asked = [each for each in server.asked if each.path.endswith("cdx-00000.gz")]
    assert all(each.range for each in asked)
    assert sum(each.sent for each in asked) < len(parts) / 2
    assert sorted(_read(inputs)) == sorted(_numbers(1))
    assert [warc.location for warc in inputs.files] == [server.url(crawl.name)]


def test_an_index_lies_beside_its_files_where_nothing_else_is_named(
    tmp_path: Path, server: FileServer, crawl: Crawl
) -> None:
    _placed(tmp_path, crawl)
    server.add("deep/index.cdx", crawl.cdx())
    server.add(f"deep/{crawl.name}", crawl.data)
    fsspec.filesystem("memory").pipe("/beside/index.cdx", crawl.cdx())
    fsspec.filesystem("memory").pipe(f"/beside/{crawl.name}", crawl.data)
    chosen = IndexSelection(Selection(hosts=("forum.example",)))
    for cdx in (_index(tmp_path, crawl.cdx()), server.url("deep/index.cdx"), "memory://beside/index.cdx"):
        assert sorted(_read(chosen_by_cdx([cdx], [], chosen))) == sorted(_numbers(0)), cdx


def test_a_bare_name_is_found_in_folders_and_wacz_files(tmp_path: Path, crawl: Crawl) -> None:
    _placed(tmp_path / "deep" / "er", crawl)
    for _, _, stated in crawl.lines:
        stated["filename"] = "crawl-1.warc.gz"
    cdx = _index(tmp_path, crawl.cdxj())
    chosen = IndexSelection(Selection(hosts=("forum.example",)))
    assert sorted(_read(chosen_by_cdx([cdx], [str(tmp_path / "deep")], chosen))) == sorted(_numbers(0))
    package = str(wacz_of(tmp_path / "a.wacz", {"archive/crawl-1.warc.gz": crawl.data}))
    inputs = chosen_by_cdx([cdx], [package], chosen)
    assert [warc.location for warc in inputs.files] == [f"{package}:archive/crawl-1.warc.gz"]
    assert sorted(_read(inputs)) == sorted(_numbers(0))
    _placed(tmp_path / "deep" / "another", crawl)
    (reason,) = _reasons(chosen_by_cdx([cdx], [str(tmp_path / "deep")], chosen))
    assert "Chosen captures that are left out: 10." in reason
    assert "which may be" in reason


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("none.warc.gz", "is in none of what --from names"),
        ("../../etc/a.warc", "leads out of the folder"),
    ],
)
def test_a_file_that_cannot_be_found_is_said_with_what_it_costs(tmp_path: Path, name: str, says: str) -> None:
    crawl = Crawl(name)
    crawl.add("https://forum.example/t/1")
    (tmp_path / "in").mkdir()
    inputs = chosen_by_cdx([_index(tmp_path, crawl.cdxj())], [str(tmp_path / "in")], IndexSelection())
    assert inputs.files == ()
    (reason,) = _reasons(inputs)
    assert reason.startswith("Chosen captures that are left out: 1. ")
    assert says in reason


def test_an_index_elsewhere_names_no_files_of_this_machine(server: FileServer) -> None:
    crawl = Crawl("file:///etc/a.warc")
    crawl.add("https://forum.example/t/1")
    server.add("index.cdxj", crawl.cdxj())
    (reason,) = _reasons(chosen_by_cdx([server.url("index.cdxj")], [], IndexSelection()))
    assert "a file of this machine" in reason


def test_lines_that_are_none_are_counted_and_the_others_used(tmp_path: Path, crawl: Crawl) -> None:
    data = b"nonsense\n" + crawl.cdxj() + b"\xff\xfe\n" + b"x" * (3 << 20) + b"\ncom,a)/ 2024 {cut"
    cdx = _index(tmp_path, data)
    inputs = chosen_by_cdx([cdx], [_placed(tmp_path, crawl)], IndexSelection())
    assert len(_read(inputs)) == 30
    (reason,) = _reasons(inputs)
    assert reason.startswith(f"4 lines of {cdx} are none of an index (the first, line 1: it has 1 fields")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (gzip.compress(b"com,a)/ 2024 {}\n" * 9999)[:-30], "cannot be read to its end"),
        (b"", "None of the 0 captures"),
        (b" CDX N b a m s k r M S V g\n", "None of the 0 captures"),
    ],
)
def test_an_index_that_gives_nothing_is_a_failure(tmp_path: Path, data: bytes, says: str) -> None:
    inputs = chosen_by_cdx([_index(tmp_path, data)], [str(tmp_path)], IndexSelection())
    assert inputs.files == ()
    assert any(says in reason for reason in _reasons(inputs))


@pytest.mark.parametrize("name", ["none.cdx", "", "*.none"])
def test_an_index_that_is_none_is_a_failure(tmp_path: Path, name: str) -> None:
    inputs = chosen_by_cdx([str(tmp_path / name)], [], IndexSelection())
    assert inputs.files == ()
    assert [item.outcome for item in inputs.items] == ["failed"]


def test_nothing_chosen_says_how_many_there_were(tmp_path: Path, crawl: Crawl) -> None:
    chosen = IndexSelection(Selection(hosts=("nowhere.example",)))
    inputs = chosen_by_cdx([_index(tmp_path, crawl.cdxj())], [_placed(tmp_path, crawl)], chosen)
    assert _reasons(inputs)[0].startswith("None of the 30 captures that it has is chosen.")


def test_the_order_of_indexes_and_lines_means_nothing(tmp_path: Path, crawl: Crawl) -> None:
    folder = _placed(tmp_path, crawl)
    lines = crawl.cdxj().splitlines(keepends=True)
    one = _index(tmp_path, b"".join(lines[:20]), "1.cdxj")
    two = _index(tmp_path, b"".join(reversed(lines[10:])), "2.cdxj")
    inputs = chosen_by_cdx([one, two, one], [folder], IndexSelection())
    others = chosen_by_cdx([two, one], [folder, folder], IndexSelection())
    assert others.items == inputs.items
    assert others.placed(tmp_path / "chosen") == inputs.placed(tmp_path / "chosen")
    assert len(_read(inputs)) == 30


def test_a_status_that_is_none_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="--status ok is no status"):
        IndexSelection(statuses=("ok",))


def test_lines_that_lead_to_the_wrong_record_cost_that_record(tmp_path: Path, crawl: Crawl) -> None:
    crawl.lines[3][2]["offset"] = crawl.lines[4][2]["offset"]
    crawl.lines[3][2]["length"] = crawl.lines[4][2]["length"]
    crawl.lines[4][2]["offset"] = str(len(crawl.data) + 5)
    inputs = chosen_by_cdx([_index(tmp_path, crawl.cdxj())], [_placed(tmp_path, crawl)], IndexSelection())
    read = _read(inputs)
    assert len([each for each in read if each.startswith("https://")]) == 28
    assert [each for each in read if "the record there is of https://talk.example/t/4" in each]
    assert [each for each in read if "the file ends before that" in each]


_HOST = st.lists(st.text("ab-1", min_size=1, max_size=2), min_size=1, max_size=3).map(".".join)


@given(
    st.lists(_HOST, max_size=4),
    st.lists(st.tuples(_HOST, st.sampled_from(["/", "/a", "/z?b=1"])), min_size=1),
)
def test_no_part_of_an_index_is_passed_over_that_holds_a_chosen_host(
    hosts: list[str], pages: list[tuple[str, str]]
) -> None:
    urls = {f"https://{host}.example{path}" for host, path in pages}
    chosen = IndexSelection(Selection(hosts=tuple(f"{host}.example" for host in hosts)))
    keys = sorted((url_key(url), url) for url in urls)
    for (key, url), following in zip_longest(keys, keys[1:]):
        if chosen.selection.has_url(url):
            assert chosen.takes_key(key)
            assert chosen.may_hold(key, following[0] if following else None)
            assert chosen.may_hold(keys[0][0], key)
