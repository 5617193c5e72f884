"""The judge over ledgers written by hand: a polite one, and one for each thing that can be wrong."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import UsageError
from scraper.fetch.robots import parse_robots
from scraper.jobs.politeness.judge import Judge, judge_politeness
from scraper.jobs.politeness.lines import Illegible, Line, read_lines
from scraper.jobs.politeness.pace import retry_after
from scraper.jobs.politeness.robots import Body
from scraper.jobs.politeness.rules import read_rules
from scraper.jobs.progress import Progress

SITE = "https://example.org"
NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
RULES = b"User-agent: *\nDisallow: /closed\nCrawl-delay: 4"


class Ledger:
    """Writes a ledger line by line; every line comes ``after`` so many seconds, by the clock, behind the last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = NOON
        self.body: Body | None = None
        (folder / "ledger").mkdir()
        (folder / "warc").mkdir()
        self.line("began", "", agent="postkeep")

    def line(self, event: str, path: str, after: float = 0.0, rule: str = "x", **detail: Any) -> None:
        self.now += timedelta(seconds=after)
        host = "" if event == "began" else "example.org"
        entry = {
            "at": self.now.isoformat(),
            "event": event,
            "host": host,
            "url": f"{SITE}{path}",
            "rule": rule,
        }
        self.write(json.dumps(entry | {"detail": detail}))

    def write(self, text: str, end: str = "\n") -> None:
        with (self.folder / "ledger" / "2026-01.jsonl").open("a", encoding="utf-8") as file:
            file.write(text + end)

    def ask_robots(
        self, after: float = 0.0, status: int | None = 200, gap: float | None = None, hop: int = 0
    ) -> None:
        self.line("request", "/robots.txt", after, own_delay=2.0, origin=SITE, hop=hop, gap_kept=gap)
        self.answer("/robots.txt", status)

    def ask(self, path: str = "/a", after: float = 2.0, **detail: Any) -> None:
        robots = {"robots_status": 200, "robots_at": self.robots_at}
        told: dict[str, Any] = {"own_delay": 2.0, "gap_kept": after, **robots}
        self.line("request", path, after, **(told | detail))

    def answer(self, path: str = "/a", status: int | None = 200, elapsed: float = 0.0, **detail: Any) -> None:
        event = "failed" if status is None else "answer"
        captured = {"captured_at": self.now.isoformat(), "payload_digest": "sha256:0"}
        self.line(event, path, elapsed, status=status, elapsed=elapsed, **captured, **detail)
        if path == "/robots.txt":
            self.robots_at = self.now.isoformat()

    def judged(self) -> list[str]:
        judge = Judge(lambda _url, _at, _digest: self.body)
        return [violation.sentence for violation in judge.violations(read_lines(self.folder))]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path)


def one(sentences: Iterable[str]) -> str:
    [sentence] = sentences
    return sentence


def test_a_polite_run_has_nothing_against_it(ledger: Ledger) -> None:
    ledger.ask_robots()
    for _ in range(3):
        ledger.ask(after=2.0)
        ledger.answer()
    assert ledger.judged() == []


def test_a_report_counts_what_was_judged_and_a_violation_fails(ledger: Ledger) -> None:
    ledger.ask_robots()
    report = judge_politeness(ledger.folder, Progress())
    assert (report.exit_code, report.items[0].reason) == (
        0,
        "Every rule of politeness was kept; requests: 1, hosts: 1.",
    )
    ledger.ask(after=1.0)
    report = judge_politeness(ledger.folder, Progress())
    assert (report.exit_code, report.items[0].target) == (1, f"{SITE}/a")
    assert report.items[0].reason == (
        "The request of 2026-01-05 12:00:01 UTC for https://example.org/a left 1.000 s after the host's last answer, "
        "although 2.000 s were owed (the delay of the host) (ledger/2026-01.jsonl line 4)."
    )


def test_a_folder_that_is_no_archive_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no archive"):
        judge_politeness(tmp_path, Progress())


# The gap


