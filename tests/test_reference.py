"""The generated pages of docs/ are those that the code gives."""

import pytest

from scraper.settings_table import HOST, PUBLISH, REFRESH, TOP
from tests.reference.pages import PAGES, path_of


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_that_of_the_code(name: str) -> None:
    assert path_of(name).read_text(encoding="utf-8") == PAGES[name](), "python -m tests.reference"


def test_every_setting_stands_on_its_page() -> None:
    page = PAGES["settings.md"]()
    assert all(f"| `{key}` |" in page for table in (TOP, REFRESH, PUBLISH, HOST) for key in table)
