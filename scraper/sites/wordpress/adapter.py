"""The WordPress adapter: a platform's claims, requests and records, out of the pages that a visit captured."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from scraper.discussion.access import with_elsewhere, with_flag
from scraper.discussion.reader import Trace, trace_discussion
from scraper.model.capture import Capture, Visit
from scraper.model.exchange import Request
from scraper.model.record import (
    HIDDEN_REPLIES,
    Access,
    Comment,
    Evidence,
    Post,
    Record,
    Rejection,
)
from scraper.model.site import Claim, Trap
from scraper.model.url import identity
from scraper.page.counts import is_short
from scraper.page.document import Document
from scraper.sites.base import Part, Platform
from scraper.sites.wordpress.addresses import TRAPS, canonical_url, comment_page, text_page
from scraper.sites.wordpress.authors import with_one_author
from scraper.sites.wordpress.comments import find_records, read_comments
from scraper.sites.wordpress.post import Shown, read_post
from scraper.sites.wordpress.screen import Screen, is_wordpress, root_of, root_of_list

NAME: Final = "wordpress"
LAYOUT: Final = "wordpress.html/1"
_COMMENT_ID: Final = re.compile(r"[\"'](?:comment|c|cmt|response|reply)-(\d{1,20})[\"']")
_LISTED: Final = (
    ".hentry .entry-title a[href], .wp-block-post-title a[href], article .entry-title a[href], "
    "article h2 a[rel~=bookmark][href]"
)
_OLDER: Final = (
    "a.next.page-numbers[href], .posts-navigation .nav-previous a[href], .nav-links .nav-previous a[href], "
    "a.wp-block-query-pagination-next[href]"
)


# What stands for a post where only the links between its pages matter.
_UNREAD: Final = Shown(Post("post", None, None), None)
# A text in more pages than that is no post that anybody wrote.
_MOST_TEXT_PAGES: Final = 100


@dataclass(frozen=True, slots=True)
class PostPage:
    """A page of a post: of its text, and of its comments.

    ``comment_page`` and ``text_page`` are the numbers of what is shown, ``linked`` and ``linked_text`` the pages of either
    that it links to, by number. ``elsewhere`` names the system of another host that shows the comments.
    """

    claim: Claim
    comment_page: int
    text_page: int
    linked: tuple[tuple[int, str], ...]
    linked_text: tuple[tuple[int, str], ...]
    shown: Shown
    comments: tuple[Comment, ...]
    is_closed: bool
    elsewhere: str | None


@dataclass(frozen=True, slots=True)
class WordPressPage:
    """A page that WordPress made: the ids of the comments on it, and what it shows of a post, or ``other`` than one."""

    comment_ids: frozenset[str]
    post: PostPage | None
    other: str | None = None


# A page of a post with the capture that it was read from.
_Read = tuple[Capture, PostPage]


class WordPress(Platform[WordPressPage]):
    """Posts and pages of WordPress with their comments, from HTML alone."""

    name: ClassVar[str] = NAME
    platform: ClassVar[str] = NAME
    traps: ClassVar[tuple[Trap, ...]] = TRAPS

    def canonical_url(self, url: str) -> str:
        """The post's own URL, without a reply begun, a page of comments, or a button pressed."""
        return canonical_url(url)

    def root(self, document: Document) -> str | None:
        """The folder of the page's API, or that of a sitemap or feed that WordPress made."""
        if is_wordpress(document):
            return root_of(document)
        return root_of_list(document)

    def read_document(self, document: Document) -> WordPressPage | None:
        """What a page that WordPress made shows of a post; none where it tells no id of one, and is one all the same."""
        if not is_wordpress(document):
            return None
        comment_ids = frozenset(_COMMENT_ID.findall(document.text))
        screen = Screen.of(document)
        if screen is None or document.capture.status not in {200, None}:
            return WordPressPage(comment_ids, None)
        claim, other = screen.claim, screen.other
        if other and (other.is_sure or claim is None):
            return WordPressPage(comment_ids, None, other.what)
        trace = trace_discussion(document, is_post=claim is not None, find_marked=find_records)
        if claim is None:
            is_post = trace is not None and trace.shown.post is not None and trace.shown.post.text is not None
            return None if is_post else WordPressPage(comment_ids, None)
        if other and (trace is None or trace.shown.kind.score <= 0):
            return WordPressPage(comment_ids, None, other.what)
        return WordPressPage(comment_ids, _read_post_page(screen, claim, trace))

    def shows_post(self, content: WordPressPage) -> bool:
        """Whether the page shows one."""
        return content.post is not None

    def other_than_post(self, content: WordPressPage) -> str | None:
        """What a page of WordPress shows instead of a post."""
        return content.other

    def claim_of(self, _visit: Visit, parts: Sequence[Part[WordPressPage]]) -> Claim | None:
        """The post of the first page that shows one."""
        return next((page.claim for _, page in _post_pages(parts)), None)

    def next_requests(self, visit: Visit, parts: Sequence[Part[WordPressPage]]) -> tuple[Request, ...]:
        """The pages of the text and of comments that the captured ones lead to; of comments as long as they show one anew."""
        if not parts:
            return ()
        ends = [page for _, page in _post_pages((parts[0], *parts[-1:]))]
        text_pages = _next_text_pages(visit, ends)
        if _shows_nothing_new(parts):
            return text_pages
        had = {comment_page(part.capture.url) for part in parts} | {page.comment_page for page in ends}
        linked = {number: url for page in ends for number, url in page.linked}
        return (*text_pages, *(Request(url) for number, url in sorted(linked.items()) if number not in had))

    def outline(self, content: WordPressPage) -> WordPressPage:
        """The numbers of pages and comments."""
        post = content.post
        return replace(content, post=replace(post, shown=_UNREAD, comments=())) if post else content

    def join(self, visit: Visit, parts: Sequence[Part[WordPressPage]]) -> Record | Rejection:
        """The post as the first page of its text shows it, with all other pages of text and of comments captured."""
        pages = list(_post_pages(parts))
        if not pages:
            return Rejection(f"No capture of {visit.url} shows a post of WordPress.")
        post_id = pages[0][1].claim.post_id
        own = [(capture, page) for capture, page in pages if page.claim.post_id == post_id]
        missing, missing_text = _missing_pages(own), _missing_text_pages(own)
        threads = [page.comments for _, page in sorted(own, key=_order)]
        texts = {page.text_page: (capture, page) for capture, page in reversed(own)}
        first, *later = (texts[at] for at in sorted(texts))
        shown = _with_later_text(first[1].shown, [page.shown.post for _, page in later])
        record = _record(first[0], shown, _joined(threads), missing, missing_text)
        system = next((page.elsewhere for _, page in own if page.elsewhere), None)
        record = with_elsewhere(record, system) if system else record
        return with_flag(record) if any(page.is_closed for _, page in own) else record

    def links(self, document: Document) -> tuple[str, ...]:
        """The posts that a list shows; a post's own page leads to none that matter."""
        return tuple(dict.fromkeys(canonical_url(url) for url in _listed(document, _LISTED)))

    def following(self, document: Document) -> tuple[str, ...]:
        """Where a list goes on to older posts."""
        return tuple(dict.fromkeys(_listed(document, _OLDER)))


