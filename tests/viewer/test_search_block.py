"""A block of the reader's search index, read as its page reads it."""

import json
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scraper.viewer.search_block import (
    PART_BYTES,
    SearchedPost,
    SearchedText,
    block_files,
    part_script,
    written,
)
from scraper.viewer.search_terms import terms_of

_WORDS = st.text('가나다라ab \u2028"\\</script>é\U00020000\uffee', max_size=12)


@st.composite
def posts(draw: st.DrawFn) -> SearchedPost:
    place = f"posts/{draw(st.integers(0, 255)):02x}/{draw(st.uuids())}.html"
    texts = [SearchedText(place, draw(_WORDS), draw(_WORDS))]
    for number, words in enumerate(draw(st.lists(_WORDS, max_size=4))):
        page = draw(st.sampled_from((place, place.replace(".html", "-page-2.html"))))
        texts.append(SearchedText(f"{page}#c-{number}", words, words))
    return SearchedPost(place, draw(_WORDS), "careerly", tuple(texts))


@given(st.lists(posts()))
def test_every_text_is_under_each_of_its_terms_and_shown_as_it_is(block: list[SearchedPost]) -> None:
    files = _parts("b1", block)
    texts = [(post, text) for post in block for text in post.texts]
    expected: dict[str, list[int]] = {}
    for number, (_, text) in enumerate(texts):
        for term in terms_of(text.words):
            expected.setdefault(term, []).append(number)
    assert dict(_postings(files)) == expected
    shown = [
        (place, title, about, where if where.startswith("posts/") else place + where, text)
        for (place, title, about), (where, text) in _shown(files)
    ]
    assert shown == [
        (post.place, _kept(post.title), post.about, text.place, _kept(text.shown)) for post, text in texts
    ]
    assert _numbers(files["block"][2]) == [len(post.texts) for post in block]


def test_files_begin_with_the_terms_and_texts_that_the_block_tells_and_stay_small() -> None:
    many = tuple(
        SearchedText(f"p.html#c-{number}", f"글{number} {'가나다라마바사아자차'[number % 10 :]}", "글" * 60)
        for number in range(5_000)
    )
    files = _parts("b2", [SearchedPost("p.html", "긴 글", "careerly", many)])
    first_terms, first_texts, _ = files["block"]
    assert first_terms.split(" ") == [terms.split(" ")[0] for terms, _ in _numbered(files, "terms")]
    lengths = [sum(len(post[3]) // 2 for post in posts) for (posts,) in _numbered(files, "texts")]
    assert first_texts == [0, *accumulate(lengths)][:-1]
    assert len(first_texts) > 10
    for name, content in block_files("b2", [SearchedPost("p.html", "긴 글", "careerly", many)]):
        assert len(content) < PART_BYTES * 1.2, name


def test_terms_are_in_the_order_in_which_javascript_compares_strings() -> None:
    words = "\U00020000\U00020000 \uffb7\uffb7 \ufa0e\ufa0f a 가나"
    post = SearchedPost("p.html", "", "", (SearchedText("p.html", words, ""),))
    terms = [term for term, _ in _postings(_parts("b3", [post]))]
    assert terms == sorted(terms, key=lambda term: term.encode("utf-16-be"))
    assert terms != sorted(terms)


@given(st.lists(st.integers(0, 10**9)))
def test_numbers_are_read_as_they_were_written(numbers: list[int]) -> None:
    assert _numbers(written(numbers)) == numbers


def test_a_script_holds_no_line_that_ends_a_string_and_no_half_of_a_pair() -> None:
    content = part_script("n", 'a\u2028b\u2029"\\\n\ud800').decode()
    assert content == 'postkeepSearch.part("n","a b \\"\\\\\\n?");\n'


def test_an_empty_block_is_a_block() -> None:
    assert _parts("b4", []) == {"block": ["", [], ""]}


def _kept(text: str) -> str:
    return text.replace("\u2028", " ")


def _parts(block: str, posts: list[SearchedPost]) -> dict[str, list[Any]]:
    """What each script of a block hands over, by its name."""
    parts: dict[str, list[Any]] = {}
    for name, content in block_files(block, posts):
        text = content.decode()
        assert text.startswith("postkeepSearch.part(")
        assert text.endswith(");\n")
        handed = text.removeprefix("postkeepSearch.part(").removesuffix(");\n")
        called, *data = json.loads(f"[{handed}]")
        assert (called, name) == (f"{block}/{name.removesuffix('.js')}", name)
        parts[name.removesuffix(".js")] = data
    return parts


def _numbered(files: dict[str, list[Any]], kind: str) -> list[list[Any]]:
    names = sorted(
        (name for name in files if name.startswith(kind)), key=lambda name: int(name.split("-")[1])
    )
    return [files[name] for name in names]


def _postings(files: dict[str, list[Any]]) -> Iterator[tuple[str, list[int]]]:
    for terms, lists in _numbered(files, "terms"):
        for term, numbers in zip(terms.split(" "), lists.split(" "), strict=True):
            yield term, list(accumulate((number + 1 for number in _numbers(numbers)), initial=-1))[1:]


def _shown(files: dict[str, list[Any]]) -> Iterator[tuple[list[str], list[str]]]:
    for (posts,) in _numbered(files, "texts"):
        for *head, texts in posts:
            for at in range(0, len(texts), 2):
                yield head, texts[at : at + 2]


def _numbers(text: str) -> list[int]:
    numbers: list[int] = []
    value = 0
    for code in text.encode("ascii"):
        if code >= ord("]"):
            value = value * 34 + code - ord("]")
        else:
            numbers.append(value * 57 + code - ord("#"))
            value = 0
    return numbers
