"""The Careerly adapter: from URLs to claims, from documents to records, in whatever generation was captured."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from scraper.discussion.access import with_flag
from scraper.discussion.joined import join
from scraper.discussion.lines.read import ShownPost, read_shown
from scraper.discussion.told import find as v1_data
from scraper.model.capture import Capture, Visit
from scraper.model.exchange import REDIRECT_STATUSES, Request
from scraper.model.record import Record, Rejection
from scraper.model.site import Claim
from scraper.model.url import host_of
from scraper.page.bounds import HostilePageError
from scraper.page.characters import plain
from scraper.page.document import Document
from scraper.page.gates import GateRule
from scraper.page.linked_data import is_closed
from scraper.sites.base import Part, SingleSite
from scraper.sites.careerly import v2_api
from scraper.sites.careerly.conventions import CONVENTIONS, conventions_of
from scraper.sites.careerly.urls import API_HOST, HOST, HOSTS, NAME, PostRef, api_ref, linked_post, post_ref

_STOPS: Final = frozenset((401, 403, 404, 410))


@dataclass(frozen=True, slots=True)
class PostPage:
    """A post's own page: its record, or why there is none."""

    ref: PostRef
    record: Record | None
    reason: str | None = None


Content = PostPage | v2_api.Body


class Careerly(SingleSite[Content]):
    """Posts and questions of either generation; profiles, lists and job offers are none."""

    name: ClassVar[str] = NAME
    platform: ClassVar[str] = NAME
    hosts: ClassVar[frozenset[str]] = HOSTS
    api_hosts: ClassVar[frozenset[str]] = frozenset({API_HOST})
    gate_rules: ClassVar[tuple[GateRule, ...]] = (CONVENTIONS.prompt,)

    def claims(self, url: str) -> Claim | None:
        """Posts and questions of either generation; profiles, lists and job offers are none."""
        ref = post_ref(url)
        return ref.claim if ref else None

    def read_document(self, document: Document) -> Content | None:
        """A post's page with its record, or an API answer about one with its value."""
        ref = post_ref(document.capture.url)
        if ref is not None:
            return _read_page(document, ref)
        return v2_api.read_body(document) if api_ref(document.capture.url) else None

    def shows_post(self, content: Content) -> bool:
        """Whether a page has a record; an API answer is no page that may say that the post is gone."""
        return not isinstance(content, PostPage) or content.record is not None

    def next_requests(self, visit: Visit, parts: Sequence[Part[Content]]) -> tuple[Request, ...]:
        """The page; for a V2 page the post's API answer, then its comment pages. Nothing past a closed door."""
        ref = _ref_of(visit)
        if ref is None:
            return ()
        pages = list(_pages(parts, ref))
        api = v2_api.collect(_answers(parts), ref)
        if not pages and api.post is None:
            return () if visit.captures else (Request(ref.url),)
        last = [capture for capture, _ in pages[-1:]] + ([api.post.capture] if api.post else [])
        if ref.kind == "comments" or any(capture.status in _STOPS for capture in last):
            return ()
        if api.post is None and any(page.record for _, page in pages):
            return ()
        return tuple(Request(url) for url in v2_api.next_urls(api, ref))

    def join(self, visit: Visit, parts: Sequence[Part[Content]]) -> Record | Rejection:
        """The record of the visit: a V1 page as shown and as told by its data, else the V2 API's answers."""
        ref = _ref_of(visit)
        if ref is None:
            return Rejection(f"{visit.url} is not the address of a Careerly post or question.")
        reasons: list[str] = []
        for capture, page in reversed(list(_pages(parts, ref))):
            if capture.status in {401, 403}:
                return v2_api.gated_record(capture, ref, CONVENTIONS.layouts.html)
            if page.record is not None:
                return replace(page.record, primary=capture.record_id)
            reasons.append(page.reason or "")
        api = v2_api.collect(_answers(parts), ref)
        if api.post is not None:
            return v2_api.read_api(api, ref)
        return Rejection(
            reasons[0] if reasons else f"The visit holds no capture of {ref.url} that could be read."
        )

    def links(self, document: Document) -> tuple[str, ...]:
        """The canonical URLs of other posts that a page or an API list leads to."""
        own = post_ref(document.capture.url)
        refs = (ref for ref in _linked(document) if ref != own)
        return tuple(dict.fromkeys(ref.url for ref in refs))


