"""Microdata as objects: values by element, items in items, and nothing that a page writes breaks it."""

from hypothesis import given
from hypothesis import strategies as st

from scraper.model.url import Base
from scraper.page.microdata import Microdata, read_microdata
from scraper.page.tree import parse_html


def read(html: str) -> Microdata:
    return read_microdata(parse_html(html), Base("https://village.example/talk/12"))


def test_values_are_those_that_the_standard_names_for_each_element() -> None:
    data = read(
        '<div itemscope itemtype="https://schema.org/Comment" itemid="/c/7"><time itemprop="datePublished" datetime="2024-05-01T10:00Z">May</time>'
        '<a itemprop="url" href="#c-7">here</a><meta itemprop="upvoteCount" content="3"><p itemprop="text">길이 미끄러웠습니다</p>'
        '<div itemprop="author" itemscope itemtype="https://schema.org/Person"><b itemprop="name">김하나</b></div></div>'
    )
    assert data.items == (
        {
            "@type": ["https://schema.org/Comment"],
            "@id": "https://village.example/c/7",
            "datePublished": "2024-05-01T10:00Z",
            "url": "https://village.example/talk/12#c-7",
            "upvoteCount": "3",
            "text": "길이 미끄러웠습니다",
            "author": {"@type": ["https://schema.org/Person"], "name": "김하나"},
        },
    )


def test_an_item_knows_its_element_and_the_one_that_shows_its_words() -> None:
    data = read(
        '<li itemscope id="c"><meta itemprop="text" content="kept"></li><li itemscope><p itemprop="text">shown</p></li>'
    )
    assert [data.nodes[id(item)].tag for item in data.items] == ["li", "li"]
    assert [id(item) in data.bodies for item in data.items] == [False, True]


def test_what_is_given_twice_is_a_list_and_what_is_in_no_item_is_left_out() -> None:
    data = read(
        '<b itemprop="name">alone</b><ul itemscope><li itemprop="comment">one</li><li itemprop="comment">two</li></ul>'
    )
    assert data.items == ({"@type": [], "comment": ["one", "two"]},)


PIECES = (
    "<div itemscope>",
    "<p itemprop='text a'>",
    "<time itemprop=b>",
    "<a itemprop=url href='//['>",
    "</div>",
    "</p>",
    "눈",
    "<meta itemprop>",
)


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_no_order_of_its_parts_breaks_it(pieces: list[str]) -> None:
    data = read("".join(pieces))
    assert len(data.nodes) >= len(data.items)
