"""The Careerly adapter: from URLs to claims, from visits to records, in whatever generation was captured."""

from collections.abc import Iterator
from typing import Final

from scraper.discussion.joined import join
from scraper.discussion.shown.access import closed_to_visitors, with_flag
from scraper.discussion.shown.read import ShownPost, read_shown
from scraper.discussion.told import find as v1_data
from scraper.model.capture import Capture, Visit
from scraper.model.exchange import REDIRECT_STATUSES, Request
from scraper.model.record import Record, Rejection
from scraper.model.site import Claim
from scraper.page.blocks import Page
from scraper.page.bounds import HostilePageError
from scraper.page.characters import plain
from scraper.page.charset import decode
from scraper.page.data import page_data
from scraper.page.flat import read_flattened
from scraper.page.gates import GateRule
from scraper.page.tree import read_html
from scraper.sites.base import SingleSite
from scraper.sites.careerly import v2_api
from scraper.sites.careerly.conventions import CONVENTIONS
from scraper.sites.careerly.urls import HOSTS, NAME, PostRef, api_ref, linked_post, post_ref

_STOPS: Final = frozenset((401, 403, 404, 410))


class Careerly(SingleSite):
    """Implements ``scraper.model.site.Site``."""

    @property
    def name(self) -> str:
        """The first part of Careerly's post ids."""
        return NAME

    @property
    def platform(self) -> str:
        """Careerly runs on software of its own."""
        return NAME

    @property
    def gate_rules(self) -> tuple[GateRule, ...]:
        """The one prompt of the site."""
        return (CONVENTIONS.prompt,)

    @property
    def hosts(self) -> frozenset[str]:
        """The site under both of its names."""
        return HOSTS

    def claims(self, url: str) -> Claim | None:
        """Posts and questions of either generation; profiles, lists and job offers are none."""
        ref = post_ref(url)
        return ref.claim if ref else None

    def recognises(self, capture: Capture) -> bool:
        """Whether the capture is of a post's page or of an API answer about one."""
        return post_ref(capture.url) is not None or api_ref(capture.url) is not None

    def next_requests(self, visit: Visit) -> tuple[Request, ...]:
        """The page; for a V2 page the post's API answer, then its comment pages. Nothing past a closed door."""
        ref = _ref_of(visit)
        if ref is None:
            return ()
        pages = _pages(visit, ref)
        api = v2_api.collect(visit.captures, ref)
        if not pages and api.post is None:
            return () if visit.captures else (Request(ref.url),)
        closed = [*pages[-1:], *([api.post] if api.post else [])]
        if ref.kind == "comments" or any(capture.status in _STOPS for capture in closed):
            return ()
        if api.post is None and any(_read_page(capture, ref) for capture in pages):
            return ()
        return tuple(Request(url) for url in v2_api.next_urls(api, ref))

    def read(self, visit: Visit) -> Record | Rejection:
        """The record of the visit: a V1 page as shown and as told by its data, else the V2 API's answers."""
        ref = _ref_of(visit)
        if ref is None:
            return Rejection(f"{visit.url} is not the address of a Careerly post or question.")
        reasons: list[str] = []
        for capture in reversed(_pages(visit, ref)):
            if capture.status in {401, 403}:
                return v2_api.gated_record(capture, ref, CONVENTIONS.layouts.html)
            read = _read_page(capture, ref)
            if read is not None:
                return read
            reasons.append(_reason(capture))
        api = v2_api.collect(visit.captures, ref)
        if api.post is not None:
            return v2_api.read_api(api, ref)
        return Rejection(
            reasons[0] if reasons else f"The visit holds no capture of {ref.url} that could be read."
        )

    def links(self, capture: Capture) -> tuple[str, ...]:
        """The canonical URLs of other posts that a page or an API list leads to."""
        own = post_ref(capture.url)
        found = (ref for ref in _linked(capture) if ref != own)
        return tuple(dict.fromkeys(ref.url for ref in found))


def _ref_of(visit: Visit) -> PostRef | None:
    own = post_ref(visit.url)
    return own or next((ref for capture in visit.captures if (ref := post_ref(capture.url))), None)


def _pages(visit: Visit, ref: PostRef) -> list[Capture]:
    """The captures of the post's own page, redirects aside."""
    return [
        capture
        for capture in visit.captures
        if post_ref(capture.url) == ref and capture.status not in REDIRECT_STATUSES
    ]


def _page_of(capture: Capture) -> Page:
    text = decode(capture.body, capture.header("content-type")).text
    return read_flattened(text) if capture.media_type == "text/plain" else read_html(text)


def _read_page(capture: Capture, ref: PostRef) -> Record | None:
    """The record of a page that shows or tells a post; None for a shell, an error page, a login page."""
    if capture.status not in {200, None}:
        return None
    try:
        page = _page_of(capture)
    except HostilePageError:
        return None
    shown = read_shown(page, capture, ref, CONVENTIONS)
    data = page_data(page)
    closed = closed_to_visitors(data)
    told = v1_data.find_told(data, ref, CONVENTIONS, capture.captured_at)
    if told is None and not _is_post(shown):
        return None
    record = join(told, shown, closed=closed) if told else shown.record
    return with_flag(record) if closed else record


def _is_post(shown: ShownPost) -> bool:
    title = plain(shown.sheet.page.title or "")
    return shown.says_post and not (
        CONVENTIONS.words.error_title.search(title) and not shown.record.post.counts
    )


def _reason(capture: Capture) -> str:
    where = capture.url
    if capture.status not in {200, None}:
        return f"{where} answered with HTTP status {capture.status}, so there is no post to read."
    if not capture.body.strip():
        return f"The capture of {where} is empty."
    try:
        page = _page_of(capture)
    except HostilePageError as error:
        return f"The capture of {where} was not read: {error}"
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


def _linked(capture: Capture) -> Iterator[PostRef]:
    if capture.status not in {200, None}:
        return
    if api_ref(capture.url) is None and "json" not in capture.media_type:
        try:
            hrefs = _page_of(capture).hrefs
        except HostilePageError:
            return
        yield from (ref for href in hrefs if (ref := linked_post(href)))
    elif "/api/v1/posts" in capture.url:
        yield from (ref for claim in v2_api.listed_posts(capture) if (ref := post_ref(claim.url)))
