"""Pages of the testbed's corpora, which nobody had signed in to see, are not taken for a member's."""

from pathlib import Path
from typing import Final

import pytest

from scraper.model.capture import Capture
from scraper.page.document import Document
from scraper.page.session import session_in
from tests.eval.corpora import pages_of

CORPORA: Final = (
    "fundus258",
    "htmldate1000",
    "parser-meta",
    "threads-ld",
    "threads-wp",
    "trafilatura990",
    "wcxb-dev",
    "zh69",
)
MOST: Final = 0.001


def is_of_member(html: bytes, url: str) -> bool:
    headers = (("content-type", "text/html"),)
    capture = Capture("", url or "https://unknown.example/", None, headers, html, None, "unknown", "")
    return session_in(Document(capture)) is not None


@pytest.mark.thorough
def test_hardly_a_public_page_is_taken_for_a_members(shared: Path) -> None:
    assert (shared / "testbed" / "corpora").is_dir()
    pages = [page for corpus in CORPORA for page in pages_of(corpus)]
    taken = [f"{page.corpus}/{page.name}" for page in pages if is_of_member(page.html, page.url)]
    assert len(pages) > 2000
    assert len(taken) / len(pages) < MOST, taken


@pytest.mark.parametrize("name", ["nodebb", "redmine"])
def test_pages_that_were_saved_signed_in_are_told(name: str, shared: Path) -> None:
    folder = shared / "testbed" / "pages" / name
    pages = {path.name: path for path in folder.rglob("*.html")}
    assert is_of_member(pages["07-members-only-report.unlocked.html"].read_bytes(), "")
    others = [path for path in pages.values() if "unlocked" not in path.name]
    assert not [path.name for path in others if is_of_member(path.read_bytes(), "")]
