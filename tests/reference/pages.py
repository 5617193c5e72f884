"""The generated pages by name; a test holds that each stands in docs/ as the code has it now."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tests.conftest import REPOSITORY
from tests.reference import columns, commands, settings

PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "settings.md": settings.page,
    "commands.md": commands.page,
    "schema.md": columns.page,
}


def path_of(name: str) -> Path:
    """Where a page stands."""
    return REPOSITORY / "docs" / name
