"""What a page is, by evidence that is added up; its reasons are said."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.discussion.body.find import Bodies
from scraper.discussion.body.head import read_head
from scraper.discussion.kind import WEIGHTS, PageKind, Seen, kind_of
from scraper.discussion.sales import is_call
from scraper.discussion.thread.elements import read_elements
from scraper.page.linked_data import linked_values

SENTENCE = "<p>The ferry to the island leaves at seven in the morning, and it waits for nobody, whatever the weather.</p>"
ARTICLE = f"<article><h1>The ferry</h1><p>By Ann Tide</p><time datetime='2021-05-03'>May 3</time>{SENTENCE * 8}</article>"
CARDS = "".join(
    f"<li><h3><a href='/boats/{place}'>Boat {place}</a></h3><p>${place}99</p></li>" for place in range(1, 20)
)
SHOP = f"<h1>Boats</h1><ul>{CARDS}</ul>"
SERVICE = (
    "<h1>Repairs</h1>"
    + 6
    * "<section><p>We repair boats, and our yard is open to all of our guests.</p><a href='/quote'>Get a quote</a></section>"
)
POST_URL = "https://harbour.example/news/2021/the-ferry-to-the-island"


def _kind(seen: Seen, body: str, head: str = "") -> PageKind:
    tree = LexborHTMLParser(f"<html><head>{head}</head><body>{body}</body></html>")
    assert tree.body is not None
    page = read_elements(tree.body)
    linked = linked_values(node.text() for node in tree.css('script[type="application/ld+json"]'))
    return kind_of(page, read_head(tree, linked), Bodies(page).body(), seen)


def _data(name: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "{name}"}}</script>'


@pytest.mark.parametrize(
    ("seen", "body", "head", "kind"),
    [
        (Seen(POST_URL), ARTICLE, "", "article"),
        (Seen(POST_URL, comments=4), ARTICLE, _data("NewsArticle"), "article with comments"),
        (Seen("https://harbour.example/t/4", comments=4), ARTICLE, "", "thread"),
        (Seen("https://harbour.example/t/4"), ARTICLE, _data("DiscussionForumPosting"), "thread"),
        (Seen("https://harbour.example/shop/boats"), SHOP, _data("CollectionPage"), "list"),
        (Seen("https://harbour.example/boats", linked=0.9), SHOP, "", "list"),
        (
            Seen("https://harbour.example/boats"),
            f"<h1>Boat</h1><p>$199</p>{SENTENCE}",
            _data("Product"),
            "product",
        ),
        (Seen("https://harbour.example/"), f"<h1>Harbour</h1>{SENTENCE}", "", "front page"),
        (Seen("https://harbour.example/ko/index.html"), f"<h1>Harbour</h1>{SENTENCE}", "", "front page"),
        (Seen(POST_URL, status=404), ARTICLE, "", "error"),
        (Seen(POST_URL, asks_password=True), f"<h1>Sign in</h1>{SENTENCE}", "", "login"),
        (Seen(POST_URL, asks_password=True, comments=3), ARTICLE, "", "thread"),
        (Seen(POST_URL), "<div></div>", "", "other"),
        # Whoever says neither name nor day has written all the same.
        (Seen("https://harbour.example/p?id=7"), f"<h1>The ferry</h1>{SENTENCE * 30}", "", "article"),
        (
            Seen("https://harbour.example/services/repair", fields=12),
            SERVICE,
            _data("LocalBusiness"),
            "other",
        ),
        (
            Seen("https://harbour.example/dinghy"),
            f"<div itemscope itemtype='https://schema.org/Product'>{SENTENCE}</div>",
            "",
            "product",
        ),
    ],
)
def test_kind(seen: Seen, body: str, head: str, kind: str) -> None:
    assert _kind(seen, body, head).kind == kind


def test_reasons_are_those_of_the_side_that_won() -> None:
    assert "its address spells out a title" in _kind(Seen(POST_URL), ARTICLE).reasons
    assert (
        _kind(Seen("https://harbour.example/boats"), SHOP, _data("Product")).reasons[0]
        == "its data says that it is sold"
    )


def test_only_pages_that_hold_a_post_are_posts() -> None:
    assert _kind(Seen(POST_URL), ARTICLE).is_post
    assert not _kind(Seen("https://harbour.example/"), SHOP).is_post


def test_evidence_is_told_by_name() -> None:
    evidence = _kind(Seen(POST_URL), ARTICLE).evidence
    assert evidence.keys() <= WEIGHTS.keys()
    assert all(0 < value <= 1 for value in evidence.values())
    assert evidence["its address spells out a title"] == 5 / 6


@pytest.mark.parametrize(
    "text", ["Add to cart", "In den Warenkorb", "장바구니 담기", "Request a demo", "カートに入れる"]
)
def test_a_call_for_a_sale_is_told_by_all_its_words(text: str) -> None:
    assert is_call(text)
    assert not is_call(f"They wrote that {text} is what the button says")
