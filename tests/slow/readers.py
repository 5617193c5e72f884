"""Readers that a browser opens, made as a user makes them."""

from pathlib import Path

from tests.cli.terminal import postkeep
from tests.slow.hostile_pages import CAPTURED_AT, write_hostile_pages
from tests.takedown.archives import community_archive


def community_reader(folder: Path) -> Path:
    """The replica's community."""
    archive = community_archive(folder / "archive").folder
    return _browsed(archive, folder / "pages")


def hostile_reader(folder: Path) -> Path:
    """Saved pages whose words would like to run, named people among them."""
    archive = folder / "archive"
    named = {"POSTKEEP_NAMES": "named"}
    postkeep("init", archive, env=named, expect=0)
    for page in write_hostile_pages(folder):
        options = ("--url", page.url, "--captured-at", CAPTURED_AT)
        postkeep("import", page.file, *options, "--archive", archive, env=named, expect=0)
    return _browsed(archive, folder / "pages", named)


def _browsed(archive: Path, pages: Path, env: dict[str, str] | None = None) -> Path:
    postkeep("browse", pages, "--archive", archive, env=env, expect=0)
    return pages
