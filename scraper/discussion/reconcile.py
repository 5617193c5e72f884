"""One thread told twice, by what a page shows and by its data, made one. docs/reading.md has the rules.

What is shown wins where both say the same. The data adds what a page does not print: parents, exact dates, votes, ids.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Final

from scraper.discussion.comments import joined_sources
from scraper.discussion.moments import placed_by
from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.read import native_id
from scraper.discussion.thread.render import render
from scraper.discussion.thread.spans import Holders, Span, span_of
from scraper.discussion.thread_match import TELLING, letters, match
from scraper.discussion.told.depths import with_depths
from scraper.discussion.told.telling import Place, Telling
from scraper.discussion.told.text import html_text
from scraper.model.record import Comment, FieldSource, Moment, Person
from scraper.page.characters import plain

# Two dates so far apart are of different events, whatever the zones are.
_APART: Final = timedelta(hours=26)
# Of a text so much stands in what the data calls that text.
_LEAST_SAME: Final = 0.5
# So many letters of a post stand in no other text by chance.
_TELLING_POST: Final = 30


@dataclass(frozen=True, slots=True)
class Shown:
    """The comments that a page shows, with the part of the page that each stands in; ``post`` is that of the post, if it stands in one.

    ``may_add`` says that comments which the data alone has are of this page: none is withheld, and no other page shows them.
    """

    page: Elements
    comments: Sequence[Comment]
    spans: Sequence[Span]
    post: Span | None
    post_text: str | None
    may_add: bool


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The comments of both; ``of_post`` is what the data tells of the post as if it were a comment, ``left_out`` how many it alone has."""

    comments: tuple[Comment, ...]
    of_post: Comment | None
    left_out: int


@dataclass(frozen=True, slots=True)
class _Entry:
    """A comment at its place: the element it begins at and the number it has in the data, with its parent by number in either."""

    at: tuple[int, int]
    comment: Comment
    shown: int | None
    told: int | None


def reconcile(shown: Shown, telling: Telling) -> Reconciled:
    """The comments of a page that shows some, and whose data tells some."""
    return _Reconciling(shown, telling).result()


