"""The post that a WordPress page shows: its words as those of any page, with what core and themes mark of it."""

import re
from dataclasses import dataclass, replace
from typing import Final

from selectolax.lexbor import LexborNode

from scraper.discussion.body.blocks import HEADINGS
from scraper.discussion.body.furniture import is_named_apart, is_set_apart, names_of
from scraper.discussion.counts import heading_count, number_in
from scraper.discussion.reader import Trace
from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.render import render
from scraper.model.record import Count, FieldSource, Moment, Person, Post, Removed
from scraper.model.url import parse_url
from scraper.page.bounds import HostilePageError
from scraper.page.dates import read_date
from scraper.page.linked_data import post_dates
from scraper.page.tree import read_node
from scraper.sites.wordpress.names import name_of
from scraper.sites.wordpress.screen import Screen, words_of

_TITLE: Final = (
    ".wp-block-post-title",
    "h1.entry-title",
    ".entry-title",
    "h1.post-title",
    ".elementor-widget-theme-post-title h1",
    ".tdb-title-text",
)
# Where the site's own name stands, in headings too.
_SITE_NAMES: Final = "#logo, .logo, .site-title, .site-branding, .custom-logo-link, #site-title, .wp-block-site-title, .site-name, #blog-title"
_TITLE_PARTS: Final = re.compile(r"\s+[|–—·»«-]\s+|\s*[|»«]\s*")
_AUTHOR: Final = (
    ".wp-block-post-author__name",
    ".wp-block-post-author-name",
    ".entry-header .author .fn",
    "a[rel~=author]",
    ".author.vcard .fn",
    ".author.vcard",
    ".byline .author",
    ".entry-author",
    ".post-author",
)
_PUBLISHED: Final = ("time.published[datetime]", ".wp-block-post-date time", "time.entry-date", ".entry-date")
_EDITED: Final = ("time.updated:not(.published)[datetime]", ".wp-block-post-date__modified-date time")
# Core's, and those of builders that replace core's templates.
_MARKED: Final = re.compile(
    r"(?<![\w-])(?:wp-block-post-content|elementor-widget-theme-post-content|et_pb_post_content|tdb_single_content|td-post-content"
    r"|fusion-content-tb|fl-post-content|brxe-post-content|entry-content|post-content|post-entry|the-content|post_content|entry)(?![\w-])"
)
_MARKED_LEVELS: Final = 8
# A text of fewer letters may be another's, where a theme marks the post's elsewhere.
_LITTLE: Final = 400
_PAGE_LINKS: Final = re.compile(r"page-links|post-nav-links")
_DECLARED: Final = (
    ".wp-block-comments-title",
    ".comments-title",
    "#comments-title",
    "h2#comments",
    "h3#comments",
    ".comments-link",
)
_GATE: Final = "form.post-password-form"
# protected_title_format of core, in the languages that its sites are in most: whatever stands before the title's first colon.
_PREFIX: Final = re.compile(r"[^:：]{1,30}[:：]\s*")
_AUTHOR_PATH: Final = re.compile(r"/author/([^/]{1,100})/?\Z")


@dataclass(frozen=True, slots=True)
class Shown:
    """A post as its page shows it, with the number of comments that it declares. ``is_gated``: its page asks for a password."""

    post: Post
    declared: Count | None
    is_gated: bool = False


def read_post(screen: Screen, trace: Trace | None, number: str) -> Shown:
    """The post, without access and status, which depend on its comments."""
    around = screen.first(f"article#post-{number}", f"#post-{number}", f".post-{number}", "article", "main")
    around = around if around is not None else screen.tree.body
    read = (trace.shown.post if trace else None) or Post("post", None, None)
    gate = _gate(screen)
    if gate:
        read = replace(read, text=None, links=None, images=None, removed=())
    elif trace and (element := _marked(trace)) is not None:
        read = _as_marked(screen, trace.elements, element, read)
    title, prefix = _title(screen, around, is_gated=bool(gate))
    inside = _in_comments(trace) if trace else frozenset()
    published, edited = _dates(screen, around, inside, read.published)
    declared = _declared(screen, trace, title, read)
    post = replace(
        read,
        kind="post",
        title=title,
        author=_author(screen, around, inside) or _named(read, trace),
        published=published,
        edited=edited,
        counts=(
            *((declared,) if declared else ()),
            *(each for each in read.counts if each.name != "comments"),
        ),
        tags=_tags(screen, around),
        removed=(*prefix, *gate, *read.removed),
    )
    return Shown(replace(post, field_sources=tuple(_sources(post, trace))), declared, bool(gate))


