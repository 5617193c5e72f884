"""Ghost: what is read of its pages and its API, and what is not asked of it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from scraper.model.capture import Capture, Visit
from scraper.model.record import Record, Rejection
from scraper.page.document import Document
from scraper.page.traps import trap_in
from scraper.sites.ghost import make_site
from scraper.sites.registry import installed_sites
from tests.replica import ghost
from tests.sites.captures import capture, visit
from tests.sites.visited import VisitedSite

SITE = VisitedSite(make_site())
POST_NUMBER = ghost.POST_NUMBER
API = f"{ghost.SITE}/members/api/comments"
COMMENTS = f"{API}/post/{POST_NUMBER}/?limit=100"
GENERATOR = '<meta name="generator" content="Ghost 6.65">'
URL = "https://notes.example/a-letter/"


def saved(name: str, url: str) -> Capture:
    return capture(ghost.file(name), url)


POST = saved("balcony-seedlings.html", ghost.POST)
MEMBERS = saved("seed-exchange.html", ghost.MEMBERS)


def told(number: int, **fields: object) -> dict[str, Any]:
    """A comment as the API tells it; ids are numbers in 24 digits."""
    plain: dict[str, Any] = {
        "id": f"{number:024}",
        "parent_id": None,
        "in_reply_to_id": None,
        "html": f"<p>말 {number}</p>",
        "created_at": "2026-04-11T00:12:00.000Z",
        "member": {"id": f"{900 + number:024}", "name": f"사람 {number}"},
        "replies": [],
        "count": {"replies": 0, "likes": number},
    }
    return plain | fields


def reply(number: int, parent: int, answered: int | None = None, **fields: object) -> dict[str, Any]:
    return told(number, parent_id=f"{parent:024}", in_reply_to_id=answered and f"{answered:024}", **fields)


def answer(
    comments: Sequence[dict[str, Any]], url: str = COMMENTS, *, pages: int = 1, total: int | None = None
) -> Capture:
    count = len(comments) if total is None else total
    return capture({"comments": comments, "meta": {"pagination": {"pages": pages, "total": count}}}, url)


def asked(*captures: Capture) -> list[str]:
    return [request.url for request in SITE.next_requests(visit(*captures))]


def read(*captures: Capture) -> Record:
    record = SITE.read(visit(*captures))
    assert isinstance(record, Record), record
    return record


def shape(record: Record) -> list[tuple[str | None, int | None, int | None]]:
    return [(each.text, each.parent, each.depth) for each in record.comments]


def page(body: str, classes: str = "post-template", head: str = "", url: str = URL) -> Capture:
    markup = (
        f"<html><head>{GENERATOR}{head}<title>편지</title></head><body class='{classes}'>{body}</body></html>"
    )
    return capture(markup, url)


def letter(inside: str) -> str:
    return f"<main><article class='post'><h1>편지</h1><section class='gh-content'>{inside}</section></article></main>"


def test_a_page_is_known_as_its_softwares_and_as_no_others() -> None:
    recognised = installed_sites().recognise(Document(POST))
    assert recognised is not None
    assert recognised[0].name == "ghost"
    assert not SITE.recognises(capture("<p>We left WordPress for Ghost 6.65.</p>", URL))
    assert not SITE.recognises(capture('<script src="/portal.js"></script>', URL))


def test_a_post_is_told_by_its_slug_below_its_folder() -> None:
    claim = SITE.identify(visit(POST))
    assert claim is not None
    assert (claim.post_id, claim.url) == ("moss.example:posts-balcony-seedlings", ghost.POST)
    head = '<script data-ghost="https://notes.example/blog/" data-api="https://notes.example/blog/ghost/api/"></script>'
    below = page(
        letter("<p>편지를 쓴다. 오늘은 비가 왔다.</p>"),
        head=head,
        url="https://notes.example/blog/2026/a-letter/",
    )
    claim = SITE.identify(visit(below))
    assert claim is not None
    assert claim.post_id == "notes.example:blog/posts-a-letter"


def test_the_generic_readers_id_is_a_former_one() -> None:
    generic = installed_sites().named("generic")
    claim = SITE.identify(visit(POST))
    assert claim is not None
    assert generic is not None
    content = generic.read_document(Document(POST))
    assert content is not None
    assert claim.former == (content.claim.post_id,)


@pytest.mark.parametrize(
    "added", ["?ref=moss.example", "#ghost-comments-1", "?action=subscribe&success=true"]
)
def test_what_is_added_to_an_address_is_left_out(added: str) -> None:
    assert make_site().canonical_url(ghost.POST + added) == ghost.POST


def test_comments_are_asked_for_once_and_only_where_the_page_shows_them() -> None:
    assert asked(POST) == [COMMENTS]
    assert asked(POST, answer([told(1)])) == []
    assert asked(MEMBERS) == []
    assert asked(page(letter("<p>편지를 쓴다.</p>"))) == []


def test_a_block_of_comments_beside_a_gate_is_not_asked() -> None:
    gate = '<aside class="gh-post-upgrade-cta"><h2>This post is for paying subscribers only</h2></aside>'
    both = replace(POST, body=POST.body.replace(b"</article>", gate.encode() + b"</article>"))
    assert asked(both) == []
    record = read(both, answer([told(1)]))
    assert (record.post.access, record.comments) == ("partial", ())


def test_comments_of_another_host_are_not_asked_for() -> None:
    elsewhere = replace(POST, body=POST.body.replace(b"https://moss.example/", b"https://other.example/"))
    assert asked(elsewhere) == []


def test_later_pages_and_replies_that_were_left_out_are_asked_for() -> None:
    first = answer([told(1), told(2, count={"replies": 5}, replies=[reply(3, 2)])], pages=2, total=101)
    replies = f"{API}/{2:024}/replies/?limit=100"
    assert asked(POST, first) == [f"{COMMENTS}&page=2", replies]
    second = answer([told(4)], f"{COMMENTS}&page=2", pages=2, total=101)
    below = answer([reply(3, 2), reply(5, 2, 3)], replies)
    assert asked(POST, first, second, below) == []
    record = read(POST, first, second, below)
    assert shape(record) == [
        ("말 1", None, 0),
        ("말 2", None, 0),
        ("말 3", 1, 1),
        ("말 5", 2, 2),
        ("말 4", None, 0),
    ]
    assert (record.post.access, record.post.count("comments")) == ("partial", 106)


def test_pages_that_repeat_are_not_gone_on_with() -> None:
    same = [
        answer([told(1)], COMMENTS if at == 1 else f"{COMMENTS}&page={at}", pages=90, total=90)
        for at in (1, 2)
    ]
    assert asked(POST, *same) == []


def test_a_reply_to_a_reply_that_is_not_shown_answers_the_comment_above() -> None:
    record = read(POST, answer([told(1, count={"replies": 1}, replies=[reply(3, 1, answered=2)])]))
    assert shape(record) == [("말 1", None, 0), ("말 3", 0, 1)]
    assert [each.parent_basis for each in record.comments] == [None, "stated"]


def test_of_a_comment_that_was_removed_only_its_place_is_left() -> None:
    gone = told(1, html=None, status="deleted", count={"replies": 1}, replies=[reply(2, 1)])
    placeholder, child = read(POST, answer([gone])).comments
    assert (placeholder.status, placeholder.text, placeholder.author, placeholder.published) == (
        "placeholder", None, None, None,
    )  # fmt: skip
    assert (child.status, child.parent) == ("present", 0)


def test_comments_are_read_with_their_dates_likes_and_permalinks() -> None:
    edited = told(7, edited_at="2026-04-12T00:00:00.000Z", html="<p>첫 줄</p><p>둘째 &lt;줄&gt;</p>")
    (comment,) = read(POST, answer([edited])).comments
    assert comment.text == "첫 줄\n\n둘째 <줄>"
    assert comment.author
    assert (comment.author.native_id, comment.author.name) == (f"{907:024}", "사람 7")
    assert comment.published
    assert comment.edited
    assert comment.likes
    assert (comment.published.raw, comment.edited.raw, comment.likes.value) == (
        "2026-04-11T00:12:00.000Z", "2026-04-12T00:00:00.000Z", 7,
    )  # fmt: skip
    assert comment.url == f"{ghost.POST}#ghost-comments-{7:024}"


def test_a_post_whose_comments_were_all_had_is_full_and_else_it_is_not() -> None:
    assert read(POST, answer([told(1)])).post.access == "full"
    assert read(POST, answer([])).post.access == "full"
    assert read(POST).post.access == "unknown"
    refused = capture({"errors": [{"message": "no"}]}, COMMENTS, status=404)
    post = read(POST, refused).post
    assert (post.access, post.count("comments")) == ("unknown", None)
    assert post.access_evidence[0].detail == "The API for comments answered with HTTP status 404."


def test_a_preview_is_partial_and_without_one_the_post_is_gated() -> None:
    post = read(MEMBERS).post
    assert (post.text, post.access) == ("이 문단은 누구나 읽는다. 교환할 씨앗은 모두 열두 가지다.", "partial")
    assert [each.rule for each in post.removed] == ["ghost.upgrade-call"]
    preview = "이 문단은 누구나 읽는다. 교환할 씨앗은 모두 열두 가지다."
    bare = replace(MEMBERS, body=MEMBERS.body.replace(f"<p>{preview}</p>".encode(), b""))
    post = read(bare).post
    assert (post.title, post.text, post.access) == ("구독자에게: 씨앗 교환 목록", None, "gated")
    assert post.author
    assert post.author.name == "하늘"


def test_words_of_a_gate_in_a_theme_of_its_own_leave_the_text() -> None:
    gate = "<div class='post-upgrade-cta'><h2>구독자만 읽을 수 있습니다</h2><p>계속 읽으려면 구독하세요.</p></div>"
    post = read(page(letter(f"<p>누구나 읽는 첫 문단이다. 여기까지는 열려 있다.</p>{gate}"))).post
    assert post.text == "누구나 읽는 첫 문단이다. 여기까지는 열려 있다."
    assert [each.text for each in post.removed] == ["구독자만 읽을 수 있습니다 계속 읽으려면 구독하세요."]


def test_the_words_of_a_gate_in_place_of_the_text_are_removed_once() -> None:
    gate = (
        "<aside class='gh-post-upgrade-cta'><div><h2>This post is for paying subscribers only</h2>"
        "<a href='#/portal/signup'>Subscribe now</a></div></aside>"
    )
    post = read(page(letter(gate))).post
    assert (post.text, post.access) == (None, "gated")
    assert [each.rule for each in post.removed] == ["ghost.upgrade-call"]


@pytest.mark.parametrize(
    ("classes", "other"),
    [("home-template", "the front page of a site"), ("tag-template tag-x", "a list of posts")],
)
def test_a_list_is_no_post_and_leads_to_what_it_shows(classes: str, other: str) -> None:
    cards = "".join(
        f"<article class='post tag-x'><a href='/letter-{at}/?ref=home'>편지 {at}</a><a href='/tag/x/'>꼬리표</a></article>"
        for at in (1, 2)
    )
    head = '<link rel="next" href="https://notes.example/page/2/">'
    document = Document(page(cards, classes, head, "https://notes.example/"))
    site = make_site()
    content = site.read_document(document)
    assert content is not None
    assert site.other_than_post(content) == other
    leads = site.leads(content)
    assert leads.posts == ("https://notes.example/letter-1/", "https://notes.example/letter-2/")
    assert leads.following == ("https://notes.example/page/2/",)


def test_sitemaps_of_people_and_tags_are_left_alone_once_one_is_known_as_ghosts() -> None:
    document = Document(
        capture(ghost.file("sitemap.xml"), f"{ghost.SITE}/sitemap.xml", media_type="text/xml")
    )
    assert make_site().root(document) == f"{ghost.SITE}/"
    traps = make_site().traps
    assert trap_in(f"{ghost.SITE}/sitemap-tags.xml", traps) == "sitemap of people or tags"
    assert trap_in(f"{ghost.SITE}/sitemap-authors.xml", traps) == "sitemap of people or tags"
    assert trap_in(f"{ghost.SITE}/sitemap-posts.xml", traps) is None


def test_a_missing_page_is_no_post() -> None:
    missing = replace(POST, status=404)
    assert SITE.identify(visit(missing)) is None
    assert isinstance(SITE.read(visit(missing)), Rejection)


@pytest.mark.parametrize(
    "value", [None, [], {"comments": "none"}, {"comments": [None, 3, {"id": None}], "meta": []}]
)
def test_an_answer_that_is_none_tells_nothing(value: object) -> None:
    odd = capture(json.dumps(value), COMMENTS, media_type="application/json")
    assert read(POST, odd).comments == ()


def test_a_thread_is_read_in_whatever_order_its_captures_lie() -> None:
    first, second = (
        answer([told(1)], pages=2, total=2),
        answer([told(2)], f"{COMMENTS}&page=2", pages=2, total=2),
    )
    there = read(POST, first, second)
    back = SITE.read(Visit("visit-1", 1, ghost.POST, (second, POST, first)))
    assert isinstance(back, Record)
    assert back.comments == there.comments
