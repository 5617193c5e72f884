"""WordPress: which post a page shows, and what is read of posts and comments in the forms that themes give them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model.capture import Visit
from scraper.model.record import Record, Rejection
from scraper.model.url import parse_url
from scraper.sites.wordpress.addresses import canonical_url, comment_page
from tests.eval.measure import Score
from tests.eval.wordpress import capture, ours, saved_site
from tests.replica import wordpress
from tests.sites.visited import make_wordpress as make_site

SITE = make_site()
URL = "https://blog.example/2026/03/a-post/"
MARK = '<link rel="https://api.w.org/" href="https://blog.example/wp-json/" />'


def page(
    body: str = "", classes: str = "single single-post postid-7", head: str = "", url: str = URL
) -> Visit:
    text = f'<!doctype html><html lang="ko-KR"><head>{MARK}{head}</head><body class="{classes}">{body}</body></html>'
    return Visit("urn:uuid:1", 1, url, (capture(url, text.encode()),))


def read(visit: Visit) -> Record:
    record = SITE.read(visit)
    assert isinstance(record, Record), record
    return record


@pytest.mark.parametrize(
    ("visit", "post_id"),
    [
        (page(), "blog.example:posts-7"),
        (page('<form id="commentform"></form>', classes="page page-id-12"), "blog.example:posts-12"),
        (
            page(
                classes="",
                head='<link rel="alternate" type="application/json" href="/wp-json/wp/v2/recipe/31" />',
            ),
            "blog.example:posts-31",
        ),
        (
            page(classes="", head="<link rel='shortlink' href='https://blog.example/?p=44' />"),
            "blog.example:posts-44",
        ),
        (page(classes="home blog"), None),
        (page(classes="archive category"), None),
        (page(classes="error404"), None),
        (page(classes=""), None),
    ],
)
def test_the_post_is_told_by_the_number_that_wordpress_gives(visit: Visit, post_id: str | None) -> None:
    claim = SITE.identify(visit)
    assert (claim and claim.post_id) == post_id


def test_a_wordpress_in_a_folder_counts_for_itself() -> None:
    head = '<link rel="https://api.w.org/" href="https://blog.example/news/wp-json/" />'
    text = f'<html><head>{head}</head><body class="single postid-7"></body></html>'
    url = "https://blog.example/news/a-post/"
    claim = SITE.identify(Visit("urn:uuid:1", 1, url, (capture(url, text.encode()),)))
    assert claim is not None
    assert (claim.post_id, claim.site) == ("blog.example:news/posts-7", "blog.example")


@pytest.mark.parametrize(
    ("stated", "url"),
    [
        ("https://blog.example/2026/03/a-post/#comments", URL),
        ("https://www.blog.example/2026/03/a-post/", "https://www.blog.example/2026/03/a-post/"),
        ("/2026/03/a-post/comment-page-2/", URL),
        ("https://elsewhere.example/stolen/", URL),
        ("javascript:void(0)", URL),
    ],
)
def test_a_canonical_link_is_believed_on_its_own_host_alone(stated: str, url: str) -> None:
    claim = SITE.identify(page(head=f'<link rel="canonical" href="{stated}" />'))
    assert claim is not None
    assert claim.url == url


def test_pages_of_other_software_are_none() -> None:
    visit = page()
    (shown,) = visit.captures
    other = replace(shown, body=shown.body.replace(MARK.encode(), b""))
    assert not SITE.recognises(other)
    assert SITE.identify(replace(visit, captures=(other,))) is None
    assert isinstance(SITE.read(replace(visit, captures=(other,))), Rejection)
    assert SITE.identify(replace(visit, captures=(replace(shown, status=404),))) is None


COMMENTS = {
    "html5": '<li id="comment-1" class="comment depth-1"><article id="div-comment-1"><footer class="comment-meta">'
    '<div class="comment-author vcard"><b class="fn">가온</b> <span class="says">says:</span></div></footer>'
    '<div class="comment-content"><p>첫 줄</p></div></article><ol class="children">{reply}</ol></li>',
    "xhtml": '<li class="comment depth-1" id="comment-1"><div id="div-comment-1" class="comment-body">'
    '<div class="comment-author vcard"><cite class="fn">가온</cite></div>'
    '<div class="comment-meta commentmetadata"><a href="#comment-1">2026년 3월 2일</a></div><p>첫 줄</p>'
    '<div class="reply"><a class="comment-reply-link">응답</a></div></div><ul class="children">{reply}</ul></li>',
    "id on an inner element": '<li class="comment depth-1"><article id="comment-1"><b class="fn">가온</b>'
    '<div class="comment-text"><p>첫 줄</p></div></article><ul class="children">{reply}</ul></li>',
    "flat, by depth": '<div id="li-comment-1" class="comment depth-1"><b class="fn">가온</b>'
    '<div class="comment-content">첫 줄</div></div>{reply}',
    "block theme": '<li id="comment-1" class="comment"><div><div class="wp-block-comment-author-name">가온</div>'
    '<div class="wp-block-comment-content"><p>첫 줄</p></div></div><ol>{reply}</ol></li>',
}
REPLY = (
    '<li id="comment-2" class="comment byuser comment-author-eun bypostauthor depth-2"><b class="fn">은</b>'
    '<div class="comment-content"><p>둘째<br />\n줄</p></div></li>'
)


@pytest.mark.parametrize("form", COMMENTS)
def test_a_thread_is_read_in_every_form_of_its_markup(form: str) -> None:
    thread = f'<ol class="comment-list">{COMMENTS[form].format(reply=REPLY)}</ol>'
    first, reply = read(page(thread)).comments
    assert (first.native_id, first.text, first.parent, first.depth) == ("1", "첫 줄", None, 0)
    assert (reply.native_id, reply.text, reply.parent, reply.depth) == ("2", "둘째\n줄", 0, 1)
    assert first.author
    assert reply.author
    assert (first.author.name, reply.author.name, reply.author.native_id) == ("가온", "은", "eun")
    assert (first.is_post_author, reply.is_post_author) == (False, True)


def test_a_password_form_is_a_gate_and_its_words_leave_the_post() -> None:
    body = wordpress.page(wordpress.ENTRIES[1].path, "")[2]
    url = wordpress.SITE + wordpress.ENTRIES[1].path
    post = read(Visit("urn:uuid:1", 1, url, (capture(url, body.encode()),))).post
    assert (post.title, post.text, post.access) == ("이웃만 보는 글: 장터 후기", None, "gated")
    assert [(each.rule, each.text[:5]) for each in post.removed] == [
        ("wordpress.protected-title", "잠긴 글:"),
        ("wordpress.password-form", "이 콘텐츠"),
    ]


@pytest.mark.parametrize(
    ("heading", "declared"),
    [
        ("18 comments", 18),
        ("1,204 Comments", 1204),
        ("18 responses to “글 30번”", 18),
        ("“글 30번”에 대한 3개의 생각", 3),
        ("One thought on “글”", 1),
        ("댓글", None),
        ("3 of 18", None),
    ],
)
def test_declared_comments_are_the_only_number_of_their_heading(heading: str, declared: int | None) -> None:
    body = f'<h1 class="entry-title">글 30번</h1><h2 class="comments-title">{heading}</h2>'
    assert read(page(body)).post.count("comments") == declared


@given(
    path=st.text("abc-/0189%", max_size=40),
    query=st.text("abcp=&0123?%", max_size=30),
)
def test_an_address_is_an_address_of_itself(path: str, query: str) -> None:
    url = f"https://blog.example/{path}" + (f"?{query}" if query else "")
    parsed = parse_url(url)
    assert parsed is not None
    plain = canonical_url(url)
    assert canonical_url(plain) == plain
    assert canonical_url(f"{parsed.origin}/x/comment-page-3/?replytocom=1#respond") == f"{parsed.origin}/x/"
    assert comment_page(plain) is None or "comment-page" in path


def saved(shared: Path, name: str) -> Iterator[tuple[str, Score]]:
    for case in saved_site(shared / "testbed" / "pages" / name):
        score = Score()
        score.add(ours(case), case.truth)
        yield case.name, score


@pytest.mark.parametrize("name", ["wordpress", "wordpress-block"])
def test_saved_sites_reach_the_goals(shared: Path, name: str) -> None:
    scores = dict(saved(shared, name))
    assert len(scores) == 14
    for case, score in scores.items():
        assert (score.text_f1, score.edge_f1, score.authors) == (1.0, 1.0, score.matched), case


def text_pages(shown: int, of: int = 3, *, pretty: bool = True) -> tuple[str, bytes]:
    """The URL and the markup of one page of a text in several, as core's wp_link_pages writes them."""

    def at(number: int) -> str:
        if number == 1:
            return URL if pretty else "https://blog.example/?p=7"
        return f"{URL}{number}/" if pretty else f"https://blog.example/?p=7&page={number}"

    numbers = "".join(
        f'<span class="post-page-numbers current" aria-current="page">{number}</span> '
        if number == shown
        else f'<a href="{at(number).replace("&", "&amp;")}" class="post-page-numbers">{number}</a> '
        for number in range(1, of + 1)
    )
    head = f'{MARK}<link rel="canonical" href="{at(shown).replace("&", "&amp;")}" />'
    body = (
        f'<article id="post-7"><h1 class="entry-title">긴 글</h1><div class="entry-content"><p>쪽 {shown}의 글.</p>'
        f'<div class="page-links">Pages: {numbers}</div></div></article>'
    )
    text = f'<html lang="ko-KR"><head>{head}</head><body class="single postid-7">{body}</body></html>'
    return at(shown), text.encode()


