"""All days of the site that lives, as ``tests/jobs/test_months.py`` has a choice of them."""

import pytest

from tests.jobs.rows import Rows
from tests.jobs.test_months import TestMonths, live
from tests.replica.months import DAYS, Months

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Months, Rows]:
    return live(tmp_path_factory.mktemp("months"), DAYS)


__all__ = ["TestMonths"]
