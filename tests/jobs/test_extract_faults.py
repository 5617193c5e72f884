"""What may befall an extraction: work files that are damaged, files that cannot be had for now, and folders that are somebody else's."""

import os
import shutil
import stat
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest

from scraper.archive.lock import Lock
from scraper.archive.warc_file import WarcFile
from scraper.errors import ArchiveHeldError, UsageError
from scraper.jobs.workplace import Workplace
from tests.jobs.crawl_file import CrawlFile, digest
from tests.jobs.mementos import POST, page
from tests.jobs.test_extract_from import _YEAR_LATER, dataset_rows, extracted
from tests.jobs.workplaces import workplace_at

pytestmark = pytest.mark.thorough


@pytest.fixture
def alone(workplace: Workplace, tmp_path: Path) -> Workplace:
    """An archive of which nothing but key and settings is needed."""
    return workplace_at(tmp_path / "own", workplace.clock)


def small(folder: Path) -> list[Path]:
    """A post in one file, and a revisit of it in another."""
    folder.mkdir(exist_ok=True)
    first, second = CrawlFile("a"), CrawlFile("b")
    first.add(POST, page())
    fields = (f"WARC-Refers-To-Target-URI: {POST}", "WARC-Refers-To-Date: 2022-11-08T00:00:00Z")
    second.add_revisit(POST, _YEAR_LATER, *fields, f"WARC-Payload-Digest: {digest(page())}")
    return [first.write(folder / "1.warc.gz"), second.write(folder / "2.warc")]


def _flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for at in range(0, len(data), 97):
        data[at] ^= 4
    path.write_bytes(data)


_DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "flipped": _flipped,
    "other": lambda path: path.write_bytes(b'{"posts": 7}'),
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("kind", _DAMAGE)
@pytest.mark.parametrize("which", ["heads", "shards", "places.*", "ended.*"])
def test_work_files_that_are_damaged_are_not_believed(
    kind: str, which: str, alone: Workplace, tmp_path: Path
) -> None:
    first, second = small(tmp_path / "in")
    dataset, work = tmp_path / "dataset", tmp_path / "dataset.work"
    extracted(alone, dataset, [first, second])
    whole = dataset_rows(dataset)
    places = sorted((work / which).iterdir()) if (work / which).is_dir() else sorted(work.glob(which))
    assert places
    for path in places:
        _DAMAGE[kind](path)
    if which != "ended.*":
        shutil.rmtree(dataset)
    report = extracted(alone, dataset, [first, second])
    assert report.exit_code == 0, report
    assert dataset_rows(dataset) == whole


def test_a_part_of_the_dataset_that_is_gone_is_made_again(alone: Workplace, tmp_path: Path) -> None:
    files, dataset = small(tmp_path / "in"), tmp_path / "dataset"
    extracted(alone, dataset, files)
    whole = dataset_rows(dataset)
    shutil.rmtree(dataset / "data" / "posts")
    extracted(alone, dataset, files)
    assert dataset_rows(dataset) == whole


