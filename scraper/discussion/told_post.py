"""A post told twice, by what a page shows and by its data, made one. docs/reading.md has the rules."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from scraper.discussion.reconcile import Reconciled, same_moment, same_person
from scraper.discussion.told.telling import Telling
from scraper.model.record import Comment, Count, CountName, FieldSource, Moment, Post

# So near to the time of a reply a change is that reply.
_OF_REPLY: Final = timedelta(seconds=60)


def post_with_told(
    post: Post, telling: Telling, reconciled: Reconciled, *, is_all: bool, is_withheld: bool
) -> Post:
    """The post with what the data adds to it. Its words are those shown, where any are or where some are withheld.

    ``is_all`` says that the thread has no other comments than those of the page.
    """
    of_post, comments = reconciled.of_post, reconciled.comments
    told = telling.post
    is_discussion = told.kind in {"question", "topic"}
    counts = _counts(post.counts, told.counts, of_post)
    author = same_person(post.author, told.author or (of_post.author if of_post else None), lambda _: False)
    declared = next((count.value for count in counts if count.name == "comments"), None)
    is_all = is_all and (declared or 0) <= len(comments) + 1
    published = same_moment(post.published, told.published or (of_post.published if of_post else None))
    added = replace(
        post,
        kind=told.kind if is_discussion else post.kind,
        title=post.title or told.title,
        text=post.text or (None if is_withheld else told.text),
        author=author,
        published=published,
        edited=post.edited or _edited(telling, of_post, comments, is_all=is_all),
        counts=counts,
    )
    return replace(added, field_sources=_sources(post, added, telling.form))


def _counts(shown: Sequence[Count], told: Sequence[Count], of_post: Comment | None) -> tuple[Count, ...]:
    """The counts of the data, and those that only the page shows."""
    counts: dict[CountName, Count] = {count.name: count for count in told}
    for count in (of_post.likes, of_post.score) if of_post else ():
        if count:
            counts.setdefault(count.name, count)
    for count in shown:
        if count.name == "comments" or count.name not in counts:
            counts[count.name] = count
    return tuple(counts.values())


def _edited(
    telling: Telling, of_post: Comment | None, comments: Sequence[Comment], *, is_all: bool
) -> Moment | None:
    """When the post was edited: of a thread a change is as often that of its last reply, which then has the same time."""
    if of_post and of_post.edited:
        return of_post.edited
    modified = telling.post.modified
    if modified is None or modified.at is None or telling.post.kind == "article":
        return modified
    times = [each.at for comment in comments for each in (comment.published, comment.edited) if each]
    is_reply = any(at is not None and abs(at - modified.at) <= _OF_REPLY for at in times)
    return modified if is_all and not is_reply else None


def _sources(before: Post, after: Post, form: str) -> tuple[FieldSource, ...]:
    """Where each field was read, those that the data added or placed with the form of it."""
    fields = ("title", "text", "author", "published_at", "edited_at")
    values = {
        "published_at": (before.published, after.published),
        "edited_at": (before.edited, after.edited),
        **{name: (getattr(before, name), getattr(after, name)) for name in fields[:3]},
    }
    changed = {name for name, (old, new) in values.items() if old != new}
    kept = tuple(source for source in before.field_sources if source.field not in changed)
    told = tuple(FieldSource(name, form, "stated") for name in fields if name in changed)
    own = {count.name for count in before.counts}
    return (
        *kept,
        *told,
        *(FieldSource(count.name, form, "stated") for count in after.counts if count.name not in own),
    )
