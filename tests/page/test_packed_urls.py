"""Many URLs packed are what they were, and take a tenth of the memory."""

import pickle

from hypothesis import given
from hypothesis import strategies as st

from scraper.model.capture import Capture
from scraper.page.document import Document
from scraper.page.packed_urls import DistinctUrls, packed_urls
from scraper.page.sitemaps import SitemapReader
from scraper.page.xml_elements import elements
from tests.bench.memory_inputs import lists

_URL = "https://forum.example/topics/what-we-saw-on-our-walk-along-the-river-number-{}/"


@given(st.lists(st.text(st.characters(exclude_characters="\n"), min_size=1), max_size=20), st.integers(0, 2))
def test_urls_come_back_in_their_order_however_many_there_are(some: list[str], thousands: int) -> None:
    urls = [*map(_URL.format, range(1000 * thousands)), *some]
    packed = packed_urls(urls)
    assert (list(packed), len(packed)) == (urls, len(urls))
    assert pickle.loads(pickle.dumps(packed)) == packed
    assert [packed[at] for at in range(len(urls))][-3:] == urls[-3:]
    assert list(packed[-3:]) == urls[-3:]


@given(st.lists(st.integers(0, 3000)), st.integers(0, 2))
def test_each_url_is_collected_once_where_it_first_comes(numbers: list[int], thousands: int) -> None:
    urls = [_URL.format(number) for number in [*range(1000 * thousands), *numbers]]
    distinct = DistinctUrls()
    for url in urls:
        distinct.add(url)
    assert len(distinct) == len(set(urls))
    assert list(distinct.urls()) == list(dict.fromkeys(urls))


def test_the_urls_of_a_sitemap_take_a_tenth_of_their_length() -> None:
    reader, count = SitemapReader(), 20_000
    for element in elements(lists.sitemap_text(count), "https://forum.example/sitemap.xml"):
        reader.see(element)
    assert len(reader.leads().pages) == count
    assert len(pickle.dumps(reader.leads())) < count * len(lists.post_url(0)) / 10


@given(st.integers(0, 700_000), st.sampled_from(["<RSL>", "x-Robots-TAG", "가<rsl>"]))
def test_a_long_text_mentions_what_stands_anywhere_in_it(before: int, words: str) -> None:
    body = ("가" * 100_000 + "-" * before + words + "-" * 500_000).encode()
    document = Document(Capture("urn:1", "https://forum.example/", 200, (), body, None, "asserted", ""))
    assert document.mentions([b"nothing", words.lower()[-5:].encode()])
    assert not document.mentions([b"nothing", b"<rsl/>"])
