"""What was taken down stays down although a better reader gives a post, a comment or a person another id.

Each case keeps a page after its tombstone was written by the reader of before: the ids are those that it gave.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.archive.decisions import append_decision, read_decisions
from scraper.archive.files import KEY_FILE, RECORDS_FILE
from scraper.dataset.read import open_export
from scraper.errors import StopError
from scraper.jobs.extract.anew import extract
from scraper.jobs.forget import forget
from scraper.jobs.merge import merge
from scraper.jobs.publication.export import export, records_up_to_date
from scraper.jobs.publication.release_check import ReleaseCheck
from scraper.jobs.workplace import Workplace
from scraper.model.decision import Decision
from scraper.records.contract import Contract, Row
from scraper.records.people import Pseudonyms, load_or_create_key
from scraper.records.store import Records
from tests.clock import VirtualClock
from tests.field.blogs import GENERATOR
from tests.jobs.workplaces import workplace_at
from tests.takedown.archives import keep_page, writing
from tests.takedown.searching import places_of

URL = "https://blog.example/?p=4"
SHE = "Jonas Weiß"
HER_WORDS = "Was ich dazu noch sagen wollte, und zwar ausführlich."
OTHER_WORDS = "그 뒤에 온 사람이 남긴 다른 이야기입니다."
ROOT = '<link rel="https://api.w.org/" href="https://blog.example/index.php?rest_route=/">'


def blog(head: str, said: str) -> bytes:
    return (
        f'<!doctype html><html lang="de"><head>{GENERATOR}{head}<title>Ein Tag im Schnee</title></head><body class="single single-post postid-4">'
        '<h1 class="entry-title">Ein Tag im Schnee</h1><div class="entry-content"><p>Der Text des Beitrags steht hier.</p></div><ol>'
        f'<li id="comment-5" class="comment depth-1"><div class="comment-author vcard">{said}</div><div class="comment-content"><p>{HER_WORDS}</p></div></li>'
        '<li id="comment-6" class="comment depth-1"><div class="comment-author vcard"><b class="fn">Bo</b></div>'
        f'<div class="comment-content"><p>{OTHER_WORDS}</p></div></li></ol></body></html>'
    ).encode()


@dataclass(frozen=True)
class Case:
    """A page, the id that the reader of before gave to what was taken down, and what must be gone."""

    head: str
    said: str
    former: Callable[[Pseudonyms], str]
    gone: tuple[str, ...]
    url: str = URL


IN_FOLDER = '<script src="/club/wp-includes/js/jquery.js"></script><link rel="alternate" type="application/rss+xml" href="/club/feed/">'
RAW = f"{SHE} 21. Juni 2019 um 14:07 Uhr - Antworten"
CASES = {
    "author with date and button": Case("", RAW, lambda people: people.author_id("blog.example", "name", RAW), (SHE, HER_WORDS)),
    "author with a verb": Case("", f"{SHE} schrieb:", lambda people: people.author_id("blog.example", "name", f"{SHE} schrieb:"), (SHE, HER_WORDS)),
    "post by the script of its API": Case(ROOT, SHE, lambda _: "blog.example:index.php/posts-4", (SHE, HER_WORDS, OTHER_WORDS)),
    "comment by the script of its API": Case(ROOT, SHE, lambda _: "blog.example:index.php/posts-4#5", (HER_WORDS,)),
    "comment without an id before": Case(
        "", SHE, lambda people: people.comment_id("blog.example:posts-4", people.author_id("blog.example", "name", SHE), HER_WORDS, 1), (HER_WORDS,)
    ),
    "post in a folder told by its assets": Case(IN_FOLDER, SHE, lambda _: "blog.example:posts-4", (SHE, HER_WORDS, OTHER_WORDS), "https://blog.example/club/snow/"),
    "author in a folder": Case(
        IN_FOLDER, SHE, lambda people: people.author_id("blog.example", "name", SHE), (SHE, HER_WORDS), "https://blog.example/club/snow/"
    ),
}  # fmt: skip


@pytest.fixture(params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    return workplace_at(tmp_path / "archive", VirtualClock())


def kept(place: Workplace, case: Case) -> Pseudonyms:
    people = Pseudonyms(load_or_create_key(place.folder / KEY_FILE))
    with writing(place) as archive:
        keep_page(archive, case.url, blog(case.head, case.said))
    return people


def rows(place: Workplace) -> list[Row]:
    with Records.open_to_read(place.folder / RECORDS_FILE) as records:
        return [*records.rows("posts"), *records.rows("comments")]


@pytest.mark.thorough
def test_what_has_a_tombstone_under_a_former_id_does_not_come_back(place: Workplace, case: Case) -> None:
    place.folder.mkdir(parents=True, exist_ok=True)
    with writing(place):
        pass
    people = Pseudonyms(load_or_create_key(place.folder / KEY_FILE))
    former = case.former(people)
    append_decision(
        place.folder,
        Decision("tombstone", former, datetime(2026, 1, 1, tzinfo=UTC), "Asked by its author"),
        place.disk,
    )
    kept(place, case)
    extract(place)
    assert places_of(place.folder, *(words for words in case.gone if words != SHE)) == []
    tombstones = [each for each in read_decisions(place.folder) if each.kind == "tombstone"]
    assert {each.subject for each in tombstones} > {former}
    assert {each.reason for each in tombstones} == {"Asked by its author"}
    extract(place)
    texts = [row["text"] for row in rows(place)]
    assert HER_WORDS not in texts
    assert (OTHER_WORDS in texts) == (OTHER_WORDS not in case.gone)


@pytest.mark.thorough
def test_a_former_id_names_what_is_to_be_forgotten(place: Workplace, case: Case) -> None:
    people = kept(place, case)
    extract(place)
    assert HER_WORDS in [row["text"] for row in rows(place)]
    forget(case.former(people), place, reason="Asked by its author")
    assert HER_WORDS not in [row["text"] for row in rows(place)]
    assert places_of(place.folder, *(words for words in case.gone if words != SHE)) == []


@pytest.mark.thorough
def test_forget_reaches_a_person_by_name_over_all_that_stands_around_it(place: Workplace) -> None:
    with writing(place) as archive:
        for number, said in enumerate((RAW, f"{SHE} dijo:", f"Comment by {SHE}"), 1):
            keep_page(
                archive,
                f"https://blog.example/{number}/",
                blog("", said).replace(b"postid-4", b"postid-%d" % number),
                number,
            )
    extract(place)
    assert len({row["author_id"] for row in rows(place) if row["text"] == HER_WORDS}) == 1
    forget(SHE, place, reason="Asked by its author")
    assert places_of(place.folder, HER_WORDS, SHE) == []
    assert sum(row["text"] == OTHER_WORDS for row in rows(place)) == 3


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "signature"),
    [("author with date and button", RAW), ("author with a verb", f"{SHE} schrieb:")],
)
def test_forget_reaches_a_person_by_all_that_a_page_signs_their_comment_with(
    place: Workplace, name: str, signature: str
) -> None:
    kept(place, CASES[name])
    extract(place)
    forget(signature, place, reason="Asked by its author")
    assert places_of(place.folder, HER_WORDS, SHE) == []


@pytest.mark.parametrize("name", [name for name in CASES if "comment" not in name])
def test_who_opted_out_under_a_former_id_is_in_no_dataset(
    name: str, place: Workplace, tmp_path: Path
) -> None:
    case = CASES[name]
    people = kept(place, case)
    (place.folder / "opt-out.txt").write_text(case.former(people) + "\n", encoding="utf-8")
    export(tmp_path / "dataset", replace(place, settings=replace(place.settings, opt_out="opt-out.txt")))
    assert exported(tmp_path / "dataset") == {OTHER_WORDS} - set(case.gone)


@pytest.mark.parametrize(
    "line",
    ["https://blog.example/?p=4", "https://blog.example/%3Fp=4", "HTTPS://Blog.Example:443/?p=4#comment-5"],
)
def test_who_opted_out_by_the_address_of_a_visit_is_in_no_dataset(
    line: str, place: Workplace, tmp_path: Path
) -> None:
    kept(place, Case('<link rel="canonical" href="https://blog.example/2019/snow/">', SHE, lambda _: "", ()))
    (place.folder / "opt-out.txt").write_text(line + "\n", encoding="utf-8")
    export(tmp_path / "dataset", replace(place, settings=replace(place.settings, opt_out="opt-out.txt")))
    assert bool(exported(tmp_path / "dataset")) == ("%3F" in line)


@pytest.mark.parametrize(
    "former", ["blog.example:index.php/posts-4", "blog.example:index.php/posts-4#5", "another"]
)
def test_a_takedown_that_a_publication_honours_under_a_former_id_is_seen(
    former: str, place: Workplace, tmp_path: Path
) -> None:
    people = kept(place, CASES["post by the script of its API"])
    with records_up_to_date(place) as records:
        lost = frozenset({people.takedown(former)})
        check = ReleaseCheck(Contract.load(), people.key, "named", (), lost, records.store.former_ids)
        list(check.posts(records.store.posts()))
    with (
        nullcontext()
        if former == "another"
        else pytest.raises(StopError, match="would bring back what they took down: blog")
    ):
        check.require_clear("me/x", tmp_path / "dataset")


def exported(folder: Path) -> set[str]:
    """The words of the comments in a dataset."""
    rows = open_export(folder).rows("comments")
    return {row["text"] for row in rows}


@pytest.mark.thorough
def test_what_another_archive_took_down_under_a_former_id_is_not_merged(
    place: Workplace, case: Case, tmp_path: Path
) -> None:
    people = kept(place, case)
    other = workplace_at(tmp_path / "other", VirtualClock())
    tombstone = Decision("tombstone", case.former(people), datetime(2026, 1, 1, tzinfo=UTC), "Asked")
    append_decision(other.folder, tombstone, other.disk)
    for order in ([place, other], [other, place]):
        merge(order, tmp_path / "merged")
        merged = list(open_export(tmp_path / "merged"))
        texts = [row["text"] for post in merged for row in (post.post, *post.comments, *post.revisions)]
        assert HER_WORDS not in texts
        assert (OTHER_WORDS in texts) == (OTHER_WORDS not in case.gone)
