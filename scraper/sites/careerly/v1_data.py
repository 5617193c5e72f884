"""V1 pages that carry their data: the post and its thread, found in the JSON by shape and id, under any keys."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from scraper.model.record import Comment, Count, CountName, Evidence, FieldSource, Post, Record
from scraper.page.characters import plain
from scraper.page.data import Fields, normal_key, walk
from scraper.sites.careerly import fields
from scraper.sites.careerly.json_thread import thread_of
from scraper.sites.careerly.titles import split_title
from scraper.sites.careerly.urls import PostRef

LAYOUT: Final = "careerly.v1-data/1"
_THREAD_KEYS: Final = ("comment", "repl", "answer")
_POST_ID: Final = ("postid", "questionid", "qnaid", "targetid", "parentpostid")


@dataclass(frozen=True, slots=True)
class Told:
    """What a page's data tells of its post."""

    item: Fields
    comments: tuple[Comment, ...]
    has_thread: bool


def find_told(data: Sequence[object], ref: PostRef, captured_at: datetime | None) -> Told | None:
    """The post ``ref`` in the JSON of its page; None where no object there is it."""
    best: dict[str, object] | None = None
    best_score = 0
    for value in data:
        for item, keys, _ in walk(value):
            score = _post_score(item, keys, ref)
            if score > best_score:
                best, best_score = item, score
    if best is None:
        return None
    threads = [item for value in data for item in _top_comments(value, best, ref)]
    kind = "answer" if ref.kind == "qnas" else "comment"
    has_thread = bool(threads) or Fields(best).items(("comments", "replies", *fields.ANSWERS)) is not None
    return Told(
        Fields(best), thread_of(threads, captured_at, "answer" if kind == "answer" else "comment"), has_thread
    )


def _post_score(item: dict[str, object], keys: tuple[str, ...], ref: PostRef) -> int:
    read = Fields(item)
    if not any(read.id((name,)) == ref.number for name in fields.IDS):
        return 0
    said = read.has(fields.TEXT) or read.has(fields.HTML)
    counted = sum(read.has(names) for names in fields.COUNTS.values())
    if not said and counted < 2:
        return 0
    in_thread = any(word in normal_key(key) for key in keys[-2:] for word in ("repl", "answer"))
    return 4 * said + 2 * counted + 2 * read.has(fields.TITLE) + read.has(fields.CREATED) - 6 * in_thread


def _top_comments(value: object, post: dict[str, object], ref: PostRef) -> Iterator[dict[str, object]]:
    """Objects that speak, under a key that names a thread, and belong to no other post and to no other comment."""
    for item, keys, around in walk(value):
        if item is post or not _speaks(item) or not _in_thread(keys):
            continue
        holders = [holder for holder in around if holder is not post and _speaks(holder)]
        if not holders and _belongs(Fields(item), around, post, ref):
            yield item


def _speaks(item: dict[str, object]) -> bool:
    read = Fields(item)
    return read.id(fields.IDS) is not None and (read.has(fields.TEXT) or read.has(fields.HTML))


def _in_thread(keys: tuple[str, ...]) -> bool:
    return any(word in normal_key(key) for key in keys for word in _THREAD_KEYS)


def _belongs(
    item: Fields, around: tuple[dict[str, object], ...], post: dict[str, object], ref: PostRef
) -> bool:
    owner = item.id(_POST_ID)
    if owner is not None:
        return owner == ref.number
    if any(holder is post for holder in around):
        return True
    # A feed of other posts may lie under a key like "comments" (V1's word for posts): those have titles and views.
    return not (item.has(fields.TITLE) or item.has(fields.COUNTS["views"]))


def merge(told: Told, shown: Record, captured_at: datetime | None, *, gated: bool, rendered: bool) -> Record:
    """The record of a page from its data, less what the page as shown to a signed-out reader withholds."""
    post, comments = _told_post(told, shown.post, captured_at), told.comments
    if fields.is_deleted(told.item):
        return replace(
            shown,
            layout=LAYOUT,
            post=replace(post, status="withdrawn", title=None, text=None, access="full"),
            comments=comments,
        )
    if (
        not told.has_thread
        or (gated and rendered and len(comments) != len(shown.comments))
        or len(comments) < len(shown.comments)
    ):
        comments = shown.comments
    withheld = gated and rendered and _letters(post.text) != _letters(shown.post.text)
    if withheld:
        post = replace(post, text=shown.post.text, title=shown.post.title)
    return replace(
        shown,
        layout=LAYOUT,
        post=_with_access(post, told, comments, withheld=withheld, gated=gated),
        comments=comments,
    )


def _letters(text: str | None) -> str:
    return "".join(character for character in plain(text or "") if character.isalnum())


def _told_post(told: Told, shown: Post, captured_at: datetime | None) -> Post:
    text, title = fields.read_text(told.item), told.item.text(fields.TITLE)
    source = "next-data"
    if title is None and text is not None:
        title, text = split_title(text)
        source = "first-line"
    elif title and text and text.startswith(title + "\n"):
        text = text[len(title) :].strip("\n")
    published, edited = fields.read_dates(told.item, captured_at)
    counts = {count.name: count for count in (*shown.counts, *fields.read_counts(told.item))}
    sources = [FieldSource("text", "next-data", "stated")] if text else []
    sources += (
        [FieldSource("title", source, "inferred" if source == "first-line" else "stated")] if title else []
    )
    sources += [FieldSource("published_at", "next-data", "stated")] if published else []
    return replace(
        shown,
        title=title or shown.title,
        text=text or shown.text,
        author=fields.read_person(told.item) or (None if _is_nobody(told.item) else shown.author),
        published=published or shown.published,
        edited=edited or shown.edited,
        counts=_ordered(counts),
        tags=fields.read_tags(told.item),
        images=fields.read_images(told.item) or shown.images,
        field_sources=(*sources, *(FieldSource(name, "next-data", "stated") for name in counts)),
    )


def _is_nobody(item: Fields) -> bool:
    return item.has(("author", "userprofile"))


def _ordered(counts: dict[CountName, Count]) -> tuple[Count, ...]:
    return tuple(counts[name] for name in fields.COUNTS if name in counts)


def _with_access(
    post: Post, told: Told, comments: tuple[Comment, ...], *, withheld: bool, gated: bool
) -> Post:
    declared = post.count("comments")
    kept = tuple(item for item in post.access_evidence if item.kind == "prompt")
    if declared is not None:
        kept += (
            Evidence("comments", f"The page declares {declared} comments and {len(comments)} were read."),
        )
    short = declared is not None and len(comments) < declared
    if withheld:
        kept += (
            Evidence("withheld", "The page's data goes on where the page shown to signed-out readers stops."),
        )
    if fields.is_locked(told.item):
        kept += (Evidence("flag", "The page's data says that signed-out readers see only a part."),)
    if post.text is None:
        return replace(
            post, access="gated" if gated or fields.is_locked(told.item) else "unknown", access_evidence=kept
        )
    if withheld or short or fields.is_locked(told.item):
        return replace(post, access="partial", access_evidence=kept)
    return replace(post, access="unknown" if gated else "full", access_evidence=kept)