@pytest.mark.parametrize(
    ("answer", "owed", "ground"),
    [
        ({"elapsed": 20.0}, 40.0, "twice the time of the last answer"),
        ({"retry_after_raw": "90"}, 90.0, "Retry-After"),
        ({"status": 302, "retry_after_raw": "7.5"}, 7.5, "Retry-After"),
        ({"status": 503}, 4.0, "the delay of the host"),
        ({"status": 429}, 4.0, "the delay of the host"),
        ({"status": None}, 4.0, "the delay of the host"),
    ],
)
def test_each_ground_of_a_gap_is_reckoned_with(
    answer: dict[str, Any], owed: float, ground: str, ledger: Ledger
) -> None:
    ledger.ask_robots()
    ledger.ask(after=2.0)
    ledger.answer(**answer)
    ledger.ask(after=owed - 0.01)
    assert f"although {owed:.3f} s were owed ({ground})" in one(ledger.judged())


def test_a_host_in_trouble_is_owed_twice_as_much_each_time_and_recovers_by_a_quarter(ledger: Ledger) -> None:
    ledger.ask_robots()
    gaps = [2.0, 4.0, 8.0, 16.0, 12.0, 9.0]
    for gap, status in zip(gaps, [500, None, 429, 200, 200, 404], strict=True):
        ledger.ask(after=gap)
        ledger.answer(status=status)
    assert ledger.judged() == []
    ledger.ask(after=6.7)
    assert "6.750 s were owed" in one(ledger.judged())


def test_a_crawl_delay_is_read_from_the_archived_robots_txt(ledger: Ledger) -> None:
    ledger.body = Body(RULES)
    ledger.ask_robots()
    ledger.ask(after=2.0)
    assert "4.000 s were owed (its delay or Crawl-delay)" in one(ledger.judged())


def test_two_requests_at_a_time_are_seen(ledger: Ledger) -> None:
    ledger.ask_robots()
    ledger.ask(after=2.0)
    ledger.ask("/b", after=2.0)
    assert "while the host was still busy with https://example.org/a" in one(ledger.judged())


def test_a_request_that_a_crash_cut_off_is_not_still_under_way_in_the_next_run(ledger: Ledger) -> None:
    ledger.ask_robots()
    ledger.ask(after=2.0)
    ledger.line("began", "", agent="postkeep")
    ledger.ask(after=2.0)
    assert ledger.judged() == []


def test_a_gap_claimed_longer_than_it_was_is_seen(ledger: Ledger) -> None:
    ledger.ask_robots()
    ledger.ask(after=2.0, gap_kept=9.0)
    assert "claims a gap of 9.0 s, where the lines show 2.000 s" in one(ledger.judged())


def test_a_clock_set_back_does_not_stand_for_time_that_passed(ledger: Ledger) -> None:
    ledger.ask_robots()
    ledger.line("waiting", "/a", after=-500.0)
    ledger.ask(after=1.0, robots_at=ledger.now.isoformat())
    assert "1.000 s after the host's last answer, although 2.000 s were owed" in ledger.judged()[-1]


def test_a_delay_below_the_least_is_for_our_own_servers_alone(ledger: Ledger) -> None:
    ledger.ask_robots()
    ledger.ask(after=4.0, own_delay=0.5, lifted=True)
    ledger.answer()
    assert ledger.judged() == []
    ledger.ask(after=4.0, own_delay=0.5)
    assert "goes by a delay of 0.5 s" in one(ledger.judged())


def test_a_host_whose_terms_forbid_it_is_not_visited_without_a_reason(ledger: Ledger) -> None:
    ledger.ask_robots()
    ledger.ask(after=2.0, terms="forbid", terms_reason="written leave")
    ledger.answer()
    ledger.ask(after=2.0, terms="forbid", terms_reason=None)
    assert "whose terms forbid it, without a written reason" in one(ledger.judged())


# robots.txt


def test_a_page_before_robots_txt_is_seen(ledger: Ledger) -> None:
    ledger.robots_at = NOON.isoformat()
    ledger.ask()
    assert "robots.txt was never asked for" in one(ledger.judged())


