"""What is read from one document: typed data that goes from process to process, where a tree cannot."""

from dataclasses import dataclass, replace
from typing import Any, Final

from scraper.model.capture import Capture
from scraper.model.exchange import Request
from scraper.model.record import Signal
from scraper.model.url import is_near
from scraper.page.absence import Notice, notice_of
from scraper.page.document import Document
from scraper.page.home_zones import NO_ZONES, HomeZones
from scraper.page.instead import seen_instead
from scraper.page.leads import Leads
from scraper.page.listings import read_listing
from scraper.page.restrictions import forbids_following
from scraper.page.rsl import Terms, terms_of
from scraper.page.saver_notes import SaverNote, saver_note
from scraper.page.session import Session, session_in
from scraper.page.signals import licences_named, signals_of
from scraper.page.site_signals import SiteStatement, is_site_file, site_statements
from scraper.page.stated_url import stated_url
from scraper.reading.sealed import Sealed
from scraper.sites.base import Platform, Site
from scraper.sites.registry import Sites

# How the time of a page is known that somebody may have saved who was signed in; nobody in particular asks for us, or for web archives.
_SAVED: Final = frozenset({"asserted", "unknown"})


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """What one document says. ``capture`` comes without its body.

    ``site`` names the site that the document is of, and ``sealed`` has what that site read; None where no site knows it.
    ``is_recognised`` tells that the site stands there: a page that only ``generic`` reads may be of nothing that anybody knows.
    ``is_later`` tells that it is a later page of a thread.
    ``root`` is the URL below which a platform stands by what the document says, with the platform's name. ``leads`` are
    there where they were asked for. ``trouble`` is a sentence where the document could not be read. ``seen`` says, in words to
    go on with, what a document is that no site knows and that is no whole page. ``saver`` is what the tool wrote that saved it.
    ``session`` is that of whoever saved it, where it shows one.

    ``licences`` are the URLs of the RSL licences that its own signals name, ``terms`` those of a licence or
    a feed; None where it is neither, or cannot be read.

    ``outline`` is as much of the content as tells what a visit still needs. ``needs`` is what one to the document's URL
    needs that has this document alone, ``is_claimed`` whether a site knows such a visit as one of its posts; None where that was not reckoned.
    """

    capture: Capture
    site: str | None = None
    sealed: Sealed | None = None
    outline: Sealed | None = None
    root: tuple[str, str] | None = None
    signals: tuple[Signal, ...] = ()
    statements: tuple[SiteStatement, ...] = ()
    licences: tuple[str, ...] = ()
    terms: tuple[Terms, ...] | None = None
    notice: Notice | None = None
    leads: Leads | None = None
    needs: tuple[Request, ...] | None = None
    is_claimed: bool | None = None
    trouble: str | None = None
    seen: str | None = None
    session: Session | None = None
    saver: SaverNote | None = None
    is_recognised: bool = False
    is_later: bool = False

    @property
    def content(self) -> object:
        """What the site read; None where no site knows the document."""
        return self.sealed.open() if self.sealed else None

    def of(self, capture: Capture) -> "DocumentReading":
        """The same reading of another capture with the same body."""
        return replace(self, capture=without_body(capture))


def without_body(capture: Capture) -> Capture:
    """The capture as far as it is needed once its body was read."""
    return replace(capture, body=b"")


def read_document(
    capture: Capture, sites: Sites, zones: HomeZones = NO_ZONES, *, with_leads: bool = False
) -> DocumentReading:
    """What a capture says, its dates in the ``zones`` of hosts where it states none. Never raises on what a page may hold."""
    return _read_safely(Document(capture, zones), sites, with_leads=with_leads)


def _read_safely(document: Document, sites: Sites, *, with_leads: bool) -> DocumentReading:
    kept = without_body(document.capture)
    try:
        return _read(document, kept, sites, with_leads=with_leads)
    except Exception as error:  # noqa: BLE001 - one bad page costs one page, whatever is wrong with it
        what = f"{type(error).__name__}: {error}"
        return DocumentReading(kept, trouble=f"The page could not be read ({what}). Please report it.")