@pytest.mark.parametrize("pretty", [True, False])
@pytest.mark.parametrize("first", [1, 2])
def test_a_text_in_several_pages_is_read_whole_from_whichever_it_begins(first: int, pretty: bool) -> None:
    served = dict(text_pages(number, pretty=pretty) for number in (1, 2, 3))
    url, body = text_pages(first, pretty=pretty)
    visit = Visit("urn:uuid:1", 1, url, (capture(url, body),))
    asked: list[str] = []
    while wanted := [each.url for each in SITE.next_requests(visit) if each.url not in asked]:
        asked += wanted
        visit = replace(
            visit, captures=visit.captures + tuple(capture(each, served[each]) for each in wanted)
        )
    assert sorted(asked) == sorted(set(served) - {url})
    claim = SITE.identify(visit)
    assert claim is not None
    assert (claim.post_id, claim.url) == ("blog.example:posts-7", text_pages(1, pretty=pretty)[0])
    record = read(visit)
    assert record.post.text == "쪽 1의 글.\n\n쪽 2의 글.\n\n쪽 3의 글."
    assert record.post.access == "full"


def test_a_text_of_which_a_page_is_missing_is_partial() -> None:
    url, body = text_pages(1)
    record = read(Visit("urn:uuid:1", 1, url, (capture(url, body),)))
    assert (record.post.text, record.post.access) == ("쪽 1의 글.", "partial")
    assert "text-pages" in {evidence.kind for evidence in record.post.access_evidence}


@pytest.mark.thorough
def test_pages_of_text_that_lead_back_are_asked_for_once() -> None:
    url, body = text_pages(1, of=120)
    visit = Visit("urn:uuid:1", 1, url, (capture(url, body),))
    wanted = SITE.next_requests(visit)
    assert len(wanted) == 99
    again = replace(visit, captures=visit.captures + tuple(capture(each.url, body) for each in wanted))
    assert SITE.next_requests(again) == ()
