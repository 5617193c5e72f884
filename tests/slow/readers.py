"""What a browser opens: readers, a report and the documentation, made as a user makes them."""

import subprocess
import sys
from pathlib import Path

from tests.cli.terminal import postkeep
from tests.conftest import REPOSITORY
from tests.slow.hostile_pages import CAPTURED_AT, write_hostile_pages
from tests.takedown.archives import community_archive


def community_reader(folder: Path) -> Path:
    """The replica's community."""
    archive = community_archive(folder / "archive").folder
    return _browsed(archive, folder / "pages")


def community_report(folder: Path) -> Path:
    """The report on the community's archive, alone in a folder."""
    archive = community_archive(folder / "archive").folder
    (folder / "pages").mkdir()
    postkeep("report", folder / "pages" / "report.html", "--archive", archive, expect=0)
    return folder / "pages"


def documentation(folder: Path) -> Path:
    """docs/ as ``make docs`` makes it."""
    command = (sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", REPOSITORY / "docs", folder)
    subprocess.run(command, check=True)
    return folder


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
