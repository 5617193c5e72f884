"""WARC files on a server, in a WACZ, and records that an index chooses become the rows that the same files on disk give."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.jobs.engines.engine import PlainEngine
from scraper.jobs.extract.by_index import IndexSelection, chosen_by_cdx
from scraper.jobs.extract.from_files import extract_from
from scraper.jobs.extract.inputs import Inputs, inputs_of
from scraper.jobs.workplace import Workplace
from tests.archive.file_server import FileServer, Served
from tests.jobs.crawl_index import index_of
from tests.jobs.test_extract_from import Rows, dataset_rows, scattered
from tests.jobs.test_extract_inputs import wacz_of
from tests.jobs.workplaces import KEY


@pytest.fixture
def server() -> Iterator[FileServer]:
    with FileServer() as serving:
        yield serving


@pytest.fixture
def owner(workplace: Workplace) -> Workplace:
    """An archive in which nothing was kept, for its key."""
    (workplace.folder / "warc").mkdir(parents=True)
    key = workplace.folder / "pseudonym.key"
    key.touch(mode=0o600)
    key.write_bytes(KEY)
    return workplace


def _rows(owner: Workplace, into: Path, inputs: Inputs) -> Rows:
    assert inputs.items == ()
    report = extract_from(inputs, into, owner, PlainEngine(), archive=owner.folder)
    assert report.exit_code == 0, report
    return dataset_rows(into)


def _near(owner: Workplace, folder: Path, files: list[Path]) -> Rows:
    rows = _rows(owner, folder / "near", inputs_of([str(path) for path in files]))
    assert len(rows["posts"]) == 2
    return rows


@pytest.mark.thorough
@pytest.mark.parametrize("ranges", [True, False])
def test_files_on_a_server_give_the_rows_of_the_same_files_on_disk(
    owner: Workplace, tmp_path: Path, server: FileServer, ranges: bool
) -> None:
    files = scattered(tmp_path)
    for path in files:
        server.add(path.name, Served(path.read_bytes(), ranges=ranges, cuts=[1000, 2000]))
    inputs = inputs_of([server.url(path.name) for path in files])
    assert _rows(owner, tmp_path / "far", inputs) == _near(owner, tmp_path, files)
    asked = len(server.asked)
    _rows(owner, tmp_path / "far", inputs)
    assert [each.range for each in server.asked[asked:]] == ["bytes=0-0"] * len(files)


@pytest.mark.thorough
def test_the_files_of_a_wacz_give_the_same_rows(owner: Workplace, tmp_path: Path, server: FileServer) -> None:
    files = scattered(tmp_path)
    package = wacz_of(tmp_path / "a.wacz", {f"archive/{path.name}": path.read_bytes() for path in files})
    near = _near(owner, tmp_path, files)
    assert _rows(owner, tmp_path / "package", inputs_of([str(package)])) == near
    server.add("a.wacz", package.read_bytes())
    assert _rows(owner, tmp_path / "far", inputs_of([server.url("a.wacz")])) == near


@pytest.mark.thorough
def test_records_that_an_index_chooses_give_the_same_rows(
    owner: Workplace, tmp_path: Path, server: FileServer
) -> None:
    files = scattered(tmp_path)
    for path in files:
        server.add(f"deep/{path.name}", path.read_bytes())
    server.add("index.cdxj", index_of(files).encode())
    inputs = chosen_by_cdx([server.url("index.cdxj")], [server.url("deep/")], IndexSelection())
    assert [len([*(warc.ranges or ())]) for warc in inputs.placed(tmp_path / "chosen")] == [2, 3, 3]
    assert _rows(owner, tmp_path / "far", inputs) == _near(owner, tmp_path, files)
    assert not [*(tmp_path / "far.work").glob("chosen*")]
    server.asked.clear()
    again = chosen_by_cdx([server.url("index.cdxj")], [server.url("deep/")], IndexSelection())
    assert _rows(owner, tmp_path / "far", again) == _near(owner, tmp_path, files)
    assert not [each for each in server.asked if each.path.startswith("/deep") and each.sent > 1]


@pytest.mark.thorough
def test_a_file_that_breaks_off_is_not_called_done(
    owner: Workplace, tmp_path: Path, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scraper.archive.remote_file.sleep", lambda _: None)
    files = scattered(tmp_path)
    for path in files:
        server.add(path.name, path.read_bytes())
    broken = server.files[f"/{files[1].name}"]
    inputs = inputs_of([server.url(path.name) for path in files])
    broken.cuts = [500] * 20
    broken.ranges = False
    report = extract_from(inputs, tmp_path / "far", owner, PlainEngine(), archive=owner.folder)
    assert [item.target for item in report.items if item.outcome == "failed"] == [server.url(files[1].name)]
    broken.cuts = []
    assert _rows(owner, tmp_path / "far", inputs) == _near(owner, tmp_path, files)
