"""Discourse: posts out of the JSON in a page and by their ids; pages of HTML where no JSON is given."""

from urllib.parse import urlsplit

from scraper.model.capture import Capture
from scraper.model.record import Record
from scraper.sites.discourse import make_site
from tests.replica import discourse
from tests.replica.discourse import COUNT, HOST, TOPIC
from tests.sites.captures import capture, visit
from tests.sites.visited import VisitedSite

SITE = VisitedSite(make_site())
URL = f"https://{HOST}{TOPIC}"
FIRST = capture(discourse.page(), URL)
BARE = capture(discourse.page(preloaded=False), URL)


def asked(*captures: Capture) -> list[str]:
    return [request.url for request in SITE.next_requests(visit(*captures))]


def crawled(first: Capture) -> list[Capture]:
    """The captures of a visit that asks for what it needs."""
    captures = [first]
    while urls := asked(*captures):
        place = urlsplit(urls[0])
        captures.append(capture(discourse.answer(place.path, place.query), urls[0]))
    return captures


def read(*captures: Capture) -> Record:
    record = SITE.read(visit(*captures))
    assert isinstance(record, Record)
    return record


def test_the_rest_is_asked_by_ids_and_a_page_without_json_for_all() -> None:
    rest = "&".join(f"post_ids[]={7000 + number}" for number in range(21, COUNT + 1))
    assert asked(FIRST) == [f"https://{HOST}/t/300/posts.json?{rest}"]
    assert asked(BARE) == [f"https://{HOST}/t/300.json"]
    assert (len(crawled(FIRST)), len(crawled(BARE))) == (2, 3)


def test_what_was_done_to_a_topic_is_no_comment() -> None:
    record = read(*crawled(FIRST))
    assert [each.native_id for each in record.comments] == [
        str(number) for number in range(2, COUNT + 1) if number != COUNT - 1
    ]
    assert (record.post.access, record.post.count("comments")) == ("full", COUNT - 2)


def test_a_post_answers_what_it_names_and_the_first_is_answered_by_all_others() -> None:
    comments = read(*crawled(FIRST)).comments
    parents = {
        each.native_id: comments[each.parent].native_id for each in comments if each.parent is not None
    }
    assert (parents["3"], parents["5"], parents[str(COUNT)]) == ("2", "3", "5")
    assert "2" not in parents
    assert "7" not in parents


def test_words_are_markdown_and_quotes_name_nobody() -> None:
    comments = read(*crawled(FIRST)).comments
    assert comments[0].text == "I have. It takes up more water than any from a shop."
    assert comments[1].text == "> more water\n\n저도 그랬어요."
    assert comments[1].url == f"{URL}/3"
    assert (comments[1].is_accepted, comments[1].likes and comments[1].likes.value) == (True, 3)


def test_a_hidden_post_is_a_placeholder() -> None:
    hidden = read(*crawled(FIRST)).comments[2]
    assert (hidden.status, hidden.text) == ("placeholder", None)


def test_the_post_has_what_the_json_tells_of_it() -> None:
    post = read(*crawled(FIRST)).post
    assert post.text == "The mill in our valley grinds again. Who has baked with its flour?"
    assert (post.count("views"), post.count("likes"), post.tags) == (512, 9, ("flour", "mills"))
    assert post.edited is not None
    assert post.edited.raw == "2024-06-02T08:00:00.000Z"


def test_what_is_missing_is_said() -> None:
    record = read(FIRST)
    assert (record.post.access, len(record.comments)) == ("partial", 19)


def test_pages_are_read_where_the_json_is_not_given() -> None:
    refused = capture("<p>No.</p>", f"https://{HOST}/t/300.json", status=403)
    assert asked(BARE, refused) == [f"{URL}?page=2"]
    second = capture(discourse.page(2, preloaded=False), f"{URL}?page=2")
    record = read(BARE, refused, second)
    assert len(record.comments) >= COUNT - 2
    assert record.layout == "discourse.html/1"


def test_pages_are_read_where_the_posts_are_not_given() -> None:
    refused = capture("<p>No.</p>", asked(FIRST)[0], status=403)
    assert asked(FIRST, refused) == [f"{URL}?page=2"]
    second = capture(discourse.page(2, preloaded=False), f"{URL}?page=2")
    assert asked(FIRST, refused, second) == []
    assert len(read(FIRST, refused, second).comments) >= COUNT - 2
    assert len(read(FIRST, refused).comments) == 19
