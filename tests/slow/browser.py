"""A browser for the slow tests: Debian's Chromium, driven by Playwright, watched for whatever a page of ours must not do.

``tests/slow/run`` installs both; where one is missing, the tests that need it skip and say so.
"""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, Literal

import pytest

from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LIBRARIES: Final = REPOSITORY / "build" / "browser"
# A fresh profile is Playwright's default; no connection but those of the pages.
_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESK: Final = (1200, 900)
PHONE: Final = (390, 844)
Scheme = Literal["light", "dark"]


@contextmanager
def started_browser() -> Iterator["Browser"]:
    """Chromium without a window; skips the test where it or its driver is missing."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs Debian's Chromium, which tests/slow/run installs")
    if not LIBRARIES.is_dir():
        pytest.skip("needs Playwright, which tests/slow/run installs into build/browser/")
    if str(LIBRARIES) not in sys.path:
        sys.path.append(str(LIBRARIES))
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - there since the line above

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


# Without slots: Playwright leaves a mark of its own on whose methods it calls.
@dataclass
class Watched:
    """A page in the browser: what it asked for, and what went wrong with it.

    ``problems`` are errors and warnings of its console, breaches of its policy and dialogs that opened.
    """

    page: "Page"
    requests: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("requestfailed", lambda request: self.problems.append(f"failed: {request.url}"))
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("console", self._note)
        self.page.on("dialog", self._dismiss)

    def _note(self, message: Any) -> None:
        # Whoever serves a site may have no icon for it, which the browser asks for on its own.
        is_icon = message.location["url"].endswith("/favicon.ico")
        if message.type in {"error", "warning"} and not is_icon:
            self.problems.append(f"{message.type}: {message.text}")

    def _dismiss(self, dialog: Any) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def strangers(self, home: str) -> list[str]:
        """The requests for anything but files below ``home``."""
        return [url for url in self.requests if not url.startswith(home)]

    def violations(self) -> list[str]:
        """What axe-core has to say against the page as it is shown now."""
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(_axe())
        found: list[str] = self.page.evaluate(_RUN_AXE)
        return found

    def search(self, query: str) -> list[str]:
        """What the search page of a reader shows for a query: its results in order, each as its text."""
        self.page.fill("#search-words", query)
        self.page.press("#search-words", "Enter")
        self.page.wait_for_function(_HAS_SEARCHED, arg=query)
        results: list[str] = self.page.locator("#search-results > li").all_inner_texts()
        return results

    def overflow(self) -> int:
        """How many pixels the page can be moved to the left."""
        moved: int = self.page.evaluate("scrollTo(10000, 0), scrollX")
        return moved


_HAS_SEARCHED: Final = """(query) => {
  const told = document.getElementById("search-status").textContent;
  return new URLSearchParams(location.hash.slice(1)).get("q") === query && told !== "" && !told.startsWith("Searching");
}"""
_RUN_AXE: Final = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"], preload: false });
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target} ${node.failureSummary}`));
}"""


def _axe() -> str:
    return (LIBRARIES / "axe_playwright_python" / "axe.min.js").read_text(encoding="utf-8")


Opener = Callable[..., Watched]
AddressOf = Callable[[Path], str]


@contextmanager
def pages_of(browser: "Browser") -> Iterator[Opener]:
    """Opens pages, each in a profile of its own, and closes them in the end."""
    contexts = []

    def opened(
        url: str,
        *,
        size: tuple[int, int] = DESK,
        scheme: Scheme = "light",
        is_scripted: bool = True,
    ) -> Watched:
        width, height = size
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            is_mobile=size == PHONE,
            has_touch=size == PHONE,
            java_script_enabled=is_scripted,
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
        )
        contexts.append(context)
        watched = Watched(context.new_page())
        watched.page.goto(url)
        return watched

    try:
        yield opened
    finally:
        for context in contexts:
            context.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has there
        pass


@contextmanager
def served(folder: Path, handler: type[SimpleHTTPRequestHandler] = _Quiet) -> Iterator[str]:
    """The folder over HTTP on loopback; gives the address of its root, with a slash at its end."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
