"""The screen of ``postkeep show``: a post with its thread, replies below what they answer."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scraper.cli.screens.layout import (
    WIDEST_PROSE,
    clean,
    flowing,
    labelled,
    paragraphs,
    width_of,
    wrapped,
)
from scraper.cli.screens.words import author_text, counted, moment_text
from scraper.jobs.look.thread import COUNTS, ShownComment, ShownPost, ThreadData
from scraper.model.outcome import Span, Style, ViewLine

_LABEL: Final = 10
_STEP: Final = 2
# What a reply has room for at the least, however deep it is.
_LEAST_ROOM: Final = 24
_ACCESS: Final[Mapping[str, Style]] = {
    "full": "plain",
    "partial": "warning",
    "gated": "warning",
    "unknown": "plain",
}
_NO_TEXT: Final[Mapping[str, str]] = {
    "gone": "The post is gone, and its text with it.",
    "withdrawn": "The post was taken back, and its text with it.",
}


def thread_screen(thread: ThreadData, width: int) -> Iterator[ViewLine]:
    """A post with its thread, in so many columns."""
    room = min(width, WIDEST_PROSE)
    yield from _head(thread, room)
    yield ""
    yield from _body(thread["post"], room)
    if thread["comments"]:
        yield (Span("─" * room, "dim"),)
    for placed in _in_threads(thread["comments"]):
        yield ""
        yield from _comment(placed, room, thread["comment_id"])


def _head(thread: ThreadData, width: int) -> Iterator[ViewLine]:
    post = thread["post"]
    title = clean(post["title"] or "")
    yield from ((Span(line, "strong"),) for line in wrapped(title, width))
    for label, text, style in _facts(thread):
        yield from labelled(clean(label), clean(text), width, _LABEL, style)


def _facts(thread: ThreadData) -> Iterator[tuple[str, str, Style]]:
    post = thread["post"]
    yield "id", post["post_id"], "plain"
    yield "url", post["url"], "plain"
    section = f" in {post['section']}" if post["section"] else ""
    yield (
        post["kind"],
        f"by {author_text(post['author_name'], post['author_id'])}, {_published(post)}{section}",
        "plain",
    )
    if post["status"] != "live":
        since = f" since {moment_text(post['status_at'])} UTC" if post["status_at"] else ""
        yield "state", f"{post['status']}{since}", "warning"
    yield "access", post["access"], _ACCESS[post["access"]]
    for evidence in post["access_evidence"]:
        yield "", f"{evidence['kind']}: {evidence['detail']}", _ACCESS[post["access"]]
    yield from _numbers(thread)
    yield from _of_text(thread)
    captured = "at an unknown time"
    if post["captured_at"]:
        captured = f"{moment_text(post['captured_at'])} UTC ({post['captured_at_basis']})"
    yield "captured", f"{captured}, read by {post['extractor']}", "plain"


def _published(row: ShownPost | ShownComment) -> str:
    """When something was published, as far as that is known, and that it was edited."""
    at = moment_text(row["published_at"], row["published_precision"])
    if at is None:
        at = f"“{row['published_raw']}”" if row["published_raw"] else "undated"
    edited = moment_text(row["edited_at"]) or ("" if row["edited_raw"] is None else f"“{row['edited_raw']}”")
    return f"{at}, edited {edited}" if edited else at


def _numbers(thread: ThreadData) -> Iterator[tuple[str, str, Style]]:
    post, statuses = thread["post"], Counter(comment["status"] for comment in thread["comments"])
    numbers = ((name, post[name]) for name in COUNTS)
    counts = [f"{name} {number:,}" for name, number in numbers if number is not None]
    if counts:
        moved = len(thread["metrics"]) - 1
        yield (
            "counts",
            ", ".join(counts) + (f"; they moved {counted(moved, 'time')}" if moved > 0 else ""),
            "plain",
        )
    declared = post["comments_declared"]
    of = "" if declared is None else f" of {declared:,} declared"
    deleted = statuses["placeholder"] + statuses["absent"]
    short: Style = "warning" if declared is not None and declared > post["comments_captured"] else "plain"
    yield (
        "comments",
        f"{post['comments_captured']:,}{of}" + (f", {deleted:,} deleted" if deleted else ""),
        short,
    )


def _of_text(thread: ThreadData) -> Iterator[tuple[str, str, Style]]:
    post = thread["post"]
    if post["revision"] > 1:
        versions = [row for row in thread["revisions"] if row["item_id"] == post["post_id"]]
        last = max((row["observed_at"] or "" for row in versions), default="")
        seen = f", the last seen {moment_text(last)} UTC" if last else ""
        yield "versions", f"{post['revision']:,}{seen}", "plain"
    if post["removed"]:
        rules = Counter(each["rule"] for each in post["removed"])
        named = ", ".join(
            f"{rule} {number}" if number > 1 else rule for rule, number in sorted(rules.items())
        )
        yield (
            "removed",
            f"{counted(len(post['removed']), 'passage')} taken out of the text ({named})",
            "plain",
        )
    if post["redactions"]:
        yield "redacted", ", ".join(f"{each['kind']} {each['count']}" for each in post["redactions"]), "plain"
    if post["tags"]:
        yield "tags", ", ".join(post["tags"]), "plain"
    if post["images"]:
        yield "pictures", f"{len(post['images']):,}, named in --json", "plain"
    for each in post["rights"]:
        yield "rights", f"{each['signal']}: {each['value']}", "plain"
    if post["license"]:
        yield "license", post["license"], "plain"


def _body(post: ShownPost, width: int) -> Iterator[ViewLine]:
    if post["text"] is not None:
        yield from paragraphs(post["text"], width)
        return
    behind_gate = "Its text is behind a gate." if post["access"] == "gated" else "No text of it was read."
    for line in wrapped(_NO_TEXT.get(post["status"], behind_gate), width):
        yield (Span(line, "dim"),)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A comment in its thread: how many it stands below, and whether what it answers is here."""

    row: ShownComment
    level: int
    answers_unknown: bool


