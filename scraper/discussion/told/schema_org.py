"""Posts and threads in schema.org's words, be it JSON-LD or microdata."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from scraper.discussion.body.head import types_of
from scraper.discussion.told import properties
from scraper.discussion.told.depths import with_depths
from scraper.discussion.told.properties import Thing
from scraper.discussion.told.telling import Form, Frame, Place, Telling, ToldPost
from scraper.model.record import Comment, CommentKind, Count, CountName, PostKind
from scraper.model.url import identity
from scraper.page.data import walk
from scraper.page.microdata import Microdata

# Kinds of works that may be a page's own, those of discussions first, by the last part of their name.
_POSTS: Final[tuple[tuple[str, PostKind], ...]] = (
    ("Question", "question"),
    ("DiscussionForumPosting", "topic"),
    ("SocialMediaPosting", "post"),
    ("BlogPosting", "article"),
    ("Article", "article"),
    ("Posting", "post"),
    ("CreativeWork", "article"),
)
_COMMENTS: Final = ("Comment", "Answer", "UserComments", "CorrectionComment")
# The properties that hold what answers a work; the first two hold answers to a question.
_ANSWERS: Final = ("acceptedAnswer", "suggestedAnswer", "comment", "comments")
_LEAD_TO_COMMENT: Final = frozenset(map(str.lower, _ANSWERS))
# Under these an object is another work than the page's own.
_OTHER_WORKS: Final = frozenset((
    "about", "author", "blogpost", "citation", "creator", "haspart", "image", "isbasedon", "ispartof", "itemlistelement", "logo",
    "mentions", "parentitem", "publisher", "relatedlink", "review", "reviews", "sharedcontent", "video", *_LEAD_TO_COMMENT,
))  # fmt: skip
_NUMBER: Final = re.compile(r"\d+")
_MOST_COMMENTS: Final = 20_000
_DEEPEST: Final = 64


@dataclass(frozen=True, slots=True)
class _Entry:
    thing: Thing
    kind: CommentKind
    parent: int | None
    is_accepted: bool | None


def read_schema_org(linked: Sequence[object], microdata: Microdata, frame: Frame) -> Telling | None:
    """What a page's schema.org tells of its own post; None where it tells of none, or of several and not which.

    ``linked`` are the values of its JSON-LD.
    """
    things = _Things(linked, microdata)
    works = things.own_works(frame)
    lists = [things.comments_of(work) for work in works] or [[]]
    entries = max(lists, key=len)
    entries = things.with_orphans(entries)
    if not works and len(entries) < 2:
        return None
    comments = _with_ids([_comment(entry, frame, things.named) for entry in entries], frame)
    form: Form = "microdata" if entries and id(entries[0].thing) in microdata.nodes else "json-ld"
    if not entries and works and id(works[0]) in microdata.nodes:
        form = "microdata"
    return Telling(
        form,
        _post(works, entries, frame, things.named),
        with_depths(things.with_stated_parents(entries, comments)),
        tuple(_place(entry.thing, microdata) for entry in entries),
    )


class _Things:
    """The objects of a page: its posts, its comments that no post holds, and those that others refer to by their id."""

    def __init__(self, linked: Sequence[object], microdata: Microdata) -> None:
        self.named: dict[str, Thing] = {}
        self.orphans: list[Thing] = []
        self._works: list[tuple[int, Thing]] = []
        self._shown = microdata.nodes.keys()
        for item, keys, around in walk(*linked, *microdata.items):
            types = types_of(item)
            if len(item) > 2 and isinstance(name := item.get("@id"), str):
                self.named.setdefault(name, item)
            if any(key.lower() in _OTHER_WORKS for key in keys) or any(
                "FAQPage" in types_of(each) for each in around
            ):
                continue
            if any(name in _COMMENTS for name in types):
                self.orphans.append(item)
            elif (rank := _rank(types)) is not None and _is_post(item, types, keys):
                self._works.append((rank, item))
        self._works.sort(key=lambda work: work[0])

    def own_works(self, frame: Frame) -> list[Thing]:
        """The works that are the page's own post, the most telling first: those with its address, or the only one there is."""
        own = [work for _, work in self._works if _is_at(work, frame)]
        if own:
            return own
        best = [work for rank, work in self._works if rank == self._works[0][0]]
        apart = {identity(address) for work in best for address in list(properties.addresses(work))[:1]}
        return best if len(apart) <= 1 and len(best) <= 2 else []

    def comments_of(self, work: Thing) -> list[_Entry]:
        """What answers a work, and what answers that, each behind what it answers."""
        return self._entries(_answers(work), 0)

    def with_orphans(self, entries: list[_Entry]) -> list[_Entry]:
        """The comments with those that stand by themselves; where a page tells its thread in both forms, the longer of the two."""
        held = {id(entry.thing) for entry in entries}
        apart = [thing for thing in self.orphans if id(thing) not in held]
        is_shown = {id(each) in self._shown for each in (*apart, *(entry.thing for entry in entries))}
        others = self._entries([(thing, "comment", None) for thing in apart], 0)
        if len(is_shown) > 1:
            return max(entries, others, key=len)
        return [*entries, *self._entries([(thing, "comment", None) for thing in apart], len(entries))]

    def with_stated_parents(self, entries: Sequence[_Entry], comments: Sequence[Comment]) -> list[Comment]:
        """The comments with the parents that they name (``parentItem``)."""
        places = {
            address: at
            for at, entry in reversed(list(enumerate(entries)))
            for address in properties.addresses(entry.thing)
        }
        parents = [
            next((places[name] for name in _parent_names(entry.thing) if name in places), None)
            for entry in entries
        ]
        return [
            replace(comment, parent=parent, parent_basis="stated")
            if comment.parent is None and parent not in {None, at}
            else comment
            for at, (comment, parent) in enumerate(zip(comments, parents, strict=True))
        ]

    def _entries(
        self, answers: Sequence[tuple[object, CommentKind, bool | None]], before: int
    ) -> list[_Entry]:
        stack: list[tuple[object, CommentKind, bool | None, int | None, int]] = [
            (*answer, None, 0) for answer in reversed(answers)
        ]
        entries: list[_Entry] = []
        seen: set[int] = set()
        while stack and len(entries) < _MOST_COMMENTS:
            value, kind, is_accepted, parent, depth = stack.pop()
            thing = self._thing(value)
            if thing is None or id(thing) in seen:
                continue
            seen.add(id(thing))
            at = before + len(entries)
            entries.append(_Entry(thing, kind, parent, is_accepted))
            if depth < _DEEPEST:
                stack += [(each, "comment", None, at, depth + 1) for each, _, _ in reversed(_answers(thing))]
        return entries

    def _thing(self, value: object) -> Thing | None:
        """A comment as an object, given as one, by its id, or as its words alone."""
        if isinstance(value, str):
            if value in self.named or "://" in value:
                return self.named.get(value)
            return {"text": value} if value.strip() else None
        if not isinstance(value, dict):
            return None
        return self.named.get(str(value.get("@id")), value) if len(value) <= 2 else value


