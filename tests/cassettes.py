"""Where the cassettes of the tests lie."""

from pathlib import Path
from typing import Final

from tests.conftest import REPOSITORY

CASSETTES: Final = REPOSITORY / "cassettes"
LIVE: Final = CASSETTES / "live"


def committed_cassettes() -> list[Path]:
    """The cassettes of all sites: a folder a site, a file a case."""
    return sorted(path for path in CASSETTES.glob("*/*.yaml") if path.parent != LIVE)


def cassettes_of(site: str) -> list[Path]:
    """A site's cassettes, by name."""
    return sorted((CASSETTES / site).glob("*.yaml"))
