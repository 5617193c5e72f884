"""The archive of a mailing list: months, in each an index of threads as nested lists, and one message a page."""

import re
from typing import Final

from tests.replica.unknown.place import Entry, Place, Topic, name_of, title_of, words_of

_MONTHS: Final = ("2026-April", "2026-March", "2026-February")
_THREADS: Final = 7
_REPLIES: Final = 2


def _messages(month: int) -> list[int]:
    first = 100 * (len(_MONTHS) - month)
    return [first + each for each in range(_THREADS * (_REPLIES + 1))]


def _page(path: str, _query: dict[str, str]) -> str | None:
    parts = path.removeprefix("/archives/weavers/").split("/")
    if parts == [""]:
        return _index()
    if len(parts) != 2 or parts[0] not in _MONTHS:
        return None
    month = _MONTHS.index(parts[0])
    if parts[1] in {"thread.html", "subject.html", "author.html", "date.html"}:
        return _threads(month, parts[1])
    numbers = {f"{number:06}.html": number for number in _messages(month)}
    return _message(month, numbers[parts[1]]) if parts[1] in numbers else None


def _index() -> str:
    rows = "".join(
        f'<tr><td>{month.replace("-", " ")}:</td><td><A href="{month}/thread.html">[ Thread ]</a> <A href="{month}/subject.html">[ Subject ]</a> '
        f'<A href="{month}/author.html">[ Author ]</a> <A href="{month}/date.html">[ Date ]</a></td><td><A href="{month}.txt.gz">[ Gzip\'d Text 12 KB ]</a></td></tr>\n'
        for month in _MONTHS
    )
    return (
        "<!DOCTYPE HTML><HTML><HEAD><title>The Weavers Archives</title></HEAD><BODY><h1>The Weavers Archives</h1>"
        '<p>You can get <a href="/listinfo/weavers">more information about this list</a>.</p>'
        f"<table border=3><tr><td>Archive</td><td>View by:</td><td>Downloadable version</td></tr>{rows}</table></BODY></HTML>"
    )


def _threads(month: int, file: str) -> str:
    numbers = _messages(month)
    items = "".join(
        f"<LI>{_link(first)}<UL>{''.join(f'<LI>{_link(first + each)}</LI>' for each in range(1, _REPLIES + 1))}</UL></LI>\n"
        for first in numbers[:: _REPLIES + 1]
    )
    others = " ".join(
        f'<a href="{name}.html#start">[ {name} ]</a>'
        for name in ("thread", "subject", "author", "date")
        if not file.startswith(name)
    )
    return (
        f"<HTML><HEAD><title>The Weavers {_MONTHS[month]} Archive by {file.partition('.')[0]}</title></HEAD><BODY><h1>{_MONTHS[month]} Archives by {file.partition('.')[0]}</h1>"
        f'<ul><li><b>Messages sorted by:</b> {others}<li><b><a href="/listinfo/weavers">More info on this list...</a></b></ul>'
        f"<p><b>Starting:</b> <i>1 of the month</i><br><b>Messages:</b> {len(numbers)}<p><ul>{items}</ul></BODY></HTML>"
    )


def _link(number: int) -> str:
    first = number - number % 100 % (_REPLIES + 1)
    return f'<A HREF="{number:06}.html">[Weavers] {title_of(first)}</A><A NAME="{number}">&nbsp;</A><I>{name_of(number)}</I>'


def _message(month: int, number: int) -> str:
    numbers = _messages(month)
    at = numbers.index(number)
    first = number - number % 100 % (_REPLIES + 1)
    beside = "".join(
        f'<LI>{word} message: <A HREF="{each:06}.html">[Weavers] {title_of(first)}</A></LI>'
        for word, each in (("Previous", number - 1), ("Next", number + 1))
        if each in numbers
    )
    sorted_by = " ".join(
        f'<a href="{name}.html#{number}">[ {name} ]</a>' for name in ("date", "thread", "subject", "author")
    )
    return (
        f'<HTML><HEAD><TITLE>[Weavers] {title_of(first)}</TITLE></HEAD><BODY BGCOLOR="#ffffff"><H1>[Weavers] {title_of(first)}</H1><B>{name_of(number)}</B> '
        f'<A HREF="mailto:weavers%40madang.example?Subject=Re&In-Reply-To=x" TITLE="x">edda at mail.example</A><BR><I>Mon Apr {1 + at:2} 10:1{at % 10}:23 CEST 2026</I><P>'
        f"<UL>{beside}<LI><B>Messages sorted by:</B> {sorted_by}</LI></UL><HR><!--beginarticle--><PRE>{words_of(number, 0, 5)}\n\n{words_of(number, 3, 4)}\n</PRE><!--endarticle--><HR>"
        f'<UL>{beside}</UL><hr><a href="/listinfo/weavers">More information about the Weavers mailing list</a></BODY></HTML>'
    )


def _topic(month: int, number: int) -> Topic:
    at = _messages(month).index(number)
    return Topic(
        f"[Weavers] {title_of(number - number % 100 % (_REPLIES + 1))}",
        Entry(
            name_of(number),
            f"2026-04-{1 + at:02}",
            f"10:1{at % 10}",
            f"{words_of(number, 0, 5)}\n\n{words_of(number, 3, 4)}",
        ),
    )


PLACE: Final = Place(
    host="lists.weavers.example",
    start="/archives/weavers/",
    topics={
        f"/archives/weavers/{month}/{number:06}.html": _topic(at, number)
        for at, month in enumerate(_MONTHS)
        for number in _messages(at)
    },
    traps=re.compile(r"listinfo|\.gz|In-Reply-To"),
    page=_page,
)