def _parent_names(thing: Thing) -> Iterator[str]:
    """What a comment calls what it answers."""
    for value in properties.values(thing, "parentItem"):
        yield from properties.addresses(value) if isinstance(value, Mapping) else (str(value),)


def _rank(types: Sequence[str]) -> int | None:
    return next(
        (rank for rank, (ending, _) in enumerate(_POSTS) if any(name.endswith(ending) for name in types)),
        None,
    )


def _is_post(item: Thing, types: Sequence[str], keys: Sequence[str]) -> bool:
    """Whether a work may be a post: a question is one where somebody asked it, and not the page itself."""
    if "Question" in types:
        return "mainEntity" in keys or bool(
            properties.values(item, "author", "dateCreated", "datePublished", "upvoteCount")
        )
    return "QAPage" not in types


def _is_at(work: Thing, frame: Frame) -> bool:
    own = set(map(identity, frame.urls))
    stated = (frame.base.resolve(address.partition("#")[0]) for address in properties.addresses(work))
    return any(identity(url) in own for url in stated if url)


def _answers(thing: Thing) -> list[tuple[object, CommentKind, bool | None]]:
    """What answers a thing, by the property that holds it; whether it was accepted, where another was or it was."""
    has_accepted = bool(properties.values(thing, "acceptedAnswer"))
    answers: list[tuple[object, CommentKind, bool | None]] = []
    for name in _ANSWERS:
        kind: CommentKind = "answer" if name.endswith("Answer") else "comment"
        accepted = name == "acceptedAnswer" if has_accepted and kind == "answer" else None
        answers += [(value, kind, accepted) for value in properties.values(thing, name)]
    return answers


