"""Polite visits, over sockets on loopback and by a clock that only moves when somebody waits."""

import asyncio
import gzip
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
import trustme

from scraper.errors import RefusedError, RetryableError, SkippableError, UsageError
from scraper.fetch.client import WireClient
from scraper.fetch.pace import PaceRules
from scraper.fetch.retry import ParkedError
from scraper.fetch.robots import judge
from scraper.fetch.visitor import Visitor
from scraper.model.exchange import Exchange, Request
from scraper.model.stores import HostPace
from scraper.settings import HostSettings, Limits, Network, Settings
from scraper.settings_file import load_settings
from tests.clock import VirtualClock, let_time_pass
from tests.fetch.server import Answer, Server, plain, serving
from tests.fetch.stores import MemoryLedger, MemoryPace, MemoryRecorder, MemoryRobots

SITE = "http://example.org"
ROBOTS = plain("User-agent: *\nDisallow: /private\n")
GAP = PaceRules().default_delay


@dataclass
class Crawl:
    """A visitor with all its stores at hand."""

    network: Network
    clock: VirtualClock
    settings: Settings = field(default_factory=lambda: Settings(contact="us@example.org"))
    robots: MemoryRobots = field(default_factory=MemoryRobots)
    pace: MemoryPace = field(default_factory=MemoryPace)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    policy: MemoryRecorder = field(default_factory=MemoryRecorder)
    pages: MemoryRecorder = field(default_factory=MemoryRecorder)

    @asynccontextmanager
    async def visitor(self) -> AsyncIterator[Visitor]:
        async with WireClient("postkeep/0 (+us)", None, self.network, Limits(), self.clock) as client:
            yield Visitor(
                client,
                settings=self.settings,
                clock=self.clock,
                robots=self.robots,
                pace=self.pace,
                ledger=self.ledger,
                recorder=self.policy,
                commit=lambda: None,
            )

    async def fetch(self, *paths: str, headers: tuple[tuple[str, str], ...] = ()) -> list[Exchange]:
        async with self.visitor() as visitor:
            return [await visitor.fetch(Request(SITE + path, headers), self.pages) for path in paths]


@asynccontextmanager
async def site(
    answers: dict[str, Answer | list[Answer]], clock: VirtualClock, *more_hosts: str
) -> AsyncIterator[tuple[Server, Crawl]]:
    async with serving({"/robots.txt": ROBOTS} | answers) as server:
        yield server, Crawl(server.network("example.org", *more_hosts), clock)


# What may be asked at all


async def test_robots_txt_is_asked_for_first_and_kept_apart_from_the_pages(clock: VirtualClock) -> None:
    async with site({"/a": plain("글")}, clock) as (server, crawl):
        [exchange] = await crawl.fetch("/a")
    assert server.paths == ["/robots.txt", "/a"]
    assert exchange.payload == "글".encode()
    assert crawl.policy.urls() == [f"{SITE}/robots.txt"]
    assert crawl.pages.kept == [exchange]


async def test_nobody_is_visited_without_a_contact(clock: VirtualClock) -> None:
    async with site({}, clock) as (server, crawl):
        crawl.settings = Settings()
        with pytest.raises(UsageError, match="contact"):
            await crawl.fetch("/a")
    assert server.paths == []


async def test_a_disallowed_page_is_never_requested_and_the_ledger_names_the_rule(
    clock: VirtualClock,
) -> None:
    async with site({"/private/1": plain("x")}, clock) as (server, crawl):
        with pytest.raises(RefusedError, match=r"example.org/private/1.*line 2: Disallow: /private"):
            await crawl.fetch("/private/1")
    assert server.paths == ["/robots.txt"]
    [refusal] = crawl.ledger.of("refused")
    assert (refusal.host, refusal.url) == ("example.org", f"{SITE}/private/1")
    assert refusal.rule == "robots.txt line 2: Disallow: /private"
    copy = crawl.robots.copies[SITE]
    assert refusal.detail == {"robots_at": copy.fetched_at.isoformat(), "robots_status": 200}


