"""One visit to one reading: joined from those of its documents, and pure, so that any process can do it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scraper.model.capture import Capture, Visit
from scraper.model.decision import Returned
from scraper.model.exchange import Request
from scraper.model.exclusions import FORGOTTEN
from scraper.model.record import ASKED_WITH, Evidence, Post, Record, Rejection, Signal
from scraper.model.site import Claim
from scraper.model.url import parse_url
from scraper.page.absence import absence_in
from scraper.page.home_zones import HomeZones
from scraper.page.site_signals import is_site_file, signals_for
from scraper.reading.document_reading import DocumentReading, read_document, without_body
from scraper.reading.licences import licence_records, licence_signals
from scraper.reading.savers import as_signed_in, without_saver
from scraper.records.cleaning import Policy
from scraper.records.forgetting import tombstones_today, without_forgotten
from scraper.records.reading import Departure, Reading
from scraper.records.rows import former_ids, read_rows
from scraper.records.stored_rows import address_digest
from scraper.sites.base import Part
from scraper.sites.generic import generic_id_at
from scraper.sites.registry import Claimed, Sites


@dataclass(frozen=True, slots=True)
class Unread:
    """A visit that gave no record, and why; ``site`` and ``post_id`` are None where no site knows it as its own.

    The captures of ``visit`` have no bodies. ``forgotten`` are what has a tombstone and the visit shows all the same.
    ``departure`` is there where the site says that the post is not; a page that is gone does not tell its platform, so which
    post it was is for the store to say.
    """

    visit: Visit
    site: str | None
    post_id: str | None
    reason: str
    forgotten: tuple[Returned, ...] = ()
    departure: Departure | None = None

    @property
    def visit_id(self) -> str:
        """The id of the visit."""
        return self.visit.visit_id


@dataclass(frozen=True, slots=True)
class DocumentsOfVisit:
    """A visit with the readings of its documents, in the order of its captures, which have no bodies here."""

    visit: Visit
    documents: tuple[DocumentReading, ...]

    @classmethod
    def of(cls, visit: Visit, documents: Sequence[DocumentReading]) -> "DocumentsOfVisit":
        """The visit with these documents and no others."""
        captures = tuple(document.capture for document in documents)
        return cls(replace(visit, captures=captures), tuple(documents))

    @property
    def pages(self) -> "DocumentsOfVisit":
        """The visit as its site reads it: without the documents that only say how pages may be used."""
        licences = licence_records(self.documents, self.visit.url)
        pages = [
            document
            for document in self.documents
            if not is_site_file(document.capture.url) and document.capture.record_id not in licences
        ]
        return DocumentsOfVisit.of(self.visit, pages)

    @property
    def outline(self) -> "DocumentsOfVisit":
        """The visit as far as it tells what it still needs."""
        documents = [
            DocumentReading(
                each.capture,
                each.site,
                each.outline,
                statements=each.statements,
                licences=each.licences,
                terms=each.terms,
                trouble=each.trouble,
            )
            for each in self.documents
        ]
        return DocumentsOfVisit(self.visit, tuple(documents))

    @property
    def trouble(self) -> str | None:
        """Why the first document that could not be read could not."""
        return next((document.trouble for document in self.documents if document.trouble), None)

    def parts(self, site: str) -> list[Part[Any]]:
        """What a site read from its documents."""
        return [
            Part(document.capture, content)
            for document in self.documents
            if document.site == site and (content := document.content) is not None
        ]

    def is_claimed(self, sites: Sites) -> bool:
        """Whether a site knows the visit as one of its posts, without unpacking what was told when its only page was read."""
        first, *others = self.documents or (None,)
        if first and not others and first.is_claimed is not None and first.capture.url == self.visit.url:
            return first.is_claimed
        return self.claimed(sites) is not None

    def claimed(self, sites: Sites) -> Claimed | None:
        """The site that knows the visit as one of its posts, by its URL or else by its documents; None where none does."""
        claimed = sites.claimed(self.visit.url)
        if claimed is not None or sites.at(self.visit.url):
            return claimed
        for site in sites.platforms:
            claim = site.claim_of(self.visit, self.parts(site.name))
            if claim:
                return Claimed(site, _with_generic_id(claim, self.visit.url))
        return None


def _with_generic_id(claim: Claim, url: str) -> Claim:
    """A claim with the id that a page of the post at ``url`` has that hides its platform, among the former ones."""
    generic = generic_id_at(url, claim.url)
    if generic is None or generic in {claim.post_id, *claim.former}:
        return claim
    return replace(claim, former=(*claim.former, generic))


def read_capture(
    capture: Capture, sites: Sites, zones: HomeZones, *, with_leads: bool = False
) -> DocumentReading:
    """What a capture says, with what a visit needs that has it alone. Never raises on what a page may hold."""
    document = read_document(capture, sites, zones, with_leads=with_leads)
    alone = DocumentsOfVisit.of(Visit("", 0, capture.url), [document])
    needs = needs_of(alone, sites) if alone.pages.documents else ()
    if isinstance(needs, str):
        return document
    return replace(document, needs=needs, is_claimed=alone.claimed(sites) is not None)


def needs_of(whole: DocumentsOfVisit, sites: Sites) -> tuple[Request, ...] | str:
    """What else a visit needs, or a sentence where its site cannot say. Never raises on what a page may hold."""
    try:
        return next_requests(whole, sites)
    except Exception as error:  # noqa: BLE001 - one bad page costs one page, whatever is wrong with it
        return f"What {whole.visit.url} needs could not be told ({type(error).__name__}: {error}). What was had is kept; please report it."


def read_visit(visit: Visit, policy: Policy, sites: Sites) -> Reading | Unread:
    """What the visit says, as rows; or why it says nothing. Never raises on what a page may hold."""
    zones = HomeZones(policy.zones)
    documents = tuple(read_document(capture, sites, zones) for capture in visit.captures)
    return join_visit(DocumentsOfVisit.of(visit, documents), policy, sites)


def join_visit(whole: DocumentsOfVisit, policy: Policy, sites: Sites) -> Reading | Unread:
    """As ``read_visit``, from the readings of the visit's documents."""
    claimed = sites.claimed(whole.visit.url)
    reason = whole.trouble
    try:
        claimed = whole.pages.claimed(sites)
        if reason is None:
            return _join(whole, claimed, policy, sites)
    except Exception as error:  # noqa: BLE001 - one bad page costs one page, whatever is wrong with it
        what = f"{type(error).__name__}: {error}"
        reason = f"The page could not be read ({what}). It is kept; please report it."
    return unread(whole.visit, claimed, reason)