@pytest.mark.parametrize("status", [429, 500, 503, 301, None])
def test_a_page_of_a_site_whose_robots_txt_refuses_is_seen(status: int | None, ledger: Ledger) -> None:
    ledger.ask_robots(status=status)
    ledger.ask(after=8.0, robots_status=status)
    said = "could not be had" if status is None else f"answered {status}"
    assert f"goes to a site whose robots.txt {said}" in one(ledger.judged())


@pytest.mark.parametrize("status", [404, 403, 410])
def test_no_robots_txt_allows(status: int, ledger: Ledger) -> None:
    ledger.ask_robots(status=status)
    ledger.ask(robots_status=status)
    assert ledger.judged() == []


def test_a_page_that_robots_txt_closes_is_seen(ledger: Ledger) -> None:
    ledger.body = Body(RULES)
    ledger.ask_robots()
    ledger.ask("/closed/1", after=4.0)
    assert "goes where robots.txt says no (line 2: Disallow: /closed)" in one(ledger.judged())


def test_a_page_that_was_refused_before_is_seen_without_the_robots_txt_itself(ledger: Ledger) -> None:
    ledger.ask_robots()
    ledger.line("refused", "/closed/1", rule="robots.txt line 2: Disallow: /closed")
    ledger.ask("/closed/1")
    assert "was refused under this very robots.txt before" in one(ledger.judged())


def test_a_robots_txt_that_cannot_be_decoded_refuses(ledger: Ledger) -> None:
    ledger.body = Body(RULES, is_readable=False)
    ledger.ask_robots()
    ledger.ask(robots_status=None)
    assert "could not be had" in one(ledger.judged())


def test_a_robots_txt_older_than_a_day_is_seen(ledger: Ledger) -> None:
    ledger.ask_robots()
    ledger.ask(after=86_000.0)
    ledger.answer()
    ledger.ask(after=500.0)
    assert "goes by a robots.txt that is 1 day" in one(ledger.judged())


def test_a_robots_txt_from_the_future_is_seen(ledger: Ledger) -> None:
    ledger.ask_robots()
    ledger.line("began", "", after=-100.0, agent="postkeep")
    ledger.ask(after=2.0)
    assert "from the future" in one(ledger.judged())


def test_another_robots_txt_than_the_last_is_seen(ledger: Ledger) -> None:
    ledger.ask_robots()
    before = ledger.robots_at
    ledger.ask_robots(after=3600.0, gap=3600.0)
    ledger.ask(robots_at=before)
    assert "goes by another robots.txt than the last" in one(ledger.judged())


def test_a_sixth_redirect_of_robots_txt_is_seen(ledger: Ledger) -> None:
    ledger.ask_robots(hop=5)
    ledger.ask_robots(after=2.0, gap=2.0, hop=6)
    assert "more than 5 redirects" in one(ledger.judged())


# The ledger itself


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"at": "x"}', "글", '{"at":1,"event":2}'])
def test_a_line_that_is_none_is_named(text: str, ledger: Ledger) -> None:
    ledger.write(text)
    assert one(ledger.judged()) == "ledger/2026-01.jsonl line 2 is no line of a ledger."


def test_a_last_line_that_a_crash_cut_short_is_passed_over(ledger: Ledger) -> None:
    ledger.write('{"at": "2026-', end="")
    assert ledger.judged() == []


def test_an_answer_to_no_request_is_seen(ledger: Ledger) -> None:
    ledger.answer()
    assert "tells of an answer to no request" in one(ledger.judged())


def test_a_url_that_was_hashed_after_a_takedown_is_judged_by_its_host_alone(ledger: Ledger) -> None:
    ledger.ask_robots()
    ledger.write(
        json.dumps(
            {
                "at": (NOON + timedelta(seconds=1)).isoformat(),
                "event": "request",
                "host": "example.org",
                "url": "hmac-sha256:00",
                "rule": "x",
                "detail": {"own_delay": 2.0, "gap_kept": 1.0},
            }
        )
    )
    assert "2.000 s were owed" in one(ledger.judged())