async def silent(writer: asyncio.StreamWriter) -> None:
    while True:
        await let_time_pass()


async def hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()


async def half(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nUser-agent: *\nAllow: /")
    await writer.drain()
    writer.close()


@pytest.mark.parametrize(
    "answer",
    [
        plain("", status="503 Service Unavailable"),
        plain("", status="500 Oops"),
        plain("", status="429 Too Many Requests"),
        plain("", "Location: /robots.txt", status="302 Found"),
        plain("", status="301 Moved"),
        plain("", "Location: http://127.0.0.1/robots.txt", status="302 Found"),
        plain("x", "Content-Encoding: gzip"),
        b"no http\r\n\r\n",
        silent,
        hang_up,
        half,
    ],
    ids=[
        "503",
        "500",
        "429",
        "loop",
        "nowhere",
        "private",
        "not-gzip",
        "not-http",
        "silent",
        "hang-up",
        "half",
    ],
)
async def test_a_robots_txt_that_cannot_be_had_keeps_us_out(answer: Answer, clock: VirtualClock) -> None:
    async with site({"/robots.txt": answer, "/a": plain("x")}, clock) as (server, crawl):
        for _ in range(2):
            with pytest.raises(RefusedError, match=r"http://example.org/a is not visited: robots.txt"):
                await crawl.fetch("/a")
    assert set(server.paths) == {"/robots.txt"}
    assert crawl.pages.kept == []
    assert {entry.url for entry in crawl.ledger.of("refused")} >= {f"{SITE}/a"}


async def test_a_host_whose_name_or_certificate_fails_keeps_us_out(
    clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def resolve(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(-2, "Name or service not known")

    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("example.org").configure_cert(tls)  # by nobody the client trusts
    async with serving({"/a": plain("x")}, tls) as server:
        crawl = Crawl(server.network("example.org", port=443), clock)
        async with crawl.visitor() as visitor:
            with pytest.raises(RefusedError, match=r"https://example.org/a is not visited: robots.txt"):
                await visitor.fetch(Request("https://example.org/a"), crawl.pages)
            monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
            with pytest.raises(SkippableError, match=r"there is no host named nowhere\.example"):
                await visitor.fetch(Request("http://nowhere.example/a"), crawl.pages)
            with pytest.raises(RefusedError, match=r"http://nowhere.example/b is not visited: robots.txt"):
                await visitor.fetch(Request("http://nowhere.example/b"), crawl.pages)
    assert crawl.pages.kept == []
    assert [entry.url for entry in crawl.ledger.of("refused")] == [
        "https://example.org/a",
        "http://nowhere.example/b",
    ]


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "410 Gone"])
async def test_a_robots_txt_that_is_not_there_allows(status: str, clock: VirtualClock) -> None:
    async with site(
        {"/robots.txt": plain("User-agent: *\nDisallow: /", status=status), "/a": plain("x")}, clock
    ) as (
        server,
        crawl,
    ):
        await crawl.fetch("/a")
    assert server.paths == ["/robots.txt", "/a"]


async def test_robots_txt_is_followed_through_five_redirects_and_no_more(clock: VirtualClock) -> None:
    def hop(number: int) -> Answer:
        return plain("", f"Location: /robots-{number}", status="301 Moved")

    answers: dict[str, Answer | list[Answer]] = {"/robots.txt": hop(1), "/a": plain("x"), "/b": plain("x")}
    answers |= {f"/robots-{number}": hop(number + 1) for number in range(1, 5)}
    async with site(answers | {"/robots-5": plain("User-agent: *\nDisallow: /b")}, clock) as (_, crawl):
        await crawl.fetch("/a")
        with pytest.raises(RefusedError, match="line 2"):
            await crawl.fetch("/b")
        assert len(crawl.policy.kept) == 6
    async with site(answers | {"/robots-5": hop(6), "/robots-6": ROBOTS}, clock) as (server, crawl):
        with pytest.raises(RefusedError, match=r"robots\.txt answered 301"):
            await crawl.fetch("/a")
        assert "/robots-6" not in server.paths


async def test_a_gzipped_robots_txt_is_read(clock: VirtualClock) -> None:
    packed = plain(gzip.compress(b"User-agent: postkeep\nDisallow: /a"), "Content-Encoding: gzip")
    async with site({"/robots.txt": packed}, clock) as (_, crawl):
        with pytest.raises(RefusedError, match="line 2: Disallow: /a"):
            await crawl.fetch("/a")


async def test_robots_txt_is_asked_for_again_after_a_day_and_not_before(clock: VirtualClock) -> None:
    async with site({"/a": plain("x")}, clock) as (server, crawl):
        await crawl.fetch("/a")
        clock.advance(timedelta(hours=23).total_seconds())
        await crawl.fetch("/a")
        assert server.paths.count("/robots.txt") == 1
        clock.advance(timedelta(hours=1).total_seconds())
        await crawl.fetch("/a")
        assert server.paths.count("/robots.txt") == 2


async def test_an_unreachable_robots_txt_is_asked_for_again_after_ten_minutes(clock: VirtualClock) -> None:
    answers: list[Answer] = [plain("", status="503 Busy"), ROBOTS]
    async with site({"/robots.txt": answers, "/a": plain("x")}, clock) as (server, crawl):
        for wait in (0, 590):
            clock.advance(wait)
            with pytest.raises(RefusedError):
                await crawl.fetch("/a")
        assert server.paths == ["/robots.txt"]
        clock.advance(10)
        await crawl.fetch("/a")
    assert server.paths == ["/robots.txt", "/robots.txt", "/a"]


async def test_a_copy_that_expires_during_the_wait_is_fetched_anew(clock: VirtualClock) -> None:
    async with site({"/a": plain("x")}, clock) as (server, crawl):
        await crawl.fetch("/a")
        pace = crawl.pace.paces["example.org"]
        day = timedelta(hours=24)
        robots_at = crawl.robots.copies[SITE].fetched_at
        crawl.pace.put_pace(replace(pace, next_allowed_at=robots_at + day + timedelta(seconds=30)))
        clock.advance((robots_at + day - clock.now()).total_seconds() - 30)
        server.answers["/robots.txt"] = plain("User-agent: *\nDisallow: /a")
        with pytest.raises(RefusedError, match="Disallow: /a"):
            await crawl.fetch("/a")
    assert server.paths == ["/robots.txt", "/a", "/robots.txt"]


async def test_a_host_whose_terms_forbid_it_needs_a_reason_which_goes_into_the_ledger(
    clock: VirtualClock,
) -> None:
    async with site({"/a": plain("x")}, clock) as (server, crawl):
        crawl.settings = Settings(
            contact="us@example.org", host={"example.org": HostSettings(terms="forbid")}
        )
        with pytest.raises(RefusedError, match=r"terms of example\.org forbid"):
            await crawl.fetch("/a")
        assert server.paths == []
        host = HostSettings(terms="forbid", reason="written leave of 2026-01-02")
        crawl.settings = Settings(contact="us@example.org", host={"example.org": host})
        await crawl.fetch("/a")
    assert {entry.detail["terms_reason"] for entry in crawl.ledger.of("request")} == {
        "written leave of 2026-01-02"
    }


async def test_terms_written_under_the_korean_name_of_a_host_hold_for_it(
    clock: VirtualClock, tmp_path: Path
) -> None:
    (tmp_path / "postkeep.toml").write_text('[host."글.example.org"]\nterms = "forbid"\n', encoding="utf-8")
    async with site({}, clock, "xn--bj0b.example.org") as (server, crawl):
        crawl.settings = replace(load_settings(tmp_path, {}), contact="us@example.org")
        async with crawl.visitor() as visitor:
            with pytest.raises(RefusedError, match=r"terms of xn--bj0b\.example\.org forbid"):
                await visitor.fetch(Request("http://글.example.org/a"), crawl.pages)
    assert server.paths == []


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "ftp://example.org/", "http://example.org:8080/", "http://example.org./a", "글"],
)
async def test_a_url_that_the_guard_refuses_is_in_the_ledger(url: str, clock: VirtualClock) -> None:
    async with site({}, clock) as (server, crawl), crawl.visitor() as visitor:
        with pytest.raises(RefusedError):
            await visitor.fetch(Request(url), crawl.pages)
        assert server.paths == []
    assert [entry.url for entry in crawl.ledger.of("refused")] == [url]


