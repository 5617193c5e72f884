"""The post that a WordPress page shows, once the comments are out of its tree."""

import re
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborNode

from scraper.discussion.body.blocks import letters
from scraper.discussion.body.find import find_body as main_text
from scraper.discussion.thread.elements import read_elements
from scraper.model.record import Count, Moment, Person, Post, Removed
from scraper.model.url import parse_url
from scraper.page.dates import Zone
from scraper.page.linked_data import post_dates
from scraper.sites.wordpress.body import find_body, has_words, take_surroundings_out
from scraper.sites.wordpress.declared import declared_comments
from scraper.sites.wordpress.fragment import Fragment, absolute, read_fragment, words_of
from scraper.sites.wordpress.moments import moment, moment_of
from scraper.sites.wordpress.names import name_of
from scraper.sites.wordpress.screen import Screen

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
# More headings than that are those of a list.
_MOST_HEADINGS: Final = 40
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
_GATE: Final = "form.post-password-form"
# protected_title_format of core, in the languages that its sites are in most: whatever stands before the title's first colon.
_GATED_TITLE: Final = re.compile(r"(?:[^:：]{1,30})[:：]\s*")
# What plugins set into the text: buttons for sharing, related posts, a table of contents, the comments themselves.
_FURNITURE: Final = (
    "script, style, form, nav, .sharedaddy, .jp-relatedposts, .addtoany_share_save_container, .ez-toc-container, "
    "#toc_container, .wp-block-comments, #comments, #respond, .post-navigation, .author-box, .related-posts, "
    ".page-links, .post-nav-links, .post-page-numbers"
)
_AUTHOR_PATH: Final = re.compile(r"/author/([^/]{1,100})/?\Z")

# What a page says of writing a comment.
_FORMS: Final = "form, #respond, .comment-respond"
# So much of the one text and the other must be the same for them to be one.
_ALIKE: Final = 0.8
# A main text of fewer letters does not outweigh what a theme marks as the post's.
_LEAST_MAIN_TEXT: Final = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """A post as its page shows it. ``gate`` are the words of the password form, where there is one.

    ``is_marked`` says whether the theme marks the text as the post's, ``shows_words`` of a page without a text whether it has
    words that may be one. ``removed`` are prompts taken out of the text.
    """

    post: Post
    declared: Count | None
    gate: tuple[Removed, ...]
    is_marked: bool = True
    shows_words: bool = False
    removed: tuple[Removed, ...] = ()


def read_post(screen: Screen, number: str, zone: Zone) -> Shown:
    """The post, without access and status, which depend on its comments."""
    root = screen.first(f"article#post-{number}", f"#post-{number}", f".post-{number}", "article", "main")
    around = root if root is not None else screen.tree.body
    gate = _gate(screen)
    title, prefix = _title(screen, around, is_gated=bool(gate))
    published, edited = _dates(screen, around, zone)
    author, tags = _author(screen, around), _tags(screen, around)
    body, is_marked = (Fragment(None, (), ()), True) if gate else _body(screen, around, title)
    declared = declared_comments(screen, title, body.text)
    post = Post(
        kind="post",
        title=title,
        text=body.text,
        author=author,
        published=published,
        edited=edited,
        counts=(declared,) if declared else (),
        tags=tags,
        links=None if gate else body.links,
        images=None if gate else body.images,
    )
    shows_words = body.text is None and not gate and has_words(screen.tree)
    return Shown(post, declared, (*prefix, *gate), is_marked, shows_words, body.removed)


def _within(screen: Screen, around: LexborNode | None, selectors: tuple[str, ...]) -> LexborNode | None:
    """The first element with words, inside the post before anywhere on the page."""
    for root in (around, screen.tree.body):
        for selector in selectors:
            node = root.css_first(selector) if root is not None else None
            if node is not None and words_of(node):
                return node
    return None


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
    title = words_of(_within(screen, around, _TITLE)) or _title_of_page(screen, around)
    prefix = _GATED_TITLE.match(title) if title and is_gated else None
    if title is None or prefix is None or not _is_prefix(prefix[0], title, screen):
        return title, ()
    return title[prefix.end() :], (Removed("wordpress.protected-title", prefix[0].strip()),)


