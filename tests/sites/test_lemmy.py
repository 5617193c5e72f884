"""Lemmy: the post and its comments out of the state of its page, and all of them where that holds some alone."""

from urllib.parse import urlsplit

from scraper.model.record import Record
from scraper.sites.lemmy import make_site
from tests.replica.lemmy import COMMENTS, HOST, PAGES, POST, SHOWN, answer
from tests.sites.captures import capture, visit
from tests.sites.visited import VisitedSite

SITE = VisitedSite(make_site())
URL = f"https://{HOST}{POST}"
PAGE = capture(PAGES[f"{HOST}{POST}"], URL)
LIST = f"https://{HOST}/api/v3/comment/list?post_id=77&type_=All&sort=Old&limit=50&page=1"
REST = capture(answer(urlsplit(LIST).path, urlsplit(LIST).query), LIST)


def read(*captures: object) -> Record:
    record = SITE.read(visit(*captures))  # type: ignore[arg-type]
    assert isinstance(record, Record)
    return record


def test_comments_are_asked_for_where_some_are_missing() -> None:
    assert [request.url for request in SITE.next_requests(visit(PAGE))] == [LIST]
    assert SITE.next_requests(visit(PAGE, REST)) == ()
    assert (read(PAGE).post.access, len(read(PAGE).comments)) == ("partial", SHOWN)


def test_a_path_says_what_a_comment_answers() -> None:
    record = read(PAGE, REST)
    numbers = [path.split(".") for path, _, _ in COMMENTS]
    assert [each.native_id for each in record.comments] == [path[-1] for path in numbers]
    parents = [
        None if each.parent is None else record.comments[each.parent].native_id for each in record.comments
    ]
    assert parents == [path[-2] if len(path) > 2 else None for path in numbers]
    assert record.post.access == "full"


def test_a_removed_comment_is_a_placeholder_and_people_of_other_hosts_have_these() -> None:
    comments = read(PAGE, REST).comments
    assert (comments[3].status, comments[3].text) == ("placeholder", None)
    assert [each.author and each.author.native_id for each in comments[3:5]] == [
        "/u/mara",
        "/u/ruben@elsewhere.example",
    ]


def test_the_post_has_its_words_and_counts() -> None:
    post = read(PAGE).post
    assert (post.title, post.kind) == ("The oven stays cold", "post")
    assert post.text == "It lights up, hums, and stays as cold as it was. What would you look at first?"
    assert (post.count("comments"), post.count("score"), post.count("likes")) == (6, 12, 13)
    assert SITE.identify(visit(PAGE)) is not None
