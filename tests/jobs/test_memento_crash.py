"""An import from a web archive that dies at a write, fsync or commit goes on with the same command."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.archive.check import check
from scraper.archive.disk import Disk
from scraper.errors import StopError
from scraper.jobs.mementos.job import import_mementos
from scraper.jobs.workplace import Workplace
from scraper.settings import Network
from tests.archive.crashing import Crash, CrashingDisk, FullDisk
from tests.clock import VirtualClock
from tests.examples import few_of
from tests.jobs.mementos import SITE, mementos, three_captures, v2_captures
from tests.jobs.rows import rows_of, without_time_and_place
from tests.jobs.web_archive import WebArchive
from tests.jobs.workplaces import workplace_at

NEVER = 1_000_000


@pytest.fixture(scope="module")
def web_archive() -> Iterator[WebArchive]:
    with WebArchive([*three_captures(), *v2_captures("20251201000000")]) as archive:
        yield archive


def import_site(folder: Path, archive: WebArchive, disk: Disk) -> Workplace:
    workplace = workplace_at(folder, VirtualClock(), disk=disk)
    workplace = replace(workplace, network=Network(allow_hosts=frozenset({"127.0.0.1"})))
    import_mementos(archive.cdx_server, [f"{SITE}/*"], workplace)
    return workplace


def imported_on_disk(folder: Path, archive: WebArchive, disk: CrashingDisk) -> Workplace:
    """The archive after one import on ``disk``, which may be cut off by a crash."""
    try:
        return import_site(folder, archive, disk)
    except Crash:
        assert disk.dead
    return workplace_at(folder, VirtualClock())


def captures_by_source(workplace: Workplace) -> Counter[str]:
    return Counter(fields["WARC-Source-URI"] for fields in mementos(workplace))


@pytest.mark.thorough
@pytest.mark.parametrize("every", few_of([25, 5], 1))
def test_a_crash_at_any_operation_loses_nothing_and_keeps_nothing_twice(
    tmp_path: Path, web_archive: WebArchive, every: int
) -> None:
    disk = CrashingDisk(NEVER, "before")
    whole = imported_on_disk(tmp_path / "whole", web_archive, disk)
    rows = without_time_and_place(rows_of(whole))
    for at in range(1, disk.operations + 1, every):
        folder = tmp_path / str(at)
        imported_on_disk(folder / "archive", web_archive, CrashingDisk(at, "before"))
        again = imported_on_disk(folder / "archive", web_archive, CrashingDisk(NEVER, "before"))
        where = f"operation {at} of {disk.operations}"
        assert check(again.folder) == [], where
        assert captures_by_source(again) == captures_by_source(whole), where
        assert without_time_and_place(rows_of(again)) == rows, where


@pytest.mark.parametrize("room", range(500, 12_000, 2_300))
def test_a_full_disk_is_named_as_what_ended_the_run(
    tmp_path: Path, web_archive: WebArchive, room: int
) -> None:
    with pytest.raises(StopError, match=r"cannot be written: No space left on device.*Free space"):
        import_site(tmp_path / "archive", web_archive, FullDisk(room))