def _ref_of(visit: Visit) -> PostRef | None:
    own = post_ref(visit.url)
    return own or next((ref for capture in visit.captures if (ref := post_ref(capture.url))), None)


def _pages(parts: Sequence[Part[Content]], ref: PostRef) -> Iterator[tuple[Capture, PostPage]]:
    """The post's own page as often as it was captured, redirects aside."""
    for part in parts:
        is_own = isinstance(part.content, PostPage) and part.content.ref == ref
        if isinstance(part.content, PostPage) and is_own and part.capture.status not in REDIRECT_STATUSES:
            yield part.capture, part.content


def _answers(parts: Sequence[Part[Content]]) -> Iterator[v2_api.Answer]:
    return (
        v2_api.Answer(part.capture, part.content.value, part.content.zone)
        for part in parts
        if isinstance(part.content, v2_api.Body)
    )


def _read_page(document: Document, ref: PostRef) -> PostPage:
    """The record of a page that shows or tells a post; a reason for a shell, an error page, a login page."""
    capture = document.capture
    if capture.status not in {200, None}:
        reason = f"{capture.url} answered with HTTP status {capture.status}, so there is no post to read."
        return PostPage(ref, None, reason)
    try:
        record = _record_of(document, ref)
    except HostilePageError as error:
        is_empty = not capture.body.strip()
        reason = "is empty." if is_empty else f"was not read: {error}"
        return PostPage(ref, None, f"The capture of {capture.url} {reason}")
    return PostPage(ref, record, None if record else _reason(document))


def _record_of(document: Document, ref: PostRef) -> Record | None:
    conventions = conventions_of(document)
    shown = read_shown(document.page, document.capture, ref, conventions)
    closed = document.is_closed or is_closed(document.data, document.tree)
    told = v1_data.find_told(document.data, ref, conventions, document.capture.captured_at)
    if told is None and not _is_post(shown):
        return None
    record = join(told, shown, closed=closed) if told else shown.record
    return with_flag(record) if closed else record


def _is_post(shown: ShownPost) -> bool:
    title = plain(shown.sheet.page.title or "")
    return shown.says_post and not (
        CONVENTIONS.words.error_title.search(title) and not shown.record.post.counts
    )


def _reason(document: Document) -> str:
    where, page = document.capture.url, document.page
    if not document.capture.body.strip():
        return f"The capture of {where} is empty."
    title = plain(page.title or "")
    text = " ".join(block.text for block in page.blocks[:40])
    if CONVENTIONS.words.error_title.search(title) or CONVENTIONS.words.error_title.search(text[:400]):
        return f"{where} shows an error page instead of a post."
    if CONVENTIONS.words.login_title.search(title):
        return f"{where} shows a login page instead of a post."
    if not page.blocks:
        return f"{where} is an empty page that a browser would fill: the post is not in it."
    return (
        f"{where} shows none of what a Careerly post says: no counts (저장, 조회, 댓글), no date, no prompt."
    )


def _linked(document: Document) -> Iterator[PostRef]:
    capture = document.capture
    if capture.status not in {200, None}:
        return
    if api_ref(capture.url) is None and "json" not in capture.media_type:
        host = host_of(document.base.url)
        if host and host not in HOSTS and HOST.encode() not in document.lowered:
            return
        try:
            hrefs = document.page.hrefs
        except HostilePageError:
            return
        resolved = (document.base.resolve(href) or href for href in hrefs)
        yield from (ref for href in resolved if (ref := linked_post(href)))
    elif "/api/v1/posts" in capture.url:
        yield from (ref for claim in v2_api.listed_posts(document) if (ref := post_ref(claim.url)))
