"""No answer is read without end: what came before a limit is kept and says why there is no more of it."""

import asyncio
import gzip
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper.archive.check import check
from scraper.archive.read import open_to_read
from scraper.archive.replay import BODY_LIMIT
from scraper.jobs.crawl.job import crawl
from scraper.jobs.workplace import Workplace
from scraper.model.capture import Capture
from scraper.model.outcome import Item
from scraper.settings import Limits
from tests.clock import LeapingPolicy, VirtualClock
from tests.jobs.workplaces import workplace_at
from tests.safety.hostile import HOST, Answer, Send, head, hostile

PATH: Final = "/comments/70991"
URL: Final = f"https://{HOST}{PATH}"
SMALL: Final = Limits(head_bytes=8192, wire_bytes=40_000)


@pytest.fixture
def policy() -> Iterator[LeapingPolicy]:
    """The time of whatever loop runs passes when a test says so."""
    before, policy = asyncio.get_event_loop_policy(), LeapingPolicy()
    asyncio.set_event_loop_policy(policy)
    yield policy
    asyncio.set_event_loop_policy(before)


def let_time_pass(policy: LeapingPolicy) -> None:
    """A quarter of a second for the client, who has a moment to look at what came."""
    loop = policy.loops[-1]
    loop.call_soon_threadsafe(loop.leap, 0.25)
    time.sleep(0.001)


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    return replace(workplace_at(tmp_path / "archive", VirtualClock()), limits=SMALL)


def crawled_from(place: Workplace, answer: Answer) -> tuple[Item, list[str]]:
    """Crawl one post from a server that answers so; its item, and the paths that were asked for."""
    with hostile({PATH: answer}, place.folder.parent) as server:
        (item,) = crawl([URL], replace(place, network=server.network)).items
    assert check(place.folder) == []
    return item, server.paths


def captures_of_page(place: Workplace, body_limit: int = BODY_LIMIT) -> list[Capture]:
    """The captures of the page itself, one for each try."""
    with open_to_read(place.folder, body_limit) as archive:
        return [capture for visit in archive.visits() for capture in visit.captures if PATH in capture.url]


def truncations(folder: Path) -> Iterator[str | None]:
    """What a library that is not ours finds of each page's truncation."""
    for path in (folder / "warc").iterdir():
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "response" and PATH in record.rec_headers.get_header("WARC-Target-URI"):
                    yield record.rec_headers.get_header("WARC-Truncated")


def endless_chunks(send: Send) -> None:
    send(head("Transfer-Encoding: chunked"))
    while True:
        send(b"400\r\n" + b"a" * 1024 + b"\r\n")


def endless_chunk_extension(send: Send) -> None:
    send(head("Transfer-Encoding: chunked") + b"5;x=")
    while True:
        send(b"y" * 1024)


def endless_trailers(send: Send) -> None:
    send(head("Transfer-Encoding: chunked") + b"5\r\nhello\r\n0\r\n")
    while True:
        send(b"X-More: " + b"z" * 500 + b"\r\n")


def endless_body(send: Send) -> None:
    send(head())
    while True:
        send(b"b" * 1024)


@pytest.mark.thorough
@pytest.mark.parametrize("answer", [endless_chunks, endless_body])
def test_an_endless_body_is_kept_as_far_as_the_cap(place: Workplace, answer: Answer) -> None:
    crawled_from(place, answer)
    (capture,) = captures_of_page(place)
    assert capture.truncated == "length"
    assert 30_000 < len(capture.body) < SMALL.wire_bytes
    assert set(capture.body) <= set(b"ab")
    assert list(truncations(place.folder)) == ["length"]


@pytest.mark.thorough
@pytest.mark.parametrize("answer", [endless_chunk_extension, endless_trailers])
def test_endless_framing_ends_at_the_cap_too(place: Workplace, answer: Answer) -> None:
    item, _ = crawled_from(place, answer)
    assert item.outcome in {"rejected", "failed"}
    for capture in captures_of_page(place):
        assert capture.truncated is not None
        assert len(capture.body) <= SMALL.wire_bytes


@pytest.mark.thorough
def test_a_drip_is_kept_as_far_as_the_time_each_time(place: Workplace, policy: LeapingPolicy) -> None:
    def drip(send: Send) -> None:
        send(head() + b"<p>slow")
        while True:
            send(b".")
            let_time_pass(policy)

    crawled_from(place, drip)
    found = captures_of_page(place)
    assert found
    assert {(capture.truncated, capture.body[:9]) for capture in found} == {("time", b"<p>slow..")}
    assert set(truncations(place.folder)) == {"time"}


@pytest.mark.thorough
def test_a_hang_up_is_kept_as_far_as_it_came_each_time(place: Workplace) -> None:
    crawled_from(place, lambda send: send(head("Content-Length: 5000") + b"<p>half"))
    found = captures_of_page(place)
    assert found
    assert {(capture.truncated, capture.body) for capture in found} == {("disconnect", b"<p>half")}
    assert set(truncations(place.folder)) == {"disconnect"}


def endless_header(send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        send(b"h" * 1024)


def many_headers(send: Send) -> None:
    send(head(*(f"X-{number}: {number}" for number in range(2000))))


def endless_interim_answers(send: Send) -> None:
    while True:
        send(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")


@pytest.mark.thorough
@pytest.mark.parametrize("answer", [endless_header, many_headers, endless_interim_answers])
def test_a_head_without_end_is_a_failure_in_a_sentence(place: Workplace, answer: Answer) -> None:
    item, _ = crawled_from(place, answer)
    assert item.outcome == "failed"
    assert item.reason
    assert URL in item.reason
    assert captures_of_page(place) == []


@pytest.mark.thorough
def test_a_head_that_drips_is_a_failure_in_a_sentence(place: Workplace, policy: LeapingPolicy) -> None:
    def drip(send: Send) -> None:
        send(b"HTTP/1.1 200 OK\r\n")
        while True:
            send(b"X: y\r\n")
            let_time_pass(policy)

    test_a_head_without_end_is_a_failure_in_a_sentence(place, drip)


@pytest.mark.thorough
def test_redirects_in_a_circle_end(place: Workplace) -> None:
    item, paths = crawled_from(
        place, lambda send: send(head(f"Location: {PATH}?again=1#x", status="302 Found"))
    )
    assert item.outcome in {"failed", "rejected"}
    assert 1 <= len([path for path in paths if path.startswith(PATH)]) <= 11


@pytest.mark.thorough
def test_a_bomb_is_kept_whole_and_inflated_to_the_bound_alone(place: Workplace) -> None:
    bomb = gzip.compress(b"\0" * (16 << 20), compresslevel=9)
    twice = gzip.compress(bomb, compresslevel=9)
    assert len(twice) < SMALL.wire_bytes
    answer = head("Content-Encoding: gzip, gzip", f"Content-Length: {len(twice)}") + twice
    crawled_from(place, lambda send: send(answer))
    (capture,) = captures_of_page(place, body_limit=10_000)
    assert (len(capture.body), capture.truncated) == (10_000, "length")
