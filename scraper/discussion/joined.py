"""A V1 page as its data tells it and as it shows itself, in one record. The data wins; a gate on the page binds it."""

from collections.abc import Sequence
from dataclasses import replace

from scraper.discussion.access import declared_words
from scraper.discussion.lines.read import ShownPost, with_post_author
from scraper.discussion.lines.sheet import Sheet
from scraper.discussion.thread_match import TELLING, as_shown, completed, letters, match, reordered
from scraper.discussion.told import fields
from scraper.discussion.told.content import read_content
from scraper.discussion.told.find import ToldPost
from scraper.model.record import Access, Comment, Count, Evidence, FieldSource, Post, Record
from scraper.model.url import Base
from scraper.page.counts import is_short


def join(told: ToldPost, shown: ShownPost, *, closed: bool) -> Record:
    """The record of a page from its data, less what the page shown to a signed-out reader withholds.

    ``closed`` says that the page states not to be free to read.
    """
    record = shown.record
    layout = shown.sheet.conventions.layouts.data
    post = _told_post(told, shown)
    locked = fields.is_locked(told.item)
    bound = closed or locked or bool(shown.sheet.gates)
    comments = _comments(told, shown, post.count("comments"), bound=bound)
    if fields.is_deleted(told.item):
        post = replace(_without_words(post, None), status="withdrawn", access="full")
        return replace(record, layout=layout, post=post, comments=comments)
    withheld = bound and not _shows(shown, post.text)
    if withheld:
        post = _without_words(post, record.post)
    withheld = withheld or (bound and len(comments) < len(told.comments))
    evidence = _evidence(post, len(comments), withheld=withheld, locked=locked)
    access = _access(post, len(comments), proven=withheld or closed or locked, gated=bound)
    post = replace(post, access=access, access_evidence=evidence)
    comments = with_post_author(comments, post.author)
    return replace(record, layout=layout, post=post, comments=comments)


def _without_words(post: Post, shown: Post | None) -> Post:
    """The post with no more of its author's words, links and pictures than a page shows; none for a page of None."""
    if shown is None:
        return replace(post, title=None, text=None, links=None, images=None)
    return replace(post, title=shown.title, text=shown.text, links=shown.links, images=shown.images)


def _shows(shown: ShownPost, text: str | None) -> bool:
    """Whether the page shows a text whole: as the text that was read off it, or line after line."""
    if letters(text) == letters(shown.record.post.text):
        return True
    visible, at = "".join(_lines(shown.sheet, 0, _thread_start(shown))), 0
    for line in map(letters, (text or "").split("\n")):
        at = visible.find(line, at)
        if at < 0:
            return False
        at += len(line)
    return True


def _thread_start(shown: ShownPost) -> int | None:
    header = shown.outline.thread_header
    return header if header is not None else next((block.index for block in shown.outline.thread), None)


def _lines(sheet: Sheet, start: int | None, end: int | None) -> list[str]:
    """The letters of all that a page shows there besides prompts and buttons."""
    shown = (
        block for block in sheet.blocks[start:end] if block.index not in sheet.gated and not block.control
    )
    return [letters(line) for block in shown for line in block.text.split("\n")]


def _told_post(told: ToldPost, page: ShownPost) -> Post:
    shown, sheet = page.record.post, page.sheet
    content = read_content(told.item, sheet.page.base or Base(sheet.post.url), sheet.conventions.links)
    published, edited = fields.read_dates(told.item, sheet.conventions.zone, sheet.captured_at)
    counts = {count.name: count for count in (*shown.counts, *fields.read_counts(told.item))}
    stated = fields.states_author(told.item)
    sources = content.sources("next-data")
    sources += [FieldSource("published_at", "next-data", "stated")] if published else []
    return replace(
        shown,
        title=content.title or shown.title,
        text=content.text or shown.text,
        author=fields.read_person(told.item, sheet.words) or (None if stated else shown.author),
        published=published or shown.published,
        edited=edited or shown.edited,
        counts=tuple(counts[name] for name in fields.COUNTS if name in counts),
        tags=fields.read_tags(told.item),
        links=shown.links if content.links is None else content.links,
        images=content.images or shown.images,
        field_sources=(*sources, *(FieldSource(name, "next-data", "stated") for name in counts)),
    )


def _comments(told: ToldPost, shown: ShownPost, declared: int | None, *, bound: bool) -> tuple[Comment, ...]:
    """The thread as told, in the order of the page where that has all of it.

    As shown, made complete from the data, where the data has less of it or the page withholds some.
    """
    seen = shown.record.comments
    pairs = match(told.comments, seen)
    authors = all(comment.author is None for comment in told.comments)
    comments = [
        completed(comment, seen[pairs[at]], authors=authors) if at in pairs else comment
        for at, comment in enumerate(told.comments)
    ]
    whole = told.has_thread and (len(comments) >= len(seen) or len(comments) == declared)
    if whole and not (bound and _withholds(shown, [c for at, c in enumerate(comments) if at not in pairs])):
        return reordered(comments, pairs) if len(pairs) == len(comments) else tuple(comments)
    told_at = {at: comments[position] for position, at in pairs.items()}
    return tuple(as_shown(comment, told_at.get(at, comment)) for at, comment in enumerate(seen))


def _withholds(shown: ShownPost, comments: Sequence[Comment]) -> bool:
    """Whether the page lacks the words of one of these comments, none of which was read off it."""
    lines = _lines(shown.sheet, _thread_start(shown), None) if comments else []
    visible = "".join(lines)
    texts = [letters(comment.text) for comment in comments if comment.text is not None]
    return any(text not in (lines if len(text) < TELLING else visible) for text in texts)


def _evidence(post: Post, captured: int, *, withheld: bool, locked: bool) -> tuple[Evidence, ...]:
    kept = [item for item in post.access_evidence if item.kind == "prompt"]
    declared = _declared(post)
    if declared is not None:
        kept.append(
            Evidence("comments", f"The page declares {declared_words(declared)} and {captured} were read.")
        )
    if withheld:
        detail = "The page's data goes on where the page shown to signed-out readers stops."
        kept.append(Evidence("withheld", detail))
    if locked:
        kept.append(Evidence("flag", "The page's data says that signed-out readers see only a part."))
    return tuple(kept)


def _access(post: Post, captured: int, *, proven: bool, gated: bool) -> Access:
    if post.text is None:
        return "gated" if gated else "unknown"
    short = is_short(_declared(post), captured)
    if proven or short:
        return "partial"
    return "unknown" if gated or short is None else "full"


def _declared(post: Post) -> Count | None:
    return next((count for count in post.counts if count.name == "comments"), None)
