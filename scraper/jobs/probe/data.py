"""A probe as JSON: the ``data`` that ``--json`` adds; docs/probe.md gives its shape."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from scraper.jobs.probe.probed import Probe
from scraper.jobs.probe.where import PlacesInWords, Where
from scraper.model.record import Comment, Count, Moment, Post, Removed

Json = dict[str, Any]


def data_of(probe: Probe, file: str | None = None) -> Json:
    """The probe of a page as JSON-plain values; ``file`` is where it was read from, None where it was asked for."""
    capture, reading, trace = probe.capture, probe.reading, probe.trace
    places, record, claimed = PlacesInWords(probe), probe.record, probe.claimed
    leads = probe.leads
    return {
        "url": capture.url,
        "file": file,
        "status": capture.status,
        "captured_at": _time(capture.captured_at),
        "captured_at_basis": capture.captured_at_basis,
        "page": {
            "kind": trace.shown.kind.kind,
            "reasons": list(trace.shown.kind.reasons),
            "score": trace.shown.kind.score,
            "number": trace.shown.pages.number,
            "text_confidence": probe.text_confidence,
        }
        if trace
        else None,
        "site": reading.site,
        "platform": _platform(probe),
        "root": reading.root[0] if reading.root else None,
        "layout": record.layout if record else None,
        "post_id": claimed.claim.post_id if claimed else None,
        "canonical_url": claimed.claim.url if claimed else None,
        "post": _post(record.post, places) if record else None,
        "comments": [_comment(at, each, places) for at, each in enumerate(record.comments)] if record else [],
        "reason": probe.reason,
        "next_requests": [request.url for request in probe.missing],
        "leads": {
            "posts": list(leads.posts),
            "pages": list(leads.pages),
            "groups": [list(group) for group in leads.groups],
            "sitemaps": list(leads.sitemaps),
            "following": list(leads.following),
        },
        "notes": list(probe.notes),
    }


def _platform(probe: Probe) -> str | None:
    if probe.claimed:
        return probe.claimed.site.platform
    return probe.reading.root[1] if probe.reading.root else None


def _post(post: Post, places: PlacesInWords) -> Json:
    return {
        "kind": post.kind,
        "title": post.title,
        "section": post.section,
        "text": post.text,
        "author": asdict(post.author) if post.author else None,
        "published": _moment(post.published),
        "edited": _moment(post.edited),
        "counts": [_count(count) for count in post.counts],
        "tags": None if post.tags is None else list(post.tags),
        "links": None if post.links is None else list(post.links),
        "images": None if post.images is None else list(post.images),
        "access": post.access,
        "access_evidence": [asdict(each) for each in post.access_evidence],
        "removed": _removed(post.removed, places),
        "field_sources": [asdict(each) for each in post.field_sources],
        "rights": [asdict(each) for each in post.rights],
        "where": {
            "title": _where(places.of("title")),
            "author": _where(places.of("author")),
            "published": _where(places.of("date")),
            "text": _where(places.of("text")),
        },
    }


def _comment(at: int, comment: Comment, places: PlacesInWords) -> Json:
    return {
        "position": at,
        "id": comment.native_id,
        "url": comment.url,
        "kind": comment.kind,
        "parent": comment.parent,
        "parent_basis": comment.parent_basis,
        "depth": comment.depth,
        "author": asdict(comment.author) if comment.author else None,
        "published": _moment(comment.published),
        "edited": _moment(comment.edited),
        "text": comment.text,
        "likes": _count(comment.likes),
        "score": _count(comment.score),
        "status": comment.status,
        "field_sources": [asdict(each) for each in comment.field_sources],
        "removed": _removed(comment.removed, places),
        "where": {
            "comment": _where(places.of("comment", at)),
            "author": _where(places.of("author", at)),
            "published": _where(places.of("date", at)),
            "text": _where(places.of("text", at)),
        },
    }


def _removed(removed: Iterable[Removed], places: PlacesInWords) -> list[Json]:
    return [asdict(each) | {"where": _where(places.of_prompt(each))} for each in removed]


def _where(where: Where | None) -> Json | None:
    return {"at": list(where.at), "basis": where.basis} if where else None


def _moment(moment: Moment | None) -> Json | None:
    return {**asdict(moment), "at": _time(moment.at)} if moment else None


def _count(count: Count | None) -> Json | None:
    return asdict(count) if count else None


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