class _Reconciling:
    def __init__(self, shown: Shown, telling: Telling) -> None:
        self._shown = shown
        self._page = shown.page
        self._holders = Holders(shown.spans)
        self._told = telling.comments
        self._form = telling.form
        self._repeats_post = bool(telling.comments) and _repeats_post(telling)
        self._post_text = letters(telling.post.text) if telling.comments else ""
        self._has_edges = any(
            comment.parent is not None or comment.kind == "answer" for comment in telling.comments
        )
        self._places = [self._place(place) for place in telling.places] or [(-1, -1)] * len(self._told)
        self._nodes = telling.places
        self._no_comments: set[int] = set()

    @cached_property
    def _told_letters(self) -> list[str]:
        return [letters(comment.text) for comment in self._told]

    def result(self) -> Reconciled:
        of_post = self._post_at()
        pairs = self._pairs(of_post)
        by_shown = {at: number for number, at in pairs.items()}
        entries = [
            self._both(at, by_shown[at]) if at in by_shown else self._as_shown(at)
            for at, comment in enumerate(self._shown.comments)
            if at in by_shown or not (at in self._no_comments or self._is_post(comment))
        ]
        alone = [number for number in range(len(self._told)) if number not in pairs and number != of_post]
        added = list(self._added(alone, pairs))
        entries = sorted((*entries, *added), key=lambda entry: entry.at)
        return Reconciled(
            self._with_parents(entries, of_post),
            self._told[of_post] if of_post is not None else None,
            len(alone) - len(added),
        )

    def _is_post(self, comment: Comment) -> bool:
        """Whether a comment that the data does not tell of says what the post does there."""
        return len(self._post_text) >= TELLING and letters(comment.text) == self._post_text

    def _place(self, place: Place | None) -> tuple[int, int]:
        """The elements of a comment and of its words on the page, -1 where it does not show them."""
        if place is None:
            return -1, -1
        elements = self._page.by_node
        body = elements.get(place.body.mem_id, -1) if place.body is not None else -1
        return elements.get(place.node.mem_id, -1), body

    def _post_at(self) -> int | None:
        """Which of the told comments is the post itself: the first, where it stands there or repeats it."""
        if not self._told:
            return None
        at = max(self._places[0])
        if self._shown.post is not None and at >= 0 and self._shown.post.holds(at):
            return 0
        own = self._told_letters[0]
        return 0 if own and (own == letters(self._shown.post_text) or self._repeats_post) else None

    def _pairs(self, of_post: int | None) -> dict[int, int]:
        """For the told comments those shown that are the same: by their place on the page, else by their words."""
        numbers = [number for number in range(len(self._told)) if number != of_post]
        placed = {
            number: self._places[number][1] if self._places[number][1] >= 0 else self._places[number][0]
            for number in numbers
            if max(self._places[number]) >= 0
        }
        held: dict[int, list[int]] = {}
        for number, element in placed.items():
            if (at := self._span_of(element)) is not None:
                held.setdefault(at, []).append(number)
        pairs = {of[0]: at for at, of in held.items() if len(of) == 1}
        self._no_comments.update(self._around_comments(placed, held))
        rest = [number for number in numbers if number not in placed]
        free = [
            at for at in range(len(self._shown.comments)) if at not in held and at not in self._no_comments
        ]
        if rest and free:
            same = match([self._told[number] for number in rest], [self._shown.comments[at] for at in free])
            pairs |= {rest[number]: free[at] for number, at in same.items()}
        return pairs

    def _around_comments(self, placed: Mapping[int, int], held: Mapping[int, Sequence[int]]) -> Iterator[int]:
        """Which of those shown are none by what the data has where: what holds others, and what repeats one that stands elsewhere."""
        told = {self._told_letters[number] for number in placed}
        elements = sorted(placed.values())
        for at, (comment, span) in enumerate(zip(self._shown.comments, self._shown.spans, strict=True)):
            own = len(held.get(at, ()))
            within = bisect_left(elements, span.end) - bisect_left(elements, span.start)
            if own > 1 or (own == 0 and (within > 0 or (bool(told) and letters(comment.text) in told))):
                yield at

    def _span_of(self, element: int) -> int | None:
        """The comment that an element stands in: the innermost."""
        return self._holders.innermost(element)

    def _as_shown(self, at: int) -> _Entry:
        return _Entry((self._shown.spans[at].start, -1), self._shown.comments[at], at, None)

    def _both(self, at: int, number: int) -> _Entry:
        shown, told = self._shown.comments[at], self._told[number]
        span = self._shown.spans[at]
        if self._is_other(shown, number):
            # What was read there is quoted from another comment.
            shown = replace(
                shown, text=None, author=told.author or shown.author, published=told.published, edited=None
            )
        comment = replace(
            shown,
            text=self._text(shown, number),
            kind="answer" if told.kind == "answer" else shown.kind,
            native_id=shown.native_id or told.native_id,
            url=shown.url or told.url,
            author=same_person(
                shown.author, told.author, lambda name: name in self._page.text_of(span.start)
            ),
            is_accepted=shown.is_accepted if told.is_accepted is None else told.is_accepted,
            published=same_moment(shown.published, told.published),
            edited=shown.edited or told.edited,
            likes=told.likes or shown.likes,
            score=told.score or shown.score,
        )
        comment = replace(comment, field_sources=joined_sources(shown, comment, self._form))
        return _Entry((span.start, number), comment, at, number)

    def _is_other(self, shown: Comment, number: int) -> bool:
        """Whether next to nothing of a shown text stands in what the page marks as the text of this comment."""
        if self._places[number][1] < 0 or not shown.text:
            return False
        told = self._told_letters[number]
        lines = [letters(line) for line in shown.text.split("\n")]
        same = sum(len(line) for line in lines if line in told)
        return bool(told) and told not in letters(shown.text) and same < _LEAST_SAME * sum(map(len, lines))

    def _text(self, shown: Comment, number: int) -> str | None:
        """What is shown; of a text with more around it than the data calls the text, that alone."""
        body = self._places[number][1]
        if shown.status == "placeholder":
            return shown.text
        if shown.text is None and body < 0:
            return self._told[number].text if self._shown.may_add else None
        if body < 0:
            return shown.text
        told, seen = self._told_letters[number], letters(shown.text)
        if told == seen or (seen and told not in seen):
            return shown.text
        return render(self._page, body, lambda _: False) or shown.text

    def _added(self, alone: Sequence[int], pairs: Mapping[int, int]) -> Iterator[_Entry]:
        """The comments that only the data tells of, behind those before them there."""
        seen = {
            at: letters(comment.text)
            for at, comment in enumerate(self._shown.comments)
            if alone and at not in self._no_comments
        }
        # Line ends are no letters: what stands in one of the texts stands in all of them together.
        whole, all_seen = set(seen.values()), "\n".join(seen.values())
        behind = self._behind(pairs) if alone else []
        for number in alone:
            own = self._told_letters[number]
            element, body = self._places[number]
            held = self._span_of(max(element, body))
            text_there = seen.get(-1 if held is None else held, "")
            whole_there, seen_there = (
                (whole, all_seen) if max(element, body) < 0 else ({text_there}, text_there)
            )
            if not own or own in whole_there or (len(own) >= TELLING and own in seen_there):
                continue
            if max(element, body) >= 0:
                text = render(self._page, body, lambda _: False) if body >= 0 else None
                at = (element if element >= 0 else body, number)
            elif self._shown.may_add:
                text, at = self._hidden_text(number), (behind[number], number)
            else:
                continue
            comment = replace(
                self._told[number],
                text=text or self._told[number].text,
                native_id=native_id(self._page, span_of(self._page, element))
                if element >= 0
                else self._told[number].native_id,
                field_sources=(FieldSource("*", self._form, "stated"),),
            )
            yield _Entry(at, comment, None, number)

    def _hidden_text(self, number: int) -> str | None:
        place = self._nodes[number] if self._nodes else None
        return html_text(place.body.html or "") if place is not None and place.body is not None else None

    def _behind(self, pairs: Mapping[int, int]) -> list[int]:
        """For each told comment the element behind which it stands where it has no place: that of the last before it that has one."""
        at = self._shown.spans[0].start - 1 if self._shown.spans else 0
        behind = []
        for number, (element, _) in enumerate(self._places):
            behind.append(at)
            if number in pairs:
                at = self._shown.spans[pairs[number]].start
            elif element >= 0:
                at = element
        return behind

    def _with_parents(self, entries: Sequence[_Entry], of_post: int | None) -> tuple[Comment, ...]:
        """The comments with parents by their new positions: those that the data states, else those that the page shows."""
        by_shown = {entry.shown: at for at, entry in enumerate(entries) if entry.shown is not None}
        by_told = {entry.told: at for at, entry in enumerate(entries) if entry.told is not None}
        comments = []
        for entry in entries:
            told = self._told[entry.told].parent if entry.told is not None else None
            stated = by_told.get(told) if told is not None and told != of_post else None
            if stated is not None:
                sources = entry.comment.field_sources
                if entry.shown is not None:
                    sources = (*sources, FieldSource("parent_id", self._form, "stated"))
                comments.append(
                    replace(entry.comment, parent=stated, parent_basis="stated", field_sources=sources)
                )
                continue
            own = entry.comment.parent if entry.shown is not None else None
            parent = by_shown.get(own) if own is not None else None
            basis = entry.comment.parent_basis if parent is not None else None
            comments.append(replace(entry.comment, parent=parent, parent_basis=basis))
        return with_depths(comments) if self._has_edges else tuple(comments)


