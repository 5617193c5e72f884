"""Whether the first record of a thread is its post, or answers a text that stands apart."""

from scraper.discussion.discussion_page import DiscussionPage
from scraper.discussion.reader import read_discussion
from scraper.page.document import Document
from tests.fixtures.captures import capture_of

URL = "https://harbour.example/blog/the-ferry-to-the-island"
SENTENCE = (
    "The ferry to the island leaves at seven in the morning, and it waits for nobody, whatever the weather."
)
COMMENTS = "".join(
    f"<li class='comment' id='comment-{number}'><b class='author'>{name}</b> <time datetime='2021-05-0{number}T10:00:00Z'>May {number}</time>"
    f"<p>{text}</p></li>"
    for number, name, text in ((4, "Bo Reed", "I was there and got wet all the same."), (5, "Cy Moor", "Next year I shall come with oars."))
)  # fmt: skip


def _page(paragraphs: int) -> DiscussionPage:
    text = f"<p>{SENTENCE}</p>" * paragraphs
    html = f"<title>The ferry</title><body><main><div class='story'>{text}</div><ul class='comments'>{COMMENTS}</ul></main>"
    page = read_discussion(
        Document(capture_of(html.encode(), URL, ("content-type", "text/html; charset=utf-8")))
    )
    assert page is not None
    return page


def test_a_text_that_outweighs_the_thread_is_the_post_though_no_heading_stands_over_it() -> None:
    page = _page(12)
    assert page.post is not None
    assert page.post.text == "\n\n".join([SENTENCE] * 12)
    assert [comment.author.name for comment in page.comments if comment.author] == ["Bo Reed", "Cy Moor"]
