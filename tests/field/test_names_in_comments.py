"""A commenter's name and a comment's date are never in the comment's text, however a theme marks them."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model.record import Comment
from scraper.sites.wordpress.names import is_date, name_of
from tests.field.blogs import POST, page, read, visit
from tests.sites.visited import make_wordpress

PEOPLE = (
    ("Marta Ilves", "6 months ago"),
    ("Jo Park", "2026년 3월 2일 오전 5:44"),
    ("Ana Sá", "on May 3, 2026 at 5:00 pm"),
)
SAID = (
    "Good catch, and well put.",
    "두 번째 문단이 특히 좋았어요. 벌써 3년 전 이야기네요.",
    "Ana was here too.",
)

# One comment as a theme writes it, with its number, name, date and words.
THEMES = {
    "spans before a block": '<div id="comment-{n}" class="cmt lvl1"><span class="who">{who}</span> <span class="when">{when}</span>'
    '<div class="what"><p>{said}</p></div><div class="acts"><a href="#">좋아요 3</a> <a class="comment-reply-link" href="#">답글</a></div></div>',
    "ids of its own": '<li id="c-{n}" class="response level-1"><div class="who">{who}</div><div class="when">{when}</div>'
    '<div class="what"><p>{said}</p></div></li>',
    "words in what is called the author": '<li class="comment depth-1" id="comment-{n}"><div class="comment-author vcard">'
    '<p>{said}</p><p><cite>Comment by <span class="fn">{who}</span></cite></p></div></li>',
    "the name in the words' own element": '<li class="comment" id="comment-{n}"><div class="comment-text"><p class="meta">'
    '<strong class="woocommerce-review__author">{who}</strong> <span>–</span> <time>{when}</time></p><div class="description"><p>{said}</p></div></div></li>',
    "a head inside the marked words": '<li class="comment" id="comment-{n}"><div class="comment-content"><div class="comment-meta">'
    '<b class="fn">{who}</b> <a href="#">{when}</a></div><p>{said}</p></div></li>',
    "name and date in one line after the words": '<div id="comment-{n}" class="msg"><div class="m">{said}</div><div class="info">'
    '<a href="/u/1">{who}</a>, <time>{when}</time></div></div>',
    "no words of a class at all": '<li id="comment-{n}"><div>{who}</div><div>{when}</div><div>{said}</div></li>',
    "bare paragraphs": '<div id="comment-{n}"><p>{who}</p><p>{when}</p><p>{said}</p></div>',
    "core of old": '<li id="comment-{n}"><cite>{who}</cite> Says: <small class="commentmetadata"><a href="#">{when}</a></small><p>{said}</p></li>',
}


def thread(theme: str, count: int) -> tuple[Comment, ...]:
    cases = zip(PEOPLE, SAID, strict=True)
    items = [
        THEMES[theme].format(n=n, who=who, when=when, said=said)
        for n, ((who, when), said) in enumerate(cases, 5)
    ]
    return read(f"{POST}<h3>Talk</h3><div>{''.join(items[:count])}</div>").comments


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_without_known_classes_is_read_by_its_own_pattern(theme: str) -> None:
    comments = thread(theme, 3)
    assert [comment.text for comment in comments] == list(SAID)
    assert [comment.author and comment.author.name for comment in comments] == [who for who, _ in PEOPLE]


@pytest.mark.parametrize("theme", THEMES)
def test_a_single_comment_gives_its_words_alone_or_none(theme: str) -> None:
    (comment,) = thread(theme, 1)
    assert comment.text in {SAID[0], None}
    assert comment.text or comment.status == "unknown"


def test_a_comment_that_cannot_be_told_apart_has_no_text_and_is_counted() -> None:
    record = read(f'{POST}<div id="comment-5">Marta Ilves thinks that this is a good catch</div>')
    assert [(comment.text, comment.status) for comment in record.comments] == [(None, "unknown")]
    assert record.post.access == "partial"
    assert [each.detail for each in record.post.access_evidence if each.kind == "comments-unread"] == [
        "Comments whose words could not be told from the name and date beside them: 1."
    ]


def test_a_picture_that_stands_for_a_character_is_said() -> None:
    body = THEMES["spans before a block"].format(n=5, who="Marta Ilves", when="6 months ago", said="👍")
    assert [comment.text for comment in read(POST + body).comments] == ["👍"]


def test_words_that_mention_a_date_or_a_name_stay() -> None:
    said = "News of 31.10.2018: it is over.</p><p>12:30"
    body = f'{POST}<li class="comment" id="comment-5"><b class="fn">Ana</b><div class="comment-content"><p>{said}</p></div></li>'
    assert read(body).comments[0].text == "News of 31.10.2018: it is over.\n\n12:30"


def test_a_note_of_another_site_is_no_words_of_anybody() -> None:
    body = '<li class="pingback" id="comment-5"><p>Pingback: <a href="https://o.example/" class="url">Their title</a></p></li>'
    (note,) = read(POST + body).comments
    assert (note.text, note.author and note.author.name, note.status) == (None, "Their title", "present")


AUTHORS = [
    "{} 21. Juni 2019 um 14:07 Uhr - Antworten", "{} says:", "{} dijo:", "{} a dit :", "{} schreibt am 3. Mai 2020 um 10:00",
    "{} on May 3, 2019 at 5:00 pm", "Comment by {}", "{} 님의 댓글:", "{} (Autor)", "{}, 6 months ago", "3. {}", "{} говорит:",
    "{} より:", "{} – 12:30", "{} | 2019-06-21", "{} pisze:", "{} 2019년 6월 21일", "{} disse em 21 de junho de 2019", "{} hace 3 días",
    "{} on Monday, 3rd May 2019 Reply", "by {}", "{} λέει:",
]  # fmt: skip


@pytest.mark.parametrize("said", AUTHORS)
def test_one_person_has_one_name_whatever_stands_around_it(said: str) -> None:
    assert name_of(said.format("Jonas Weiß")) == "Jonas Weiß"


@pytest.mark.parametrize(
    "name",
    [
        "Link",
        "Von Neumann",
        "user2019",
        "Hans Autor",
        "A",
        "Jean-Luc 2019",
        "Smith, Jr.",
        "Reply",
        "Mr. Says",
    ],
)
def test_names_that_look_like_what_stands_around_names_stay(name: str) -> None:
    assert name_of(name) == name


@given(st.text(max_size=60))
def test_a_name_is_the_name_of_itself(said: str) -> None:
    name = name_of(said)
    assert name is None or name_of(name) == name


@pytest.mark.parametrize(
    "words", ["I was there on May 3, 2019 with Ann.", "벌써 3년 전 이야기네요.", "Meet at 12:30?"]
)
def test_a_sentence_with_a_date_is_no_date(words: str) -> None:
    assert not is_date(words)


def test_a_date_in_the_name_is_the_date_of_the_comment() -> None:
    body = '<li class="comment" id="comment-5"><div class="comment-author">Jonas 2019-06-21 14:07 - Antworten</div><div class="comment-content">Hallo.</div></li>'
    (comment,) = read(POST + body).comments
    assert comment.author
    assert (comment.author.name, comment.author.former) == ("Jonas", ("Jonas 2019-06-21 14:07 - Antworten",))
    assert comment.published
    assert comment.published.raw == "2019-06-21 14:07"


def test_ids_of_many_digits_are_ids() -> None:
    body = '<li class="comment depth-1" id="li-comment-1352357008859820661"><article id="comment-1352357008859820661"><cite class="fn">Ann</cite><section class="comment-content"><p>Hello.</p></section></article></li>'
    assert [comment.native_id for comment in read(POST + body).comments] == ["1352357008859820661"]


NAMED_IN_TEXT = ("name-in-text", "body-inside-comment-author", "author-with-date", "19-digit-comment-id")


@pytest.mark.parametrize("name", NAMED_IN_TEXT)
def test_minimal_pages_of_the_field(shared: Path, name: str) -> None:
    markup = (shared / "testbed" / "wordpress-odd" / f"{name}.html").read_text(encoding="utf-8")
    kept = page("", url="https://h.example/p/")
    record = make_wordpress().read(visit(replace(kept, body=markup.encode())))
    (comment,) = record.comments  # type: ignore[union-attr]  # a rejection fails the test
    assert comment.text in {"Good catch.", "The comment words.", "Hallo.", "Hello there."}
    assert comment.author
    assert comment.author.name in {"Marta Ilves", "Ann", "Jonas"}