def _title_of_page(screen: Screen, around: LexborNode | None) -> str | None:
    """The title where no theme marks it: a heading of the post that the head of the page has too, else what the head says."""
    head = words_of(screen.tree.css_first("title")) or ""
    stated = screen.meta("og:title") or head
    headings = [
        node for root in (around, screen.tree.body) if root is not None for node in root.css("h1, h2")
    ]
    names = {each.mem_id for each in screen.tree.css(_SITE_NAMES)}
    own = [node for node in headings if words_of(node) and not _is_of_site(screen, node, names)]
    wordings = [words_of(node) or "" for node in own]
    shared = next((words for words in wordings if stated.startswith(words) or head.startswith(words)), None)
    first = next((words for node, words in zip(own, wordings, strict=True) if node.tag == "h1"), None)
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
    link = node.css_first("a[href]") or (
        node.parent if node.parent is not None and node.parent.tag == "a" else None
    )
    leads_to = (
        parse_url(screen.base.resolve(link.attributes.get("href") or "") or "") if link is not None else None
    )
    is_front = leads_to is not None and not leads_to.query and leads_to.path == f"/{screen.folder}"
    return is_front or words_of(node) == screen.meta("og:site_name")


def _is_prefix(prefix: str, title: str, screen: Screen) -> bool:
    """Whether the words before a colon are WordPress's: the page's own title element goes without them."""
    head = words_of(screen.tree.css_first("title")) or ""
    return head.startswith(title[len(prefix) :]) or not head.startswith(prefix.strip())


def _body(screen: Screen, around: LexborNode | None, title: str | None) -> tuple[Fragment, bool]:
    """The post's words: what the theme marks as them, unless the page's main text is another, or much less or more than that."""
    content, is_marked = find_body(screen.tree, around)
    written = _written(screen)
    if content is None:
        return written or Fragment(None, (), ()), False
    if not is_marked:
        take_surroundings_out(content, title)
    for furniture in reversed(content.css(_FURNITURE)):
        furniture.decompose()
    marked = read_fragment(content, screen.base)
    is_little = written is not None and letters(written.text or "") < _LEAST_MAIN_TEXT
    is_kept = (is_little and marked.text is not None) or _are_alike(
        marked.text, written.text if written else None
    )
    if written is None or (is_marked and is_kept):
        return marked, is_marked
    return written, False


def _written(screen: Screen) -> Fragment | None:
    """The main text of the page, wherever it stands; None where there is none."""
    for form in reversed(screen.tree.css(_FORMS)):
        form.decompose()
    if screen.tree.body is None:
        return None
    page = read_elements(screen.tree.body)
    body = main_text(page) if page.texts else None
    if body is None:
        return None
    inside = [each for each in range(body.element, page.ends[body.element]) if not body.is_left_out(each)]
    return Fragment(
        body.text(),
        absolute(
            [page.attributes[each].get("href") or "" for each in inside if page.tags[each] == "a"],
            screen.base,
        ),
        absolute(
            [page.attributes[each].get("src") or "" for each in inside if page.tags[each] == "img"],
            screen.base,
        ),
        body.removed,
    )


def _are_alike(one: str | None, other: str | None) -> bool:
    """Whether two texts have about as many letters, so that they are one."""
    sizes = sorted((letters(one or ""), letters(other or "")))
    return sizes[0] >= _ALIKE * sizes[1]


def _author(screen: Screen, around: LexborNode | None) -> Person | None:
    node = _within(screen, around, _AUTHOR)
    signature = words_of(node) or screen.meta("author")
    name = name_of(signature)
    link = node if node is not None and node.tag == "a" else node and node.css_first("a[href]")
    parsed = parse_url(screen.base.resolve(link.attributes.get("href") or "") or "") if link else None
    user = _AUTHOR_PATH.search(parsed.path) if parsed else None
    former = (signature,) if signature and signature != name else ()
    return Person(user[1] if user else None, name, former) if name else None


def _dates(screen: Screen, around: LexborNode | None, zone: Zone) -> tuple[Moment | None, Moment | None]:
    at = screen.capture.captured_at
    stated = post_dates(screen.linked_data)
    published = moment_of(screen.meta("article:published_time") or stated.get("datePublished", ""), zone, at)
    edited = moment_of(screen.meta("article:modified_time") or stated.get("dateModified", ""), zone, at)
    published = published or moment(_within(screen, around, _PUBLISHED), zone, at)
    edited = edited or moment(_within(screen, around, _EDITED), zone, at)
    # Plugins state a date of change for every post; it tells something only where it is a later one.
    if edited and (edited.at is None or (published and published.at and edited.at <= published.at)):
        edited = None
    return published, edited


def _tags(screen: Screen, around: LexborNode | None) -> tuple[str, ...]:
    """Categories and tags, in page order: core marks the links to either as ``rel=tag``."""
    nodes = around.css("a[rel~=tag]") if around is not None else []
    if not nodes and screen.tree.body is not None:
        nodes = screen.tree.body.css("a[rel~=tag]")
    words = (words_of(node) for node in nodes)
    return tuple(dict.fromkeys(word for word in words if word))
