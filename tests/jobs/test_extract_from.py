"""WARC files that stay where they are become the dataset that an import of all of them would give."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from scraper.archive.warc_file import WarcFile
from scraper.jobs.engines.engine import Engine, PlainEngine
from scraper.jobs.extract.from_files import extract_from
from scraper.jobs.extract.inputs import Inputs
from scraper.jobs.publication.export import export
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report
from scraper.records.contract import Row
from tests.jobs.crawl_file import CrawlFile, digest, import_of
from tests.jobs.mementos import POST, page, v2_captures
from tests.jobs.workplaces import KEY

Rows = dict[str, list[Row]]
_YEAR_LATER = "2023-11-08T00:00:00Z"


def dataset_rows(folder: Path) -> Rows:
    """The rows of a dataset, but for where their captures lie."""
    return {
        config.name: [
            {name: value for name, value in row.items() if name != "warc_record_id"}
            for part in sorted(config.iterdir())
            for row in pq.read_table(part).to_pylist()
        ]
        for config in sorted((folder / "data").iterdir())
    }


def extracted(
    workplace: Workplace, into: Path, files: Iterable[Path], engine: Engine | None = None
) -> Report:
    inputs = Inputs(tuple(map(WarcFile.at, sorted(files))))
    return extract_from(inputs, into, workplace, engine or PlainEngine(), archive=workplace.folder)


def scattered(folder: Path) -> list[Path]:
    """A post, one whose answers lie in another file, a revisit in a third, and what an earlier file has already."""
    first, second, third = CrawlFile("a"), CrawlFile("b"), CrawlFile("c")
    first.add(POST, page())
    v2_page, *answers = v2_captures("20251201000000")
    first.add(v2_page.url, v2_page.body, "2025-12-01T00:00:00Z", v2_page.status, v2_page.headers)
    for capture in answers:
        third.add(capture.url, capture.body, "2025-12-01T00:00:00Z", capture.status, capture.headers)
    second.add(POST, page())
    second.add(POST, page().replace(b"2022", b"2021"), "2021-11-08T00:00:00Z")
    second.add_revisit(
        POST,
        _YEAR_LATER,
        f"WARC-Refers-To-Target-URI: {POST}",
        "WARC-Refers-To-Date: 2022-11-08T00:00:00Z",
        f"WARC-Payload-Digest: {digest(page())}",
    )
    return [
        file.write(folder / name)
        for file, name in ((first, "1.warc.gz"), (second, "2.warc"), (third, "3.warc.gz"))
    ]


def imported_rows(workplace: Workplace, folder: Path, files: Iterable[Path]) -> Rows:
    import_of(workplace, *sorted(files))
    export(folder, workplace)
    return dataset_rows(folder)


@pytest.fixture
def other_workplace(workplace: Workplace, tmp_path: Path) -> Workplace:
    """Another archive with the same key and settings, in which nothing was kept."""
    folder = tmp_path / "other"
    (folder / "warc").mkdir(parents=True)
    (folder / "pseudonym.key").touch(mode=0o600)
    (folder / "pseudonym.key").write_bytes(KEY)
    return replace(workplace, folder=folder)


def test_the_rows_are_those_of_one_import_of_all_files(
    workplace: Workplace, other_workplace: Workplace, tmp_path: Path
) -> None:
    files = scattered(tmp_path)
    report = extracted(other_workplace, tmp_path / "dataset", files)
    assert report.exit_code == 0, report
    rows = dataset_rows(tmp_path / "dataset")
    assert {row["post_id"] for row in rows["posts"]} == {"careerly:comments-70991", "careerly:posts-73002"}
    assert rows == imported_rows(workplace, tmp_path / "export", files)
    assert not list((other_workplace.folder / "warc").iterdir())
