"""pywb, which shares no code with postkeep, replays what a crawl kept."""

import gzip
import http.client
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.archive.making import NOON, exchange, keep_visit, open_archive, warc_files
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


def replayed(port: int, url: str, timestamp: str = "20991231235959") -> tuple[int, bytes]:
    """What pywb answers for the capture of ``url`` nearest to a time, its bytes untouched (``id_``)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", f"/{COLLECTION}/{timestamp}id_/{url}")
    answer = connection.getresponse()
    body = answer.read()
    location = answer.getheader("Location")
    connection.close()
    if answer.status in {301, 302, 307} and location and location.startswith(f"/{COLLECTION}/"):
        return replayed(port, location.split("id_/", 1)[1], timestamp)
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


def test_our_revisits_are_replayed_with_the_body_of_their_original(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Both profiles: a page that answers with the same payload again, and one that answers 304; in a file of their own.

    pywb gives the first the body of its original. A 304 it passes on as the 304 that it was: its head is kept as it came
    off the wire, as Heritrix keeps it, and pywb looks for another head only where there is none.
    """
    folder = tmp_path_factory.mktemp("revisits") / "archive"
    tagged = (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"a"'))
    bodies = {POST: b"<p>one</p>", POST + "1": b"<p>another</p>"}
    with open_archive(folder) as archive:
        for url, body in bodies.items():
            keep_visit(archive, url, exchange(url, body, headers=tagged))
    with open_archive(folder) as archive:
        later = NOON + timedelta(days=30)
        keep_visit(archive, POST, exchange(POST, b"", headers=tagged[1:], status=304, at=later))
        keep_visit(archive, POST + "1", exchange(POST + "1", bodies[POST + "1"], headers=tagged, at=later))
    files = warc_files(folder)
    assert b"WARC-Type: revisit" in gzip.decompress(files[-1].read_bytes())
    with serving(tmp_path_factory.mktemp("pywb-revisits"), files) as port:
        for url, body in bodies.items():
            again = (304, b"") if url == POST else (200, body)
            assert replayed(port, url, "20260204120000") == again
            assert replayed(port, url, "20260105120000") == (200, body)
            listed = captured_at(port, url)
            assert [entry["timestamp"] for entry in listed] == ["20260105120000", "20260204120000"]
            assert listed[1]["mime"] == "warc/revisit"


def captured_at(port: int, url: str) -> list[dict[str, str]]:
    """What pywb's own index lists for ``url``."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", f"/{COLLECTION}/cdx?url={url}&output=json")
    lines = connection.getresponse().read().splitlines()
    connection.close()
    return [json.loads(line) for line in lines]


def test_robots_txt_was_kept_too(wayback: int) -> None:
    status, body = replayed(wayback, "https://careerly.co.kr/robots.txt")
    assert status == 200
    assert body.startswith(b"User-agent")
