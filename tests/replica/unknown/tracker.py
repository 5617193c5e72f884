"""A tracker of tickets: a table with links to sort by each column, filters, exports, and notes below each ticket."""

import re
from typing import Final

from tests.replica.unknown.place import Entry, Place, Topic, day_of, name_of, title_of, words_of

_A_PAGE: Final = 10
_COUNT: Final = 23
_COLUMNS: Final = ("id", "kind", "state", "summary", "owner", "changed")


def _page(path: str, query: dict[str, str]) -> str | None:
    if path == "/tracker/tickets":
        return _list(int(query.get("page", "1")))
    number = path.removeprefix("/tracker/ticket/")
    if number.isdigit() and 1 <= int(number) <= _COUNT:
        return _ticket(int(number))
    return None


def _list(page: int) -> str:
    numbers = list(range(_COUNT, 0, -1))[(page - 1) * _A_PAGE : page * _A_PAGE]
    head = "".join(
        f'<th><a href="/tracker/tickets?order={name}&amp;desc=1&amp;page={page}">{name.title()}</a></th>'
        for name in _COLUMNS
    )
    rows = "".join(
        f'<tr class="prio{number % 3}"><td class="id"><a href="/tracker/ticket/{number}">#{number}</a></td><td>defect</td><td>open</td><td class="summary"><a href="/tracker/ticket/{number}">{title_of(number)}</a></td>'
        f'<td class="owner"><a href="/tracker/tickets?owner={number % 6}">{name_of(number)}</a></td><td class="changed"><a href="/tracker/timeline?from={day_of(number)}" title="{day_of(number)} 10:00">{day_of(number)}</a></td></tr>\n'
        for number in numbers
    )
    last = -(-_COUNT // _A_PAGE)
    pages = " ".join(
        f'<a href="/tracker/tickets?page={each}">{each}</a>' for each in range(1, last + 1) if each != page
    )
    following = (
        f'<link rel="next" href="/tracker/tickets?page={page + 1}" title="Next Page">' if page < last else ""
    )
    return _frame(
        "All tickets",
        f'<h1>All tickets</h1><form id="query"><select name="state"><option>open</option></select></form><div class="paging">{pages}</div><table class="listing tickets"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        '<div id="altlinks">Download in other formats: <a href="/tracker/tickets?format=rss">RSS</a> <a href="/tracker/tickets?format=csv">Comma-delimited</a></div>'
        '<div><a href="/tracker/tickets?state=open">open</a> <a href="/tracker/tickets?state=closed">closed</a> <a href="/tracker/tickets?state=new">new</a> <a href="/tracker/tickets?group=owner">by owner</a></div>',
        following,
    )


def _ticket(number: int) -> str:
    notes = "".join(
        f'<div class="change" id="trac-change-{at}"><h3 class="change"><a class="num" href="#note:{at}">note:{at}</a> Changed <a title="{day_of(number)} 1{at}:00" href="/tracker/timeline?from={day_of(number)}">on {day_of(number)} 1{at}:00</a> by <span class="author">{name_of(number + at)}</span></h3>'
        f'<div class="note"><p>{words_of(number, at, 3)}</p></div><a href="/tracker/ticket/{number}?replyto={at}#note">Reply</a></div>'
        for at in range(1, number % 4 + 2)
    )
    return _frame(
        f"#{number} ({title_of(number)})",
        f'<div id="ctxtnav"><ul><li><a href="/tracker/ticket/{number - 1}">&larr; Previous Ticket</a></li><li><a href="/tracker/ticket/{number + 1}">Next Ticket &rarr;</a></li></ul></div>'
        f'<div id="ticket"><h1>#{number} {title_of(number)}</h1><p>Opened {day_of(number)} 09:00 by <span class="author">{name_of(number)}</span></p><div class="description"><p>{words_of(number, 0, 5)}</p></div></div>'
        f'<h2>Change History</h2><div id="changelog">{notes}</div><p><a href="/tracker/ticket/{number}?format=csv">Comma-delimited</a> <a href="/tracker/newticket?clone={number}">Clone</a></p>',
    )


def _frame(title: str, body: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{title} - Loom works</title>{head}</head><body><div id="banner"><a href="/tracker/">Loom works</a></div><div id="metanav"><ul><li><a href="/tracker/login">Login</a></li><li><a href="/tracker/prefs">Preferences</a></li></ul></div>'
        f'<div id="mainnav"><ul><li><a href="/tracker/wiki">Wiki</a></li><li><a href="/tracker/timeline">Timeline</a></li><li><a href="/tracker/newticket">New Ticket</a></li></ul></div><div id="content">{body}</div></body></html>'
    )


def _topic(number: int) -> Topic:
    return Topic(
        f"#{number} {title_of(number)}",
        Entry(name_of(number), day_of(number), "09:00", words_of(number, 0, 5)),
        tuple(
            Entry(name_of(number + at), day_of(number), f"1{at}:00", words_of(number, at, 3))
            for at in range(1, number % 4 + 2)
        ),
    )


PLACE: Final = Place(
    host="loom.example",
    start="/tracker/tickets",
    topics={f"/tracker/ticket/{number}": _topic(number) for number in range(1, _COUNT + 1)},
    traps=re.compile(r"order=|format=|owner=|state=|group=|timeline|login|prefs|newticket|replyto|/wiki"),
    page=_page,
)