def _read(document: Document, kept: Capture, sites: Sites, *, with_leads: bool) -> DocumentReading:
    if is_site_file(kept.url):
        return DocumentReading(kept, statements=site_statements(document))
    recognised = sites.recognise(document)
    site, content = recognised or (None, None)
    sealed = Sealed(content) if site else None
    shows_post = site is not None and site.shows_post(content)
    signals = signals_of(document)
    return DocumentReading(
        kept,
        site=site.name if site else None,
        is_recognised=site is not None and site.recognises(content),
        is_later=site is not None and site.is_later_page(content),
        sealed=sealed,
        outline=_outline(site, content, sealed) if site else None,
        root=sites.root_of(document),
        signals=signals,
        licences=licences_named(document, signals),
        terms=terms_of(document),
        notice=None if shows_post else notice_of(document),
        leads=_leads_of(document, sites, recognised, signals) if with_leads else None,
        seen=None if site else seen_instead(document),
        session=session_in(document) if kept.captured_at_basis in _SAVED else None,
    )


def _outline(site: Site[Any], content: object, sealed: Sealed | None) -> Sealed | None:
    """What ``site`` leaves of a content; the same package where that is all of it, so that it travels once."""
    outline = site.outline(content)
    return sealed if outline is content else Sealed(outline)


@dataclass(frozen=True, slots=True)
class SavedCapture:
    """A saved page as a capture, whose URL and time are empty where the page itself is to say them; ``otherwise`` is its URL where it does not."""

    capture: Capture
    otherwise: str | None = None


def read_saved_page(saved: SavedCapture, sites: Sites, zones: HomeZones = NO_ZONES) -> DocumentReading:
    """As ``read_document``, of a saved page that says itself where and when it was, as far as its capture does not."""
    document = Document(saved.capture, zones)
    note = note_origin(document)
    if saved.otherwise and not document.capture.url:
        document.capture = replace(document.capture, url=saved.otherwise)
    if not document.capture.url:
        return DocumentReading(without_body(document.capture), saver=note)
    return replace(_read_safely(document, sites, with_leads=False), saver=note)


def note_origin(document: Document) -> SaverNote | None:
    """Give the capture of a saved page the URL and time that the page says itself, where it has none.

    What the tool wrote that saved it is returned; None where none did.
    """
    note = saver_note(document.text) if document.is_markup else None
    capture = document.capture
    if not capture.url:
        capture = replace(capture, url=(note and note.url) or stated_url(document) or "")
    if note and note.saved_at and capture.captured_at is None:
        capture = replace(capture, captured_at=note.saved_at, captured_at_basis="asserted")
    document.capture = capture
    return note


def _leads_of(
    document: Document,
    sites: Sites,
    recognised: tuple[Site[Any], object] | None,
    signals: tuple[Signal, ...],
) -> Leads:
    """Where a document leads to, by its format, and by what sites read out of it in a way of their own."""
    leads = read_listing(document)
    if leads.is_list or leads.problem:
        return leads
    if forbids_following(signals):
        return Leads()
    site, content = recognised or (None, None)
    told = site.leads(content) if isinstance(site, Platform) else Leads()
    url = document.capture.url
    # A page of anybody else's leads to no post near it that such a site would know.
    own = [
        each for each in sites.single if any(is_near(host, url) for host in (*each.hosts, *each.api_hosts))
    ]
    readers = [*own, *([site] if isinstance(site, Platform) else [])]
    links = (*told.posts, *(link for reader in readers for link in reader.links(document)))
    following = [link for reader in readers for link in reader.following(document)]
    return replace(
        leads,
        posts=tuple(dict.fromkeys(link for link in links if is_near(link, url))),
        groups=told.groups,
        moved=told.moved,
        following=tuple(dict.fromkeys((*leads.following, *following, *told.following))),
    )
