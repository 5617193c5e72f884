"""pywb, which shares no code with postkeep, replays what a crawl kept."""

import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import FAST_HOSTS, postkeep
from tests.replica import v1
from tests.replica.content import load_community
from tests.replica.server import Replica
from tests.slow.pywb import COLLECTION, needs_pywb, serving

POST = "https://careerly.co.kr/comments/70991"

pytestmark = [pytest.mark.slow, needs_pywb]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("replayed") / "archive"
    with Replica() as replica:
        postkeep("init", str(folder), "--contact", "test@example.org")
        with (folder / "postkeep.toml").open("a", encoding="utf-8") as settings:
            settings.write(FAST_HOSTS)
        postkeep(
            "crawl", POST, "https://careerly.co.kr/posts/73002", "--archive", str(folder), replica=replica
        )
    return folder


@pytest.fixture(scope="module")
def wayback(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a pywb that serves the archive's WARC files."""
    with serving(tmp_path_factory.mktemp("pywb"), sorted((archive / "warc").glob("*.warc.gz"))) as port:
        yield port


def replayed(port: int, url: str) -> tuple[int, bytes]:
    """What pywb answers for the newest capture of ``url``, its bytes untouched (``id_``)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", f"/{COLLECTION}/20991231235959id_/{url}")
    answer = connection.getresponse()
    body = answer.read()
    location = answer.getheader("Location")
    connection.close()
    if answer.status in {301, 302, 307} and location and location.startswith(f"/{COLLECTION}/"):
        return replayed(port, location.split("id_/", 1)[1])
    return answer.status, body


def test_a_chunked_page_is_replayed_byte_for_byte(wayback: int) -> None:
    community = load_community()
    post = next(post for post in community.posts if str(post.id) == POST.rpartition("/")[2])
    status, body = replayed(wayback, POST)
    assert status == 200
    assert body == v1.post_page(community, post, v1.Build()).encode()


def test_a_gzipped_api_answer_is_replayed(wayback: int) -> None:
    status, body = replayed(wayback, "https://v2.careerly.co.kr/api/v1/posts/73002/")
    assert status == 200
    assert b'"id"' in body


def test_robots_txt_was_kept_too(wayback: int) -> None:
    status, body = replayed(wayback, "https://careerly.co.kr/robots.txt")
    assert status == 200
    assert body.startswith(b"User-agent")
