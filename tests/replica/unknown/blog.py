"""A blog that shows a few posts and a link to older ones, has its months in a list, and a calendar without end."""

import re
from typing import Final

from tests.replica.unknown.place import Entry, Place, Topic, day_of, name_of, title_of, words_of

_A_PAGE: Final = 5
_COUNT: Final = 18


def _path(number: int) -> str:
    return f"/{day_of(number)[:7].replace('-', '/')}/{number}-a-day-at-the-{('loom', 'kiln', 'press')[number % 3]}/"


def _page(path: str, query: dict[str, str]) -> str | None:
    if path == "/":
        return _front(int(query.get("before", str(_COUNT + 1))))
    number = next((each for each in range(1, _COUNT + 1) if path == _path(each)), None)
    if number is not None:
        return _post(number)
    month = re.fullmatch(r"/(\d{4})/(\d{2})/", path)
    if month:
        return _month(int(month[1]), int(month[2]))
    return None


def _front(before: int) -> str:
    numbers = [each for each in range(_COUNT, 0, -1) if each < before][:_A_PAGE]
    rows = "".join(
        f'<article class="entry"><h2><a href="{_path(number)}">{title_of(number)}</a></h2><p class="meta"><time datetime="{day_of(number)}">{day_of(number)}</time> by <a href="/by/{number % 6}/">{name_of(number)}</a></p>'
        f'<p>{words_of(number, 0, 2)} <a href="{_path(number)}">Read more</a></p><p><a href="{_path(number)}#comments">{number % 3 + 1} comments</a> <a href="https://share.example/?u={number}">Share</a></p></article>\n'
        for number in numbers
    )
    more = (
        f'<p class="more"><a href="/?before={numbers[-1]}">Load more</a></p>'
        if numbers and numbers[-1] > 1
        else ""
    )
    return _frame("Days at the loom", f"<main>{rows}{more}</main>{_aside(2026, 4)}")


def _month(year: int, month: int) -> str:
    numbers = [each for each in range(_COUNT, 0, -1) if day_of(each).startswith(f"{year}-{month:02}")]
    rows = "".join(
        f'<li><a href="{_path(number)}">{title_of(number)}</a> {day_of(number)}</li>' for number in numbers
    )
    return _frame(
        f"{year}-{month:02}",
        f"<main><h1>{year}-{month:02}</h1><ul>{rows or '<li>Nothing.</li>'}</ul></main>{_aside(year, month)}",
    )


def _aside(year: int, month: int) -> str:
    before = (year - (month == 1), (month - 2) % 12 + 1)
    after = (year + (month == 12), month % 12 + 1)
    months = "".join(f'<li><a href="/2026/{each:02}/">2026-{each:02}</a></li>' for each in (3, 4))
    return (
        f'<div class="widgets"><h3>Months</h3><ul class="archives">{months}</ul><table class="month"><caption><a href="/{before[0]}/{before[1]:02}/">«</a> {year}-{month:02} <a href="/{after[0]}/{after[1]:02}/">»</a></caption><tr>'
        + "".join(f'<td><a href="/{year}/{month:02}/{day:02}/">{day}</a></td>' for day in range(1, 29))
        + "</tr></table></div>"
    )


def _post(number: int) -> str:
    said = "".join(
        f'<li class="comment" id="comment-{number}{at}"><cite class="fn">{name_of(number + at)}</cite> <a href="#comment-{number}{at}"><time datetime="{day_of(number)}T1{at}:00">{day_of(number)} 1{at}:00</time></a><p>{words_of(number, at, 2)}</p>'
        f'<a rel="nofollow" href="{_path(number)}?replytocom={number}{at}#respond">Reply</a></li>'
        for at in range(1, number % 3 + 2)
    )
    beside = " ".join(
        f'<a rel="{rel}" href="{_path(each)}">{title_of(each)}</a>'
        for rel, each in (("prev", number - 1), ("next", number + 1))
        if 1 <= each <= _COUNT
    )
    return _frame(
        title_of(number),
        f'<main><article><h1>{title_of(number)}</h1><p class="meta"><time datetime="{day_of(number)}T09:00">{day_of(number)}</time> by <a href="/by/{number % 6}/">{name_of(number)}</a></p>'
        f"<p>{words_of(number, 0, 5)}</p><p>{words_of(number, 2, 5)}</p></article><nav>{beside}</nav><ol>{said}</ol></main>{_aside(2026, 4)}",
        f'<meta property="og:type" content="article"><link rel="canonical" href="https://days.example{_path(number)}">',
    )


def _frame(title: str, body: str, head: str = "") -> str:
    return f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body><header><a href="/">Days at the loom</a> <a href="/about/">About</a></header>{body}<footer>Written by hand.</footer></body></html>'


def _topic(number: int) -> Topic:
    return Topic(
        title_of(number),
        Entry(
            name_of(number), day_of(number), "09:00", f"{words_of(number, 0, 5)}\n\n{words_of(number, 2, 5)}"
        ),
        tuple(
            Entry(name_of(number + at), day_of(number), f"1{at}:00", words_of(number, at, 2))
            for at in range(1, number % 3 + 2)
        ),
    )


PLACE: Final = Place(
    host="days.example",
    start="/",
    topics={_path(number): _topic(number) for number in range(1, _COUNT + 1)},
    traps=re.compile(r"/by/|replytocom|share|/about/|/\d{4}/\d{2}/(\d{2}/)?$"),
    page=_page,
)
