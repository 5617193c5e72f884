"""What a record of a thread says beside its words: its own address, its edit, its votes, whether it was accepted or is by who asked."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal
from urllib.parse import unquote

from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.labels import (
    ACCEPTED,
    LIKES,
    LIKES_ALONE,
    PERMALINK,
    POST_AUTHOR,
    SCORE,
    SCORE_ALONE,
)
from scraper.discussion.thread.names import (
    ACCEPTED_ANSWER,
    ANSWER,
    AUTHOR,
    BY_POST_AUTHOR,
    COMMENTED,
    DOWN,
    HIDDEN,
    LIKE,
    PERMANENT,
    PROFILE,
    QUESTION,
    VOTE,
)
from scraper.discussion.thread.people import Author
from scraper.discussion.thread.rating import Group
from scraper.discussion.thread.spans import Span, own_elements
from scraper.page.counts import NUMBER
from scraper.page.dates import edit_words

Kind = Literal["likes", "score", "accepted", "post-author", "edited"]

_LONGEST: Final = 40
_MOST_EDIT_WORDS: Final = 3
_NEAR: Final = 24
_ABOVE: Final = 3
_NEARLY_ALL: Final = 0.9
_NUMBER: Final = re.compile(rf"[-−]?{NUMBER}")
_TOKEN: Final = re.compile(r"[a-z0-9]+")
_ID: Final = re.compile(r"data-(?!parent|(?:in-)?reply|target|quoted)(?:[a-z]+-)?(?:id|pid|cid)")
_ACTION: Final = re.compile(r"repl(?:y|ies)|report|flag|vote|edit|delete|quot|moderat|login|register|respond|like(?![a-z])")  # fmt: skip
_DAY: Final = re.compile(r"\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?/?(?:#.*)?\Z")
# Of what stands at the ends of a text, the kinds that nobody writes there.
_PEELED: Final[frozenset[Kind | None]] = frozenset(("edited", "likes"))
_COUNTED: Final[Mapping[str, Kind]] = {
    "data-likes": "likes",
    "data-like-count": "likes",
    "data-likes-count": "likes",
    "data-upvotes": "likes",
    "data-score": "score",
    "data-votes": "score",
    "data-vote-count": "score",
    "data-points": "score",
}


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a record says beside its words, as it stands on the page; None or False where it does not say it.

    ``link`` is the address of the record itself. ``edited`` is the mark of an edit, which may be without a date. ``likes`` and
    ``score`` are numbers as they are printed. ``is_answer`` tells what is called an answer from what is called a comment.
    """

    link: str | None = None
    edited: str | None = None
    likes: str | None = None
    score: str | None = None
    is_answer: bool = False
    is_accepted: bool = False
    is_post_author: bool = False


NOTHING: Final = Particulars()


@dataclass(frozen=True, slots=True)
class Written:
    """Who wrote each record of a group by its index, the texts of each that are its own, and its words."""

    authors: Mapping[int, Author]
    texts: Sequence[Sequence[int]]
    bodies: Sequence[str | None]


def read_particulars(
    page: Elements, group: Group, written: Written, inner: Mapping[int, Sequence[Span]]
) -> list[Particulars]:
    """The particulars of each record of a group.

    What most records say alike says nothing of one: a button to accept, a label before every name.
    """
    records = [_Record(page, group, at, written, inner) for at in range(len(group.spans))]
    links = _permalinks(records)
    read = [record.read(link) for record, link in zip(records, links, strict=True)]
    accepted = sum(each.is_accepted for each in read)
    names = {
        author.name.casefold() if (author := written.authors.get(at)) else ""
        for at, each in enumerate(read)
        if each.is_post_author
    }
    is_telling = accepted == 1 or 2 * accepted < len(read)
    is_asked = any(each.is_answer for each in read) and _asks(page)
    return [
        replace(
            each,
            is_answer=each.is_answer and is_asked,
            is_accepted=each.is_accepted and is_telling,
            is_post_author=each.is_post_author and len(names) == 1,
        )
        if each.is_answer or each.is_accepted or each.is_post_author
        else each
        for each in read
    ]


def _asks(page: Elements) -> bool:
    """Whether a page calls a part of it a question: answers stand in threads of boards by that name too."""
    return any(
        QUESTION(f"{each.get('class') or ''} {each.get('itemtype') or ''}")
        for each in page.attributes
        if each
    )