def _in_threads(comments: Sequence[ShownComment]) -> Iterator[_Placed]:
    """The comments, each behind what it answers, in the order of the page; one that answers itself in a circle begins a thread."""
    ids = {row["comment_id"] for row in comments}
    answers: dict[str | None, list[ShownComment]] = {}
    for row in comments:
        parent = row["parent_id"] if row["parent_id"] in ids else None
        answers.setdefault(parent, []).append(row)
    placed: set[str] = set()
    for first in (*answers.get(None, ()), *comments):
        waiting = [(first, 0)]
        while waiting:
            row, level = waiting.pop()
            if row["comment_id"] in placed:
                continue
            placed.add(row["comment_id"])
            is_unknown = level == 0 and row["parent_id"] is not None
            yield _Placed(row, level, is_unknown)
            waiting += [(each, level + 1) for each in reversed(answers.get(row["comment_id"], ()))]


def _comment(placed: _Placed, width: int, asked: str | None) -> Iterator[ViewLine]:
    row = placed.row
    deepest = max((width - _LEAST_ROOM) // _STEP, 0)
    bars = "│ " * min(placed.level, deepest)
    margin = (Span(bars, "dim"),) if bars else ()
    room = width - width_of(bars)
    heads = [*_comment_facts(placed, is_asked=row["comment_id"] == asked, is_cut=placed.level > deepest)]
    for line in flowing(heads, room):
        yield (*margin, *line)
    if row["text"] is not None:
        for text in paragraphs(row["text"], room):
            yield (*margin, Span(text))


def _comment_facts(placed: _Placed, *, is_asked: bool, is_cut: bool) -> Iterator[Span]:
    row = placed.row
    if is_asked:
        yield Span("▶", "strong")
    if row["status"] in {"placeholder", "absent"}:
        since = f", gone by {moment_text(row['status_at'])}" if row["status_at"] else ""
        yield Span(clean(f"deleted comment{since}"), "warning")
    elif row["text"] is None:
        yield Span("comment without words", "dim")
    if row["author_name"] or row["author_id"] or row["text"] is not None:
        author = author_text(row["author_name"], row["author_id"])
        yield Span(clean(f"{author} (author of the post)" if row["is_post_author"] else author), "strong")
    yield Span(clean(_published(row)), "dim")
    yield from _comment_marks(row)
    if placed.answers_unknown:
        yield Span("answers one that is not here", "dim")
    if is_cut:
        yield Span(f"{placed.level} deep", "dim")
    yield Span(f"#{clean(row['comment_id'].partition('#')[2])}", "dim")


def _comment_marks(row: ShownComment) -> Iterator[Span]:
    """What else is known of a comment."""
    if row["is_accepted"]:
        yield Span("accepted answer", "good")
    if row["likes"] is not None:
        yield Span(counted(row["likes"], "like"), "dim")
    if row["score"] is not None:
        yield Span(f"score {row['score']:,}", "dim")
    if row["revision"] > 1:
        yield Span(f"version {row['revision']:,}", "dim")
    if row["removed"]:
        yield Span(f"{counted(len(row['removed']), 'passage')} taken out", "dim")
    if row["status"] == "unknown":
        yield Span("may be deleted", "dim")
