"""The properties of schema.org's objects, in all the ways in which pages write them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from scraper.discussion.body.head import types_of
from scraper.discussion.thread.names import PROFILE
from scraper.discussion.told.telling import Frame
from scraper.discussion.told.text import plain_text
from scraper.model.record import Count, CountName, Moment, Person
from scraper.model.url import parse_url
from scraper.page.characters import clean
from scraper.page.counts import parse_count
from scraper.page.dates import read_date

Thing = Mapping[str, object]

TEXT: Final = ("text", "articleBody", "commentText")
_TITLE: Final = ("headline", "name")
_PUBLISHED: Final = ("datePublished", "dateCreated", "commentTime", "uploadDate")
_AUTHOR: Final = ("author", "creator")
_ADDRESS: Final = ("url", "@id", "mainEntityOfPage")
_LONGEST_NAME: Final = 100
_MOST_VALUES: Final = 10_000
# What an interaction is called (the last part of its type), and the count that it makes.
_INTERACTIONS: Final[Mapping[str, CountName]] = {
    **dict.fromkeys(("ViewAction", "WatchAction", "ReadAction", "UserPageVisits", "UserPageViews"), "views"),
    **dict.fromkeys(("LikeAction", "AgreeAction", "UserLikes", "UserPlusOnes"), "likes"),
    **dict.fromkeys(("CommentAction", "ReplyAction", "UserComments", "Comment"), "comments"),
    **dict.fromkeys(("ShareAction", "UserTweets"), "shares"),
    **dict.fromkeys(("BookmarkAction",), "saves"),
}
_BELOW_ZERO: Final = re.compile(r"[-−–](\d{1,9})")
# An interaction as one text: ``UserComments:12``.
_INTERACTION: Final = re.compile(r"\s*([A-Za-z]+)\s*[:=]\s*(\d[\d.,]*)\s*")


def values(thing: Thing, *names: str) -> list[object]:
    """The values of the first of some properties that has any, each alone."""
    for name in names:
        value = thing.get(name, thing.get(f"schema:{name}"))
        held = value if isinstance(value, list) else [value]
        if stated := [each for each in islice(held, _MOST_VALUES) if each is not None and each != ""]:
            return stated
    return []


def word(thing: Thing, *names: str) -> str | None:
    """The first text of some properties, a number as text too; of an object its ``@value`` or its ``name``."""
    for name in names:
        for value in values(thing, name):
            held = value.get("@value", value.get("name")) if isinstance(value, dict) else value
            if isinstance(held, str | int | float) and not isinstance(held, bool) and str(held).strip():
                return clean(str(held)).strip()
    return None


def title(thing: Thing) -> str | None:
    """What it is called."""
    stated = word(thing, *_TITLE)
    return plain_text(stated) if stated else None


def text(thing: Thing) -> str | None:
    """What it says, as Markdown."""
    stated = word(thing, *TEXT)
    return plain_text(stated) if stated else None


def addresses(thing: Thing) -> Iterator[str]:
    """Its addresses: the one it is found at first, then those that name it."""
    for name in _ADDRESS:
        for value in values(thing, name):
            held = value.get("@id", value.get("url")) if isinstance(value, dict) else value
            if isinstance(held, str) and held.strip():
                yield held.strip()


def person(thing: Thing, named: Mapping[str, Thing]) -> Person | None:
    """Who wrote it: an object, a list of them, a name alone, or a reference to one of ``named``."""
    for value in values(thing, *_AUTHOR):
        holder = _holder(value, named)
        name = word(holder, "name", "alternateName")
        if name and len(name) <= _LONGEST_NAME:
            return Person(_profile(holder), plain_text(name))
    return None


def _holder(value: object, named: Mapping[str, Thing]) -> Thing:
    """The object of an author; of a text the one that has it as its id, else one that has it as its name."""
    if isinstance(value, str):
        return named.get(value, {} if "://" in value else {"name": value})
    if not isinstance(value, Mapping):
        return {}
    return value if values(value, "name", "alternateName") else named.get(str(value.get("@id")), value)


def _profile(thing: Thing) -> str | None:
    """The id of a person: the path of the page that the site has of them."""
    urls = (parse_url(url) for url in addresses(thing) if PROFILE(url))
    url = next((each for each in urls if each), None)
    return url.path + (f"?{url.query}" if url.query else "") if url else None


def published(thing: Thing, frame: Frame) -> Moment | None:
    """When it was published."""
    return _moment(word(thing, *_PUBLISHED), frame)


def modified(thing: Thing, frame: Frame) -> Moment | None:
    """When it was changed last, where that is another time than that of its publication."""
    stated, first = _moment(word(thing, "dateModified"), frame), published(thing, frame)
    if stated is None or stated.at is None or (first and first.at and stated.at <= first.at):
        return None
    return stated


def _moment(raw: str | None, frame: Frame) -> Moment | None:
    return read_date(raw, frame.zone, frame.captured_at) if raw else None


def number(name: CountName, thing: Thing, *names: str) -> Count | None:
    """A number as a count."""
    return parse_count(name, word(thing, *names))


def votes(name: CountName, thing: Thing, *names: str) -> Count | None:
    """A number of votes, which may be below zero."""
    raw = (word(thing, *names) or "").strip()
    below = _BELOW_ZERO.fullmatch(raw)
    return Count(name, -int(below[1]), raw) if below else parse_count(name, raw or None)


def score(up: Count | None, down: Count | None, *, is_scored: bool) -> Count | None:
    """Votes for less those against, where both are told; of what is scored (questions, answers) the first is the score itself."""
    if up is None or up.value is None or (down is None and not is_scored):
        return None
    if down is None or down.value is None:
        return Count("score", up.value, up.raw)
    return Count("score", up.value - down.value, f"{up.raw} - {down.raw}")


def interactions(thing: Thing) -> dict[CountName, Count]:
    """How often it was viewed, liked, answered, shared and kept, the first number of each."""
    counts: dict[CountName, Count] = {}
    for value in values(thing, "interactionStatistic", "interactionCount"):
        kind, raw = _interaction(value)
        name = _INTERACTIONS.get(kind)
        count = parse_count(name, raw) if name else None
        if count:
            counts.setdefault(count.name, count)
    return counts


def _interaction(value: object) -> tuple[str, str | None]:
    """The type of an interaction and its number, of an object or a text."""
    if isinstance(value, str):
        match = _INTERACTION.fullmatch(value)
        return (match[1], match[2]) if match else ("", None)
    if not isinstance(value, Mapping):
        return "", None
    stated = next(iter(values(value, "interactionType")), None)
    if isinstance(stated, Mapping):
        kind = next(iter(types_of(stated)), str(stated.get("@id", "")))
    else:
        kind = stated if isinstance(stated, str) else next(iter(types_of(value)), "")
    return kind.rstrip("/").rpartition("/")[2].rpartition(":")[2], word(
        value, "userInteractionCount", "interactionCount"
    )


def is_of(thing: Thing, types: Sequence[str]) -> bool:
    """Whether it is of one of some types."""
    return any(name in types for name in types_of(thing))