def unread(visit: Visit, claimed: Claimed | None, reason: str, departure: Departure | None = None) -> Unread:
    """The visit without a record, of the post that is claimed, if one is."""
    visit = replace(visit, captures=tuple(without_body(capture) for capture in visit.captures))
    site, post_id = (claimed.site.name, claimed.claim.post_id) if claimed else (None, None)
    return Unread(visit, site, post_id, reason, departure=departure)


def record_of(whole: DocumentsOfVisit, claimed: Claimed) -> Record | Rejection:
    """What the site that claims a visit reads, which is all but its files about the use of its pages."""
    pages = whole.pages
    if not pages.documents:
        return Rejection("Nothing was captured in this visit.")
    return claimed.site.join(pages.visit, pages.parts(claimed.site.name))


def whole_record(whole: DocumentsOfVisit, claimed: Claimed) -> Record | Rejection:
    """As ``record_of``, with what is told of any page, whatever its site: rights, and that a person asked for it or was signed in."""
    record = record_of(whole, claimed)
    if isinstance(record, Rejection):
        return record
    rights = tuple(dict.fromkeys((*record.post.rights, *_signals(whole))))
    asked = replace(record, post=_as_asked(replace(record.post, rights=rights), whole))
    sessions = [each.session for each in whole.pages.documents if each.session and not each.capture.is_public]
    names = tuple(name for each in whole.pages.documents if each.session for name in each.session.names)
    return without_saver(as_signed_in(asked, sessions), names)


def next_requests(whole: DocumentsOfVisit, sites: Sites) -> tuple[Request, ...]:
    """What else a visit needs: what its site says, and before anything tells the site, the page itself."""
    pages = whole.pages
    if not pages.documents and sites.claimed(whole.visit.url) is None:
        return (Request(whole.visit.url),)
    claimed = None if pages.trouble else pages.claimed(sites)
    return claimed.site.next_requests(pages.visit, pages.parts(claimed.site.name)) if claimed else ()


def reason_unclaimed(whole: DocumentsOfVisit, sites: Sites) -> str:
    """The sentence for a visit that no site claims: what its pages show instead of a post."""
    return other_reason(whole.pages, sites) or _unrecognised_reason(whole.pages, sites)


def unclaimed_reason(url: str) -> str:
    """The sentence for a URL that no site claims."""
    return f"{url} is not the URL of a post on a site that postkeep reads. `postkeep sites` lists them."


