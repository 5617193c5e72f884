"""Stack Exchange: questions, their answers thirty a page, and comments under each of them, which are a layer of their own.

The pages show of many comments the first five to ten, say how many more there are, and ask for those by a script under ``/posts/``, which
their robots.txt refuses: what is kept back is counted, and the post is ``partial``. The question stands on every page of its answers.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from scraper.discussion.thread_match import letters
from scraper.model.record import Comment, Person
from scraper.model.url import parse_url
from scraper.page.document import Document
from scraper.sites.board_table import END, Board, topic_form, traps
from scraper.sites.boards import BoardSite, site_of
from scraper.sites.generic import GenericPage

_STACK_EXCHANGE: Final = Board(
    "stackexchange",
    ("sstatic.net", "question-page"),
    (
        'link[href*="sstatic.net"], script[src*="sstatic.net"]',
        "#question[data-questionid], #questions, .question-summary, .s-post-summary",
        "body.question-page, #question-header, #answers-header",
        ".js-post-body, .s-prose.js-post-body, .answercell",
    ),
    (
        topic_form(
            r"questions/(?P<id>\d+)(?P<slug>(?:/(?!\d+(?:[/?]|\Z))[^/?]+)?)" + END, "questions/{id}{slug}"
        ),
        topic_form(r"q/(?P<id>\d+)" + END, "questions/{id}"),
    ),
    traps(
        r"/(?:ask|edit|revisions|flags|timeline)(?=[/?]|\Z)|/posts/\d+/",
        r"/(?:users|search|review|help|election|jobs)(?=[/?]|\Z)|[?&](?:answertab|tab|sort)=",
    ),
    kind="question",
    label="questions",
    has_answers=True,
    has_one_id_space=False,
    page_form="?page={}",
)
_REST: Final = "data-remaining-comments-count"
# The two generations of what asks for more comments: a count on the list, and a button.
_LISTS: Final = f"[{_REST}]"
_BUTTONS: Final = '[id^="follow-ups-container-"] button'
_MORE: Final = re.compile(r"\s*Show (\d{1,6}) more comments?\s*")
_OWNER: Final = '#question .post-signature.owner .user-details a[href*="/users/"]'
_COMMENT: Final = ".comment[data-comment-id]"


class StackExchange(BoardSite):
    """Questions of Stack Exchange."""

    def read_document(self, document: Document) -> GenericPage | None:
        """A page of a question, with how many comments it keeps back; those on the question count on its first page."""
        content = super().read_document(document)
        if content is None:
            return None
        page = content.page
        numbers = dict(_numbers(document))
        comments = tuple(_with_number(comment, numbers) for comment in page.comments)
        owner = _owner(document)
        post = replace(page.post, author=owner) if page.post and owner else page.post
        withheld = _withheld(document, "" if not page.pages.number else ".answer ")
        return replace(content, page=replace(page, post=post, comments=comments, withheld=withheld))


def _numbers(document: Document) -> Iterator[tuple[str, str]]:
    """The ids of comments by the letters that they say."""
    for node in document.tree.css(_COMMENT):
        body, number = node.css_first(".comment-copy"), node.attributes.get("data-comment-id")
        if body is not None and number:
            yield letters(body.text()), number


def _with_number(comment: Comment, numbers: Mapping[str, str]) -> Comment:
    """A comment under its own id, not that of the list which holds it alone."""
    number = numbers.get(letters(comment.text)) if comment.kind == "comment" else None
    return replace(comment, native_id=number) if number else comment


def _owner(document: Document) -> Person | None:
    """Who asked, not who edited."""
    link = document.tree.css_first(_OWNER)
    url = (
        parse_url(document.base.resolve(link.attributes.get("href") or "") or "")
        if link is not None
        else None
    )
    return Person(url.path if url else None, link.text(strip=True)) if link is not None else None


def _withheld(document: Document, part: str) -> int:
    counts = [node.attributes.get(_REST) or "" for node in document.tree.css(part + _LISTS)]
    buttons = (_MORE.fullmatch(node.text()) for node in document.tree.css(part + _BUTTONS))
    counts += [button[1] for button in buttons if button]
    return sum(int(count) for count in counts if count.isdecimal() and len(count) <= 6)


def make_site() -> BoardSite:
    """The adapter, for the registry."""
    return site_of(_STACK_EXCHANGE, StackExchange)