def _permalinks(records: Sequence["_Record"]) -> list[str | None]:
    """The addresses of the records: what leads to an id of theirs, else what stands in all of them where addresses stand, and differs.

    A number at the end of an address may be that of a record by chance, but not in nearly all of them.
    """
    anchored = [record.anchored_link() for record in records]
    numbered = [record.numbered_link() for record in records]
    sure = [anchor or number for anchor, number in zip(anchored, numbered, strict=True)]
    if sum(map(bool, sure)) < _NEARLY_ALL * len(sure):
        sure = anchored
    if any(sure):
        times = Counter(sure)
        return [link if times[link] == 1 else None for link in sure]
    likely = [record.likely_link() for record in records]
    is_series = len(likely) > 1 and None not in likely and len(set(likely)) == len(likely)
    return likely if is_series else [None] * len(records)


class _Record:
    def __init__(
        self, page: Elements, group: Group, at: int, written: Written, inner: Mapping[int, Sequence[Span]]
    ) -> None:
        self._page = page
        self._span = group.spans[at]
        self._date = group.marks[at][0].element
        self._author = written.authors.get(at)
        self._texts = written.texts[at]
        self._body = written.bodies[at] or ""
        self._own = list(own_elements(self._span, inner))
        self._is_around = bool(inner.get(self._span.start))
        before = group.spans[at - 1].start if at else -1
        following = group.spans[at + 1].start if at + 1 < len(group.spans) else len(page.tags)
        self._around = [
            each
            for each in page.ancestors(page.parents[self._span.start], _ABOVE)
            if each > before and page.ends[each] <= following
        ]
        self._links = [
            (each, href)
            for each in self._own
            if page.tags[each] == "a" and (href := page.attributes[each].get("href"))
        ]
        self._ids = frozenset(self._find_ids()) if self._links else frozenset()

    def anchored_link(self) -> str | None:
        """The address whose fragment is an id of the record: where an address stands rather than elsewhere."""
        links = [
            (link, href)
            for link, href in self._links
            if "#" in href and unquote(href.partition("#")[2]).lower() in self._ids
        ]
        placed = (href for link, href in links if self._is_placed(link))
        return next(placed, links[0][1] if links else None)

    def numbered_link(self) -> str | None:
        """The address that ends in a part of an id of the record, where an address stands."""
        tokens = {token for value in self._ids for token in _TOKEN.findall(value)} if self._links else set()
        return next(
            (
                href
                for link, href in self._links
                if _last_token(href) in tokens and not _ACTION.search(href.lower()) and self._is_placed(link)
            ),
            None,
        )

    def likely_link(self) -> str | None:
        """The address of something with a number, where that of the record would stand."""
        for link, href in self._links:
            token = _last_token(href)
            is_other = PROFILE(href) or _DAY.search(href) or _ACTION.search(href.lower())
            if any(map(str.isdecimal, token)) and not is_other and self._is_placed(link):
                return href
        return None

    def _find_ids(self) -> Iterator[str]:
        """The ids of the record and of what is around it alone, in lower case."""
        for element in (*self._around, *self._own[:_NEAR]):
            for name, value in self._page.attributes[element].items():
                if value and _tells_id(name):
                    yield value.lower()

    def _is_placed(self, link: int) -> bool:
        """Whether a link is around the date, a number or a word for links, or is called an address."""
        page = self._page
        if page.contains(link, self._date) or page.contains(self._date, link):
            return True
        attributes = page.attributes[link]
        named = " ".join(attributes.get(name) or "" for name in ("class", "rel", "itemprop", "title", "aria-label"))  # fmt: skip
        return PERMANENT(named) or PERMALINK.fullmatch(page.text_of(link)) is not None

    def read(self, link: str | None) -> Particulars:
        """The particulars, with the address of the record."""
        said: dict[Kind, str] = {}
        for kind, words in (*self._by_names(), *self._by_words(), *self._by_buttons()):
            said.setdefault(kind, words)
        return Particulars(
            link=link,
            edited=said.get("edited"),
            likes=said.get("likes"),
            score=said.get("score"),
            is_answer=self._is_answer(),
            is_accepted="accepted" in said,
            is_post_author="post-author" in said,
        )

    def _is_answer(self) -> bool:
        """Whether the innermost of the record and what is around it alone that is called an answer or a comment is an answer."""
        around = (self._page.attributes[each] for each in (self._span.start, *self._around))
        named = (f"{each.get('class') or ''} {each.get('itemprop') or ''}" for each in around)
        called = next((name for name in named if ANSWER(name) or COMMENTED(name)), "")
        return ANSWER(called)

    def _by_names(self) -> Iterator[tuple[Kind, str]]:
        """What classes and attributes say."""
        page = self._page
        for element in (*self._around, *self._own):
            attributes = page.attributes[element]
            if not attributes:
                continue
            for kind in _named(attributes.get("class"), attributes.get("itemprop")):
                yield kind, ""
            for name in () if attributes.keys().isdisjoint(_COUNTED) else attributes.keys() & _COUNTED.keys():
                value = (attributes[name] or "").strip()
                if _NUMBER.fullmatch(value) and not self._is_of_person(element):
                    yield _COUNTED[name], value

    def _by_words(self) -> Iterator[tuple[Kind, str]]:
        """What short texts beside the body say."""
        page = self._page
        for number, text in enumerate(self._texts):
            words = page.texts[text]
            if len(words) > _LONGEST:
                continue
            kind, said = _label(words)
            element = page.text_parent[text]
            if kind is None and _NUMBER.fullmatch(words):
                kind, said = self._counted(number, element), words
            if kind is None or (words in self._body and not words.isdecimal()):
                continue
            is_count = kind in {"likes", "score"}
            if is_count and self._is_of_person(element):
                continue
            if kind == "post-author" and (self._author is None or element < self._author.element):
                continue
            if kind == "accepted" and page.links[element] >= 0:
                continue
            yield kind, said

    def _by_buttons(self) -> Iterator[tuple[Kind, str]]:
        """What buttons count, which are no texts of a page; those of a record around others may be theirs."""
        if self._is_around:
            return
        for button in self._page.nodes[self._span.start].css("button"):
            attributes = button.attributes
            words = " ".join(button.text().split())
            label = (attributes.get("aria-label") or attributes.get("title") or "").strip()
            for text in (words, label):
                kind, said = _label(text) if text and len(text) <= _LONGEST else (None, "")
                if kind in {"likes", "score"}:
                    yield kind, said
                    return
            named = f"{attributes.get('class') or ''} {label}"
            if _NUMBER.fullmatch(words) and LIKE(named) and not DOWN(named):
                yield "likes", words
                return

    def _counted(self, number: int, element: int) -> Kind | None:
        """What a number alone counts: by the label before or behind it, else by what its element is called."""
        page, texts = self._page, self._texts
        for beside in (number - 1, number + 1):
            if 0 <= beside < len(texts) and abs(texts[beside] - texts[number]) == 1:
                label = page.texts[texts[beside]]
                if len(label) <= _LONGEST and LIKES_ALONE.fullmatch(label):
                    return "likes"
                if len(label) <= _LONGEST and SCORE_ALONE.fullmatch(label):
                    return "score"
        for each in page.ancestors(element, 2):
            if not self._span.holds(each) or page.last_text[each] - page.first_text[each] > 3:
                break
            attributes = page.attributes[each]
            named = " ".join(attributes.get(name) or "" for name in ("class", "id", "aria-label"))
            if len(named) > 2 and not DOWN(named):
                if LIKE(named):
                    return "likes"
                if VOTE(named):
                    return "score"
        return None

    def _is_of_person(self, element: int) -> bool:
        """Whether an element stands in what is said of the author."""
        page = self._page
        around = (each for each in page.ancestors(element) if self._span.holds(each) and each != self._span.start)  # fmt: skip
        return any(AUTHOR(page.attributes[each].get("class") or "") for each in around)