def _place(thing: Thing, microdata: Microdata) -> Place | None:
    node = microdata.nodes.get(id(thing))
    return Place(node, microdata.bodies.get(id(thing))) if node is not None else None


def _with_ids(comments: Sequence[Comment], frame: Frame) -> list[Comment]:
    """The comments with the numbers that end their addresses as their ids; an address of several, or of the page, is none."""
    times = Counter(comment.url for comment in comments)
    own = set(map(identity, frame.urls))
    return [
        replace(comment, native_id=numbers[-1] if (numbers := _NUMBER.findall(comment.url)) else None)
        if comment.url
        and times[comment.url] == 1
        and ("#" in comment.url or identity(comment.url) not in own)
        else replace(comment, url=None)
        for comment in comments
    ]


def _comment(entry: _Entry, frame: Frame, named: Mapping[str, Thing]) -> Comment:
    thing = entry.thing
    published = properties.published(thing, frame)
    up = properties.votes("likes", thing, "upvoteCount")
    down = properties.votes("likes", thing, "downvoteCount")
    likes = properties.interactions(thing).get("likes")
    is_scored = entry.kind == "answer"
    address = next(filter(None, map(frame.base.permalink, properties.addresses(thing))), None)
    return Comment(
        text=properties.text(thing),
        kind=entry.kind,
        url=address,
        parent=entry.parent,
        parent_basis="stated" if entry.parent is not None else None,
        author=properties.person(thing, named),
        is_accepted=entry.is_accepted,
        published=published,
        edited=properties.modified(thing, frame) if published else None,
        likes=likes or (None if is_scored else up),
        score=properties.score(up, down, is_scored=is_scored),
    )


def _post(
    works: Sequence[Thing], entries: Sequence[_Entry], frame: Frame, named: Mapping[str, Thing]
) -> ToldPost:
    """The post by the first of its works that tells a thing."""
    kind: PostKind = next((kind for work in works for kind in _kinds(work)), "post")
    counts: dict[CountName, Count] = {}
    for work in works:
        for count in _counts(work, entries, is_question=kind == "question"):
            counts.setdefault(count.name, count)
    title = next(filter(None, map(properties.title, works)), None)
    # Some boards give the title of a topic as its text.
    texts = (text for text in map(properties.text, works) if text != title)
    return ToldPost(
        kind,
        title,
        next(filter(None, texts), None),
        next(filter(None, (properties.person(work, named) for work in works)), None),
        next(filter(None, (properties.published(work, frame) for work in works)), None),
        next(filter(None, (properties.modified(work, frame) for work in works)), None),
        tuple(counts.values()),
    )


def _kinds(work: Thing) -> Iterator[PostKind]:
    rank = _rank(types_of(work))
    if rank is not None:
        yield _POSTS[rank][1]


def _counts(work: Thing, entries: Sequence[_Entry], *, is_question: bool) -> Iterator[Count]:
    up = properties.votes("likes", work, "upvoteCount")
    down = properties.votes("likes", work, "downvoteCount")
    interactions = properties.interactions(work)
    if is_question:
        interactions.pop("comments", None)
        declared = _answers_declared(work, entries)
    else:
        declared = properties.number("comments", work, "commentCount") or interactions.pop("comments", None)
    if declared:
        yield declared
    yield from interactions.values()
    if up and not is_question:
        yield up
    if score := properties.score(up, down, is_scored=is_question):
        yield score


def _answers_declared(question: Thing, entries: Sequence[_Entry]) -> Count | None:
    """How many answers and comments there are in all; None where the data says only a part of that.

    A question counts its answers and its own comments, an answer its comments. Of a page that counts comments anywhere, what
    says no number and holds no comment has none.
    """
    answers = properties.number("comments", question, "answerCount")
    if answers is None or answers.value is None:
        return None
    held = [entry.thing for entry in entries if entry.kind == "answer"]
    parts = [properties.number("comments", thing, "commentCount") for thing in (question, *held)]
    if not any(parts):
        return answers if len(held) == len(entries) else None
    is_open = any(
        part is None and properties.values(thing, "comment")
        for thing, part in zip((question, *held), parts, strict=True)
    )
    if is_open or len(held) < answers.value or any(part and part.value is None for part in parts):
        return None
    counted = [answers, *filter(None, parts)]
    return Count(
        "comments", sum(part.value or 0 for part in counted), " + ".join(part.raw for part in counted)
    )
