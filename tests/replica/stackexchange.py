"""A question of a made Stack Exchange over two pages of answers, in our own words."""

from typing import Final

HOST: Final = "stackexchange.example"
QUESTION: Final = "/questions/700/does-rye-need-salt"


def _person(name: str, number: int, label: str = "user") -> str:
    return (
        '<div itemprop="author" itemscope itemtype="https://schema.org/Person">'
        f'<a href="/users/{number}/{name.lower()}" class="{label}"><span itemprop="name">{name}</span></a></div>'
    )


def _comment(number: int, name: str, day: int, words: str) -> str:
    at = f"2024-05-0{day} 10:00:00"
    return (
        f'<li id="comment-{number}" itemprop="comment" itemscope itemtype="https://schema.org/Comment" class="comment js-comment" data-comment-id="{number}">'
        f'<div class="comment-text"><div class="comment-body"><span class="comment-copy" itemprop="text">{words}</span> '
        f'<div class="d-inline-flex">{_person(name, number, "comment-user")}</div><div class="d-none" itemprop="datePublished">{at} +00:00</div>'
        f'<span class="comment-date"><span title="{at}Z, License: CC BY-SA 4.0" class="relativetime-clean">May {day}, 2024 at 10:00</span></span>'
        "</div></div></li>"
    )


def _comments(number: int, comments: str) -> str:
    return (
        f'<div id="comments-{number}" class="comments js-comments-container" data-post-id="{number}">'
        f'<ul class="comments-list js-comments-list" data-remaining-comments-count="0">{comments}</ul></div>'
        f'<div id="comments-link-{number}"><a class="js-add-link comments-link" href="#">Add a comment</a></div>'
    )


def _cell(number: int, name: str, day: int, words: str, votes: int) -> str:
    return (
        f'<div class="votecell"><div itemprop="upvoteCount" class="js-vote-count" data-value="{votes}">{votes}</div></div>'
        f'<div class="postcell"><div class="s-prose js-post-body" itemprop="text"><p>{words}</p></div>'
        f'<div class="user-info"><div class="user-action-time">asked <time itemprop="dateCreated" datetime="2024-05-0{day}T09:00:00">'
        f'<span title="2024-05-0{day} 09:00:00Z" class="relativetime">May {day}, 2024 at 9:00</span></time></div>'
        f'<div class="user-details">{_person(name, number)}</div></div></div>'
    )


def _answer(
    number: int, name: str, day: int, words: str, votes: int, comments: str, *, accepted: bool = False
) -> str:
    role = "acceptedAnswer" if accepted else "suggestedAnswer"
    return (
        f'<div id="answer-{number}" class="answer js-answer" data-answerid="{number}" itemprop="{role}" itemscope itemtype="https://schema.org/Answer">'
        f'{_cell(number, name, day, words, votes)}<link itemprop="url" href="https://{HOST}/a/{number}">{_comments(number, comments)}</div>'
    )


_ASKED: Final = "Every wheat dough of mine has two percent of salt. Does a rye sourdough need that much too, or does the acid do its work?"
_FIRST: Final = _answer(
    801,
    "Ruben",
    2,
    "It needs a little less: one and a half percent, since the acid already slows the enzymes down.",
    12,
    _comment(9002, "Ilse", 3, "That agrees with what my grandmother wrote down.")
    + _comment(9003, "Mara", 3, "Less than that, and the crumb turns out sticky."),
    accepted=True,
) + _answer(802, "Harin", 3, "I leave it out altogether, and nobody has noticed so far in my family.", 3, "")
_SECOND: Final = _answer(
    803,
    "Doyun",
    4,
    "Weigh it for once: a spoon of coarse salt is half of a spoon of fine salt, which explains most failures.",
    0,
    _comment(9004, "Jiho", 5, "It explained mine."),
)


def _page(number: int, answers: str) -> str:
    question = _cell(700, "Jiho", 1, _ASKED, 7)
    links = "".join(
        f'<a class="s-pagination--item" href="{QUESTION}?page={at}&amp;tab=scoredesc#tab-top" title="Go to page {at}">{at}</a>'
        for at in (1, 2)
        if at != number
    )
    return (
        '<!doctype html><html itemscope itemtype="https://schema.org/QAPage" lang="en"><head><title>Does rye need salt? - Loaves</title>'
        f'<link rel="stylesheet" href="https://cdn.sstatic.net/a.css"><link rel="canonical" href="https://{HOST}{QUESTION}"></head>'
        '<body class="question-page unified-theme"><div itemprop="mainEntity" itemscope itemtype="https://schema.org/Question">'
        f'<link itemprop="url" href="https://{HOST}{QUESTION}"><div id="question-header"><h1 itemprop="name">Does rye need salt?</h1></div>'
        f'<div id="question" class="question js-question" data-questionid="700">{question}'
        f"{_comments(700, _comment(9001, 'Mara', 1, 'How sour is it when you bake?'))}</div>"
        '<div id="answers"><div id="answers-header"><h2 data-answercount="3"><span itemprop="answerCount">3</span> Answers</h2></div>'
        f'{answers}</div><div class="pager-answers s-pagination">{links}</div></div></body></html>'
    )


PAGES: Final = {f"{HOST}{QUESTION}": _page(1, _FIRST), f"{HOST}{QUESTION}?page=2": _page(2, _SECOND)}
