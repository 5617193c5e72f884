"""What a post's pages say of it: the thread, what was deleted and changed, access, numbers, and where all of it was kept."""

from dataclasses import replace
from itertools import pairwise
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.viewer.diff import diff
from scraper.viewer.frame import Frame
from scraper.viewer.post import PostView, post_pages
from scraper.viewer.thread import placed
from tests.dataset.rows import comment, metric, post, revision
from tests.viewer.rows import view_of

ID: Final = "example.org:posts-1"
SEEN: Final = "2023-02-01T10:00:00Z"
GONE: Final = {
    "status": "gone",
    "status_at": SEEN,
    "title": None,
    "text": None,
    "language": None,
    "tags": None,
}


def first_page(view: PostView) -> LexborHTMLParser:
    """The first page of a post."""
    return LexborHTMLParser(Frame("").around(next(post_pages(view))).decode())


def texts(node: LexborHTMLParser | LexborNode, selector: str) -> list[str]:
    """The words of each element that a selector names, spaces as one."""
    return [" ".join(each.text(separator=" ").split()) for each in node.css(selector)]


def test_a_deleted_comment_is_named_as_that_and_keeps_its_place() -> None:
    absent = {"status": "absent", "status_at": SEEN, "text": None, "language": None}
    thread = [
        comment(ID, 0),
        comment(ID, 1, **absent),
        comment(ID, 2, parent_id=f"{ID}#1", parent_basis="nesting", depth=1),
        comment(ID, 3, **absent | {"status": "placeholder"}),
    ]
    page = first_page(view_of(post(ID), thread))
    assert texts(page, ".comment.deleted .badge") == ["deleted", "deleted"]
    absent_told, placeholder_told = texts(page, ".comment .missing")
    assert absent_told.startswith("Deleted: its page did not show it any more")
    assert "2023-02-01 10:00 UTC" in absent_told
    assert "placeholder" in placeholder_told
    assert texts(page, ".comment.d1 .meta") == ["unknown time · in answer to 2. unknown writer"]
    assert "2 declared by the page, 3 kept, 2 deleted." in texts(page, ".thread > .meta")


def test_what_went_with_its_page_is_said_to_be_gone() -> None:
    absent = {"status": "absent", "status_at": SEEN, "text": None, "language": None}
    page = first_page(view_of(post(ID, **GONE), [comment(ID, 0, **absent)]))
    assert texts(page, "h1") == ["A post that is gone"]
    assert texts(page, ".comment .badge") == ["gone"]
    assert "It is gone, as seen 2023-02-01 10:00 UTC." in texts(page, ".post > .missing")


def test_the_last_words_of_what_was_deleted_are_shown_where_the_archive_keeps_them() -> None:
    absent = {"status": "absent", "status_at": SEEN, "text": None, "language": None}
    view = view_of(post(ID), [comment(ID, 0, **absent)], revisions=[revision(f"{ID}#0", 1, "지운 말")])
    assert texts(first_page(view), ".comment details.edits .prose") == ["지운 말"]
    assert not first_page(replace(view, rows=replace(view.rows, revisions=()))).css(".comment details.edits")


def test_each_version_stands_against_the_one_before_with_its_times() -> None:
    versions = [revision(ID, 1, "서버가 한 시간 멈췄다."), revision(ID, 2, "서버가 두 시간 멈췄다.")]
    versions[1]["observed_at"] = "2023-03-01T00:00:00Z"
    page = first_page(view_of(post(ID, revision=2), revisions=versions))
    assert texts(page, ".history .when") == [
        "Text as seen 2023-03-01 00:00 UTC , against 2023-01-02 03:04 UTC"
    ]
    assert texts(page, ".history del") == ["한"]
    assert texts(page, ".history ins") == ["두"]


def test_long_stretches_that_stayed_are_cut_short_and_nothing_else_is_lost() -> None:
    before, after = "처음 " * 300, " 끝" * 300
    shown = diff(f"{before}옛말{after}", f"{before}새말{after}", "ko")
    assert len(shown) < 900
    assert "unchanged characters" in shown
    for one, other in (("", "가"), ("가", ""), ("가나", "가나"), ("日本語", "日本国"), ("a b", "b a")):
        page = LexborHTMLParser(diff(one, other, None))
        pieces = [(node.tag, node.text(deep=False)) for node in page.css("p, ins, del")]
        assert "".join(text for name, text in pieces if name != "ins").replace(" ", "") or not one
        old, new = LexborHTMLParser(diff(one, other, None)), LexborHTMLParser(diff(one, other, None))
        for node in old.css("ins"):
            node.decompose()
        for node in new.css("del"):
            node.decompose()
        assert old.css_first("p").text() == one  # type: ignore[union-attr] # it is there
        assert new.css_first("p").text() == other  # type: ignore[union-attr] # it is there