async def test_the_ledger_names_the_robots_txt_that_a_request_went_by(clock: VirtualClock) -> None:
    async with site({"/a": plain("x")}, clock) as (_, crawl):
        clock.advance(100)
        await crawl.fetch("/a")
        asked_at = clock.now() - timedelta(seconds=GAP)
    robots, page = crawl.ledger.of("request")
    assert (robots.rule, robots.detail["origin"], robots.detail["hop"]) == ("robots.txt", SITE, 0)
    assert page.rule == "no rule of robots.txt matches"
    assert (page.detail["robots_at"], page.detail["robots_status"]) == (asked_at.isoformat(), 200)
    answer = crawl.ledger.of("answer")[0]
    assert answer.detail["captured_at"] == crawl.policy.kept[0].started_at.isoformat()
    assert answer.detail["payload_digest"] == f"sha256:{sha256(crawl.policy.kept[0].payload).hexdigest()}"


async def test_each_run_says_when_it_began_and_by_whose_rules_it_goes(clock: VirtualClock) -> None:
    async with site({}, clock) as (_, crawl), crawl.visitor(), crawl.visitor():
        pass
    assert [entry.detail for entry in crawl.ledger.of("began")] == 2 * [{"agent": "postkeep"}]


async def test_a_page_that_waited_while_robots_txt_was_replaced_is_judged_by_the_new_one(
    clock: VirtualClock,
) -> None:
    async with site({"/a": plain("x"), "/b": plain("x")}, clock) as (server, crawl):
        await crawl.fetch("/a")
        copy = crawl.robots.copies[SITE]

        class Replacing(MemoryPace):
            def get_pace(self, host: str) -> HostPace | None:
                body = b"User-agent: *\nDisallow: /b"
                crawl.robots.put_robots(replace(copy, fetched_at=clock.now(), body=body))
                return super().get_pace(host)

        crawl.pace = Replacing()
        clock.advance(1)
        with pytest.raises(RefusedError, match="line 2: Disallow: /b"):
            await crawl.fetch("/b")
    assert server.paths == ["/robots.txt", "/a"]


