"""From a record to the rows of one reading: people become pseudonyms, personal details go, derived columns come."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, TypedDict, get_args

from scraper.model.capture import Capture, Visit
from scraper.model.record import (
    Comment,
    Count,
    CountName,
    FieldSource,
    Moment,
    Post,
    Precision,
    Record,
    Removed,
    ZoneBasis,
)
from scraper.model.site import Claim, NamedSite
from scraper.records.cleaning import AuthorColumns, Cleaner, Policy, mended
from scraper.records.comment_ids import CommentIds
from scraper.records.contract import CURRENT
from scraper.records.language import language_of
from scraper.records.reading import Reading
from scraper.records.row_types import (
    CommentRow,
    CountsRawStruct,
    FieldSourcesStruct,
    PostRow,
    RedactionsStruct,
    RemovedStruct,
)
from scraper.records.times import time_text
from scraper.settings import SCRUB_KINDS, ScrubKind

COUNT_NAMES: Final = get_args(CountName)
# Where what readers call a field is not the column's name.
_COLUMN_OF: Final = {"comments": "comments_declared", "author": "author_id"}


class _Origin(TypedDict):
    """The columns that say which visit a row is of; the same for the post and its comments."""

    status_at: str | None
    first_seen: str | None
    revision: int
    captured_at: str | None
    warc_record_id: str
    payload_digest: str
    extractor: str
    schema_version: str


class _Dates(TypedDict):
    """The columns of when something was published and edited."""

    published_at: str | None
    published_raw: str | None
    published_zone: str | None
    published_zone_basis: ZoneBasis | None
    published_precision: Precision | None
    edited_at: str | None
    edited_raw: str | None


def read_rows(record: Record, claim: Claim, visit: Visit, site: NamedSite, policy: Policy) -> Reading:
    """The rows of ``record``, which ``site`` read from a ``visit`` made for the post that ``claim`` names.

    Raises:
        ValueError: the record names a primary capture that the visit does not hold.
    """
    cleaner = Cleaner(record, claim, policy)
    origin = _origin(record, visit)
    author = cleaner.author(record.post.author)
    comments = _comment_rows(record, author, origin, cleaner, CommentIds(claim.post_id, policy.people))
    post = record.post
    title, in_title = _cleaned(post.title, cleaner)
    text, in_text = _cleaned(post.text, cleaner)
    counts = {count.name: count.value for count in post.counts}
    row: PostRow = {
        "post_id": claim.post_id,
        "site": claim.site,
        "platform": site.platform,
        "url": cleaner.text(claim.url),
        "kind": post.kind,
        "section": cleaner.text(post.section) if post.section else None,
        "title": title,
        "text": text,
        "language": language_of(text),
        **author,
        **_dates(post.published, post.edited, cleaner),
        "views": counts.get("views"),
        "saves": counts.get("saves"),
        "likes": counts.get("likes"),
        "reposts": counts.get("reposts"),
        "shares": counts.get("shares"),
        "score": counts.get("score"),
        "counts_raw": _counts_raw(post, cleaner),
        "counts_observed_at": origin["captured_at"] if post.counts else None,
        "comments_declared": counts.get("comments"),
        "comments_captured": len(comments),
        "tags": cleaner.texts(post.tags),
        "links": cleaner.texts(post.links),
        "images": cleaner.texts(post.images),
        "access": post.access,
        "access_evidence": [
            {"kind": item.kind, "detail": cleaner.evidence(item.detail)} for item in post.access_evidence
        ],
        "removed": _removed(post.removed, cleaner),
        "redactions": _redactions(in_title, in_text),
        "status": post.status,
        **origin,
        "captured_at_basis": visit.captures[0].captured_at_basis,
        "field_sources": _field_sources(post.field_sources),
        "rights": [
            {"signal": cleaner.text(item.signal), "value": cleaner.text(item.value)} for item in post.rights
        ],
        "license": policy.license,
    }
    return Reading(
        claim.post_id,
        visit.visit_id,
        visit.sequence,
        visit.captured_at,
        row,
        comments,
        former=_former_people(record, claim, cleaner),
        called=_people_by_name(record, cleaner),
    )


def author_and_comment_ids(
    record: Record, claim: Claim, policy: Policy
) -> tuple[tuple[str | None, str], ...]:
    """For each comment of ``record``, in page order, the ids of its author and its own, as ``read_rows`` gives them."""
    cleaner = Cleaner(record, claim, policy)
    ids = CommentIds(claim.post_id, policy.people)
    pairs: list[tuple[str | None, str]] = []
    for comment in record.comments:
        author_id = cleaner.author(comment.author)["author_id"]
        text = _cleaned(comment.text, cleaner)[0]
        pairs.append((author_id, ids.give(mended(comment.native_id or ""), author_id, text)[0]))
    return tuple(pairs)


def former_ids(record: Record, claim: Claim, policy: Policy) -> dict[str, frozenset[str]]:
    """For each id of a post, comment or author in ``record``, the ids that readers before this one may have given the same.

    A comment that has an id of its site may have had one derived from its author and text before.
    """
    cleaner = Cleaner(record, claim, policy)
    ids = CommentIds(claim.post_id, policy.people)
    posts = (claim.post_id, *claim.former)
    former: defaultdict[str | None, set[str]] = defaultdict(set, {claim.post_id: set(claim.former)})
    former[cleaner.author(record.post.author)["author_id"]] |= cleaner.former_authors(record.post.author)
    occurrences: Counter[tuple[str | None, str]] = Counter()
    for comment in record.comments:
        author_id = cleaner.author(comment.author)["author_id"]
        text = _cleaned(comment.text, cleaner)[0]
        native = mended(comment.native_id or "")
        comment_id, _ = ids.give(native, author_id, text)
        authors = cleaner.former_authors(comment.author)
        former[author_id] |= authors
        former[comment_id] |= {f"{post_id}#{native}" for post_id in posts if native}
        for author in (author_id, *authors):
            occurrences[(author, text or "")] += 1
            count = occurrences[(author, text or "")]
            former[comment_id] |= {
                policy.people.comment_id(post_id, author, text or "", count) for post_id in posts
            }
    return _with_former(former)


def _former_people(record: Record, claim: Claim, cleaner: Cleaner) -> dict[str, frozenset[str]]:
    """As ``former_ids``, of the post and the authors alone: they cost no text."""
    former: defaultdict[str | None, set[str]] = defaultdict(set, {claim.post_id: set(claim.former)})
    for person in (record.post.author, *(comment.author for comment in record.comments)):
        former[cleaner.author(person)["author_id"]] |= cleaner.former_authors(person)
    return _with_former(former)


def _people_by_name(record: Record, cleaner: Cleaner) -> dict[str, frozenset[str]]:
    """By the ids of authors with accounts those that they would have by their names alone."""
    called: defaultdict[str | None, set[str]] = defaultdict(set)
    for person in (record.post.author, *(comment.author for comment in record.comments)):
        called[cleaner.author(person)["author_id"]] |= cleaner.called(person)
    return _with_former(called)


def _with_former(former: Mapping[str | None, set[str]]) -> dict[str, frozenset[str]]:
    return {
        today: frozenset(ids - {today})
        for today, ids in former.items()
        if today is not None and ids - {today}
    }


def _origin(record: Record, visit: Visit) -> _Origin:
    primary = _primary(record, visit)
    seen_at = time_text(visit.captured_at) if visit.captured_at else None
    return {
        "status_at": seen_at,
        "first_seen": seen_at,
        "revision": 1,
        "captured_at": seen_at,
        "warc_record_id": primary.record_id,
        "payload_digest": primary.payload_digest,
        "extractor": record.layout,
        "schema_version": CURRENT,
    }


def _primary(record: Record, visit: Visit) -> Capture:
    for capture in visit.captures:
        if capture.record_id == record.primary:
            return capture
    raise ValueError(
        f"the record of {visit.url} names {record.primary}, which visit {visit.visit_id} does not hold"
    )


def _counts_raw(post: Post, cleaner: Cleaner) -> list[CountsRawStruct]:
    counts = {count.name: count for count in post.counts}
    return [{"name": name, "raw": cleaner.text(counts[name].raw)} for name in COUNT_NAMES if name in counts]


def _field_sources(sources: Iterable[FieldSource]) -> list[FieldSourcesStruct]:
    return [
        {
            "field": _COLUMN_OF.get(source.field, source.field),
            "source": source.source,
            "confidence": source.confidence,
        }
        for source in sources
    ]


def _comment_rows(
    record: Record, post_author: AuthorColumns, origin: _Origin, cleaner: Cleaner, ids: CommentIds
) -> tuple[CommentRow, ...]:
    """The comments in page order, each once."""
    cleaned = [
        (comment, cleaner.author(comment.author), *_cleaned(comment.text, cleaner))
        for comment in record.comments
    ]
    given = [
        ids.give(mended(comment.native_id or ""), author["author_id"], text)
        for comment, author, text, _ in cleaned
    ]
    rows: dict[str, CommentRow] = {}
    for (comment, author, text, redactions), (comment_id, basis) in zip(cleaned, given, strict=True):
        if comment_id in rows:
            continue
        rows[comment_id] = {
            "comment_id": comment_id,
            "comment_id_basis": basis,
            "post_id": ids.post_id,
            "url": cleaner.text(comment.url) if comment.url else None,
            "kind": comment.kind,
            "is_accepted": comment.is_accepted,
            "parent_id": None if comment.parent is None else given[comment.parent][0],
            "parent_basis": None if comment.parent is None else comment.parent_basis,
            "depth": comment.depth,
            "position": len(rows),
            **author,
            "is_post_author": _is_post_author(comment, author, post_author),
            "text": text,
            "language": language_of(text),
            **_dates(comment.published, comment.edited, cleaner),
            "likes": _value(comment.likes),
            "score": _value(comment.score),
            "status": comment.status,
            "removed": _removed(comment.removed, cleaner),
            "redactions": _redactions(redactions),
            **origin,
            "field_sources": _field_sources(comment.field_sources),
        }
    return tuple(rows.values())


def _is_post_author(comment: Comment, author: AuthorColumns, of_post: AuthorColumns) -> bool | None:
    """What the page says; else what the site's ids prove. Names prove nothing: two people may share one."""
    if comment.is_post_author is None and author["author_id_basis"] == of_post["author_id_basis"] == "id":
        return author["author_id"] == of_post["author_id"]
    return comment.is_post_author