def _declared(screen: Screen, trace: Trace | None, title: str | None, read: Post) -> Count | None:
    """How many comments the heading over them says there are: the one that is marked as that, else the only one that says so."""
    marked = words_of(screen.first(*_DECLARED))
    if marked is not None:
        return number_in(marked, title)
    lines = (read.text or "").splitlines()
    own = {heading_count(line, title) for line in lines}
    told = next((count for count in read.counts if count.name == "comments" and count not in own), None)
    if told or trace is None or trace.thread.records:
        return told
    page = trace.elements
    headings = (
        page.text_of(each)
        for each, tag in enumerate(page.tags)
        if (tag in HEADINGS or tag == "p") and not _is_apart(page, each)
    )
    counts = {count for words in headings if (count := heading_count(words, title))}
    return counts.pop() if len(counts) == 1 else None


def _sources(post: Post, trace: Trace | None) -> list[FieldSource]:
    told = {
        "title": post.title, "text": post.text, "author": post.author, "published_at": post.published,
        "edited_at": post.edited, "comments": post.counts, "tags": post.tags,
    }  # fmt: skip
    return [
        FieldSource(field, "html", "inferred" if field == "text" and not _is_marked(trace) else "stated")
        for field, value in told.items()
        if value
    ]


def _is_marked(trace: Trace | None) -> bool:
    """Whether the theme marks the text as the post's."""
    if trace is None or trace.body is None:
        return False
    page = trace.elements
    around = page.ancestors(trace.body.element, _MARKED_LEVELS)
    return any(_MARKED.search(page.attributes[each].get("class") or "") for each in around)


def _marked(trace: Trace) -> int | None:
    """The element that a theme marks as the post's, of a post that says too little for its text to be found; else None."""
    page, body = trace.elements, trace.body
    if body and body.size >= _LITTLE:
        return None
    is_none = body is None or _is_apart(page, body.element)
    marked = [
        (match[0] == "entry", each)
        for each, kept in enumerate(page.attributes)
        if kept
        and (match := _MARKED.search(kept.get("class") or ""))
        and not _is_apart(page, page.parents[each])
    ]
    element = min(marked)[1] if marked else None
    if element is None or body is None or is_none:
        return element
    texts = range(page.first_text[element], page.last_text[element])
    says = any(page.links[page.text_parent[text]] < 0 for text in texts)
    return element if says and body.is_left_out(element) else None


def _as_marked(screen: Screen, page: Elements, element: int, read: Post) -> Post:
    """The post with the words, links and pictures of an element."""
    try:
        inside = read_node(page.nodes[element])
    except HostilePageError:
        return read
    urls = [
        [screen.base.resolve(each) for each in references if each and each[0] != "#"]
        for references in (inside.hrefs, [image.src for image in inside.images])
    ]
    links, images = (tuple(dict.fromkeys(url for url in each if url)) for each in urls)
    text = render(page, element, lambda each: _is_beside(page, each))
    return replace(read, text=text, links=links, images=images)


def _is_apart(page: Elements, element: int) -> bool:
    return any(is_set_apart(page, each) or is_named_apart(page, each) for each in page.ancestors(element))


def _is_beside(page: Elements, element: int) -> bool:
    return (
        is_set_apart(page, element)
        or is_named_apart(page, element)
        or _PAGE_LINKS.search(names_of(page, element)) is not None
    )


def _gate(screen: Screen) -> tuple[Removed, ...]:
    form = screen.tree.css_first(_GATE)
    if form is None:
        return ()
    message = screen.tree.css_first(".post-password-message")
    buttons = [node.attributes.get("value") or "" for node in form.css("input[type=submit]")]
    words = [words_of(message), words_of(form), *buttons]
    return (Removed("wordpress.password-form", " ".join(word for word in words if word)),)


def _title(
    screen: Screen, around: LexborNode | None, *, is_gated: bool
) -> tuple[str | None, tuple[Removed, ...]]:
    """The title, of a gated post without what core puts before it: the page's own title element goes without that."""
    title = words_of(screen.within(around, _TITLE)) or _title_of_page(screen, around)
    prefix = _PREFIX.match(title) if title and is_gated else None
    if title is None or prefix is None:
        return title, ()
    head, plain = words_of(screen.tree.css_first("title")) or "", title[prefix.end() :]
    if head.startswith(plain) or not head.startswith(prefix[0].strip()):
        return plain, (Removed("wordpress.protected-title", prefix[0].strip()),)
    return title, ()


