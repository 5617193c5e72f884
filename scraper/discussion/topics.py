"""What a page that is no post lists: the main links of its recurring rows, one group for each form of address."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from scraper.discussion.pages import without_page
from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.marks import Mark
from scraper.discussion.thread.names import PROFILE, TITLE
from scraper.discussion.thread.weights import count_words
from scraper.model.url import Base, Url, are_near, parse_url
from scraper.page.addresses import form_of, is_action, is_filter

# Where a page leads to the rest of its site.
_BESIDE: Final = frozenset(("nav", "footer", "aside"))
_BESIDE_NAME: Final = re.compile(
    r"(?<![a-z])(?:side-?bar|widgets?|menu(?:bar)?|(?:main|meta|sub|top)?nav(?:bar|igation)?|breadcrumbs?|pagination|pager|paging|tabs|tags|tag-?cloud|related|footer|toolbar|online)(?![a-z])",
    re.IGNORECASE,
)
_PERSON: Final = re.compile(r"author|user|nick|poster|member|writer|owner|whois|avatar", re.IGNORECASE)
_STRONG: Final = frozenset(("strong", "b", "dt", "th"))
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BOARD: Final = re.compile(
    r"(?:^|/)(?:forums?|boards?|categor(?:y|ies)|c|f|node|sub|r|communit(?:y|ies)|groups?|b)/[^/]+(?:/[*0]+)*/?$|viewforum|forumdisplay|board=|board\.php|forum\.php|[?&](?:f|fid|forum|cat|category)=0(?:$|&(?!t))",
    re.IGNORECASE,
)
_ROW_LEVELS: Final = 5
_TITLE_LEVELS: Final = 4
_LEAST_ROWS: Final = 3
_ENOUGH_WORDS: Final = 8
_FEW_WORDS: Final = 3
# Few links are rows where both a title and a date say so; one of them where a page shows nothing else.
_SURE: Final = 2.0
_UNSURE: Final = 1.0
_LITTLE_BEFORE: Final = 40
# A link that says no more letters than these beside a date is that date.
_LITTLE_BESIDE: Final = 4
_TIMES_LONGER: Final = 4
_ENOUGH_LETTERS: Final = 200
_MOST_TOPICS: Final = 1_000
_MOST_GROUPS: Final = 4
_MOST: Final = 0.8
# Replies bear the titles of what they answer.
_DIFFERENT: Final = 0.2


@dataclass(frozen=True, slots=True)
class Topics:
    """What a list leads to: ``groups`` of absolute URLs of one form each, in page order, the group that says most first.

    Addresses of one form are of one kind: all topics, or all lists of topics. ``is_list`` tells that most of the first group
    stand in rows that date themselves, under titles of their own. ``share`` is how much of what the page says stands in rows
    that are made alike and open with a link that says something else in each, 0 to 1; ``rows`` are the rows of all groups.
    ``dates`` are those that the rows of topics say, as they stand there, by the topic's URL.
    """

    groups: tuple[tuple[str, ...], ...] = ()
    is_list: bool = False
    share: float = 0.0
    rows: tuple[int, ...] = ()
    dates: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def count(self) -> int:
        """How many pages the list leads to."""
        return sum(map(len, self.groups))


@dataclass(frozen=True, slots=True)
class _Link:
    element: int
    url: str
    form: str
    words: int
    is_title: bool
    is_dated: bool
    is_date: bool


@dataclass(frozen=True, slots=True)
class _Rows:
    """The links of one form, and the element around each that holds no other of them."""

    links: tuple[_Link, ...]
    elements: tuple[int, ...]


def find_topics(
    page: Elements, marks: Sequence[Mark], url: str, base: Base, people: frozenset[str] = frozenset()
) -> Topics:
    """The groups of pages that a page lists: of all forms of addresses the one whose links say most, and those of rows of their own.

    ``people`` are the references of links that lead to who wrote.
    """
    forms: defaultdict[str, list[_Link]] = defaultdict(list)
    for link in _links(page, marks, url, base, people):
        forms[link.form].append(link)
    first = {form: number for number, form in enumerate(forms)}
    # The last page of a list may have a row or two, which nothing but their dates tells.
    for sure in (_SURE, _UNSURE):
        scores = {form: score for form, links in forms.items() if (score := _rate(links, form, sure)) > 0}
        if scores:
            break
    rated = sorted(scores.items(), key=lambda each: (-each[1], first[each[0]]))
    worded = [
        *sorted(link.element for links in forms.values() for link in links if link.words),
        len(page.tags),
    ]
    groups: list[_Rows] = []
    for form, _ in rated:
        rows = _rows_of(page, forms[form])
        if len(groups) < _MOST_GROUPS and (not groups or _is_group(page, rows, form, groups, worded)):
            groups.append(rows)
    main = groups[0].links if groups else ()
    every = _rows_of(
        page, sorted((link for rows in groups for link in rows.links), key=lambda link: link.element)
    )
    urls = {link.url for link in main}
    titles = {link.url for link in main if link.is_title and link.is_dated}
    return Topics(
        tuple(tuple(dict.fromkeys(link.url for link in rows.links))[:_MOST_TOPICS] for rows in groups),
        len(titles) >= _LEAST_ROWS and len(titles) > 0.5 * len(urls),
        _share(page, every) if groups else 0.0,
        every.elements,
        tuple(_dates_of(page, every, marks)),
    )


def _dates_of(page: Elements, rows: _Rows, marks: Sequence[Mark]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The dates that each row says, where it says no more than a row does."""
    elements = [mark.element for mark in marks]
    for link, row in zip(rows.links, rows.elements, strict=True):
        within = marks[bisect_left(elements, row) : bisect_right(elements, page.ends[row] - 1)]
        if 0 < len(within) <= _LEAST_ROWS:
            yield link.url, tuple(mark.raw for mark in within)