def _cleaned(text: str | None, cleaner: Cleaner) -> tuple[str | None, Mapping[ScrubKind, int]]:
    return cleaner.counted(text) if text else (None, {})


def _dates(published: Moment | None, edited: Moment | None, cleaner: Cleaner) -> _Dates:
    moment = published or Moment(raw="")
    return {
        "published_at": time_text(moment.at) if moment.at else None,
        "published_raw": cleaner.text(moment.raw) or None,
        "published_zone": moment.zone,
        "published_zone_basis": moment.zone_basis,
        "published_precision": moment.precision,
        "edited_at": time_text(edited.at) if edited and edited.at else None,
        "edited_raw": (cleaner.evidence(edited.raw) or None) if edited else None,
    }


def _value(count: Count | None) -> int | None:
    return count.value if count else None


def _removed(removed: Iterable[Removed], cleaner: Cleaner) -> list[RemovedStruct]:
    return [{"rule": item.rule, "text": cleaner.evidence(item.text)} for item in removed]


def _redactions(*counted: Mapping[ScrubKind, int]) -> list[RedactionsStruct]:
    if not any(counted):
        return []
    counts = {kind: sum(each.get(kind, 0) for each in counted) for kind in SCRUB_KINDS}
    return [{"kind": kind, "count": count} for kind, count in counts.items() if count]
