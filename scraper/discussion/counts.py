"""The numbers that a page shows of its post: how many comments its heading says there are, and labelled views, likes, shares."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from scraper.discussion.body.find import Body
from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.names import COMMENT
from scraper.discussion.words import (
    ABOUT,
    ABOUT_BEFORE,
    ALL,
    COMMENTS,
    COUNT_LABELS,
    OF_THEM,
    ONE,
    POSTS,
    TIMES,
)
from scraper.model.record import Count, CountName
from scraper.page.counts import NUMBER, find_count, parse_count

_QUOTED: Final = re.compile(r"[“\"«„「].*[”\"»“」]", re.DOTALL)
_ONE: Final = re.compile(ONE, re.IGNORECASE)
_NUMBERED: Final = re.compile(rf"\d|{ONE}", re.IGNORECASE)
_HEADING: Final = re.compile(
    # The number behind the label: Comments (3).
    rf"(?:(?:{ALL})\s)?(?:{COMMENTS})\s?[:：]?\s?[(\[]?(?P<behind>[^()\[\]]{{0,20}}\d[^()\[\]]{{0,20}}?)[)\]]?"
    # Before it: 3 Gedanken zu …, One thought on ….
    rf"|(?:.{{0,60}}(?:{ABOUT_BEFORE})\s)?(?P<before>.{{0,20}}?(?:\d|{ONE})[^.!?]{{0,12}}?)\s?(?:{OF_THEM})?\s?(?:{COMMENTS})"
    rf"(?:\s(?:{ABOUT}|“).*|\s*)",
    re.IGNORECASE | re.DOTALL,
)
_PLAIN_NUMBER: Final = rf"(?:{NUMBER})\s?(?:{TIMES})?"
_LABELLED: Final = re.compile(
    "|".join(
        rf"(?:(?:{labels})\s?[:：]?\s?[(\[]?(?P<{name}>{_PLAIN_NUMBER})[)\]]?|(?P<{name}_before>{_PLAIN_NUMBER})\s?(?:{labels}))"
        for name, labels in COUNT_LABELS.items()
    ),
    re.IGNORECASE,
)
_OF_POSTS: Final = re.compile(
    rf"(?:{POSTS})\s?[:：]?\s?[(\[]?(?P<behind>{_PLAIN_NUMBER})[)\]]?|(?P<before>{_PLAIN_NUMBER})\s?(?:{POSTS})",
    re.IGNORECASE,
)
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "legend"))
# Where a number is that of other posts.
_ELSEWHERE: Final = frozenset(("nav", "aside", "footer", "blockquote"))
_LONGEST: Final = 80
_LONGEST_HEADING: Final = 200
_MOST_TEXTS: Final = 4
_LEVELS: Final = 3
# So many texts around the title and before the thread may hold the facts of a post.
_BEFORE_THREAD: Final = 60
_BEFORE_TITLE: Final = 15
_BEHIND: Final = 30


def heading_count(words: str, title: str | None) -> Count | None:
    """The number of comments in the words of a heading, besides those of the post's title; None where it is no such heading."""
    plain = without_titles(words, title)
    return number_in(words, title) if _HEADING.fullmatch(plain) else None


def number_in(words: str, title: str | None) -> Count | None:
    """The number in what is known to be the heading over comments."""
    plain = without_titles(words, title)
    return find_count("comments", plain) or (Count("comments", 1, words) if _ONE.search(plain) else None)


def without_titles(words: str, title: str | None) -> str:
    """The words of a heading without a title that they have, be it quoted."""
    return _QUOTED.sub("", words.replace(title or words, "")).strip()


def shown_counts(
    page: Elements, body: Body | None, first: int | None, title: str | None
) -> tuple[Count, ...]:
    """The counts that a page shows of its post; ``first`` is the first text of its thread, None where it shows no thread."""
    counts: dict[CountName, Count] = {}
    declared = _declared(page, body, first, title)
    if declared is not None:
        counts["comments"] = declared
    others: dict[CountName, set[Count]] = {}
    for words in _facts(page, body, first):
        match = _LABELLED.fullmatch(words)
        for key, raw in match.groupdict().items() if match else ():
            name = key.removesuffix("_before")
            count = next((parse_count(each, raw) for each in COUNT_LABELS if each == name), None)
            if raw and count:
                others.setdefault(count.name, set()).add(count)
    counts.update({name: each.pop() for name, each in others.items() if len(each) == 1})
    return tuple(counts.values())


def _declared(page: Elements, body: Body | None, first: int | None, title: str | None) -> Count | None:
    """The number in the heading over the thread: the nearest before it; on a page that shows none, the only one there is."""
    if first is not None:
        texts = range(first - 1, max(0, first - _BEFORE_THREAD) - 1, -1)
        counts = (heading_count(words, title) or _of_posts(words) for words in _short_around(page, texts))
        return next(filter(None, counts), None)
    behind = page.last_text[body.element] if body else 0
    headings = {
        count.value: count
        for element, tag in enumerate(page.tags)
        if page.first_text[element] >= behind
        and (tag in _HEADINGS or COMMENT(page.attributes[element].get("class") or ""))
        and (words := _words(page, element, _LONGEST_HEADING))
        and (count := heading_count(words, title))
    }
    return headings.popitem()[1] if len(headings) == 1 else None


def _of_posts(words: str) -> Count | None:
    """The number of comments where all posts of a topic are counted, its first too."""
    match = _OF_POSTS.fullmatch(words)
    count = parse_count("comments", match["behind"] or match["before"]) if match else None
    return Count("comments", count.value - 1, words) if count and count.value else None


def _facts(page: Elements, body: Body | None, first: int | None) -> Iterator[str]:
    """What stands in short elements around the title, behind the text and before the thread."""
    start = page.first_text[body.element] if body else first or 0
    title = page.first_text[body.title] if body and body.title >= 0 else start
    end = page.last_text[body.element] if body else start
    spans: list[Sequence[int]] = [range(max(0, min(title, start) - _BEFORE_TITLE), start)]
    spans.append(
        range(end, min(len(page.texts), end + _BEHIND, first if first is not None else end + _BEHIND))
    )
    yield from _short_around(page, dict.fromkeys(text for span in spans for text in span))


def _short_around(page: Elements, texts: Iterable[int]) -> Iterator[str]:
    """The words of the short elements around each text, the widest first and each once; none where they are of other posts."""
    seen: set[int] = set()
    for text in texts:
        around = page.ancestors(page.text_parent[text], _LEVELS)
        fresh = [element for element in reversed(around) if element not in seen]
        seen.update(fresh)
        yield from filter(None, (_words(page, element, _LONGEST) for element in fresh))


def _words(page: Elements, element: int, longest: int) -> str | None:
    first, last = page.first_text[element], page.last_text[element]
    if not 0 < last - first <= _MOST_TEXTS or sum(map(len, page.texts[first:last])) > longest:
        return None
    words = page.text_of(element)
    if _NUMBERED.search(words) is None or any(
        page.tags[each] in _ELSEWHERE for each in page.ancestors(element)
    ):
        return None
    return words