async def test_a_request_that_is_given_up_half_way_is_not_left_open_in_the_ledger(
    clock: VirtualClock,
) -> None:
    has_begun = asyncio.Event()

    async def begin(writer: asyncio.StreamWriter) -> None:
        has_begun.set()
        await asyncio.sleep(60)

    async with site({"/a": begin}, clock) as (_, crawl):
        task = asyncio.ensure_future(crawl.fetch("/a"))
        await has_begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    [failed] = crawl.ledger.of("failed")
    assert (failed.url, failed.detail["reason"]) == (f"{SITE}/a", "CancelledError")


# Pace


async def test_the_gap_between_two_requests_is_kept_and_accounted_for(clock: VirtualClock) -> None:
    async with site({"/a": plain("x")}, clock) as (_, crawl):
        await crawl.fetch("/a", "/a")
    requests = crawl.ledger.of("request")
    assert [entry.url for entry in requests] == [f"{SITE}/robots.txt", f"{SITE}/a", f"{SITE}/a"]
    assert [requests[0].detail[name] for name in ("gap_owed", "gap_kept")] == [None, None]
    for before, after in pairwise(requests):
        assert (after.at - before.at).total_seconds() >= GAP
        assert [after.detail[name] for name in ("gap_owed", "gap_kept")] == [GAP, GAP]


