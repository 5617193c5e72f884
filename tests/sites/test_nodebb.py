"""NodeBB: posts by the marks that it sets, over pages, with what each answers."""

import json
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import pytest

from scraper.model.record import Record, Rejection
from scraper.sites.nodebb import make_site
from tests.replica.nodebb import ENTRIES, HOST, PAGES, TOPIC
from tests.sites.captures import capture, visit
from tests.sites.visited import VisitedSite

SITE = VisitedSite(make_site())
URL = f"https://{HOST}{TOPIC}"
FIRST = capture(PAGES[f"{HOST}{TOPIC}"].encode(), URL)
SECOND = capture(PAGES[f"{HOST}{TOPIC}?page=2"].encode(), f"{URL}?page=2")


def whole() -> Record:
    record = SITE.read(visit(FIRST, SECOND))
    assert isinstance(record, Record)
    return record


def test_a_later_page_is_asked_once_and_the_first_not_again() -> None:
    assert [request.url for request in SITE.next_requests(visit(FIRST))] == [f"{URL}?page=2"]
    assert SITE.next_requests(visit(FIRST, SECOND)) == ()


def test_every_post_has_its_own_id_words_and_author() -> None:
    record = whole()
    post, *comments = ENTRIES
    assert record.post.text == post.words
    assert record.post.author is not None
    assert record.post.author.name == post.author
    assert [(each.native_id, each.text, each.author and each.author.name) for each in record.comments] == [
        (str(entry.number), None if entry.deleted else entry.words, entry.author) for entry in comments
    ]


def test_an_answer_names_what_it_answers_also_on_another_page() -> None:
    comments = whole().comments
    stated = {each.native_id: comments[each.parent].native_id for each in comments if each.parent is not None}
    assert stated == {str(entry.number): str(entry.answers) for entry in ENTRIES if entry.answers}
    assert {each.parent_basis for each in comments if each.parent is not None} == {"stated"}


def test_a_deleted_post_is_a_placeholder() -> None:
    (deleted,) = (each for each in whole().comments if each.status == "placeholder")
    assert [removed.text for removed in deleted.removed] == ["This post is deleted!"]


def test_all_that_is_declared_is_had() -> None:
    post = whole().post
    assert (post.access, post.count("comments"), post.edited) == ("full", len(ENTRIES) - 1, None)


@pytest.mark.thorough
def test_posts_and_answers_of_a_real_nodebb_are_those_of_its_seed(shared: Path) -> None:
    folder = shared / "testbed" / "pages" / "nodebb"
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    pages = {
        each["file"]: quote(each["url"], safe=":/?=&%")
        for each in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if each["file"].endswith(".html") and "unlocked" not in each["file"]
    }
    had, wanted, answers, shown = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for post in truth["posts"]:
        own = [
            capture((folder / name).read_bytes(), url)
            for name, url in sorted(pages.items())
            if name.startswith(f"{post['n']:02}-")
        ]
        record = SITE.read(visit(*own))
        # A topic for members leads to a form to sign in.
        if post["members_only"]:
            assert isinstance(record, Rejection)
            continue
        assert isinstance(record, Record)
        numbers = [each.native_id for each in record.comments]
        had.update(str(number) for number in numbers)
        wanted.update(str(each["id"]) for each in post["comments"])
        answers.update(
            f"{each.native_id} {numbers[each.parent]}" for each in record.comments if each.parent is not None
        )
        shown.update(
            f"{each['id']} {each['parent']}"
            for each in post["comments"]
            if {str(each["id"]), str(each["parent"])} <= set(numbers)
        )
        declared = record.post.count("comments")
        assert declared == len(numbers) or record.post.access == "partial"
    assert 2 * (had & wanted).total() / (had.total() + wanted.total()) >= 0.99
    assert answers == shown
