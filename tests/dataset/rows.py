"""Rows of our own, each held against the contract, and a source that gives them as the record store does."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scraper.dataset.context import CardContext
from scraper.dataset.read import by_post
from scraper.records.contract import Contract
from scraper.records.history import PostRows

Row = dict[str, Any]
CONTRACT = Contract.load()
CARD = CardContext(
    title="커뮤니티 글",
    software="postkeep 9.9.9",
    contact="archive@example.org",
    license=None,
    rights_statement=None,
    names="pseudonymous",
    scrub=("email", "phone", "id-number"),
)
PROMPT = "회원가입하고 더 많은 글을 읽어 보세요."


def valid(config: str, row: Row) -> Row:
    """The row, once the contract has nothing against it."""
    assert CONTRACT.problems(config, row) == ()
    return row


def post(post_id: str, published_at: str | None = "2022-10-15T20:44:00Z", **changes: object) -> Row:
    """A post with a title, a text and a few counts."""
    row: Row = {column.name: [] if column.is_list else None for column in CONTRACT.columns("posts")}
    row |= {
        "post_id": post_id,
        "site": post_id.partition(":")[0],
        "platform": "example",
        "url": f"https://example.org/{post_id}",
        "kind": "post",
        "title": "⟪질문⟫ 신입이 물어봅니다",
        "text": "첫 문단입니다. 🙂\n\n둘째 문단 👩🏽‍💻",
        "language": "ko",
        "author_id": "0" * 32,
        "author_id_basis": "id",
        "published_at": published_at,
        "published_raw": published_at and "2022년 10월 16일 오전 5:44",
        "published_zone": published_at and "Asia/Seoul",
        "published_zone_basis": published_at and "assumed",
        "published_precision": published_at and "minute",
        "views": 12000,
        "counts_raw": [{"name": "views", "raw": "1.2만"}],
        "comments_declared": 2,
        "comments_captured": 1,
        "tags": None,
        "links": [],
        "images": ["https://example.org/그림.png"],
        "access": "partial",
        "access_evidence": [{"kind": "fewer-comments", "detail": "1 of 2 comments"}],
        "removed": [{"rule": "sign-up-prompt", "text": PROMPT}],
        "redactions": [{"kind": "email", "count": 2}],
        "status": "live",
        "revision": 1,
        "captured_at": "2023-01-02T03:04:05.500000Z",
        "captured_at_basis": "observed",
        "warc_record_id": "urn:uuid:00000000-0000-4000-8000-000000000000",
        "payload_digest": f"sha256:{'0' * 64}",
        "extractor": "example.v1/1",
        "rights": [{"signal": "meta robots", "value": "noarchive"}],
        "schema_version": CONTRACT.version,
    }
    return valid("posts", row | changes)


def comment(post_id: str, number: int, **changes: object) -> Row:
    """A comment at ``position`` ``number``."""
    row: Row = {column.name: [] if column.is_list else None for column in CONTRACT.columns("comments")}
    row |= {
        "comment_id": f"{post_id}#{number}",
        "comment_id_basis": "site",
        "post_id": post_id,
        "kind": "comment",
        "depth": 0,
        "position": number,
        "text": f"좋은 글 감사합니다 {number}",
        "language": "ko",
        "status": "present",
        "revision": 1,
        "warc_record_id": "urn:uuid:00000000-0000-4000-8000-000000000000",
        "payload_digest": f"sha256:{'0' * 64}",
        "extractor": "example.v1/1",
        "schema_version": CONTRACT.version,
    }
    return valid("comments", row | changes)


def metric(post_id: str, observed_at: str | None, **counts: int) -> Row:
    """The counts of a post at one time."""
    row: Row = {column.name: None for column in CONTRACT.columns("metrics")}
    return valid("metrics", row | {"post_id": post_id, "observed_at": observed_at} | counts)


def revision(item_id: str, number: int, text: str) -> Row:
    """One version of the text of a post or a comment."""
    row: Row = {
        "item_id": item_id,
        "item_type": "comment" if "#" in item_id else "post",
        "field": "text",
        "revision": number,
        "observed_at": "2023-01-02T03:04:05Z",
        "text": text,
        "warc_record_id": "urn:uuid:00000000-0000-4000-8000-000000000000",
    }
    return valid("revisions", row)


@dataclass(frozen=True, slots=True)
class Rows:
    """Posts over lists of rows."""

    posts: list[Row] = field(default_factory=list)
    comments: list[Row] = field(default_factory=list)
    metrics: list[Row] = field(default_factory=list)
    revisions: list[Row] = field(default_factory=list)

    def __iter__(self) -> Iterator[PostRows]:
        rows = {config: list(self.rows(config)) for config in CONTRACT.configs}
        rows["comments"].sort(key=lambda row: (row["post_id"], row["position"]))
        return by_post({config: iter(listed) for config, listed in rows.items()})

    def rows(self, config: str) -> Iterator[Row]:
        """The rows of a config in the order of its key; as in SQLite, null sorts first."""
        found: list[Row] = getattr(self, config)
        key = CONTRACT.key(config)
        yield from sorted(found, key=lambda row: [(row[name] is not None, row[name] or 0) for name in key])
