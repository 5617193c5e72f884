"""How much of what a test could try is tried in `make test`, and how much in `make check` alone."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import settings


def examples(number: int) -> settings:
    """So many examples of a property where a profile gives 100, and in proportion where it gives fewer."""
    return settings(max_examples=max(1, number * settings().max_examples // 100))


def few_of(cases: Sequence[Any], few: int) -> list[Any]:
    """The cases as parameters: the first ``few`` of them for every run, the others for a thorough one."""
    return [*cases[:few], *(pytest.param(case, marks=pytest.mark.thorough) for case in cases[few:])]
