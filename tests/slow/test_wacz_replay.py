"""A WACZ file as the tools take it that share no code with postkeep: py-wacz validates it, pywb and ReplayWeb.page replay it."""

import io
import re
import subprocess
from datetime import timedelta
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any, Final

import pytest

from tests.archive.making import NOON, exchange, keep_visit, open_archive
from tests.commands import FAST_HOSTS, postkeep
from tests.conftest import REPOSITORY
from tests.fixtures.pages import v1_page, v1_post
from tests.replica.content import load_community
from tests.replica.server import Replica
from tests.slow.browser import served, started_browser
from tests.slow.pywb import needs_pywb, serving
from tests.slow.test_pywb_replay import replayed

QUESTION: Final = "https://careerly.co.kr/qnas/3107"
# It answers with a redirect, to a page that is filled in by scripts.
LED_TO: Final = "https://careerly.co.kr/community?post=73002"
LED_ON: Final = "https://careerly.co.kr/posts/73002"
SAVED: Final = "https://careerly.co.kr/comments/71204"
VISITED_TWICE: Final = "https://careerly.co.kr/comments/72260"
_VALIDATOR: Final = REPOSITORY / "build" / "wacz" / "bin" / "wacz"
_PLAYER: Final = REPOSITORY / "build" / "replay" / "package"
_RANGE: Final = re.compile(r"bytes=([0-9]*)-([0-9]*)")
# The player's own page, which asks its service worker for what the WACZ has.
_STAGE: Final = """<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script src="player/ui.js"></script>
<replay-web-page source="{source}" url="{url}" replayBase="./player/"></replay-web-page>"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=[(), ("--private",)], ids=["public", "private"])
def wacz(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The captures of a crawl, of one post twice: the second time a revisit."""
    folder = tmp_path_factory.mktemp("packed")
    archive = folder / "archive"
    with Replica() as replica:
        postkeep("init", str(archive), "--contact", "test@example.org")
        with (archive / "postkeep.toml").open("a", encoding="utf-8") as settings:
            settings.write(FAST_HOSTS)
        postkeep("crawl", QUESTION, LED_ON, "--archive", str(archive), replica=replica)
    (folder / "saved.html").write_text(v1_page(71204), encoding="utf-8")
    saved = ("--url", SAVED, "--captured-at", "2024-05-01T00:00:00Z")
    postkeep("import", str(folder / "saved.html"), *saved, "--archive", str(archive))
    page = v1_page(72260).encode()
    with open_archive(archive) as writing:
        for day in range(2):
            at = NOON + timedelta(days=day)
            keep_visit(writing, VISITED_TWICE, exchange(VISITED_TWICE, page, at=at))
    postkeep("export", "--wacz", str(folder / "kept.wacz"), *request.param, "--archive", str(archive))
    return folder / "kept.wacz"


@pytest.mark.skipif(not _VALIDATOR.is_file(), reason="tests/slow/run installs py-wacz")
def test_py_wacz_finds_it_valid(wacz: Path) -> None:
    done = subprocess.run([_VALIDATOR, "validate", "-f", wacz], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the passed WACZ is valid" in done.stdout


@needs_pywb
def test_pywb_replays_its_pages(wacz: Path, tmp_path: Path) -> None:
    with serving(tmp_path, [wacz]) as port:
        for url, words in _pages():
            status, body = replayed(port, url)
            assert (status, words in body.decode()) == (200, True), url
        assert str(v1_post(72260).title) in replayed(port, VISITED_TWICE, "20260106120000")[1].decode()
        assert (replayed(port, LED_ON)[0], replayed(port, LED_TO)[0]) == (307, 200)


@pytest.mark.skipif(not _PLAYER.is_dir(), reason="tests/slow/run gets ReplayWeb.page where there is npm")
def test_replayweb_page_shows_its_pages(wacz: Path, tmp_path: Path) -> None:
    (tmp_path / "player").symlink_to(_PLAYER)
    (tmp_path / wacz.name).write_bytes(wacz.read_bytes())
    with served(tmp_path, _Ranges) as home, started_browser() as browser:

        def opened(number: int, url: str) -> Any:
            (tmp_path / f"{number}.html").write_text(_STAGE.format(source=wacz.name, url=url), "utf-8")
            page = browser.new_page()
            page.on("request", lambda request: asked.append(request.url))
            page.goto(f"{home}{number}.html")
            return page

        asked: list[str] = []
        for number, (url, words) in enumerate(_pages()):
            page = opened(number, url)
            shown = page.frame_locator("replay-web-page iframe").frame_locator("iframe")
            shown.get_by_text(words).first.wait_for(timeout=60_000)
            page.close()
        page = opened(9, LED_ON)
        page.wait_for_event("framenavigated", lambda frame: frame.url.endswith(LED_TO), timeout=60_000)
        assert [each for each in asked if not each.startswith((home, "data:", "blob:"))] == []


def _pages() -> list[tuple[str, str]]:
    """Each page with words that it shows."""
    question = load_community().find("question", 3107, "v1")
    titles = {QUESTION: question, VISITED_TWICE: v1_post(72260), SAVED: v1_post(71204)}
    return [(url, post.title) for url, post in titles.items() if post and post.title]


class _Ranges(SimpleHTTPRequestHandler):
    """A web server that answers requests for a part of a file, as those do that WACZ files are put on."""

    def log_message(self, *_: object) -> None:
        pass

    def end_headers(self) -> None:
        self.send_header("Accept-Ranges", "bytes")
        super().end_headers()

    def send_head(self) -> Any:
        asked = _RANGE.fullmatch(self.headers.get("Range") or "")
        path = Path(self.translate_path(self.path))
        if asked is None or not path.is_file():
            return super().send_head()
        data = path.read_bytes()
        first = int(asked[1]) if asked[1] else max(0, len(data) - int(asked[2]))
        last = min(int(asked[2]), len(data) - 1) if asked[1] and asked[2] else len(data) - 1
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        return io.BytesIO(data[first : last + 1])
