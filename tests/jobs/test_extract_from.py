"""WARC files that stay where they are become the dataset that an import of all of them would give."""

import stat
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pyarrow.parquet as pq
import pytest

from scraper.archive.decisions import append_decision
from scraper.archive.disk import Disk
from scraper.archive.outputs import outputs_of
from scraper.archive.warc_file import WarcFile
from scraper.dataset.manifest import Manifest
from scraper.errors import UsageError
from scraper.jobs.engines.engine import Engine, PlainEngine
from scraper.jobs.extract.from_files import extract_from
from scraper.jobs.extract.inputs import Inputs, inputs_of
from scraper.jobs.extract.shard import BUCKETS, read_shard
from scraper.jobs.forget import forget
from scraper.jobs.progress import Progress
from scraper.jobs.publication.export import export
from scraper.jobs.workplace import Workplace
from scraper.model.decision import Decision
from scraper.model.exclusions import OPTED_OUT
from scraper.model.outcome import Item, Report
from scraper.records.contract import Row
from scraper.takedown.account import outputs_beyond_reach
from tests.fixtures.pages import v1_page, v1_post
from tests.jobs.crawl_file import CrawlFile, digest, import_of
from tests.jobs.mementos import POST, page, v2_captures
from tests.jobs.workplaces import KEY
from tests.replica import forum

pytestmark = pytest.mark.thorough

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


@pytest.mark.parametrize("names", [("1.warc", "2.warc"), ("2.warc", "1.warc")])
def test_later_pages_of_a_thread_without_its_first_are_joined_alike_however_their_files_are_named(
    workplace: Workplace, other_workplace: Workplace, tmp_path: Path, names: tuple[str, str]
) -> None:
    files = []
    for name, number, date in zip(
        names, (2, 3), ("2024-05-01T00:00:00Z", "2024-05-02T00:00:00Z"), strict=True
    ):
        file = CrawlFile(name)
        _, markup = forum.page("/t/201", f"page={number}")
        file.add(f"{forum.SITE}/t/201?page={number}", markup.encode(), date)
        files.append(file.write(tmp_path / name))
    extracted(other_workplace, tmp_path / "dataset", files)
    rows = dataset_rows(tmp_path / "dataset")
    (post,) = rows["posts"]
    assert post["captured_at"] == datetime(2024, 5, 1, tzinfo=UTC)
    assert len({row["comment_id"] for row in rows["comments"]}) > 1
    assert rows == imported_rows(workplace, tmp_path / "export", files)


