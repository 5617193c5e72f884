"""Which files are uploaded at once, so that whoever watches hears of a long upload in between."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from scraper.publish.folder import LocalFile
from scraper.publish.parts import side_by_side

MB = 1_000_000


@pytest.mark.parametrize(
    ("sizes", "parts"),
    [
        ([], []),
        ([1] * 8, [8]),
        ([1] * 17, [8, 8, 1]),
        ([20 * MB, 20 * MB, 20 * MB], [2, 1]),
        ([200 * MB, 1, 1], [1, 2]),
    ],
)
def test_parts_are_bounded_by_files_and_bytes(sizes: Sequence[int], parts: list[int]) -> None:
    files = [LocalFile(str(at), Path(str(at)), size, "", "", None) for at, size in enumerate(sizes)]
    found = list(side_by_side(files))
    assert [len(part) for part in found] == parts
    assert [file.path for part in found for file in part] == [file.path for file in files]
