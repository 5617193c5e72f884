"""Which files and folders were written out of an archive is kept in it, once each."""

from pathlib import Path

import pytest

from scraper.archive.files import OUTPUTS_FILE
from scraper.archive.outputs import Output, outputs_of, remember


def test_an_output_is_kept_once_and_by_its_absolute_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert remember(tmp_path, Output("csv", Path("표\nout")))
    assert remember(tmp_path, Output("reader", tmp_path / "reader"))
    assert outputs_of(tmp_path) == (
        Output("csv", tmp_path / "표\nout"),
        Output("reader", tmp_path / "reader"),
    )
    assert (tmp_path / OUTPUTS_FILE).stat().st_mode & 0o077 == 0


def test_a_path_that_is_no_text_comes_back_as_it_was(tmp_path: Path) -> None:
    odd = Output("dataset", tmp_path / "\udce7out")
    assert remember(tmp_path, odd)
    assert outputs_of(tmp_path) == (odd,)


def test_an_archive_that_cannot_be_written_remembers_nothing_and_says_so(tmp_path: Path) -> None:
    (tmp_path / OUTPUTS_FILE).mkdir()
    assert not remember(tmp_path, Output("csv", tmp_path / "out"))
    assert outputs_of(tmp_path) == ()


@pytest.mark.parametrize(
    "line", [b"", b"{", b"[]", b"null", b'{"kind": "csv"}', b'{"kind": "x", "path": "/y"}']
)
def test_a_line_that_cannot_be_understood_costs_only_itself(tmp_path: Path, line: bytes) -> None:
    assert remember(tmp_path, Output("csv", tmp_path / "a"))
    with (tmp_path / OUTPUTS_FILE).open("ab") as file:
        file.write(line + b"\n")
    assert remember(tmp_path, Output("csv", tmp_path / "b"))
    assert [output.path.name for output in outputs_of(tmp_path)] == ["a", "b"]


def test_a_line_that_was_cut_short_does_not_take_the_next_with_it(tmp_path: Path) -> None:
    assert remember(tmp_path, Output("csv", tmp_path / "a"))
    with (tmp_path / OUTPUTS_FILE).open("ab") as file:
        file.write(b'{"kind": "csv", "pa')
    assert remember(tmp_path, Output("csv", tmp_path / "b"))
    assert [output.path.name for output in outputs_of(tmp_path)] == ["a", "b"]