def _join(whole: DocumentsOfVisit, claimed: Claimed | None, policy: Policy, sites: Sites) -> Reading | Unread:
    visit = whole.visit
    if claimed is None:
        return unread(visit, None, reason_unclaimed(whole, sites), _departure(whole, None))
    record = whole_record(whole, claimed)
    if isinstance(record, Rejection):
        is_forgotten = not policy.forgotten.isdisjoint((claimed.claim.post_id, *claimed.claim.former))
        departure = None if is_forgotten else _departure(whole, claimed.claim.post_id)
        return unread(visit, claimed, record.reason, departure)
    reading = read_rows(record, claimed.claim, visit, claimed.site, policy)
    of_all = former_ids(record, claimed.claim, policy) if policy.forgotten else reading.former
    forgotten = tombstones_today(policy.forgotten, of_all)
    kept = without_forgotten(reading, forgotten)
    if kept is None:
        ids = (claimed.claim.post_id, reading.post["author_id"])
        returned = tuple(Returned(each, forgotten[each]) for each in ids if each in forgotten)
        return replace(unread(visit, claimed, FORGOTTEN), forgotten=returned)
    is_cut = _is_cut(record, visit)
    shown = {kept.post_id, kept.post["author_id"], *(row["author_id"] for row in kept.comments)}
    return replace(
        kept,
        is_cut=is_cut,
        address=address_digest(visit.url),
        images=record.post.images or (),
        former={today: ids for today, ids in kept.former.items() if today in shown},
        called={today: ids for today, ids in kept.called.items() if today in shown},
    )


def _as_asked(post: Post, whole: DocumentsOfVisit) -> Post:
    """The post with what it means that a person asked for a page of it: it may show what signed-out readers do not see."""
    names = sorted({name for document in whole.pages.documents for name in document.capture.asked_with})
    if not names:
        return post
    detail = f"Its page was asked for with {' and '.join(names)}, so it may show what only a member sees."
    access = "unknown" if post.access == "full" else post.access
    return replace(post, access=access, access_evidence=(*post.access_evidence, Evidence(ASKED_WITH, detail)))


def _signals(whole: DocumentsOfVisit) -> Iterator[Signal]:
    """All signals of a visit's pages, in the order of its captures; pictures speak for themselves alone.

    robots.txt and tdmrep.json count for the pages of their own host, licences for the pages that they are about.
    """
    pages = [document for document in whole.pages.documents if not _is_aside(document)]
    for document in pages:
        yield from document.signals
    for file in whole.documents:
        for document in pages if file.statements else ():
            yield from signals_for(document.capture.url, file.capture.url, file.statements)
    for document in pages:
        yield from licence_signals(document, whole.documents)


def _is_aside(document: DocumentReading) -> bool:
    """Whether a capture is no part of what the post says: a picture, or nothing on the web."""
    capture = document.capture
    return capture.media_type.startswith("image/") or parse_url(capture.url) is None


def _departure(whole: DocumentsOfVisit, post_id: str | None) -> Departure | None:
    """What a visit that gave no record says about the absence of its post."""
    pages = whole.pages
    notices = {document.capture.record_id: document.notice for document in pages.documents}
    absence = absence_in(pages.visit.captures, notices)
    if absence is None:
        return None
    first = pages.visit.captures[0]
    return Departure(
        post_id=post_id or "",
        visit_id=whole.visit.visit_id,
        sequence=whole.visit.sequence,
        captured_at=first.captured_at,
        captured_at_basis=first.captured_at_basis,
        status=absence.status,
        warc_record_id=absence.capture.record_id,
        payload_digest=absence.capture.payload_digest,
        reason=absence.reason,
    )


def _is_cut(record: Record, visit: Visit) -> bool:
    """Whether the capture that the post was read from came incomplete."""
    return any(capture.record_id == record.primary and capture.truncated for capture in visit.captures)


def other_reason(whole: DocumentsOfVisit, sites: Sites) -> str | None:
    """The sentence for a visit to a page of a platform that shows something else; None where no platform says so."""
    contents = ((site, part.content) for site in sites.platforms for part in whole.parts(site.name))
    others = (other for site, content in contents if (other := site.other_than_post(content)))
    return next((f"{whole.visit.url} shows {other} instead of a post." for other in others), None)


def _unrecognised_reason(pages: DocumentsOfVisit, sites: Sites) -> str:
    """The sentence for a visit that no site recognises as one to a post of its own."""
    visit = pages.visit
    if sites.at(visit.url) or parse_url(visit.url) is None:
        return unclaimed_reason(visit.url)
    statuses = [capture.status for capture in visit.captures if capture.status is not None]
    if statuses and statuses[-1] != 200:
        return f"{visit.url} answered with HTTP status {statuses[-1]}, so there is no post to read."
    seen = pages.documents[-1].seen if pages.documents else None
    if seen:
        return f"{visit.url} is no page to read: {seen}."
    return f"{visit.url} shows nothing that could be read as a post."