@pytest.mark.parametrize("which", [0, 1])
def test_a_file_that_cannot_be_read_is_read_when_it_can_be(
    which: int, alone: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, dataset = small(tmp_path / "in"), tmp_path / "dataset"
    extracted(alone, tmp_path / "other", files)
    opening = WarcFile.open

    def refused(warc: WarcFile) -> BinaryIO:
        if warc.location == str(files[which]):
            raise warc.unreadable(PermissionError(13, "Permission denied"))
        return opening(warc)

    with monkeypatch.context() as patched:
        patched.setattr(WarcFile, "open", refused)
        report = extracted(alone, dataset, files)
    assert report.exit_code == 1
    assert any("Permission denied" in (item.reason or "") for item in report.items)
    assert extracted(alone, dataset, files).exit_code == 0
    assert dataset_rows(dataset) == dataset_rows(tmp_path / "other")


def test_a_file_that_ends_in_trouble_once_its_heads_are_noted_is_read_again(
    alone: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, dataset = small(tmp_path / "in"), tmp_path / "dataset"
    extracted(alone, tmp_path / "other", files)
    opening, openings = WarcFile.open, list[str]()

    def troubled(warc: WarcFile) -> BinaryIO:
        openings.append(warc.location)
        if openings.count(warc.location) == 1:
            return opening(warc)
        return _Troubled()

    with monkeypatch.context() as patched:
        patched.setattr(WarcFile, "open", troubled)
        assert extracted(alone, dataset, files).exit_code == 1
    assert extracted(alone, dataset, files).exit_code == 0
    assert dataset_rows(dataset) == dataset_rows(tmp_path / "other")


def test_files_of_which_none_can_be_had_leave_the_dataset_as_it_was(alone: Workplace, tmp_path: Path) -> None:
    files, dataset = small(tmp_path / "in"), tmp_path / "dataset"
    extracted(alone, dataset, files)
    before = dataset_rows(dataset)
    away = tmp_path / "away"
    (tmp_path / "in").rename(away)
    report = extracted(alone, dataset, files)
    assert (report.exit_code, report.outputs) == (1, ())
    assert "as it was" in report.summary[0]
    assert dataset_rows(dataset) == before
    away.rename(tmp_path / "in")
    assert extracted(alone, dataset, files).exit_code == 0
    assert dataset_rows(dataset) == before


class _Troubled(BytesIO):
    """A file on a medium that fails."""

    def read(self, _: int | None = -1, /) -> bytes:
        raise OSError(5, "Input/output error")


def test_a_file_that_changes_while_it_is_read_is_read_again(
    alone: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, dataset = small(tmp_path / "in"), tmp_path / "dataset"
    opening, openings = WarcFile.open, list[str]()

    def changing(warc: WarcFile) -> BinaryIO:
        openings.append(warc.location)
        file = opening(warc)
        if openings.count(warc.location) == 2 and warc.location == str(files[0]):
            grown = CrawlFile("a")
            grown.add(POST, page("다른 글입니다."))
            grown.write(files[0])
        return file

    with monkeypatch.context() as patched:
        patched.setattr(WarcFile, "open", changing)
        report = extracted(alone, dataset, files)
    assert report.exit_code == 1
    assert any("changed while it was read" in (item.reason or "") for item in report.items)
    extracted(alone, dataset, files)
    extracted(alone, tmp_path / "other", files)
    assert dataset_rows(dataset) == dataset_rows(tmp_path / "other")


def test_a_folder_of_somebody_else_beside_the_dataset_is_left_alone(alone: Workplace, tmp_path: Path) -> None:
    taken = tmp_path / "dataset.work" / "thesis"
    taken.mkdir(parents=True)
    with pytest.raises(UsageError, match="thesis"):
        extracted(alone, tmp_path / "dataset", small(tmp_path / "in"))
    assert sorted((tmp_path / "dataset.work").iterdir()) == [taken]


def test_a_folder_beside_the_dataset_that_was_there_is_closed_to_others(
    alone: Workplace, tmp_path: Path
) -> None:
    work = tmp_path / "dataset.work"
    work.mkdir()
    work.chmod(0o777)
    extracted(alone, tmp_path / "dataset", small(tmp_path / "in"))
    assert stat.S_IMODE(work.stat().st_mode) == 0o700


def test_a_file_without_captures_is_told_of_as_such(alone: Workplace, tmp_path: Path) -> None:
    (text,) = small(tmp_path / "in")[:1]
    text.write_bytes(
        b"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://example.org/\r\nContent-Type: text/plain\r\n"
        b"Content-Length: 4\r\n\r\ntext\r\n\r\n"
    )
    (item,) = extracted(alone, tmp_path / "dataset", [text]).items
    assert "no captures of web pages" in (item.reason or "")


def test_what_somebody_put_into_the_work_folder_stays(alone: Workplace, tmp_path: Path) -> None:
    files, dataset = small(tmp_path / "in"), tmp_path / "dataset"
    extracted(alone, dataset, files)
    notes = tmp_path / "dataset.work" / "shards" / "notes.txt"
    notes.write_text("mine")
    extracted(alone, dataset, files)
    assert notes.read_text() == "mine"


def test_two_runs_into_one_folder_are_told_apart_in_words_of_that_folder(
    alone: Workplace, tmp_path: Path
) -> None:
    files, dataset = small(tmp_path / "in"), tmp_path / "dataset"
    extracted(alone, dataset, files)
    with Lock(tmp_path / "dataset.work"), pytest.raises(ArchiveHeldError, match="--into") as caught:
        extracted(alone, dataset, files)
    assert "--archive" not in str(caught.value)


@pytest.mark.parametrize("stated", ["", "<>", "no uri", "<아이디:1>", "<urn:uuid:a b>", "<URN:UUID:1>"])
def test_a_record_without_a_uri_for_its_id_has_one_in_the_dataset(
    stated: str, alone: Workplace, tmp_path: Path
) -> None:
    file = CrawlFile("a")
    file.add(POST, page())
    path = file.write(tmp_path / os.fsdecode(b"odd\xff\nname.warc"))
    path.write_bytes(path.read_bytes().replace(b"<urn:uuid:a1>", stated.encode()))
    assert extracted(alone, tmp_path / "dataset", [path]).exit_code == 0
    assert len(dataset_rows(tmp_path / "dataset")["posts"]) == 1


@pytest.mark.parametrize("is_done", [False, True])
def test_a_run_that_ends_at_any_file_that_it_puts_in_place_is_made_good_by_the_next(
    is_done: bool,
    alone: Workplace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files, dataset = small(tmp_path / "in"), tmp_path / "dataset"
    extracted(alone, tmp_path / "clean", files)
    replacing = Path.replace
    for fatal in range(1, 30):
        count = [0]

        def ended(path: Path, target: Path, count: list[int] = count, fatal: int = fatal) -> Path:
            count[0] += 1
            if count[0] == fatal and not is_done:
                raise _KilledError
            put = replacing(path, target)
            if count[0] == fatal:
                raise _KilledError
            return put

        with monkeypatch.context() as patched, suppress(_KilledError):
            patched.setattr(Path, "replace", ended)
            extracted(alone, dataset, files)
        assert extracted(alone, dataset, files).exit_code == 0
        assert _bytes_in(dataset) == _bytes_in(tmp_path / "clean")
        assert not list((tmp_path / "dataset.work").rglob("*.part*"))
        if count[0] < fatal:
            assert fatal > 8
            return
        shutil.rmtree(tmp_path / "dataset.work")
        shutil.rmtree(dataset)
    raise AssertionError("It puts ever more files in place.")


class _KilledError(BaseException):
    """The run ends here, whatever it is about to do."""


def _bytes_in(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
