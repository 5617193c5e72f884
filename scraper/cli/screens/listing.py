"""The screens of ``postkeep list``: on a terminal in columns, into a pipe one line a post with tabs between."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Final

from scraper.cli.screens.layout import clean, cut, padded, width_of, wrapped
from scraper.cli.screens.words import day_text, moment_text
from scraper.cli.view import TAB
from scraper.jobs.look.listing import ListedFailure, ListedPost
from scraper.model.outcome import Span, Style, ViewLine

# The columns are as wide as the ids of the first posts ask for: the others are not known yet.
_FIRST: Final = 200
_WIDEST_ID: Final = 48
_DATE, _COMMENTS, _STATE = 10, 11, 9
_BETWEEN: Final = "  "
_LEAST_TITLE: Final = 16
_STATES: Final[Mapping[str, Style]] = {"gone": "warning", "withdrawn": "warning", "gated": "warning"}
_OUTCOMES: Final[Mapping[str, Style]] = {"failed": "bad", "refused": "warning", "rejected": "warning"}


def listing_lines(posts: Iterable[ListedPost]) -> Iterator[ViewLine]:
    """A post a line: id, time of publication, comments, those declared, state, access and title, with tabs between.

    What is unknown is empty; tabs and breaks within a title are spaces.
    """
    for post in posts:
        declared = post.comments_declared
        cells = (
            post.post_id,
            post.published_at or "",
            str(post.comments_captured),
            "" if declared is None else str(declared),
            post.status,
            post.access,
            _title(post),
        )
        yield _in_tabs(cells)


def listing_screen(posts: Iterable[ListedPost], width: int) -> Iterator[ViewLine]:
    """A post a line in columns; where there is no room for a title, a post in two lines."""
    rest = iter(posts)
    first = list(islice(rest, _FIRST))
    ids = min(max((width_of(clean(post.post_id)) for post in first), default=0), _WIDEST_ID)
    room = width - ids - _DATE - _COMMENTS - _STATE - 4 * len(_BETWEEN)
    for post in chain(first, rest):
        post_id, title = clean(post.post_id), _title(post)
        state = Span(padded(_state(post), _STATE), _STATES.get(_state(post), "plain"))
        date = padded(clean(day_text(post.published_at, post.published_precision) or "undated"), _DATE)
        comments = padded(_comments(post), _COMMENTS, right=True)
        if room >= _LEAST_TITLE and width_of(post_id) <= ids:
            start = f"{padded(post_id, ids)}{_BETWEEN}{date}{_BETWEEN}{comments}{_BETWEEN}"
            yield (Span(start), state, Span(f"{_BETWEEN}{cut(title, room)}"))
            continue
        yield from ((Span(line, "strong"),) for line in wrapped(post_id, width))
        facts = cut(f"  {date}{_BETWEEN}{_comments(post)}{_BETWEEN}{_state(post)}", width)
        yield (Span(facts, _STATES.get(_state(post), "plain")),)
        yield (Span(cut(f"  {title}", width)),)


def failure_lines(failures: Iterable[ListedFailure]) -> Iterator[ViewLine]:
    """A page a line: outcome, time, URL and reason, with tabs between."""
    for each in failures:
        yield _in_tabs((each["outcome"], each["at"] or "", each["url"], each["reason"]))


def failure_screen(failures: Iterable[ListedFailure], width: int) -> Iterator[ViewLine]:
    """A page in a few lines: what became of it and when, where, and why."""
    for each in failures:
        head = clean(f"{each['outcome']:<8} {moment_text(each['at']) or ''}".rstrip())
        yield (Span(cut(head, width), _OUTCOMES[each["outcome"]]),)
        yield from ((Span(f"  {line}"),) for line in wrapped(clean(each["url"]), width - 2))
        yield from ((Span(f"  {line}", "dim"),) for line in wrapped(clean(each["reason"]), width - 2))


def _in_tabs(cells: Iterable[str]) -> tuple[Span, ...]:
    return tuple(chain.from_iterable((TAB, Span(clean(cell))) for cell in cells))[1:]


def _title(post: ListedPost) -> str:
    return clean(post.title or post.opening or "")


def _state(post: ListedPost) -> str:
    """What is to be known of a post first: that it is gone, or how far it could be read."""
    return post.status if post.status in {"gone", "withdrawn"} else post.access


def _comments(post: ListedPost) -> str:
    captured, declared = post.comments_captured, post.comments_declared
    return f"{captured:,}" if declared is None or declared <= captured else f"{captured:,}/{declared:,}"
