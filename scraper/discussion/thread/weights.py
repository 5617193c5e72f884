"""How much a page says where: words that are no links, and repeat nowhere, count towards a text."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from itertools import accumulate
from typing import Final

from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.marks import Mark
from scraper.discussion.thread.names import AUTHOR, PROFILE, TITLE
from scraper.discussion.words import ANSWERING

_DIGITS: Final = re.compile(r"\d+")
# Scripts without spaces between words: each character of theirs is counted as one.
_UNSPACED: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_REPEATED: Final = 3
_TITLE_WORDS: Final = 4
_LEAST_TITLE_WORDS: Final = 2
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


def count_words(text: str) -> int:
    """The words of a text; each character of a script that sets no spaces counts as one."""
    if text.isascii():
        return len(text.split()) if len(text) > 2 or text.isalnum() else 0
    unspaced = len(_UNSPACED.findall(text))
    return unspaced + len(_UNSPACED.sub(" ", text).split()) if unspaced else len(text.split())


class Weights:
    """The words of a page, by ranges of texts; and what lies in its elements, by ranges of elements.

    ``is_later`` says that the page is not the first of its thread.
    """

    def __init__(self, page: Elements, marks: Iterable[Mark], *, is_later: bool = False) -> None:
        self._page = page
        self.is_later = is_later
        self.dated = frozenset(text for mark in marks if mark.kind == "date" for text in mark.texts(page))
        forms = [_DIGITS.sub("0", text.lower()) for text in page.texts]
        repeats = Counter(forms)
        written, linked = [0], [0]
        for text, words in enumerate(page.texts):
            is_told = text in self.dated or repeats[forms[text]] >= _REPEATED
            count = 0 if is_told else count_words(words)
            is_link = page.links[page.text_parent[text]] >= 0
            written.append(0 if is_link else count)
            linked.append(count if is_link else 0)
        self._written = list(accumulate(written))
        self._linked = list(accumulate(linked))
        self._lengths = [0, *accumulate(len(words) + 1 for words in page.texts)]

    @property
    def all_written(self) -> int:
        """The words of the page that are no links."""
        return self._written[-1]

    def written(self, first: int, last: int) -> int:
        """The words of the texts ``first`` to ``last`` that are no links, dates or repetitions."""
        return self._written[last] - self._written[first]

    def linked(self, first: int, last: int) -> int:
        """The words of these texts that are links."""
        return self._linked[last] - self._linked[first]

    def length(self, first: int, last: int) -> int:
        """The characters of these texts on one line."""
        return max(0, self._lengths[last] - self._lengths[first] - 1)

    def names_author(self, first: int, last: int) -> bool:
        """Whether one of the elements ``first`` to ``last`` is marked as an author's."""
        return self._author_marks[last] > self._author_marks[first]

    def is_answerable(self, first: int, last: int) -> bool:
        """Whether the button to answer a post is among the texts ``first`` to ``last``."""
        return self._answering[last] > self._answering[first]

    @cached_property
    def _answering(self) -> list[int]:
        forms = (text.strip(" ()[]»↩.").lower() for text in self._page.texts)
        return [0, *accumulate(int(form in ANSWERING) for form in forms)]

    @cached_property
    def _author_marks(self) -> list[int]:
        marked = [0]
        for attributes in self._page.attributes:
            named = attributes and (
                ((classes := attributes.get("class")) and AUTHOR(classes))
                or ((href := attributes.get("href")) and PROFILE(href))
                or "author" in (attributes.get("rel") or attributes.get("itemprop") or "")
            )
            marked.append(int(bool(named)))
        return list(accumulate(marked))

    @cached_property
    def titles(self) -> list[tuple[int, str, bool]]:
        """The links that may be the title of something else, with their words, and whether they stand in a heading."""
        page = self._page
        titles = []
        for element, tag in enumerate(page.tags):
            if tag != "a":
                continue
            href = page.attributes[element].get("href") or ""
            words = page.text_of(element)
            if "#" in href or count_words(words) < _LEAST_TITLE_WORDS or PROFILE(href):
                continue
            if all(text in self.dated for text in range(page.first_text[element], page.last_text[element])):
                continue
            around = page.ancestors(element, 3)
            inside = range(element, page.ends[element])
            is_heading = any(
                page.tags[each] in _HEADINGS or self._is_title(each) for each in (*around, *inside)
            )
            if not is_heading and count_words(words) < _TITLE_WORDS:
                continue
            titles.append((element, words, is_heading))
        return titles

    def _is_title(self, element: int) -> bool:
        return TITLE(self._page.attributes[element].get("class") or "")
