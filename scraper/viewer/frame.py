"""What every page of the reader has around its content: head, policy, ways about, foot."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final

from scraper.viewer.html import Html, escape, fragment, inside, join, tag, up_from
from scraper.viewer.paths import (
    ABOUT,
    ALL_POSTS,
    HOME,
    MONTHS,
    SCRIPT,
    SEARCH,
    SITES,
    STATES,
    STYLE,
    list_path,
)

# Nothing is loaded but our own style and scripts. A page on disk has no origin of its own, so `'self'` alone would leave it without
# them in Firefox; a page from a web server can load nothing from disk, whatever its policy says.
_POLICY: Final = (
    "default-src 'none'; style-src 'self' file:; script-src 'self' file:; base-uri 'none'; form-action 'none'"
)
_PALETTE: Final = "assets/palette.css"
_WAYS: Final = (
    ("Home", HOME),
    ("All posts", list_path(ALL_POSTS)),
    ("Sites", list_path(SITES)),
    ("Months", list_path(MONTHS)),
    ("States", list_path(STATES)),
    ("Search", SEARCH),
    ("About", ABOUT),
)
_BANNER: Final = (
    "Private view. It shows what a publication leaves out: gated and withdrawn posts, and pages asked for by a person. "
    "Do not put it on a web server."
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the reader before its frame: its path below the folder, its title and its ``main`` content.

    ``is_unindexed`` asks search engines to leave it out.
    """

    path: str
    title: str
    main: Html
    scripts: Sequence[str] = ()
    is_unindexed: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What is around each page of one reader: the archive's title, and whether the view is the private one."""

    title: str
    is_private: bool = False

    def around(self, page: Page) -> bytes:
        """The whole page as a file."""
        here = page.path
        title = page.title if here == HOME else f"{page.title} · {self.title}"
        body = [
            tag("a", "Skip to content", href=fragment("main"), class_="skip"),
            self._header(here),
            tag("main", page.main, id="main", tabindex="-1"),
            self._footer(here),
        ]
        return (
            "<!DOCTYPE html>\n"
            + tag(
                "html",
                head(
                    title,
                    here,
                    STYLE,
                    (SCRIPT, *page.scripts),
                    is_unindexed=self.is_private or page.is_unindexed,
                ),
                "\n",
                tag("body", join(body, "\n"), data_root=up_from(here) or "./"),
                lang="en",
            )
            + "\n"
        ).encode()

    def _header(self, here: str) -> Html:
        ways = [
            tag("li", tag("a", name, href=inside(path, here), aria_current="page" if path == here else None))
            for name, path in _WAYS
        ]
        title = tag("bdi", escape(self.title))
        return tag(
            "header",
            tag("p", _BANNER, class_="banner") if self.is_private else None,
            tag("a", title, href=inside(HOME, here), class_="name"),
            tag("nav", tag("ul", *ways), aria_label="Archive"),
            class_="top",
        )

    def _footer(self, here: str) -> Html:
        about = tag("a", "About this archive", href=inside(ABOUT, here))
        return tag(
            "footer", tag("p", "Kept and shown by postkeep, without a network. ", about), class_="foot"
        )


def head(title: str, here: str, style: str, scripts: Sequence[str] = (), *, is_unindexed: bool) -> Html:
    """The head of a page: its policy first, so that it holds for all that comes after."""
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("title", title),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="robots", content="noindex, nofollow") if is_unindexed else None,
        tag("link", rel="stylesheet", href=inside(style, here)),
        *(tag("script", src=inside(script, here), defer="") for script in scripts),
    )


def asset(path: str) -> bytes:
    """A style sheet or script of ours, by its path on the pages; a style sheet with the colours of all our pages before it."""
    package = resources.files("scraper.viewer")
    colours = package.joinpath(_PALETTE).read_bytes() if path.endswith(".css") else b""
    return colours + package.joinpath(path).read_bytes()
