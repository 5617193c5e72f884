"""What a page of WordPress is that shows no post: a front page, a list, a product, a page about the site itself."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser

# Body classes of core (get_body_class) and of its shop.
_LISTS: Final = {
    "home": "the front page of a site",
    "blog": "a list of posts",
    "archive": "a list of posts",
    "search": "the results of a search",
    "error404": "an error page",
    "attachment": "a file that was attached to a post",
    "woocommerce-shop": "a list of products",
}
_TYPES: Final = re.compile(r"(?:single|postid)-(?P<type>[a-z][a-z0-9_-]*)")
# Types of posts by the words in their names, and whether these are never posts; those of any other name always are.
_OTHER_TYPES: Final = (
    (re.compile(r"product|download|produkt|produit|producto"), "a product", True),
    (re.compile(r"(?:^|[_-])forums?$"), "a list of topics", True),
    (re.compile(r"services?|leistung|dienst"), "a page about a service", False),
    (re.compile(r"advert|landing|elementor_library|e-landing-page"), "an advertisement", False),
)
# What the API calls people, categories and tags.
_OF_LISTS: Final = frozenset({"users", "categories", "tags"})
_ARTICLES: Final = re.compile(r"(?:News|Blog|Scholarly|Tech)?(?:Article|Posting)|Report")
_API_TYPE: Final = re.compile(r"wp/v2/(?P<type>[a-z0-9_-]{1,40})/\d{1,20}/?\Z")
# What a page has that somebody wrote for readers, and pages about the site itself do not.
_WRITTEN: Final = (
    "#commentform, #respond, .comment-respond, .comment-list, .commentlist, .wp-block-comments, time.entry-date, time.published, "
    ".entry-date, .posted-on, .post-date, .byline, .posted-by, .author.vcard, a[rel~=author], .entry-author, .post-author, "
    "[itemprop=datePublished], [itemprop=author], [class*=byline]"
)
_ELSEWHERE: Final = "aside, nav, footer, article article, .sidebar, .widget, .related-posts, .elementor-posts, .et_pb_post, .hentry .hentry"


@dataclass(frozen=True, slots=True)
class Other:
    """What a page shows instead of a post, in a few words. Where that is not sure, a page whose words are a post's shows one."""

    what: str
    is_sure: bool = True


def other_than_post(
    tree: LexborHTMLParser, linked_data: Sequence[object], classes: frozenset[str], *, is_root: bool
) -> Other | None:
    """What a page shows instead of a post; None where it shows one.

    ``classes`` are those of its body; ``is_root`` says that its URL is that of the site itself, ``linked_data`` are its schema.org objects.
    """
    type_ = _type(classes) or _type_of_api(tree)
    if "error404" in classes:
        return Other(_LISTS["error404"])
    if type_ in _OF_LISTS:
        return Other(_LISTS["archive"])
    if _type(classes) in {None, "page"}:
        listed = next((what for name, what in _LISTS.items() if name in classes), None)
        if listed and not (type_ == "page" and listed == _LISTS["blog"]):
            return Other(listed)
    if is_root:
        return Other(_LISTS["home"])
    other = next(
        (Other(what, sure) for form, what, sure in _OTHER_TYPES if type_ and form.search(type_)), None
    )
    if other or type_ != "page":
        return other or _of_graph(tree)
    is_written = _is_written(tree) or any(map(_is_article, linked_data))
    return None if is_written else Other("a page of the site without author, date or comments", is_sure=False)


def _type(classes: frozenset[str]) -> str | None:
    """The type of post that a page is of, as its body says; None where it says none."""
    for name in sorted(classes):
        match = _TYPES.fullmatch(name)
        if match and match["type"] not in {"format", "template"} and not match["type"].startswith("format-"):
            return match["type"]
    if "single" in classes:
        return "post"
    if any(re.fullmatch(r"page-id-\d+", name) for name in classes):
        return "page"
    return None


def _type_of_api(tree: LexborHTMLParser) -> str | None:
    """The type of what the API answers with beside the page; None where the page names no answer."""
    for link in tree.css('link[type="application/json"][href]'):
        if match := _API_TYPE.search(link.attributes.get("href") or ""):
            return match["type"] if match["type"] in _OF_LISTS else match["type"].removesuffix("s")
    return None


def _is_article(data: object) -> bool:
    """Whether a schema.org object, or one of its graph, is an article."""
    graph = data.get("@graph", [data]) if isinstance(data, dict) else data
    types = [item.get("@type") for item in graph if isinstance(item, dict)] if isinstance(graph, list) else []
    words = [word for each in types for word in (each if isinstance(each, list) else [each])]
    return any(isinstance(word, str) and _ARTICLES.fullmatch(word) for word in words)


def _of_graph(tree: LexborHTMLParser) -> Other | None:
    node = tree.css_first('meta[property="og:type"][content]')
    stated = (node.attributes.get("content") or "").lower() if node is not None else ""
    return Other("a product") if stated.startswith(("product", "og:product")) else None


def _is_written(tree: LexborHTMLParser) -> bool:
    elsewhere = {each.mem_id for outer in tree.css(_ELSEWHERE) for each in outer.css(_WRITTEN)}
    return any(
        node.mem_id not in elsewhere and (node.text(strip=True) or node.tag == "form")
        for node in tree.css(_WRITTEN)
    )
