"""A takedown that dies at every single operation of the disk; `make test` tries one in nine."""

from pathlib import Path

import pytest

from tests.takedown import test_crash
from tests.takedown.test_crash import small

__all__ = ["small"]


@pytest.mark.slow
def test_a_crash_at_every_operation_is_made_good(tmp_path: Path, small: tuple[Path, str, str]) -> None:
    test_crash.test_a_crash_at_any_operation_is_made_good_by_the_next_start(tmp_path, small, every=1)
