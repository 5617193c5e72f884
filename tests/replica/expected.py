"""What a perfect reader gives for each post, in each layout: the rows' values that do not depend on the archive.

Keys are the columns of ``posts`` and ``comments``, before people become pseudonyms and before scrubbing; an author
is given by profile id, a comment's parent and the comment itself by position. A key that is missing has no one
right value in that layout (a relative date, say) and is not judged.
"""

from datetime import datetime
from typing import Final, Literal

from tests.replica import wording
from tests.replica.content import ReplicaComment, ReplicaPerson, ReplicaPost
from tests.replica.markup import blocks, links_of

Layout = Literal["v1-html", "v1-next-data", "flattened", "v2-api"]
Row = dict[str, object]

ZONE: Final = "Asia/Seoul"


def layout_of(post: ReplicaPost) -> Layout:
    """The layout of the post's V1 page: with its data in ``__NEXT_DATA__``, or HTML alone."""
    return "v1-next-data" if post.next_data else "v1-html"


def post_id(post: ReplicaPost, layout: Layout) -> str:
    """The id that the dataset gives the post as read in that layout."""
    path = post.path("v2" if layout == "v2-api" else "v1")
    return f"careerly:{path.removeprefix('/').replace('/', '-')}"


def expected_post(post: ReplicaPost, layout: Layout) -> Row:
    """The row of ``posts``, without URLs and whatever names the capture."""
    row: Row = {"post_id": post_id(post, layout), "kind": post.kind, "status": "live", "title": post.title}
    if layout == "v2-api" and (post.gated or post.deleted):
        return row | _withheld(post)
    if layout == "flattened":
        return row | _flattened(post) | _page_date(post) | _page_counts(post)
    row |= _author(post.by) | {"links": links_of(post), "images": list(post.images)}
    if layout == "v2-api":
        dates = _data_dates(post, post.at.isoformat())
        return row | {"text": post.text, "access": "full"} | dates | _api_counts(post)
    row |= {"text": post.shown_text, "access": _access(post)}
    if layout == "v1-next-data":
        return row | _data_dates(post, f"{post.at:%Y-%m-%d %H:%M:%S}") | _data_counts(post)
    return row | _page_date(post) | _page_counts(post)


def expected_comments(post: ReplicaPost, layout: Layout, seen_at: datetime | None = None) -> list[Row]:
    """The rows of ``comments`` in page order; ``seen_at`` is the build's, which makes V1's dates relative."""
    comments = post.comments if layout == "v2-api" else post.shown_comments
    if layout == "v2-api" and (post.gated or post.deleted):
        comments = ()
    positions = {comment.id: position for position, comment in enumerate(comments)}
    rows: list[Row] = []
    for position, comment in enumerate(comments):
        row: Row = {
            "position": position,
            "kind": "answer" if post.kind == "question" else "comment",
            "text": None if comment.deleted else comment.text,
            "status": "placeholder" if comment.deleted else "present",
        }
        if layout == "flattened":
            flat = None if comment.deleted else " ".join(comment.text.split())
            rows.append(row | {"text": flat, "parent": None, "depth": None} | _no_author())
            continue
        row |= {"parent": positions.get(comment.to) if comment.to else None, "depth": post.depth(comment)}
        row |= _no_author() if comment.deleted else _author(comment.by)
        rows.append(
            row | (_api_comment(post, comment) if layout == "v2-api" else _page_comment(comment, seen_at))
        )
    return rows


def _withheld(post: ReplicaPost) -> Row:
    return {"title": None, "text": None} | ({"access": "gated"} if post.gated else {"status": "withdrawn"})


def _flattened(post: ReplicaPost) -> Row:
    paragraphs = [" ".join(block.split()) for block in blocks(post.shown_text)]
    text = (" " if post.editor == "plain" else "\n\n").join(paragraphs)
    return {"text": text, "access": _access(post), "links": None, "images": None} | _no_author()


def _access(post: ReplicaPost) -> str:
    return {"none": "full", "over": "unknown", "cuts": "partial"}[post.prompt]


def _author(person: ReplicaPerson | None) -> Row:
    if person is None:
        return _no_author()
    return {"author": str(person.profile_id), "author_id_basis": "id", "author_name": person.name}


def _no_author() -> Row:
    return {"author": None, "author_id_basis": None, "author_name": None}


def _published(raw: str, at: datetime, precision: str) -> Row:
    return {
        "published_raw": raw,
        "published_at": wording.to_utc(at),
        "published_zone": ZONE,
        "published_zone_basis": "assumed",
        "published_precision": precision,
    }


def _page_date(post: ReplicaPost) -> Row:
    at = post.at.replace(second=0)
    return _published(wording.full_date(post.at), at, "minute") | {"edited_at": None}


def _data_dates(post: ReplicaPost, raw: str) -> Row:
    edited = {"edited_at": wording.to_utc(post.edited) if post.edited else None}
    return _published(raw, post.at, "second") | edited


def _page_counts(post: ReplicaPost) -> Row:
    return {
        "views": wording.count_value(post.views, abbreviated=post.abbreviated),
        "saves": wording.count_value(post.saves, abbreviated=post.abbreviated),
        "likes": None,
        "reposts": None,
        "comments_declared": len(post.comments),
        "comments_captured": len(post.shown_comments),
    }


def _data_counts(post: ReplicaPost) -> Row:
    return {
        "views": post.views,
        "saves": post.saves,
        "likes": post.likes,
        "reposts": post.reposts,
        "comments_declared": len(post.comments),
        "comments_captured": len(post.comments),
    }


def _api_counts(post: ReplicaPost) -> Row:
    if post.kind == "question":
        # The API's answer to a question gives no view, save or repost count, and does not declare its answers.
        absent = {"views": None, "saves": None, "reposts": None}
        return absent | {"likes": post.likes, "comments_captured": len(post.comments)}
    return _data_counts(post)


def _page_comment(comment: ReplicaComment, seen_at: datetime | None) -> Row:
    row: Row = {"native_id": None, "edited_at": None, "is_accepted": None}
    if comment.deleted:
        return row | {"published_raw": None, "published_at": None, "likes": None}
    raw = wording.comment_date(comment.at, seen_at)
    dates = _published(raw, comment.at.replace(hour=0, minute=0, second=0), "day")
    if raw != wording.day_date(comment.at):
        dates = {"published_raw": raw}
    return row | dates | {"likes": comment.likes or None}


def _api_comment(post: ReplicaPost, comment: ReplicaComment) -> Row:
    dates = _published(comment.at.isoformat(), comment.at, "second")
    is_writer = comment.by is not None and comment.by == post.by
    row = dates | {
        "native_id": str(comment.id),
        "edited_at": wording.to_utc(comment.edited) if comment.edited else None,
        "likes": comment.likes,
    }
    if post.kind == "question":
        return row | {"is_accepted": comment.accepted}
    return row | {"is_accepted": None, "is_post_author": is_writer}