async def test_an_old_robots_txt_supplies_its_delay_and_nothing_else_when_no_new_one_is_had(
    clock: VirtualClock,
) -> None:
    answers: list[Answer] = [plain("User-agent: *\nCrawl-delay: 100"), plain("", status="503 Busy")]
    async with site({"/robots.txt": answers, "/a": plain("x")}, clock) as (server, crawl):
        await crawl.fetch("/a")
        clock.advance(timedelta(hours=24).total_seconds())
        with pytest.raises(RefusedError):
            await crawl.fetch("/a")
    assert server.paths == ["/robots.txt", "/a", "/robots.txt"]
    left = judge(crawl.robots.copies[SITE])
    assert left.is_refusal
    assert left.crawl_delay("postkeep") == 100


async def test_a_copy_from_the_future_is_not_gone_by_after_the_clock_was_set_back(
    clock: VirtualClock,
) -> None:
    async with site({"/a": plain("x")}, clock) as (server, crawl):
        await crawl.fetch("/a")
        crawl.clock = VirtualClock(clock.now() - timedelta(seconds=60))
        await crawl.fetch("/a")
    assert server.paths == ["/robots.txt", "/a", "/robots.txt", "/a"]


@pytest.mark.parametrize(("delay", "gap"), [(0.0, 3.5), (7.0, 7.0)])
async def test_crawl_delay_holds_from_the_first_page_on(
    delay: float, gap: float, clock: VirtualClock
) -> None:
    robots = plain("User-agent: *\nCrawl-delay: 3.5\nDisallow:")
    async with site({"/robots.txt": robots, "/a": plain("x")}, clock) as (_, crawl):
        crawl.settings = Settings(contact="us@example.org", host={"example.org": HostSettings(delay=delay)})
        await crawl.fetch("/a", "/a")
    times = [entry.at for entry in crawl.ledger.of("request")]
    assert [(after - before).total_seconds() for before, after in pairwise(times)] == [
        gap,
        gap,
    ]


async def test_a_host_is_asked_one_thing_at_a_time_however_many_want_it(clock: VirtualClock) -> None:
    busy = {"now": 0, "most": 0}

    async def slow(writer: asyncio.StreamWriter) -> None:
        busy["now"] += 1
        busy["most"] = max(busy["most"], busy["now"])
        await asyncio.sleep(0.01)
        busy["now"] -= 1
        writer.write(plain("x"))

    answers: dict[str, Answer | list[Answer]] = {f"/{number}": slow for number in range(5)}
    async with site(answers, clock) as (server, crawl), crawl.visitor() as visitor:
        requests = [Request(f"{SITE}/{number}") for number in range(5)]
        await asyncio.gather(*(visitor.fetch(request, crawl.pages) for request in requests))
    assert busy["most"] == 1
    assert server.paths.count("/robots.txt") == 1
    assert sum(clock.slept) == pytest.approx(5 * GAP)


async def test_different_hosts_are_visited_side_by_side(clock: VirtualClock) -> None:
    meeting = asyncio.Barrier(2)

    async def meet(writer: asyncio.StreamWriter) -> None:
        await meeting.wait()
        writer.write(plain("x"))

    async with site({"/a": meet}, clock, "example.net") as (_, crawl), crawl.visitor() as visitor:
        both = [Request(f"http://{host}/a") for host in ("example.org", "example.net")]
        answers = await asyncio.gather(*(visitor.fetch(request, crawl.pages) for request in both))
    assert [answer.status for answer in answers] == [200, 200]


