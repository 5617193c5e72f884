"""The WordPress adapter: a platform's claims, requests and records, out of the pages that a visit captured."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from scraper.model.capture import Capture, Visit
from scraper.model.exchange import Request
from scraper.model.record import (
    HIDDEN_REPLIES,
    Access,
    Comment,
    Evidence,
    FieldSource,
    Post,
    Record,
    Rejection,
)
from scraper.model.site import Claim, Trap
from scraper.model.url import resolve
from scraper.sites.base import Platform
from scraper.sites.wordpress.addresses import TRAPS, address, comment_page, text_page
from scraper.sites.wordpress.moments import zone_of
from scraper.sites.wordpress.post import Shown, read_post
from scraper.sites.wordpress.screen import Screen, is_wordpress
from scraper.sites.wordpress.thread import take_thread

NAME: Final = "wordpress"
LAYOUT: Final = "wordpress.html/1"
_COMMENT_ID: Final = re.compile(rb"[\"']comment-(\d{1,18})[\"']")
_LISTED: Final = (
    ".hentry .entry-title a[href], .wp-block-post-title a[href], article .entry-title a[href], "
    "article h2 a[rel~=bookmark][href]"
)
_OLDER: Final = (
    "a.next.page-numbers[href], .posts-navigation .nav-previous a[href], .nav-links .nav-previous a[href], "
    "a.wp-block-query-pagination-next[href]"
)


# A text in more pages than that is no post that anybody wrote.
_MOST_TEXT_PAGES: Final = 100


@dataclass(frozen=True, slots=True)
class _Part:
    """A captured page of a post, with the number of its page of comments, None on the post's own URL, and of its page of text."""

    screen: Screen
    claim: Claim
    comment_page: int | None
    text_page: int


class WordPress(Platform):
    """Implements ``scraper.model.site.Site``."""

    @property
    def name(self) -> str:
        """The name of the software."""
        return NAME

    @property
    def platform(self) -> str:
        """The name of the software."""
        return NAME

    @property
    def traps(self) -> tuple[Trap, ...]:
        """What WordPress and its common plugins link to and a crawl leaves alone."""
        return TRAPS

    def address(self, url: str) -> str:
        """The post's own URL, without a reply begun, a page of comments, or a button pressed."""
        return address(url)

    def identify(self, visit: Visit) -> Claim | None:
        """The post of the first page that shows one."""
        return next((part.claim for part in _parts(visit.captures)), None)

    def recognises(self, capture: Capture) -> bool:
        """Whether WordPress made the page."""
        return is_wordpress(capture)

    def next_requests(self, visit: Visit) -> tuple[Request, ...]:
        """The pages of the text and of comments that the captured ones lead to; of comments as long as they show one anew."""
        pages = [capture for capture in visit.captures if is_wordpress(capture)]
        if not pages:
            return ()
        text_pages = _wanted_text_pages(visit, pages)
        if _shows_nothing_new(pages):
            return text_pages
        had = {comment_page(capture.url) for capture in pages}
        wanted: dict[int, str] = {}
        for part in _parts((pages[0], *pages[-1:])):
            had.add(_current_page(part))
            wanted |= dict(_linked_pages(part))
        return (*text_pages, *(Request(url) for number, url in sorted(wanted.items()) if number not in had))

    def read(self, visit: Visit) -> Record | Rejection:
        """The post as the first page of its text shows it, with all other pages of text and of comments captured."""
        parts = list(_parts(visit.captures))
        if not parts:
            return Rejection(f"No capture of {visit.url} shows a post of WordPress.")
        first = parts[0]
        own = [part for part in parts if part.claim.post_id == first.claim.post_id]
        zone = zone_of(_language(first.screen))
        missing, missing_text = _missing_pages(own), _missing_text_pages(own)
        threads = [take_thread(part.screen, zone) for part in sorted(own, key=_order)]
        number = first.claim.post_id.rpartition("-")[2]
        texts = {part.text_page: part for part in reversed(own)}
        first, *later = (texts[at] for at in sorted(texts))
        shown = _with_later_text(
            read_post(first.screen, number, zone),
            [read_post(part.screen, number, zone).post for part in later],
        )
        return _record(first.screen.capture, shown, _joined(threads), missing, missing_text)

    def links(self, capture: Capture) -> tuple[str, ...]:
        """The posts that a list shows; a post's own page leads to none that matter."""
        screen = Screen.of(capture)
        if screen is None or screen.number is not None:
            return ()
        return tuple(dict.fromkeys(address(url) for url in _hrefs(screen, _LISTED)))

    def following(self, capture: Capture) -> tuple[str, ...]:
        """Where a list goes on to older posts."""
        screen = Screen.of(capture)
        if screen is None or screen.number is not None:
            return ()
        return tuple(dict.fromkeys(_hrefs(screen, _OLDER)))


def _parts(captures: tuple[Capture, ...]) -> Iterator[_Part]:
    for capture in captures:
        screen = Screen.of(capture)
        claim = screen.claim if screen else None
        if screen and claim:
            yield _Part(screen, claim, comment_page(capture.url), screen.text_page)


