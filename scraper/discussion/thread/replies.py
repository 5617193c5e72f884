"""What a record of a thread answers: what its markup states, where it stands, or which record it quotes."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Final

from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.spans import Span, own_elements
from scraper.model.record import ParentBasis

_NUMBER: Final = re.compile(r"\d+")
# The elements at a record's start that may state what it answers, or how deep it stands.
_NEAR: Final = 24
_ABOVE: Final = 4
_STATING: Final = re.compile(
    r"data-(?:comment-?|post-?)?(?:parent|in-?reply-?to|reply-?to|replied)[a-z-]*|parent-?id", re.IGNORECASE
)
_TO_PARENT: Final = re.compile(r"in-?reply|reply-?to|replied-?to|parent", re.IGNORECASE)
_WORDS_TO_PARENT: Final = re.compile(
    r"parent|(?:in reply|in response|replying) to\b.*|(?:als )?antwort (?:auf|an)\b.*|en réponse à\b.*|en respuesta a\b.*"
    r"|in risposta a\b.*|em resposta a\b.*|(?:als )?antwoord op\b.*|som svar (?:på|til)\b.*|в ответ на\b.*|w odpowiedzi na\b.*"
    r"|返信先.*|回复给?.*|回覆.*|yanıt olarak.*",
    re.IGNORECASE,
)
# The quoted lines that a text begins with, and each such line.
_QUOTED: Final = re.compile(r"(?:>[^\n]*(?:\n+|\Z))+")
_QUOTED_LINE: Final = re.compile(r"(?m)^>.*$")
_MARK: Final = re.compile(r"(?m)^(?:>\s?)+")
_LEAST_QUOTED: Final = 12
_MOST_QUOTED: Final = 120
_QUOTE: Final = re.compile(r"quot", re.IGNORECASE)
_SOURCES: Final = (
    "data-source",
    "data-quote-id",
    "data-post",
    "data-post-id",
    "data-pid",
    "data-quoted",
    "cite",
)
# A container of replies, where it stands behind what is answered.
_CONTAINER: Final = re.compile(
    r"child|repl(?:y|ies)|nested|sub-?(?:comments?|thread|tree)|indent|descend", re.IGNORECASE
)
_DEPTH_CLASS: Final = re.compile(
    r"(?:^|[\s_-])(?:depth|level|lvl|indent|nest(?:ing|ed)?|tier|offset|inset)[_-]{0,2}(?:[a-z]{1,5}[_-]{1,2}){0,2}(\d{1,3})(?=$|\s)",
    re.IGNORECASE,
)
_DEPTH_ATTRIBUTES: Final = (
    "data-depth",
    "data-level",
    "data-nesting-level",
    "data-indent",
    "aria-level",
    "indent",
    "depth",
)
_INDENT: Final = re.compile(
    r"(?:margin|padding)-(?:left|inline-start)\s*:\s*(\d+(?:\.\d+)?)\s*(?:px|r?em|%|ch|pt)"
    r"|--[a-z-]*(?:depth|level|indent|nest)[a-z-]*\s*:\s*(\d+)",
    re.IGNORECASE,
)
_INDENT_CLASS: Final = re.compile(r"(?:^|\s)(?:[mp][lsr]|indent)-(\d{1,3})(?=$|\s)")
# What sets in what it holds, wherever no style does otherwise.
_LISTS: Final = frozenset(("ul", "ol", "dl", "blockquote"))


@lru_cache(maxsize=1024)
def _states_parent(attribute: str) -> bool:
    return _STATING.fullmatch(attribute) is not None


@dataclass(frozen=True, slots=True)
class Relation:
    """The record that one answers, by its index, and how the page shows it; ``depth`` counts from 0."""

    parent: int | None = None
    basis: ParentBasis | None = None
    depth: int | None = None


def find_relations(
    page: Elements,
    spans: Sequence[Span],
    native_ids: Sequence[str | None],
    inner: Mapping[int, Sequence[Span]],
    texts: Sequence[str | None],
) -> list[Relation]:
    """What each record of a page answers, the records in page order; nothing where the page shows no relation.

    What is stated goes before where a record stands, and that before a quote. Depths are those of the parents, and None
    where no record has one.
    """
    replies = _Replies(page, spans, native_ids, inner, texts)
    parents = replies.parents()
    if all(basis == "quote" for _, basis in parents.values()):
        return [Relation(*parents.get(at, (None, None))) for at in range(len(spans))]
    relations: list[Relation] = []
    for at in range(len(spans)):
        parent, basis = parents.get(at, (None, None))
        above = relations[parent].depth if parent is not None and parent < at else None
        relations.append(Relation(parent, basis, (above if above is not None else -1) + 1))
    return relations


class _Replies:
    def __init__(
        self,
        page: Elements,
        spans: Sequence[Span],
        native_ids: Sequence[str | None],
        inner: Mapping[int, Sequence[Span]],
        texts: Sequence[str | None],
    ) -> None:
        self._page = page
        self._spans = spans
        self._own = [list(own_elements(span, inner)) for span in spans]
        self._texts = texts
        self._of_id = {native: at for at, native in reversed(list(enumerate(native_ids))) if native}

    def parents(self) -> dict[int, tuple[int, ParentBasis]]:
        """The parent of each record that has one."""
        parents: dict[int, tuple[int, ParentBasis]] = {}
        standing = {**self._behind(), **self._around()}
        if not standing and len(self._spans) > 1:
            standing = (
                self._by_depth(self._depths())
                or self._by_depth(self._indents())
                or self._by_depth(self._list_depths())
            )
        for at, own in enumerate(self._own):
            stated = self._stated(at, own)
            if stated is not None:
                parents[at] = stated, "stated"
            elif at in standing:
                parents[at] = standing[at], "nesting"
        if not parents:
            for at, own in enumerate(self._own):
                quoted = self._quoted(at, own)
                if quoted is None:
                    quoted = self._quoted_words(at)
                if quoted is not None:
                    parents[at] = quoted, "quote"
        return parents

    def _around(self) -> dict[int, int]:
        """The record that each lies in."""
        parents: dict[int, int] = {}
        around: list[int] = []
        for at, span in enumerate(self._spans):
            while around and not self._spans[around[-1]].holds(span.start):
                around.pop()
            if around:
                parents[at] = around[-1]
            around.append(at)
        return parents

    def _behind(self) -> dict[int, int]:
        """The record that stands right before a container of replies, for each record in it."""
        page = self._page
        last_of = {span.end: at for at, span in enumerate(self._spans)}
        starts = {span.start for span in self._spans}
        parents: dict[int, int] = {}
        for at, span in enumerate(self._spans):
            for each in page.ancestors(span.start):
                if each in starts and each != span.start:
                    break
                before = last_of.get(each)
                named = page.attributes[each].get("class") or page.attributes[each].get("id") or ""
                if before is not None and before < at and _CONTAINER.search(named):
                    if page.parents[self._spans[before].start] == page.parents[each]:
                        parents[at] = before
                    break
        return {} if len(parents) == len(self._spans) - 1 and set(parents.values()) == {0} else parents

    def _by_depth(self, depths: Sequence[float | None]) -> dict[int, int]:
        """For each record the last before it that stands less deep; nothing where all stand alike, or a depth is missing."""
        if len(set(depths)) < 2 or None in depths:
            return {}
        parents: dict[int, int] = {}
        above: list[tuple[float, int]] = []
        for at, depth in enumerate(depths):
            while above and above[-1][0] >= (depth or 0):
                above.pop()
            if above:
                parents[at] = above[-1][1]
            above.append((depth or 0, at))
        return parents

    def _places(self, at: int) -> list[int]:
        """The element of a record, those around it alone, and the first in it."""
        page, span = self._page, self._spans[at]
        following = self._spans[at + 1].start if at + 1 < len(self._spans) else len(page.tags)
        before = self._spans[at - 1].start if at else -1
        around = []
        for each in page.ancestors(page.parents[span.start], _ABOVE):
            if each <= before or page.ends[each] > following:
                break
            around.append(each)
        beside = range(around[-1] + 1, span.start)[:_NEAR] if around else ()
        return [span.start, *around, *beside, *self._own[at][1:_NEAR]]

    def _depths(self) -> list[float | None]:
        depths = ([self._depth(each) for each in self._places(at)] for at in range(len(self._spans)))
        return [next((each for each in of_record if each is not None), None) for of_record in depths]

    def _depth(self, element: int) -> float | None:
        attributes = self._page.attributes[element]
        if not attributes:
            return None
        for key in _DEPTH_ATTRIBUTES:
            if (value := attributes.get(key)) and value.isdecimal():
                return float(value)
        match = _DEPTH_CLASS.search(attributes.get("class") or "")
        return float(match[1]) if match else None

    def _list_depths(self) -> list[float | None]:
        """In how many lists and blocks that are set in each record lies."""
        page = self._page
        depths: list[int] = []
        for tag, parent in zip(page.tags, page.parents, strict=True):
            depths.append((depths[parent] if parent >= 0 else 0) + (tag in _LISTS))
        return [float(depths[span.start]) for span in self._spans]

    def _indents(self) -> list[float | None]:
        """How far each record is set in; 0 where nothing says so and others are."""
        indents = [
            next(filter(None, map(self._indent, self._places(at))), 0.0) for at in range(len(self._spans))
        ]
        return list(indents)

    def _indent(self, element: int) -> float | None:
        page = self._page
        attributes = page.attributes[element]
        if not attributes:
            return None
        if match := _INDENT.search(attributes.get("style") or ""):
            return float(match[1] or match[2])
        if match := _INDENT_CLASS.search(attributes.get("class") or ""):
            return float(match[1])
        width = attributes.get("width") or ""
        is_spacer = (
            page.tags[element] == "img"
            and not attributes.get("alt")
            and attributes.get("height") in {"0", "1"}
        )
        return float(width) if is_spacer and width.isdecimal() else None

    def _stated(self, at: int, own: Sequence[int]) -> int | None:
        """The record that attributes or a link at the start of a record name as its parent."""
        page = self._page
        for element in own[:_NEAR]:
            attributes = page.attributes[element]
            for key, value in attributes.items():
                if value and _states_parent(key):
                    parent = self._named(value, at)
                    if parent is not None:
                        return parent
            if page.tags[element] == "a" and self._leads_to_parent(element):
                parent = self._named(attributes.get("href") or "", at)
                if parent is not None:
                    return parent
        return None

    def _leads_to_parent(self, element: int) -> bool:
        page = self._page
        attributes = page.attributes[element]
        named = f"{attributes.get('class') or ''} {attributes.get('rel') or ''}"
        words = page.text_of(element)
        before = page.texts[page.first_text[element] - 1] if page.first_text[element] else ""
        is_named = _TO_PARENT.search(named) is not None and "#" in (attributes.get("href") or "")
        return (
            is_named
            or _WORDS_TO_PARENT.fullmatch(words) is not None
            or _WORDS_TO_PARENT.fullmatch(f"{before} x") is not None
        )

    def _quoted(self, at: int, own: Sequence[int]) -> int | None:
        """The record before that a quote's header or attributes name by its id."""
        page = self._page
        until = -1
        for element in own:
            attributes = page.attributes[element]
            if page.tags[element] == "blockquote" or _QUOTE.search(attributes.get("class") or ""):
                until = max(until, page.ends[element])
            if element >= until:
                continue
            for value in filter(None, map(attributes.get, (*_SOURCES, "href"))):
                quoted = self._named(value, at)
                if quoted is not None and quoted < at:
                    return quoted
        return None

    def _quoted_words(self, at: int) -> int | None:
        """The last record before with the words that a record quotes first."""
        quote = _QUOTED.match(self._texts[at] or "")
        words = " ".join(_MARK.sub("", quote[0]).split())[:_MOST_QUOTED] if quote else ""
        if not words:
            return None
        saying = self._saying.get(words, [])
        latest = bisect_left(saying, at) - 1
        before = saying[latest] if latest >= 0 else -1
        if len(words) >= _LEAST_QUOTED:
            starts, lines = self._own_lines
            found = lines.rfind(words, 0, starts[at])
            before = max(before, bisect_right(starts, found) - 1)
        return before if before >= 0 else None

    @cached_property
    def _own_words(self) -> list[str]:
        """What each record says itself, on one line."""
        return [" ".join(_QUOTED_LINE.sub("", text or "").split()) for text in self._texts]

    @cached_property
    def _saying(self) -> Mapping[str, list[int]]:
        """The records that say the same, in order, by what that is."""
        saying: defaultdict[str, list[int]] = defaultdict(list)
        for at, words in enumerate(self._own_words):
            saying[words].append(at)
        return saying

    @cached_property
    def _own_lines(self) -> tuple[list[int], str]:
        """What the records say themselves, a line each, and where each of the lines begins."""
        said = self._own_words
        return list(accumulate((len(words) + 1 for words in said), initial=0)), "\n".join(said)

    def _named(self, value: str, at: int) -> int | None:
        """The record whose id is the last number of a value or an address."""
        numbers = _NUMBER.findall(value[-200:])
        named = self._of_id.get(numbers[-1]) if numbers else None
        return named if named != at else None
