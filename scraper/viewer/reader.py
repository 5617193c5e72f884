"""The reader as a whole: one pass over the posts, then the lists, and nothing rewritten that has not changed."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import blake2b
from importlib import resources
from typing import Final

from scraper.viewer.entries import Entries, entry_of
from scraper.viewer.folder import ReaderFolder, digest_of
from scraper.viewer.frame import Frame, Page, asset
from scraper.viewer.home import Facts, put_home
from scraper.viewer.lists import put_lists
from scraper.viewer.paths import SCRIPT, SEARCH_SCRIPTS, STYLE
from scraper.viewer.post import PostView, page_paths, post_pages
from scraper.viewer.search import SearchIndex

_ASSETS: Final = (STYLE, SCRIPT, *SEARCH_SCRIPTS)


def write_reader(
    folder: ReaderFolder, views: Iterable[PostView], facts: Callable[[], Facts], frame: Frame
) -> None:
    """Bring the pages in ``folder`` up to date with the posts; those of posts that are not among them go.

    ``facts`` gives what the first pages say, once the posts are through.
    """
    for path in _ASSETS:
        content = asset(path)
        if not folder.is_current(path, digest := digest_of(content)):
            folder.write(path, digest, content)
    templates = digest_of(_templates(), frame.title, frame.is_private)

    def put(path: str, digest: bytes, render: Callable[[], Page]) -> None:
        folder.put(path, templates + digest, lambda: frame.around(render()))

    with Entries() as entries, SearchIndex() as index:
        captured_at: str | None = None
        for view in views:
            _put_post(folder, view, templates, frame)
            entry = entry_of(view.rows, is_withheld=view.withheld is not None)
            entries.add(entry)
            index.add(entry, view.rows)
            captured_at = max(captured_at or "", view.rows.post["captured_at"] or "") or None
        put_lists(entries, put)
        put_home(entries, replace(facts(), captured_at=captured_at), put)
        index.put(folder, put)
    folder.finish()


def _put_post(folder: ReaderFolder, view: PostView, templates: bytes, frame: Frame) -> None:
    """Put the pages of a post, rendered where any of its rows or of their places has changed."""
    rows = view.rows
    source = digest_of(rows.post, rows.comments, rows.metrics, rows.revisions, view.origins, view.withheld)
    digest = templates + source
    paths = page_paths(rows.post["post_id"], len(rows.comments))
    stale = [path for path in paths if not folder.is_current(path, digest)]
    if stale:
        for page in post_pages(view):
            if page.path in stale:
                folder.write(page.path, digest, frame.around(page))


def _templates() -> bytes:
    """A digest of the code that makes pages: when it changes, every page is written anew."""
    digest = blake2b(digest_size=16)
    for item in sorted(resources.files("scraper.viewer").iterdir(), key=lambda item: item.name):
        if item.name.endswith(".py"):
            digest.update(item.name.encode() + b"\0" + item.read_bytes())
    return digest.digest()