def tells_post(telling: Telling, text: str | None, span: Span, page: Elements) -> bool | None:
    """Whether the data tells that the record at ``span`` is the post (it says the same) or a comment; None where it tells neither."""
    own, post = letters(text), letters(telling.post.text)
    if len(post) >= _TELLING_POST and post in own:
        return True
    if not telling.comments:
        return None
    place = telling.places[0] if telling.places else None
    shown_at = page.by_node.get(place.node.mem_id, -1) if place else -1
    first = letters(telling.comments[0].text)
    is_here = span.holds(shown_at) or (len(own) >= TELLING and first == own)
    return _repeats_post(telling) if is_here else None


def shares_none(telling: Telling, texts: Sequence[str | None], spans: Sequence[Span], page: Elements) -> bool:
    """Whether the data tells a thread, and none of it is among the records that a page seems to show, nor the post."""
    told = [letters(comment.text) for comment in telling.comments]
    if not any(told):
        return False
    places = [page.by_node.get(place.node.mem_id, -1) for place in telling.places if place]
    holders = Holders(spans)
    if any(holders.innermost(at) is not None for at in places if at >= 0):
        return False
    shown = [letters(text) for text in texts]
    told.append(letters(telling.post.text))
    # Line ends are no letters: what stands in one of the texts stands in all of them together.
    all_told, all_shown = "\n".join(told), "\n".join(shown)
    return not (
        any(one and one in all_told for one in shown) or any(one and one in all_shown for one in told)
    )


def _repeats_post(telling: Telling) -> bool:
    """Whether the first comment is the post: it says the same, or the data has no text of the post, and it was written with it."""
    post, first = telling.post, telling.comments[0]
    if text := letters(post.text):
        return text == letters(first.text)
    is_same_time = (
        post.published is not None and first.published is not None and post.published.at == first.published.at
    )
    return is_same_time and (
        post.author is None or first.author is None or post.author.name == first.author.name
    )


def same_person(shown: Person | None, told: Person | None, is_shown: Callable[[str], bool]) -> Person | None:
    """Who wrote it: the person that the page shows, with the id that the data has; another of the data's where the page shows that name too."""
    if told is None or told.name is None:
        return shown
    if shown is None or shown.name is None:
        return told
    if plain(shown.name).casefold() == plain(told.name).casefold():
        return shown if shown.native_id else Person(told.native_id, shown.name, shown.former)
    return told if is_shown(told.name) else shown


def same_moment(shown: Moment | None, told: Moment | None) -> Moment | None:
    """When it was written: as the page has it, placed by the data where that is finer or states its zone; dates of different days are not mixed."""
    if shown is None or told is None or told.at is None:
        return shown or told
    is_other = shown.at is not None and abs(shown.at - told.at) > _APART
    return shown if is_other else placed_by(shown, told)
