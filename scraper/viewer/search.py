"""Search in the reader: what it is told of each post, and the page that asks."""

from collections.abc import Callable

from scraper.records.history import PostRows
from scraper.viewer.entries import Entry
from scraper.viewer.folder import ReaderFolder, digest_of
from scraper.viewer.frame import Page
from scraper.viewer.html import join, tag
from scraper.viewer.paths import SEARCH


class SearchIndex:
    """The index of one run."""

    def add(self, entry: Entry, rows: PostRows) -> None:
        """Take a post in, as it is shown."""

    def put(self, folder: ReaderFolder, put: Callable[[str, bytes, Callable[[], Page]], None]) -> None:  # noqa: ARG002 - the index goes there
        """Put the page that asks."""
        main = join(
            [tag("h1", "Search"), tag("p", "Search needs a script, which this archive does not have yet.")]
        )
        put(SEARCH, digest_of("search"), lambda: Page(SEARCH, "Search", main))
