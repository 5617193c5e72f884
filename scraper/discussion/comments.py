"""The records of a page's thread as comments, with where each field was read."""

import re
from collections.abc import Callable
from typing import Final

from scraper.discussion.thread.record import Thread, ThreadRecord
from scraper.discussion.told.depths import uncircled
from scraper.model.record import Comment, Count, FieldSource, Moment, Person, Removed
from scraper.model.url import Base
from scraper.page.counts import parse_count

DELETED_COMMENT: Final = "deleted-comment"
"""The rule by which the notice in the place of a deleted comment is taken out."""

_SESSION: Final = re.compile(r"(?:sid|s)=[0-9a-f]{16,}|(?:phpsessid|sessionid)=.*", re.IGNORECASE)


def comments_of(
    thread: Thread,
    skipped: int,
    base: Base,
    person: Callable[[ThreadRecord], Person | None],
    moment: Callable[[str], Moment | None],
) -> tuple[Comment, ...]:
    """The comments of a thread whose first ``skipped`` records are none; addresses are resolved against ``base``."""

    own = thread.records[skipped:]
    above = (record.parent for record in own)
    places = uncircled([at - skipped if at is not None and at >= skipped else None for at in above])

    def comment(record: ThreadRecord, parent: int | None, depth: int) -> Comment:
        told = record.particulars
        return Comment(
            text=record.text,
            kind="answer" if _is_answer(thread, record) else "comment",
            native_id=record.native_id,
            url=_permalink(told.link, base) if told.link else None,
            parent=parent,
            parent_basis=record.parent_basis if parent is not None else None,
            depth=None if record.depth is None else depth,
            author=person(record),
            is_post_author=told.is_post_author or None,
            is_accepted=told.is_accepted or None,
            published=moment(record.date),
            edited=(moment(record.edited) or Moment(record.edited)) if record.edited else None,
            likes=parse_count("likes", told.likes),
            score=_score(told.score),
            status="placeholder" if record.deleted else "present",
            removed=(Removed(DELETED_COMMENT, record.deleted),) if record.deleted else (),
            field_sources=_sources(record),
        )

    return tuple(comment(record, *place) for record, place in zip(own, places, strict=True))


def _permalink(link: str, base: Base) -> str | None:
    """The address without the session that some boards put into all of them."""
    url, sign, fragment = (base.permalink(link) or "").partition("#")
    path, _, query = url.partition("?")
    kept = "&".join(part for part in query.split("&") if part and not _SESSION.fullmatch(part))
    return f"{path}{'?' if kept else ''}{kept}{sign}{fragment}" or None


def _is_answer(thread: Thread, record: ThreadRecord) -> bool:
    """Whether a record is called an answer, and answers no other that is."""
    above = thread.records[record.parent].particulars if record.parent is not None else None
    return record.particulars.is_answer and not (above and above.is_answer)


def _score(raw: str | None) -> Count | None:
    if raw is None or raw[0] not in "-−":
        return parse_count("score", raw)
    below = parse_count("score", raw[1:])
    return Count("score", None if below is None or below.value is None else -below.value, raw)


def _sources(record: ThreadRecord) -> tuple[FieldSource, ...]:
    """Where the fields of a comment were read: what its page labels is stated, the rest is known by its place."""
    told = record.particulars
    stated = {
        "url": told.link,
        "edited_at": record.edited,
        "likes": told.likes,
        "score": told.score,
        "is_accepted": told.is_accepted,
        "is_post_author": told.is_post_author,
    }
    return (
        FieldSource("*", "html", "inferred"),
        *(FieldSource(field, "html", "stated") for field, value in stated.items() if value),
    )


def joined_sources(shown: Comment, joined: Comment, form: str) -> tuple[FieldSource, ...]:
    """Where the fields of a comment were read that a page shows and its data tells: those that the data changed in the ``form`` of it."""
    before = _by_column(shown)
    changed = {name for name, value in _by_column(joined).items() if value != before[name]}
    kept = (source for source in shown.field_sources if source.field not in changed)
    return (*kept, *(FieldSource(name, form, "stated") for name in before if name in changed))


def _by_column(comment: Comment) -> dict[str, object]:
    return {
        "comment_id": comment.native_id,
        "url": comment.url,
        "kind": comment.kind,
        "is_accepted": comment.is_accepted,
        "author_id": comment.author,
        "text": comment.text,
        "published_at": comment.published,
        "edited_at": comment.edited,
        "likes": comment.likes,
        "score": comment.score,
    }
