"""NodeBB: posts by the marks that it sets, over pages, with what each answers."""

from scraper.model.record import Record
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
