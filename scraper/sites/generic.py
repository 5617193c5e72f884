"""Any page that no other site knows: its post and its thread as the page shows them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from scraper.discussion.access import Capture, with_access, with_flag
from scraper.discussion.discussion_page import DiscussionPage
from scraper.discussion.flattened import LAYOUT as FLATTENED
from scraper.discussion.flattened import read_flattened_discussion
from scraper.discussion.marked import MarkedPost
from scraper.discussion.pages import first_page, is_one_post
from scraper.discussion.reader import read_discussion
from scraper.model.capture import Visit
from scraper.model.exchange import Request
from scraper.model.record import Comment, Post, Record, Rejection
from scraper.model.site import Claim
from scraper.model.url import Url, identity, parse_url
from scraper.page.absence import said_instead
from scraper.page.document import Document
from scraper.page.instead import broken_page
from scraper.page.leads import Leads
from scraper.page.restrictions import forbids_following
from scraper.page.signals import signals_of
from scraper.sites.base import Part, Platform, Tail

LAYOUT: Final = "generic.html/1"
_ID_LENGTH: Final = 16
# Posts may speak of missing pages and of troubles; what says no more than so many characters may be no more than that.
_LITTLE: Final = 200
# Any other page may list something: a forum may open with its front page, and a board with a single topic looks like a post.
_NO_LISTS: Final = frozenset(("product", "login", "error"))
_NAMES: Final = {
    "list": "a list of other pages",
    "product": "a product",
    "front page": "the front page of a site",
    "login": "a form to sign in",
    "error": "an error",
    "other": "something else",
}


@dataclass(frozen=True, slots=True)
class GenericPage:
    """A page of a discussion, with the post that it is of and the marks by which its records are told from others."""

    claim: Claim
    page: DiscussionPage
    marks: frozenset[str]
    layout: str = LAYOUT


class Generic(Platform[GenericPage]):
    """Pages of whatever software, read by how they are made."""

    name: ClassVar[str] = "generic"
    platform: ClassVar[str] = "generic"
    rank: ClassVar[int] = 100

    def root(self, _document: Document) -> str | None:
        """None: nothing is known below which such pages stand."""
        return None

    def canonical_url(self, url: str) -> str:
        """The URL as it is."""
        return url

    def is_topic(self, _document: Document) -> bool:
        """Whether the page is known to be a topic before it is read."""
        return False

    def marked(self, _document: Document) -> Sequence[MarkedPost]:
        """The posts of a page by marks of its software; none where those are not known."""
        return ()

    def read_document(self, document: Document) -> GenericPage | None:
        """What a page, or a text that was one, shows of a discussion; None where it shows none."""
        capture = document.capture
        # Text that a server sent was never a page.
        if capture.media_type == "text/plain" and capture.status is None:
            return _read_flattened(document)
        if not document.is_markup or broken_page(document):
            return None
        page = read_discussion(document, is_topic=self.is_topic(document), marked=self.marked(document))
        url = parse_url(page.pages.url) if page else None
        if page is None or url is None or (_says_little(page) and said_instead(document)):
            return None
        if (page.pages.others or page.pages.onward) and forbids_following(signals_of(document)):
            page = replace(page, pages=replace(page.pages, others=(), onward=None))
        return GenericPage(Claim(generic_id(url), url.href), page, frozenset(map(_mark, page.comments)))

    def shows_post(self, content: GenericPage) -> bool:
        """Whether it shows a post, or comments of one."""
        return content.page.post is not None or bool(content.page.comments)

    def is_later_page(self, content: GenericPage) -> bool:
        """Whether it is not the first page of its thread, by its number."""
        return content.page.pages.number > 1

    def recognises(self, content: GenericPage) -> bool:
        """Whether it shows a post, or a list that leads somewhere."""
        leads = self.leads(content)
        return self.shows_post(content) or bool(leads.posts or leads.groups)

    def other_than_post(self, content: GenericPage) -> str | None:
        """What the page is, where it is no post, and why."""
        kind = content.page.kind
        return None if kind.is_post else f"{_NAMES[kind.kind]} ({kind.reasons[0]})"

    def claim_of(self, _visit: Visit, parts: Sequence[Part[GenericPage]]) -> Claim | None:
        """The post of the first page that shows one."""
        return next((part.content.claim for part in parts if self.shows_post(part.content)), None)

    def next_requests(self, visit: Visit, parts: Sequence[Part[GenericPage]]) -> tuple[Request, ...]:
        """The pages of the thread that the first and the last page lead to, as long as pages show comments anew."""
        if not parts or _shows_nothing_new(parts):
            return ()
        if not parts[0].content.page.comments and not is_one_post(parts[0].capture.url):
            return ()
        ends = (parts[0], *parts[-1:])
        had = {identity(capture.url) for capture in visit.captures}
        numbers = {part.content.page.pages.number for part in parts}
        linked = {number: url for part in ends for number, url in part.content.page.pages.others}
        onward = parts[-1].content.page.pages.onward
        urls = [url for number, url in sorted(linked.items()) if number not in numbers]
        urls += [onward] if onward else []
        thread = parts[0].content.claim.url
        if is_one_post(parts[0].capture.url) and not is_one_post(thread):
            urls.insert(0, thread)
        return tuple(Request(url) for url in urls if identity(url) not in had)

    def tail_of(self, parts: Sequence[Part[GenericPage]]) -> Tail | None:
        """The last page of a thread that had more than one."""
        pages = {
            part.content.page.pages.number: part.capture for part in parts if self.shows_post(part.content)
        }
        *before, last = sorted(pages) or [0]
        if not before or any(capture.status != 200 for capture in pages.values()):
            return None
        return Tail(pages[last].url, tuple(pages[number].record_id for number in before))

    def outline(self, content: GenericPage) -> GenericPage:
        """The numbers of pages, and the marks of comments."""
        return replace(content, page=replace(content.page, post=None, comments=content.page.comments[:1]))

    def leads(self, content: GenericPage) -> Leads:
        """What a page lists, and its later pages. Whether it is a list, or a post that names some others, is for its kind to say."""
        page = content.page
        if page.kind.kind in _NO_LISTS:
            return Leads()
        later = [url for number, url in page.pages.others if number > page.pages.number]
        later += [page.pages.onward] if page.pages.onward else []
        return Leads(groups=page.topics.groups, moved=page.moved, following=tuple(later))

    def join(self, visit: Visit, parts: Sequence[Part[GenericPage]]) -> Record | Rejection:
        """The post as the first page shows it, with the comments of all."""
        parts = [part for part in parts if self.shows_post(part.content)]
        if not parts:
            return Rejection(f"No capture of {visit.url} shows a post.")
        post_id = parts[0].content.claim.post_id
        own = sorted(
            (part for part in parts if part.content.claim.post_id == post_id),
            key=lambda part: (part.content.page.pages.number, is_one_post(part.capture.url)),
        )
        first = next((part for part in own if part.content.page.post is not None), own[0])
        comments = _joined([part.content.page.comments for part in own], first.content.page.post)
        post = first.content.page.post or Post("topic", first.content.page.title, None)
        had = Capture(
            len(comments),
            _missing(own),
            next(filter(None, (part.content.page.elsewhere for part in own)), None),
            first.content.page.leads,
        )
        if not post.access_evidence:
            post = with_access(post, had)
        record = Record(first.content.layout, first.capture.record_id, post, comments)
        return with_flag(record) if any(part.content.page.is_closed for part in own) else record


def _read_flattened(document: Document) -> GenericPage | None:
    page, url = read_flattened_discussion(document), parse_url(document.capture.url)
    if page is None or url is None:
        return None
    return GenericPage(
        Claim(generic_id(url), url.href), page, frozenset(map(_mark, page.comments)), FLATTENED
    )


def generic_id(url: Url) -> str:
    """The id of a post that is known by its canonical URL alone."""
    return f"{url.host}:{hashlib.sha256(url.href.encode()).hexdigest()[:_ID_LENGTH]}"


def generic_id_at(url: str, canonical: str) -> str | None:
    """The id of the post at ``url`` by what its page calls canonical: the home page, which some state on every page, is not believed."""
    address = parse_url(first_page(url, canonical))
    return generic_id(address) if address else None


def _says_little(page: DiscussionPage) -> bool:
    text = page.post.text if page.post else None
    is_list = not page.kind.is_post and bool(page.topics.groups)
    return not page.comments and not is_list and len(text or "") < _LITTLE


def _missing(parts: Sequence[Part[GenericPage]]) -> int:
    had = {part.content.page.pages.number for part in parts}
    return len({number for part in parts for number, _ in part.content.page.pages.others} - had)


def _joined(threads: Sequence[tuple[Comment, ...]], post: Post | None) -> tuple[Comment, ...]:
    """The comments of all pages in one row, each once; the post where a later page repeats it is none."""
    places: dict[str, int] = {}
    comments: list[Comment] = []
    for thread in threads:
        for comment in thread:
            mark = _mark(comment)
            if mark in places or (
                post and post.text and comment.text == post.text and comment.author == post.author
            ):
                continue
            parent = None if comment.parent is None else places.get(_mark(thread[comment.parent]))
            places[mark] = len(comments)
            comments.append(replace(comment, parent=parent))
    return tuple(comments)


def _mark(comment: Comment) -> str:
    """What tells one comment from the others of its thread."""
    if comment.native_id:
        return comment.native_id
    said = "\n".join(
        (str(comment.author), str(comment.published and comment.published.raw), comment.text or "")
    )
    return hashlib.sha256(said.encode()).hexdigest()


def _shows_nothing_new(parts: Sequence[Part[GenericPage]]) -> bool:
    """Whether the last page repeats what those before it showed: such pages may go on without end."""
    if len(parts) < 2:
        return False
    fresh = set(parts[-1].content.marks)
    for part in parts[:-1]:
        fresh -= part.content.marks
    return not fresh


def make_site() -> Generic:
    """The adapter."""
    return Generic()
