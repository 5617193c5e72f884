"""Lists of captures: each dialect reads the same, and lists longer than one answer come whole and once."""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.archive import Archive
from scraper.errors import SkippableError, UsageError
from scraper.jobs.crawl.visiting import open_visitor
from scraper.jobs.mementos.cdx import (
    CdxLine,
    CdxServer,
    Query,
    read_page,
    read_page_count,
    timestamp,
    timestamp_time,
)
from scraper.jobs.mementos.listing import Lister
from scraper.settings import Network
from tests.clock import VirtualClock
from tests.jobs.web_archive import DIALECTS, Dialect, Stored, WebArchive
from tests.jobs.workplaces import workplace_at

SITE = "https://careerly.co.kr"
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "listing", "replay"),
    [
        (
            "https://web.archive.org/cdx/search/cdx",
            "https://web.archive.org/cdx/search/cdx",
            "https://web.archive.org/web/",
        ),
        (
            "https://archive.example.org/kept/cdx/",
            "https://archive.example.org/kept/cdx",
            "https://archive.example.org/kept/",
        ),
        (
            "http://127.0.0.1:8080/old-cdx",
            "http://127.0.0.1:8080/old-cdx",
            "http://127.0.0.1:8080/old/",
        ),
    ],
)
def test_the_address_of_a_cdx_server_tells_where_captures_are_replayed(
    address: str, listing: str, replay: str
) -> None:
    assert CdxServer.at(address) == CdxServer(listing, replay)


@pytest.mark.parametrize(
    "address",
    ["web.archive.org", "https://web.archive.org/", "https://a.example/kept/cdx?url=x", "ftp://a/cdx"],
)
def test_an_address_that_is_none_of_a_cdx_server_is_refused_with_the_forms(address: str) -> None:
    with pytest.raises(UsageError, match=r"https://web\.archive\.org/cdx/search/cdx"):
        CdxServer.at(address)


moments = st.integers(-(10**9), 10**9).map(lambda seconds: BEGIN + timedelta(seconds=seconds))
lines = st.builds(
    lambda at, number, status, digest: CdxLine(
        f"kr,co,careerly)/comments/{number}", timestamp(at), at, f"{SITE}/comments/{number}", status, digest
    ),
    moments,
    st.integers(0, 10**6),
    st.one_of(st.none(), st.integers(100, 599)),
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=32, max_size=32),
)


@given(st.lists(lines, max_size=5))
def test_every_dialect_reads_the_same(listed: list[CdxLine]) -> None:
    names = ["urlkey", "timestamp", "original", "statuscode", "digest"]
    array = [names, *([x.key, x.timestamp, x.url, str(x.status or "-"), x.digest] for x in listed)]
    fields = [
        {"url": x.url, "digest": x.digest} | ({"status": str(x.status)} if x.status else {}) for x in listed
    ]
    ndjson = [
        json.dumps({"urlkey": x.key, "timestamp": x.timestamp} | each)
        for x, each in zip(listed, fields, strict=True)
    ]
    cdxj = [f"{x.key} {x.timestamp} {json.dumps(each)}" for x, each in zip(listed, fields, strict=True)]
    for body in (json.dumps(array), "\n".join(ndjson), "\n".join(cdxj) + "\n"):
        page = read_page(body.encode())
        assert (page.lines, page.unreadable, page.resume_key) == (tuple(listed), 0, None)


@given(
    st.one_of(
        st.binary(), st.recursive(st.none() | st.text(), st.lists).map(lambda x: json.dumps(x).encode())
    )
)
def test_what_is_no_list_is_a_value_error_and_nothing_worse(body: bytes) -> None:
    with suppress(ValueError, RecursionError):
        read_page(body)
    assert read_page_count(body) >= 1


@given(moments)
def test_a_timestamp_goes_there_and_back(moment: datetime) -> None:
    assert timestamp_time(timestamp(moment)) == moment


def listed_urls(
    archive: WebArchive, folder: Path, clock: VirtualClock, page_size: int
) -> tuple[list[str], int]:
    """The URL and timestamp of every capture that a Lister gives, and how many troubles it met."""
    workplace = replace(workplace_at(folder, clock), network=Network(allow_hosts=frozenset({"127.0.0.1"})))

    async def collect(kept: Archive) -> tuple[list[str], int]:
        async with open_visitor(workplace, kept) as visitor:
            server = CdxServer.at(archive.cdx_server)
            lister = Lister(server, visitor, kept, clock.now(), page_size)
            found = [f"{line.timestamp} {line.url}" async for line in lister.captures(Query(f"{SITE}/*"))]
            return found, lister.trouble.total()

    Archive.create(folder)
    with Archive.open(folder, clock=clock, warcinfo=workplace.warcinfo()) as kept:
        return asyncio.run(collect(kept))


def many(count: int) -> list[Stored]:
    return [
        Stored(f"{SITE}/comments/{number % 3}", timestamp(BEGIN + timedelta(days=11 * number)), b"x")
        for number in range(count)
    ]


@pytest.mark.thorough
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_list_longer_than_one_answer_comes_whole_and_once(
    dialect: Dialect, tmp_path: Path, clock: VirtualClock
) -> None:
    captures = many(40)
    with WebArchive(captures, dialect) as archive:
        found, trouble = listed_urls(archive, tmp_path / "A", clock, page_size=7)
    assert sorted(found) == sorted(f"{stored.timestamp} {stored.url}" for stored in captures)
    assert trouble == 0


def test_an_index_in_pages_is_read_page_by_page(tmp_path: Path, clock: VirtualClock) -> None:
    captures = many(40)
    with WebArchive(captures, "pywb", pages=4) as archive:
        found, _ = listed_urls(archive, tmp_path / "A", clock, page_size=10_000)
    assert sorted(found) == sorted(f"{stored.timestamp} {stored.url}" for stored in captures)


@pytest.mark.thorough
def test_more_captures_of_one_second_than_an_answer_holds_are_said_to_be_missing(
    tmp_path: Path, clock: VirtualClock
) -> None:
    captures = [Stored(f"{SITE}/comments/{number}", "20200101000000", b"x") for number in range(5)]
    with WebArchive(captures) as archive:
        found, trouble = listed_urls(archive, tmp_path / "A", clock, page_size=3)
    assert (len(found), trouble) == (3, 1)


def test_a_list_that_resumes_in_a_circle_ends(tmp_path: Path, clock: VirtualClock) -> None:
    with WebArchive(many(9), "wayback") as archive:
        first = archive._wayback_list(
            {"url": f"{SITE}/", "matchType": "prefix", "limit": "3", "showResumeKey": ""}
        )
        archive.faults["/cdx/"] = first
        with pytest.raises(SkippableError, match="in a circle"):
            listed_urls(archive, tmp_path / "A", clock, page_size=3)
