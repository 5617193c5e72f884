"""Nothing out of a row ever runs, draws, loads or leads astray: whatever its bytes are, they stay text."""

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.viewer.frame import Frame
from scraper.viewer.html import Address, Html, escape, join, outside, tag
from scraper.viewer.post import PostView, post_pages
from scraper.viewer.prose import prose
from tests.dataset.rows import Row, comment, post, revision
from tests.examples import few_of
from tests.viewer.rows import page_of, view_of, write

ID: Final = "example.org:posts-1"
ALLOWED: Final = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "link",
        "script",
        "body",
        "a",
        "header",
        "footer",
        "nav",
        "main",
        "article",
        "section",
        "p",
        "h1",
        "h2",
        "h3",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "div",
        "span",
        "bdi",
        "code",
        "pre",
        "blockquote",
        "br",
        "details",
        "summary",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "ins",
        "del",
        "time",
        "q",
    ]
)
ATTRIBUTES: Final = frozenset(
    [
        "charset",
        "http-equiv",
        "content",
        "name",
        "rel",
        "href",
        "src",
        "defer",
        "lang",
        "data-root",
        "class",
        "id",
        "tabindex",
        "aria-label",
        "aria-labelledby",
        "aria-current",
        "dir",
        "title",
        "start",
        "scope",
        "role",
        "datetime",
    ]
)
HOSTILE: Final = (
    "<script>alert(1)</script>",
    "</p></div></main><script src=//evil.example/x.js></script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "[a](javascript:alert(1)) ![b](https://evil.example/pixel.png)",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "- <b onclick=alert(1)>x</b>\n- y",
    "> <iframe src=https://evil.example></iframe>",
    "`<script>alert(1)</script>`",
    'https://evil.example/"onmouseover="alert(1)',
    "https://user:secret@evil.example/path",
    "<!--", "]]>", "--><script>alert(1)</script>", "<?php", "\x00<script>\x00", "\x1b[31m\x07\x08",
    "\u202egnp.exe\u202c", "\u2066\u2069\u2069\u202e", "Z" + "\u0335\u0336\u0321\u0489" * 400,
)  # fmt: skip


def spoilt(text: str) -> PostView:
    """A post with ``text`` in every place where a page could put its words; such rows need not keep the contract."""
    structs: Row = {
        "access_evidence": [{"kind": text, "detail": text}],
        "removed": [{"rule": text, "text": text}],
        "rights": [{"signal": text, "value": text}],
        "field_sources": [{"field": text, "source": text, "confidence": "stated"}],
        "counts_raw": [{"name": "views", "raw": text}],
    }
    names = [
        "url",
        "section",
        "title",
        "text",
        "author_name",
        "published_raw",
        "edited_raw",
        "published_zone",
        "extractor",
        "license",
    ]
    of_post = post(ID) | structs | dict.fromkeys(names, text) | {"language": "ko", "author_id": text}
    of_post |= {
        "tags": [text],
        "links": [text],
        "images": [text],
        "site": text,
        "platform": text,
        "revision": 2,
    }
    of_post |= {"warc_record_id": text, "payload_digest": text, "schema_version": text}
    of_comment = comment(ID, 0) | dict.fromkeys(
        ("url", "text", "author_name", "author_id", "published_raw"), text
    )
    of_comment |= {
        "comment_id": text,
        "language": text,
        "removed": structs["removed"],
        "warc_record_id": text,
    }
    reply = comment(ID, 1) | {"parent_id": text, "comment_id": f"{text}#1", "text": None, "status": "absent"}
    revisions = [revision(ID, 1, "전"), revision(ID, 2, "전") | {"text": text}]
    return view_of(of_post, [of_comment, reply], (), revisions)


def one(page: LexborHTMLParser, selector: str) -> LexborNode:
    """The first element that a selector names."""
    node = page.css_first(selector)
    assert node is not None, selector
    return node


def hold_harmless(markup: str) -> LexborHTMLParser:
    """The page, parsed as a browser does, once it was seen to have nothing but what our pages have."""
    page = LexborHTMLParser(markup)
    for node in page.css("*"):
        assert node.tag in ALLOWED, node.html
        assert ATTRIBUTES.issuperset(node.attributes), node.attributes
        address = node.attributes.get("href") or node.attributes.get("src")
        parts = urlsplit(address or "")
        if parts.scheme:
            assert parts.scheme in {"http", "https"}
            assert node.tag == "a"
            assert node.attributes["rel"] == "noreferrer noopener nofollow"
            assert "@" not in parts.netloc
        else:
            assert not (address or "").startswith(("/", "\\"))
    scripts = [node.attributes["src"] for node in page.css("script")]
    assert all(src and src.startswith("../../assets/") for src in scripts)
    assert not [node for node in page.css("script") if node.text().strip()]
    policy = one(page, 'meta[http-equiv="Content-Security-Policy"]').attributes["content"]
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    return page


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_words_stay_words(text: str) -> None:
    for page in post_pages(spoilt(text)):
        hold_harmless(Frame(text).around(page).decode())


@given(st.text(st.characters(codec=None) | st.sampled_from("<>&\"'`\n-#*[]()> "), max_size=60))
def test_any_words_stay_words(text: str) -> None:
    for page in post_pages(spoilt(text)):
        hold_harmless(Frame(text).around(page).decode())


@given(st.text(max_size=200))
def test_what_is_escaped_is_read_back_as_it_was(text: str) -> None:
    shown = one(LexborHTMLParser(f"<pre>.{escape(text)}</pre>"), "pre").text()
    kept = [character for character in text if character >= " " or character in "\t\n"]
    assert [character for character in shown[1:] if character in kept] == kept or any(
        "\x7f" <= character <= "\x9f" or character in "\ufffe\uffff" for character in kept
    )


def test_no_element_of_ours_takes_an_address_or_an_event_that_was_not_looked_at() -> None:
    with pytest.raises(ValueError, match="takes an address"):
        tag("a", "x", href="https://example.org/")
    for name in ("onclick", "style", "srcdoc"):
        with pytest.raises(ValueError, match="no page of ours"):
            tag("a", "x", **{name: "alert(1)"})
    assert isinstance(outside("https://example.org/"), Address)
    for address in (
        "javascript:alert(1)",
        " https://example.org",
        "//example.org",
        "ftp://example.org",
        "https://",
        "/etc",
    ):
        assert outside(address) is None
    assert tag("p", "<b>", Html("<i>")) == "<p>&lt;b&gt;<i></p>"
    assert join(["<", Html("<br>")], "&") == "&lt;&amp;<br>"


@pytest.mark.thorough
@pytest.mark.parametrize(
    "text",
    few_of(
        ("가" * 1_000_000, "글\n" * 400_000, "`" * 1_000_000, "> > > x\n" * 100_000, "- x\n" * 250_000), 2
    ),
    ids=lambda text: ascii(text[:6]),
)
def test_a_megabyte_in_one_comment_is_folded_away(text: str) -> None:
    view = view_of(post(ID), [comment(ID, 0, text=text)])
    [page] = [hold_harmless(Frame("").around(page).decode()) for page in post_pages(view)]
    folded = one(page, ".comment .prose > details")
    assert len(one(page, ".comment .prose").text()) - len(folded.text()) < 30_000


@pytest.mark.thorough
def test_a_thread_of_ten_thousand_is_on_pages_that_lead_to_each_other(tmp_path: Path) -> None:
    comments = [
        comment(ID, number) | {"parent_id": f"{ID}#{number - 1}" if number else None}
        for number in range(10_000)
    ]  # fmt: skip
    view = view_of(post(ID), comments)
    write(tmp_path, [view])
    sizes = [path.stat().st_size for path in tmp_path.glob("posts/*/*.html")]
    assert len(sizes) == 50
    assert max(sizes) < 600_000
    page = hold_harmless(page_of(tmp_path, view, 2))
    assert len(page.css(".comment")) == 200
    assert {node.attributes["class"] for node in page.css(".comment")} == {"comment d5"}
    first = one(page, ".comment .meta a[href*='.html#']")
    assert first.text() == "200. unknown writer"
    assert len(page.css(".pages a")) < 20


def nested(markup: str) -> list[Any]:
    """The elements of some markup with those in them, as plain lists."""

    def of(node: Any) -> Any:
        inner = [of(child) for child in node.iter()]
        return [node.tag, *(inner or [node.text(strip=True)])]

    return [of(node) for node in LexborHTMLParser(markup).body.iter()]  # type: ignore[union-attr]


def test_paragraphs_lists_quotes_and_code_are_shown_as_such() -> None:
    text = "첫 줄\n둘째 줄\n\n- 하나\n- 둘\n  1. 안\n  2. 더\n\n3. 셋\n4. 넷\n\n```\n- 코드\n\n끝\n```\n> 인용\n> - 목록"
    assert nested(prose(text, "ko")) == [
        [
            "div",
            ["p", ["br", ""]],
            [
                "ul",
                ["li", ["p", "하나"]],
                ["li", ["p", "둘"], ["ol", ["li", ["p", "안"]], ["li", ["p", "더"]]]],
            ],
            ["ol", ["li", ["p", "셋"]], ["li", ["p", "넷"]]],
            ["pre", ["code", "- 코드\n\n끝"]],
            ["blockquote", ["p", "인용"], ["ul", ["li", ["p", "목록"]]]],
        ]
    ]
    assert 'start="3"' in prose(text, "ko")
    assert 'lang="ko"' in prose(text, "ko")
    assert "lang" not in prose(text, '"><script>')
