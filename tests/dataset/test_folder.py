"""The dataset folder: what is refused, and what interrupted exports leave."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from scraper.dataset.export import export
from scraper.dataset.folder import replacing, sealed
from scraper.dataset.layout import is_metadata_file
from scraper.errors import StopError, UsageError
from tests.conftest import REPOSITORY
from tests.dataset.rows import CARD, CONTRACT, Rows, post

OLD = Rows(posts=[post("a:1", "2021-01-01T00:00:00Z")])
NEW = Rows(posts=[post("a:2", "2022-01-01T00:00:00Z")])


def _export(rows: Rows, folder: Path) -> None:
    export(rows, folder, contract=CONTRACT, card=CARD)


def _holds(folder: Path) -> list[str]:
    """The card, the data and what is not ours: the other files about the data stand and fall with the card."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return [name for name in names if name == "README.md" or not is_metadata_file(PurePosixPath(name))]


@pytest.fixture(scope="module")
def exported_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "out"
    _export(OLD, folder)
    return folder


@pytest.fixture
def folder(exported_once: Path, tmp_path: Path) -> Path:
    """A dataset of the older rows, of its own for each test."""
    return Path(shutil.copytree(exported_once, tmp_path / "out"))


@pytest.mark.parametrize(
    "name", ["notes.txt", "data/posts/notes.parquet", ".git/config", "data/posts/deep/2021.parquet"]
)
def test_a_folder_with_a_file_of_somebody_else_is_refused_and_nothing_is_lost(
    folder: Path, name: str
) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("mine")
    before = _holds(folder)
    with pytest.raises(
        UsageError, match=f"holds what no export wrote: {name}. Nothing was touched. Move it away, or"
    ):
        _export(NEW, folder)
    assert _holds(folder) == before
    assert (folder / name).read_text() == "mine"


def test_a_card_that_was_edited_is_refused(folder: Path) -> None:
    card = folder / "README.md"
    card.write_text(card.read_text(encoding="utf-8").replace("Coverage", "My coverage"), encoding="utf-8")
    with pytest.raises(UsageError, match=r"README.md \(changed since an export wrote it"):
        _export(NEW, folder)
    assert "My coverage" in card.read_text(encoding="utf-8")


def test_data_files_without_our_card_are_not_ours(folder: Path) -> None:
    (folder / "README.md").unlink()
    with pytest.raises(UsageError, match=r"data/posts/2021\.parquet"):
        _export(NEW, folder)
    assert _holds(folder) == ["data/posts/2021.parquet"]


def test_many_foreign_files_are_counted_and_not_all_listed(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"{number}.txt").touch()
    with pytest.raises(UsageError, match=r"4\.txt and 4 more\."):
        _export(NEW, tmp_path)


def test_a_symbolic_link_inside_is_not_followed_or_replaced(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder / "data" / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="data/link"):
        _export(NEW, folder)


def test_a_folder_reached_by_a_symbolic_link_is_replaced_where_it_lies(folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    _export(NEW, link)
    assert link.is_symlink()
    assert _holds(folder) == ["README.md", "data/posts/2022.parquet"]


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    _export(NEW, tmp_path / "out")
    assert _holds(tmp_path / "out") == ["README.md", "data/posts/2022.parquet"]


def test_folders_above_are_made(tmp_path: Path) -> None:
    _export(NEW, tmp_path / "a" / "b")
    assert _holds(tmp_path / "a" / "b") == ["README.md", "data/posts/2022.parquet"]


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(UsageError, match="out is a file"):
        _export(NEW, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


def test_a_file_above_the_folder_stops_the_export(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StopError, match=r"could not be written to .*file/out"):
        _export(NEW, tmp_path / "file" / "out")


def test_the_folder_one_stands_in_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(UsageError, match=r"the folder you stand in.*such as .*out/dataset"):
        _export(NEW, Path())


def test_a_card_whose_lines_end_otherwise_is_still_known(folder: Path) -> None:
    card = folder / "README.md"
    card.write_bytes(card.read_bytes().replace(b"\n", b"\r\n"))
    _export(NEW, folder)
    assert _holds(folder) == ["README.md", "data/posts/2022.parquet"]


def test_a_killed_export_leaves_the_older_one_whole_and_the_next_cleans_up(
    folder: Path, tmp_path: Path
) -> None:
    before = _holds(folder)
    program = (
        "import os, pathlib, sys\n"
        "from scraper.dataset.folder import replacing\n"
        "with replacing(pathlib.Path(sys.argv[1])) as (built, scratch):\n"
        "    (built / 'README.md').write_text('half')\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", program, str(folder)], cwd=REPOSITORY, check=False, timeout=600
    )
    assert killed.returncode == -signal.SIGKILL
    assert _holds(folder) == before
    _export(NEW, folder)
    assert _holds(folder) == ["README.md", "data/posts/2022.parquet"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_a_foreign_hand_put_there_during_the_export_is_kept(folder: Path) -> None:
    def export_meanwhile() -> None:
        with replacing(folder) as (built, _):
            (built / "README.md").write_text(sealed("card\n"))
            (folder / "late").write_text("mine")

    with pytest.raises(UsageError, match="late"):
        export_meanwhile()
    assert _holds(folder) == ["README.md", "data/posts/2021.parquet", "late"]


@pytest.fixture
def no_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without renameat2."""
    monkeypatch.setattr(ctypes, "CDLL", lambda *args, **kwargs: object())


@pytest.mark.usefixtures("no_exchange")
def test_where_folders_cannot_be_exchanged_in_one_step_they_are_in_two(folder: Path, tmp_path: Path) -> None:
    _export(NEW, folder)
    assert _holds(folder) == ["README.md", "data/posts/2022.parquet"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_exchange_interrupted_between_two_steps_is_undone(folder: Path, tmp_path: Path) -> None:
    desk = tmp_path / ".out.postkeep"
    desk.mkdir()
    shutil.move(folder, desk / "previous")
    (tmp_path / "mine").touch()
    with pytest.raises(StopError), replacing(folder):
        _export(NEW, tmp_path / "mine" / "out")
    assert _holds(folder) == ["README.md", "data/posts/2021.parquet"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "out"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_stops_the_export(folder: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StopError, match=r"Permission denied.*unchanged"):
            _export(NEW, folder)
    finally:
        tmp_path.chmod(0o700)
