"""How many comments a page says there are: the heading over them, marked as such by the theme or telling by its words."""

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborNode

from scraper.model.record import Count
from scraper.page.counts import find_count
from scraper.sites.wordpress.fragment import words_of
from scraper.sites.wordpress.screen import Screen

_MARKED: Final = (
    ".wp-block-comments-title",
    ".comments-title",
    "#comments-title",
    "h2#comments",
    "h3#comments",
    ".comments-link",
)
_HEADINGS: Final = "h1, h2, h3, h4, h5, h6, p, legend"
_LONGEST_HEADING: Final = 200
# Where a heading is that of other posts, or of a comment: of lists, and of elements with the number of one.
_ELSEWHERE: Final = frozenset({"li", "nav", "aside", "footer", "blockquote"})
_NUMBERED: Final = re.compile(r"(?!post-)[\w-]*?[a-z]-?\d+", re.IGNORECASE)
_QUOTED: Final = re.compile(r"[“\"«„「].*[”\"»“」]", re.DOTALL)
_ONE: Final = re.compile(r"\b(?:one|ein|eine|un|une|uno|um|uma|een|jeden|один)\b|하나", re.IGNORECASE)
_LABEL: Final = (
    r"댓글|덧글|의견|응답|생각|コメント|(?:条|則|则)?(?:评论|評論|留言|回应|回應)|comments?|responses?|repl(?:y|ies)|thoughts?|kommentare?"
    r"|gedanken?|antwort(?:en)?|commentaires?|réponses?|réflexions?|pensées?|comentarios?|respuestas?|comentários?|respostas?|comment[oi]"
    r"|rispost[ae]|reacties?|комментари\w*|komentarz\w*"
)
_LABELLED: Final = re.compile(
    # The number behind the label: 댓글 3개, Comments (3).
    rf"(?:(?:총|전체|all|total)\s)?(?:{_LABEL})\s?[:：]?\s?[(\[]?(?P<behind>[^()\[\]]{{0,20}}\d[^()\[\]]{{0,20}}?)[)\]]?"
    # Before it: 3 Gedanken zu …, One thought on …, 글에 대한 3개의 생각.
    rf"|(?:.{{0,60}}에\s(?:대한|달린)\s)?(?P<before>.{{0,20}}?(?:\d|one|eine?|une?|uno|uma?|een|하나)[^.!?]{{0,12}}?)\s?(?:개의|件の|の)?\s?(?:{_LABEL})"
    r"(?:\s(?:to|on|about|for|zu|zum|zur|auf|für|sur|à|pour|en|sobre|a|su|per|em|op|к|на|do|“).*|\s*)",
    re.IGNORECASE | re.DOTALL,
)


def declared_comments(screen: Screen, title: str | None, text: str | None) -> Count | None:
    """The number in the heading over the comments, besides those in the post's title; lines of the post's ``text`` are no heading.

    None where there is no such heading, or several of other words that say different numbers.
    """
    marked = words_of(screen.first(*_MARKED))
    if marked is not None:
        return _count(marked, title)
    lines = frozenset((text or "").splitlines())
    headings = (words for words in _headings(screen) if words not in lines)
    counts = {count for words in headings if (count := _labelled(words, title))}
    return counts.pop() if len({count.value for count in counts}) == 1 else None


def _labelled(words: str, title: str | None) -> Count | None:
    plain = _without_titles(words, title)
    return _count(words, title) if _LABELLED.fullmatch(plain) else None


def _count(words: str, title: str | None) -> Count | None:
    plain = _without_titles(words, title)
    return find_count("comments", plain) or (Count("comments", 1, words) if _ONE.search(plain) else None)


def _without_titles(words: str, title: str | None) -> str:
    return _QUOTED.sub("", words.replace(title or words, "")).strip()


def _headings(screen: Screen) -> Iterator[str]:
    """The words of short elements that stand where the heading over comments may."""
    if screen.tree.body is None:
        return
    for node in screen.tree.body.css(_HEADINGS):
        words = words_of(node)
        if words is not None and len(words) <= _LONGEST_HEADING and not _is_elsewhere(node):
            yield words


def _is_elsewhere(node: LexborNode) -> bool:
    around = node.parent
    while around is not None and around.tag != "body":
        if around.tag in _ELSEWHERE or _NUMBERED.fullmatch(around.attributes.get("id") or ""):
            return True
        around = around.parent
    return False