def _listed(document: Document, selector: str) -> Iterator[str]:
    screen = Screen.of(document)
    if screen and (screen.claim is None or screen.other):
        yield from _hrefs(screen, selector)


def _read_post_page(screen: Screen, claim: Claim, trace: Trace | None) -> PostPage:
    linked = tuple(_linked_pages(screen, claim))
    linked_text = tuple(_linked_text_pages(screen, claim))
    return PostPage(
        claim,
        _current_page(screen, linked),
        screen.text_page,
        linked,
        linked_text,
        read_post(screen, trace, claim.post_id.rpartition("-")[2]),
        read_comments(screen, trace) if trace else (),
        is_closed=trace is not None and trace.shown.is_closed,
        elsewhere=trace.shown.elsewhere if trace else None,
    )


def _post_pages(parts: Sequence[Part[WordPressPage]]) -> Iterator[_Read]:
    return ((part.capture, part.content.post) for part in parts if part.content.post is not None)


def _hrefs(screen: Screen, selector: str) -> Iterator[str]:
    for node in screen.tree.css(selector):
        url = screen.base.resolve(node.attributes.get("href") or "")
        if url:
            yield url


def _linked_pages(screen: Screen, claim: Claim) -> Iterator[tuple[int, str]]:
    """The pages of comments of the same post that a page links to, by number."""
    own = {identity(canonical_url(screen.capture.url)), identity(claim.url)}
    for url in _hrefs(screen, 'a[href*="comment-page-"], a[href*="cpage="]'):
        number = comment_page(url)
        if number is not None and "replytocom" not in url and identity(canonical_url(url)) in own:
            yield number, url


def _linked_text_pages(screen: Screen, claim: Claim) -> Iterator[tuple[int, str]]:
    """The pages of the same post's text that a page links to, by number."""
    for url in _hrefs(screen, "a.post-page-numbers[href], .page-links a[href], .post-nav-links a[href]"):
        number = text_page(url, claim.url)
        if number is not None and 1 <= number <= _MOST_TEXT_PAGES:
            yield number, url


def _next_text_pages(visit: Visit, ends: list[PostPage]) -> tuple[Request, ...]:
    """The pages of text that the captured ones lead to; what was asked for and led elsewhere is not asked for again."""
    linked = {number: url for page in ends for number, url in page.linked_text}
    had = {page.text_page for page in ends}
    ahead = [(number, url) for number, url in sorted(linked.items()) if number not in had]
    captured = {identity(canonical_url(capture.url)) for capture in visit.captures} if ahead else set()
    return tuple(Request(url) for _, url in ahead if identity(canonical_url(url)) not in captured)