@given(st.lists(st.floats(-1e5, 1e5), max_size=20), st.sampled_from(["began", "request", "waiting"]))
def test_the_scale_of_seconds_never_counts_more_than_passed_by_the_clock(
    tmp_path_factory: pytest.TempPathFactory, steps: list[float], event: str
) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("A"))
    for step in steps:
        ledger.line(event, "/", after=step)
    lines = [line for line in read_lines(ledger.folder) if isinstance(line, Line)]
    passed = sum(step for step in steps if step > 0)
    assert lines[-1].seconds - lines[0].seconds <= passed + 1e-3


@given(st.binary(max_size=300))
def test_no_bytes_make_the_judge_raise(tmp_path_factory: pytest.TempPathFactory, text: bytes) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("A"))
    (ledger.folder / "ledger" / "2026-02.jsonl").write_bytes(text)
    assert len(ledger.judged()) == sum(isinstance(line, Illegible) for line in read_lines(ledger.folder))


# The judge's own readings


@pytest.mark.parametrize(
    ("value", "date", "expected"),
    [
        ("120", None, 120.0),
        ("4.5", None, 4.5),
        ("9" * 99, None, 30 * 86400.0),
        (format_datetime(NOON + timedelta(seconds=30), usegmt=True), None, 30.0),
        (
            format_datetime(NOON + timedelta(seconds=30), usegmt=True),
            format_datetime(NOON - timedelta(seconds=30), usegmt=True),
            60.0,
        ),
        ("soon", None, 0.0),
        ("-5", None, 0.0),
        (None, None, 0.0),
    ],
)
def test_the_judge_reads_retry_after(value: str | None, date: str | None, expected: float) -> None:
    assert retry_after(value, date, NOON) == expected


@pytest.mark.parametrize(
    ("robots_txt", "path", "refused"),
    [
        ("User-agent: *\nDisallow: /a", "/a/b", True),
        ("User-agent: PostKeep\nDisallow: /a\n\nUser-agent: *\nDisallow: /b", "/b", False),
        ("User-agent: postkeep\nAllow: /\n\nUser-agent: x\nUser-agent: postkeep\nDisallow: /b", "/b", True),
        ("User-agent: *\nAllow: /p\nDisallow: /", "/page", False),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /*.gif$", "/x.gif?y", False),
        ("User-agent: *\nDisallow: /*.gif$", "/x.gif", True),
        ("User-agent: *\nDisallow: /foo/bar/ツ", "/foo/bar/%E3%83%84", True),
        ("User-agent: *\nDisallow: /%62ar", "/bar", True),
        ("User-agent: *\nCrawl-delay: 3\nDisallow: /a", "/a", True),
        ("\ufeffUser-agent: *\r\nDisallow: /a # no", "/a", True),
        ("Disallow: /a", "/a", False),
    ],
)
def test_the_judge_reads_robots_txt_by_the_rfc(robots_txt: str, path: str, refused: bool) -> None:
    assert (read_rules(robots_txt.encode(), "postkeep").refusal(SITE + path) is not None) is refused


paths = st.text(st.sampled_from("/ab*$?=%2Fé글"), max_size=10).map(lambda text: "/" + text)
records = st.one_of(
    st.tuples(st.sampled_from(["Allow", "Disallow"]), paths),
    st.tuples(st.just("User-agent"), st.sampled_from(["*", "postkeep", "other", "postkeep/2"])),
    st.tuples(st.just("Crawl-delay"), st.sampled_from(["1", "2.5", "soon", ".5"])),
)


@given(st.lists(records, max_size=8), paths)
def test_what_the_crawler_allows_the_judge_never_finds_refused(
    records: list[tuple[str, str]], path: str
) -> None:
    body = "\n".join(f"{key}: {value}" for key, value in records).encode()
    crawler, judge = parse_robots(body), read_rules(body, "postkeep")
    assert judge.crawl_delay <= (crawler.crawl_delay("postkeep") or 0.0)
    if crawler.verdict("postkeep", SITE + path).allowed:
        assert judge.refusal(SITE + path) is None
