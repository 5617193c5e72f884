"""Drift on features: what is misread rings in one run, and a thousand quiet nights of honest change do not."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

import pytest

from scraper.drift.chance import Prior, Tally, chance
from scraper.drift.features import REJECTED, Features, features_of
from scraper.drift.signs import Sign, Visited
from scraper.drift.verdict import Finding, PastRun, judge
from tests.examples import few_of
from tests.records.drift_world import MISREADINGS, Habits, Judge, Site, misread
from tests.records.samples import a_comment, a_post, counts, read

PAGES = 50


@cache
def accustomed(seed: int, runs: int) -> tuple[Judge, dict[int, Features]]:
    """A judge that has seen so many runs of a site, and the pages of the next one."""
    site, judge = Site(Habits.drawn(seed)), Judge()
    for _ in range(runs):
        pages = site.night(PAGES)
        judge.keep(pages, judge.judge(pages))
    return judge, site.night(PAGES)


@pytest.mark.thorough
# Ten sites of a hundred nights are a thousand runs.
@pytest.mark.parametrize("seed", few_of(range(10), 1))
def test_quiet_nights_do_not_ring(seed: int) -> None:
    rung = ringing(seed)
    assert len(rung) <= 1, f"seed {seed}: {rung}"


def ringing(seed: int) -> dict[int, tuple[Finding, ...]]:
    """The nights, of a hundred of one site, that ring, with what they find."""
    site, judge = Site(Habits.drawn(seed)), Judge()
    rung = {}
    for night in range(100):
        pages = site.night()
        verdict = judge.judge(pages)
        if verdict.findings:
            rung[night] = verdict.findings
        judge.keep(pages, verdict)
    return rung


@pytest.mark.parametrize("name", MISREADINGS)
@pytest.mark.parametrize("runs", [1, 6])
def test_each_misreading_of_fifty_pages_rings_in_one_run(name: str, runs: int) -> None:
    assert missed_of(range(20, 25), runs, name, share=1.0) == []


@pytest.mark.parametrize(
    "name", ["every title missing", "dates unreadable", "dates shifted", "counts vanish", "all gated"]
)
def test_one_field_on_a_tenth_of_the_pages_rings(name: str) -> None:
    assert missed_of(titled(range(20, 24)), 6, name, share=0.1) == []


def titled(seeds: Iterable[int]) -> list[int]:
    """The seeds of those sites on which most posts have a title."""
    return [seed for seed in seeds if Habits.drawn(seed).untitled < 0.5]


def missed_of(seeds: Iterable[int], runs: int, name: str, share: float) -> list[int]:
    """The seeds of the sites that do not ring where this share of fifty pages is misread."""
    return [
        seed
        for seed in seeds
        if not _rings(*accustomed(seed, runs), name, share=share, dice=random.Random(seed))
    ]


def _rings(judge: Judge, pages: dict[int, Features], name: str, share: float, dice: random.Random) -> bool:
    return bool(judge.judge(misread(pages, MISREADINGS[name], share, dice)).findings)


def test_the_first_run_of_a_site_is_the_measure_and_cannot_ring() -> None:
    site = Site(Habits.drawn(1))
    pages = dict.fromkeys(site.night(PAGES), REJECTED)
    assert Judge().judge(pages).findings == ()


def test_three_pages_that_lost_their_titles_ring() -> None:
    judge, pages = accustomed(20, 6)
    titled = {number: seen for number, seen in pages.items() if seen.title and number in judge.last}
    few = dict(list(titled.items())[:3])
    assert judge.judge(few).findings == ()
    lost = {number: replace(seen, title=None) for number, seen in few.items()}
    assert {finding.sign.field for finding in judge.judge(lost).findings} == {"title"}


def test_what_the_owner_accepted_is_the_measure_from_then_on() -> None:
    titled = [Features(layout="a", status="live", title=f"{number}") for number in range(PAGES)]
    untitled = [replace(seen, title=None) for seen in titled]

    def visits(before: list[Features], now: list[Features], sequence: int) -> Iterator[Visited]:
        for number, (was, is_now) in enumerate(zip(before, now, strict=True)):
            yield Visited(f"{number}", is_now, was, f"before {number}", sequence)

    quiet = judge(visits(titled, titled, 1), [])
    past = [PastRun(51, quiet.tallies)]
    departed = judge(visits(titled, untitled, 51), past)
    (finding,) = departed.findings
    assert (finding.sign, finding.now, finding.past) == (
        Sign("again", "title", "missing"),
        Tally(PAGES, PAGES),
        Tally(0, PAGES),
    )
    assert finding.examples == (("0", "before 0"), ("1", "before 1"), ("2", "before 2"))
    # Posts that the accepted run did not visit are no longer held against what they were.
    since = {finding.sign.key: 101}
    past.append(PastRun(101, departed.tallies))
    assert judge(visits(titled, untitled, 51), past, since).findings == ()
    assert judge(visits(untitled, untitled, 101), past, since).findings == ()


def test_one_member_who_takes_another_name_is_one_change() -> None:
    def post(number: int, author: str) -> Features:
        return Features(layout="a", status="live", text=f"{number}", author=author)

    before = [post(number, "prolific" if number < 30 else f"{number}") for number in range(PAGES)]
    renamed = [replace(seen, author="new" if seen.author == "prolific" else seen.author) for seen in before]
    site_wide = [replace(seen, author="the site") for seen in before]

    def findings(now: list[Features]) -> set[str]:
        visits = [
            Visited(f"{n}", new, old, "", 1) for n, (old, new) in enumerate(zip(before, now, strict=True))
        ]
        return {finding.sign.key for finding in judge(visits, []).findings}

    assert findings(renamed) == set()
    assert findings(site_wide) == {"again|author|become one|", "again|author|changed|"}


def test_one_member_who_takes_all_their_posts_along_is_one_change_and_a_site_that_loses_many_is_not() -> None:
    gone = Features(status="gone")

    def findings(authors: list[str], leavers: set[str]) -> set[str]:
        before = [Features(layout="a", status="live", text=f"{n}", author=it) for n, it in enumerate(authors)]
        now = [gone if seen.author in leavers else seen for seen in before]
        visits = [
            Visited(f"{n}", new, old, "", 1) for n, (old, new) in enumerate(zip(before, now, strict=True))
        ]
        return {finding.sign.key for finding in judge(visits, []).findings}

    many = ["prolific" if number < 30 else f"{number}" for number in range(PAGES)]
    assert findings(many, {"prolific"}) == set()
    assert findings(many, {"prolific", "30", "31", "32", "33"}) == {"again|author|gone|"}
    assert findings(["the only one"] * 3, {"the only one"}) == {"again|status|gone|"}
    assert findings(["the only one"], {"the only one"}) == set()


def test_a_chance_is_one_for_nothing_and_falls_with_every_hit() -> None:
    past, prior = [Tally(1, 50)] * 4, Prior(0.5, 30, 0.6)
    chances = [chance(Tally(hits, 50), past, prior) for hits in range(51)]
    assert chances[0] == 1.0
    assert chances == sorted(chances, reverse=True)
    assert 0 < chances[50] < 1e-12


def test_runs_that_differ_much_among_themselves_make_a_high_share_likelier() -> None:
    steady, moody = [Tally(10, 50)] * 8, [Tally(0, 50), Tally(20, 50)] * 4
    now, prior = Tally(30, 50), Prior(0.5, 1, 0.3)
    assert chance(now, moody, prior) > 1000 * chance(now, steady, prior)


def test_features_are_kept_whole_and_hold_no_word_of_a_text_or_a_name() -> None:
    reading = read(a_post(counts=counts(views=7, comments=1)), [a_comment("<div class='x'>읽음</div>")])
    seen = features_of(reading)
    assert Features.of_json(seen.as_json()) == seen
    assert (seen.comments, seen.counts, seen.junk) == (1, {"views": 7, "comments_declared": 1}, ("tags",))
    assert not any(word in seen.as_json() for word in ("문단", "산책", "하늘", "읽음"))
    assert Features.of_json(REJECTED.as_json()) == REJECTED


@pytest.mark.parametrize(
    ("text", "junk"),
    [
        ("줄 하나<br/>줄 둘", ("tags",)),
        ('{"props":{"pageProps":{}}}', ("json",)),
        ("self.__next_f.push([1])", ("script",)),
        ("a &nbsp; b", ("entities",)),
        ("`<div>`로 감싸고\n\n```\n<p>코드</p>\n```", ()),
        ("3 < 5 이고 a > b 입니다", ()),
    ],
)
def test_junk_is_what_no_author_writes_outside_code(text: str, junk: tuple[str, ...]) -> None:
    assert features_of(read(a_post(text))).junk == junk
