"""Pictures of the reader for the documentation: ``python -m tests.slow.screenshots`` takes them anew into docs/images/.

What they show is the replica's community, whose words are ours.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

from scraper.viewer.paths import HOME, SEARCH, post_path
from tests.conftest import REPOSITORY
from tests.slow.browser import PHONE, Scheme, pages_of, started_browser
from tests.slow.readers import community_reader

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IMAGES: Final = REPOSITORY / "docs" / "images"
MOST_BYTES: Final = 150_000
_THREAD: Final = post_path("careerly:comments-71502")
_DESK: Final = (960, 720)


class Shot(NamedTuple):
    """A picture: its name, the page, how it is looked at, and the words that are looked for first."""

    name: str
    path: str
    size: tuple[int, int]
    scheme: Scheme = "light"
    query: str | None = None


SHOTS: Final = (
    Shot("reader-home.png", HOME, _DESK),
    Shot("reader-post.png", _THREAD, _DESK),
    Shot("reader-search.png", SEARCH, _DESK, query="배포"),
    Shot("reader-thread-phone.png", f"{_THREAD}#comments", PHONE),
    Shot("reader-thread-dark.png", f"{_THREAD}#comments", _DESK, "dark"),
)


def take(browser: "Browser", reader: Path, folder: Path) -> list[Path]:
    """The pictures of a reader's pages, in files of that folder."""
    taken: list[Path] = []
    with pages_of(browser) as opened:
        for shot in SHOTS:
            watched = opened(f"{reader.as_uri()}/{shot.path}", size=shot.size, scheme=shot.scheme)
            if shot.query:
                watched.search(shot.query)
            taken.append(folder / shot.name)
            watched.page.screenshot(path=taken[-1], scale="css", caret="hide")
    return taken


def main() -> None:
    """Take all of them."""
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as scratch:
        reader = community_reader(Path(scratch))
        with started_browser() as browser:
            for path in take(browser, reader, IMAGES):
                print(f"{path.relative_to(REPOSITORY)}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
