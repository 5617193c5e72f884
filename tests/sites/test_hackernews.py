"""Hacker News: stories by their ids and indentation; a comment leads to its story."""

from scraper.model.record import Record
from scraper.sites.hackernews import make_site
from tests.replica.hackernews import COMMENT, COMMENTS, HOST, PAGES, STORY
from tests.sites.captures import capture, visit
from tests.sites.visited import VisitedSite

SITE = VisitedSite(make_site())
URL = f"https://{HOST}{STORY}"
WHOLE = capture(PAGES[f"{HOST}{STORY}"], URL)
ONE = capture(PAGES[f"{HOST}{COMMENT}"], f"https://{HOST}{COMMENT}")


def read(*captures: object) -> Record:
    record = SITE.read(visit(*captures))  # type: ignore[arg-type]
    assert isinstance(record, Record)
    return record


def test_comments_answer_what_they_are_indented_under() -> None:
    comments = read(WHOLE).comments
    assert [(each.native_id, each.depth) for each in comments] == [
        (str(number), depth) for number, depth, _, _ in COMMENTS
    ]
    parents = [None if each.parent is None else comments[each.parent].native_id for each in comments]
    assert parents == [None, "501", "502", "501", "504", None]


def test_words_authors_and_times_are_those_of_each_comment() -> None:
    comments = read(WHOLE).comments
    assert comments[1].text == "Same here.\n\nIt does not need half an hour to warm up either."
    assert [each.author and each.author.name for each in comments] == [author for _, _, author, _ in COMMENTS]
    assert comments[2].published is not None
    assert f"{comments[2].published.at:%Y-%m-%dT%H:%M:%S%z}" == "2024-02-03T12:00:00+0000"


def test_a_flagged_comment_is_a_placeholder() -> None:
    flagged = read(WHOLE).comments[3]
    assert (flagged.status, flagged.text, flagged.removed[0].text) == ("placeholder", None, "[flagged]")


def test_the_story_has_its_words_and_counts() -> None:
    post = read(WHOLE).post
    assert post.title == "Ask HN: Stone or pot?"
    assert (
        post.text == "My oven has room for a stone or for a pot, not for both. Which of them would you keep?"
    )
    assert (post.count("comments"), post.count("score"), post.access) == (6, 41, "full")
    assert post.links == ("https://loaves.example/stone",)


def test_a_comment_leads_to_its_story() -> None:
    claim = SITE.identify(visit(ONE))
    assert claim is not None
    assert (claim.post_id, claim.url) == (f"{HOST}:items-500", URL)
    assert [request.url for request in SITE.next_requests(visit(ONE))] == [URL]
    assert SITE.next_requests(visit(ONE, WHOLE)) == ()
    assert [each.native_id for each in read(ONE, WHOLE).comments] == [str(each[0]) for each in COMMENTS]


def test_a_long_story_goes_on_over_pages() -> None:
    more = '<a href="item?id=500&amp;p=2" class="morelink" rel="next">More</a></body>'
    first = capture(PAGES[f"{HOST}{STORY}"].replace("</body>", more), URL)
    assert [request.url for request in SITE.next_requests(visit(first))] == [f"{URL}&p=2"]