def _share(page: Elements, rows: _Rows) -> float:
    """How much of the page stands in rows under links that say something, and each something else; 0 where that is no list."""
    names: dict[str, str] = {}
    for link in sorted(rows.links, key=lambda link: link.words):
        names[link.url] = page.text_of(link.element)
    different = len(set(names.values()))
    least = 2 if all(link.is_title and link.is_dated for link in rows.links) else _LEAST_ROWS
    if different < max(least, _DIFFERENT * len(names)):
        return 0.0
    opened = [row for link, row in zip(rows.links, rows.elements, strict=True) if _heads(page, link, row)]
    kinds = Counter(page.labels[row] for row in opened)
    sizes = {row: _size(page, row) for row in opened}
    # What holds much more than the others is no row, but the page around the first or the last of them.
    most = _TIMES_LONGER * sorted(sizes.values())[len(sizes) // 2] + _ENOUGH_LETTERS if sizes else 0
    alike = {row for row in opened if kinds[page.labels[row]] >= least and sizes[row] <= most}
    texts = {text for row in alike for text in range(page.first_text[row], page.last_text[row])}
    beside = _beside(page)
    every = sum(len(text) for text, at in zip(page.texts, page.text_parent, strict=True) if at not in beside)
    return sum(len(page.texts[text]) for text in texts) / max(every, 1)


def _size(page: Elements, element: int) -> int:
    return sum(map(len, page.texts[page.first_text[element] : page.last_text[element]]))


def _heads(page: Elements, link: _Link, row: int) -> bool:
    """Whether a link is the title of its row: as markup says, or because next to nothing is said before it."""
    if link.is_title:
        return True
    if link.is_date:
        return False
    before = page.texts[page.first_text[row] : page.first_text[link.element]]
    return sum(map(len, before)) <= _LITTLE_BEFORE


def may_list(
    page: Elements, records: Sequence[int], marks: Sequence[Mark], people: frozenset[str] = frozenset()
) -> bool:
    """Whether it is worth a look what a page lists that may be a post: titles lead to other pages, or what opens its ``records`` does.

    Told by its markup alone, and cheap. A link that is one of the page's dates (``marks``) is no title.
    """
    titles: set[str] = set()
    openings: dict[int, str] = {}
    dates = {mark.element for mark in marks}
    for element, tag in enumerate(page.tags):
        if (
            tag != "a"
            or not (href := _href(page, element, people))
            or page.first_text[element] == page.last_text[element]
            or not dates.isdisjoint(range(element, page.ends[element]))
        ):
            continue
        if any(_is_title(page, each) for each in page.ancestors(element, _TITLE_LEVELS - 1)):
            titles.add(href)
        at = bisect_right(records, element) - 1
        if at >= 0 and at not in openings and element < page.ends[records[at]]:
            openings[at] = href
    opened = len(set(openings.values()))
    return len(titles) >= 2 or (opened >= _LEAST_ROWS and opened >= _MOST * len(records))


def _rate(links: Sequence[_Link], form: str, sure: float) -> float:
    """How much links of one form look like the titles of rows; 0 where they are too few, and ``sure`` tells how much speaks for them."""
    longest: dict[str, _Link] = {}
    for link in links:
        if link.url not in longest or link.words > longest[link.url].words:
            longest[link.url] = link
    count = len(longest)
    words = sum(min(link.words, _ENOUGH_WORDS) for link in longest.values()) / count
    titled = sum(link.is_title for link in longest.values()) / count
    dated = sum(link.is_dated for link in longest.values()) / count
    if count < _LEAST_ROWS and titled + dated < (_UNSURE if _BOARD.search(form) else sure):
        return 0.0
    return count * words * (0.5 + titled + dated)


def _rows_of(page: Elements, links: Sequence[_Link]) -> _Rows:
    """Links with the largest element around each that holds no link of another URL of theirs."""
    elements = []
    starts = [link.element for link in links]
    for at, link in enumerate(links):
        before = next((starts[each] for each in range(at - 1, -1, -1) if links[each].url != link.url), -1)
        after = next(
            (starts[each] for each in range(at + 1, len(links)) if links[each].url != link.url), None
        )
        row = link.element
        for around in page.ancestors(link.element)[1:]:
            if around <= before or (after is not None and page.ends[around] > after) or around == 0:
                break
            row = around
        elements.append(row)
    return _Rows(tuple(links), tuple(elements))


def _is_group(page: Elements, rows: _Rows, form: str, groups: Sequence[_Rows], worded: Sequence[int]) -> bool:
    """Whether links besides the main ones of a page lead to lists or topics too: they open rows, of their own or of those."""
    is_board = _BOARD.search(form) is not None
    starts = [sorted(set(group.elements)) for group in groups]
    around = [_row_around(page, starts, link.element) for link in rows.links]
    distinct = len({link.url for link in rows.links}) / len(rows.links)
    if any(row is not None for row in around):
        own = {link.element for link in rows.links}
        opening = sum(
            row is None or (first := worded[bisect_left(worded, row)]) >= link.element or first in own
            for link, row in zip(rows.links, around, strict=True)
        )
        is_titled = sum(link.is_title or _is_strong(page, link) for link in rows.links) > 0.5 * len(
            rows.links
        )
        return distinct >= _MOST and opening >= _MOST * len(rows.links) and (is_board or is_titled)
    said = sum(
        link.is_title or link.is_dated or link.words >= _FEW_WORDS or _says_more(page, row, link)
        for link, row in zip(rows.links, rows.elements, strict=True)
    )
    return is_board or said > 0.5 * len(rows.links)


def _is_strong(page: Elements, link: _Link) -> bool:
    return any(page.tags[each] in _STRONG for each in page.ancestors(link.element, 1))


def _row_around(page: Elements, starts: Sequence[Sequence[int]], element: int) -> int | None:
    """The row around an element, of rows that do not overlap; ``starts`` are those of each group, in page order."""
    for rows in starts:
        at = bisect_right(rows, element) - 1
        if at >= 0 and page.contains(rows[at], element):
            return rows[at]
    return None


def _says_more(page: Elements, row: int, link: _Link) -> bool:
    """Whether a row says more than its link: what a board is about, how many topics it has."""
    return len(page.text_of(row)) > len(page.text_of(link.element)) + _FEW_WORDS


def _links(
    page: Elements, marks: Sequence[Mark], url: str, base: Base, people: frozenset[str]
) -> Iterator[_Link]:
    elements = [mark.element for mark in marks]
    dated = sorted(set(elements))
    own, _ = without_page(url)
    here = parse_url(own)
    beside = _beside(page)
    for element, tag in enumerate(page.tags):
        if tag != "a" or element in beside:
            continue
        href = _href(page, element, people)
        target = base.target(href) if href else None
        if (
            target is None
            or here is None
            or not are_near(target, here)
            or PROFILE(f"{target.path}?{target.query}")
        ):
            continue
        plain, _ = without_page(target.href)
        parsed = target if plain == target.href else parse_url(plain)
        if parsed is None or plain == own or _leads_nowhere(parsed, here):
            continue
        around = page.ancestors(element, _ROW_LEVELS)
        is_title = any(_is_title(page, each) for each in around[:_TITLE_LEVELS])
        if not is_title and any(_PERSON.search(_names(page, each)) for each in around[:2]):
            continue
        is_dated = _holds_mark(page, around[:_ROW_LEVELS], dated)
        is_date = _is_date(
            page, element, marks[bisect_left(elements, element) : bisect_left(elements, page.ends[element])]
        )
        yield _Link(
            element,
            plain,
            form_of(parsed),
            count_words(page.text_of(element)),
            is_title and not is_date,
            is_dated,
            is_date,
        )


def _is_date(page: Elements, link: int, within: Sequence[Mark]) -> bool:
    """Whether a link says nothing but a date, as the permalinks of comments do."""
    size = len(page.text_of(link))
    return any(mark.text < 0 or size - (mark.end - mark.start) <= _LITTLE_BESIDE for mark in within)


def _leads_nowhere(target: Url, here: Url) -> bool:
    return (target.path in {"", "/"} and not target.query) or is_action(target) or is_filter(target, here)


def _href(page: Elements, element: int, people: frozenset[str]) -> str | None:
    """Where a link leads that may be followed; None of those to a place on a page and to people."""
    attributes = page.attributes[element]
    href = attributes.get("href") or ""
    if not href or "#" in href or PROFILE(href) or href in people:
        return None
    return None if "nofollow" in (attributes.get("rel") or "").lower().split() else href


def _is_title(page: Elements, element: int) -> bool:
    return page.tags[element] in _HEADINGS or TITLE(_names(page, element))


def _names(page: Elements, element: int) -> str:
    return page.attributes[element].get("class") or ""


def _beside(page: Elements) -> frozenset[int]:
    """The elements that stand in what leads to the rest of a site."""
    beside: set[int] = set()
    element = 1
    while element < len(page.tags):
        attributes = page.attributes[element]
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if page.tags[element] in _BESIDE or (names != " " and _is_beside(names)):
            beside.update(range(element, page.ends[element]))
            element = page.ends[element]
        else:
            element += 1
    return frozenset(beside)


@lru_cache(maxsize=4096)
def _is_beside(names: str) -> bool:
    return _BESIDE_NAME.search(names) is not None


def _holds_mark(page: Elements, around: Sequence[int], dated: Sequence[int]) -> bool:
    """Whether a row around a link dates itself, and only a few times."""
    for element in around:
        inside = bisect_right(dated, page.ends[element] - 1) - bisect_left(dated, element)
        if inside:
            return inside <= _LEAST_ROWS
    return False
