"""What becomes of one post from visit to visit, told by who changes it: the history that the dataset must have.

It shares no code with ``scraper``. It knows what the site shows on each day, and of each day whether it was a good one.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tests.replica.content import ReplicaComment, ReplicaPost
from tests.replica.expected import Layout, Row, expected_comments, expected_post, post_id

NUMBERS: Final = ("views", "saves", "likes", "reposts", "comments_declared")
_DATES: Final = ("published_at", "published_raw", "published_precision")
_WORDS: Final = ("title", "text", "links", "images")
_PRECISIONS: Final = (None, "day", "minute", "second")
# Columns of comments that the script compares, besides those that it derives.
_COMMENT: Final = ("kind", "depth")


@dataclass
class _Text:
    """The versions of one item: each field's last text, and the rows of ``revisions``."""

    item_id: str
    item_type: str
    revision: int = 1
    last: dict[str, object] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def see(self, at: datetime, **texts: object) -> None:
        new = {name: text for name, text in texts.items() if self.last.get(name) != text}
        if any(name in self.last for name in new):
            self.revision += 1
        self.last |= new
        for name, text in new.items():
            self.rows.append(
                {
                    "item_id": self.item_id,
                    "item_type": self.item_type,
                    "field": name,
                    "revision": self.revision,
                    "observed_at": at,
                    "text": text,
                }
            )


class Chronicle:
    """The expected rows of one post; each method is a visit at a time in UTC."""

    def __init__(self, post: ReplicaPost, layout: Layout) -> None:
        self.post_id = post_id(post, layout)
        self.layout: Layout = layout
        self.post: Row = {}
        self.metrics: list[Row] = []
        self._comments: dict[int, Row] = {}
        self._texts = _Text(self.post_id, "post")
        self._comment_texts: dict[int, _Text] = {}
        self._numbers: dict[str, object] = {}
        self._is_shut = False

    def shows(self, at: datetime, post: ReplicaPost, layout: Layout | None = None) -> None:
        """A good day: the whole post is there."""
        facts = expected_post(post, layout or self.layout)
        for comment, row in zip(post.comments, expected_comments(post, layout or self.layout), strict=True):
            self._show_comment(at, comment, row)
        for number in self._comments.keys() - {comment.id for comment in post.comments}:
            self._hide_comment(at, number)
        before = dict(self.post)
        self._set_status(at, "live")
        self.post |= {name: facts[name] for name in _WORDS} | {"access": facts["access"]}
        self.post["edited_at"] = facts["edited_at"] or self.post.get("edited_at")
        if self._precision(facts) > self._precision(self.post):
            self.post |= {name: facts[name] for name in _DATES}
        self._count(at, {name: facts[name] for name in NUMBERS})
        self._texts.see(at, title=facts["title"], text=facts["text"])
        self._finish(at, before)

    def withdraws(self, at: datetime, post: ReplicaPost) -> None:
        """The author took the post back: a placeholder stands there, with its numbers and its comments."""
        before = dict(self.post)
        self._set_status(at, "withdrawn")
        self.post |= dict.fromkeys(_WORDS)
        self._count(at, {name: expected_numbers(post)[name] for name in NUMBERS})
        self._finish(at, before)

    def loses(self, at: datetime, status: str) -> None:
        """The page is gone, or leads elsewhere, and so is whatever stood on it."""
        before = dict(self.post)
        self._set_status(at, status)
        self.post |= dict.fromkeys(_WORDS)
        for number in self._comments:
            self._hide_comment(at, number)
        self._finish(at, before)

    def shuts(self, at: datetime) -> None:
        """A gate stands in place of the post: the row says so and changes nothing else, until the gate opens."""
        self.post["captured_at"] = at
        self._is_shut = True

    @property
    def comments(self) -> list[Row]:
        """The rows of ``comments``."""
        return list(self._comments.values())

    @property
    def revisions(self) -> list[Row]:
        """The rows of ``revisions``: none of what is deleted as the script ends."""
        rows = [] if self.post["status"] in {"gone", "withdrawn"} else list(self._texts.rows)
        for number, text in self._comment_texts.items():
            if self._comments[number]["status"] == "present":
                rows += text.rows
        return rows

    def _show_comment(self, at: datetime, comment: ReplicaComment, row: Row) -> None:
        item_id = f"{self.post_id}#{comment.id}"
        text = self._comment_texts.setdefault(comment.id, _Text(item_id, "comment"))
        known = self._comments.setdefault(comment.id, {"comment_id": item_id, "first_seen": at})
        if known.get("status") != row["status"]:
            known |= {"status": row["status"], "status_at": at}
        if row["text"] is not None:
            text.see(at, text=row["text"])
        known |= {name: row[name] for name in _COMMENT}
        known |= {"text": row["text"], "likes": row["likes"], "revision": text.revision}

    def _hide_comment(self, at: datetime, number: int) -> None:
        row = self._comments[number]
        if row["status"] == "present":
            row |= {"status": "absent", "status_at": at, "text": None}

    def _set_status(self, at: datetime, status: str) -> None:
        if self.post.get("status") != status:
            self.post |= {"status": status, "status_at": at}

    def _count(self, at: datetime, numbers: Row) -> None:
        known = {name: number for name, number in numbers.items() if number is not None}
        if known.items() <= self._numbers.items():
            return
        self._numbers |= known
        self.post |= known | {"counts_observed_at": at}
        row = {"post_id": self.post_id, "observed_at": at, **numbers}
        row["comments"] = row.pop("comments_declared")
        self.metrics.append(row)

    def _finish(self, at: datetime, before: Row) -> None:
        """Derive what the rest decides, and when anything but a count last changed."""
        captured = sum(row["status"] != "absent" for row in self._comments.values())
        self.post |= {"comments_captured": captured, "revision": self._texts.revision}
        aside = {*NUMBERS, "counts_observed_at", "captured_at", "revision"}
        if {name: value for name, value in self.post.items() if name not in aside} != {
            name: value for name, value in before.items() if name not in aside
        } or self._is_shut:
            self.post["captured_at"] = at
        self._is_shut = False
        self.post |= {"post_id": self.post_id, "first_seen": self.post.get("first_seen", at)}

    def _precision(self, row: Row) -> int:
        precision = row.get("published_precision")
        return -1 if "published_precision" not in row else _PRECISIONS.index(str(precision))


def expected_numbers(post: ReplicaPost) -> Row:
    """The numbers that the API gives of a post, whatever became of its text."""
    return {
        "views": post.views,
        "saves": post.saves,
        "likes": post.likes,
        "reposts": post.reposts,
        "comments_declared": len(post.comments),
    }