@lru_cache(maxsize=1024)
def _tells_id(attribute: str) -> bool:
    return attribute in {"id", "name"} or _ID.fullmatch(attribute) is not None


def _last_token(href: str) -> str:
    tokens = _TOKEN.findall(href.lower())
    return tokens[-1] if tokens else ""


@lru_cache(maxsize=4096)
def _named(classes: str | None, item_property: str | None) -> tuple[Kind, ...]:
    """What the names of an element say of the record that it is of."""
    named = f"{classes or ''} {item_property or ''}"
    if len(named) < 2 or HIDDEN(named):
        return ()
    kinds: dict[Kind, bool] = {"accepted": ACCEPTED_ANSWER(named), "post-author": BY_POST_AUTHOR(named)}
    return tuple(kind for kind, is_said in kinds.items() if is_said)


@lru_cache(maxsize=4096)
def _label(words: str) -> tuple[Kind | None, str]:
    """What a short text is, with its number or its mark."""
    if match := LIKES.fullmatch(words):
        return "likes", match["behind"] or match["before"]
    if match := SCORE.fullmatch(words):
        return "score", match["behind"] or match["before"]
    if POST_AUTHOR.fullmatch(words):
        return "post-author", words
    if ACCEPTED.fullmatch(words):
        return "accepted", words
    edited = edit_words(words) if len(words.split()) <= _MOST_EDIT_WORDS else None
    return ("edited", edited) if edited else (None, "")


def peeled(text: str) -> tuple[str, dict[Kind, str]]:
    """A text without the marks of an edit and the votes that are lines at its ends, and what these say."""
    lines = text.split("\n")
    said: dict[Kind, str] = {}
    for at in (-1, 0):
        while len(lines) > 1:
            line = lines[at].strip()
            kind, words = _label(line) if line and len(line) <= _LONGEST else (None, "")
            if line and kind not in _PEELED:
                break
            if kind is not None:
                said[kind] = words
            lines.pop(at)
    return "\n".join(lines), said
