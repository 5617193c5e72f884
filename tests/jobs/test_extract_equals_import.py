"""Whatever files hold and however it is spread over them: an extraction gives the rows of one import of them all, in any order."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.jobs.publication.export import export
from scraper.jobs.workplace import Workplace
from tests.clock import VirtualClock
from tests.examples import examples
from tests.jobs.crawl_file import import_of
from tests.jobs.spread_captures import COMMON_DATES, DISTINCT_DATES, spread
from tests.jobs.test_extract_from import Rows, dataset_rows, extracted
from tests.jobs.workplaces import SETTINGS, VolatileDisk, workplace_at

pytestmark = pytest.mark.thorough


@given(st.randoms(use_true_random=False), st.sampled_from(["named", "pseudonymous"]))
@settings(examples(12))
def test_an_extraction_gives_the_rows_of_one_import(chance: Random, names: str) -> None:
    with _folder() as folder:
        files = spread(chance, folder / "files", COMMON_DATES)
        importing, extracting = _place(folder / "import", names), _place(folder / "extract", names)
        import_of(importing, *sorted(files))
        export(folder / "imported", importing)
        extracted(extracting, folder / "extracted", files)
        assert _rows(folder / "extracted") == _rows(folder / "imported")


@given(st.randoms(use_true_random=False))
@settings(examples(8))
def test_the_order_of_the_files_makes_no_row(chance: Random) -> None:
    with _folder() as folder:
        files = spread(chance, folder / "files", DISTINCT_DATES)
        place = _place(folder / "place", "named")
        extracted(place, folder / "one", files)
        (folder / "other files").mkdir()
        others = [
            Path(shutil.copy2(file, folder / "other files" / f"{at}-{file.name}"))
            for at, file in enumerate(sorted(files, reverse=True))
        ]
        extracted(place, folder / "other", others)
        assert _rows(folder / "other") == _rows(folder / "one")


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "files").mkdir()
        yield Path(name)


def _place(folder: Path, names: str) -> Workplace:
    place = workplace_at(folder, VirtualClock(), disk=VolatileDisk())
    return replace(place, settings=replace(SETTINGS, names=names))  # type: ignore[arg-type]


def _rows(folder: Path) -> Rows:
    """The rows of a dataset, which has no folder for them where there are none."""
    return dataset_rows(folder) if (folder / "data").is_dir() else {}
