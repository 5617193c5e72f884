"""Which post a page of WordPress is of, whatever its theme and its permalinks leave out; and what is no post."""

import pytest

from scraper.reading.read_visit import Unread, read_visit
from scraper.records.cleaning import Policy
from scraper.records.people import KEY_BYTES, Pseudonyms
from scraper.sites.registry import installed_sites
from tests.field.blogs import POST, SITE, URL, page, visit


def post_id(
    head: str = "", *, classes: str = "single postid-4", url: str = URL, body: str = POST
) -> str | None:
    claim = SITE.identify(visit(page(body, classes=classes, head=head, url=url)))
    return claim.post_id if claim else None


ROOTS = [
    ("https://blog.example/index.php?rest_route=/", ""), ("https://blog.example/?rest_route=/", ""), ("/index.php/wp-json/", ""),
    ("/wp-json/", ""), ("/news/wp-json/", "news/"), ("/news/index.php?rest_route=/", "news/"), ("/a/b/index.php/wp-json/", "a/b/"),
    ("https://www.blog.example/news/wp-json/", "news/"),
]  # fmt: skip


@pytest.mark.parametrize(("root", "folder"), ROOTS)
def test_the_folder_is_that_of_the_api_however_it_is_reached(root: str, folder: str) -> None:
    assert post_id(f'<link rel="https://api.w.org/" href="{root}">') == f"blog.example:{folder}posts-4"


IN_FOLDER = "https://blog.example/news/2026/a-post/"
SIGNS = [
    '<link rel="alternate" type="application/json+oembed" href="https://blog.example/news/wp-json/oembed/1.0/embed?url=x">',
    '<link rel="shortlink" href="https://blog.example/news/?p=4">',
    '<link rel="alternate" type="application/rss+xml" href="https://blog.example/news/feed/">',
    '<link rel="alternate" type="application/rss+xml" href="/news/2026/a-post/feed/"><link rel="alternate" type="application/rss+xml" href="/news/feed/">',
    '<script src="/news/wp-includes/js/jquery.js"></script>',
    '<link rel="stylesheet" href="https://blog.example/news/wp-content/themes/t/style.css">',
    '<link rel="pingback" href="https://blog.example/news/xmlrpc.php">',
    '<link rel="EditURI" type="application/rsd+xml" href="/news/xmlrpc.php?rsd">',
]


@pytest.mark.parametrize("sign", SIGNS)
def test_two_blogs_in_folders_of_one_host_are_two_without_the_link_to_the_api(sign: str) -> None:
    other = sign.replace("/news", "/club")
    assert post_id(sign, url=IN_FOLDER) == "blog.example:news/posts-4"
    assert post_id(other, url=IN_FOLDER.replace("/news", "/club")) == "blog.example:club/posts-4"


AT_ROOT = [
    '<link rel="https://api.w.org/" href="https://blog.example/wp-json/"><link rel="stylesheet" href="/wp/wp-content/themes/t/style.css">',
    '<link rel="stylesheet" href="/wp/wp-includes/a.css"><link rel="alternate" type="application/rss+xml" href="/feed/">',
    '<link rel="stylesheet" href="https://cdn.example/news/wp-content/a.css">',
    '<link rel="https://api.w.org/" href="https://cms.example/backend/wp-json/">',
    "",
]


@pytest.mark.parametrize("sign", AT_ROOT)
def test_software_in_a_folder_and_pictures_elsewhere_leave_a_blog_where_its_posts_are(sign: str) -> None:
    assert post_id(sign, url=IN_FOLDER) == "blog.example:posts-4"


NUMBERED = [
    {"url": "https://blog.example/?p=4", "classes": ""},
    {"url": "https://blog.example/?page_id=4", "classes": "single"},
    {"head": '<link rel="canonical" href="https://blog.example/?p=4">', "classes": ""},
    {"head": '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/4">', "classes": ""},
    {"body": f'<article id="post-4">{POST}</article>', "classes": ""},
    {
        "body": f'{POST}<form id="commentform"><input type="hidden" name="comment_post_ID" value="4"></form>',
        "classes": "",
    },
    {"classes": "blog single single-post postid-4"},
    {"classes": "home archive single postid-4"},
]


@pytest.mark.parametrize("shown", NUMBERED, ids=str)
def test_a_post_has_one_id_under_each_of_its_addresses(shown: dict[str, str]) -> None:
    assert post_id(**shown) == "blog.example:posts-4"


OTHERS = [
    ({"classes": "single single-product postid-4 woocommerce"}, "a product"),
    ({"classes": "single postid-4", "head": '<meta property="og:type" content="product">'}, "a product"),
    ({"classes": "single single-our-services postid-4"}, "a page about a service"),
    ({"classes": "single single-forum postid-4"}, "a list of topics"),
    ({"classes": "home page page-id-4"}, "the front page of a site"),
    ({"classes": "page page-id-4", "url": "https://blog.example/"}, "the front page of a site"),
    ({"classes": "page page-id-4"}, "a page of the site without author, date or comments"),
    ({"classes": "", "head": '<link type="application/json" href="/wp-json/wp/v2/pages/4">'}, "a page of the site without author, date or comments"),
    ({"classes": "archive category category-news category-4"}, "a list of posts"),
    ({"classes": "", "head": '<link type="application/json" href="/wp-json/wp/v2/categories/4">'}, "a list of posts"),
    ({"classes": "blog"}, "a list of posts"),
    ({"classes": "search search-results"}, "the results of a search"),
    ({"classes": "woocommerce-shop page page-id-4"}, "a list of products"),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "what"), OTHERS)
def test_a_page_that_shows_no_post_says_what_it_is(shown: dict[str, str], what: str) -> None:
    assert post_id(**shown) is None
    kept = page(POST, classes=shown["classes"], head=shown.get("head", ""), url=shown.get("url", URL))
    unread = read_visit(visit(kept), Policy(Pseudonyms(bytes(KEY_BYTES))), installed_sites())
    assert isinstance(unread, Unread)
    assert unread.reason == f"{kept.url} shows {what} instead of a post."


WRITTEN = [
    '<span class="byline">by Ann</span>', '<time class="entry-date" datetime="2026-01-01">1. 1. 2026</time>',
    '<form id="commentform"><p>Leave a reply</p></form>', '<ol class="comment-list"><li>x</li></ol>',
]  # fmt: skip


@pytest.mark.parametrize("sign", WRITTEN)
def test_a_page_that_somebody_wrote_is_a_post(sign: str) -> None:
    assert post_id(classes="page page-id-4", body=POST + sign) == "blog.example:posts-4"


def test_people_of_two_blogs_on_one_host_are_not_one() -> None:
    said = (
        POST
        + '<li id="comment-5" class="comment"><b class="fn">Ann</b><div class="comment-content">Hello.</div></li>'
    )
    policy = Policy(Pseudonyms(bytes(KEY_BYTES)))
    ids = set()
    for folder in ("", "news/", "club/"):
        sign = f'<link rel="https://api.w.org/" href="/{folder}wp-json/">'
        reading = read_visit(
            visit(page(said, head=sign, url=f"https://blog.example/{folder}p/")), policy, installed_sites()
        )
        assert not isinstance(reading, Unread)
        ids.add(reading.comments[0]["author_id"])
        assert reading.post["site"] == "blog.example"
    assert len(ids) == 3
