"""Fixtures of the slow tests."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.slow.browser import Opener, pages_of, started_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser


# Of a module, for its driver's event loop runs in the thread of the tests as long as it is there.
@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with started_browser() as browser:
        yield browser


@pytest.fixture
def opened(browser: "Browser") -> Iterator[Opener]:
    with pages_of(browser) as opened:
        yield opened
