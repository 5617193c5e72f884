"""Archives that postkeep 1780d08 left in the middle of a takedown, with a crawl cut off and imports in them.

``begun`` was killed before what it had written was decided on, ``ready`` while it was put in place; the digests beside them
are those of the dataset that 1780d08 itself exported afterwards, but for what was meant to change since: pages that somebody
else fetched are ``asserted``, the card says so and speaks of ids, and schema 1.1.0 has columns more.
"""

import hashlib
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.archive.check import check
from scraper.archive.disk import Disk
from scraper.archive.pending import is_taking_down
from scraper.jobs.publication.export import export
from scraper.jobs.takedowns import complete_takedowns
from scraper.jobs.workplace import Workplace
from scraper.settings_file import load_settings
from tests.archive.crashing import Crash, CrashingDisk, When
from tests.clock import VirtualClock
from tests.examples import few_of
from tests.fixtures.reading import shared_reading
from tests.takedown.searching import places_of

FIXTURES = Path(__file__).parent / "pending"
NEVER = 1_000_000
# Who commented, and the post's number in addresses.
FORGOTTEN = {"begun": "황태경", "ready": "/comments/71655"}


def unpacked(name: str, folder: Path, disk: Disk | None = None) -> Workplace:
    with tarfile.open(FIXTURES / f"{name}.tar.xz") as file:
        file.extractall(folder)
    return opened(folder, disk)


def opened(folder: Path, disk: Disk | None = None) -> Workplace:
    archive = folder / "archive"
    settings = load_settings(archive, {})
    return shared_reading(Workplace(archive, settings, VirtualClock(), disk=disk or Disk()))


def exported(workplace: Workplace, folder: Path) -> dict[str, str]:
    """The digest of each file of the dataset, by its name."""
    export(folder, workplace)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def expected(name: str) -> dict[str, str]:
    lines = (FIXTURES / f"{name}.sha256").read_text(encoding="utf-8").splitlines()
    return {path: digest for digest, _, path in (line.partition("  ") for line in lines)}


def faults(disk: CrashingDisk, every: int) -> Iterator[tuple[int, When]]:
    yield from ((at, "before") for at in range(1, disk.operations + 1, every))
    yield from ((at, "half") for at in disk.halves[::every])


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["begun", "ready"])
def test_a_takedown_that_another_version_left_is_completed_with_the_same_dataset(
    name: str, tmp_path: Path
) -> None:
    place = unpacked(name, tmp_path)
    assert is_taking_down(place.folder)
    assert exported(place, tmp_path / "dataset") == expected(name)
    assert not is_taking_down(place.folder)
    assert not places_of(place.folder, FORGOTTEN[name])
    assert not check(place.folder)


# All of them take minutes: `make test-slow` tries each (tests/slow/test_takedown.py), here it is one in thirty.
@pytest.mark.parametrize("name", few_of(["ready", "begun"], 1))
@pytest.mark.parametrize("every", [30])
def test_killed_at_any_step_it_is_completed_all_the_same(name: str, every: int, tmp_path: Path) -> None:
    undisturbed = CrashingDisk(NEVER, "before")
    complete_takedowns(unpacked(name, tmp_path / "undisturbed", undisturbed))
    for at, when in faults(undisturbed, every):
        folder = tmp_path / f"{when}-{at}"
        with pytest.raises(Crash):
            complete_takedowns(unpacked(name, folder, CrashingDisk(at, when)))
        assert exported(opened(folder), folder / "dataset") == expected(name), (at, when)
        assert not is_taking_down(folder / "archive")
        shutil.rmtree(folder)