async def test_a_host_that_keeps_failing_is_parked_for_all_and_the_ledger_says_until_when(
    clock: VirtualClock,
) -> None:
    pages = {f"/{number}": plain("", status="503 Busy") for number in range(4)}
    async with site({**pages}, clock) as (server, crawl):
        for number in range(2):
            with pytest.raises(RetryableError, match="answered 503 to try 4"):
                await crawl.fetch(f"/{number}")
        for number in range(2, 4):
            with pytest.raises(
                ParkedError,
                match=rf"example.org failed 8 times in a row and is left alone.*/{number} was not",
            ):
                await crawl.fetch(f"/{number}")
    assert len(server.paths) == 1 + 8
    until = {entry.detail["until"] for entry in crawl.ledger.of("refused")}
    assert until == {crawl.pace.paces["example.org"].next_allowed_at.isoformat()}


async def test_a_robots_txt_that_redirects_to_a_slow_host_keeps_the_delay_of_that_host(
    clock: VirtualClock,
) -> None:
    answers: dict[str, Answer | list[Answer]] = {
        "/robots.txt": [
            plain("User-agent: *\nCrawl-delay: 50"),
            plain("", "Location: http://example.org/moved", status="301 Moved"),
        ],
        "/moved": ROBOTS,
        "/a": plain("x"),
    }
    async with site(answers, clock, "example.net") as (server, crawl), crawl.visitor() as visitor:
        await visitor.fetch(Request(f"{SITE}/a"), crawl.pages)
        await visitor.fetch(Request("http://example.net/a"), crawl.pages)
    assert server.paths == ["/robots.txt", "/a", "/robots.txt", "/moved", "/a"]
    times = [entry.at for entry in crawl.ledger.of("request") if entry.host == "example.org"]
    assert [(after - before).total_seconds() for before, after in pairwise(times)] == [50, 50]


async def test_the_pace_of_a_host_survives_a_restart(clock: VirtualClock) -> None:
    async with site({"/a": plain("x", "Retry-After: 60")}, clock) as (_, crawl):
        await crawl.fetch("/a")
        await crawl.fetch("/a")
    assert clock.slept == [GAP, 60]


async def test_a_request_that_never_ended_still_counts_for_the_gap(clock: VirtualClock) -> None:
    class Failing(MemoryRecorder):
        def keep(self, exchange: Exchange) -> None:
            raise OSError("disk full")

    async with site({"/a": plain("x")}, clock) as (_, crawl):
        crawl.pages = Failing()
        with pytest.raises(OSError, match="disk full"):
            await crawl.fetch("/a")
    assert crawl.pace.paces["example.org"].next_allowed_at == clock.now() + timedelta(seconds=GAP)


# Trying again


async def test_retry_after_is_waited_for_before_the_next_try(clock: VirtualClock) -> None:
    answers: list[Answer] = [plain("", "Retry-After: 40", status="503 Busy"), plain("x")]
    async with site({"/a": answers}, clock) as (server, crawl):
        [exchange] = await crawl.fetch("/a")
    assert exchange.status == 200
    assert clock.slept == [GAP, 40]
    assert [kept.status for kept in crawl.pages.kept] == [503, 200]
    assert server.paths == ["/robots.txt", "/a", "/a"]
    assert [entry.detail["retry_after"] for entry in crawl.ledger.of("answer")] == [None, 40, None]


async def test_a_retry_after_beyond_patience_parks_the_host_for_everyone(clock: VirtualClock) -> None:
    answers: dict[str, Answer | list[Answer]] = {
        "/a": plain("", "Retry-After: 7200", status="429 Slow down"),
        "/b": plain("x"),
    }
    async with site(answers, clock) as (server, crawl):
        with pytest.raises(RetryableError, match=r"429.*Run again after 2026-01-05 05:00:02 UTC"):
            await crawl.fetch("/a")
        with pytest.raises(ParkedError, match=r"example.org is left alone until 2026-01-05 05:00:02 UTC.*/b"):
            await crawl.fetch("/b")
        assert server.paths == ["/robots.txt", "/a"]
        clock.advance(7200)
        await crawl.fetch("/b")
    assert server.paths == ["/robots.txt", "/a", "/b"]