def test_access_what_was_taken_out_and_numbers_are_told() -> None:
    page = first_page(
        view_of(post(ID), metrics=[metric(ID, SEEN, views=1200), metric(ID, None, views=3, likes=1)])
    )
    words = " ".join(texts(page, "section.about"))
    assert "Shown in part to signed-out readers. fewer-comments : 1 of 2 comments" in words
    assert "sign-up-prompt : 회원가입하고 더 많은 글을 읽어 보세요." in words
    assert texts(page, "#counts ~ .wide tr") == [
        "Seen Views Likes",
        "2023-02-01 10:00 UTC 1,200",
        "unknown time 3 1",
    ]
    assert "https://example.org/그림.png" in words


def test_provenance_leads_down_to_the_record() -> None:
    other = "urn:uuid:00000000-0000-4000-8000-000000000009"
    view = view_of(post(ID), [comment(ID, 0), comment(ID, 1, warc_record_id=other)])
    page = first_page(view)
    rows = texts(page, "#provenance ~ .wide tbody tr")
    assert rows[0] == (
        "2023-01-02 03:04:05 UTC postkeep-1.warc.gz at byte 4,096, 512 bytes "
        f"urn:uuid:00000000-0000-4000-8000-000000000000 sha256:{'0' * 64}"
    )
    assert other in rows[1]
    way = page.css_first(f'.comment a[href="#{page.css("tbody tr")[-1].attributes["id"]}"]')
    assert way is not None
    told = " ".join(texts(page, "#provenance ~ dl"))
    assert "observed on a visit of our own" in told
    assert "example.v1/1" in told


def test_an_answer_is_set_in_below_what_it_answers_only_where_it_stands_there() -> None:
    parents = [None, 0, 1, None, 1, 4]
    rows = [
        comment(ID, at) | {"parent_id": None if parent is None else f"{ID}#{parent}"}
        for at, parent in enumerate(parents)
    ]
    rows += [comment(ID, 6) | {"parent_id": f"{ID}#nowhere"}]
    view = view_of(post(ID), rows)
    assert [each.indent for each in placed(view.rows.comments)] == [0, 1, 2, 0, 0, 1, 0]
    told = texts(first_page(view), ".comment .meta")
    assert told[4] == "unknown time · in answer to 2. unknown writer"
    assert told[6] == "unknown time · in answer to a comment that was not kept"


def test_a_circle_of_answers_is_shown_as_it_stands() -> None:
    rows = [comment(ID, 0) | {"parent_id": f"{ID}#1"}, comment(ID, 1) | {"parent_id": f"{ID}#0"}]
    rows += [comment(ID, 2) | {"parent_id": f"{ID}#2"}]
    assert len(first_page(view_of(post(ID), rows)).css(".comment")) == 3


def test_a_page_that_asked_not_to_be_indexed_is_not_indexed_here_either() -> None:
    for value, is_asked in (
        ("noindex, follow", True),
        ("none", True),
        ("noarchive", False),
        ("index", False),
    ):
        view = view_of(post(ID, rights=[{"signal": "meta robots", "value": value}]))
        assert bool(first_page(view).css('meta[name="robots"]')) is is_asked


def test_dates_are_no_more_exact_than_they_are_known() -> None:
    for precision, shown in (
        ("year", "2022"),
        ("month", "2022-10"),
        ("day", "2022-10-15"),
        ("second", "2022-10-15 20:44 UTC"),
    ):
        view = view_of(post(ID, published_precision=precision))
        assert f" · {shown} · " in texts(first_page(view), ".post > header .meta")[0]
    view = view_of(post(ID, published_at=None, published_precision=None) | {"published_raw": "3일 전"})
    assert "“3일 전”" in texts(first_page(view), ".post > header .meta")[0]


def test_headings_go_down_one_by_one_and_parts_are_named() -> None:
    page = first_page(view_of(post(ID), [comment(ID, 0)], [metric(ID, SEEN, views=1)]))
    levels = [int((node.tag or "h9")[1]) for node in page.css("h1, h2, h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for node in page.css("section"):
        assert page.css(f"#{node.attributes['aria-labelledby']}")
    assert page.css_first("html").attributes["lang"] == "en"  # type: ignore[union-attr] # it is there
    assert [node.attributes["lang"] for node in page.css("h1, .prose")] == ["ko", "ko", "ko"]
    first = page.css_first("body a")
    assert first is not None
    assert (first.text(), first.attributes["href"]) == ("Skip to content", "#main")
