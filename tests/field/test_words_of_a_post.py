"""A post whose page shows words has them as its text, whatever built the page; and no other block's words."""

import pytest

from tests.field.blogs import read

WORDS = "Der ganze Text des Beitrags steht hier, und zwar in mehr als einem Satz. Er geht noch weiter."
MORE = "Ein zweiter Absatz sagt, was der erste verschwieg, und schließt damit ab."
BODIES = {
    "elementor": '<div class="elementor-widget-theme-post-content"><div class="elementor-widget-container">{}</div></div>',
    "elementor without a template": '<div class="elementor-section"><div class="elementor-widget-container">{}</div></div>',
    "divi": '<div id="et-boc"><div class="et_pb_section"><div class="et_pb_text_inner">{}</div></div></div>',
    "tagdiv": '<div class="td-post-content tagdiv-type">{}</div>',
    "visual composer": '<div class="vc_row"><div class="wpb_text_column"><div class="wpb_wrapper">{}</div></div></div>',
    "a theme of its own": '<div class="story-wrap"><div class="story">{}</div></div>',
    "no element at all": "{}",
}
AROUND = (
    '<header class="site-header"><nav><ul><li><a href="/">Start</a></li><li><a href="/a/">Alle Beiträge dieses Blogs</a></li></ul></nav></header>'
    "{body}"
    '<aside><h2>Neueste</h2><div class="post-content"><p>Ein ganz anderer Beitrag beginnt mit diesen Worten.</p><a href="/o/">Read More</a></div></aside>'
    '<div class="related-posts"><p>Noch ein anderer Beitrag, der empfohlen wird.</p></div><footer><p>Impressum und Datenschutz dieser Seite.</p></footer>'
)


@pytest.mark.parametrize("builder", BODIES)
def test_the_words_are_found_in_what_builders_make(builder: str) -> None:
    body = BODIES[builder].format(f"<p>{WORDS}</p><p>{MORE}</p>")
    post = read(AROUND.format(body=f'<h1 class="entry-title">Titel</h1>{body}')).post
    assert post.text == f"{WORDS}\n\n{MORE}"
    assert post.access == "full"


FACTS = ["글쓴이 준호 · 2025-01-02 · 댓글 3", "By Ann on May 3, 2026", "Ann | 21. Juni 2019 um 14:07 Uhr"]


@pytest.mark.parametrize("facts", FACTS)
def test_the_line_of_who_wrote_it_and_when_is_no_text(facts: str) -> None:
    body = f'<div class="story-wrap"><h2>T</h2><p class="m">{facts}</p><div class="story"><p>{WORDS}</p><p>{MORE}</p></div></div>'
    assert read(AROUND.format(body=body), head="<title>T</title>").post.text == f"{WORDS}\n\n{MORE}"


def test_a_text_found_by_where_most_is_written_says_so() -> None:
    body = BODIES["a theme of its own"].format(f"<p>{WORDS}</p>")
    sources = {each.field: each.confidence for each in read(AROUND.format(body=body)).post.field_sources}
    assert sources["text"] == "inferred"


def test_a_teaser_is_no_text_of_the_post() -> None:
    teaser = '<div class="post-content"><a href="/o/">Read More</a></div>'
    body = f"<h1>T</h1><div class='own'><p>{WORDS}</p></div><div>{teaser}</div>"
    assert read(body).post.text == WORDS


def test_a_post_of_pictures_alone_says_why_it_has_no_text() -> None:
    post = read('<h1 class="entry-title">Bilder</h1><div class="entry-content"><img src="/a.jpg"></div>').post
    assert (post.text, post.access) == (None, "unknown")
    assert ("no-text", "The page shows no words of the post.") in [
        (each.kind, each.detail) for each in post.access_evidence
    ]


def test_links_alone_are_no_text_and_the_record_says_so() -> None:
    links = "".join(f'<div><a href="/{n}/">Ein Verweis auf den Beitrag {n}</a></div>' for n in range(5))
    post = read(f'<h1 class="entry-title">T</h1><div>{links}</div><span>x</span>').post
    assert (post.text, [each.kind for each in post.access_evidence]) == (None, ["no-text"])


LITTLE = [
    "Bin gleich wieder da.",
    '<a href="https://elsewhere.example/">Ein Verweis, weiter nichts</a>',
    "12:30",
]


