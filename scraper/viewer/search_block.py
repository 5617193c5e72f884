"""A block of the search index: some posts that follow each other in time, as script files of bounded size.

Each text of a post has a number within its block: that of the post itself, then its comments by position. ``terms-N.js`` has
terms in order, each with the numbers of the texts it stands in; ``texts-N.js`` has what a result shows, by number; ``block.js`` says
which of these files begins with which term and number, and how many texts each post has. Terms are ordered as
JavaScript compares strings, by UTF-16 code unit.

Each number is written as its distance from the one before, less one: a digit of base 57 from ``#`` on, after digits of base 34 from ``]`` on where
it is 57 or more. Most distances are one character long, none needs an escape, and assets/search.js reads them with ``charCodeAt``.
"""

import json
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from scraper.viewer.search_terms import terms_of

# A file holds more only where a single term or text does, which the weight of a block bounds: all stay under 200 KB.
PART_BYTES: Final = 64_000
# What a text weighs beside its characters: no block has so many texts that the numbers of one term fill a large file.
_WEIGHT_OF_A_TEXT: Final = 64
_LAST_DIGITS: Final = "".join(map(chr, range(ord("#"), ord("#") + 57)))
_DIGITS: Final = "".join(map(chr, range(ord("]"), ord("]") + 34)))
# JavaScript did not allow these within strings before 2019.
_LINE_SEPARATORS: Final = str.maketrans({"\u2028": " ", "\u2029": " "})


class SearchedText(msgspec.Struct, frozen=True, array_like=True):
    """A text that can be found by ``words``; ``shown`` is what a result has of it.

    ``place`` is where a result leads: the path of a page below the reader's folder, with a fragment.
    """

    place: str
    words: str
    shown: str


class SearchedPost(msgspec.Struct, frozen=True, array_like=True):
    """A post that can be found: its own text is the first of ``texts``, its comments follow.

    ``place`` is the path of its page, and ``about`` what a result says of it beside the title.
    """

    place: str
    title: str
    about: str
    texts: tuple[SearchedText, ...]

    @property
    def weight(self) -> int:
        """What the post adds to a block, in characters."""
        return sum(len(text.words) + _WEIGHT_OF_A_TEXT for text in self.texts)


class ScriptFile(NamedTuple):
    """A file of a block, and its content."""

    name: str
    content: bytes


def block_files(block: str, posts: Iterable[SearchedPost]) -> Iterator[ScriptFile]:
    """The files of the block of that name, ``block.js`` the last."""
    postings: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    shown = _Shown()
    for post in posts:
        for number, text in enumerate(post.texts, shown.texts):
            for term in terms_of(text.words):
                postings[term].append(number)
        shown.add(post)
    first_terms: list[str] = []
    for number, (terms, lists) in enumerate(_term_parts(postings)):
        first_terms.append(terms[0])
        content = part_script(f"{block}/terms-{number}", " ".join(terms), " ".join(lists))
        yield ScriptFile(f"terms-{number}.js", content)
    first_texts: list[int] = []
    for number, (first, part) in enumerate(shown.parts()):
        first_texts.append(first)
        yield ScriptFile(f"texts-{number}.js", part_script(f"{block}/texts-{number}", part))
    counts = written(shown.texts_of_posts)
    yield ScriptFile("block.js", part_script(f"{block}/block", " ".join(first_terms), first_texts, counts))


def part_script(*arguments: Any) -> bytes:
    """A script that hands its arguments, the first of them its name, over to the page that asked for it."""
    handed = json.dumps(arguments, ensure_ascii=False, separators=(",", ":"))[1:-1]
    return f"postkeepSearch.part({handed.translate(_LINE_SEPARATORS)});\n".encode(errors="replace")


def written(numbers: Iterable[int]) -> str:
    """Numbers from 0 on as text."""
    return "".join(_LAST_DIGITS[each] if each < len(_LAST_DIGITS) else _long(each) for each in numbers)


def _long(number: int) -> str:
    rest, last = divmod(number, len(_LAST_DIGITS))
    digits = _LAST_DIGITS[last]
    while rest:
        rest, digit = divmod(rest, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits


def _distances(rising: Iterable[int]) -> Iterator[int]:
    last = -1
    for number in rising:
        yield number - last - 1
        last = number


def _term_parts(postings: Mapping[str, "array[int]"]) -> Iterator[tuple[list[str], list[str]]]:
    """Terms and the numbers of their texts, a file at a time."""
    terms: list[str] = []
    lists: list[str] = []
    size = 0
    for term in sorted(postings, key=_code_units):
        numbers = written(_distances(postings[term]))
        more = len(term.encode()) + len(numbers)
        if terms and size + more > PART_BYTES:
            yield terms, lists
            terms, lists, size = [], [], 0
        terms.append(term)
        lists.append(numbers)
        size += more
    if terms:
        yield terms, lists


def _code_units(term: str) -> bytes:
    return term.encode("utf-16-be")


class _Shown:
    """What results show of the texts of a block."""

    def __init__(self) -> None:
        self.texts = 0
        self.texts_of_posts = array("I")
        self._posts: list[tuple[tuple[str, str, str], list[tuple[str, str]]]] = []

    def add(self, post: SearchedPost) -> None:
        """Take the texts of a post in; those on its page are kept by their fragment alone."""
        texts = [(text.place.removeprefix(post.place), text.shown) for text in post.texts]
        self._posts.append(((post.place, post.title, post.about), texts))
        self.texts_of_posts.append(len(texts))
        self.texts += len(texts)

    def parts(self) -> Iterator[tuple[int, list[Any]]]:
        """The number of a file's first text, and its posts with their texts; a long thread goes on in the next file."""
        first = number = size = 0
        part: list[Any] = []
        for head, texts in self._posts:
            is_continued = False
            for text in texts:
                more = _size(text) + (0 if is_continued else _size(head))
                if part and size + more > PART_BYTES:
                    yield first, part
                    part, size, first, is_continued = [], 0, number, False
                if not is_continued:
                    part.append([*head, []])
                    is_continued = True
                part[-1][-1] += text
                size += more
                number += 1
        if part:
            yield first, part


def _size(texts: Iterable[str]) -> int:
    return sum(len(text.encode(errors="replace")) for text in texts)
