"""How the dataset of an extraction is written in pieces: whatever order they end in, and however large its years are."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from scraper.dataset.export import Form
from scraper.errors import StopError
from scraper.jobs.engines.engine import Finished, PlainEngine, ResultT, TaskT
from scraper.jobs.extract.rows import PartTask, RunTask, SteadyTask
from scraper.jobs.workplace import Workplace
from tests.jobs.test_extract_from import dataset_rows, extracted, scattered
from tests.jobs.workplaces import workplace_at

pytestmark = pytest.mark.thorough


class BackwardEngine(PlainEngine):
    """What began last ends first."""

    def run(
        self, work: Callable[[TaskT], ResultT], tasks: Iterable[TaskT]
    ) -> Iterator[Finished[TaskT, ResultT]]:
        return reversed(list(super().run(work, tasks)))


class LosingEngine(PlainEngine):
    """Loses the tasks of a kind."""

    def __init__(self, kind: type[object]) -> None:
        self._kind = kind

    def run(
        self, work: Callable[[TaskT], ResultT], tasks: Iterable[TaskT]
    ) -> Iterator[Finished[TaskT, ResultT]]:
        for task in tasks:
            if isinstance(task, self._kind):
                yield Finished(task, lost="The workers on it died 2 times: killed by SIGKILL.")
            else:
                yield from super().run(work, [task])


@pytest.fixture
def alone(workplace: Workplace, tmp_path: Path) -> Workplace:
    """An archive of which nothing but key and settings is needed."""
    return workplace_at(tmp_path / "own", workplace.clock)


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_order_in_which_pieces_end_changes_no_byte(alone: Workplace, tmp_path: Path) -> None:
    files = scattered(tmp_path)
    forth = extracted(alone, tmp_path / "forth", files)
    back = extracted(alone, tmp_path / "back", files, BackwardEngine())
    assert files_in(tmp_path / "back") == files_in(tmp_path / "forth")
    assert back.summary == forth.summary
    assert not list(tmp_path.glob(".*postkeep"))


def test_a_year_that_is_too_large_is_written_month_by_month(
    alone: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = scattered(tmp_path)
    extracted(alone, tmp_path / "years", files)
    monkeypatch.setattr("scraper.jobs.extract.dataset.WHOLE", Form(year_limit=1))
    extracted(alone, tmp_path / "months", files)
    parts = [path.stem for path in (tmp_path / "months" / "data").rglob("*.parquet")]
    assert any(len(part) == len("2022-10") for part in parts)
    assert not any(len(part) == len("2022") for part in parts)
    rows = dataset_rows(tmp_path / "months")
    assert {config: sorted(map(repr, each)) for config, each in rows.items()} == {
        config: sorted(map(repr, each)) for config, each in dataset_rows(tmp_path / "years").items()
    }


@pytest.mark.parametrize("kind", [RunTask, PartTask, SteadyTask])
def test_a_piece_that_is_lost_leaves_the_dataset_as_it_was(
    kind: type[object], alone: Workplace, tmp_path: Path
) -> None:
    files = scattered(tmp_path)
    extracted(alone, tmp_path / "dataset", files[:1])
    before = files_in(tmp_path / "dataset")
    with pytest.raises(StopError, match="could not be brought together"):
        extracted(alone, tmp_path / "dataset", files, LosingEngine(kind))
    assert files_in(tmp_path / "dataset") == before
    assert extracted(alone, tmp_path / "dataset", files).exit_code == 0
    extracted(alone, tmp_path / "other", files)
    assert files_in(tmp_path / "dataset") == files_in(tmp_path / "other")
