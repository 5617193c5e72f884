"""Drift on hosts with few posts: they are judged by the posts of their layout on all hosts of the archive."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from scraper.discussion import flattened
from scraper.drift.book import Acceptances, DriftBook, RunOfSite, SeenVisit
from scraper.drift.features import Features
from scraper.records.store import RecordStore
from scraper.sites import generic
from tests.records.drift_world import GONE, MISREADINGS, Misreading

BOARD, BLOG = "phpbb.html/1", "wordpress.html/1"
PARTS = ("text", "author_id", "published_at")
Posts = Mapping[str, list[Features]]
"""What one run read: the posts of each host, first host first."""


def posts(host: str, number: int, layout: str = BOARD, first: int = 0) -> list[Features]:
    """Posts that were read well, each with two comments."""
    return [
        Features(
            layout=layout,
            status="live",
            access="full",
            language="ko",
            title=f"title {host} {n}",
            text=f"text {host} {n}",
            text_length=400 + 37 * n,
            author=f"author {host} {n}",
            published_at=f"2026-01-0{n % 9 + 1}T03:00:00Z",
            precision="minute",
            counts={"comments_declared": 2},
            comments=2,
            comment_texts=(f"first {host} {n}", f"second {host} {n}"),
            comment_parts=dict.fromkeys(PARTS, 2),
        )
        for n in range(first, first + number)
    ]


NULLS: Mapping[str, Misreading] = {
    "text": lambda seen: replace(seen, text=None, text_length=0),
    "author": lambda seen: replace(seen, author=None),
    "published_at": MISREADINGS["dates unreadable"],
    "comments": lambda seen: replace(seen, comments=0, comment_texts=(), comment_parts={}),
    "comments.text": lambda seen: replace(
        seen, comment_texts=(), comment_parts={**seen.comment_parts, "text": 0}
    ),
}


class Shelf:
    """A drift book, and the runs that are noted in it."""

    def __init__(self, records: RecordStore) -> None:
        self.book = DriftBook(records)
        self.runs = self.visits = 0

    def note(self, read: Posts, first: int = 0) -> str:
        """One run whose visits go from host to host in turn; posts of a host are numbered from ``first``."""
        self.runs += 1
        run = f"run {self.runs}"
        for n in range(max(map(len, read.values()))):
            for host, seen in read.items():
                if n < len(seen):
                    self.visits += 1
                    visit_id = f"visit {self.visits}"
                    post_id = f"{host}:{first + n}"
                    self.book.note(
                        SeenVisit(
                            visit_id, run, host, post_id, self.visits, None, is_whole=True, features=seen[n]
                        )
                    )
        return run

    def rung(self, accepted: Acceptances | None = None) -> dict[RunOfSite, set[str]]:
        """The fields of the signs that ring, by run and host."""
        self.book.judge(accepted or {})
        return {drift.place: {it.sign.field for it in drift.findings} for drift in self.book.drifts()}


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with RecordStore(tmp_path / "records.sqlite", "f") as records:
        yield Shelf(records)


def known_boards() -> Posts:
    return {"moss.example": posts("moss", 8), "fern.example": posts("fern", 12)}


@pytest.mark.parametrize("number", [1, 3, 9, 30])
def test_a_new_host_whose_posts_read_well_rings_nothing(shelf: Shelf, number: int) -> None:
    shelf.note(known_boards())
    shelf.note({"new.example": posts("new", number)})
    shelf.note({"new.example": posts("new", number, first=number)}, first=number)
    assert shelf.rung() == {}


def test_quiet_posts_without_answers_tags_or_a_language_and_gated_ones_ring_nothing(shelf: Shelf) -> None:
    lively = [
        replace(seen, lists={"tags": "x"}, counts={**seen.counts, "likes": 3}) for seen in posts("a", 30)
    ]
    shelf.note({"a.example": lively})
    quiet = [
        replace(seen, language=None, counts={}, comments=0, comment_texts=(), comment_parts={})
        for seen in posts("quiet", 8)
    ]
    gated = [replace(seen, access="gated", text=None, text_length=0) for seen in quiet]
    shelf.note({"quiet.example": quiet, "gated.example": gated, "gone.example": [GONE] * 5})
    assert shelf.rung() == {}


@pytest.mark.parametrize("field", NULLS)
def test_a_new_host_whose_posts_lack_what_the_layout_always_has_rings(shelf: Shelf, field: str) -> None:
    shelf.note(known_boards())
    run = shelf.note({"new.example": [NULLS[field](seen) for seen in posts("new", 8)]})
    rung = shelf.rung()
    assert list(rung) == [RunOfSite("new.example", run)]
    assert field in rung[RunOfSite("new.example", run)]
    # Its run is no measure: the same posts in the next one are as much amiss, and read well they end it.
    again = shelf.note({"new.example": [NULLS[field](seen) for seen in posts("new", 8)]})
    assert set(shelf.rung()) == {("new.example", run), ("new.example", again)}
    shelf.note({"new.example": posts("new", 8)})
    assert shelf.rung() == {}


def test_a_host_is_judged_so_until_it_has_ten_posts(shelf: Shelf) -> None:
    untitled = [replace(seen, author=None) for seen in posts("own", 20)]
    shelf.note({"nine.example": untitled[:9], "ten.example": untitled[:10]})
    shelf.note({"fern.example": posts("fern", 200)})
    run = shelf.note({"nine.example": untitled[10:], "ten.example": untitled[10:]}, first=10)
    assert shelf.rung() == {}, run


@pytest.mark.parametrize("layout", [generic.LAYOUT, flattened.LAYOUT])
def test_the_layouts_for_any_software_are_no_measure_across_hosts(shelf: Shelf, layout: str) -> None:
    shelf.note({"a.example": posts("a", 40, layout)})
    shelf.note({"new.example": [NULLS["text"](seen) for seen in posts("new", 9, layout)]})
    assert shelf.rung() == {}


def test_posts_of_another_layout_are_no_measure(shelf: Shelf) -> None:
    shelf.note({"a.example": posts("a", 40, BLOG)})
    shelf.note({"new.example": [NULLS["text"](seen) for seen in posts("new", 9)]})
    assert shelf.rung() == {}


def test_what_the_owner_accepted_of_a_host_is_not_held_against_others(shelf: Shelf) -> None:
    shelf.note(known_boards())
    run = shelf.note({"new.example": [NULLS["author"](seen) for seen in posts("new", 5)]})
    shelf.note({"new.example": [NULLS["author"](seen) for seen in posts("new", 4, first=5)]}, first=5)
    assert len(shelf.rung()) == 2
    accepted = {RunOfSite("new.example", run): frozenset({f"new|author|missing|{BOARD}"})}
    assert shelf.rung(accepted) == {}


@pytest.mark.parametrize("names", [*permutations(("a.example", "b.example", "c.example"))])
def test_the_order_of_hosts_does_not_matter(tmp_path: Path, names: tuple[str, str, str]) -> None:
    known, bad, good = names
    second = {bad: [NULLS["text"](seen) for seen in posts("bad", 6)], good: posts("good", 6)}
    for reads in (second, dict(reversed(second.items()))):
        path = tmp_path / f"{'-'.join(reads)}.sqlite"
        with RecordStore(path, "f") as records:
            shelf = Shelf(records)
            shelf.note({known: posts("known", 20)})
            run = shelf.note(reads)
            assert shelf.rung() == {RunOfSite(bad, run): {"text"}}


def test_runs_judged_one_by_one_are_judged_as_all_at_once(tmp_path: Path) -> None:
    runs: list[Posts] = [
        {"z.example": posts("z", 6)},
        {"y.example": posts("y", 6)},
        {"a.example": [NULLS["published_at"](seen) for seen in posts("a", 6)], "y.example": posts("y", 6)},
        {"b.example": posts("b", 6), "a.example": posts("a", 3)},
    ]
    rung = []
    for judges_each in (True, False):
        with RecordStore(tmp_path / f"{judges_each}.sqlite", "f") as records:
            shelf = Shelf(records)
            for read in runs:
                shelf.note(read)
                if judges_each:
                    shelf.rung()
            rung.append(shelf.rung())
    assert rung[0] == rung[1] == {("a.example", "run 3"): {"published_at"}}