async def test_a_broken_connection_is_tried_again_and_slows_the_host_down(clock: VirtualClock) -> None:
    async with site({"/a": [hang_up, hang_up, plain("x")]}, clock) as (server, crawl):
        [exchange] = await crawl.fetch("/a")
    assert exchange.status == 200
    assert server.paths.count("/a") == 3
    assert len(crawl.ledger.of("failed")) == 2
    assert sum(clock.slept) >= GAP + 2 * GAP + 4 * GAP


async def test_a_site_that_stays_down_is_given_up_with_a_sentence(clock: VirtualClock) -> None:
    async with site({"/a": plain("", status="500 Oops")}, clock) as (server, crawl):
        with pytest.raises(RetryableError, match=r"http://example.org/a answered 500 to try 4"):
            await crawl.fetch("/a")
    assert server.paths.count("/a") == 4
    assert len(crawl.pages.kept) == 4


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "401 Unauthorized", "410 Gone"])
async def test_an_answer_about_the_page_is_given_back_at_once(status: str, clock: VirtualClock) -> None:
    async with site({"/a": plain("", status=status)}, clock) as (server, crawl):
        [exchange] = await crawl.fetch("/a")
    assert exchange.status == int(status[:3])
    assert server.paths == ["/robots.txt", "/a"]


# Redirects


def moved(location: str) -> Answer:
    return plain("", f"Location: {location}", status="302 Found")


async def test_each_hop_of_a_redirect_is_kept_paced_and_asked_of_its_own_robots_txt(
    clock: VirtualClock,
) -> None:
    answers: dict[str, Answer | list[Answer]] = {
        "/a": moved("http://example.net/b"),
        "/b": moved("/c"),
        "/c": plain("x"),
    }
    async with site(answers, clock, "example.net") as (server, crawl):
        [exchange] = await crawl.fetch("/a", headers=(("If-None-Match", '"1"'), ("Accept", "text/html")))
    assert exchange.request.url == "http://example.net/c"
    assert server.paths == ["/robots.txt", "/a", "/robots.txt", "/b", "/c"]
    assert crawl.pages.urls() == [f"{SITE}/a", "http://example.net/b", "http://example.net/c"]
    assert sorted(crawl.robots.copies) == ["http://example.net", SITE]
    assert [b"If-None-Match" in head for head in server.heads] == [False, True, False, False, False]
    assert clock.slept == [GAP, GAP, GAP]


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("/private/1", "Disallow: /private"),
        ("http://127.0.0.1/", "not a public address"),
        ("http://[::ffff:169.254.169.254]/latest", "not a public address"),
        ("https://example.org:8443/", "port 8443"),
    ],
)
async def test_a_redirect_to_where_we_may_not_go_is_refused(
    location: str, reason: str, clock: VirtualClock
) -> None:
    async with site({"/a": moved(location)}, clock) as (server, crawl):
        with pytest.raises(RefusedError, match=reason):
            await crawl.fetch("/a")
    assert server.paths == ["/robots.txt", "/a"]
    assert [kept.status for kept in crawl.pages.kept] == [302]


async def test_redirects_that_do_not_end_are_left(clock: VirtualClock) -> None:
    answers: dict[str, Answer | list[Answer]] = {
        f"/{number}": moved(f"/{number + 1}") for number in range(30)
    }
    async with site(answers | {"/loop": moved("/loop")}, clock) as (server, crawl):
        with pytest.raises(SkippableError, match="without end"):
            await crawl.fetch("/0")
        assert server.paths == ["/robots.txt", *(f"/{number}" for number in range(11))]
        with pytest.raises(SkippableError, match="/loop redirects to"):
            await crawl.fetch("/loop")


async def test_a_redirect_to_no_url_at_all_is_the_answer(clock: VirtualClock) -> None:
    async with site({"/a": moved("mailto:us@example.org")}, clock) as (_, crawl):
        [exchange] = await crawl.fetch("/a")
    assert exchange.status == 302
