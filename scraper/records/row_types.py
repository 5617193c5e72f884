"""The rows of the dataset as types: JSON-plain values that mypy knows the columns of and lets nobody change.

Written from schema/ by ``python -m tests.row_types``; not to be edited by hand.
"""

from typing import Literal, TypedDict, final

from typing_extensions import ReadOnly


@final
class CountsRawStruct(TypedDict):
    """One item of the column ``counts_raw``."""

    name: ReadOnly[Literal["views", "saves", "likes", "reposts", "shares", "score", "comments"]]
    raw: ReadOnly[str]


@final
class AccessEvidenceStruct(TypedDict):
    """One item of the column ``access_evidence``."""

    kind: ReadOnly[str]
    detail: ReadOnly[str]


@final
class RemovedStruct(TypedDict):
    """One item of the column ``removed``."""

    rule: ReadOnly[str]
    text: ReadOnly[str]


@final
class RedactionsStruct(TypedDict):
    """One item of the column ``redactions``."""

    kind: ReadOnly[Literal["email", "phone", "id-number"]]
    count: ReadOnly[int]


@final
class FieldSourcesStruct(TypedDict):
    """One item of the column ``field_sources``."""

    field: ReadOnly[str]
    source: ReadOnly[str]
    confidence: ReadOnly[Literal["stated", "inferred"]]


@final
class RightsStruct(TypedDict):
    """One item of the column ``rights``."""

    signal: ReadOnly[str]
    value: ReadOnly[str]


@final
class PostRow(TypedDict):
    """One row a post: what it says, who wrote it, how it was received and how it was captured."""

    post_id: ReadOnly[str]
    site: ReadOnly[str]
    platform: ReadOnly[str]
    url: ReadOnly[str]
    kind: ReadOnly[Literal["post", "question", "article", "topic"]]
    section: ReadOnly[str | None]
    title: ReadOnly[str | None]
    text: ReadOnly[str | None]
    language: ReadOnly[str | None]
    author_id: ReadOnly[str | None]
    author_id_basis: ReadOnly[Literal["id", "name"] | None]
    author_name: ReadOnly[str | None]
    published_at: ReadOnly[str | None]
    published_raw: ReadOnly[str | None]
    published_zone: ReadOnly[str | None]
    published_zone_basis: ReadOnly[Literal["stated", "api", "assumed"] | None]
    published_precision: ReadOnly[Literal["second", "minute", "hour", "day", "month", "year"] | None]
    edited_at: ReadOnly[str | None]
    edited_raw: ReadOnly[str | None]
    views: ReadOnly[int | None]
    saves: ReadOnly[int | None]
    likes: ReadOnly[int | None]
    reposts: ReadOnly[int | None]
    shares: ReadOnly[int | None]
    score: ReadOnly[int | None]
    counts_raw: ReadOnly[list[CountsRawStruct]]
    counts_observed_at: ReadOnly[str | None]
    comments_declared: ReadOnly[int | None]
    comments_captured: ReadOnly[int]
    tags: ReadOnly[list[str] | None]
    links: ReadOnly[list[str] | None]
    images: ReadOnly[list[str] | None]
    access: ReadOnly[Literal["full", "partial", "gated", "unknown"]]
    access_evidence: ReadOnly[list[AccessEvidenceStruct]]
    removed: ReadOnly[list[RemovedStruct]]
    redactions: ReadOnly[list[RedactionsStruct]]
    status: ReadOnly[Literal["live", "gone", "withdrawn", "unknown"]]
    status_at: ReadOnly[str | None]
    first_seen: ReadOnly[str | None]
    revision: ReadOnly[int]
    captured_at: ReadOnly[str | None]
    captured_at_basis: ReadOnly[Literal["observed", "memento", "asserted", "unknown"]]
    warc_record_id: ReadOnly[str]
    payload_digest: ReadOnly[str]
    extractor: ReadOnly[str]
    field_sources: ReadOnly[list[FieldSourcesStruct]]
    rights: ReadOnly[list[RightsStruct]]
    license: ReadOnly[str | None]
    schema_version: ReadOnly[str]


@final
class CommentRow(TypedDict):
    """One row a comment or answer, in threads."""

    comment_id: ReadOnly[str]
    comment_id_basis: ReadOnly[Literal["site", "derived"]]
    post_id: ReadOnly[str]
    url: ReadOnly[str | None]
    kind: ReadOnly[Literal["comment", "answer"]]
    is_accepted: ReadOnly[bool | None]
    parent_id: ReadOnly[str | None]
    parent_basis: ReadOnly[Literal["stated", "nesting", "quote", "mention"] | None]
    depth: ReadOnly[int | None]
    position: ReadOnly[int]
    author_id: ReadOnly[str | None]
    author_id_basis: ReadOnly[Literal["id", "name"] | None]
    author_name: ReadOnly[str | None]
    is_post_author: ReadOnly[bool | None]
    text: ReadOnly[str | None]
    language: ReadOnly[str | None]
    published_at: ReadOnly[str | None]
    published_raw: ReadOnly[str | None]
    published_zone: ReadOnly[str | None]
    published_zone_basis: ReadOnly[Literal["stated", "api", "assumed"] | None]
    published_precision: ReadOnly[Literal["second", "minute", "hour", "day", "month", "year"] | None]
    edited_at: ReadOnly[str | None]
    edited_raw: ReadOnly[str | None]
    likes: ReadOnly[int | None]
    score: ReadOnly[int | None]
    status: ReadOnly[Literal["present", "placeholder", "absent", "unknown"]]
    status_at: ReadOnly[str | None]
    removed: ReadOnly[list[RemovedStruct]]
    redactions: ReadOnly[list[RedactionsStruct]]
    first_seen: ReadOnly[str | None]
    revision: ReadOnly[int]
    captured_at: ReadOnly[str | None]
    warc_record_id: ReadOnly[str]
    payload_digest: ReadOnly[str]
    extractor: ReadOnly[str]
    field_sources: ReadOnly[list[FieldSourcesStruct]]
    schema_version: ReadOnly[str]


@final
class MetricRow(TypedDict):
    """How the counts of posts moved: a row only when a number changed, the first included."""

    post_id: ReadOnly[str]
    observed_at: ReadOnly[str | None]
    views: ReadOnly[int | None]
    saves: ReadOnly[int | None]
    likes: ReadOnly[int | None]
    reposts: ReadOnly[int | None]
    shares: ReadOnly[int | None]
    score: ReadOnly[int | None]
    comments: ReadOnly[int | None]


@final
class RevisionRow(TypedDict):
    """Each version of the titles and texts that was seen, the first included."""

    item_id: ReadOnly[str]
    item_type: ReadOnly[Literal["post", "comment"]]
    field: ReadOnly[Literal["title", "text"]]
    revision: ReadOnly[int]
    observed_at: ReadOnly[str | None]
    text: ReadOnly[str | None]
    warc_record_id: ReadOnly[str]
