"""What a reader of the page sees: rows of tables, marks of quotes, characters drawn as pictures, and pictures loaded late."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.page.blocks import to_markdown
from scraper.page.pictures import address
from scraper.page.tree import parse_html, read_html
from tests.field.pages import Odd, comment, read

BLANK = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
A = "https://gang.example/a.jpg"


def text(markup: str) -> str:
    return to_markdown(read_html(markup).blocks)


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("<table><tr><th>강</th><th>길이</th></tr><tr><td>한강</td><td>494</td></tr></table>", "강 | 길이\n한강 | 494"),
        ("<table><thead><tr><td><p>강</p></td><td><b>길이</b></td></tr></thead><tbody><tr><td>한강<br>강</td><td></td></tr></tbody></table>", "강 | 길이\n한강 강"),
        ("<p>앞</p><figure><table><tr><td>가</td><td>나</td></tr></table><figcaption>표</figcaption></figure><p>뒤</p>", "앞\n\n가 | 나\n\n표\n\n뒤"),
        ("<blockquote><p>하나</p><p>둘<br>셋</p></blockquote><p>넷</p>", "> 하나\n\n> 둘\n> 셋\n\n넷"),
        ("<blockquote>가<blockquote>나</blockquote></blockquote>", "> 가\n\n> > 나"),
        ("<ul><li>가<blockquote>나</blockquote></li><li>다</li></ul>", "- 가\n\n  > 나\n- 다"),
        ("<blockquote><ol><li>가</li><li>나</li></ol></blockquote>", "> 1. 가\n> 2. 나"),
        ("<blockquote><pre>가\n나</pre></blockquote>", "> ```\n> 가\n> 나\n> ```"),
        ("<blockquote><table><tr><td>가</td><td>나</td></tr></table></blockquote>", "> 가 | 나"),
        ("<table><tr><td><p>가</p><p>나</p><p>다</p><p>라</p></td><td>옆</td></tr></table>", "가\n\n나\n\n다\n\n라\n\n옆"),
        ("<table><tr><td><table><tr><td>가</td></tr></table></td></tr></table>", "가"),
        ('<p>봄<img class="wp-smiley" alt="🌸" src="/1f338.png">이다</p>', "봄🌸이다"),
        ('<p>좋다 <img src="https://s.w.org/images/core/emoji/14/72x72/1f44d.png" alt="👍🏽"></p>', "좋다 👍🏽"),
        ('<p><img class="emoji" draggable="false" alt="1️⃣" src="x">첫째</p>', "1️⃣첫째"),
        ('<p>웃음 <img class="smiley" alt=":)" src="x"></p>', "웃음 :)"),
        ('<p>식 <img class="latex" alt="E=mc^2" src="x">이다</p>', "식 E=mc^2이다"),
        ('<p>그림 <img alt="강가" src="x"></p>', "그림"),
        ('<p>그림 <img alt="1" src="x"></p>', "그림"),
    ],
)  # fmt: skip
def test_a_text_keeps_what_its_elements_mean(markup: str, shown: str) -> None:
    assert text(f"<body>{markup}</body>") == shown


def test_posts_comments_titles_and_names_are_read_alike() -> None:
    emoji = '<img class="emoji" alt="🌸" src="https://s.w.org/1f338.svg">'
    table = "<table><tr><td>가</td><td>나</td></tr></table>"
    odd = Odd(
        text=f"<blockquote><p>봄{emoji}</p></blockquote>{table}",
        comments=comment(3, f"<p>봄{emoji}</p>{table}", f"모래{emoji}"),
    )
    record = read(str(odd).replace("버드나무 아래</h1>", f"버드나무 아래{emoji}</h1>").encode())
    assert (record.post.text, record.post.title, record.post.images) == (
        "> 봄🌸\n\n가 | 나",
        "버드나무 아래🌸",
        (),
    )
    (only,) = record.comments
    assert only.text == "봄🌸\n\n가 | 나"
    assert only.author is not None
    assert only.author.name == "모래🌸"


@pytest.mark.parametrize(
    "markup",
    [
        f'<img src="{BLANK}" data-src="{A}">',
        f'<img src="/spinner.gif" data-lazy-src="{A}">',
        f'<img data-original="{A}">',
        f'<img data-lazy="true" data-src="1" src="{A}">',
        '<img src="about:blank" data-src=" /a.jpg ">',
        f'<img src="{BLANK}" srcset="/small.jpg 300w, {A} 1200w">',
        f'<img src="{BLANK}" data-srcset="{A} 2x, /small.jpg 1x">',
        f'<img src="{BLANK}"><noscript><img src="{A}"></noscript>',
        f'<img src="{BLANK}" data-src="{A}"><noscript><img src="{A}?full=1"></noscript>',
        f'<noscript><img src="{A}"></noscript><img src="{BLANK}" data-src="{A}">',
        f'<img src="{A}"><noscript><img src="https://count.example/p.gif" width="1" height="1"></noscript>',
        f'<picture><source srcset="{A}" type="image/webp"><img src="{BLANK}"></picture>',
        f'<img src="{BLANK}" data-orig-file="{A}">',
        f'<img src="{A}" srcset="/small.jpg 300w, /large.jpg 1200w" loading="lazy">',
        f'<IMG SRC="{A}" data-src="{BLANK}">',
    ],
)
def test_a_picture_that_is_loaded_late_is_a_picture(markup: str) -> None:
    for inside in (f"<p>그림</p><p>{markup}</p>", f"<p>그림 {markup}</p>"):
        post = read(Odd(text=inside)).post
        assert post.images == (A,)
        assert post.text == "그림"


def test_words_for_who_runs_no_scripts_are_no_text() -> None:
    assert read(Odd(text="<p>글</p><noscript>스크립트를 켜세요</noscript>")).post.text == "글"


@given(st.text(st.sampled_from("a/, 0123wx.\n"), max_size=60))
def test_no_set_of_sources_breaks_the_reader(srcset: str) -> None:
    tree = parse_html(f'<img srcset="{srcset}">')
    node = tree.css_first("img")
    assert node is not None
    assert address(node) in srcset


@pytest.mark.parametrize("attribute", ["data-lazyload", "data-flickity-lazyload", "data-hi-res-src"])
def test_scripts_of_galleries_load_pictures_late_too(attribute: str) -> None:
    shown = read(Odd(text=f'<p>강가.</p><img src="data:image/gif;base64,AAA" {attribute}="/a.jpg">'))
    assert shown.post.images == ("https://gang.example/a.jpg",)
