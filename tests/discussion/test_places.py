"""Where the parts of a record stand on its page: where they were read, else where their words are found."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from scraper.discussion.paths import Paths
from scraper.discussion.places import Place, find_links, find_places
from scraper.discussion.reader import Trace, trace_discussion
from scraper.model.record import Comment, Moment, Person, Post, Record, Removed
from scraper.page.document import Document
from tests.fixtures.captures import capture_of

SAID: Final = (
    "The bellows leak at the fold, and no tape that I tried holds for more than a week.",
    "가죽을 얇게 깎아 안쪽에 대 보세요. 아교가 테이프보다 오래갑니다.",
    "Goat skin, a tenth of a millimetre; anything thicker cracks when it is folded again.",
)
NAMES: Final = ("Wim", "서하", "Odile")


def traced(words: tuple[str, ...] = SAID) -> tuple[Document, Trace]:
    posts = "".join(
        f'<div class="post" id="p{70 + at}"><b class="author"><a href="/user/{at}">{name}</a></b> <span class="date">{at + 1} June 2024 10:00</span>'
        f'<div class="content">{text}</div></div>'
        for at, (name, text) in enumerate(zip(NAMES, words, strict=True))
    )
    html = f"<html><body><h1>Old bellows</h1><div>{posts}</div><p class=join>Join us to answer!</p></body></html>"
    document = Document(capture_of(html.encode(), "https://forum.example/t/9", ("content-type", "text/html")))
    trace = trace_discussion(document)
    assert trace is not None
    return document, trace


def record_of(trace: Trace) -> Record:
    assert trace.shown.post is not None
    return Record("test/1", "urn:uuid:1", trace.shown.post, trace.shown.comments)


def the(places: tuple[Place, ...], part: str, comment: int | None) -> Place:
    (place,) = [each for each in places if (each.part, each.comment) == (part, comment)]
    return place


def test_what_the_reader_read_stands_where_it_read_it() -> None:
    document, trace = traced()
    places = find_places(trace, record_of(trace))
    paths = Paths(document.tree, trace.elements)
    assert paths.to(the(places, "comment", 0).elements[0]) == "#p71"
    assert paths.to(the(places, "date", 1).elements[0]) == "#p72 > span"
    assert paths.to(the(places, "text", None).elements[0]) == "#p70 > div"
    assert paths.to(the(places, "title", None).elements[0]) == "html > body > h1"
    assert all(place.is_read for place in places)


def test_a_comment_that_is_told_otherwise_stands_where_its_id_or_its_words_do() -> None:
    _, trace = traced()
    record = record_of(trace)
    by_id = replace(record.comments[0], text="가죽을 얇게 깎아 보세요 (고침)")
    by_words = replace(record.comments[1], native_id=None, text=SAID[2].split(";", maxsplit=1)[0])
    places = find_places(trace, replace(record, comments=(by_id, by_words)))
    before = find_places(trace, record)
    assert the(places, "comment", 0) == the(before, "comment", 0)
    assert the(places, "comment", 1) == the(before, "comment", 1)


def test_what_another_reader_read_is_found_by_its_words_and_named_as_such() -> None:
    document, trace = traced()
    bare = replace(trace, thread=replace(trace.thread, records=()), body=None)
    moment = Moment("2024-06-02T10:00:00Z", datetime(2024, 6, 2, 10, tzinfo=UTC))
    comment = Comment(SAID[1], author=Person(None, NAMES[1]), published=moment)
    places = find_places(
        bare, Record("test/1", "urn:uuid:1", Post("topic", "Old bellows", SAID[0]), (comment,))
    )
    paths = Paths(document.tree, trace.elements)
    for part in ("comment", "text", "author", "date"):
        place = the(places, part, 0)
        assert not place.is_read
        assert paths.to(place.elements[0]).startswith("#p71")
    assert the(places, "text", None).elements


def test_words_that_share_their_element_are_marked_by_themselves() -> None:
    long = "<br>".join((SAID[1], *[f"{at} and more of the like, which is long enough." for at in range(9)]))
    _, trace = traced((SAID[0], long, SAID[2]))
    bare = replace(trace, thread=replace(trace.thread, records=()), body=None)
    places = find_places(bare, Record("test/1", "urn:uuid:1", Post("topic", None, None), (Comment(SAID[1]),)))
    place = the(places, "text", 0)
    assert not place.elements
    assert [trace.elements.texts[text] for text in place.texts] == [SAID[1]]


def test_words_that_are_not_on_the_page_have_no_place() -> None:
    _, trace = traced()
    gone = Comment("Nothing like this is said anywhere on the page.", author=Person(None, "Nobody"))
    places = find_places(trace, Record("test/1", "urn:uuid:1", Post("topic", None, None), (gone,)))
    assert not [place for place in places if place.comment == 0]


def test_a_prompt_stands_where_it_was_taken_out() -> None:
    document, trace = traced()
    removed = Removed("sign-up-en", "Join us to answer!")
    record = record_of(trace)
    places = find_places(trace, replace(record, post=replace(record.post, removed=(removed,))))
    prompt = the(places, "prompt", None)
    assert prompt.removed == removed
    (node,) = document.tree.css(Paths(document.tree, trace.elements).to(prompt.elements[0]))
    assert node.attributes["class"] == "join"


def test_a_topic_stands_at_the_first_link_to_it() -> None:
    document, trace = traced()
    (place,) = find_links(
        trace.elements, document.base, ["https://forum.example/user/1", "https://elsewhere.example/"]
    )
    assert trace.elements.attributes[place.elements[0]]["href"] == "/user/1"