def _title_of_page(screen: Screen, around: LexborNode | None) -> str | None:
    """The title where no theme marks it: a heading of the post that the head of the page has too, else what the head says."""
    head = words_of(screen.tree.css_first("title")) or ""
    stated = screen.meta("og:title") or head
    roots = (root for root in (around, screen.tree.body) if root is not None)
    names = {each.mem_id for each in screen.tree.css(_SITE_NAMES)}
    own = [
        (node.tag, words)
        for root in roots
        for node in root.css("h1, h2")
        if (words := words_of(node)) and not _is_of_site(screen, node, names)
    ]
    shared = next((words for _, words in own if stated.startswith(words) or head.startswith(words)), None)
    first = next((words for tag, words in own if tag == "h1"), None)
    return (
        shared or first or screen.meta("og:title") or _TITLE_PARTS.split(head, maxsplit=1)[0].strip() or None
    )


def _is_of_site(screen: Screen, node: LexborNode, names: set[int]) -> bool:
    """Whether a heading is the name of the site: it says so, leads to the front page, or stands where that name stands."""
    outer: LexborNode | None = node
    while outer is not None:
        if outer.mem_id in names:
            return True
        outer = outer.parent
    around = node.parent if node.parent is not None and node.parent.tag == "a" else None
    link = node.css_first("a[href]") or around
    url = parse_url(screen.base.resolve(link.attributes.get("href") or "") or "") if link else None
    is_front = url is not None and not url.query and url.path == f"/{screen.folder}"
    return is_front or words_of(node) == screen.meta("og:site_name")


def _named(read: Post, trace: Trace | None) -> Person | None:
    """Whom the page names near the text, where that is nobody who comments on it."""
    people = {record.author.name for record in trace.thread.records if record.author} if trace else set()
    return read.author if read.text and read.author and read.author.name not in people else None


def _author(screen: Screen, around: LexborNode | None, inside: frozenset[int]) -> Person | None:
    node = screen.within(around, _AUTHOR, inside)
    signature = words_of(node) or screen.meta("author")
    name = name_of(signature)
    link = node if node is not None and node.tag == "a" else node and node.css_first("a[href]")
    parsed = parse_url(screen.base.resolve(link.attributes.get("href") or "") or "") if link else None
    user = _AUTHOR_PATH.search(parsed.path) if parsed else None
    former = (signature,) if signature and signature != name else ()
    return Person(user[1] if user else None, name, former) if name else None


def _in_comments(trace: Trace) -> frozenset[int]:
    """The nodes of the comments."""
    nodes = trace.elements.nodes
    return frozenset(
        node.mem_id for each in trace.thread.records for node in nodes[each.span.start : each.span.end]
    )


def _dates(
    screen: Screen, around: LexborNode | None, inside: frozenset[int], read: Moment | None
) -> tuple[Moment | None, Moment | None]:
    """When the post was published, and changed: by the head, by core's marks, else as any page says it.

    Plugins state a date of change for every post; it tells something only where it is later than the first.
    """
    told = post_dates(screen.linked_data)
    published = _moment(screen, screen.meta("article:published_time") or told.get("datePublished"))
    edited = _moment(screen, screen.meta("article:modified_time") or told.get("dateModified"))
    published = published or _shown(screen, screen.within(around, _PUBLISHED, inside)) or read
    edited = edited or _shown(screen, screen.within(around, _EDITED, inside))
    if edited and (edited.at is None or (published and published.at and edited.at <= published.at)):
        edited = None
    return published, edited


def _shown(screen: Screen, node: LexborNode | None) -> Moment | None:
    if node is None:
        return None
    return _moment(screen, node.attributes.get("datetime")) or _moment(screen, words_of(node))


def _moment(screen: Screen, raw: str | None) -> Moment | None:
    return read_date(raw, screen.zone, screen.capture.captured_at) if raw else None


def _tags(screen: Screen, around: LexborNode | None) -> tuple[str, ...]:
    """Categories and tags, in page order: core marks the links to either as ``rel=tag``."""
    nodes = around.css("a[rel~=tag]") if around is not None else []
    if not nodes and screen.tree.body is not None:
        nodes = screen.tree.body.css("a[rel~=tag]")
    words = (words_of(node) for node in nodes)
    return tuple(dict.fromkeys(word for word in words if word))
