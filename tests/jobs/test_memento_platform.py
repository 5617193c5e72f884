"""Posts of a platform in a web archive: no URL names its software, so the first memento of a page tells."""

import pytest

from scraper.jobs.crawl.job import crawl
from scraper.jobs.crawl.strangers import MOST_IN_VAIN
from scraper.jobs.workplace import Workplace
from tests.clock import VirtualClock
from tests.jobs.mementos import TIMES, kept, reasons, rows, taken
from tests.jobs.web_archive import DIALECTS, Dialect, Stored, WebArchive
from tests.jobs.workplaces import workplace_at
from tests.replica import routes
from tests.replica.server import Replica
from tests.replica.wordpress import ENTRIES, HOST, SITE

GARDEN = SITE + ENTRIES[0].path
OTHER = "https://elsewhere.example"


def page(path: str, timestamp: str) -> Stored:
    return Stored(SITE + path, timestamp, routes._blog(path, "").body)


def post_and_comments(timestamp: str) -> list[Stored]:
    path = ENTRIES[0].path
    return [
        page(path, timestamp),
        page(f"{path}comment-page-1/", timestamp),
        page(f"{path}comment-page-2/", timestamp),
    ]


@pytest.mark.thorough
@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_first_memento_tells_the_post_and_its_comments_come_along(
    dialect: Dialect, workplace: Workplace
) -> None:
    captures = [*post_and_comments(TIMES[0]), *post_and_comments(TIMES[1])]
    with WebArchive(captures, dialect) as archive:
        report = taken(archive, workplace, GARDEN)
    done = [item.post_id for item in report.items if item.outcome == "done"]
    assert done == [f"{HOST}:posts-21"] * 2, report.items
    (post,) = rows(workplace, "posts")
    assert (post["captured_at_basis"], post["comments_captured"]) == ("memento", 5)


def test_a_prefix_finds_the_posts_among_lists_pictures_and_pages_of_comments(workplace: Workplace) -> None:
    posts = [page(entry.path, TIMES[0]) for entry in ENTRIES]
    rest = [page("/", TIMES[0]), page("/", TIMES[1]), *post_and_comments(TIMES[0])[1:]]
    picture = Stored(f"{SITE}/wp-content/a.css", TIMES[0], b"x")
    with WebArchive([*posts, *rest, picture]) as archive:
        report = taken(archive, workplace, f"{SITE}/*")
    assert len({item.post_id for item in report.items if item.outcome == "done"}) == len(ENTRIES)
    assert "More captures of pages that no site that postkeep reads recognised as posts. (1)" in reasons(
        report, "skipped"
    )


def test_a_host_on_which_no_site_stands_is_asked_about_a_few_times_and_no_more(workplace: Workplace) -> None:
    pages = [Stored(f"{OTHER}/{number}", TIMES[0], b"<p>%d" % number) for number in range(40)]
    with WebArchive(pages) as archive:
        report = taken(archive, workplace, f"{OTHER}/*")
    assert len(archive.replayed) == MOST_IN_VAIN
    assert report.counts()["rejected"] == MOST_IN_VAIN
    assert f"({40 - MOST_IN_VAIN})" in reasons(report, "skipped")[0]


def test_what_a_former_run_asked_in_vain_counts_for_the_next(workplace: Workplace) -> None:
    pages = [Stored(f"{OTHER}/{number}", TIMES[0], b"<p>%d" % number) for number in range(40)]
    with WebArchive(pages) as archive:
        taken(archive, workplace, f"{OTHER}/*")
        taken(archive, workplace, f"{OTHER}/*")
    assert len(archive.replayed) == MOST_IN_VAIN


def test_the_same_command_again_fetches_nothing_twice(workplace: Workplace) -> None:
    with WebArchive(post_and_comments(TIMES[0])) as archive:
        taken(archive, workplace, GARDEN)
        before = len(archive.replayed)
        report = taken(archive, workplace, GARDEN)
    assert len(archive.replayed) == before
    assert report.counts()["done"] == 0
    with kept(workplace) as archived:
        assert len(list(archived.visits())) == 1


def test_what_the_site_shows_a_gate_for_now_is_not_sought_as_it_was_before(
    workplace: Workplace, clock: VirtualClock
) -> None:
    (locked,) = [entry for entry in ENTRIES if entry.password]
    with Replica() as replica:
        crawl([SITE + locked.path], workplace_at(workplace.folder, clock, replica))
    assert [post["access"] for post in rows(workplace, "posts")] == ["gated"]
    once_open = Stored(SITE + locked.path, TIMES[0], page(ENTRIES[0].path, TIMES[0]).body)
    with WebArchive([once_open]) as archive:
        report = taken(archive, workplace, SITE + locked.path)
    assert archive.replayed == []
    assert report.exit_code == 3
    assert "showed it to members only" in reasons(report, "refused")[0]
