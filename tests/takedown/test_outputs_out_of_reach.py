"""What a takedown says of the outputs that it cannot reach."""

import shlex
from pathlib import Path
from typing import get_args

import pytest

from scraper.archive.outputs import Output, OutputKind
from scraper.takedown.account import outputs_beyond_reach


@pytest.mark.parametrize("kind", sorted(set(get_args(OutputKind)) - {"reader", "private-reader"}))
def test_the_command_that_writes_an_output_again_names_its_place(kind: OutputKind, tmp_path: Path) -> None:
    place = tmp_path / "a name of two words"
    place.mkdir()
    (item,) = outputs_beyond_reach([Output(kind, place)])
    assert str(item.reason).partition("postkeep ")[2].count(shlex.quote(str(place))) == 1


def test_an_output_that_was_moved_leaves_its_place_open(tmp_path: Path) -> None:
    (item,) = outputs_beyond_reach([Output("csv", tmp_path / "moved")])
    assert str(item.reason).endswith("postkeep export PLACE --format csv")
