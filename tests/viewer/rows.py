"""Readers made of rows of our own, without an archive behind them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from scraper.records.history import PostRows
from scraper.viewer.folder import ReaderFolder, View
from scraper.viewer.frame import Frame
from scraper.viewer.home import Facts
from scraper.viewer.paths import post_path
from scraper.viewer.post import PostView
from scraper.viewer.provenance import Place, origins_of
from scraper.viewer.reader import write_reader
from tests.dataset.rows import Row

TITLE = "동네 이야기"


def view_of(
    post: Row, comments: Sequence[Row] = (), metrics: Sequence[Row] = (), revisions: Sequence[Row] = ()
) -> PostView:
    """A post as it is shown, from rows."""
    rows = PostRows.of_rows(post, tuple(comments), tuple(metrics), tuple(revisions))
    return PostView(rows, origins_of(rows, lambda _: Place("postkeep-1.warc.gz", 4096, 512)))


def write(folder: Path, views: Iterable[PostView], view: View = "public") -> tuple[int, int, int]:
    """Bring a reader up to date; gives how many pages were written, left as they were, and removed."""
    is_private = view == "private"
    with ReaderFolder.open(folder, view) as reader:
        write_reader(reader, views, lambda: Facts(TITLE, {}, 0, None, is_private), Frame(TITLE, is_private))
        return reader.written, reader.unchanged, reader.removed


def page_of(folder: Path, view: PostView, number: int = 1) -> str:
    """A page of a post as it was written."""
    return (folder / post_path(view.rows.post["post_id"], number)).read_text(encoding="utf-8")