def test_a_run_with_nothing_new_reads_no_file(
    other_workplace: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = scattered(tmp_path)
    first = extracted(other_workplace, tmp_path / "dataset", files)
    opened = _count_openings(monkeypatch)
    again = extracted(other_workplace, tmp_path / "dataset", files)
    assert again.items == first.items
    assert not opened


def test_a_new_file_is_read_and_others_only_where_it_may_have_what_they_lack(
    other_workplace: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = scattered(tmp_path)
    dataset, plain = tmp_path / "dataset", CrawlFile("d")
    plain.add(POST.replace("70991", "72260"), v1_page(72260).encode())
    extra = plain.write(tmp_path / "4.warc.gz")
    extracted(other_workplace, dataset, [second, extra])
    opened = _count_openings(monkeypatch)
    extracted(other_workplace, dataset, [second, third, extra])
    # The revisit in the second file may be of a capture in the new one.
    assert set(opened) == {str(second), str(third)}
    extracted(other_workplace, dataset, [first, second, third, extra])
    extracted(other_workplace, tmp_path / "at once", [extra, third, second, first])
    assert dataset_rows(dataset) == dataset_rows(tmp_path / "at once")


def test_a_file_that_is_cut_off_costs_what_it_lacks_and_is_named(
    workplace: Workplace, other_workplace: Workplace, tmp_path: Path
) -> None:
    files = scattered(tmp_path)
    cut = CrawlFile("e")
    cut.add(POST.replace("70991", "72260"), v1_page(72260).encode())
    cut.add(POST.replace("70991", "71655"), v1_page(71655).encode())
    path = cut.write(tmp_path / "cut.warc.gz")
    path.write_bytes(path.read_bytes()[:-200])
    empty = tmp_path / "empty.warc.gz"
    empty.touch()
    report = extracted(other_workplace, tmp_path / "dataset", [*files, path, empty])
    assert report.exit_code == 1
    assert {item.target for item in report.items if item.outcome == "failed"} == {str(path), str(empty)}
    assert dataset_rows(tmp_path / "dataset") == imported_rows(
        workplace, tmp_path / "export", [*files, path, empty]
    )


def test_without_an_archive_the_key_lies_beside_the_dataset_for_its_owner_alone(
    other_workplace: Workplace, tmp_path: Path
) -> None:
    dataset = tmp_path / "dataset"
    inputs = Inputs(tuple(map(WarcFile.at, scattered(tmp_path))))
    report = extract_from(inputs, dataset, other_workplace, PlainEngine())
    key = tmp_path / "dataset.work" / "pseudonym.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert key.read_bytes() != KEY
    assert str(key) in " ".join(report.summary)


class _TakesDownMeanwhile(Progress):
    """Has somebody take down a post while the rows are written."""

    def __init__(self, archive: Path, post_id: str) -> None:
        self._archive = archive
        self._decision = Decision("tombstone", post_id, datetime(2026, 1, 1, tzinfo=UTC), "asked")

    def expect(self, total: int, doing: str) -> None:
        del total
        if doing == "writing":
            append_decision(self._archive, self._decision, Disk())


def test_the_card_honours_no_takedown_that_came_while_the_rows_were_written(
    other_workplace: Workplace, tmp_path: Path
) -> None:
    progress = _TakesDownMeanwhile(other_workplace.folder, "careerly:comments-70991")
    into, files = tmp_path / "dataset", scattered(tmp_path)
    extracted(replace(other_workplace, progress=progress), into, files)
    assert not Manifest.read(into).takedowns
    extracted(other_workplace, into, files)
    assert len(Manifest.read(into).takedowns) == 1


def test_what_has_a_tombstone_is_neither_in_the_dataset_nor_beside_it(
    other_workplace: Workplace, tmp_path: Path
) -> None:
    files, dataset = scattered(tmp_path), tmp_path / "dataset"
    extracted(other_workplace, dataset, files)
    forgotten = Decision("tombstone", "careerly:comments-70991", datetime(2026, 1, 1, tzinfo=UTC), "asked")
    append_decision(other_workplace.folder, forgotten, Disk())
    report = extracted(other_workplace, dataset, files)
    assert {row["post_id"] for row in dataset_rows(dataset)["posts"]} == {"careerly:posts-73002"}
    assert any(item.outcome == "refused" for item in report.items)
    shards = (tmp_path / "dataset.work" / "shards").glob("*.parquet")
    kept = [
        read.result.post_id for path in shards for part in range(BUCKETS) for read in read_shard(path, part)
    ]
    assert kept == ["careerly:posts-73002"]
    assert not list((tmp_path / "dataset.work" / "merged").iterdir())


def test_a_folder_that_holds_other_things_is_left_alone_before_anything_is_read(
    other_workplace: Workplace, tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "diary.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"diary\.txt"):
        extracted(other_workplace, taken, scattered(tmp_path))
    assert not (tmp_path / "taken.work").exists()


def test_no_file_is_an_error_that_says_what_to_name(other_workplace: Workplace, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--from"):
        extracted(other_workplace, tmp_path / "dataset", [])


def test_no_file_says_what_is_wrong_with_the_first_name_and_names_it_once(
    other_workplace: Workplace, tmp_path: Path
) -> None:
    absent = str(tmp_path / "absent.warc.gz")
    with pytest.raises(UsageError) as error:
        extract_from(inputs_of([absent]), tmp_path / "dataset", other_workplace, PlainEngine())
    assert str(error.value).endswith(f" {absent} cannot be read: No such file or directory.")
    assert str(error.value).count(absent) == 1


def _count_openings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The locations of the files that are opened from now on, one an opening."""
    opened: list[str] = []
    plain = WarcFile.open

    def counted(warc: WarcFile) -> BinaryIO:
        opened.append(warc.location)
        return plain(warc)

    monkeypatch.setattr(WarcFile, "open", counted)
    return opened


def test_no_name_no_address_and_no_detail_of_a_person_stays_beside_the_dataset(
    other_workplace: Workplace, tmp_path: Path
) -> None:
    file = CrawlFile("p")
    about = (
        '<html><head><title>이야기</title></head><body><article><h1>이야기</h1><a rel="author" href="/@gildong-h">홍길동전</a>'
        "<p>연락은 gildong@example.org 나 010-1234-5678 로 주세요. 오늘은 텃밭에 물을 주고 상추를 땄습니다.</p></article></body></html>"
    ).encode()
    file.add("https://blog.example/@gildong-h/story", about)
    file.add("https://blog.example/@gildong-h/gone", b"<p>gone</p>", status=404)
    file.add("https://blog.example/@gildong-h/story", b"<p>gone</p>", "2023-01-01T00:00:00Z", 410)
    file.add(POST, page())
    author = v1_post(70991).by
    assert author
    (other_workplace.folder / "opt-out.txt").write_text("심술쟁이\nhttps://blog.example/@gildong-h/other\n")
    settings = replace(other_workplace.settings, names="pseudonymous", opt_out="opt-out.txt")
    private = replace(other_workplace, settings=settings)
    extracted(private, tmp_path / "dataset", [file.write(tmp_path / "1.warc.gz")])
    work = tmp_path / "dataset.work"
    kept = b"".join(path.read_bytes() for path in work.rglob("*") if path.is_file())
    assert b"careerly:comments-70991" in kept
    for personal in ("gildong", "홍길동전", "1234-5678", "심술쟁이", author.name):
        assert personal.encode() not in kept, personal


def test_a_takedown_reaches_the_dataset_and_what_lies_beside_it(workplace: Workplace, tmp_path: Path) -> None:
    files = scattered(tmp_path)
    import_of(workplace, files[0])
    dataset, work = tmp_path / "dataset", tmp_path / "dataset.work"
    extracted(workplace, dataset, files)
    report = forget(POST, workplace, reason="asked")
    told = {item.target: item.reason or "" for item in report.items}
    assert "Posts: 1, comments: 8 were taken out of the dataset" in told[str(dataset)]
    assert "still holds what was taken down" in told[str(files[0])]
    assert not list((work / "shards").iterdir())
    assert {row["post_id"] for row in dataset_rows(dataset)["posts"]} == {"careerly:posts-73002"}
    extracted(workplace, dataset, files)
    assert {row["post_id"] for row in dataset_rows(dataset)["posts"]} == {"careerly:posts-73002"}


def test_a_takedown_names_what_a_run_left_that_was_cut_off(
    other_workplace: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    files = scattered(tmp_path)
    monkeypatch.setattr("scraper.jobs.extract.dataset.write_dataset", cut_off)
    with pytest.raises(KeyboardInterrupt):
        extracted(other_workplace, tmp_path / "dataset", files)
    (output,) = outputs_of(other_workplace.folder)
    assert str(tmp_path / "dataset.work") in {item.target for item in outputs_beyond_reach([output])}


class _Counting(Progress):
    """Counts what is settled against what was expected."""

    def __init__(self) -> None:
        self.stretches: list[list[int]] = []
        self.items: list[Item] = []

    def expect(self, total: int, doing: str) -> None:
        self.stretches.append([0, total])

    def more(self, count: int) -> None:
        if self.stretches:
            self.stretches[-1][1] += count

    def end(self, item: Item) -> None:
        self.items.append(item)
        self.step()

    def step(self) -> None:
        if self.stretches:
            self.stretches[-1][0] += 1


def test_what_is_counted_while_it_runs_comes_to_what_was_expected_and_all_is_told_each_time(
    other_workplace: Workplace, tmp_path: Path
) -> None:
    files = scattered(tmp_path)
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes(files[0].read_bytes()[:-200])
    (other_workplace.folder / "opt-out.txt").write_text(f"{POST}\n")
    settings = replace(other_workplace.settings, opt_out="opt-out.txt")
    for _ in range(2):
        counting = _Counting()
        watched = replace(other_workplace, settings=settings, progress=counting)
        report = extracted(watched, tmp_path / "dataset", [*files, cut, tmp_path / "none.warc"])
        assert counting.items == list(report.items)
        assert any(item.outcome == "failed" for item in counting.items)
        assert all(settled == total for settled, total in counting.stretches)


def test_a_page_on_a_host_that_is_opted_out_is_counted_as_such(
    other_workplace: Workplace, tmp_path: Path
) -> None:
    settings = replace(other_workplace.settings, opt_out="opt-out.txt")
    (other_workplace.folder / "opt-out.txt").write_text("moim.example\n")
    file = CrawlFile()
    file.add("https://moim.example/walk/", page())
    report = extracted(
        replace(other_workplace, settings=settings), tmp_path / "dataset", [file.write(tmp_path / "a.warc")]
    )
    assert [item.reason for item in report.items if item.outcome == "skipped"] == [OPTED_OUT]
