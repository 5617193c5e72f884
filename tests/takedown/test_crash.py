"""A takedown that dies at any write, fsync, rename or commit is completed by the next start, and nothing else is lost."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.archive.check import check
from scraper.archive.read import open_to_read
from scraper.jobs.forget import forget
from scraper.jobs.takedowns import complete_takedowns
from scraper.jobs.workplace import Workplace
from tests.archive.crashing import Crash, CrashingDisk, When
from tests.clock import VirtualClock
from tests.examples import few_of
from tests.jobs.workplaces import workplace_at
from tests.takedown.archives import community_archive, community_posts
from tests.takedown.searching import places_of

NEVER = 1_000_000
REASON = "Asked by its author"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A small archive, the name of one who commented in it, and the beginning of what she wrote."""
    post = min(
        (post for post in community_posts() if len(post.comments) > 2), key=lambda post: len(post.text)
    )
    other = next(each for each in community_posts() if each is not post)
    folder = tmp_path_factory.mktemp("small") / "archive"
    community_archive(folder, [post, other])
    comment = next(
        each
        for each in post.comments
        if each.by and each.by not in (post.by, other.by) and len(each.text) > 12
    )
    assert comment.by is not None
    return folder, comment.by.name, comment.text.split("\n")[0]


def copied(template: Path, folder: Path, disk: CrashingDisk | None = None) -> Workplace:
    return workplace_at(Path(shutil.copytree(template, folder)), VirtualClock(), disk=disk)


def contents_of(workplace: Workplace) -> set[tuple[str, str, bytes]]:
    with open_to_read(workplace.folder) as archive:
        found = [archive.capture(record_id) for record_id, _, _ in archive.captures_with_visits()]
        return {(capture.url, str(capture.captured_at), capture.body) for capture in found}


def operations(template: Path, folder: Path, name: str) -> CrashingDisk:
    disk = CrashingDisk(NEVER, "before")
    forget(name, copied(template, folder, disk), reason=REASON)
    return disk


def faults(disk: CrashingDisk, every: int) -> Iterator[tuple[int, When]]:
    yield from ((at, "before") for at in range(1, disk.operations + 1, every))
    yield from ((at, "half") for at in disk.halves[::every])


# All of them take minutes: `make test-slow` tries each (tests/slow/test_takedown.py), here it is one in forty, or nine.
@pytest.mark.parametrize("every", few_of([40, 9], 1))
def test_a_crash_at_any_operation_is_made_good_by_the_next_start(
    tmp_path: Path, small: tuple[Path, str, str], every: int
) -> None:
    template, name, text = small
    undisturbed = operations(template, tmp_path / "undisturbed", name)
    whole = copied(tmp_path / "undisturbed", tmp_path / "whole")
    expected = contents_of(whole)
    assert not places_of(whole.folder, name, text)
    for at, when in faults(undisturbed, every):
        where = f"{when} operation {at} of {undisturbed.operations}"
        folder = tmp_path / f"{when}-{at}"
        disk = CrashingDisk(at, when)
        with pytest.raises(Crash):
            forget(name, copied(template, folder, disk), reason=REASON)
        again = workplace_at(folder, VirtualClock())
        is_begun = (folder / "takedown.pending").exists()
        complete_takedowns(again)
        if not is_begun and places_of(folder, name):
            assert not (folder / "decisions.jsonl").exists(), where
            forget(name, again, reason=REASON)
        assert not places_of(folder, name, text), where
        assert contents_of(again) == expected, where
        assert check(folder) == [], where
        left = {path.name for path in folder.iterdir() if path.name.startswith("takedown")}
        assert not left, where
        shutil.rmtree(folder)
