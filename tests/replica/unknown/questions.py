"""A question site: counters beside the titles of its list, tags, tabs, badges, and pages of all people."""

import re
from typing import Final

from tests.replica.unknown.place import Entry, Place, Topic, day_of, name_of, title_of, words_of

_A_PAGE: Final = 10
_COUNT: Final = 24


def _path(number: int) -> str:
    return (
        f"/questions/{1200 + number}/{re.sub(r'[^a-z0-9]+', '-', title_of(number).lower()).strip('-') or 'q'}"
    )


def _page(path: str, query: dict[str, str]) -> str | None:
    if path in {"/", "/questions"}:
        return _list(int(query.get("page", "1")))
    number = next((each for each in range(_COUNT) if path == _path(each)), None)
    if number is not None:
        return _question(number)
    return (
        _frame("Profile", "<h1>Somebody</h1><p>Nothing to see.</p>")
        if path.startswith(("/users", "/tagged"))
        else None
    )


def _list(page: int) -> str:
    numbers = list(range(_COUNT))[::-1][(page - 1) * _A_PAGE : page * _A_PAGE]
    rows = "".join(
        f'<div class="q-item"><div class="q-stats"><div class="votes"><span>{number}</span> votes</div><div class="status"><span>{number % 3}</span> answers</div><div class="views">{number * 31} views</div></div>'
        f'<div class="q-summary"><h3><a href="{_path(number)}" class="q-hyperlink">{title_of(number)}</a></h3><div class="excerpt">{words_of(number, 0, 2)}...</div>'
        f'<div class="tags"><a href="/tagged/repair" rel="tag">repair</a> <a href="/tagged/tools" rel="tag">tools</a></div>'
        f'<div class="who">asked <span title="{day_of(number)} 10:00:00Z">{day_of(number)}</span> <a href="/users/{number % 6}/x">{name_of(number)}</a> <span class="rep">1,{number}30</span></div></div></div>\n'
        for number in numbers
    )
    last = -(-_COUNT // _A_PAGE)
    pager = " ".join(
        f'<span class="current">{each}</span>'
        if each == page
        else f'<a href="/questions?page={each}" title="go to page {each}">{each}</a>'
        for each in range(1, last + 1)
    )
    sizes = " ".join(f'<a href="/questions?pagesize={each}&page=1">{each}</a>' for each in (15, 30, 50))
    tabs = " ".join(
        f'<a href="/questions?tab={each}">{each.title()}</a>'
        for each in ("newest", "active", "unanswered", "votes")
    )
    return _frame(
        "All Questions",
        f'<div class="main"><h1>All Questions</h1><a href="/questions/ask">Ask Question</a><div class="tabs">{tabs}</div><div id="questions">{rows}</div><div class="pager">{pager}</div><div class="page-sizer">{sizes} per page</div></div>'
        '<div class="sidebar"><h4>Hot Network Questions</h4><ul>'
        + "".join(
            f'<li><a href="https://other.example/q/{each}">{title_of(each + 50)}</a></li>'
            for each in range(5)
        )
        + "</ul></div>",
    )


def _question(number: int) -> str:
    answers = "".join(
        f'<div class="answer" id="answer-{number}{at}"><div class="vote"><a href="/vote/{number}{at}/up">up</a><span class="count">{at}</span><a href="/vote/{number}{at}/down">down</a></div>'
        f'<div class="post-text"><p>{words_of(number, at, 3)}</p></div><div class="post-menu"><a href="/a/{number}{at}">share</a> <a href="/posts/{number}{at}/edit">improve this answer</a> <a href="/flags/{number}{at}">flag</a></div>'
        f'<div class="user-info">answered <span title="{day_of(number)} 1{at}:00:00Z">{day_of(number)} 1{at}:00</span> <a href="/users/{at}/x">{name_of(number + at)}</a></div></div>\n'
        for at in range(1, number % 3 + 1)
    )
    related = "".join(
        f'<li><a href="{_path(each)}">{title_of(each)}</a></li>' for each in range(4) if each != number
    )
    return _frame(
        title_of(number),
        f'<div class="main"><h1><a href="{_path(number)}">{title_of(number)}</a></h1><div class="question" id="question"><div class="vote"><a href="/vote/{number}/up">up</a><span class="count">3</span></div>'
        f'<div class="post-text"><p>{words_of(number, 0, 5)}</p></div><div class="tags"><a href="/tagged/repair" rel="tag">repair</a></div><div class="user-info">asked <span title="{day_of(number)} 10:00:00Z">{day_of(number)} 10:00</span> <a href="/users/{number % 6}/x">{name_of(number)}</a></div></div>'
        f'<h2>{number % 3} Answers</h2>{answers}<h2>Your Answer</h2><form><textarea></textarea></form></div><div class="sidebar"><h4>Related</h4><ul>{related}</ul></div>',
        f'<link rel="canonical" href="https://ask.example{_path(number)}">',
    )


def _frame(title: str, body: str, head: str = "") -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} - Ask</title>{head}</head><body><div class="topbar"><a href="/">Ask</a> <a href="/users">Users</a> <a href="/tags">Tags</a> <a href="/badges">Badges</a> <a href="/users/login?returnurl=%2f">Log in</a></div>'
        f'{body}<div class="footer"><a href="/about">About</a> <a href="/help">Help</a></div></body></html>'
    )


def _topic(number: int) -> Topic:
    return Topic(
        title_of(number),
        Entry(name_of(number), day_of(number), "10:00", words_of(number, 0, 5)),
        tuple(
            Entry(name_of(number + at), day_of(number), f"1{at}:00", words_of(number, at, 3))
            for at in range(1, number % 3 + 1)
        ),
    )


PLACE: Final = Place(
    host="ask.example",
    start="/questions",
    topics={_path(number): _topic(number) for number in range(_COUNT)},
    traps=re.compile(r"/users|/tags|/badges|tab=|pagesize|/vote/|/edit|/flags|/ask$|/about|/help"),
    page=_page,
)
