"""``postkeep show``: one post with its thread, as rows."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, TypedDict

from scraper.archive.decisions import read_decisions
from scraper.archive.lock import is_held
from scraper.errors import UsageError
from scraper.jobs.look.committed import committed_records
from scraper.model.url import identity, parse_url, without_credentials
from scraper.records.history import PostRows
from scraper.records.merging import POST_NUMBERS, PostNumber
from scraper.records.row_types import CommentRow, MetricRow, PostRow, RevisionRow
from scraper.records.store import Records
from scraper.records.summaries import Summaries
from scraper.sites.registry import installed_sites

ShownPost = PostRow
ShownComment = CommentRow
COUNTS: Final[tuple[PostNumber, ...]] = tuple(name for name in POST_NUMBERS if name != "comments_declared")
"""The counts of a post other than that of its comments."""
_MOST_NAMED: Final = 10
_NUMBERS: Final = re.compile(r"\d+")


class ThreadData(TypedDict):
    """What ``postkeep show --json`` gives as ``data``: the rows of a post; ``comment_id`` is that of the comment asked for, or null."""

    comment_id: str | None
    post: PostRow
    comments: Sequence[CommentRow]
    metrics: Sequence[MetricRow]
    revisions: Sequence[RevisionRow]


def thread_of(text: str, folder: Path) -> ThreadData:
    """The post that ``text`` names with all its rows; a comment's id or address gives its post, and names the comment.

    Raises:
        UsageError: the folder is no archive, or ``text`` names no post of it, or several.
        ArchiveHeldError: a takedown was begun and is not complete.
    """
    with committed_records(folder) as records:
        if records is None:
            raise UsageError(
                f"{folder} keeps nothing yet. Fill it with `postkeep crawl` or `postkeep import`."
            )
        post_id, native = _named(text, records, folder)
        rows = records.post(post_id)
        if rows is None:
            raise UsageError(_why_not(text, post_id, records, folder))
        comment_id = _comment_in(rows, native)
        if native and parse_url(text) is None and comment_id is None:
            raise UsageError(_no_comment(text, post_id, folder))
        return {
            "comment_id": comment_id,
            "post": rows.post,
            "comments": rows.comments,
            "metrics": rows.metrics,
            "revisions": rows.revisions,
        }


def _named(text: str, records: Records, folder: Path) -> tuple[str, str]:
    """The id of the post that ``text`` names, and what it says of a comment; empty where it says nothing."""
    if parse_url(text) is not None:
        return _at_url(text, records, folder), text.partition("#")[2]
    whole, _, native = text.partition("#")
    if records.post(whole) is not None:
        return whole, native
    today = records.ids_today([whole])
    matches = sorted(today) or list(_ending(whole, records))
    if len(matches) > 1:
        named = ", ".join(matches[:_MOST_NAMED])
        more = f" and {len(matches) - _MOST_NAMED} more" if len(matches) > _MOST_NAMED else ""
        raise UsageError(f"{text} can be {len(matches)} posts of {folder}: {named}{more}. Name one of them.")
    return (matches[0] if matches else whole), native


def _at_url(url: str, records: Records, folder: Path) -> str:
    """The id of the post at a URL: one that a visit read there, one whose canonical URL it is, or one that a site claims."""
    sites = installed_sites()
    spellings = {identity(spelling) for spelling in (url, *sites.spellings(url))}
    for spelling in spellings:
        if post_id := records.post_at(spelling):
            return post_id
    claimed = sites.claimed(url)
    if claimed:
        return claimed.claim.post_id
    for post in Summaries(records).all():
        if identity(post.url) in spellings:
            return post.post_id
    raise UsageError(
        f"{folder} has no post at {without_credentials(url)}. See what it has with `postkeep list`, and what no post came of with `postkeep list --failed`."
    )


def _ending(text: str, records: Records) -> Iterator[str]:
    """The posts whose id ends with ``text``, from a hyphen, slash or colon on: ``70434`` for ``careerly:comments-70434``."""
    for post_id in records.post_ids():
        if post_id.endswith(text) and (len(post_id) == len(text) or post_id[-len(text) - 1] in ":-/"):
            yield post_id


def _comment_in(rows: PostRows, native: str) -> str | None:
    """The comment that the part of an id or a URL behind ``#`` names; None where it names none."""
    if not native:
        return None
    ids = {comment["comment_id"] for comment in rows.comments}
    for each in (native, *_NUMBERS.findall(native)[-1:]):
        comment_id = f"{rows.post['post_id']}#{each}"
        if comment_id in ids:
            return comment_id
    return next(
        (row["comment_id"] for row in rows.comments if row["url"] and row["url"].endswith(f"#{native}")), None
    )


def _no_comment(text: str, post_id: str, folder: Path) -> str:
    """Why a comment that was named is not in its thread."""
    remedy = f"Look at its thread with: postkeep show {post_id}"
    if taken_down := _taken_down(text, folder):
        return f"{text} was taken down on {taken_down}. {remedy}"
    return f"{post_id} has no comment {text}. {remedy}"


def _why_not(text: str, post_id: str, records: Records, folder: Path) -> str:
    """Why a post that was named has no rows."""
    if taken_down := _taken_down(post_id, folder):
        return f"{post_id} was taken down on {taken_down}, so there is nothing of it to show."
    if records.has_post(post_id) and is_held(folder):
        return f"{post_id} was read by a run that is still at work. It is shown once that has ended and was judged."
    if records.has_post(post_id):
        return f"{post_id} was read by runs alone that are held back. Look at them with: postkeep drift"
    return f"{text} is no post or comment of {folder}. Name one by URL or id; `postkeep list` lists them."


def _taken_down(subject: str, folder: Path) -> str | None:
    """The day on which something was taken down; None where it was not."""
    decisions = (each for each in read_decisions(folder) if each.kind == "tombstone")
    return next((f"{each.at:%Y-%m-%d}" for each in decisions if each.subject == subject), None)
