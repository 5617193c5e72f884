"""What stands around a page's text, by tag, role and names: menus, share bars, related posts, boxes of author and newsletter."""

import re
from functools import lru_cache
from typing import Final

from scraper.discussion.thread.elements import Elements

_TAGS: Final = frozenset(("nav", "footer", "aside", "noscript", "dialog", "menu"))
_ROLES: Final = frozenset((
    "alert", "alertdialog", "banner", "button", "complementary", "contentinfo", "dialog", "menu",
    "menubar", "navigation", "search", "tablist", "toolbar",
))  # fmt: skip
_WORDS: Final = frozenset((
    "ads", "adsbygoogle", "advert", "advertisement", "advertising", "authorbox", "banner", "bio",
    "breadcrumb", "breadcrumbs", "byline", "comments", "commentlist", "consent", "cookie", "cookies",
    "copyright", "crumb", "crumbs", "disclaimer", "disqus", "drawer", "dropdown", "flyout", "foot",
    "footer", "gdpr", "legal", "lightbox", "login", "megamenu", "menu", "modal", "morefrom", "mostread",
    "nav", "navbar", "navi", "navigation", "newsletter", "newsletters", "nextprev", "noprint",
    "offcanvas", "offscreen", "optin", "outbrain", "overlay", "pager", "pagination", "paging",
    "popover", "popular", "popup", "prevnext", "print", "printonly", "promo", "promos", "promotion",
    "rail", "rating", "ratings", "readmore", "recirc", "recirculation", "recommendation",
    "recommendations", "recommended", "register", "related", "reply", "respond", "search", "searchform",
    "share", "sharebar", "shares", "sharing", "sidebar", "sidenav", "signin", "signup", "skip",
    "social", "socials", "sponsor", "sponsored", "submenu", "subscribe", "subscription", "taboola",
    "tagcloud", "taglist", "tags", "teaser", "teasers", "toc", "toolbar", "tooltip", "trending",
    "upnext", "vote", "votes", "addthis", "addtoany", "latest", "mashsb", "sharedaddy", "sharethis",
))  # fmt: skip
_PHRASES: Final = re.compile(
    r"(?:author|about)-?(?:box|bio|info|card|profile)|post-?(?:nav|meta|tags|share|footer|author)|entry-?(?:meta|footer|utility)"
    r"|article-?(?:meta|footer|tags|share|related)|(?:more|also|read)-?(?:stories|articles|posts|news|also|next|on)"
    r"|table-?of-?contents|screen-?reader|visually-?hidden|sr-?only|related-?|recommend|newsletter|breadcrumb|read-?also|see-?also"
    r"|social-?|share-?|sharing|sidebar|mailing-?list|call-?to-?action|meta-?data|print-?only"
    r"|(?:^|\s)(?:hidden|hide|d-none)(?:\s|$)|widget-?area|widget_|(?:^|\s)widget(?:\s|$)|cookie"
    r"|comment(?:s|list|-list|-form|-area|-respond|-section)"
)
# That a frame has something beside it, or has it not, is said of the frame.
_BESIDE: Final = re.compile(r"(?<![a-z])(?:has|with|without|no|hide|show|is)[-_]+[a-z]+")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_LETTERS: Final = re.compile(r"[^a-z]+")
_FIGURED: Final = frozenset(("table", "pre", "blockquote", "ul", "ol"))
# Whose the whole page is: a line of its own.
_NOTICE: Final = re.compile(r"(?i)\W*(?:copyright\b|[©ⓒ]|\(c\)\s*\d{4}).*|.*\ball rights reserved\W*")
_LONGEST_NOTICE: Final = 160
_MOST_NOTICE_TEXTS: Final = 4
_CAPTION: Final = re.compile(
    r"(?i)caption|(?<![a-z])(?:photo|image|img|picture)-?(?:credit|source|copyright)"
)
_TEXT: Final = re.compile(
    r"(?i)(?:article|post|entry|story|blog|news|page|main|text|content|rich|field--name)[-_]*(?:body|content|text)(?![a-z])"
    r"|(?<![a-z])(?:articlebody|prose|markdown-body|rich-?text|story|entry|wysiwyg)(?![a-z])"
)


def names_of(page: Elements, element: int) -> str:
    """Class words and id of an element, as one text."""
    attributes = page.attributes[element]
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}" if attributes else ""


def is_notice(page: Elements, element: int) -> bool:
    """Whether an element says whose the page is, and no more than that."""
    first, last = page.first_text[element], page.last_text[element]
    if not 0 < last - first <= _MOST_NOTICE_TEXTS or len(page.texts[first]) > _LONGEST_NOTICE:
        return False
    words = page.text_of(element)
    return len(words) <= _LONGEST_NOTICE and _is_notice(words)


def is_set_apart(page: Elements, element: int) -> bool:
    """Whether tag or role say that an element stands beside the page's text."""
    if page.tags[element] in _TAGS:
        return True
    attributes = page.attributes[element]
    if not attributes:
        return False
    return (attributes.get("role") or "").lower() in _ROLES or attributes.get("aria-hidden") == "true"


def is_named_apart(page: Elements, element: int) -> bool:
    """Whether class words or id say that an element stands beside the page's text."""
    names = names_of(page, element)
    return len(names) > 1 and _is_furniture(names)


def is_named_text(page: Elements, element: int) -> bool:
    """Whether tag, class words or id say that the page's text stands in an element."""
    if page.tags[element] in {"article", "main"}:
        return True
    names = names_of(page, element)
    return len(names) > 1 and _is_text(names)


def is_caption(page: Elements, element: int) -> bool:
    """Whether an element holds what is said of a picture."""
    tag = page.tags[element]
    if tag == "figcaption":
        return True
    if tag == "figure":
        return _FIGURED.isdisjoint(page.tags[element + 1 : page.ends[element]])
    classes = page.attributes[element].get("class")
    return bool(classes) and _is_caption(classes or "")


def _is_notice(words: str) -> bool:
    # In ASCII there is no notice without one of these.
    if words.isascii():
        lowered = words.lower()
        if "copyright" not in lowered and "(c)" not in lowered and "all rights reserved" not in lowered:
            return False
    return _NOTICE.fullmatch(words) is not None


@lru_cache(maxsize=4096)
def _is_caption(classes: str) -> bool:
    return _CAPTION.search(classes) is not None


@lru_cache(maxsize=16_384)
def _is_furniture(names: str) -> bool:
    spelled = _BESIDE.sub("", _CAMEL.sub("-", names).lower())
    return not _WORDS.isdisjoint(_NO_LETTERS.split(spelled)) or _PHRASES.search(spelled) is not None


@lru_cache(maxsize=16_384)
def _is_text(names: str) -> bool:
    return _TEXT.search(names) is not None