def _missing_text_pages(pages: list[_Read]) -> int:
    had = {page.text_page for _, page in pages}
    return len({number for _, page in pages for number, _ in page.linked_text} - had)


def _with_later_text(shown: Shown, later: list[Post]) -> Shown:
    """The post with the text, links and pictures of all its pages, in their order."""
    if not later:
        return shown
    posts = (shown.post, *later)
    return replace(
        shown,
        post=replace(
            shown.post,
            text="\n\n".join(post.text for post in posts if post.text) or None,
            links=tuple(dict.fromkeys(link for post in posts for link in post.links or ())),
            images=tuple(dict.fromkeys(image for post in posts for image in post.images or ())),
        ),
    )


def _current_page(screen: Screen, linked: tuple[tuple[int, str], ...]) -> int:
    """The number of the page of comments that a page shows: what it marks, its URL's, or what it does not link."""
    marked = screen.tree.css_first(
        ".comments-pagination .current, .comment-navigation .current, .wp-block-comments-pagination .current"
    )
    digits = re.search(r"\d{1,6}", marked.text()) if marked is not None else None
    if digits:
        return int(digits[0])
    stated = comment_page(screen.capture.url)
    if stated is not None:
        return stated
    others = {number for number, _ in linked}
    return next(number for number in range(1, len(others) + 2) if number not in others)


def _missing_pages(pages: list[_Read]) -> int:
    had = {page.comment_page for _, page in pages}
    return len({number for _, page in pages for number, _ in page.linked} - had)


def _shows_nothing_new(parts: Sequence[Part[WordPressPage]]) -> bool:
    """Whether the last page of comments repeats what those before it showed: such pages may go on without end."""
    if len(parts) < 2 or comment_page(parts[-1].capture.url) is None:
        return False
    fresh = set(parts[-1].content.comment_ids)
    for part in parts[:-1]:
        fresh -= part.content.comment_ids
    return not fresh


def _order(read: _Read) -> int:
    return read[1].comment_page


def _joined(threads: list[tuple[Comment, ...]]) -> tuple[Comment, ...]:
    """The comments of all pages in one row, each once."""
    seen: dict[str, int] = {}
    comments: list[Comment] = []
    for thread in threads:
        numbers = [comment.native_id or "" for comment in thread]
        for comment, number in zip(thread, numbers, strict=True):
            if number not in seen:
                parent = None if comment.parent is None else seen.get(numbers[comment.parent])
                seen[number] = len(comments)
                comments.append(replace(comment, parent=parent))
    return tuple(comments)


def _record(
    capture: Capture, shown: Shown, comments: tuple[Comment, ...], missing: int, missing_text: int
) -> Record:
    """The record, with how much of the post and of its thread was shown; ``missing`` are pages of comments, and of text."""
    post = shown.post
    post, comments = with_one_author(post, comments)
    declared = shown.declared.value if shown.declared else None
    short_of_declared = is_short(shown.declared, len(comments))
    captured = len(comments)
    unread = sum(comment.status == "unknown" for comment in comments)
    evidence: list[Evidence] = []
    if shown.is_gated:
        evidence.append(Evidence("prompt", "The page asks for the post's password."))
    if declared is not None:
        evidence.append(Evidence("comments", f"The page declares {declared} comments and shows {captured}."))
        # Only a thread that was read whole shows that what is missing was never printed.
        if 0 < captured < declared and not missing and not unread:
            detail = "WordPress counts replies to comments in its trash, and prints none of them."
            evidence.append(Evidence(HIDDEN_REPLIES, detail))
    elif shown.declared:
        detail = (
            f"The page declares “{shown.declared.raw}” comments, which is no number, and shows {captured}."
        )
        evidence.append(Evidence("comments", detail))
    if unread:
        detail = f"Comments whose words could not be told from the name and date beside them: {unread}."
        evidence.append(Evidence("comments-unread", detail))
    if post.text is None and not shown.is_gated:
        evidence.append(Evidence("no-text", "The page shows no words of the post."))
    if missing:
        evidence.append(Evidence("comment-pages", f"Pages of comments that were not captured: {missing}."))
    if missing_text:
        evidence.append(Evidence("text-pages", f"Pages of the text that were not captured: {missing_text}."))
    is_partial = missing > 0 or missing_text > 0 or unread > 0 or short_of_declared is True
    may_be_full = post.text is not None and short_of_declared is False
    access: Access = (
        "gated" if shown.is_gated else "partial" if is_partial else "full" if may_be_full else "unknown"
    )
    post = replace(post, access=access, access_evidence=tuple(evidence))
    return Record(LAYOUT, capture.record_id, post, comments)