def _hrefs(screen: Screen, selector: str) -> Iterator[str]:
    for node in screen.tree.css(selector):
        url = resolve(screen.capture.url, node.attributes.get("href") or "")
        if url:
            yield url


def _linked_pages(part: _Part) -> Iterator[tuple[int, str]]:
    """The pages of comments of the same post that a page links to, by number."""
    own = address(part.screen.capture.url)
    for url in _hrefs(part.screen, 'a[href*="comment-page-"], a[href*="cpage="]'):
        number = comment_page(url)
        if number is not None and "replytocom" not in url and address(url) in {own, part.claim.url}:
            yield number, url


def _linked_text_pages(part: _Part) -> Iterator[tuple[int, str]]:
    """The pages of the same post's text that a page links to, by number."""
    for url in _hrefs(part.screen, "a.post-page-numbers[href], .page-links a[href], .post-nav-links a[href]"):
        number = text_page(url, part.claim.url)
        if number is not None and 1 <= number <= _MOST_TEXT_PAGES:
            yield number, url


def _wanted_text_pages(visit: Visit, pages: list[Capture]) -> tuple[Request, ...]:
    """The pages of text that the captured ones lead to; what was asked for and led elsewhere is not asked for again."""
    captured = {address(capture.url) for capture in visit.captures}
    had: set[int] = set()
    wanted: dict[int, str] = {}
    for part in _parts((pages[0], *pages[-1:])):
        had.add(part.text_page)
        wanted |= dict(_linked_text_pages(part))
    return tuple(
        Request(url)
        for number, url in sorted(wanted.items())
        if number not in had and address(url) not in captured
    )


def _missing_text_pages(parts: list[_Part]) -> int:
    had = {part.text_page for part in parts}
    return len({number for part in parts for number, _ in _linked_text_pages(part)} - had)


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


def _current_page(part: _Part) -> int:
    """The number of the page of comments that a page shows: what it marks, its URL's, or what it does not link."""
    marked = part.screen.tree.css_first(
        ".comments-pagination .current, .comment-navigation .current, .wp-block-comments-pagination .current"
    )
    digits = re.search(r"\d{1,6}", marked.text()) if marked is not None else None
    if digits:
        return int(digits[0])
    if part.comment_page is not None:
        return part.comment_page
    linked = {number for number, _ in _linked_pages(part)}
    return next(number for number in range(1, len(linked) + 2) if number not in linked)


def _missing_pages(parts: list[_Part]) -> int:
    had = {_current_page(part) for part in parts}
    linked = {number for part in parts for number, _ in _linked_pages(part)}
    return len(linked - had)


def _shows_nothing_new(pages: list[Capture]) -> bool:
    """Whether the last page of comments repeats what those before it showed: such pages may go on without end."""
    if len(pages) < 2 or comment_page(pages[-1].url) is None:
        return False
    before = {number for page in pages[:-1] for number in _COMMENT_ID.findall(page.body)}
    return before.issuperset(_COMMENT_ID.findall(pages[-1].body))


def _order(part: _Part) -> int:
    return _current_page(part)


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


def _language(screen: Screen) -> str | None:
    node = screen.tree.css_first("html")
    return node.attributes.get("lang") if node is not None else None


def _record(
    capture: Capture, shown: Shown, comments: tuple[Comment, ...], missing: int, missing_text: int
) -> Record:
    """The record, with how much of the post and of its thread was shown; ``missing`` are pages of comments, and of text."""
    post = shown.post
    declared = shown.declared.value if shown.declared else None
    captured = len(comments)
    evidence: list[Evidence] = []
    if shown.gate:
        evidence.append(Evidence("prompt", "The page asks for the post's password."))
    if declared is not None:
        evidence.append(Evidence("comments", f"The page declares {declared} comments and shows {captured}."))
        if captured < declared and not missing:
            detail = "WordPress counts replies to comments in its trash, and prints none of them."
            evidence.append(Evidence(HIDDEN_REPLIES, detail))
    if missing:
        evidence.append(Evidence("comment-pages", f"Pages of comments that were not captured: {missing}."))
    if missing_text:
        evidence.append(Evidence("text-pages", f"Pages of the text that were not captured: {missing_text}."))
    is_short = missing > 0 or missing_text > 0 or (declared is not None and captured < declared)
    access: Access = "gated" if shown.gate else "partial" if is_short else "full" if post.text else "unknown"
    sources = tuple(
        FieldSource(field, "html", "stated")
        for field, value in (
            ("title", post.title), ("text", post.text), ("author", post.author), ("published_at", post.published),
            ("edited_at", post.edited), ("comments", shown.declared), ("tags", post.tags),
        )
        if value
    )  # fmt: skip
    post = replace(
        post, access=access, access_evidence=tuple(evidence), removed=shown.gate, field_sources=sources
    )
    return Record(LAYOUT, capture.record_id, post, comments)