@pytest.mark.parametrize("said", LITTLE)
def test_a_post_of_a_line_or_a_link_has_it_as_its_text(said: str) -> None:
    post = read(
        AROUND.format(body=f'<h1 class="entry-title">T</h1><div class="entry-content"><p>{said}</p></div>')
    ).post
    assert post.text
    assert post.text in {said, "Ein Verweis, weiter nichts"}


TITLES = [
    ('<div id="logo"><h1><a href="/">Mein Blog</a></h1></div><h2 class="headline"><a href="/p/">Schnee am Morgen</a></h2>', "<title>Schnee am Morgen|Mein Blog</title>"),
    ('<h1 class="site-title">Mein Blog</h1><h2>Schnee am Morgen</h2>', "<title>Schnee am Morgen – Mein Blog</title>"),
    ('<h1><a href="https://blog.example/">Mein Blog</a></h1>', '<meta property="og:title" content="Schnee am Morgen">'),
    ("<h1>Mein Blog</h1><h2>Schnee am Morgen</h2>", '<meta property="og:site_name" content="Mein Blog"><title>Schnee am Morgen – Mein Blog</title>'),
    ('<header><h1><a href="/">Mein Blog</a></h1></header>', "<title>Schnee am Morgen | Mein Blog</title>"),
    ("<h1>Schnee am Morgen</h1>", "<title>Etwas anderes</title>"),
]  # fmt: skip


@pytest.mark.parametrize(("heading", "head"), TITLES)
def test_the_name_of_the_site_is_no_title(heading: str, head: str) -> None:
    assert (
        read(f"{heading}<div class='entry-content'><p>{WORDS}</p></div>", head=head).post.title
        == "Schnee am Morgen"
    )


COMMENT = '<li id="comment-{n}" class="comment {classes}"><b class="fn">Ann</b><div class="comment-content"><p>Wort {n}.</p></div>{inside}</li>'
POST = f'<h1 class="entry-title">T</h1><div class="entry-content"><p>{WORDS}</p></div>'


def test_a_thread_that_cannot_show_replies_has_no_depth() -> None:
    flat = "".join(COMMENT.format(n=n, classes="depth-1", inside="") for n in (1, 2))
    assert [each.depth for each in read(POST + flat).comments] == [None, None]
    answerable = flat + '<script src="/wp-includes/js/comment-reply.min.js"></script>'
    assert [each.depth for each in read(POST + answerable).comments] == [0, 0]
    reply = COMMENT.format(n=2, classes="depth-2", inside="")
    nested = COMMENT.format(n=1, classes="depth-1", inside=f"<ol class='children'>{reply}</ol>")
    assert [each.depth for each in read(POST + nested).comments] == [0, 1]


def test_trash_is_blamed_only_where_a_thread_was_read() -> None:
    heading = '<h2 class="comments-title">5 Kommentare</h2>'
    unread = read(f'{POST}{heading}<div id="comment-5">Ann findet das gut</div>').post
    assert "hidden-replies" not in {each.kind for each in unread.access_evidence}
    none = read(POST + heading).post
    assert (none.access, "hidden-replies" in {each.kind for each in none.access_evidence}) == (
        "partial",
        False,
    )
    some = read(POST + heading + COMMENT.format(n=1, classes="depth-1", inside="")).post
    assert "hidden-replies" in {each.kind for each in some.access_evidence}


BYLINES = [
    '<a rel="author" href="/author/ann/">Ann</a>',
    '<span class="byline"><span class="author">By Ann</span></span>',
]


@pytest.mark.parametrize("byline", BYLINES)
def test_the_author_of_a_post_is_one_person_in_the_comments_too(byline: str) -> None:
    own = COMMENT.format(n=1, classes="bypostauthor comment-author-ann", inside="")
    record = read(f"{byline}{POST}{own}")
    assert record.post.author
    assert record.comments[0].author
    assert (record.post.author.native_id, record.comments[0].author.native_id) == ("ann", "ann")
    assert record.comments[0].is_post_author


def test_somebody_else_is_not_the_author_whatever_a_class_says() -> None:
    own = COMMENT.format(n=1, classes="bypostauthor comment-author-bo", inside="").replace("Ann", "Bo")
    assert read(f"{BYLINES[0]}{POST}{own}").comments[0].is_post_author is None
